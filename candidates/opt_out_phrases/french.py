"""French. `m ?ecri`: whoever types without apostrophes writes "mecrivez"."""

from __future__ import annotations

from candidates.opt_out_phrases.phrases import Phrases, Vocabulary, few, not_then, stop_alone, words

MESSAGES = words(
    "sms messages? msgs? mess textos? e?mails? notifications? notifs? pubs? spams? whatsapp sollicitations?"
    " communications? merdes? envois? relances? demarchages?"
)
TEXT = words(
    r"(?:re)?ecri\w* (?:re)?contact\w* harcel\w* derang\w* embet\w* importun\w* spam\w* sollicit\w* relanc\w*"
    r" text\w* emmerd\w*"
    r" saoul\w* soul\w* joindre"
)
ME = "(?:m ?|me |nous |lui |leur )"
STOP = r"(?:arret\w*|cess\w*|stop|stopp\w*)(?: tout de suite| maintenant| immediatement| svp)?"
SOME = words("de d des du les la le vos votre ces ce cette tous toutes tes aux? avec aucune? un_seul recevoir toute")
ONE_LIST = words(
    r"listes? listing bases? fichiers? contacts? repertoire diffusion mailing donnees carnet systeme \w*liste"
    r" groupe conversation"
)
REMOVE = words(
    r"retir\w* enlev\w* supprim\w* effac\w* ray\w* sor[ts]\w* ote\w* vir\w* oubli(?:e|es|ez|er) perd(?:s|ez|re)"
    r" desinscri\w*"
)
ABOUT_HOURS = words(
    r"avant apres pendant le_(?:soir|week_?end|matin|dimanche|samedi) la_nuit entre quand tant_que demain aujourdhui"
    r" encore au_travail cette_semaine si_tard par_telephone au_bureau"
)

FRENCH = Phrases(
    "fr",
    vocabulary=Vocabulary(
        cease=STOP,
        write=f"(?:{ME}(?:{TEXT}|envoyer {SOME} {MESSAGES}))",
        written=f"(?:etre {TEXT}|que vous {ME}{TEXT})",
        messages=MESSAGES,
        no="(?:plus|pas|jamais|aucune?|ni)",
        more="(?:jamais|desormais|a l avenir)",
        want="(?:veux|souhaite|desire|voudrais|besoin|interesse\\w*|envie|demande)",
        allowed=r"(?:autoris\w*|permission|droit|le droit|consentement)",
        tired=r"(?:marre|assez|fatigue\w*|lasse?|ras le bol|plein le dos)",
        off=r"(?:desactiv\w*|annul\w*|coup\w*|suspend\w*|bloqu\w*)",
        unwanted=r"(?:non (?:desires?|sollicites?|voulus?)|indesirables?|(?:pas|plus) (?:les )?(?:bienvenus?"
        r"|souhaites?|desires?))",
        said=r"(?:j ?ai|je (?:vous |t )?(?:l )?ai|on vous a) (?:deja )?(?:dit|demande)(?: non| de| d)*",
        stop=r"(?:stop|arret\w*|cess\w*)",
        apart="(?:mais|et|si|par|pour|que je|je|offres?|encore|recu)",
    ),
    asks=(
        r"(?:ne )?plus (?:ecrire|envoyer|texter) (?:ici|a ce numero|sur ce numero)",
        r"cess\w* (?:tout|toute) (?:contact|communication)",
        r"(?:effac|supprim|retir|enlev)\w* mon 0[67]",
        # arrêtez de m'écrire, arrêtez vos SMS
        rf"{STOP} (?:de |d ?)?{ME}?envo\w* {few(3)}(?:{MESSAGES}|ca|cela|trucs)",
        # ne m'écrivez plus, merci de ne plus me contacter
        rf"{ME}{TEXT} (?:plus|jamais)",
        rf"(?<!ca )(?<!cela )(?<!rien )ne {ME}{TEXT} pas" + not_then(ABOUT_HOURS),
        rf"(?:ne |pas )?(?:plus|pas|jamais|plus jamais) {ME}{TEXT}" + not_then(ABOUT_HOURS),
        r"(?:inutile|abst\w+|evit\w*|pas la peine|plus la peine|refuse|plus besoin)(?: vous)? (?:de |d"
        rf" ?)(?:plus )?{ME}(?:{TEXT}|envo\w*)",
        r"(?:ne )?(?:plus|pas|jamais) (?:contacter|texter|utiliser) (?:ce|mon) numero",
        r"(?:ne )?(?:contact|utilis)\w* plus (?:ce|mon) numero",
        rf"{ME}envo\w* plus (?:(?:{SOME} )*{MESSAGES}|rien)",
        rf"(?:plus|refuse de|pas|jamais) (?:jamais )?{ME}?(?:envo\w*|recevoir|avoir)"
        rf" (?:{few(4, but='offres?|propositions?|par')}{MESSAGES}|rien)",
        rf"(?:(?:plus|pas) besoin|refuse|me passer) (?:{SOME} )*{MESSAGES}",
        r"(?:plus|pas|aucun) (?:de |aucun )?contact$",
        r"(?:ne )?plus rien recevoir",
        r"plus (?:rien )?entendre parler de vous",
        r"(?:plus|pas) (?:avoir )?de vos nouvelles",
        r"(?:ne )?m ?envo\w* plus(?: jamais| rien)*$",
        r"^oublie[zr]? ?moi$",
        # désabonnez-moi, retirez-moi de votre liste
        r"(?:desabonn|desinscri)\w*(?: moi| nous)?(?! (?:de|d|du|des|a) (?!(?:\w+ ){0,3}(?:sms|messages?|textos?"
        r"|listes?|service|tout|ca|cette|ce|ces|vos)))",
        r"(?:dit|demande) d ?(?:arreter|cesser)$",
        r"(?:suppression|effacement|retrait) de mon? (?:numero|coordonnees)",
        r"suppression de mes donnees",
        r"oppose (?:\w+ )?au traitement",
        r"pour harcelement",
        r"(?:ecri\w*|envo\w*) (?:ca |cela )?a quelqu ?un d autre",
        r"liste rouge",
        r"ne consens pas",
        r"(?:fous|fiche) moi la paix",
        r"apprecierais que vous (?:arret|cess)\w*",
        r"^sans (?:sms|messages?)$",
        r"jamais plus de (?:sms|messages?)",
        r"^n ?ecri\w* plus$",
        r"perdre mon temps avec",
        r"(?:comment|veux|souhaite|pouvez|voudrais) .*(?:sor\w+|enlev\w*|retir\w*|disparaitre) .*(?:cette|votre"
        r"|la|vos) listes?",
        r"^laiss\w* moi(?: ,|$)",
        r", ca suffit(?: maintenant)?$",
        r"(?:faux|mauvais) numero ,? ?.*(?:supprim|effac|retir|enlev)\w*",
        r"^ca suffit$",
        r"(?:arretez|cessez) de (?:m ?|me )envo\w*$",
        r"^(?:supprim|retir|enlev|effac)\w* moi$",
        r"lach\w* l affaire",
        r"inutile d ?insister",
        r"n ?insist\w* pas",
        rf"{REMOVE} (?:moi |nous )(?:\w+ )?(?:de|des|du|d) {few(3)}{ONE_LIST}",
        rf"{ME}{REMOVE} (?:\w+ )?(?:de|des|du|d) {few(3)}{ONE_LIST}",
        rf"{REMOVE} (?:mon|ce|mes) (?:numero|num|tel\w*|coordonnees|infos?|donnees)",
        rf"{REMOVE} mon (?:nom|contact)(?:$| (?:de|des|du) {few(2)}{ONE_LIST})",
        r"(?:laiss\w*|fich\w*|fout\w*) (?:moi |nous |me )?(?:tranquilles?|la paix|en paix)",
        r"lach\w* moi(?:$| avec| la grappe| les basket\w*| un peu)",
        rf"^(?:(?:\w+ )+, )?(?:pas|plus) (?:de |d ?){MESSAGES}(?! (?:que|sur|avec|pour (?:le|la|les|l|que"
        r"|savoir)|dans|de|par|en|depuis|avant|apres|le soir|la nuit|pendant))",
        rf"^(?:plus )?aucun {MESSAGES}",
        r"(?:retir|revoqu|annul)\w* mon (?:consentement|accord|autorisation)",
        r"(?:jamais|pas|aucun) (?:\w+ ){0,3}(?:consentement|mon accord|autorisation)(?! pour (?:le|la|les) )",
        r"sans mon (?:accord|consentement|autorisation)",
        r"(?:vais (?:vous )?|je (?:vous )?)(?:bloqu|signal)\w*(?: ce numero| vous| votre numero)?",
        stop_alone(
            stop=r"(?:stop|arret\w*)",
            now=words("sms messages? pub tout ca maintenant immediatement la"),
            reasons=words(
                r"pas_interesse\w* mauvais_numero non ca_suffit bonjour bjr ne_cherche\w*_plus cherche_plus"
                r" plus_interesse\w* (?:j_?ai_)?trouve_(?:un_)?(?:emploi|travail|boulot|job) deja_en_poste"
                r" deja_un_(?:emploi|travail) c_bon"
            ),
        ),
    ),
    unless=(
        r"[nj] ?(?:arret|cess)\w* (?:pas|jamais|surtout)",
        r"(?:vous|tu|on|il|elle|ils|personne) (?:ne )?(?:me |m ?|nous )\w+ (?:plus|pas)",
        r"visiteurs",
        r"nouveau",
        r"ne (?:me |m ?|nous )\w+ pas (?:de|du|des)",
        r"haha",
        r"(?:je prefere|plutot|mieux) .*(?:sms|messages?|textos?)$",
        r"avez (?:\w+ )?(?:arrete|supprime|efface|retire)",
    ),
    known_by="je me vous ne pas plus merci svp vos votre les des mon moi le la numero bonjour stp est du ca par",
)
