"""Spanish."""

from __future__ import annotations

from candidates.opt_out_phrases.phrases import Phrases, Vocabulary, few, not_then, stop_alone, words

MESSAGES = words(
    "alertas?_de_empleo alertas? mensa[gj]es? mensajitos? msjs? msjes? sms textos whatsapps? whats correos "
    "notificaciones spam publicidad cosas"
    " comunicaciones"
    " contacto"
)
STOP = words(
    "deja deje dejen dejad dejar dejes para pare paren parad parar cesen cese dejaran dejasen abstenganse"
    " abstengase eviten evite"
)
ESCRIBIR = words(
    "escribir contactar molestar textear mensajear acosar fastidiar hostigar joder chingar insistir spamear"
)
WRITE = words(
    "escri[bv](?:a|an|as|ais|ir) contact(?:e|en|es|eis|ar) molest(?:e|en|es|eis|ar) text(?:ee|een|ees)"
    " busque[ns]? mensajee[ns]?"
    " fastidi(?:en|es) jod(?:an|as) escrib(?:ieran?|iesen?) contacta(?:ran?|sen?) molesta(?:ran?|sen?)"
)
SEND = words("mand(?:e|en|es|eis|ar|aran?) envi(?:e|en|es|eis|ar|aran?)")
AGAIN = "(?:vuelvan? a |vuelvas a |volvais a |volviera[ns]? a |sigan? |sigas )?"
ONE_LIST = words(
    r"listas? \w*listas? base base_de_datos bases contactos agenda registros? sistemas? grupo chat difusion"
)
REMOVE = words(r"borr\w* elimin\w* quit\w* sac\w* saqu\w* retir\w* olvid\w* suprim\w* bajen\w* tach\w*")
NUMBER = "(?:numero|nro|num|telefono|contacto|celular|movil|cel)"
ABOUT_HOURS = words(
    r"antes despues hasta cuando durante mientras entre los_(?:fines|domingos|sabados) manana hoy de_noche"
    r" (?:en_el|al)_trabajo todavia aun por_telefono a_las tan_tarde sobre al_correo por_correo"
)

SPANISH = Phrases(
    "es",
    vocabulary=Vocabulary(
        cease=f"(?:abst[ei]\\w+|ces[ae]\\w*|detengan|suspend\\w*|terminen con|pongan fin a|renuncien a|{STOP}"
        f"|basta|cesad|terminen)",
        write=f"(?:{ESCRIBIR}(?:me|nos)?|contactad[oa]|molestad[oa]|escriban|contacten|molesten)",
        written="(?:contactad[oa]|molestad[oa]|(?:me|nos) (?:vuelvan a |sigan )?(?:escri\\w+|contact\\w+"
        "|mand\\w+|molest\\w+))",
        messages=f"(?:{MESSAGES}|mensaje|comunicacion|contacto)",
        no=r"(?:nadie|no|nunca|ni|ningun|ninguna|jamas)",
        more="(?:mas|de nuevo|otra vez|jamas)",
        want="(?:quiere|desea|quiero|deseo|quisiera|necesito|me interesa|autorice|pedi)",
        allowed=r"(?:permiso|autorizad[oa]s?|autorizo|autorice|derecho|consentimiento|permitido)",
        tired=r"(?:hart[oa]s? de|cansad[oa]s? de|hast[io] de|aburrid[oa] de)",
        off=r"(?:desactiv\w*|cancel\w*|suspend\w*|bloque\w*|eviten?|corten|detengan|frenen)",
        unwanted=r"(?:no (?:deseados|solicitados|queridos|son bienvenidos)|indeseados|molestos)",
        said=r"(?:(?:haberles|haberte) dicho|(?:les|te) (?:habia )?dicho|ya )?(?:les |te |le )?(?:dije|he dicho"
        r"|pedi|pido)(?: que| no| ya)*",
        stop=r"(?:pararan|dejaran|paren ya|paren|pare|basta|stop|dejen|alto|parar)",
        receive=r"(?:recibir|tener|recibiendo)",
        these=r"(?:esto|estas cosas|eso|estos)(?= (?:mas|nunca|de nuevo)|$| ,)",
        to_here=r"(?:a|en) (?:este|mi) (?:\w+ )?(?:numero|telefono|celular|movil)",
        to_me=r"(?:me|nos)",
        send=r"(?:mand\w+|envi\w+)",
        remove=r"(?:(?:saquen|quiten|borren|eliminen|saca|quita|borra|elimina)(?=me )|borr\w+|elimin\w+|quit\w+"
        r"|saqu\w+|sacar\w*|suprim\w+|retir\w+)",
        me=r"(?:me|nos)",
        mine=r"(?:mi|mis|este) (?:numero|num|telefono|celular|movil|contacto|datos)",
        old=r"(?:viejo|anterior|otro|segundo|nuevo|no)",
        lists=r"(?:(?:su|sus|tu|la|esta|vuestra|vuestros) (?:\w+ )?(?:archivos|listas?|base|registros?|sistema"
        r"|agenda|contactos)(?! de (?:espera|visitantes|invitados)))",
        forbid=r"(?:prohib\w+|rechazo|me opongo|opongo|niego|no autorizo|no a)",
        other_person=r"(?:escrib\w*|mand\w*|envi\w*|molest\w*|contact\w*|busqu\w*)",
        someone_else=r"(?:a otr[oa]s?|a otra persona|otra persona|a alguien mas)",
        mistaken=r"(?:(?:tienen?|tienes|esta) mal (?:el|mi) numero|(?:numero|num|nro|persona|telefono|contacto"
        r"|celular) (?:equivocad[oa]s?|incorrect[oa]|errone[oa])|equivoc\w+ de (?:numero|persona|telefono"
        r"|contacto)|no es (?:mi|el|su|este el|la) (?:numero|telefono|celular|movil|persona)(?! de (?:cuenta"
        r"|seguridad|seguro))|(?:numero|telefono|celular|movil) (?:ya )?(?:no es|pertenece|es de otra)|aqui no "
        r"(?:vive|hay|esta|existe)(?: ningun| ninguna)? \w+|confund\w+ (?:de persona|conmigo|de numero)|(?:me "
        r")?confund\w+ con)",
        once_more=r"(?:un|otro|uno|una|el proximo|la proxima|la siguiente) (?:solo )?(?:mensaje|sms|whatsapp"
        r"|mas|vez|texto)(?: mas)?",
        consequence=r"(?:denunci\w*|bloque\w*|policia|abogad[oa]|report\w*|queja|demand\w*)",
        apart="(?:pero|y|si|cuando|antes|hasta|para que|yo|perder|ofertas?|sobre|al|por correo|dejen)",
    ),
    asks=(
        rf"(?:me|nos) (?:pueden?|podrian?|podeis) (?:sacar|quitar|borrar|eliminar) de {few(2)}{ONE_LIST}",
        rf"como (?:salgo|me salgo|me quito) de {few(2)}{ONE_LIST}",
        rf"(?:borren|quiten|eliminen)(?:lo|la|me) de {few(2)}{ONE_LIST}",
        r"opongo",
        rf"no (?:usen|use|utilicen) (?:mas )?(?:mi|este) {NUMBER}",
        r"escriban?le a otr\w+",
        r"(?:^|, )no (?:contactar|escribir|molestar)$",
        rf"^sin {MESSAGES}$",
        r"no doy (?:mi )?(?:consentimiento|permiso)",
        r"no hace falta que me (?:escrib|contact|mand)\w*",
        r"fuera de (?:su|la) lista",
        r"(?:parenle|parale) (?:ya )?con",
        r"no esten (?:escribiendo|mandando|enviando)",
        r"no mas ofertas (?:por sms|por mensaje)",
        rf"salir de {few(2)}{ONE_LIST}",
        r"ningun (?:contacto|mensaje mas)",
        r"no (?:quiero|deseo|quisiera) recibir (?:mas |ninguna )*(?:informacion|nada) (?:por (?:este|esta|aqui)|suy)",
        # dejen de escribirme
        rf"{STOP} (?:ya )?de (?:mandarme|enviarme|estar \w+ndo)$",
        r"no (?:volver a )?(?:contactarme|escribirme|molestarme|textearme)(?! (?:antes|hasta|por))",
        # no me escriban más
        rf"(?:no|nunca|ni) (?:(?:me|nos) {AGAIN}{WRITE}|(?:le|les) {AGAIN}{WRITE}(?! a ))" + not_then(ABOUT_HOURS),
        rf"(?:no|nunca|ni) (?:me |nos )?{AGAIN}{SEND} {few(2)}(?:{MESSAGES}|nada)" + not_then(ABOUT_HOURS),
        rf"no (?:me|nos) {SEND}(?: mas)?$",
        r"no molest(?:en|es|e)(?: mas)?$",
        r"(?:no|nunca) (?:vuelvan?|vuelvas|volvais) a (?:escribir|contactar|molestar|mandar|enviar)(?:me|nos)",
        # no quiero recibir más mensajes
        r"no (?:quiero|deseo) recibir (?:nada )?mas$",
        r"^para ya$",
        r"de baja de (?:su|la|esta) lista",
        r"no autorizo",
        r"^(?:saquen|borren|quiten|eliminen|saca|borra|quita)(?:me|nos)$",
        rf"no (?:quiero|deseo|quisiera|necesito) (?:mas |sus |tus |vuestros |estos |recibir )*(?:{MESSAGES}|nada$)",
        # bórrenme de la lista, denme de baja
        r"(?:borr|elimin|quit|sac|saqu)\w*(?:me|nos) de (?:ahi|aqui|esto)",
        rf"{REMOVE} (?:mi|este|ese) {NUMBER}",
        rf"{REMOVE} mis datos",
        rf"{REMOVE} de mi(?: numero)?$",
        rf"(?:borr|elimin|quit|sac|saqu|retir|suprim|baj|tach)\w*(?:me|nos) {few(1)}del? {few(2)}{ONE_LIST}",
        rf"(?:me|nos) (?:borr|elimin|quit|sac|saqu|retir|suprim|baj)\w* {few(1)}de {few(2)}{ONE_LIST}",
        r"(?:darme|darse|darnos|denme|deme|dame|dadme|me doy|me den|me de|dar|me dieran|me dan|me dais|date) de baja",
        r"solicito (?:la |mi )?baja$",
        r"desuscri\w*",
        r"desinscrib\w*",
        r"desapunt\w*",
        r"(?:cancel|anul)\w* (?:la |mi |esta )?suscripcion",
        r"dej\w* (?:ya )?(?:en paz|tranquil[oa]s?)(?! (?:el|la|para|hasta))",
        r"(?:no|ni un|basta|basta de|basta ya de|basta ya|nada de|cero|alto a|stop)(?: con)?(?: los| sus|"
        rf" tantos| estos| tus| mas)* {MESSAGES}",
        # consentimiento
        r"(?:nunca|jamas|no) (?:les |te |le )?(?:di|he dado|autorice|acepte) (?:\w+ ){0,2}(?:permiso"
        r"|consentimiento|autorizacion|recibir|mensajes|mi numero)",
        r"sin mi (?:permiso|consentimiento)",
        rf"(?:hart[oa]s?|cansad[oa]s?) (?:de|con) {few(2)}{MESSAGES}",
        r"(?:voy a|los|te|les) (?:bloquear|denunciar|bloqueo|denuncio|reportar)(?:los|te|les)?",
        r"no (?:hace|hara) falta que (?:(?:me |nos )|(?=sig|vuelv))(?:sigan? |vuelvan? a |sigas )?(?:escrib"
        r"|contact|mand|envi|molest)\w*",
        r"no (?:vuelv\w+|volv\w+) a (?:escribir|contactar|molestar|mandar|enviar|comunicar)(?:me|nos|se)?",
        r"(?:no|ni) (?:me |nos )?insist(?:an|as|a|ir)",
        r"no (?:quiero|kiero|deseo|quisiera) (?:\w+ )?saber (?:\w+ ){0,2}de (?:ustedes|vosotros|usted|su"
        r"|vuestra|esta)",
        r"no (?:\w+ ){0,4}comuni\w+ (?:mas )?conmigo",
        rf"(?:deja|dejen|dejad|paren|pueden|podrian|podeis|basta|parad) (?:ya )?(?:de |con )?(?:\w+ )?(?:dejar "
        rf"de |parar de |parar con )?(?:mandar|enviar|escribir|molestar|contactar|textear|mensajear)(?:me|nos"
        rf"|le|les)?(?! (?:a |cuando|lo|la|el))(?<=me|ar|ir|os|le)(?: {MESSAGES}| mas| tantos?|$| ,)",
        r"(?:dejen|deja|dejad|pueden dejar|podrian dejar) (?:ya )?de (?:mandar|enviar|escribir|molestar"
        r"|contactar)(?:me|nos)?",
        rf"(?:stop|paren|pare|basta|alto|cesen|corten)(?: ya)? (?:a |con |de |las? |los? |el )*(?:tantos? "
        rf")?(?:{MESSAGES}|comunicaciones|acoso)",
        r"(?:como|donde) (?:hago|puedo|se hace|le hago) (?:\w+ ){0,3}(?:no recibir|dejar de recibir|salir|darme"
        r"|cancelar|borrarme|quitarme|parar|que (?:no|dejen))",
        r"(?:ya )?(?:les|le|te|os) (?:dije|he dicho|pedi|habia dicho) que (?:no|ya no|dej\w+|par\w+)",
        r"(?:numero|num|datos|telefono|contacto) (?:[\w,]+ ){0,6}(?:borren|elimin\w+|quiten|saquen|borr\w+"
        r"|suprim\w+)(?:lo|los|me)?$",
        r"(?:que |ke )?(?:supriman|borren|eliminen|quiten|saquen|retiren|elimine|borre) (?:\w+ )?(?:mi|mis"
        r"|este) (?:numero|num|telefono|datos|contacto|celular|movil|nombre)(?! (?:anterior|viejo|de (?:cuenta"
        r"|la)))",
        r"(?:ya )?(?:estuvo|estuvo bueno|no (?:me )?(?:manden|envien|mande|envie) (?:ya |mas )?(?:nada"
        r"|mas)$)(?:$| ,)",
        r"(?:revoco|retiro|anulo|cancelo) (?:\w+ )?(?:consentimiento|autorizacion|permiso)",
        r"(?:que )?no (?:me|nos) (?:contact\w+|escrib\w+|mand\w+|envi\w+|molest\w+|busqu\w+) (?:mas$|nunca|jamas)",
        r"no (?:tienen?|tienes) (?:\w+ )?(?:autorizacion|permiso|consentimiento|derecho)",
        r"(?:quitar|borrar|sacar|eliminar|remover|quitarme|borrarme|sacarme|eliminarme) (?:de|del) (?:su |la "
        r"|esta |vuestra )?(?:lista|base|grupo|sistema)(?! de (?!datos|difusion))",
        r"no soy (?:esa persona|quien|la persona)|se equivoc(?:aron|o|an)(?:$| ,)",
        r"(?:nunca|no|jamas) (?:les |le |te )?(?:di|he dado|deje) (?:mis datos|mi numero|mi telefono)",
        r"no quiero que (?:\w+ )?(?:me |nos )?(?:vuelv\w+ a|sig\w+|escrib\w+|contact\w+|mand\w+|envi\w+"
        r"|molest\w+)(?! (?:al?|por correo|antes|cuando) )",
        r"esto es (?:\w+ )?(?:acoso|spam|hostigamiento)|es un acoso",
        r"(?:ya )?(?:es|fue) suficiente$|^suficiente(?: ya)?$|^(?:ya )?basta(?: ya)?$",
        r"olvid\w+ (?:de mi|mi numero|este numero)",
        r"(?:como|donde) me doy de baja",
        r"(?:den|dar|da|dad|dame) de baja (?:a )?(?:mi|este)",
        rf"(?:borr|elimin|quit|sac|saqu|retir|suprim)\w*(?:me|nos) (?:de|del) (?:sus |los |estos |tus "
        rf")?(?:{MESSAGES})$",
        r"no (?:me |nos )(?:vuelv\w+ a )?busc\w+(?: mas)?$|no (?:me |nos )vuelv\w+ a buscar",
        r"no (?:me |nos )?jod\w+|vayanse a|vete a la|vayan a la|al carajo|vayase a la",
        r"(?:asegurense|procuren|hagan) (?:de )?(?:que|para que) (?:\w+ ){0,3}no (?:\w+ ){0,3}(?:escrib|contact"
        r"|mand|envi|lleg|recib)\w*",
        r"(?:nunca|no) me (?:inscribi|registre|apunte|suscribi|anote)(?:$| ,| (?:a|en) (?:esto|sus|nada|este))",
        r"dej\w* (?:ya )?(?:quiet[oa]s?)",
        stop_alone(
            stop="(?:stop|alto|ya paren|paren|ya basta|basta|baja|no mas|ya no mas)",
            now=words("ya todo con_esto sms mensajes"),
            reasons=words("no_me_interesa numero_equivocado no hola no_estoy_interesad[oa] ya_tengo_trabajo"),
        ),
    ),
    unless=(
        r"(?:mande|envie|manden|envien) (?:el|la) (?:contrato|carta|formulario|uniforme|documento)",
        r"^en el trabajo",
        r"antigu[oa]",
        r"no (?:se |te )?olvid\w*",
        r"no (?:he|hemos|habia) recibido",
        r"(?:dejemos|podemos|hablemos|mejor no me)",
        r"no (?:me |nos )?(?:lleg\w+|recibi|recibo|recibimos|aparec\w+) (?:ningun\w*|mas|nada)",
        r"bolet\w+|newsletter",
        r"(?:puse|escribi|di el|anote|(?<!me )(?:mande|envie)|me equivoque)(?! permiso)",
        r"en (?:el|mi) (?:formulario|cv|curriculum|solicitud)",
        r"no (?:dej\w+|par\w+) de",
        r"no quiero que dej\w+",
        r"viejo",
        r"anterior",
        r"(?<!de )nuevo",
        r"no (?:me|nos) (?:quit|sa[qc]|borr|elimin)\w+ (?:de|del)",
        r"de baja (?:\w+ )?en (?:mi|el|la)",
        r"jaja",
        r"desde (?:el|la|hace|que)",
        r"lista de espera",
        r"candidatura",
        r"(?:borraron|eliminaron|quitaron|perdi) (?:mi|su|tu)(?! de)|borre (?:mi|su|tu) (?!contacto|numero"
        r"|telefono|celular|datos)",
        r"no (?:hay|tengo|recibo|recibi|llegan|llegaron|veo) (?:mas )?\w+",
    ),
    known_by="me no de por que mas mi numero quiero favor gracias la ya los hola su sus lista",
    my_number=r"(?:mi|mis|este) (?:numero|num|telefono|datos|contacto|celular|movil)",
    remove_it=r"(?:\w+ ){0,2}no (?:lo |la )?(?:us|utilic)\w+(?: mas)?|(?:(?:y|ya|quiero|que|lo|los) )*(?:borr"
    r"|elimin|quit|saqu|suprim)\w*(?: (?:ya|ahora|inmediatamente|todo|por))*",
)
