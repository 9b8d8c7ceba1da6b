"""What the carrier knows of an opt-out is truth here too (O13)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing
from candidates.models import Candidate, Consent
from channels_sms.models import Route
from inbox import receiving
from inbox.models import Conversation, DeliveryAttempt

REPORTED = "block reported by the carrier"


@transaction.atomic
def reported_by_carrier(attempt: DeliveryAttempt) -> None:
    """Twilio refused: "recipient has opted out" (21610). It becomes an opt-out here.

    Unless the person opted in by START to another of our numbers since: then only this route is blocked, and the
    page says which number the person must text START to.
    """
    message = attempt.message
    company_id = Conversation.objects.values_list("company_id", flat=True).get(pk=message.conversation_id)
    consent = consents.locked(company_id=company_id, channel=message.channel, address=message.recipient)
    if opted_in_elsewhere(consent, our_number=message.sender):
        Route.objects.filter(sender_number__number=message.sender, address=message.recipient, released_at=None).update(
            blocked_at=timezone.now()
        )
        receiving.refresh_pages([message.conversation_id])
        return
    if consent.standing == Standing.OPTED_OUT or opted_in_since(consent, attempt.claimed_at):
        return
    event = consents.record(
        consent,
        EventKind.OPTED_OUT,
        words=REPORTED,
        source=Source.PROVIDER,
        details={"code": attempt.error_code, "our_number": message.sender, "attempt": str(attempt.uuid)},
    )
    receiving.announce_consent(
        event,
        channel=message.channel,
        conversation_ids=conversations_of(company_id, message.recipient) | {message.conversation_id},
        heard_in=message.conversation_id,
    )


def opted_in_since(consent: Consent, moment: datetime) -> bool:
    """Whether the person opted in after that moment: a refusal of what was claimed before it is older than her word."""
    opt_ins = consent.events.filter(kind=EventKind.OPTED_IN, at__gt=moment)
    return consent.standing == Standing.OPTED_IN and opt_ins.exists()


def opted_in_elsewhere(consent: Consent, *, our_number: str) -> bool:
    """Whether the present opt-in came after an opt-out, and to another of our numbers than this one."""
    if consent.standing != Standing.OPTED_IN:
        return False
    changes = consent.events.filter(kind__in=[EventKind.OPTED_IN, EventKind.OPTED_OUT])
    was_out = changes.filter(kind=EventKind.OPTED_OUT).exists()
    newest = changes.order_by("-pk").first()
    return bool(was_out and newest and newest.details.get("our_number") != our_number)


def conversations_of(company_id: int, address: str) -> set[int]:
    """The company's conversations with this number: the records of the people who have it (O10)."""
    people = Candidate.objects.filter(company=company_id, phone=address)
    return set(Conversation.objects.of_people(people).filter(company=company_id).values_list("pk", flat=True))
