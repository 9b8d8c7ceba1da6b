"""Swedish."""

from __future__ import annotations

from candidates.opt_out_phrases.phrases import Phrases, Vocabulary, few, stop_alone, words

MESSAGES = words(
    "jobbtips jobbannonser jobbmejl \\w*smsande\\w* messande\\w* spammande\\w* jobberbjudanden? sms(?:en|et"
    "|andet)? meddelanden?a? mess(?:en)? mejl mail utskick(?:en)? notiser reklam(?:en)? spam skrap(?:post)?"
    " textmeddelanden?a? whatsapps?"
)
TEXT = words(
    "smsa sms kontakta messa skriv(?:a)? mejla maila stora?_mig texta hora?_av spamma trakassera tjata_pa besvara"
    " ringa?_eller_smsa? smsar kontaktar skriver hora?_av_(?:er|dig) ringa_eller_smsa"
)
ME = "(?:mig|mej|oss|till mig|till oss|detta nummer|det har numret)"
NOT = "(?:inte|ej|aldrig|icke)"
MORE = words("mer mera igen langre fler i_framtiden nagot_mer nagonsin")
ONE_LIST = words(
    r"\w*list\w* \w*register\w* \w*databas\w* \w*utskick\w* \w*system\w* kontakt\w* adressbok\w* registret"
    r" \w*grupp\w* chatt\w*"
)
NUMBER = "(?:telefon|mobil)?(?:nummer|nr|numret)"
REMOVE = words(
    "stryka avlagsna plocka_bort ta_bort radera stryk plocka_bort avlagsna glom slang tas_bort raderas "
    "bort_med avregistrera"
)
ABOUT_HOURS = words(
    "fore efter innan nar pa_(?:kvallen|natten|helgen|jobbet|kvallar\\w*|natter\\w*) mellan idag imorgon an"
    " forran under medan"
)

SWEDISH = Phrases(
    "sv",
    vocabulary=Vocabulary(
        cease="(?:lagga? ner|slopa|avbryt|avsta fran|upphora? med|skippa|sluta|slutar|slutade|upphor|avsluta"
        "|stoppa|nog med|lagg av|slut pa)",
        write=f"(?:{TEXT}|kontaktad|besvarad)",
        written="(?:kontaktad|besvarad|stord|smsad)",
        messages=f"(?:{MESSAGES}|meddelandena|kontakt)",
        no="(?:inte|aldrig|ej|inga|inget|ingen|ingenting|icke)",
        more="(?:mer|mera|igen|langre|fler|nagonsin)",
        want="(?:vill|onskar|behover|orkar|intresserad av|bett om)",
        allowed=r"(?:tillatelse|ratt|lov|ni far|tillatet|godkant|samtycke)",
        tired=r"(?:trott pa|less pa|nog av|fatt nog av)",
        off=r"(?:stang av|stanga av|stoppa|avbryt|blockera|lat bli|avsta fran)",
        unwanted=r"(?:oonskade?|inte (?:\w+ )?(?:valkomna|onskade|valkommet|onskvarda))",
        said=r"(?:jag (?:trodde )?(?:jag )?sa(?: at er)?|jag|vi) (?:har )?(?:redan |ju )*(?:sa|sagt|bett "
        r"er)(?: nej| att| at er)*",
        stop=r"(?:stopp?|sluta)",
        receive=r"(?:fa|ta emot|ha|far)",
        these=r"(?:det har|detta|sant har|sant|de har|dem)(?= (?:mer|langre|igen|mera)|$| ,)",
        to_here=r"(?:till|pa) (?:det har|detta|mitt|den har) (?:\w+ )?(?:numret|nummer|telefonen)",
        to_me=r"(?:mig|mej|oss)",
        send=r"(?:skicka|skickar)",
        remove=r"(?:ta bort|radera\w*|stryka?|struken|tas bort|borttag\w*|avlagsna\w*|plocka bort|plockas bort)",
        me=r"(?:mig|mej|oss)",
        mine=r"(?:mitt|min|mina|detta|det har) (?:\w+ )?(?:nummer|nr|numret|mobil|telefon|kontakt"
        r"|kontaktuppgifter|telefonnummer|uppgifter)",
        old=r"(?:gamla|forra|andra|nya|inte)",
        lists=r"(?:(?:er|era|ert|din|den|den har|ditt) (?:\w+ )?(?:lista\w*|register\w*|databas\w*|system\w*"
        r"|kontakter|utskickslista\w*))",
        forbid=r"(?:forbjuder|motsatter mig|undanber mig|avbojer|vagrar|nej till|avsager mig)",
        other_person=r"(?:skriv|smsa|messa|kontakta|stor|spamma|trakassera)",
        someone_else=r"(?:(?:nagon|nan|ngn) annan|andra)",
        mistaken=r"(?:(?:nummer|numret|nr) ar inte (?:langre )?\w+s(?: langre)?(?:$| ,)|fel (?:nummer|nr|person"
        r"|mottagare|telefon)|ar (?:\w+ )?(?:inte|ej) (?:langre )?(?:\w+s|mitt|ratt|hans|hennes) (?:nummer|nr"
        r"|telefon\w*|mobil\w*)|(?:nummer|numret|nr) (?:\w+ )?(?:tillhor|tillhorde|ags av|har bytt)"
        r"|(?:forvaxl\w*|blandat ihop|blandar ihop|forvaxlar) (?:mig|mej|nummer\w*))",
        once_more=r"(?:ett|en|annu ett|nasta|ett enda|en gang|1) (?:\w+ )?(?:sms|meddelande|mess|gang|till)(?: "
        r"till)?",
        consequence=r"(?:anmal\w*|polisanmal\w*|blockera\w*|polisen|advokat|imy|anmalan|rapportera\w*)",
        apart="(?:men|och|om|nar|jag|an|innan|fore|efter|kan|missa)",
    ),
    asks=(
        r"fel (?:nummer|person) ,? ?.*(?:ta bort|radera|stryk)",
        r"(?:bort|av|ur) (?:fran )?(?:den har|er|den) \w*lista\w*",
        r"motsatter mig",
        r"mitt nummer raderas",
        r"polisanmaler",
        r"sista gangen (?:\w+ ){0,4}sluta",
        r"skriv till nagon annan",
        r"(?:^|, )(?:kontakta inte|stor ej|stor inte)$",
        r"vill (?:\w+ )?(?:av|bort fran) (?:den |er |era )?(?:list\w*)",
        r"samtycker inte",
        rf"lat bli att (?:\w+ )?{TEXT}",
        r"inga (?:jobberbjudanden|jobb|annonser) per sms",
        r"(?:stoppa|sluta med) (?:spammet|spammandet)",
        # sluta sms:a mig
        rf"(?:sluta|upphor|upphora|lagg av|undvik) (?:\w+ )?(?:med )?(?:att )?{TEXT}",
        rf"(?:sluta|upphor) (?:\w+ )?(?:med )?(?:att )?skicka {few(3)}(?:{MESSAGES}|saker|sant|detta|det har|$)",
        rf"(?:bli|blir jag|blir) av med {few(3)}{MESSAGES}",
        rf"hur stoppar jag {few(2)}{MESSAGES}",
        r"(?:sluta|upphor) (?:nu )?(?:med )?tjata(?:$| ,)",
        rf"(?:slutar|sluta) jag (?:fa|ta emot) {few(3)}{MESSAGES}",
        rf"(?:slipper|slippa) (?:jag )?(?:fa )?{few(2)}{MESSAGES}",
        # kontakta mig inte igen, ni behöver inte sms:a mig mer
        rf"{TEXT} (?:{ME} )?{NOT}(?: av er| av dig)?(?: till mig)? {MORE}",
        rf"hor {NOT} av (?:er|dig)(?: till mig)?(?: {MORE}|$)",
        rf"(?:kontakta|smsa|messa|^stor) {ME} {NOT}(?:$| ,)",
        rf"skicka (?:mig )?(?:inget|ingenting|{NOT}) (?:mer|igen)",
        r"skicka inga fler$",
        r"^sluta skicka$",
        r"vill (?:inte|ej) (?:fa|ha) (?:nagra )?fler$",
        rf"anvand {NOT} (?:mitt|det har) {NUMBER}",
        # inga fler sms
        rf"^inga {MESSAGES}$",
        r"ingen (?:mer |ytterligare )?kontakt",
        rf"nej till {few(2)}{MESSAGES}",
        rf"vill (?:\w+ )?{NOT} att (?:ni|du|nagon) (?:\w+ )?(?:{TEXT}|skickar|ringer eller smsar)",
        r"vill (?:\w+ )?(?:inte|aldrig|ej) (?:langre |mer )?hora (?:\w+ ){0,2}(?:fran|av) er",
        r"(?:undanber|avbojer|avsager) (?:\w+ )*(?:sms|utskick|meddelanden|kontakt)",
        # ta bort mig från listan
        rf"{REMOVE} (?:numret|(?:mitt|det har|detta) (?:{NUMBER}|namn))",
        rf"{REMOVE} mina (?:kontakt)?uppgifter",
        rf"{REMOVE} (?:mig|mej) (?:\w+ )?(?:fran|ur) {few(2)}{ONE_LIST}",
        rf"{REMOVE} (?:mig|mej)$",
        rf"(?:bli|blir|vara) (?:borttagen|struken|raderad|avregistrerad)(?:$| (?:fran|ur) {few(2)}{ONE_LIST})",
        r"avregistrerar (?:jag|man) (?:mig|sig)",
        r"avregistrera(?: mig| mitt nummer|$)",
        r"avregistrering",
        r"avprenumerera",
        r"avanmal\w* mig",
        r"avregistreras",
        rf"(?:avsluta|avslutar jag) {few(3)}(?:prenumeration\w*|{MESSAGES})",
        r"(?:lamna|lat) (?:mig|oss) (?!inte)(?:\w+ )?(?:vara|ifred|i fred|ensam)(?: ifred| i fred)?",
        r"vara (?:ifred|i fred)",
        # samtycke
        r"(?:aterkalla|dra|ta)\w* (?:\w+ )?(?:tillbaka )?(?:mitt )?(?:samtycke|godkannande|tillatelse)(?: tillbaka)?",
        r"(?:blockerar|anmaler|blockera|anmala) (?:jag )?(?:er|dig|numret|det har numret)",
        r"(?:nummer|numret|nr|uppgifter|det har) (?:[\w,]+ ){0,5}(?:radera|ta bort|stryk|slang|plocka bort) "
        r"(?:det|numret|dem|den)(?:$| ,)",
        rf"(?:kan|kunde|skulle|maste|vill|bor|far) (?:ni|du|nan|nagon|man) (?:\w+ ){{0,2}}(?:sluta|slutar|lata "
        rf"bli|upphora) (?:\w+ ){{0,3}}(?:{TEXT}|skicka|hit|hora|{MESSAGES}|$)",
        r"(?:^|men |nej |, |snalla )(?:sluta|lagg av|ge er|ge dig) (?:nu|genast|for fan|da|for helvete)(?:$| ,)",
        r"(?:nu racker det|det racker(?: nu)?|racker nu|nog nu|far vara nog)(?:$| ,)",
        rf"(?:behover|slipper|ska|skall|far|kan) (?:ni |du )?(?:inte|ej|sluta) (?:\w+ )?(?:{TEXT}|hora av (?:er"
        rf"|dig)|kontakta|skicka) (?:\w+ ){{0,3}}(?:mer|igen|langre|fler|nagot)",
        r"(?:lat|lamna) (?:mig|oss) (?:va|vara|ensam|i fred|ifred)",
        r"(?:inte|aldrig) (?:ha|haft|lamnat ut|gett (?:er|dig)|fatt) mitt (?:nummer|nr)|ha (?:inte )?mitt "
        r"(?:nummer|nr)",
        rf"(?:aldrig|inte) (?:godkant|tillatit|sagt ja till|bett om|anmalt mig) (?:\w+ ){{0,4}}(?:{MESSAGES}"
        rf"|{TEXT}|messar|smsar|skriver|kontaktar|det har|detta)",
        r"(?:plocka|ta|stryk|radera|slang|avlagsna)\w* (?:bort )?(?:mitt (?:nummer|nr)|mina \w*uppgifter) "
        r"(?:\w+ )?(?:fran|ur|pa|omgaende|nu|genast|direkt|$)",
        r"(?:vill|onskar|onskas) (?:\w+ )?(?:inte|ej|aldrig) (?:\w+ )?(?:bli |vara |langre |mer )*(?:kontaktad"
        r"|stord|smsad|storas|kontaktas)",
        rf"(?:avsluta|stoppa|stang av|avbryt|sluta med) (?:alla |era |de |dessa )*(?:{MESSAGES}|utskicken|kontakten)",
        r"undanber (?:mig|oss)",
        rf"(?:trott|less|led|ut(?:led|trakad)) (?:\w+ )?pa (?:alla |era |dessa |de har )*(?:{MESSAGES}|er)",
        r"(?:det har|detta|det) ar (?:\w+ )?(?:spam|trakasserier|ofredande)",
        r"glom (?:mig|mitt nummer|bort mig)",
        rf"hur (?:stoppar|avslutar|avregistrerar|slipper|avsagar|far) (?:jag|man) (?:mig |stopp pa )?(?:\w+ "
        rf"){{0,3}}(?:{MESSAGES}|detta|det har|er|utskicken|$)",
        r"hur (?:avslutar|avregistrerar|avanmaler|stoppar) (?:jag|man)(?: mig)?(?: det har| detta| det)?$",
        rf"sluta (?:\w+ )?(?:fraga|tjata|skicka (?:{MESSAGES}|sant|sana))",
        r"(?:dra|far|ga|stick) at helvete|hall (?:kaften|tyst|truten)|^stick$|fuck off",
        rf"(?:se|sag) till (?:sa )?att (?:[\w,]+ ){{0,5}}(?:inte|inga|aldrig|slipper) (?:\w+ "
        rf"){{0,4}}(?:{MESSAGES}|{TEXT}|kontaktad|far|kontaktas)",
        r"aldrig (?:\w+ )?(?:anmalt|registrerat|skrivit upp) mig|(?:har )?inte anmalt mig (?:till|for) (?:det "
        r"har|detta|era|nagot)",
        r"(?:^|, )lagg av(?: nu)?$",
        stop_alone(
            stop=r"(?:stopp?|sluta|avregistrera)",
            now=words("nu det genast sms med_det_har med_detta omedelbart mig"),
            reasons=words(
                "(?:jag_ar_)?inte_intresserad fel_nummer nej hej snalla fel_person"
                " (?:jag_)?har_(?:redan_)?(?:fatt_)?jobb"
            ),
        ),
    ),
    unless=(
        r"sa at (?!er|dig)\w+",
        r"inte (?:\w+ )?fatt|har (?:jag )?inte fatt",
        r"(?:ska|kan|bor|skulle) vi|lat oss",
        r"nyhetsbrev\w*",
        r"jag (?:\w+ )?(?:skrev|angav|gav|fyllde|hade|skickade|tog) (?:\w+ ){0,2}fel",
        r"i (?:min |mitt )?(?:ansokan|cv|formularet)",
        r"fick (?:jag )?(?:inga|inte|aldrig)",
        r"(?:mitt )?(?:gamla|forra)",
        r"(?:sluta|slutar) (?:\w+ )?(?:inte|aldrig)",
        r"(?:inte|aldrig) (?:\w+ )?sluta(?!$)\w*(?! ?$)",
        r"varfor",
        r"(?<!om )(?:ni|du|jag) slutade",
        r"avregistrera (?:mig|oss) (?:hos|fran|pa) (?!er|list|utskick|sms|all).*",
        r"haha",
        r"roligt",
        r"sedan (?:i |den )?\w+",
        r"besokslist\w*",
        r"vantelist\w*",
        r"det nya",
        r"(?:jag )?kan (?:jag )?inte (?:skriva|smsa|messa|hora av)",
        rf"{TEXT} (?:mig |till mig )?inte (?:\w+ ){{0,2}}{ABOUT_HOURS}",
    ),
    known_by="jag mig inte och tack ni er att fran mitt nummer inga fler det har sluta snalla hej",
    my_number=r"(?:mitt|det har|detta|mina) (?:\w+ )?(?:nummer|numret|nr|uppgifter)",
    remove_it=r"(?:\w+ ){0,2}anvand (?:det|numret) (?:inte|aldrig)(?: igen| mer)?|(?:(?:och|genast|direkt|nu) "
    r")*(?:ta bort|radera|stryk|plocka bort|slang)(?: (?:det|dem|den|numret|allt|detta))?(?: (?:nu|direkt"
    r"|genast|omgaende|omedelbart))*",
)
