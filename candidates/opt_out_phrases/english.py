"""English."""

from __future__ import annotations

from candidates.opt_out_phrases.phrases import Phrases, Vocabulary, few, not_then, stop_alone, words

MESSAGES = words(
    r"communications? correspondence solicitations? job_ads? job_offers? reminders? updates? dms? texts? txts? "
    r"text_messages? messages? msgs? sms(?:es)? whatsapps? notifications? spam(?:s|ming)? e?mails? contact"
    r" communications? outreach texting messaging alerts? blasts? pings? ads? adverts promos? promotions"
)
TEXT = words(
    "get_in_touch get_in_contact make_contact approach solicit dm nag chase hound text tex txt message msg sms "
    "contact bother spam harass hassle e?mail write write_to whatsapp pester ping disturb"
    " reach_out reach_out_to hit_up communicate_with"
)
TEXTING = words(
    "getting_in_touch approaching soliciting nagging chasing hounding communicating dming trying_to_(?:contact"
    "|reach) reaching_out_to te?xt?(?:ing|in) txt messag(?:ing|in) msging contact(?:ing|in) bother(?:ing|in) "
    "spamm(?:ing|in) harass(?:ing|in)"
    " hassling e?mailing writing whatsapping pestering pinging bugging disturbing reaching_out"
    " following_up smsing hitt?(?:ing|in)_(?:me_)?up"
)
ME = words("me us my_(?:number|phone|cell) this_(?:number|phone)")
YOU = words("you u yall you_guys you_people ur_company")
DONT = words("dont donot do_not dont_you dont_ever do_not_ever never dont_u dont_you_dare and_not nor")
NOT_WANT = (
    r"(?:dont|do not|no longer|never|not|didnt|did not|dnt) "
    r"(?:want|wish|care|consent|agree|interested|need|sign|subscribe|ask|authori[sz]e)\w*"
)
KINDS_OF = words(
    "any no more your ur these the those all such further future random unsolicited spam marketing jobs?"
    " recruiting of text"
)
ONE_LIST = words(
    "lists? data_?base contacts? contact_list system records? files? books? distribution mailing texts messages crm"
    " text_list thread group phone communications mailings outreach chat"
)
NO_LIST = words("waiting wait short shortlist main reserve guest rota visitors?")
ABOUT_HOURS = words(
    r"before until till during while when between after past at_(?:work|night|\d\w*) on_(?:\w+days?|weekends?) "
    r"so_late"
    r" this_late late so_early today tonight tomorrow (?:this|next)_week yet unless at_the_moment right_now_im"
)
ELSEWHERE = words("by at in on for over and then to off if so when")
ABOUT_SOME_JOBS = r"(?:about|regarding|for) .*(?:in|at|near|shifts?)"
OTHERS = words("you u him her them people candidates everyone my_(?!number|phone|cell)")

ENGLISH = Phrases(
    "en",
    vocabulary=Vocabulary(
        cease="(?:desist from|refrain from|discontinue|terminate|abstain from|put an? (?:end|stop) to|suspend"
        "|cut out|drop|no need for|not need|without|stop|quit|cease|halt|end)",
        write=TEXTING,
        written="(?:contacted|texted|messaged|spammed|bothered|disturbed)",
        messages=MESSAGES,
        no=r"(?:nobody|no one|noone|wont|doesnt|dont|do not|no longer|not|never|didnt|dnt)",
        more="(?:any ?more|no more|again|any longer)",
        want="(?:(?:want|wish|need)(?:ing|ed|s)?|interested|care|agree|consent|asked?)",
        allowed=r"(?:permission|permitted|allowed|authori[sz]ed|right|consent)",
        tired=r"(?:tired of|fed up with|sick of|done with|had enough of|enough of)",
        off=r"(?:turn off|switch off|disable|deactivate|cancel|mute|avoid|block|quit)",
        unwanted=r"(?:unwanted|unwelcome|(?:not|arent|isnt) (?:\w+ )?(?:wanted|welcome|appreciated|needed"
        r"|required))",
        said=r"(?:(?:i|we) (?:thought i |have )*(?:told|asked) (?:you|u|yall)|i|we) (?:already |have |just "
        r")*(?:said|told you|asked you)(?: to| no| already)*",
        stop=r"(?:stop|quit)",
        receive=r"(?:get|getting|receive|receiving)",
        these=r"(?:these|this|those|them|this stuff)(?= (?:any ?more|again|any longer|in future)|$| ,)",
        to_here=r"(?:to|on|at) (?:this|my) (?:\w+ )?(?:number|phone|line|cell|mobile)",
        to_me=r"(?:me|us)",
        send=r"(?:send|sending|sent)",
        remove=r"(?:delet\w*|remov\w*|eras\w*|scrub\w*|wiped?|purged?|taken? off|take me off|struck|scratch)",
        me=r"(?:me|us)",
        mine=r"(?:my|this) (?:\w+ )?(?:number|phone|cell|mobile|contacts?|contact details|details|data|phone number)",
        old=r"(?:old|previous|wrong|other|second|new|first)",
        lists=r"(?:(?:your|ur|this|these|the|all) (?:\w+ )?(?:lists?|systems?|database|records|files|books|crm"
        r"|contacts))",
        forbid=r"(?:forbid|prohibit|object to|refuse|decline|reject|oppose|say no to|no to)",
        other_person=r"(?:text|message|contact|bother|spam|harass|annoy|write|pester|try)",
        someone_else=r"(?:someone|somebody|anyone|anybody) else",
        mistaken=r"(?:(?:wrong|incorrect) (?:number(?! of)|num|nr|no|person|phone|guy|girl|lady|woman|contact"
        r"|recipient)|(?:not|isnt|no longer|never was) (?:my|her|his|their|the right|\w+s) (?:number|phone|cell"
        r"|mobile)|(?:number|phone) (?:now )?(?:belongs to|was given to|has a new owner)|no ?(?:one|body) "
        r"(?:here )?(?:called|named|by that name)|(?:theres|there is) no \w+ (?:here|at this|on this)"
        r"|(?:mistaken|mistaking|mixed|confused|confusing) (?:me|us) (?:for|up|with))",
        once_more=r"(?:one more|another|next|1 more) (?:single )?(?:text|message|msg|sms|time|one)",
        consequence=r"(?:report\w*|block\w*|lawyer|attorney|police|sue|legal|court|complain\w*|complaint|fcc"
        r"|ico|ftc)",
        apart=f"(?:{ELSEWHERE}|miss|lose|hear|talk|discuss|sure|problem|of|about|a|your next)",
    ),
    asks=(
        # stop texting me
        rf"(?:stop|stopped|quit|cease|refrain from|cut out) {few(3, but=ELSEWHERE)}{TEXTING}(?! {OTHERS}(?!\w))"
        + not_then(ABOUT_HOURS)
        + not_then(ABOUT_SOME_JOBS),
        rf"(?:stop|quit|cease) (?:sending|with) {few(4)}(?:{MESSAGES}|these|this|crap|stuff)"
        + not_then(ABOUT_SOME_JOBS),
        r"(?:stop|cease|discontinue|end|enough|desist|halt)(?: it| with| of| all| the| these| your| any| this|"
        rf" further| from| ur| constant| so many)+ {MESSAGES}",
        r"cease and desist",
        r"^(?:kindly )?(?:desist|refrain)(?: from this)?$",
        r"(?:stop|quit) sending$",
        r"(?:can|may|could) stop(?: now| this)?$",
        r"^(?:stop )+stop$",
        r"(?:stop|enough of) this (?:nonsense|crap|shit|spam)",
        r"^enough(?: is enough)?$",
        rf"no need to {TEXT}(?: {ME})?(?: again| any ?more)?$",
        r"unsu[bs]s?c\w* from (?:all|everything)",
        r"opt out from all",
        r"blowing up my phone",
        r"leave my (?:number|phone) (?:alone|out of (?:this|it))",
        rf"how (?:do|can) (?:i|we) (?:get|opt) (?:off|out)(?: of)? (?:this|these|your) {few(1)}{MESSAGES}",
        r"(?:appreciate|prefer|like|love|rather)(?: it)?(?: to)? not (?:to )?hear(?:ing)? (?:anything )?from"
        r" (?:you|your|u)",
        rf"(?:off|out of|from) (?:this|your|ur) {few(2, but=NO_LIST)}lists?",
        rf"(?:delete|remove|erase) (?:it|this|me) from {few(2)}{ONE_LIST}",
        r"not allowed to (?:text|message|contact|write)",
        r"no right to (?:text|message|contact|write)",
        r"last time (?:\w+ ){0,4}(?:to stop|stop)",
        r"object to (?:\w+ ){0,3}(?:processing|use) (?:of )?(?:my|this)",
        r"(?:erasure|deletion|removal) of my (?:number|data|details|information)",
        r"erase my (?:data|number|details)",
        r"(?:next|another|one more) (?:text|message) .*(?:police|report|block|lawyer)",
        r"stop wasting (?:my|our) time",
        r"(?:text|message|contact) (?:someone|somebody|anyone) else",
        r"someone else to text",
        r"(?:dont|do not) have (?:my |any )?(?:permission|consent)",
        r"(?:would|do) you mind not (?:texting|messaging|contacting)",
        r"(?:respect|honou?r) my (?:wish\w*|request)",
        r"^i (?:do not|dont) consent$",
        r"hear anything from you",
        r"let me be$",
        r"lemme alone",
        r"never ever (?:text|contact|message|write)",
        r"^(?:no|without) (?:job )?(?:texts?|sms|messages)$",
        r"(?:messages|texts|this|it|these|spam) (?:really )?(?:needs?|have|has|must|should|ha[sd] got|got) (?:to"
        r" )?(?:stop|end)(?: now)?$",
        r"(?:not|stop) (?:getting|receiving|to get|to receive) any ?more(?: of (?:these|them|this))?",
        r"make (?:it|this|them|these|the \w+) stop",
        r"(?:want|need|like) (?:this|these|it|the \w+|your \w+) to stop",
        # don't text me
        rf"(?<!if you )(?<!if they )(?<!if u ){DONT} {TEXT} {ME}" + not_then(ABOUT_HOURS),
        rf"{DONT} {TEXT}(?: again| any ?more| further| back| or call| this)*$",
        rf"(?:if|that|prefer|rather) {YOU} (?:didnt|did not|would not|wouldnt|never|no longer) {TEXT}(?:ed|ged)?"
        rf" {ME}" + not_then(ABOUT_HOURS),
        r"(?:not|dont|never|not to|no need to) send (?:me |us )?(?:any ?more|any|more|further|these|another"
        rf"|your) {few(2)}{MESSAGES}",
        rf"(?:dont|do not|stop|never) us(?:e|ing) (?:my|this) {few(1)}(?:number|phone)",
        # take me off your list
        rf"(?:take|remove|delete|drop|get|strike|scrub|scratch|cross|pull) (?:me|us|my|this|our) {few(5)}(?:off"
        rf"|from|out of|out|of) {few(3, but=NO_LIST)}{ONE_LIST}",
        r"my number .*(?:delete|remove|erase|lose|forget) it(?:$| ,)",
        r"(?:not interested|no interest) (?:\w+ ){0,5}in (?:getting|receiving|having) (?:\w+ )?(?:texts"
        r"|messages|sms)",
        r"(?:take me (?:off|out)|get me off|remove me|remove us)(?: now| asap| immediately| from this| of this|"
        r" off this| whatever .*| everything| all .*)?(?:$| ,)",
        r"(?:take|get|keep) (?:my|this) (?:\w+ )?number (?:off|out)",
        rf"(?:get|be|want|taken) (?:me )?off (?:of )?{few(2, but=NO_LIST)}{ONE_LIST}",
        rf"(?:no longer|not|dont|didnt|never) {few(1)}(?:want |wish |ask |like )?to be (?:on|part of|in)"
        rf" {few(3)}{ONE_LIST}",
        r"(?:loo?se|delete|forget|erase|remove) (?:my|this) (?:phone |cell |mobile )?(?:number|contact|info\w*"
        r"|details)",
        # unsubscribe
        r"unsu[bs]s?c\w* (?:me|us|my (?:phone |cell )?number|this (?:number|phone))",
        r"opt (?:me|us) out",
        r"opt out (?:my|this) number",
        r"(?:let|get) me (?:unsu[bs]s?c\w*|opt) out",
        r"let me unsu[bs]s?c\w*",
        r"unsub me",
        r"(?:me|im|i am) (?:opting out|unsubscribing)",
        rf"(?:to|i|and) (?:unsu[bs]s?c\w*|opt out)(?: (?:of|from) {few(3)}(?:{MESSAGES}|this|these|it|everything"
        r"|list)|$| ,)",
        rf"no (?:more|further) {few(1)}{MESSAGES}",
        r"leave (?:me|us) (?:the \w+ )?(?:alone|be)",
        r"(?<!to )(?:fuck|piss|f|bugger|sod|buzz) off",
        r"^(?:no |ok |so |now |, )*(?:go away|get lost)$",
        # I don't want your texts
        rf"{NOT_WANT}(?: to| in)? (?:hear(?:ing)? (?:any ?more )?(?:from|back)|be(?:ing)? (?:contacted|texted"
        r"|messaged|bothered|e?mailed|spammed))",
        rf"{NOT_WANT}(?: to| in| up| for)*(?: receive| receiving| get| getting| have)?(?: {KINDS_OF})* {MESSAGES}",
        rf"{NOT_WANT} to (?:receive|get|be receiving|keep getting) (?:any|these|your|such|this)(?: \w+)?(?: any"
        r" ?more| any longer)?$",
        # consent
        rf"(?:withdraw|revoke|rescind|remove|retract|take back)\w* {few(1)}(?:consent|permission|opt in)",
        rf"(?:never|didnt|did not|havent|have not) (?:gave|give|given) {few(3)}(?:permission|consent)"
        rf"|(?:{TEXTING}|{MESSAGES}) (?:me )?without my (?:permission|consent)",
        r"(?:ill|will|gonna|going to|im|have to|be|am) (?:\w+ )?(?:block|report)(?:ing)? (?:you|u|this number"
        r"|your number|this as spam)",
        r"(?:dont|do not) (?:reply|respond)(?: to me)? (?:again|any ?more)",
        r"bother (?:someone|somebody|anyone) else",
        r"knock it off",
        r"cut it out",
        r"(?:do not|dont) (?:call|contact|text) (?:list|registry)",
        rf"(?:make sure|ensure|see to it|making sure) (?:\w+ ){{0,6}}(?:nobody|no ?one|none|not|dont|doesnt"
        rf"|never|stop\w*) (?:\w+ ){{0,6}}(?:{TEXT}s?|{TEXTING}|texted|contacted|messaged|(?:get|receive) "
        rf"(?:\w+ ){{0,3}}(?:{MESSAGES}|these|this|those))",
        rf"{MESSAGES} (?:\w+ ){{0,3}}(?:to|must|should|has to|have to|needs? to) (?:end|stop|cease)",
        r"(?:take|remove|delete?|erase|scrub|wipe|purge|lose|forget|drop|clear|remove) (?:\w+ )?(?:my|this) "
        r"(?:\w+ )?(?:number|phone|cell|mobile|info|details|data|contact|contacts)(?: off| out| from| right| "
        r"now| asap|$| ,| and)",
        r"want out(?:$| of)",
        r"(?:already|thought i|i have) (?:\w+ ){0,2}(?:opted out|unsubscribed)",
        r"asked (?:you |u |yall )?(?:guys |people )?(?:\w+ )?to (?:be )?(?:stop|removed|taken off|deleted|left "
        r"alone|remove me)",
        r"(?:no point|pointless|no use|no sense|useless|needless) (?:in )?(?:\w+ )?(?:texting|messaging"
        r"|contacting|writing)",
        rf"(?:no|dont|not|wont) need(?:ed)? (?:for you |to |you to |any |your )*(?:{TEXT}|{MESSAGES}) (?:\w+ "
        rf"){{0,3}}(?:any ?more|again|any longer|further|in (?:the )?future)",
        rf"(?:you|u) (?:guys |people |all )?(?:keep|kept|continue to|continue) (?:on )?{TEXTING} (?:my|this"
        rf"|the wrong|me even|someone)",
        rf"(?:enough|stop|done|quit) (?:already |it )*with (?:\w+ ){{0,2}}(?:{MESSAGES}|{TEXTING})",
        r"(?:nothing|anything|something) (?:more )?to do with (?:you|your|ur|this company)",
        rf"{TEXT} {ME} no (?:more|longer)",
        r"(?:take|remove|delete|get) my name (?:off|out|from)(?:$| (?:of )?(?:your|ur|this|all|the list|everything))",
        r"^(?:stop|enough) (?:it|this|that)(?: now| already)*$",
        rf"{DONT} (?:(?:\w+ ){{1,2}}(?:or|and|nor) )?{TEXT} {ME}(?:$| ,| again| any)",
        r"(?:didnt|did not|never) (?:sign(?:ed)? up|subscribed?|register(?:ed)?|enrol\w*)(?:$| ,| for (?:this"
        r"|these|any|your|texts?))",
        r"^(?:im |i am |ill |i will )?(?:now )?(?:blocking|block|reporting|report) (?:you|u|this|your number)",
        r"how (?:do|can|would) (?:i|we|you) (?:stop|unsu[bs]s?c\w*|opt out|get off|end|turn off|cancel)(?: "
        r"(?:of |from |getting |receiving )?(?:this|these|it|your|the (?:texts|messages|list)).*|$)",
        r"no (?:more|further) (?:contact|texting|messaging|msgs?|of (?:this|these))",
        rf"{DONT} {TEXT} (?:to )?(?:it|here|this (?:number|phone|one)|that (?:number|phone))",
        rf"{DONT} (?:\w+ )?send (?:me |us |him |her )?(?:anything|nothing)(?: else| more| again| any ?more| "
        rf"further)*$",
        r"(?:^|, )enough(?: already| now)*$",
        rf"(?:can|could|would|will|please|if) (?:you |u |yall )?(?:guys |people |all )?not (?:\w+ )?{TEXT} {ME}"
        + not_then(ABOUT_HOURS),
        rf"no need to (?:keep|continue|carry on|go on) (?:on )?(?:with )?(?:{TEXTING}|{MESSAGES}|sending)",
        r"give it a rest|pack it in|lay off(?: me| the|$)",
        r"(?:dont|do not|donot|never|dont ever) (?:ever )?(?:talk|speak|reply|respond|come back|get back) to "
        r"(?:me|us)(?: again| any ?more| ever again)+",
        r"(?:fuck|screw) (?:you|u|this|yourself|yourselves)|eat shit|^shut (?:the fuck )?up$|get lost|piss off"
        r"|go to hell",
        r"forget (?:about )?me$",
        stop_alone(
            stop=words(r"stop unsu[bs]s?c\w* stop_?all opt_?out revoke remove delete_me no_more quit_it"),
            now=words("it this that now already immediately asap everything all spam ok"),
            reasons=words(
                r"no ok enough not_interested i_?a?m_not_interested no_longer_(?:interested|looking) not_looking"
                r" wrong_\w+ im_good hi hello hey no_thanks? who_is_this who_are_you i_(?:found|have|got)_a_job"
                " (?:already_)?(?:hired|employed)"
            ),
        ),
    ),
    unless=(
        r"(?:shall|should|can|could|lets|let) (?:we|us) (?:\w+ )?(?:stop|not)|lets (?:\w+ )?(?:stop|not)",
        r"newsletter",
        r"(?:gave|typed|put|wrote|entered|filled|sent|had|have used|used|dialed|called) (?:\w+ ){0,5}(?:wrong"
        r"|incorrect)",
        r"(?:wrong|incorrect) \w+ (?:in|on) (?:my|the)",
        r"(?:waiting|wait|guest|short|rota) ?list",
        r"stopped (?:getting|receiving|working)",
        r"(?:dont|do not|never|not|cant|cannot|couldnt|wouldnt|wont|didnt|doesnt) (?:(?!interested|looking)\w+"
        r" ){0,2}(?:stop|stopped|quit)(?!.* (?:so|and) (?:stop|quit))",
        r"(?:did|have|has|had|do) (?:you|they|we|u) (?:\w+ )?(?:stop|stopped|quit|stopping)",
        r"(?<!if )(?<!wish )(?:you|u|they|he|she|who|has|have) (?:all |guys )?stopped",
        r"why(?!.* (?:said|told|asked) )",
        r"(?<!if )(?:you|u|they|he|she) (?:all |guys )?(?:never|dont|do not)(?! have (?:my|any|the|permission"
        r"|consent))",
        r"(?:tell|told|telling|ask|asked|asking|want|wants|wanted|got|made|had) (?!you|u|yall|this|these|it|your"
        r"|to)\w+ (?:\w+ ){0,2}(?:to )?stop",
        r"(?:reply|text|send|say|saying|says|said|type|answer|wrote)(?:ing)? stop to",
        r"(?:new|old|other) (?:number|one|phone)",
        r"(?:text|message|sms|whatsapp)(?:ing)?(?: me)? (?:instead|rather|only)",
        r"(?:text|texts|texting|sms|messages?|whatsapp) (?:is|are|works) (?:better|best|fine|ok|easier)",
        r"hear back only",
        r"(?:dont|do not|didnt) (?:want|mean|like) to (?:bother|disturb|pester|annoy|spam)(?! me)",
        r"by (?:the|my|a|his|her) (?!text|sms|message)\w+",
        r"haha",
        r"i love",
        r"too (?:kind|funny)",
        r"(?:did|have) you (?:\w+ )?(?:delete|remove|lose|unsubscribe)d?",
        r"(?:dont|do not|cant) (?:delete|remove|lose|forget|take me|take my|unsubscribe|get me|drop)",
        r"(?:wont|doesnt|dont|cant|not) leave me",
        r"leave me alone (?:with|for|in|on)",
        r"(?:got|get|getting|received|seen|have|had|there (?:are|were)) no more",
    ),
    known_by="the you me i to and please thanks my from your of pls it this dont text off for",
    my_number=r"(?:my|this) (?:\w+ )?(?:number|phone|details|data|contact|info\w*)",
    remove_it=r"(?:\w+ ){0,2}(?:dont|do not|never|stop) us(?:e|ing) it(?: again| any ?more)?|(?:(?:so|and|now"
    r"|you|can|could|must|to) )*(?:delete|remove|erase|lose|forget|scrub)(?: (?:it|this|that|them|mine"
    r"|me))?(?: (?:now|immediately|asap|at once|right|away|from|your|the|system|list|everything))*",
)
