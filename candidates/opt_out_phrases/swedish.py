"""Swedish."""

from __future__ import annotations

from candidates.opt_out_phrases.phrases import Phrases, Vocabulary, few, stop_alone, words

MESSAGES = words(
    "sms(?:en|et|andet)? meddelanden?a? mess(?:en)? mejl mail utskick(?:en)? notiser reklam(?:en)? spam skrap(?:post)?"
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
REMOVE = words("ta_bort radera stryk plocka_bort avlagsna glom slang tas_bort raderas bort_med avregistrera")
ABOUT_HOURS = words(
    "fore efter innan nar pa_(?:kvallen|natten|helgen|jobbet|kvallar\\w*|natter\\w*) mellan idag imorgon an"
    " forran under medan"
)

SWEDISH = Phrases(
    "sv",
    vocabulary=Vocabulary(
        cease="(?:sluta|slutar|slutade|upphor|avsluta|stoppa|nog med|lagg av|slut pa)",
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
        said=r"(?:jag|vi) (?:har )?(?:redan |ju )*(?:sa|sagt|bett er)(?: nej| att| at er)*",
        stop=r"(?:stopp?|sluta)",
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
        rf"{REMOVE} mig (?:\w+ )?(?:fran|ur) {few(2)}{ONE_LIST}",
        rf"{REMOVE} mig$",
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
        r"(?:sluta|slutar) (?:\w+ )?(?:inte|aldrig)",
        r"(?:inte|aldrig) (?:\w+ )?sluta(?!$)\w*(?! ?$)",
        r"varfor",
        r"(?:ni|du|jag) slutade",
        r"avregistrera (?:mig|oss) (?:hos|fran|pa) (?!er|list|utskick|sms|all).*",
        r"haha",
        r"roligt",
        r"sedan (?:i |den )?\w+",
        r"besokslist\w*",
        r"vantelist\w*",
        r"det nya",
        r"kan (?:\w+ )?inte (?:skriva|smsa|messa|hora av)",
        rf"{TEXT} (?:mig |till mig )?inte (?:\w+ ){{0,2}}{ABOUT_HOURS}",
    ),
    known_by="jag mig inte och tack ni er att fran mitt nummer inga fler det har sluta snalla hej",
)
