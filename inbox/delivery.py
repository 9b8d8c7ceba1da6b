"""Delivery: claim, call, record. Whatever is killed between two lines, no text goes out twice (I1).

claim    one short transaction: judged anew under the consent's lock; the attempt and its lease are written
call     outside any transaction
record   one short transaction: accepted, rejected, tried later, or unknown
"""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from candidates import consents
from inbox import attempts, channels, good_hours, judging, live, notices, pacing, pauses, standing
from inbox.models import Conversation, DeliveryAttempt, Message, NoticeKind, StatusReport
from inbox.outcomes import Accepted, AccountProblem, Outcome, Reason, Rejected, TryLater, Unknown
from inbox.rules import (
    GIVES_UP_AFTER,
    NO_ANSWER,
    NO_TRACE,
    RANKS,
    SHOWN_AS,
    AttemptStatus,
    Status,
    pause_before_retry,
    provider_status,
)

logger = logging.getLogger(__name__)

FAILURES = {AttemptStatus.FAILED, AttemptStatus.UNDELIVERED}
NOT_DELIVERED = {*FAILURES, AttemptStatus.CANCELED}


def deliver_message(message_id: int) -> None:
    """Hand one waiting message to its channel. Call it as often as you like, from as many workers."""
    attempt = claim(message_id)
    if attempt is None:
        return
    outcome = channels.get(attempt.message.channel).deliver(attempt)
    record_outcome(attempt, outcome)


def claim(message_id: int) -> DeliveryAttempt | None:
    """Take a waiting message into this worker's hands, or leave it.

    None: gone, in another worker's hands, an earlier text is under way (I9), sending is paused, judged anew and
    canceled, or its sender has no slot for it yet. A STOP locks the same consent for itself: a claim comes either
    before its commit or is refused after it (I2).
    """
    try:
        return _claim(message_id)
    except pacing.NoSlot:
        pacing.wait_for_turn(message_id)
        return None


@transaction.atomic
def _claim(message_id: int) -> DeliveryAttempt | None:
    place = judging.place_of(message_id)
    if place is None:
        return None
    standing = consents.standing_locked_for_sharing(
        company_id=place.company_id, channel=place.channel, address=place.recipient
    )
    live.hold(place.conversation_id)
    now = timezone.now()
    judged = judging.read(message_id, place, now=now)
    if judged is None or judged.is_behind:
        return None
    message = judged.message
    if reason := judged.refusal(standing):
        cancel(message, reason)
        return None
    if reason := good_hours.refusal(message, now=now):
        if not good_hours.put_off(message, now=now):
            cancel(message, reason)
        return None
    attempt = DeliveryAttempt.objects.create(
        message=message, claimed_at=now, lease_until=now + settings.CALL_DEADLINE + settings.LEASE_SLACK
    )
    message.refusal = ""  # it may have waited for a good hour
    _show(message, Status.SENDING, team=judged.team)
    pacing.take_slot(message, now=now)
    return attempt


def cancel(message: Message, reason: Reason) -> None:
    """Not sent, and says why; its text is kept in the thread. Who let it go out by itself is told."""
    went_by_itself = good_hours.waits(message) or reason == Reason.BAD_HOUR or message.was_scheduled.exists()
    message.refusal = reason
    _show(message, Status.CANCELED)
    if message.author and went_by_itself:
        notices.tell(message.author, message, notice=NoticeKind.FAILED)
    next_up = _waiting_after(message)
    if next_up:
        pacing.ask_in_turn(next_up)


def record_outcome(attempt: DeliveryAttempt, outcome: Outcome) -> None:
    """Write down how the call ended. A callback may have been faster: only a higher rank is applied (I4)."""
    match outcome:
        case Accepted(provider_id, word):
            status = provider_status(word) or AttemptStatus.ACCEPTED
            apply_status(attempt, status, provider_id=provider_id)
        case Rejected(code):
            apply_status(attempt, AttemptStatus.FAILED, error_code=code)
        case TryLater(pause):
            _release(attempt, pause)
        case AccountProblem(code):
            _hold(attempt, code)
        case Unknown():
            mark_unknown(attempt.pk)


def apply_status(
    attempt: DeliveryAttempt, status: AttemptStatus, *, provider_id: str = "", error_code: int | None = None
) -> None:
    """Move an attempt forward, and with it the message that shows it; never back (I4).

    The reason of a failure is only ever added. What the provider knows of consent is passed on to the channel.
    """
    message = attempt.message
    if status in FAILURES and error_code:
        attempt.refresh_from_db(fields=["error_code"])
        attempt.error_code = attempt.error_code or error_code
        channels.get(message.channel).refused_by_provider(attempt)
    with transaction.atomic():
        live.hold(message.conversation_id)
        before = attempts.moved_forward(attempt, status, provider_id=provider_id, error_code=error_code or None)
        moved, message.status, message.refusal = before.is_moved_by(status), before.shown, before.refusal
        if not before.is_newest:
            pass  # it was sent again, and shows the newer attempt
        elif moved and (message.status != Status.QUEUED or status not in NOT_DELIVERED):
            _show(message, SHOWN_AS[status])  # a late yes also ends a second try that nobody has begun
        elif error_code and before.error_code is None and message.status == Status.FAILED:
            _show(message, Status.FAILED)
        if before.was_under_way and before.next_id:
            # The way is free for the text that was written after this one (I9).
            pacing.ask_in_turn(Message.objects.get(pk=before.next_id))
        channel = channels.get(message.channel)
        if moved and status in FAILURES and channel.failure(attempt).is_of_account:
            pauses.begin(channel.account, code=error_code)


def report_status(*, attempt_uuid: UUID | None, provider_id: str, word: str, error_code: int | None) -> bool:
    """A callback came: keep it, and apply it where it moves the attempt forward.

    Found by the attempt's own UUID, else by the provider's id. False: there is no such attempt.
    """
    by_uuid = DeliveryAttempt.objects.filter(uuid=attempt_uuid) if attempt_uuid else DeliveryAttempt.objects.none()
    by_id = DeliveryAttempt.objects.filter(provider_id=provider_id) if provider_id else DeliveryAttempt.objects.none()
    with_thread = "message__conversation"
    attempt = by_uuid.select_related(with_thread).first() or by_id.select_related(with_thread).first()
    if attempt is None:
        return False
    _keep_report(attempt, word, error_code)
    if status := provider_status(word):
        apply_status(attempt, status, provider_id=provider_id, error_code=error_code)
    return True


@transaction.atomic
def mark_unknown(attempt_id: int) -> None:
    """No answer, or a lease that ran out: looked for at the provider's, and never sent again by a machine."""
    attempt = DeliveryAttempt.objects.select_related("message").get(pk=attempt_id)
    conversation = Conversation.objects.locked().get(pk=attempt.message.conversation_id)
    moved = DeliveryAttempt.objects.filter(pk=attempt_id, status=AttemptStatus.CLAIMED).update(
        status=AttemptStatus.UNKNOWN,
        rank=RANKS[AttemptStatus.UNKNOWN],
        trace_at=attempt.claimed_at + settings.TRACE_AFTER,
    )
    if moved:
        _keep_report(attempt, NO_ANSWER)
        message = conversation.messages.get(pk=attempt.message_id)
        message.conversation = conversation
        _show(message, Status.UNKNOWN)


@transaction.atomic
def look_again(attempt_id: int, *, at: datetime) -> None:
    """Not found yet: when the next look is, which the page says too."""
    attempt = DeliveryAttempt.objects.select_related("message").get(pk=attempt_id)
    conversation = Conversation.objects.locked().get(pk=attempt.message.conversation_id)
    moved = DeliveryAttempt.objects.filter(pk=attempt_id, status=AttemptStatus.UNKNOWN).update(trace_at=at)
    message = conversation.messages.get(pk=attempt.message_id)
    if moved and message.status == Status.UNKNOWN:
        message.conversation = conversation
        _show(message, Status.UNKNOWN)


@transaction.atomic
def give_up(attempt_id: int) -> None:
    """Still no trace of it: the page offers Send again, and says that it may arrive twice."""
    attempt = DeliveryAttempt.objects.select_related("message").get(pk=attempt_id)
    conversation = Conversation.objects.locked().get(pk=attempt.message.conversation_id)
    moved = DeliveryAttempt.objects.filter(pk=attempt_id, status=AttemptStatus.UNKNOWN, given_up=False).update(
        given_up=True, trace_at=None
    )
    if moved:
        _keep_report(attempt, NO_TRACE)
        message = conversation.messages.get(pk=attempt.message_id)
        message.conversation = conversation
        _show(message, Status.UNKNOWN, given_up=True)


def _keep_report(attempt: DeliveryAttempt, word: str, error_code: int | None = None) -> None:
    """Each once, with the time of the first."""
    StatusReport.objects.bulk_create(
        [StatusReport(attempt=attempt, status=word[:40], error_code=error_code)], ignore_conflicts=True
    )


def _waiting_after(message: Message) -> Message | None:
    later = Message.objects.filter(
        conversation_id=message.conversation_id,
        channel=message.channel,
        status=Status.QUEUED,
        pk__gt=message.pk,
    )
    return later.order_by("pk").first()


@transaction.atomic
def _hold(attempt: DeliveryAttempt, code: int | None) -> None:
    """Nothing was taken, for a reason that every text would meet: back into the queue, and sending pauses."""
    message = _taken_back(attempt, code=code)
    if message:
        _show(message, Status.QUEUED)
    pauses.begin(channels.get(attempt.message.channel).account, code=code)


def _taken_back(attempt: DeliveryAttempt, *, code: int | None = None) -> Message | None:
    """The message of an attempt that nobody took. None: it is known by now that somebody did."""
    conversation = Conversation.objects.locked().get(pk=attempt.message.conversation_id)
    message = conversation.messages.get(pk=attempt.message_id)
    message.conversation = conversation
    moved = DeliveryAttempt.objects.filter(pk=attempt.pk, status=AttemptStatus.CLAIMED).update(
        status=AttemptStatus.RELEASED,
        rank=RANKS[AttemptStatus.RELEASED],
        answered_at=timezone.now(),
        error_code=code,
    )
    return message if moved else None


@transaction.atomic
def _release(attempt: DeliveryAttempt, pause: timedelta | None) -> None:
    """Nothing was taken: back into the queue for a while, or failed after an hour of trying."""
    message = _taken_back(attempt)
    if message is None:
        return
    newest_first = message.attempts.order_by("-pk")
    tries = list(takewhile(_was_put_off, newest_first))
    if timezone.now() - tries[-1].claimed_at > GIVES_UP_AFTER:
        apply_status(attempt, AttemptStatus.FAILED)
        return
    pause = pause or pause_before_retry(len(tries)) * random.uniform(0.8, 1.2)
    message.due_at = timezone.now() + pause
    message.asked_at = message.due_at - settings.ASK_AGAIN_AFTER  # so that the sweeper asks when it is due
    message.save(update_fields=["due_at", "asked_at"])
    _show(message, Status.QUEUED)


def _was_put_off(attempt: DeliveryAttempt) -> bool:
    """One of the tries of an hour: since a Retry, and since the account was last mended."""
    return attempt.status == AttemptStatus.RELEASED and attempt.error_code is None


def _show(
    message: Message, status: Status, *, given_up: bool = False, team: Sequence[notices.Member] | None = None
) -> None:
    """The thread shows another status: store it under a new version, tell the pages, and notify of a failure."""
    if message.status == status and status not in {Status.UNKNOWN, Status.FAILED}:  # these may gain words
        return
    message.status = status
    message.version = standing.note_status(message, given_up=given_up)
    notice = NoticeKind.FAILED if status == Status.FAILED else None
    notices.announce(message.conversation, version=message.version, notice=notice, message=message, team=team)
