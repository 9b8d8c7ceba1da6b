"""French. `m ?ecri`: whoever types without apostrophes writes "mecrivez"."""

from __future__ import annotations

from candidates.opt_out_phrases.phrases import Phrases, Vocabulary, few, not_then, stop_alone, words

MESSAGES = words(
    "alertes?_emploi alertes? sms messages? msgs? mess textos? e?mails? notifications? notifs? pubs? spams? "
    "whatsapp sollicitations?"
    " communications? merdes? envois? relances? demarchages? demarchage prospections?"
)
TEXT = words(
    r"approch\w* adress\w* notifi\w* demarch\w* (?:re)?ecri\w* (?:re)?contact\w* harcel\w* derang\w* embet\w* "
    r"importun\w* spam\w* sollicit\w* relanc\w*"
    r" text\w* emmerd\w*"
    r" saoul\w* soul\w* joindre"
)
ME = "(?:m ?|me |nous |lui |leur )"
STOP = (
    r"(?:fini|mett\w* (?:fin|un terme)(?: a)?|abst\w+|suspend\w*|renonc\w*|"
    r"arret\w*|cess\w*|stop|stopp\w*)(?: tout de suite| maintenant| immediatement| svp)?"
)
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
        no=r"(?:personne|plus|pas|jamais|aucune?|ni)",
        more="(?:jamais|desormais|a l avenir)",
        want="(?:veut|souhaite|veux|souhaite|desire|voudrais|besoin|interesse\\w*|envie|demande)",
        allowed=r"(?:autoris\w*|permission|droit|le droit|consentement)",
        tired=r"(?:derang\w*|saoul\w*|soul\w*|enerv\w*|agac\w*|gonfl\w*|emmerd\w*|penibles?|marre|assez"
        r"|fatigue\w*|lasse?|ras le bol|plein le dos)",
        off=r"(?:desactiv\w*|annul\w*|coup\w*|suspend\w*|bloqu\w*)",
        unwanted=r"(?:non (?:desires?|sollicites?|voulus?)|indesirables?|(?:pas|plus) (?:les )?(?:bienvenus?"
        r"|souhaites?|desires?))",
        said=r"(?:j ?ai|je (?:vous |t )?(?:l )?ai|on vous a) (?:deja )?(?:dit|demande)(?: non| de| d)*",
        stop=r"(?:stop|arret\w*|cess\w*)",
        receive=r"(?:recevoir|avoir)",
        these=r"(?:ca|cela|ces trucs|tout ca)(?= (?:plus|encore|desormais)|$| ,)",
        to_here=r"(?:sur|a|vers) (?:ce|mon|cette) (?:numero|num|tel|telephone|portable|ligne)",
        to_me=r"(?:m|me|moi|nous)",
        send=r"(?:(?:m ?|me |nous )?r?envo\w*)",
        remove=r"(?:supprim\w*|effac\w*|retir\w*|enlev\w*|raye\w*|otez|oter|desinscri\w*)",
        me=r"(?:moi|me|m|nous)",
        mine=r"(?:mon|mes|ce) (?:numero|num|tel|telephone|portable|contact|coordonnees|infos?|donnees)",
        old=r"(?:pas|plus|ancien\w*|premier|precedent\w*|autre)",
        lists=r"(?:(?:votre|vos|la|cette|ta|tes|ces) (?:\w+ )?(?:listes?|bases?|fichiers?|repertoire|systeme"
        r"|carnet|contacts|mailing))",
        forbid=r"(?:interdi\w+|refus\w+|m oppose\w*|oppose|decline|rejette|non aux?)",
        other_person=r"(?:ecri\w*|envo\w*|contact\w*|embet\w*|harcel\w*|derang\w*)",
        someone_else=r"(?:quelqu ?un d ?autre|d ?autres? (?:gens|personnes?)|un autre)",
        mistaken=r"(?:(?:faux|mauvais|fausse|mauvaise) (?:numero|num|personne|destinataire|contact)(?! (?:de "
        r"|d )(?:rue|page|siret|secu\w*|chambre|dossier|contrat))|tromp\w* de (?:numero|num|personne"
        r"|destinataire)|erreur (?:de|sur le|sur la) (?:numero|num|destinataire|personne)|(?:est|etes|c) (?:pas"
        r"|plus) (?:sur |au )?(?:le |la |mon |son )?(?:bon |bonne )?(?:numero|num|telephone|tel|portable"
        r"|personne)(?! (?:de |d )?(?:rue|page|siret|secu\w*|securite|contrat|dossier|chambre)))",
        once_more=r"(?:encore un|un autre|prochain|la prochaine|prochaine|un de plus|un seul|encore une)(?: "
        r"(?:seul )?(?:sms|message|msg|mess|texto|fois))?",
        consequence=r"(?:plainte|bloqu\w*|signal\w*|avocat|cnil|police|porte plainte|denonc\w*|harcelement)",
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
        rf"(?:plus|jamais|ne) (?:jamais )?{ME}(?:adress\w*|envo\w*|transmet\w*) (?:plus )?(?:de |d |vos "
        rf"|aucun\w* |ces )?(?:\w+ )?(?:{MESSAGES}|(?:offres?|annonces?|propositions?)(?:$| ,| (?:sur|par|d "
        rf"emploi (?:sur|par)|a ce)))",
        r"(?:ne )?(?:plus|pas) (?:jamais )?(?:contacter|recontacter|ecrire|texter|deranger|solliciter)(?:$| ,"
        r"| ici| svp| du tout)",
        r"(?:c est|est|devient) (?:vraiment |carrement |tout )?(?:du |de l ?)(?:harcelement|spam)",
        r"oppose (?:\w+ ){0,5}(?:contact\w*|sollicit\w*|messages?|sms|ecri\w*)",
        r"(?:numero|num|coordonnees|donnees|tel|telephone) .*(?:supprim|effac|enlev|retir)\w* (?:le|la|les)$",
        rf"stop (?:a |aux? |les |l |avec |avec les |avec vos |vos |ces |de |tous )*(?:{MESSAGES}|tout|textos)",
        rf"{STOP} (?:\w+ ){{0,3}}(?:avec|de|vos|les|ces|tous|cette) (?:\w+ ){{0,2}}{MESSAGES}",
        r"(?:ca|cela) (?:suffit|suffira)(?: maintenant| comme ca| la)*(?:$| ,)",
        rf"(?:(?:pas|plus|inutile|sans|aucun) (?:la peine|besoin|necessaire|utile|interet)|inutile) (?:de |d "
        rf")?(?:continuer (?:a |de )?)?{ME}(?:{TEXT}|envo\w*)",
        rf"(?:veux|veut|souhaite|voudrais|desire|aimerais) (?:\w+ ){{0,2}}(?:ne )?plus (?:\w+ ){{0,2}}(?:etre "
        rf"|recevoir |de |d )(?:\w+ ){{0,3}}(?:{TEXT}|{MESSAGES}|importune\w*|demarche\w*)",
        r"(?:ne )?(?:plus|pas|jamais) (?:utiliser|garder|conserver|contacter) (?:\w+ )?(?:mon|ce|mes|le) "
        r"(?:numero|num|tel\w*|portable|mobile|coordonnees)",
        r"(?:retir|enlev|effac|supprim|raye|sort|vir|dega\w+)\w* moi(?:$| ,| de la$| immediatement| tout de "
        r"suite| vite)",
        r"(?:pas|jamais|rien) (?:\w+ )?(?:demande|sollicite|inscrit\w*)(?: (?:a|de|pour|quoi que ce soit))?(?: "
        r"(?:a |de )?(?:recevoir|vos|ces|ca|cela|sms|messages?).*|$)",
        r"(?:ne )?plus etre (?:re)?(?:contact|sollicit|derang|relanc|importun|demarch)\w*",
        r"comment (?:puis je |je peux |on peut |faire pour |je fais pour )?(?:me |m |ne |se )?(?:desabonn"
        r"|desinscri|arret|stopp|plus recevoir|ne plus)\w*(?:$| (?:recevoir )?(?:de |a |d )?(?:vos|ces|ca|cela"
        r"|cette|la liste|ce service|l envoi|les sms|les messages).*)",
        r"(?:numero|telephone|portable) (?:n est plus|ne lui appartient|n appartient|appartient|a change de "
        r"(?:proprietaire|titulaire))",
        r"(?:vous n ?avez|vous avez|sans) (?:pas |aucun |aucune |aucune? )?(?:mon |ma )?(?:autorisation"
        r"|consentement|permission|accord)(?! (?:de|pour) (?:l|la|le|mon) )",
        r"(?:bien )?(?:oubli\w+|effac\w+) (?:moi|mon numero|mes coordonnees)(?: svp| merci|$| ,)",
        r"(?:plus|jamais|pas|cess\w*|arret\w*|evit\w*|inutile|stop) (?:de |d )?(?:re)?(?:prendre|prenez|entrer "
        r"en|entrez en|reprendre) contact",
        r"(?:^|, )(?:de |d )?(?:arreter|cesser|stopper)(?: ca| cela| tout de suite| maintenant| svp)*$",
        r"(?:n |ne )?(?:ecri\w*|envo\w*) plus(?: ici| rien| jamais|$| a ce| sur ce)",
        rf"(?:(?:pas|plus) besoin|pas la peine|inutile) (?:de |d ?){ME}?r?envo\w* (?:d |de |des |vos |les |ces "
        rf")?(?:{MESSAGES}|annonces?|offres?)(?! de contrat)",
        r"j ?veux (?:plus|pas) (?:de |d )?(?:vos|tes|ces) (?:offres|annonces|propositions) par (?:sms|texto|message)",
        rf"(?:plus rien|rien|ne rien) {ME}?(?:envoyer|adresser)(?: d autre| de plus)?$|{ME}envo\w* plus rien",
        rf"{STOP} (?:\w+ )?(?:de |d )?(?:ecrire|envoyer|contacter|texter) (?:\w+ ){{0,3}}(?:ici|ce numero|ce "
        rf"tel\w*|mon numero)",
        rf"plus de {MESSAGES} de (?:recrutement|votre part|vous|chez vous|pub\w*|prospection)",
        rf"(?:pas la peine|inutile|pas besoin|plus besoin) (?:de |d )?(?:continuer|poursuivre) (?:\w+ "
        rf")?(?:{MESSAGES}|envois|a )",
        r"blacklist\w*|liste noire",
        r"(?:va te|allez vous) faire|ta gueule|fermez la|^degage\w*|foutez le camp",
        rf"(?:faites en sorte|veillez|assurez vous|faire en sorte|veiller) (?:[\w,]+ ){{0,6}}(?:plus|pas"
        rf"|aucun) (?:\w+ ){{0,4}}(?:{TEXT}|{MESSAGES}|contacte?e?s?)",
        r"(?:me suis|suis|jamais|pas) (?:\w+ )?(?:jamais|pas) (?:ete )?(?:inscrit|abonne)\w*|jamais (?:ete "
        r")?(?:inscrit|abonne)\w*",
        r"(?:de |d |vouloir )m ?oublier$",
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
        r"(?:dit|demande) a (?:mon|ma|mes|un|une) \w+",
        r"derang\w* pas",
        r"newsletter|infolettre",
        r"je (?:me |m )?(?:suis |ai |etais )tromp\w*|je me trompe",
        r"(?:dans|sur) (?:le|mon|ma|la) (?:formulaire|cv|dossier|candidature|fiche)",
        r"ancien\w*|(?:premier|precedent|dernier)\w* (?:message|sms|numero|mail)",
        r"[nj] ?(?:arret|cess)\w* (?:pas|jamais|surtout)",
        r"(?:vous|tu|on|il|elle|ils|personne) (?:ne )?(?:me |m ?|nous )\w+ (?:plus|pas)",
        r"visiteurs",
        r"(?<!a )(?<!de )nouveau",
        r"ne (?:me |m ?|nous )\w+ pas (?:de|du|des)",
        r"haha",
        r"(?:je prefere|plutot|mieux) .*(?:sms|messages?|textos?)$",
        r"avez (?:\w+ )?(?:arrete|supprime|efface|retire)",
    ),
    known_by="je me vous ne pas plus merci svp vos votre les des mon moi le la numero bonjour stp est du ca par",
    my_number=r"(?:mon|mes|ce|cette|ces) (?:numero|num|tel\w*|coordonnees|donnees|infos?|contact)",
    remove_it=r"(?:\w+ ){0,2}(?:ne )?(?:l |le )?utilis\w* (?:plus|pas)|(?:(?:et|donc|a|de|je|veux|vous) "
    r")*(?:supprim|effac|retir|enlev)\w*(?: (?:le|la|les|ca|cela|moi|tout))?(?: (?:immediatement|tout|de|suite"
    r"|maintenant|vite|vos|votre|liste|fichiers?))*",
)
