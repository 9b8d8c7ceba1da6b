"""All that proves or refutes consent for one address, so that a stranger can check it without us (O11).

What is here is data and nothing else: `views` gives it out as JSON, `pages` prints it.
"""

import base64
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from candidates import consents, ledger_keys, ledger_rules
from candidates.models import Consent, ConsentEvent, ConsentText, Record, Seal, SealedEvent, Submission
from inbox import channels
from inbox.models import Conversation, Direction, Message, OptOutHold
from inbox.proof.words import how_to_check

AROUND = 3  # messages before an event, and as many after

Facts = dict[str, Any]


def proof_of(company_id: int, address: str, *, for_admin: User) -> Facts:
    """The ledger of an address at a company on all channels, the messages around each event, and the chain.

    Messages come from conversations that this admin may read; of others only how many there are (A5).
    """
    ledger = Consent.objects.filter(company_id=company_id, address=address).order_by("channel")
    events = list(
        ConsentEvent.objects.filter(consent__in=ledger)
        .select_related("consent__company", "by_user", "text", "sealed__seal")
        .order_by("pk")
    )
    forms = _forms(company_id, events, for_admin)
    return {
        "format": 1,
        "company": {"id": company_id, "name": for_admin.company.name if for_admin.company else ""},
        "address": address,
        "exported_at": ledger_rules.moment(timezone.now()),
        "exported_by": for_admin.name,
        "channels": [
            {
                "consent": consent.pk,
                "channel": consent.channel,
                "standing": consent.standing,
                **_told(consent, [each for each in events if each.consent_id == consent.pk], forms, for_admin),
            }
            for consent in ledger
        ],
        "requests_to_stop": [_request(hold, for_admin) for hold in _holds(company_id, address)],
        "chain": _chain(company_id, events),
        "keys": [
            {"name": name, "algorithm": "Ed25519", "public_key": base64.b64encode(key.public_bytes_raw()).decode()}
            for name, key in ledger_keys.public_keys().items()
        ],
        "keys_are_published_at": f"{settings.PUBLIC_BASE_URL}/consent-keys/",
        "how_to_check": how_to_check(),
    }


def _told(consent: Consent, events: list[ConsentEvent], forms: dict[str, Facts], admin: User) -> Facts:
    thread = _thread(consent, events)
    readable = thread.filter(conversation__in=Conversation.objects.visible_to(admin).values("pk"))
    return {
        "messages_withheld": thread.count() - readable.count(),
        "events": [
            {**_event(event), "form": forms.get(_form_of(event)), "messages_around": _around(event, readable)}
            for event in events
        ],
    }


def _event(event: ConsentEvent) -> Facts:
    sealed: SealedEvent | None = getattr(event, "sealed", None)
    is_erased = consents.is_erased(event)
    state = "erased" if is_erased else "as written" if consents.is_as_written(event) else "changed"
    return {
        "id": event.pk,
        "kind": event.kind,
        "at": ledger_rules.moment(event.at),
        "words": event.words,
        "source": event.source,
        "details": event.details,
        "by": {"id": event.by_user_id, "name": event.by_user.name} if event.by_user else None,
        "text": _text(event.text) if event.text else None,
        "state": state,
        "content": None if is_erased else ledger_rules.canonical(consents.content_of(event)).decode(),
        "salt": bytes(event.salt).hex(),
        "digest": bytes(event.digest).hex(),
        "seal": sealed.seal.number if sealed else None,
        "position": sealed.position if sealed else None,
    }


def _text(text: ConsentText) -> Facts:
    return {
        "id": text.pk,
        "box": text.purpose,
        "language": text.language,
        "version": text.version,
        "words": text.words,
        "published_at": ledger_rules.moment(text.published_at),
    }


def _form_of(event: ConsentEvent) -> str:
    return str(event.details.get("submission", ""))


def _forms(company_id: int, events: Iterable[ConsentEvent], admin: User) -> dict[str, Facts]:
    """The forms that the events came from, as they were sent; whose they were, only for who sees the record (A5)."""
    uuids = {_form_of(event) for event in events} - {""}
    sent = Submission.objects.filter(company=company_id, uuid__in=uuids).prefetch_related("texts")
    return {
        str(form.uuid): {
            "form": form.kind,
            "sent_at": ledger_rules.moment(form.at),
            "ip": form.ip,
            "language": form.language,
            "name": form.name if _is_seen(form.record, admin) else None,
            "number_as_typed": form.phone_typed,
            "boxes_ticked": [_text(text) for text in form.texts.all()],
        }
        for form in sent
    }


def _is_seen(record: Record, admin: User) -> bool:
    return bool(type(record).objects.visible_to(admin).filter(pk=record.pk).exists())


def _thread(consent: Consent, events: Iterable[ConsentEvent]) -> "QuerySet[Message]":
    """All messages between the company and this address on this channel, in whatever conversation."""
    details = [event.details for event in events]
    named = Q(pk__in=[each["message"] for each in details if "message" in each])
    named |= Q(provider_id__in=[each["message_sid"] for each in details if each.get("message_sid")])
    told = Message.objects.filter(named, conversation__company=consent.company_id)
    known = channels.get(consent.channel).conversations_of(consent.company_id, [consent.address])
    here = {*known, *told.values_list("conversation", flat=True)}
    thread = Message.objects.filter(conversation__in=here, channel=consent.channel).exclude(direction=Direction.NOTE)
    return thread.filter(Q(sender=consent.address) | Q(recipient=consent.address))


def _around(event: ConsentEvent, readable: "QuerySet[Message]") -> list[Facts]:
    readable = readable.select_related("author")
    before = list(readable.filter(created_at__lte=event.at).order_by("-created_at", "-pk")[:AROUND])
    after = list(readable.filter(created_at__gt=event.at).order_by("created_at", "pk")[:AROUND])
    return [
        {
            "id": message.pk,
            "conversation": message.conversation_id,
            "at": ledger_rules.moment(message.created_at),
            "direction": message.direction,
            "kind": message.kind,
            "from": message.sender,
            "to": message.recipient,
            "by": message.author.name if message.author else None,
            "words": message.body,
            "status": message.status,
        }
        for message in [*reversed(before), *after]
    ]


def _holds(company_id: int, address: str) -> "QuerySet[OptOutHold]":
    found = OptOutHold.objects.filter(company=company_id, addresses__contains=[address])
    return found.select_related("message", "reply", "resolved_by").order_by("pk")


def _request(hold: OptOutHold, admin: User) -> Facts:
    """A text that read like an opt-out, and what it was taken for."""
    words = None
    if hold.message and Conversation.objects.visible_to(admin).filter(pk=hold.message.conversation_id).exists():
        words = hold.message.body
    elif hold.reply and hold.reply.company_id == admin.company_id:  # it lies in the tray that he looks after
        words = hold.reply.body
    return {
        "channel": hold.channel,
        "message": hold.message_id,
        "at": ledger_rules.moment(hold.said_at),
        "words": words,
        "outcome": hold.outcome or "open",
        "decided_at": ledger_rules.moment(hold.resolved_at) if hold.resolved_at else None,
        "decided_by": hold.resolved_by.name if hold.resolved_by else None,
    }


def _chain(company_id: int, events: Iterable[ConsentEvent]) -> list[Facts]:
    """The seals from the first that holds one of these events to the newest; of those that do, all digests."""
    holding = {event.sealed.seal.number for event in events if getattr(event, "sealed", None)}
    if not holding:
        return []
    seals = list(Seal.objects.filter(company=company_id, number__gte=min(holding) - 1).order_by("number"))
    before = ledger_rules.FIRST
    chain: list[Facts] = []
    for seal in seals:
        if seal.number >= min(holding):
            chain.append(_seal(seal, before=before, with_digests=seal.number in holding))
        before = bytes(seal.link)
    return chain


def _seal(seal: Seal, *, before: bytes, with_digests: bool) -> Facts:
    facts: Facts = {
        "number": seal.number,
        "link_before": before.hex(),
        "events": seal.events,
        "root": bytes(seal.root).hex(),
        "sealed_at": ledger_rules.moment(seal.sealed_at),
        "link": bytes(seal.link).hex(),
        "key": seal.key,
        "signature": base64.b64encode(bytes(seal.signature)).decode(),
    }
    if with_digests:
        digests = seal.sealed.order_by("position").values_list("event__digest", flat=True)
        facts["digests"] = [bytes(each).hex() for each in digests]
    return facts
