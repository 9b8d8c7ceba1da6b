"""Dutch."""

from __future__ import annotations

from candidates.opt_out_phrases.phrases import Phrases, Vocabulary, few, stop_alone, words

MESSAGES = words(
    "msgs? jobalerts? vacaturemails? vacaturealerts? smsjes communicatie tekstjes sms(?:en|jes|je|ses)? berichten "
    "berichtjes? apps appjes? e?mails? mailtjes whatsapps? whatsappjes meldingen spam"
    " reclame tekstberichten notificaties troep"
)
TEXT = words(
    "app appen sms smsen schrijf mail contacteer benader bericht whatsapp stoor spam text bel_of_app app_of_bel"
)
TO_TEXT = words(
    "contact_(?:te_)?leggen op_de_hoogte_(?:gehouden|houden|te_houden) spammen storen appen (?:te_)?(?:app"
    "|whatsapp|mail|spamm|schrijv|bericht|contacter|benader|stor|aanschrijv|text)en"
    " (?:te_)?sms(?:_?en)? lastig_?(?:te_)?vallen contact_(?:op_te_nemen|opnemen|op_nemen|zoeken)"
    " berichten_(?:te_)?(?:sturen|versturen)"
    " aan_te_schrijven"
)
TEXTED = words(
    "benaderd gecontacteerd geappt lastig_?gevallen gestoord gemaild ge_?smst aangeschreven gebeld_of_geappt"
)
ME = "(?:me|mij|ons|hem|haar|dit nummer)"
MINE = r"(?:me|mij|ons|(?:mijn|mn|dit) (?:\w+ )?(?:nummer|nr|naam|gegevens|contact\w*))"
ONE_LIST = words(
    r"\w*lijst\w* \w*bestand\w* database systeem contacten \w*groep administratie chat mailing adressen\w*"
)
NUMBER = "(?:telefoon|mobiele? )?(?:nummer|nr)"
REMOVED = (
    "(?:te )?(?:halen|verwijderen|schrappen|gooien|wissen|weghalen|weggooien|vergeten|deleten|afhalen|verwijderd"
    "|gehaald|geschrapt)"
)
SOMETHING_ELSE = words(
    "ziek gesprek training planning cursus opleiding kvk rooster voor_(?:morgen|vandaag|overmorgen|maandag"
    "|dinsdag|woensdag|donderdag|vrijdag)"
)

DUTCH = Phrases(
    "nl",
    vocabulary=Vocabulary(
        cease="(?:staak\\w*|staken|kap\\w*|schei uit|stopzetten|onthou\\w*|hou\\w* op met|stop\\w*|beeindig\\w*"
        "|genoeg van|ophouden met|hou op met)",
        write=f"(?:{TO_TEXT}|{TEXTED})",
        written=f"(?:{TEXTED}|(?:jullie|je|u|iemand) {ME} (?:\\w+ )?(?:{TO_TEXT}|{TEXT}))",
        messages=f"(?:{MESSAGES}|bericht|contact)",
        no=r"(?:niemand|niet|nie|nooit|geen|niks|niets)",
        more="(?:meer|langer|weer|nog)",
        want="(?:wil|willen|wens|hoef|hoeven|nodig|behoefte|interesse|zit te wachten op|gevraagd om)",
        allowed=r"(?:geen recht|toestemming|recht|mogen|mag|gemachtigd|toegestaan)",
        tired=r"(?:genoeg van|zat|beu|moe van|klaar met (?:die|deze|jullie|al)|zin (?:meer )?in)",
        off=r"(?:annuleer\w*|annuleren|zet|uitzetten|stopzetten|stoppen|stop|staak|staken|blokkeer\w*|schakel"
        r"|uitschakelen|vermijd)",
        unwanted=r"(?:ongewenste?|niet (?:meer )?(?:gewenst|welkom|gewild)|geen prijs op|niet op prijs)",
        said=r"(?:(?:ik|we) (?:had|heb) (?:toch |al )*gezegd dat|gezegd dat|ik|we) (?:heb |hebben )?(?:al "
        r"|toch |net )*(?:zei|gezegd|gevraagd)(?: om| nee| te)*",
        stop=r"(?:stop|stoppen|te stoppen)",
        receive=r"(?:krijgen|ontvangen|hebben)",
        these=r"(?:dit|deze|dat|zoiets|zulke|die dingen)(?= (?:niet|nooit|soort|meer))",
        to_here=r"(?:naar|op) (?:dit|mijn|mn|deze) (?:\w+ )?(?:nummer|nr|telefoon)",
        to_me=r"(?:me|mij|ons)",
        send=r"(?:stuur|sturen|zend|zenden|toesturen)",
        remove=r"(?:verwijder\w*|wis|wissen|gewist|schrap\w*|geschrapt|haal|halen|gehaald|delete\w*)",
        me=r"(?:me|mij|ons)",
        mine=r"(?:mijn|mn|dit) (?:\w+ )?(?:nummer|nr|gegevens|contact\w*)",
        old=r"(?:oude|vorige|andere|tweede|nieuwe|niet)",
        lists=r"(?:(?:jullie|uw|je|de|deze|die) (?:\w+ )?(?:\w*(?<!wacht)(?<!bezoekers)lijst\w*|bestand\w*"
        r"|database|systeem|contacten|administratie))",
        forbid=r"(?:verbied\w*|weiger\w*|maak bezwaar|bezwaar|nee tegen)",
        other_person=r"(?:app|stuur|bericht|schrijf|contacteer|spam|benader|bel|val|sms)",
        someone_else=r"(?:iemand anders|een ander|anderen)",
        mistaken=r"(?:(?:verkeerde?|foute?) (?:\w+ )?(?:nummer|nr|persoon|contact)|verkeerd verbonden|niet "
        r"(?:meer )?(?:het|mijn|zijn|haar|\w+s) (?:juiste |goede )?(?:\w*nummer|nr)|(?:nummer|nr) is niet "
        r"(?:meer )?van|(?:nummer|nr) (?:is )?(?:nu )?(?:is )?van iemand anders|(?:vergist|vergissen|vergis) "
        r"(?:\w+ ){0,2}(?:in|van) (?:het |de )?(?:nummer|persoon))",
        once_more=r"(?:nog|volgende|een volgend|nog zo|eender) ?(?:(?:1|een|een keer|zon|enkel) )*(?:\w+ "
        r")?(?:sms|bericht\w*|app\w*|keer)",
        consequence=r"(?:blokkeer\w*|meld\w*|aangifte|politie|advocaat|klacht\w*|rapporteer\w*|acm)",
        apart="(?:maar|en|als|dan|voor|na|tot|ik|om|kan|liever)",
    ),
    asks=(
        r"verkeerde? (?:nummer|persoon) ,? ?.*(?:verwijder|wis)\w*",
        r"nummer (?:verwijderen|wissen)(?: nu| direct| meteen)?$",
        r"maak bezwaar",
        r"(?:verwijdering|wissing) van mijn (?:nummer|gegevens)",
        r"aangifte (?:van|tegen|bij)",
        rf"{TEXT} iemand anders",
        r"^niet (?:contacteren|storen|appen|benaderen)$",
        r", niet (?:contacteren|appen|benaderen)$",
        rf"wil (?:van|uit) {few(2)}{ONE_LIST}(?:$| (?:gehaald|verwijderd))",
        r"haal (?:mijn|mn) nummer weg",
        rf"^geen (?:{MESSAGES}|contact)$",
        r"laat (?:me|mij) gerust",
        r"geef geen toestemming",
        r"hier geen toestemming voor",
        r"laatste keer (?:\w+ ){0,4}(?:te )?stoppen",
        r"niet meer nodig om te (?:appen|schrijven|sturen)",
        r"ik meld (?:jullie|je|dit)",
        # stop met appen
        rf"(?:stop\w*|hou\w*|ophouden|kap\w*) {few(2, but='met|om')}(?:met|om) (?:(?:het|mij|me|ons|mn|al|die"
        r"|deze|dat|steeds|jullie|je|van) )*"
        rf"(?:{TO_TEXT}|{MESSAGES}|sturen)",
        rf"(?:stoppen|ophouden) {ME} {few(1)}{TO_TEXT}",
        rf"(?:kom|raak) (?:ik )?{few(1)}van {few(2)}{MESSAGES} af",
        # app me niet meer, willen jullie me niet meer appen
        rf"(?:{TEXT}|stuur) {ME} (?:\w+ )?(?:niet|nie|nooit) (?:meer|weer|langer)",
        rf"{TEXT} {ME} niet$",
        rf"val {ME} (?:\w+ )?(?:niet|nooit) (?:meer|langer|weer) lastig",
        rf"val {ME} niet lastig",
        rf"gebruik (?:mijn|mn|dit) {NUMBER} niet",
        r"(?:nummer|dit) (?:\w+ ){0,3}niet (?:meer|langer) (?:te )?gebruiken",
        rf"niet (?:meer|langer) gebruiken voor {MESSAGES}",
        # stuur me geen berichten meer
        rf"(?:stuur|sturen)(?: jullie)? (?:{ME} )?(?:\w+ )?(?:geen (?:\w+ )?{MESSAGES}|niks meer|niets meer)",
        r"(?:niks|niets) meer (?:van (?:jullie|u|je) )?(?:te )?(?:horen|ontvangen|krijgen|sturen)",
        # haal me van de lijst, mijn nummer verwijderen
        rf"(?:haal|verwijder|schrap|gooi|wis|zet|streep) {MINE} (?:\w+ )?(?:van|uit|af van) {few(3)}{ONE_LIST}",
        rf"{MINE} (?:\w+ )?(?:van|uit) {few(3)}{ONE_LIST} {few(1)}{REMOVED}",
        rf"^(?:van|uit) {few(3)}{ONE_LIST} {few(1)}{REMOVED}",
        rf"van {few(2)}{ONE_LIST} af$",
        rf"(?:haal|schrap|verwijder|gooi) {MINE} (?:er(?:van| van|uit| uit) )?(?:af|eruit|$)",
        rf"(?:verwijder|wis|vergeet|schrap|gooi|delete) (?:mijn|mn|dit) (?:{NUMBER}|gegevens)",
        rf"(?:mijn|mn|dit) (?:{NUMBER}|gegevens) {few(4, but='oude|nieuwe')}{REMOVED}",
        rf"laat {ME} (?:\w+ ){{0,3}}met rust",
        rf"{ME} (?:\w+ )?met rust (?:te )?laten",
        rf"schrijf {ME} (?:\w+ )?uit",
        r"(?:schrijf|meld) ik (?:me|mij) (?:uit|af)",
        r"uitschrijven",
        r"uit te schrijven",
        r"uitschrijving",
        r"uitgeschreven",
        r"afmelden",
        r"af te melden",
        r"afmelding",
        rf"meld {ME} (?:\w+ )?af",
        r"^(?:verwijder|schrap) (?:me|mij)$",
        r"afgemeld worden",
        r"(?:verwijderd|geschrapt) (?:te )?worden",
        # toestemming
        r"trek\w* (?:\w+ ){0,3}toestemming",
        r"toestemming (?:\w+ ){0,3}(?:intrekken|in te trekken)",
        r"(?:nooit|geen|zonder) (?:\w+ )?toestemming (?:\w+ ){0,4}(?:gegeven|gevraagd|om (?:me|mij)|voor"
        rf" {MESSAGES})",
        rf"{MESSAGES} (?:hoef|wil|wens) ik (?:niet|geen)",
        r"nummer .*(?:verwijder|wis) (?:het|dat|die)$",
        r"(?:blokkeer|rapporteer) (?:ik )?(?:jullie|je|dit nummer|u)",
        r"(?:jullie|je|u|dit nummer|nummer) (?:\w+ )?(?:blokkeren|rapporteren)",
        r"(?:^|nee |bedankt |en |, |gelieve |graag )(?:niets|niks|nix|niet|nooit) (?:meer )?(?:sturen|zenden"
        r"|berichten|contacteren|appen|smsen|mailen|storen)$",
        r"(?:haal|verwijder|schrap|wis|gooi) (?:mijn|mn|dit|deze|m n) (?:\w+ )?(?:nummer|nr|naam|gegevens"
        r"|contact\w*)",
        r"(?:ik|we) (?:\w+ )?(?:wil|wens|hoef) (?:\w+ ){0,3}(?:niets?|nix|niks|geen) (?:\w+ ){0,3}(?:van "
        r"(?:jullie|u|je|dit bedrijf)|horen)",
        rf"hoe (?:kom|kan|kun|raak|stop|zeg) (?:ik|je) (?:\w+ ){{0,4}}(?:{MESSAGES}|lijst|deze|die|jullie) "
        rf"(?:\w+ ){{0,2}}(?:af|afmelden|uitschrijven|stoppen|stopzetten|opzeggen)",
        r"voor de laatste keer",
        r"(?:nooit|niet) (?:\w+ ){0,2}om (?:gevraagd|gevraagt|verzocht)",
        r"(?:fijn|prettig|graag|leuk|blij|waarderen|op prijs) (?:\w+ ){0,2}(?:als|dat|indien) (?:jullie|je"
        r"|u) (?:\w+ ){0,2}(?:niet|niets|geen|stopt|stoppen|ophoudt|ophouden) ?(?:\w+ ){0,4}(?:meer"
        r"|berichten|stoppen|contacteren|appen|met)",
        r"(?:benaderd|gecontacteerd|aangeschreven|lastig gevallen|gebeld) (?:te )?worden (?:\w+ )?(?:niet"
        r"|nooit)|(?:niet|nooit) (?:meer|langer) (?:\w+ ){0,3}(?:benaderd|gecontacteerd|aangeschreven"
        r"|geappt) (?:te )?(?:worden)?",
        rf"(?:hou|houd|houden|kap|kappen|stop|stoppen|schei) (?:nu |nou |eens |toch |er |ns |onmiddellijk "
        rf")*(?:op |uit |mee )?(?:met|om) (?:\w+ ){{0,3}}(?:{TO_TEXT}|{MESSAGES}|gespam|spammen|lastig)",
        rf"(?:{ME}|mn nummer|dit nummer) (?:\w+ ){{0,2}}(?:niet|nooit) (?:meer |langer )(?:\w+ "
        rf"){{0,2}}(?:{TEXT}|{TO_TEXT}|sturen|gebruiken|berichten|contacteren)",
        rf"(?:haal|krijg|wil|kan|kunnen|mag|graag|zet|schrap) (?:[\w,]+ ){{0,5}}(?:van|uit) (?:die|de|deze"
        rf"|jullie|uw|je) (?:\w+ )?{ONE_LIST} (?:\w+ ){{0,2}}(?:af|afhalen|gehaald|halen|verwijderen|eraf"
        rf"|schrappen)",
        r"(?:wis|verwijder|schrap|delete)\w* (?:\w+ ){0,2}(?:mijn|mn|dit) (?:\w+ )?(?:nummer|nr|gegevens)"
        r"|(?:mijn|mn|dit) (?:mobiele |telefoon )?(?:nummer|nr) (?:\w+ ){0,3}(?:wissen|verwijderen|schrappen"
        r"|deleten)",
        rf"{ME} (?:\w+ ){{0,3}}met rust (?:te )?laten",
        r"(?:dit|dat|het) is (?:\w+ )?(?:spam|stalking|lastigvallen|intimidatie)",
        r"(?:het is|nu is het|is het) (?:nu |nou |wel )*genoeg(?: geweest| zo| nu)*$|^genoeg(?: nu| zo| "
        r"geweest)*$|(?:ben|word) (?:het|dit|jullie) (?:\w+ )?(?:zat|beu|moe)",
        r"vergeet (?:me|mij)(?: maar)?$|vergeet (?:mijn|mn|dit) (?:nummer|nr)",
        r"(?:ik ga|ga) (?:jullie|je|dit nummer|u) (?:\w+ )?(?:blokkeren|rapporteren|melden)",
        r"(?:geen|niet) (?:enkel )?(?:contact|berichten?) (?:meer )?(?:opnemen|gewenst|zoeken|nodig)",
        r"hoe kom ik van (?:jullie|die|deze|de|uw) (?:\w*lijst|berichten|sms\w*|appjes)(?: af)?$",
        r"hoe (?:schrijf|meld) ik (?:me|mij) (?:uit|af)",
        rf"laat (?:\w+ )?zitten met (?:\w+ ){{0,2}}{MESSAGES}",
        r"(?:rot|donder|flikker|sodemieter|pleur) (?:nou |toch |eens )*op$|opgerot|val dood|hou (?:je|jullie) "
        r"(?:bek|mond)",
        rf"(?:zorg\w*|maak) (?:\w+ ){{0,2}}(?:dat|ervoor dat|er voor dat) (?:[\w,]+ ){{0,5}}(?:geen|niet|niets"
        rf"|nooit) (?:\w+ ){{0,4}}(?:{MESSAGES}|{TEXTED}|{TO_TEXT}|meer (?:krijg|ontvang)\w*)",
        r"(?:nooit|niet|nergens) (?:\w+ ){0,2}(?:aangemeld|ingeschreven|geabonneerd)(?:$| ,| voor (?:dit|deze"
        r"|jullie))",
        r"hou\w* (?:er ?mee|daarmee|hiermee) (?:nu |eens )?op",
        rf"(?:verder|voortaan) geen {MESSAGES}",
        stop_alone(
            stop=r"(?:stop|stoppen|afmelden|uitschrijven|kap ermee|hou (?:nu |nou |eens |toch |daarmee )*op)",
            now=words("nu hier mee ermee hiermee maar alles direct meteen sms onmiddellijk aan"),
            reasons=words(
                "(?:ik_heb_)?geen_interesse verkeerd_nummer nee hallo niet_geinteresseerd verkeerde"
                " (?:ik_)?heb_al_(?:werk|een_baan) nee_gezegd"
            ),
        ),
    ),
    unless=(
        r"uit de (?:\w*dienst|planning)",
        r"(?:zullen|laten|kunnen|moeten) we",
        r"nieuwsbrief",
        r"(?:nummer|persoon|chat) (?:\w+ ){0,2}(?:ingevuld|opgegeven|doorgegeven|gegeven|ingetypt|gestuurd)",
        r"oude (?:nummer|telefoon|toestel|06)",
        r"binnen(?:komen)?",
        r"(?:niet|nooit|kan|kon) (?:\w+ )?(?:stop\w*|ophouden)",
        r"stop\w* niet",
        r"waarom",
        r"(?:krijg|kreeg|ontvang|hoor) (?:ik|je|jullie|we)",
        r"ik (?:krijg|kreeg|ontvang|kan|kon|mag|zal|ga)(?! (?:jullie|je|u|dit nummer) (?:\w+ )?(?:blokk|rapp"
        r"|meld)\w*)",
        r"ik heb (?!(?:hier )?nooit|(?:hier )?geen toestemming|geen behoefte|geen zin|geen interesse|niet om)"
        r"(?:\w+ )?(?:geen|niks|niets|niet)",
        r"(?:hebben|heb) (?:jullie|je) (?:\w+ ){0,3}(?:verwijderd|gewist)",
        r"(?:jullie|je) (?:appen|sturen|schrijven) (?:me|mij)",
        r"oude? (?:\w+ )?(?:nummer|06)",
        r"nieuwe (?:nummer|is)",
        SOMETHING_ELSE,
        r"(?:afmelden|uitschrijven|melden|schrijven) voor (?!(?:deze |die |de |jullie |alle |dit |dat"
        rf" )*(?:{MESSAGES}|sms\w*|dienst$)).*",
        r"wil (?:je|jullie|u) (?:\w+ )?niet(?! meer)",
        r"heb (?:je|jullie|u) (?:\w+ ){0,4}(?:gekregen|ontvangen|gezien)",
        r"bezoekerslijst",
        r"wachtlijst",
        r"(?:haal|schrap|verwijder) (?:me|mij|mijn nummer) niet",
        r"haha",
        r"gehad",
        r"uwv",
        r"(?:voor|na) \d\w*",
    ),
    known_by="alsjeblieft alstublieft ik me mij jullie geen niet meer van met aub bedankt mijn nummer het een je uit"
    " graag de die dit is alle",
    my_number=r"(?:mijn|mn|dit|deze|m n) (?:\w+ )?(?:nummer|nr|gegevens|contact\w*)",
    remove_it=r"(?:\w+ ){0,2}gebruik (?:het|dit|die|m) (?:niet|nooit)(?: meer)?|(?:(?:meteen|direct|en|nu"
    r"|onmiddellijk|het|die|dat) )*(?:verwijder\w*|wis\w*|schrap\w*|weghalen|haal weg|delete\w*)(?: (?:het|dat"
    r"|die|dit|alles))?(?: (?:meteen|direct|nu|onmiddellijk))*",
)
