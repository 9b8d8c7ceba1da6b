"""A text from a person: which conversation, what it does to consent, who is told. One call in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing, effect_of
from candidates.keywords import Keyword, read
from candidates.models import Consent, ConsentEvent
from candidates.phone_numbers import is_e164
from channels_sms import routes
from channels_sms.models import Route
from channels_sms.opt_outs import conversations_of
from channels_sms.routes import Arrival
from inbox import receiving
from inbox.models import NoticeKind
from inbox.receiving import Attachment, Inbound
from twilio_gateway import webhooks

CONSENT_KEYWORDS = {Keyword.YES, Keyword.START, Keyword.STOP}
OPT_OUT_TYPES = {"STOP": Keyword.STOP, "START": Keyword.START}


@dataclass(frozen=True)
class InboundSms:
    """Twilio's parameters, as far as we use them. Any of them may be missing or odd (twilio.md §4)."""

    sender: str
    recipient: str
    body: str
    message_sid: str
    opt_out_type: str
    attachments: list[Attachment]


def read_request(parameters: Mapping[str, str]) -> InboundSms:
    return InboundSms(
        sender=parameters.get("From", "").strip(),
        recipient=parameters.get("To", "").strip(),
        body=parameters.get("Body", ""),
        message_sid=parameters.get("MessageSid", "") or parameters.get("SmsSid", ""),
        opt_out_type=parameters.get("OptOutType", ""),
        attachments=read_attachments(parameters),
    )


def read_attachments(parameters: Mapping[str, str]) -> list[Attachment]:
    return [Attachment(*each) for each in webhooks.media(parameters)]


def receive_sms(sms: InboundSms, *, reference: str) -> None:
    """Put a text where it belongs. `reference` names the stored request, for a text without a message sid.

    A number that is no customer's goes to the operator's tray; a short code or a word as sender, or a phone that
    has no conversation on our number, to the company's (I7). A keyword counts all the same (O14).
    """
    inbound = Inbound(
        channel="sms",
        sender=sms.sender,
        recipient=sms.recipient,
        body=sms.body,
        provider_id=sms.message_sid[:40] or reference[:40],
        attachments=sms.attachments,
    )
    arrival = routes.arrival(ours=sms.recipient, person=sms.sender)
    if arrival is None:
        receiving.keep_unmatched(inbound, company_id=None)
        return
    if not is_e164(sms.sender):
        receiving.keep_unmatched(inbound, company_id=arrival.company_id)
        return
    keyword = keyword_of(sms)
    heard_in = arrival.conversation_id
    event = None
    if keyword in CONSENT_KEYWORDS:
        event = _heed(keyword, sms, arrival)
    concerned = conversations_of(arrival.company_id, sms.sender) if event else set()
    if event:
        receiving.lock_conversations(concerned | ({heard_in} if heard_in else set()))
    if heard_in:
        receiving.receive(heard_in, inbound, notice=None if event else NoticeKind.REPLY)
    else:
        may_concern = () if event else (arrival.company_id,)
        receiving.keep_unmatched(inbound, company_id=arrival.company_id, may_concern=may_concern)
    if event:
        receiving.announce_consent(
            event, channel="sms", conversation_ids=concerned | ({heard_in} if heard_in else set()), heard_in=heard_in
        )


def keyword_of(sms: InboundSms) -> Keyword | None:
    """The provider's own verdict first, then our list (O13, twilio.md §8)."""
    return OPT_OUT_TYPES.get(sms.opt_out_type.upper()) or read(sms.body)


def _heed(keyword: Keyword | None, sms: InboundSms, arrival: Arrival) -> ConsentEvent | None:
    """What the keyword does to consent (O14), under the lock that hand-overs compete for (I2)."""
    consent = consents.locked(company_id=arrival.company_id, channel="sms", address=sms.sender)
    if keyword in {Keyword.START, Keyword.YES} and arrival.route_id and arrival.is_blocked:
        Route.objects.filter(pk=arrival.route_id).update(blocked_at=None)  # at the carrier both words lift its block
    kind = effect_of(keyword, Standing(consent.standing))
    if kind is None:
        return None
    return _record(consent, kind, sms)


def _record(consent: Consent, kind: EventKind, sms: InboundSms) -> ConsentEvent:
    details = {"message_sid": sms.message_sid, "our_number": sms.recipient}
    if sms.opt_out_type:
        details["opt_out_type"] = sms.opt_out_type
    return consents.record(consent, kind, words=sms.body, source=Source.MESSAGE, details=details)
