"""A text whose turn comes at a bad hour for its reader that nobody chose waits for the next good one (V1).

Judged where a worker claims it, after everything else that could stop it: it may have waited for its sender's turn,
for an earlier text, for a retry, or for the account. What it becomes is part of the claim's transaction, so a worker
that dies leaves it as it was (docs/decisions/0020).

never tried    a scheduled message that goes at the next good time; where it stood, the thread says so
tried before   the same message, due at that time: another one could arrive beside it (I1). An invitation too, since
               the ledger names it
"""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from inbox import channels, notices, pacing, repairs, right_time, search, sending, standing, waiting
from inbox.live import next_version
from inbox.models import Conversation, Direction, Kind, Message, NoticeKind, ScheduledMessage, WaitsFor
from inbox.outcomes import Reason, Refused, TakenBack
from inbox.rules import Status, is_late


def refusal(message: Message, *, now: datetime) -> Reason | None:
    """BAD_HOUR where it must not leave now. Asks the database nothing; the message has its conversation's record."""
    conversation = message.conversation
    if message.channel == channels.EMAIL:
        return None
    if not conversation.company.hours_are_wall and not is_late(message.due_at, now=now):
        return None
    judged = right_time.judged(conversation, now)
    if judged.is_walled_off or (not judged.is_good and judged.next_good_time):
        return Reason.BAD_HOUR
    return None


def put_off(message: Message, *, now: datetime) -> bool:
    """Let it wait for the next good time, and what waits behind it too; its author is told.

    The conversation must be locked. False: there is no such time within three weeks.
    """
    judged = right_time.judged(message.conversation, now)
    if judged.next_good_time is None:
        return False
    for each in [message, *_due_behind(message, now=now)]:
        each.conversation = message.conversation
        if refusal(each, now=now):
            _let_wait(each, until=judged.next_good_time, why=judged.why)
        else:
            pacing.ask_in_turn(each)  # written now by somebody who knows the hour
            break
    return True


def waits(message: Message) -> bool:
    """It is a message still, and waits for a good time."""
    return message.status == Status.QUEUED and message.refusal == Reason.BAD_HOUR


def leaves_at(message: Message) -> str:
    """When that is, by the person's clock, in words; empty for any other message."""
    if not waits(message):
        return ""
    clock = waiting.clock_of(message.conversation)
    return _("%(time)s, %(place)s time") % {"time": clock.said(message.due_at), "place": clock.name}


@transaction.atomic
def call_off(*, message_id: int, by: User) -> TakenBack | Refused:
    """Whoever may write there doesn't want it to go any more. Its author has the words in her composer again, and is
    told where a colleague did it; the thread keeps it as not sent."""
    message = repairs.visible_text(by, message_id)
    if message is None:
        return Refused(Reason.NOT_ON_TEAM)
    conversation = Conversation.objects.locked().get(pk=message.conversation_id)
    if refused := sending.may_not_write(by, conversation, message.channel):
        return refused
    message.refresh_from_db()
    if not waits(message):
        return Refused(Reason.HAS_LEFT, _("Too late: this message doesn't wait any more. Look at the conversation."))
    is_own = message.author_id == by.pk
    message.status, message.refusal = Status.CANCELED, Reason.TAKEN_BACK if is_own else Reason.STOPPED
    message.version = standing.note_status(message, given_up=False)
    words = repairs.unworded(message, conversation) if is_own and message.kind == Kind.TEXT else ""
    taken = TakenBack(message.channel, words)
    if words:
        sending.put_into_draft(by, conversation, taken)
    elif message.author and not is_own:
        notices.tell(message.author, message, notice=NoticeKind.FAILED)
    notices.announce(conversation, version=message.version)
    return taken


def _due_behind(message: Message, *, now: datetime) -> list[Message]:
    behind = Message.objects.filter(
        conversation=message.conversation_id,
        channel=message.channel,
        status=Status.QUEUED,
        due_at__lte=now,
        pk__gt=message.pk,
    )
    return list(behind.select_related("author").order_by("pk"))


def _let_wait(message: Message, *, until: datetime, why: str) -> None:
    assert message.author is not None  # a text to the person has one
    message.version = next_version(message.conversation_id)
    if message.kind == Kind.TEXT and message.newest_attempt() is None:
        _become_scheduled(message, until=until, why=why)
    else:
        message.refusal, message.due_at = Reason.BAD_HOUR, until
        message.asked_at = until - settings.ASK_AGAIN_AFTER  # so that it is asked for when it is due
        message.save(update_fields=["refusal", "due_at", "asked_at", "version"])
    notices.tell(message.author, message, notice=NoticeKind.PUT_OFF)
    notices.announce(message.conversation, version=message.version)


def _become_scheduled(message: Message, *, until: datetime, why: str) -> None:
    """The row that waits, and in the message's place a note that says so and keeps its client token."""
    assert message.author is not None
    ScheduledMessage.objects.create(
        conversation=message.conversation,
        author=message.author,
        channel=message.channel,
        body=repairs.unworded(message, message.conversation),
        client_token=uuid4(),
        waits_for=WaitsFor.GOOD_HOUR,
        due_at=until,
        created_at=message.created_at,
        changed_at=timezone.now(),
        version=message.version,
    )
    message.direction, message.kind, message.status = Direction.NOTE, Kind.PUT_OFF, Status.RECEIVED
    message.handover = {sending.PUT_OFF_WORDS: message.body}
    message.body, message.sender, message.recipient, message.refusal = why, "", "", ""
    message.save()
    standing.count_anew(message.conversation_id)
    standing.note_scheduled(message.conversation_id, at=message.created_at)
    search.write_anew(message.conversation_id)
