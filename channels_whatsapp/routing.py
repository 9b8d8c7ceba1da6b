"""Where a WhatsApp message belongs: a shared sender's number doesn't say for whom it is meant (W5, I7)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from channels_whatsapp.models import WhatsAppSender
from inbox.models import DeliveryAttempt, Direction, Message, UnmatchedReply
from inbox.rules import Status

KEY = "whatsapp"
REMEMBERS = timedelta(days=30)
NOT_ON_THE_PHONE = [Status.QUEUED, Status.CANCELED, Status.FAILED]


@dataclass(frozen=True)
class Place:
    """Where a message goes. Without a conversation it is kept aside: for the company, or without one for the operator.

    `reply_to`: our message that it answers. `is_guess`: it named none. `companies`: whom a STOP in it is for.
    """

    company_id: int | None = None
    conversation_id: int | None = None
    reply_to: int | None = None
    is_guess: bool = False
    companies: list[int] = field(default_factory=list)


def place_of(sender: WhatsAppSender, names: Sequence[str], *, answers: str) -> Place:
    """The place of a message from a person with these names to this sender.

    Named reference first. Else the conversation that last wrote to her: through a company's own sender always;
    through the shared one if a single company did within 30 days. Else, if an admin attached a message of hers
    before, the same conversation.
    """
    if found := _answered(sender, names, answers):
        company_id = found.conversation.company_id
        return Place(company_id, found.conversation_id, reply_to=found.pk, companies=[company_id])
    wrote = _who_wrote(sender, names)
    if not wrote:
        wrote = _attached_before(sender, names)
    if len(wrote) == 1:
        ((company_id, conversation_id),) = wrote.items()
        return Place(company_id, conversation_id, is_guess=True, companies=[company_id])
    return Place(company_id=sender.company_id, companies=list(wrote))


def _answered(sender: WhatsAppSender, names: Sequence[str], sid: str) -> Message | None:
    """The message that she replied to, if it is one of this thread: sent by us to her, or by her to us."""
    if not sid:
        return None
    ours = DeliveryAttempt.objects.filter(
        provider_id=sid, message__sender=sender.number, message__recipient__in=names, message__channel=KEY
    )
    attempt = ours.select_related("message__conversation").first()
    if attempt:
        return attempt.message
    hers = Message.objects.filter(
        provider_id=sid, direction=Direction.IN, channel=KEY, recipient=sender.number, sender__in=names
    )
    return hers.select_related("conversation").first()


def _who_wrote(sender: WhatsAppSender, names: Sequence[str]) -> dict[int, int]:
    """The companies that wrote to her through this sender, each with the conversation that did so last."""
    sent = Message.objects.filter(
        recipient__in=names, direction=Direction.OUT, channel=KEY, sender=sender.number
    ).exclude(status__in=NOT_ON_THE_PHONE)
    if sender.is_shared:
        sent = sent.filter(created_at__gt=timezone.now() - REMEMBERS)
    newest = sent.order_by("conversation__company", "-created_at", "-pk").distinct("conversation__company")
    return dict(newest.values_list("conversation__company", "conversation"))


def _attached_before(sender: WhatsAppSender, names: Sequence[str]) -> dict[int, int]:
    """Where an admin put an earlier message of hers: we have not written yet, and she goes on."""
    recent = Q(received_at__gt=timezone.now() - REMEMBERS) if sender.is_shared else Q()
    attached = UnmatchedReply.objects.filter(
        recent, sender__in=names, recipient=sender.number, channel=KEY, attached_to__isnull=False
    )
    newest = attached.order_by("attached_to__company", "-pk").distinct("attached_to__company")
    return dict(newest.values_list("attached_to__company", "attached_to"))
