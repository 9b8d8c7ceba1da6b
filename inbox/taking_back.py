"""Undo: a message that has not left is its author's words again, in the composer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from inbox import channels, marks, notices, search, sending, standing
from inbox.channels import Channel
from inbox.live import next_version
from inbox.models import Conversation, Direction, Kind, Message
from inbox.outcomes import Reason, Refused, TakenBack
from inbox.querysets import EVERYTHING
from inbox.rules import Status


@transaction.atomic
def take_back(*, message_id: int, author: User) -> TakenBack | Refused:
    """Take a message out of the queue, its words back into its author's draft; or say that it has left.

    A claim holds the conversation too: either it finds nothing any more, or this finds its attempt. What is left of the
    message keeps its client token, so that a request that is repeated late sends nothing.
    """
    own = Message.objects.filter(pk=message_id, author=author)
    within = own.values("conversation")
    conversation = Conversation.objects.visible_to(author).locked().filter(pk__in=within).first()
    if conversation is None:
        return Refused(Reason.NOT_ON_TEAM)
    message = own.get()
    if message.kind == Kind.TAKEN_BACK or not may_be_taken_back(message):
        if message.kind == Kind.PUT_OFF:
            return Refused(Reason.HAS_LEFT, _("It waits for a good time now: change or cancel it below the thread."))
        return Refused(Reason.HAS_LEFT, _("Too late to undo: this message has left already."))
    channel = channels.get(message.channel)
    taken = TakenBack(message.channel, _typed(channel, conversation, message), str(message.handover.get("subject", "")))
    _leave_nothing(message)
    sending.put_into_draft(author, conversation, taken)
    notices.announce(conversation, version=message.version)
    return taken


def may_be_taken_back(message: Message) -> bool:
    """It waits, and nobody has tried to hand it over. An invitation is in the ledger for good (O11), so it stays."""
    return message.kind == Kind.TEXT and message.status == Status.QUEUED and message.newest_attempt() is None


def has_grace(message: Message) -> bool:
    """It waits, and did so from the beginning for its author's sake."""
    return message.is_out and message.status == Status.QUEUED and message.due_at > message.created_at


def leaves_in(message: Message) -> float:
    """The seconds until it may be handed over; 0 once it may."""
    return max(0.0, (message.due_at - timezone.now()).total_seconds())


def _typed(channel: Channel, conversation: Conversation, message: Message) -> str:
    """Its words as its author typed them: without what the channel begins each text with (W5)."""
    prefix = channel.worded(conversation, ".").removesuffix(".")
    return message.body.removeprefix(prefix)


def _leave_nothing(message: Message) -> None:
    """As if it had never been written, but for its place and its token; the conversation must be locked."""
    version = next_version(message.conversation_id)
    message.direction, message.kind, message.status = Direction.NOTE, Kind.TAKEN_BACK, Status.RECEIVED
    message.body, message.handover, message.sender, message.recipient = "", {}, "", ""
    message.version = version
    message.save()
    for shown in {EVERYTHING, message.channel}:  # the day's heading may be that of the next one now
        later = Message.objects.filter(conversation=message.conversation_id, pk__gt=message.pk).on(shown)
        Message.objects.filter(pk__in=later.order_by("pk").values("pk")[:1]).update(version=version)
    standing.count_anew(message.conversation_id)
    standing.keep_listed(message.conversation_id, at=message.created_at)  # it has a draft
    search.write_anew(message.conversation_id)
    assert message.author is not None
    marks.took_part_after_all(message.author, message.conversation_id)
