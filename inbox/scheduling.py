"""Write now, it leaves when it may: what waits for a time or for an answer, and what becomes of it then.

Each step is one transaction under the conversation's lock, so a scheduled message takes each of them once, however
many workers and sweepers are at it and whichever of them dies. When it is due it is judged as if it were sent at that
moment, by the same action and under its own client token: it can become one message only.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from inbox import channels, marks, notices, right_time, sending, standing, worker
from inbox.channels import Locked
from inbox.live import next_version
from inbox.models import (
    FOR_AN_ANSWER,
    SCHEDULED_STATES,
    Conversation,
    ConversationMark,
    Direction,
    Kind,
    Message,
    NoticeKind,
    ScheduledMessage,
    ScheduledState,
    WaitsFor,
)
from inbox.outcomes import Reason, Refused, Scheduled, Sent
from inbox.rules import Status, is_late, normalised

MOST_AHEAD = timedelta(days=365)
OLD = timedelta(days=30)  # what waited longer for an answer is read again before it goes
BATCH = 500
ANSWER_TO = {
    Reason.NEVER_INVITED: WaitsFor.OPT_IN,
    Reason.INVITED: WaitsFor.OPT_IN,
    Reason.WINDOW_CLOSED: WaitsFor.REPLY,
    Reason.AWAITING_REPLY: WaitsFor.REPLY,
}
"""What opens a lock by itself. No text waits for who opted out: she has said what she wants."""
OF_THE_AUTHOR = {Reason.NO_SEAT, Reason.NOT_ON_TEAM}  # what the refusal's sentence tells to her, and not of her

RELEASE = """
UPDATE inbox_scheduledmessage SET due_at = %s
WHERE conversation_id = ANY(%s) AND channel = %s AND waits_for = %s AND state = 'waiting' AND due_at IS NULL
RETURNING conversation_id"""


@transaction.atomic
def schedule(
    *,
    conversation_id: int,
    author: User,
    channel_key: str,
    body: str,
    client_token: UUID,
    when: datetime | None,
    waits_for: WaitsFor = WaitsFor.TIME,
    subject: str = "",
) -> Scheduled | Sent | Refused:
    """Keep a message until `when`; None: until the answer that opens the channel.

    The same client token with the same words is the same message, as in `send_message`. If the way is open already,
    what was to wait for an answer is due at once.
    """
    conversation = Conversation.objects.visible_to(author).locked().filter(pk=conversation_id).first()
    if refusal := sending.may_not_write(author, conversation, channel_key):
        return refusal
    assert conversation is not None
    body, channel = normalised(body), channels.get(channel_key)
    worded = channel.worded(conversation, body)
    if sent := conversation.messages.filter(author=author, client_token=client_token).first():
        return sending.said_before(sent, worded)
    if kept := conversation.scheduled.filter(author=author, client_token=client_token).first():
        return Scheduled(kept) if kept.body == body else sending.another_was_sent()
    if refusal := sending.unfit(worded, channel) or _no_time(when):
        return refusal
    reach, now = channel.reachability(conversation), timezone.now()
    if isinstance(reach, Locked):
        answer = ANSWER_TO.get(reach.reason) if when is None else None
        if answer is None:
            return Refused(reach.reason, f"{reach.title}. {reach.text}")
        waits_for = answer
    elif when is None:
        when = now
    row = ScheduledMessage.objects.create(
        conversation=conversation,
        author=author,
        channel=channel_key,
        subject=subject,
        body=body,
        client_token=client_token,
        waits_for=waits_for,
        due_at=when,
        created_at=now,
        changed_at=now,
        version=next_version(conversation.pk),
    )
    standing.note_scheduled(conversation.pk, at=now)
    sending.renew_draft(author, conversation, channel_key)
    notices.announce(conversation, version=row.version)
    return Scheduled(row)


@transaction.atomic
def edit(
    *, scheduled_id: int, by: User, body: str, version: int, when: datetime | None = None, subject: str = ""
) -> Scheduled | Refused:
    """Other words, or another time, for what still waits or was held back; its author alone changes it.

    `version`: of what she saw. `when`: None leaves the time. One that was held back waits again if it has a new time.
    """
    row = _own(scheduled_id, by)
    if row is None:
        return Refused(Reason.NOT_WAITING, _("This message isn't waiting any more. Your words are kept below."))
    if row.version != version:
        return Refused(Reason.NOT_WAITING, _("This message was changed in another tab. Your words are kept below."))
    body, channel = normalised(body), channels.get(row.channel)
    worded = channel.worded(row.conversation, body)
    if refusal := sending.unfit(worded, channel) or _no_time(when):
        return refusal
    row.body, row.subject = body, subject
    if when and when != row.due_at:
        row.due_at, row.waits_for, row.state, row.why = when, WaitsFor.TIME, ScheduledState.WAITING, ""
    _changed(row)
    return Scheduled(row)


@transaction.atomic
def send_now(*, scheduled_id: int, by: User) -> Sent | Refused:
    """Its author doesn't wait any longer. Refused, it stays what it was."""
    row = _own(scheduled_id, by)
    if row is None:
        return Refused(Reason.NOT_WAITING, _("This message isn't waiting any more. Look at the conversation."))
    outcome = _hand_in(row, is_due=False)
    if isinstance(outcome, Sent):
        _became(row, outcome.message)
    elif row.is_held_back and row.why != (why := _why(outcome)):
        row.why = why
        _changed(row)
    return outcome


@transaction.atomic
def cancel(*, scheduled_id: int, by: User) -> Scheduled | Refused:
    """Its author doesn't want it any more; `restore` undoes that."""
    row = _own(scheduled_id, by)
    if row is None:
        return Refused(Reason.NOT_WAITING, _("This message isn't waiting any more. Look at the conversation."))
    row.state = ScheduledState.CANCELED
    _changed(row)
    _somebody_waits_again(row)
    return Scheduled(row)


@transaction.atomic
def restore(*, scheduled_id: int, by: User) -> Scheduled | Refused:
    """It waits again; what would have gone out meanwhile is held back, for its author to say when."""
    row = _own(scheduled_id, by, state=(ScheduledState.CANCELED,))
    if row is None:
        return Refused(Reason.NOT_WAITING, _("This message isn't canceled. Look at the conversation."))
    is_late = row.due_at is not None and row.due_at <= timezone.now()
    row.state = ScheduledState.HELD_BACK if is_late else ScheduledState.WAITING
    row.why = _("Its time passed while it was canceled.") if is_late else ""
    _changed(row)
    standing.note_scheduled(row.conversation_id, at=row.created_at)
    return Scheduled(row)


@transaction.atomic
def stop(*, scheduled_id: int, by: User) -> Scheduled | Refused:
    """A colleague who may write here holds it back: its author is told, and has it as a draft.

    The author may be away while the candidate is hired by somebody else; what she wrote is hers all the same, so
    nobody else edits or deletes it.
    """
    row = _locked(scheduled_id, by, state=(ScheduledState.WAITING,))
    if row is None:
        return Refused(Reason.NOT_WAITING, _("This message isn't waiting any more. Look at the conversation."))
    if refusal := sending.may_not_write(by, row.conversation, row.channel):
        return refusal
    _hold_back(row, _("%(name)s stopped it.") % {"name": by.name})
    return Scheduled(row)


def release(conversation_ids: Iterable[int], *, channel: str, answer: WaitsFor) -> None:
    """The person gave the answer: what waits for it is due. Part of the transaction that stores the answer.

    The conversations must be locked: what is scheduled at this moment comes before, and is released, or after it, and
    finds the way open.
    """
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, [timezone.now(), list(conversation_ids), channel, answer])
        due = {conversation_id for (conversation_id,) in cursor.fetchall()}
    for conversation_id in due:
        worker.ask_for_scheduled(conversation_id)


def hold_what_waits(conversation_ids: Iterable[int], *, channel: str) -> None:
    """The person opted out: what waits for her answer doesn't wait for the day on which she comes back.

    The conversations must be locked. What waits for a time is judged when that comes.
    """
    rows = ScheduledMessage.objects.filter(
        conversation__in=list(conversation_ids), channel=channel, state=ScheduledState.WAITING, due_at=None
    ).select_related("author")
    for row in rows.order_by("pk"):
        row.conversation = Conversation.objects.with_record().get(pk=row.conversation_id)
        known = {"name": row.conversation.person.first_name, "channel": channels.get(channel).label}
        _hold_back(row, _("%(name)s opted out of %(channel)s.") % known)


def ask_for_due(now: datetime) -> int:
    """For the sweeper: have workers send what is due. Returns in how many conversations something is."""
    due = ScheduledMessage.objects.filter(state=ScheduledState.WAITING, due_at__lte=now)
    unasked = due.filter(Q(asked_at=None) | Q(asked_at__lte=now - settings.ASK_AGAIN_AFTER) | Q(asked_at__gt=now))
    rows = list(unasked.order_by("due_at", "pk").values_list("pk", "conversation")[:BATCH])
    ScheduledMessage.objects.filter(pk__in=[pk for pk, _conversation in rows]).update(asked_at=now)
    found = dict.fromkeys(conversation for _pk, conversation in rows)
    for conversation_id in found:
        worker.ask_for_scheduled(conversation_id)
    return len(found)


def send_due(conversation_id: int) -> None:
    """Send what is due in a conversation, in the order in which it was written. Call it as often as you like."""
    while send_next(conversation_id):
        pass


@transaction.atomic
def send_next(conversation_id: int) -> bool:
    """Judge the first one that is due, and send it or hold it back. False: nothing is due."""
    conversation = Conversation.objects.locked().with_record().filter(pk=conversation_id).first()
    due = ScheduledMessage.objects.filter(state=ScheduledState.WAITING, due_at__lte=timezone.now())
    row = due.filter(conversation=conversation_id).select_related("author").order_by("pk").first()
    if conversation is None or row is None:
        return False
    row.conversation = conversation
    if good_time := _better_time(row):
        row.due_at, row.waits_for = good_time, WaitsFor.GOOD_HOUR
        _changed(row)
        return True
    if row.waits_for in FOR_AN_ANSWER and timezone.now() - row.changed_at > OLD:
        _hold_back(row, _("It waited for more than 30 days. Read it again, then send it if it is still right."))
        return True
    was_unread = ConversationMark.objects.filter(user=row.author, conversation=conversation, is_unread=True).exists()
    outcome = _hand_in(row, is_due=True)
    if isinstance(outcome, Refused):
        _hold_back(row, _why(outcome))
        return True
    _became(row, outcome.message)
    if row.waits_for != WaitsFor.OPT_IN and conversation.needs_reply:  # it was written before what the person said
        Conversation.objects.filter(pk=conversation_id).update(needs_reply=True)
    if was_unread:  # it went by itself, and she hasn't looked
        marks.set_unread(row.author, conversation_id)
    if row.waits_for != WaitsFor.TIME:
        notices.tell(row.author, outcome.message, notice=NoticeKind.WENT_OUT)
    return True


def of(conversation: Conversation) -> list[ScheduledMessage]:
    """What waits here or was held back, in the order in which it was written; asks only where something does."""
    if not conversation.has_scheduled:
        return []
    rows = conversation.scheduled.filter(state__in=SCHEDULED_STATES)
    return list(rows.select_related("author").order_by("pk"))


def _hand_in(row: ScheduledMessage, *, is_due: bool) -> Sent | Refused:
    return sending.send_message(
        conversation_id=row.conversation_id,
        author=row.author,
        channel_key=row.channel,
        body=row.body,
        subject=row.subject,
        client_token=row.client_token,
        was_kept=True,
        is_due=is_due,
    )


def _better_time(row: ScheduledMessage) -> datetime | None:
    """When it goes instead, if the company lets no text go now or it was to go at a good hour, and this is none (V1).

    A time that its author chose is kept where the company only advises, unless it has long passed.
    """
    if row.channel == channels.EMAIL:
        return None
    judged = right_time.judged(row.conversation, timezone.now())
    is_nobodys_choice = row.waits_for == WaitsFor.GOOD_HOUR or (row.due_at and is_late(row.due_at, now=timezone.now()))
    must_move = judged.is_walled_off or (is_nobodys_choice and not judged.is_good)
    return judged.next_good_time if must_move else None


def _became(row: ScheduledMessage, message: Message) -> None:
    row.state, row.message, row.why = ScheduledState.SENT, message, ""
    _changed(row)


def _hold_back(row: ScheduledMessage, why: str) -> None:
    """It doesn't go: the thread says so and why, its author is told, and it stays as her draft.

    A new token, for the old one may be what stood in its way; no message was ever made of it.
    """
    row.state, row.why, row.client_token = ScheduledState.HELD_BACK, why, uuid4()
    _changed(row)
    _somebody_waits_again(row)
    note = Message.objects.create(
        conversation=row.conversation,
        channel=row.channel,
        direction=Direction.NOTE,
        kind=Kind.HELD_BACK,
        author=row.author,
        body=why,
        status=Status.RECEIVED,
        created_version=row.version,
        version=row.version,
    )
    notices.tell(row.author, note, notice=NoticeKind.HELD_BACK)


def _somebody_waits_again(row: ScheduledMessage) -> None:
    """It answers nobody any more."""
    standing.count_anew(row.conversation_id)
    standing.keep_listed(row.conversation_id, at=row.created_at)


def _why(refused: Refused) -> str:
    words = "" if refused.reason in OF_THE_AUTHOR else refused.sentence
    return words or capfirst(str(refused.reason.label))


def _changed(row: ScheduledMessage) -> None:
    row.version, row.changed_at, row.asked_at = next_version(row.conversation_id), timezone.now(), None
    row.save()
    standing.note_not_scheduled(row.conversation_id)
    notices.announce(row.conversation, version=row.version)


def _own(scheduled_id: int, by: User, *, state: Iterable[str] = SCHEDULED_STATES) -> ScheduledMessage | None:
    """The user's own, in one of these states, with its conversation locked; None if there is no such one."""
    row = _locked(scheduled_id, by, state=state)
    return row if row and row.author_id == by.pk else None


def _locked(scheduled_id: int, by: User, *, state: Iterable[str]) -> ScheduledMessage | None:
    within = ScheduledMessage.objects.filter(pk=scheduled_id).values("conversation")
    conversation = Conversation.objects.visible_to(by).locked().filter(pk__in=within).first()
    if conversation is None:
        return None
    row = ScheduledMessage.objects.filter(pk=scheduled_id, state__in=list(state)).select_related("author").first()
    if row:
        row.conversation = conversation
    return row


def _no_time(when: datetime | None) -> Refused | None:
    """Why no message can be kept until then; None for one that waits for an answer, too."""
    if when is None:
        return None
    now = timezone.now()
    if when <= now:
        return Refused(Reason.NO_SUCH_TIME, _("This time has passed. Choose a later one, or send it now."))
    if when > now + MOST_AHEAD:
        return Refused(Reason.NO_SUCH_TIME, _("This is more than a year ahead. Choose an earlier time."))
    return None
