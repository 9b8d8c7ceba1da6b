"""A message from a person on WhatsApp: whose it is, what it does to consent, who is told. One call, one transaction."""

from collections.abc import Iterable, Mapping

from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing, effect_of
from candidates.keywords import Keyword, read
from candidates.models import Candidate, Consent, ConsentEvent
from channels_whatsapp import aliases, measuring, senders
from channels_whatsapp.inbound import InboundWhatsApp, read_request, said_of_reaction
from channels_whatsapp.models import KnownAddress, WhatsAppSender
from channels_whatsapp.routing import Place, place_of
from inbox import receiving
from inbox.models import Direction, Kind, Message, NoticeKind
from inbox.outcomes import Reason
from inbox.receiving import Inbound
from inbox.rules import Status

KEY = "whatsapp"
CONSENT_KEYWORDS = {Keyword.STOP, Keyword.START}  # no second "Yes" is asked on WhatsApp (O2, O12)


def receive_whatsapp(parameters: Mapping[str, str], *, reference: str) -> None:
    """Put a message where it belongs. `reference` names the stored request, for a message without a sid.

    What was sent to no sender of ours, or by nobody who can be named, is the operator's. A typed Stop counts
    wherever the message goes (O12).
    """
    message = read_request(parameters)
    sender = senders.sender_with(message.ours)
    if sender is None or not message.names:
        receiving.keep_unmatched(_inbound(message, reference), company_id=sender.company_id if sender else None)
        return
    names = aliases.seen_together(sender, message.names)
    place = place_of(sender, names, answers=message.answers)
    events = _heed(message, sender, names, place)
    concerned = {event.pk: conversations_of(event.consent.company_id, names) for event in events}
    here = {place.conversation_id} if place.conversation_id else set()
    if events:
        receiving.lock_conversations(here.union(*concerned.values()))
    inbound = _inbound(message, reference, place)
    if place.conversation_id:
        _take_in(place.conversation_id, inbound, has_event=bool(events))
    else:
        may_concern = () if events else _companies(sender, names, place)
        receiving.keep_unmatched(inbound, company_id=place.company_id, may_concern=may_concern)
    for event in events:
        receiving.announce_consent(
            event, channel=KEY, conversation_ids=concerned[event.pk] | here, heard_in=place.conversation_id
        )


def conversations_of(company_id: int, names: Iterable[str]) -> set[int]:
    """The company's conversations with the person of these names, however it knows her (O10)."""
    return aliases.conversations_of(company_id, names_at(company_id, names))


def names_at(company_id: int, names: Iterable[str]) -> set[str]:
    """These names, and the number of whoever the company's admin said they belong to."""
    known = KnownAddress.objects.filter(company_id=company_id, address__in=set(names)).values("candidate")
    numbers = Candidate.objects.filter(pk__in=known).exclude(phone="").values_list("phone", flat=True)
    return {*names, *numbers}


def _take_in(conversation_id: int, inbound: Inbound, *, has_event: bool) -> None:
    notice = NoticeKind.ANSWERED if _is_first_answer(conversation_id) else NoticeKind.REPLY
    message = receiving.receive(conversation_id, inbound, notice=None if has_event else notice)
    # What the window shut on is offered again, now that it is open: open pages draw it anew.
    waiting = Message.objects.filter(conversation=conversation_id, channel=KEY, direction=Direction.OUT)
    waiting.filter(status=Status.CANCELED, refusal=Reason.WINDOW_CLOSED).update(version=message.version)
    waiting.filter(status=Status.FAILED, attempts__error_code=63016).update(version=message.version)
    if message.attachments:
        measuring.ask(message.pk)


def _is_first_answer(conversation_id: int) -> bool:
    """Whether our newest message is an invitation that nobody has answered: this one opens free texting."""
    thread = Message.objects.filter(conversation=conversation_id, channel=KEY).exclude(direction=Direction.NOTE)
    newest = thread.order_by("-pk").values_list("direction", "kind").first()
    return newest == (Direction.OUT, Kind.INVITATION)


def _heed(message: InboundWhatsApp, sender: WhatsAppSender, names: list[str], place: Place) -> list[ConsentEvent]:
    """What a keyword does to consent, at each company that it is for and for each name of the person (O12, O14).

    Locked in one order everywhere, for hand-overs compete for the same rows (I2).
    """
    keyword = read(message.body) if message.kind == Kind.TEXT else None
    if keyword not in CONSENT_KEYWORDS:
        return []
    events: list[ConsentEvent] = []
    for company_id in _companies(sender, names, place):
        heard: ConsentEvent | None = None
        for address in sorted(names_at(company_id, names)):
            consent = consents.locked(company_id=company_id, channel=KEY, address=address)
            kind = effect_of(keyword, Standing(consent.standing))
            if kind == EventKind.OPTED_IN and not _may_opt_in(consent, message, place):
                kind = None
            if kind is not None:
                event = _record(consent, kind, message, also=heard)
                heard = heard or event
        if heard:
            events.append(heard)
    return events


def _companies(sender: WhatsAppSender, names: list[str], place: Place) -> list[int]:
    """Whom a keyword, or a request to stop, is for. Where it isn't clear: all that wrote to her, and all that hold a
    consent of hers (W5)."""
    if place.conversation_id or sender.company_id:
        return sorted({*place.companies, *([sender.company_id] if sender.company_id else [])})
    own = WhatsAppSender.objects.filter(company__isnull=False).values("company")
    known = Consent.objects.filter(channel=KEY, address__in=names).exclude(company__in=own)
    return sorted({*place.companies, *known.values_list("company", flat=True)})


def _may_opt_in(consent: Consent, message: InboundWhatsApp, place: Place) -> bool:
    """Start opts in the name that it was written from; of her others, and where it isn't clear for whom it was
    meant, it only lifts an opt-out."""
    is_meant = consent.address == message.names[0] and place.conversation_id is not None
    return is_meant or consent.standing == Standing.OPTED_OUT


def _record(consent: Consent, kind: EventKind, message: InboundWhatsApp, *, also: ConsentEvent | None) -> ConsentEvent:
    details = {"message_sid": message.message_sid, "our_number": message.ours}
    if also is not None:
        details["written_from"] = message.names[0]
    return consents.record(consent, kind, words=message.body, source=Source.MESSAGE, details=details)


def _inbound(message: InboundWhatsApp, reference: str, place: Place | None = None) -> Inbound:
    is_reaction = message.kind == Kind.REACTION
    return Inbound(
        channel=KEY,
        sender=(message.names or [message.sender_as_written])[0],
        recipient=message.ours,
        body=said_of_reaction(message.body) if is_reaction else message.body,
        provider_id=message.message_sid[:40] or reference[:40],
        attachments=message.attachments,
        kind=message.kind,
        reply_to=place.reply_to if place else None,
        is_guess=bool(place and place.is_guess),
    )
