"""Spanish."""

from __future__ import annotations

from candidates.opt_out_phrases.phrases import Phrases, Vocabulary, few, not_then, stop_alone, words

MESSAGES = words(
    "mensajes? mensajitos? msjs? msjes? sms textos whatsapps? whats correos notificaciones spam publicidad cosas"
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
        cease=f"(?:{STOP}|basta|cesad|terminen)",
        write=f"(?:{ESCRIBIR}(?:me|nos)?|contactad[oa]|molestad[oa]|escriban|contacten|molesten)",
        written="(?:contactad[oa]|molestad[oa]|(?:me|nos) (?:vuelvan a |sigan )?(?:escri\\w+|contact\\w+"
        "|mand\\w+|molest\\w+))",
        messages=f"(?:{MESSAGES}|mensaje|comunicacion|contacto)",
        no="(?:no|nunca|ni|ningun|ninguna|jamas)",
        more="(?:mas|de nuevo|otra vez|jamas)",
        want="(?:quiero|deseo|quisiera|necesito|me interesa|autorice|pedi)",
        allowed=r"(?:permiso|autorizad[oa]s?|autorizo|autorice|derecho|consentimiento|permitido)",
        tired=r"(?:hart[oa]s? de|cansad[oa]s? de|hast[io] de|aburrid[oa] de)",
        off=r"(?:desactiv\w*|cancel\w*|suspend\w*|bloque\w*|eviten?|corten|detengan|frenen)",
        unwanted=r"(?:no (?:deseados|solicitados|queridos|son bienvenidos)|indeseados|molestos)",
        said=r"(?:ya )?(?:les |te |le )?(?:dije|he dicho|pedi|pido)(?: que| no| ya)*",
        stop=r"(?:paren|pare|basta|stop|dejen|alto|parar)",
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
        stop_alone(
            stop="(?:stop|alto|ya paren|paren|ya basta|basta|baja|no mas|ya no mas)",
            now=words("ya todo con_esto sms mensajes"),
            reasons=words("no_me_interesa numero_equivocado no hola no_estoy_interesad[oa] ya_tengo_trabajo"),
        ),
    ),
    unless=(
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
        r"(?:borraron|eliminaron|quitaron|perdi|borre) (?:mi|su|tu)(?! de)",
        r"no (?:hay|tengo|recibo|recibi|llegan|llegaron|veo) (?:mas )?\w+",
    ),
    known_by="me no de por que mas mi numero quiero favor gracias la ya los hola su sus lista",
)
