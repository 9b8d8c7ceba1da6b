"""German. Whoever has no umlauts types "hören" as "horen" or as "hoeren"."""

from __future__ import annotations

from candidates.opt_out_phrases.phrases import Phrases, Vocabulary, few, stop_alone, words

MESSAGES = words(
    "jobalerts? jobmails? zusendung(?:en)? (?:job|stellen)angebote? sms smse? nachrichten? texte e?mails? "
    "whatsapps? mitteilungen benachrichtigungen werbung spam msgs?"
    " textnachrichten?"
    " anfragen zuschriften kontaktaufnahmen? kontaktversuchen? werbenachrichten belastigungen"
)
CONTACT = "(?:kontakt|kontaktaufnahme|kommunikation)"
IMPERATIVE = words(
    r"frag(?:e|t|en)? (?:an)?schreib(?:e|t|en|n)? kontaktier(?:e|t|en)? text(?:e|et|en)? belastig(?:e|t|en)? "
    r"nerv(?:e|t|en)?"
    r" sims(?:t|en)?"
    r" sto?e?r(?:e|t|en)? whatsapp(?:e|t|en)? spam(?:m|mt|men)? bela?e?stig(?:e|t|en)? schick(?:e|t|en)?"
    r" send(?:e|et|en)?"
)
TO_TEXT = words(
    "in_kontakt_(?:zu_)?treten in_verbindung_(?:zu_)?setzen zuzusenden zuzuschicken benachrichtigen "
    "(?:zu_)?(?:an)?schreiben anzuschreiben (?:zu_)?kontaktieren (?:zu_)?texten (?:zu_)?melden "
    "(?:zu_)?bela?e?stigen"
    " (?:zu_)?nerven (?:zu_)?simsen (?:zu_)?(?:schicken|senden) (?:zu|zuzu|zu_zu)(?:schicken|senden) "
    "(?:zu_)?sto?e?ren"
    " (?:zu_)?spammen (?:zu_)?whatsappen kontakt_aufnehmen zusenden zuschicken vollzuspammen vollzutexten"
    " zuzuspammen zuzumu?e?llen"
)
TEXTED = words(
    "benachrichtigt geschrieben kontaktiert angeschrieben bela?e?stigt gesto?e?rt genervt behelligt angetextet "
    "benachrichtigt"
)
NO_MORE = words(
    "nich_mehr nicht_mehr nie_wieder nie_mehr nichts_mehr nicht_weiter(?:hin)? nicht_la?e?nger niemals_wieder"
    " nicht_noch_?mal nicht_wieder"
    " niemals_mehr nimmer"
)
YOU = "(?:sie |ihr |du )?"
ME = "(?:mir |mich |uns |ihm |ihr )"
ONE_LIST = words(
    r"\w*liste\w* \w*verteiler\w* \w*datenbank\w* kartei \w*system\w* kontakt\w* adressbuch \w*datei\w*"
    r" \w*dienst speicher gruppe chat"
)
NUMBER = "(?:handy|telefon|mobil)?(?:nummer|nr)"
REMOVE = r"(?:lo?e?sch|entfern|streich|nehm|nimm|vergess|vergiss|tilg|trag|schmeiss)\w*"
TO_REMOVE = (
    "(?:raus ?|heraus ?)?(?:zu )?(?:lo?e?schen|entfernen|streichen|nehmen|nehmt|austragen|vergessen|tilgen"
    "|rausnehmen|gelo?e?scht|entfernt|gestrichen|ausgetragen|genommen)"
)
SUBJECT = r"(?:(?!dass|sie|ihr|du|bitte)\w+ ){0,3}"

GERMAN = Phrases(
    "de",
    vocabulary=Vocabulary(
        cease="(?:unterlass\\w*|einstell\\w*|unterbind\\w*|abzusehen|unterbleib\\w*|(?:sein|bleiben) lassen"
        "|stopp?\\w*|beend\\w*|schluss mit|genug von|abstellen|einstellen)",
        write=f"(?:{TO_TEXT}|{TEXTED})",
        written=TEXTED,
        messages=f"(?:{MESSAGES}|{CONTACT})",
        no=r"(?:niemand\w*|nicht|nich|net|nichts|nie|niemals|keine?[nrm]?|keinerlei|nix)",
        more="(?:mehr|wieder|weiter|la?e?nger)",
        want="(?:will|mo?e?chte|wu?e?nsche|brauche|beno?e?tige|bedarf|interesse|interessiert|gebeten)",
        allowed=r"(?:erlaub\w*|berechtig\w*|recht|einwilligung|zustimmung|du?e?rfen|genehmigung|autorisiert)",
        tired=r"(?:nerv(?:t|en|ig\w*)|sto?e?r(?:t|en)|la?e?stig|genug von|satt|leid|reichen|reicht es mit"
        r"|schnauze voll|bock (?:mehr )?auf)",
        off=r"(?:stornier\w*|unterlassen|einstellen|einzustellen|unterbinden|zu unterlassen|(?:sein|bleiben) "
        r"(?:zu )?lassen|sparen|abbestell\w*|ab$|abschalten|abzuschalten|abstellen|abzustellen|deaktivier\w*"
        r"|ausschalten|stell\w* (?:sie "
        r"|ihr )?|stoppen|stopp?|beenden|vermeid\w*)",
        unwanted=r"(?:unerwu?e?nscht\w*|ungebeten\w*|nicht (?:mehr )?(?:erwu?e?nscht|gewu?e?nscht|gewollt)|lehne"
        r" (?:ich )?(?:\w+ )?ab)",
        said=r"(?:(?:ich|wir) (?:\w+ )?(?:gesagt|habe? euch gesagt|habe? ihnen gesagt)|ich|wir) (?:sagten?"
        r"|habe?n? gesagt|habe?n? nein gesagt)",
        stop=r"(?:aufho?e?ren|aufho?e?ren sollt|sollt aufho?e?ren|stopp?|stopp? gesagt|aufzuho?e?ren)",
        receive=r"(?:bekommen|erhalten|kriegen|haben|empfangen)",
        these=r"(?:das|dies|diese|sowas|so was|so etwas|solche)(?= (?:nicht|nie|alles|zeug|mehr|niemals))",
        to_here=r"(?:an|auf) (?:diese|meine|die) (?:\w+ )?(?:\w*nummer|nr|handy)",
        to_me=r"(?:mir|mich|uns)",
        send=r"(?:schick\w*|send\w*|zuschick\w*|zusend\w*)",
        remove=r"(?:lo?e?sch\w*|gelo?e?scht|entfern\w*|streich\w*|gestrichen|tilg\w*|austragen|ausgetragen"
        r"|rausnehmen|rauszunehmen|rausgenommen|genommen|nehmen|nehmt)",
        me=r"(?:mich|uns)",
        mine=r"(?:mein\w*|diese) (?:handy|telefon|mobil|ruf)?(?:nummer|nr|daten|kontakt|kontaktdaten|telefonnummer)",
        old=r"(?:alte\w*|andere\w*|zweite\w*|neue\w*|nicht)",
        lists=r"(?:(?:ihre[rmn]?|eure[rmn]?|der|dem|dieser|deiner|vom|ihren) (?:\w+ )?(?:kartei\w*"
        r"|\w*(?<!warte)(?<!besucher)liste|\w*verteiler|\w*datenbank|datei\w*|system|bestand|pool|unterlagen))",
        forbid=r"(?:untersag\w*|verbiet\w*|verbitt?\w*|widersprech\w*|lehne|verweiger\w*|unterlass\w*|nein zu)",
        other_person=r"(?:schreib\w*|text\w*|nerv\w*|bela?e?stig\w*|kontaktier\w*|spam\w*)",
        someone_else=r"(?:(?:jemand\w*|wen|wem|jmd) (?:ander\w*|sonst)|andere(?:n)? leuten?)",
        mistaken=r"(?:(?:falsche[nrs]?|verkehrte[nrs]?) (?:handy|telefon|mobil)?(?:nummer|nr|person"
        r"|empfa?e?nger|adressat\w*|frau|herr\w*)|falsch verbunden|(?:ist|sind|war) (?:das |hier )?nicht "
        r"(?:mehr )?(?:die|meine|der|die richtige) (?:richtige )?(?:handy|telefon|mobil)?(?:nummer|person)(?! "
        r"des| fu?e?r)|(?:in|mit) der (?:handy|telefon)?nummer (?:geirrt|vertan)|nummer verwechselt|(?:person"
        r"|mich) (?:\w+ ){0,3}verwechs\w*|verwechs\w* (?:sie )?mich|nummer geho?e?rt (?:jetzt |nicht |jemand "
        r")\w*)",
        once_more=r"(?:noch|na?e?chste|eine weitere|weitere) (?:(?:eine?|ein|einmal|mal|so eine|1) )?(?:\w+ "
        r")?(?:sms|nachricht|mal|text|mail)",
        consequence=r"(?:meld\w*|blockier\w*|anzeig\w*|bundesnetzagentur|anwalt|polizei|anzeige|sperr\w*"
        r"|klag\w*|datenschutz\w*)",
        apart="(?:aber|und|wenn|ich|bis|vor|nach|noch|warten|damit|ob)",
    ),
    asks=(
        rf"^(?:ohne|kein\w*) (?:{MESSAGES}|{CONTACT})$",
        r"ich habe?n? (?:\w+ ){0,2}stopp? gesagt",
        r"^(?:mich )?nicht (?:kontaktieren|anschreiben|texten)$",
        r", nicht kontaktieren$",
        r"^nicht sto?e?ren$",
        r"(?:benutz|verwend|nutz)\w* (?:sie |ihr )?(?:diese|meine) nummer nicht",
        r"meine nummer (?:raus|weg)",
        r"wegen bela?e?stigung",
        r"sperrliste",
        r"letzte(?:s)? (?:mal )?(?:dass )?(?:.*aufzuho?e?ren|.*aufho?e?r\w*)",
        r"(?:nett|gut|scho?e?n|dankbar) (?:,? ?wenn sie )(?:\w+ ){0,3}(?:aufho?e?r\w*)",
        r"(?:schreib|text)\w* (?:sie )?jemand\w* ander\w*",
        r"ich stimme (?:dem )?nicht zu$",
        r"ich widerrufe$",
        r"(?:davon|hiervon) nichts mehr wissen",
        r"stell\w* (?:sie )?(?:die|den|das) (?:\w+ )?(?:versand|sms|nachrichten) (?:ab|ein)",
        r"verschwend\w* (?:sie )?nicht meine zeit",
        rf"aus {few(2)}{ONE_LIST} (?:raus|heraus)",
        rf"{MESSAGES} (?:gebeten|bestellt|abonniert)",
        # hören Sie auf, mir zu schreiben
        rf"ho?e?r\w* {few(2)}auf(?: ,)? (?:{few(3)}{TO_TEXT}|mit {few(3)}(?:{MESSAGES}|schreiberei|schreiben|dem"
        r" mist))",
        rf"ho?e?r\w* {few(2)}mit {few(3)}(?:{MESSAGES}|schreib\w*) {few(1)}auf",
        r"ho?e?r\w* (?:sie |endlich |jetzt |bitte |bloss )*auf(?: damit| zu nerven)?$",
        rf"ho?e?r\w* {few(2)}auf(?: ,)? (?:mich|uns) (?:sta?e?ndig |immer )?mit {few(2)}{MESSAGES}",
        rf"unterlass\w* (?:sie )?{few(4, but='nicht')}(?:{MESSAGES}|{CONTACT})",
        r"(?:will|wollen|mo?e?chten?|wu?e?nsche) (?:\w+ ){0,2}von (?:euch|ihnen|dir) nichts mehr (?:ho?e?ren|lesen)",
        rf"aufho?e?ren(?: ,)? {few(4)}(?:{TO_TEXT}|{MESSAGES})",
        rf"{few(3)}(?:{MESSAGES}|schreiben) aufho?e?ren",
        # schreiben Sie mir nicht mehr, bitte nicht mehr melden
        rf"{IMPERATIVE} {YOU}{ME}?(?:(?!dass|ob|wenn|ich)\w+ ){{0,3}}{NO_MORE}",
        rf"meld(?:e|et|en)? (?:sie sich|euch|dich) (?:bei mir |bitte )*{NO_MORE}",
        # keine Nachrichten mehr
        rf"verzicht\w* auf {few(2)}{MESSAGES}",
        r"(?:mo?e?chte|will|wu?e?nsche|mag) nicht(?: ,)? dass (?:sie|ihr|du|man|jemand) (?:mich|mir|uns)"
        rf" {few(2)}(?:an)?(?:schreib|kontaktier|text|schick|send|simst)\w*",
        rf"keine?[nr]? (?:weiteren?|neuen?|weitere) (?:{MESSAGES}|kontakt\w*|kontaktaufnahme)",
        rf"von {few(2)}(?:{MESSAGES}|{CONTACT}) {few(2)}ab(?:sehen|zusehen)?$",
        r"(?:nichts|nie) (?:mehr|wieder) (?:was )?von (?:euch|ihnen|dir) (?:zu )?(?:ho?e?ren|lesen|bekommen)",
        # streichen Sie mich von der Liste, meine Nummer löschen
        rf"{REMOVE} {YOU}(?:mich|uns|meine? {few(1)}) ?(?:\w+ )?(?:aus|von|vom) {few(3)}{ONE_LIST}",
        rf"(?:^|(?:ich|mich|uns|nummer|meine daten) {few(3)})(?:aus|von|vom) {few(3)}{ONE_LIST} {few(1)}{TO_REMOVE}",
        rf"{REMOVE} {YOU}(?:meine?|diese|die) (?:{NUMBER}|daten|kontaktdaten)",
        rf"(?:meine|diese) (?:{NUMBER}|kontaktdaten|daten) {few(4, but='alte|neue')}{TO_REMOVE}",
        rf"^(?:die )?(?:{NUMBER}|daten) lo?e?schen",
        rf"lo?e?schung (?:meiner|dieser) (?:{NUMBER}|daten|kontaktdaten)",
        rf"(?:{REMOVE}) {YOU}mich {few(2)}(?:raus|heraus)",
        rf"lass\w* {few(2)}(?:das|es|die|den) {few(3)}(?:{MESSAGES}|schreiben|sein|bleiben)",
        rf"{MESSAGES} {few(1)}los(?:werden|zuwerden)?$",
        r"lass\w* (?:sie )?(?:mich|uns) (?:\w+ ){0,4}in (?:ruhe|frieden)",
        r"(?:mich|uns) (?:\w+ )?in (?:ruhe|frieden) (?:zu )?lass\w*",
        r"^(?:\w+ )?abmelden$",
        r"(?:falsche|verkehrte) (?:nummer|person) ,? ?.*(?:lo?e?schen|entfernen|streichen)$",
        r"(?:von|aus) (?:dieser|der|ihrer|eurer) \w*liste (?:runter|raus|weg|ab)",
        r"^abmeldung$",
        r"abmeldung (?:von|vom) .*(?:sms|nachricht|liste|dienst|verteiler)\w*",
        r"um abmeldung",
        rf"(?:^|mich |uns |{MESSAGES} |dienst |davon |hiermit |liste |nummer |verteiler |newsletter )(?:abmelden"
        r"|abzumelden|abbestellen|abzubestellen|austragen|auszutragen)",
        rf"(?:meld|trag)\w* (?:sie )?mich {few(3, but='fu?e?r|bei|beim|morgen|heute|krank')}(?:ab|aus)$",
        # Einwilligung
        rf"(?:widerruf|zieh|entzieh|nehm)\w* {few(3)}(?:einwilligung|zustimmung|einversta?e?ndnis|erlaubnis)",
        rf"widersprech\w* {few(3)}(?:nutzung|verwendung|verarbeitung|speicherung|kontaktaufnahme|werbung"
        r"|weiteren|zusendung)",
        r"(?<!noch )(?:nie|niemals|nicht) (?:\w+ )?(?:zugestimmt|eingewilligt|erlaubt|eingewilligt)",
        r"nie (?:eine )?(?:einwilligung|erlaubnis|zustimmung)",
        # Schluss mit den Nachrichten
        rf"bestell\w* (?:ich )?{few(2)}{MESSAGES} ab",
        r"(?:blockier\w*|sperr\w*) (?:ich |wir )?(?:euch|sie|dich|diese nummer|die nummer|den kontakt)",
        r"keine?n? (?:\w+ )?(?:job)?(?:angebote?|stellenangebote?|offerten?|anzeigen?|mails?|infos?|zeug"
        r"|vorschla?e?ge) (?:\w+ )?mehr (?:\w+ ){0,3}(?:schick|send|bekomm|erhalt|zuschick|zusend|kriegen"
        r"|wu?e?nsch)\w*",
        rf"^{REMOVE} (?:sie |ihr )?(?:die|sie|das|diese|alles|es)(?: (?:sofort|umgehend|wieder|jetzt"
        rf"|unverzu?e?glich|raus))+$",
        rf"{IMPERATIVE} (?:sie |ihr |du )?(?:\w+ )?(?:jemand\w*|wen|wem|leute?) (?:ander\w*|sonst)",
        rf"(?:^|, )(?:mich|uns|nummer|meine nummer|meine daten|die nummer|diese nummer) (?:\w+ ){{0,2}}{TO_REMOVE}$",
        rf"(?:schluss|genug|ende|aus|basta|stopp?|halt) (?:\w+ )?(?:mit|von) (?:\w+ ){{0,2}}(?:{MESSAGES}"
        rf"|{CONTACT}|schreiberei|schreiben|terror|mist|angeboten?)",
        r"(?:sollt|sollen|sollst|koennt|konnt|konnen|koennen|wollt|wu?e?rde[nt]|wu?e?rdet|mu?e?sst|bitte) "
        r"(?:\w+ ){0,3}aufho?e?ren$",
        rf"(?:kein\w*|nicht|null) (?:lust|bock|nerv\w*|interesse|bedarf) (?:\w+ )?(?:auf|an) (?:\w+ "
        rf"){{0,2}}(?:{MESSAGES}|angebote|werbung|spam)",
        rf"(?:nicht|nie|niemals) (?:mehr |wieder |la?e?nger |weiter )?(?:\w+ )?{TEXTED} (?:zu )?(?:werden|wird)",
        r"(?:nix|nichts|nie|nimmer) (?:mehr|weiter) (?:\w+ ){0,2}(?:schick|send|schreib|text|zuschick|zusend)\w*",
        rf"(?:mu?e?ss(?:en|t)|brauch(?:en|st|t)|sollt?en?) (?:\w+ ){{0,3}}(?:nicht|nix|nichts) mehr (?:\w+ "
        rf"){{0,2}}(?:{TO_TEXT}|{TEXTED}|meld\w*)",
        rf"wie (?:kann|werde|bestelle|stoppe|komme) (?:ich|man) (?:\w+ ){{0,3}}(?:{MESSAGES}|verteiler|liste"
        rf"|euch) (?:\w+ )?(?:abbestellen|los|ab|stoppen|abstellen|runter|raus)",
        r"(?:jetzt|mir|langsam|es) reicht ?(?:s|es)?(?: mir| jetzt| langsam| echt| wirklich| mit)*(?:$| ,)"
        r"|reichts(?: mir| jetzt| langsam| aber)*$",
        rf"(?:absehen|abzusehen|verzichten|verzichtet) (?:\w+ )?(?:von|auf) (?:\w+ ){{0,3}}(?:{MESSAGES}"
        rf"|{CONTACT})|(?:von|auf) (?:\w+ ){{0,3}}(?:{MESSAGES}|{CONTACT}) (?:\w+ ){{0,3}}(?:absehen|abzusehen"
        rf"|verzichten)",
        r"(?:das|dies|es) ist (?:\w+ )?(?:spam|bela?e?stigung|terror|stalking|no?e?tigung)",
        r"(?:, |^)(?:das|es) reicht(?: jetzt| langsam)*$",
        rf"kein\w* (?:\w+ )?(?:{CONTACT}|{MESSAGES}) (?:\w+ )?(?:mehr|erwu?e?nscht|gewu?e?nscht)",
        r"(?:mo?e?cht\w*|will|wollen|wu?e?nsch\w*) (?:\w+ ){0,4}(?:nicht|nichts|kein\w*) (?:mehr |weiter "
        r")?(?:\w+ ){0,3}(?:kontaktiert|angeschrieben|bela?e?stigt|gesto?e?rt|angeschriebn|genervt)",
        r"wie (?:meld|trag|bestell)\w* (?:ich|man) (?:mich |sich )?(?:\w+ )?(?:ab|aus)$|(?:schick|send"
        r"|schreib)\w* (?:sie |ihr )?(?:mir )?(?:bitte )?(?:nichts|nix)(?: mehr| weiter)*$",
        r"ich melde (?:euch|sie|dich|das|diese nummer)(?:$| (?:der|bei|wegen))",
        rf"(?:nehmt|nehmen sie|nimm|holt) (?:mich|uns) (?:\w+ )?aus (?:\w+ )?(?:{MESSAGES})",
        r"ho?e?r\w* (?:\w+ )?auf zu (?:fragen|nerven|betteln|dra?e?ngen|spammen)",
        r"(?:^|, )lass\w* (?:sie )?(?:das|es)(?: sein| bleiben)?$",
        r"^(?:ich )?(?:lege |erhebe |hiermit )*(?:widersprech\w*|widerspruch)(?: ein| hiermit)?$",
        r"verpiss\w*|leck\w* mich|fick (?:dich|euch)|halt\w* (?:die|den) (?:klappe|fresse|mund|rand)|hau\w* "
        r"(?:endlich )?ab$|lass\w* mich (?:doch )?(?:einfach )?zufrieden",
        rf"(?:sorg\w*|stell\w*|achte?n?) (?:sie |ihr )?(?:bitte )?(?:dafu?e?r|sicher|darauf)(?: ,)? dass "
        rf"(?:[\w,]+ ){{0,5}}(?:nicht|kein\w*|nichts|nie) (?:\w+ ){{0,4}}(?:{MESSAGES}|{TEXTED}|{CONTACT}|mehr "
        rf"(?:\w+ )?(?:bekomm|erhalt|kontaktier|anschreib|schreib)\w*)",
        r"vergess\w* (?:sie )?mich(?: einfach| bitte)*$|vergiss mich",
        rf"(?:mit |von ){few(3)}{MESSAGES} (?:\w+ )?verschon\w*",
        stop_alone(
            stop=r"(?:stopp?(?:en sie|t)?|(?:sofort |jetzt )?aufho?e?ren|schluss|abmelden|ho?e?r\w* (?:sie |ihr "
            r"|endlich |jetzt |mal )*auf)",
            now=words("jetzt sofort das damit alles sms endlich mit_dem_mist"),
            reasons=words(
                "kein_interesse falsche_nummer nein es_reicht hallo will_das_nicht (?:ich_bin_)?nicht_interessiert"
                " falsche_person wer_(?:sind_sie|ist_das|ist_da) schon_eine_stelle"
            ),
        ),
    ),
    unless=(
        r"(?:nacht|fru?e?h|spa?e?t)(?:dienst|schicht)\w*",
        r"keine?n? (?:\w+ )?(?:stellen|jobs?|schichten|angebote) (?:in|im|unter|fu?e?r|als|bei|mit)",
        r"ich (?:ho?e?r|ho?e?re) (?:\w+ )?auf",
        r"(?:lass\w* uns|wollen wir|ko?e?nnen wir|sollen wir)",
        r"(?:nerv|sto?e?r)\w* (?:mich )?(?:u?e?berhaupt |gar |wirklich )?nicht",
        r"lass\w* (?:sie )?(?:mich|uns) (?:das|es|den|die|dies\w*|dazu|daru?e?ber)",
        r"newsletter",
        r"ich (?:\w+ )?(?:habe?|hatte) (?:\w+ ){0,3}(?:falsche|verkehrte)\w*",
        r"im (?:lebenslauf|formular|cv)",
        r"(?:meinem?|meine) (?:chef\w*|frau|mann|arbeitgeber\w*|kolleg\w*|eltern|mutter|vater) (?:\w+ )?nicht",
        r"geaendert|geandert|meine alte|die alte",
        r"nicht auf(?! mehr)",
        r"warum",
        r"wieso",
        rf"ich (?:kann|konnte|darf|werde|habe?|muss|ho?e?re?) {SUBJECT}(?:nicht|nichts|keine?n?) (?:mehr |weiter"
        r" )?(?!interesse|zugestimmt|eingewilligt|erlaubt)\w+(?!.*(?:gebeten|aufho?e?ren|stopp))",
        r"(?:nehm|streich|lo?e?sch|entfern)\w* (?:sie |ihr )?(?:mich|meine nummer) (?:\w+ )?nicht",
        r"ich (?:melde (?!mich (?:\w+ )*ab|euch|sie$|dich|das|diese)|schreibe|texte|kontaktiere|sto?e?re|sende"
        r"|schicke)",
        r"(?:habe?n?|hast|habt) (?:sie|ihr|du) (?:\w+ ){0,3}(?:gelo?e?scht|entfernt|gestrichen)",
        r"(?:will|mo?e?chte|wollte) (?:sie|euch|dich|ihnen) (?:\w+ )?nicht",
        r"haha",
        r"seit",
        r"besucherliste",
        r"warteliste",
        r"die neue",
        r"in ruhe (?:\w+ ){0,3}(?:u?e?berleg|nachdenk|durchles|anschau|anseh|entscheid|pru?e?f|les)\w*",
        r"(?:nicht|nichts) mehr (?:vor|nach|am|so spa?e?t|abends|nachts|heute)",
    ),
    known_by="ich sie mir mich bitte nicht mehr keine danke und meine nummer die aus auf euch ihr",
    my_number=r"(?:meine|diese|die) (?:handy|telefon|mobil)?(?:nummer|nr|daten|kontaktdaten)",
    remove_it=r"(?:\w+ ){0,2}(?:benutz|verwend|nutz)\w* (?:sie |die |es )*(?:bitte )?(?:nicht|nie)(?: mehr| "
    r"wieder)?|(?:(?:sofort|und|jetzt|umgehend|ihr|sie) )*(?:lo?e?sch\w*|entfern\w*|streich\w*)(?: (?:sie|ihr"
    r"|die|das|diese|es|alles|den|kontakt))*(?: (?:sofort|umgehend|jetzt|wieder|unverzu?e?glich|raus))*",
)
