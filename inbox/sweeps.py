"""The search for what was left behind. Each sweep looks for what is due and calls the actions of everybody else."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Value
from django.db.models.functions import Least

from inbox import channels, delivery, pacing, pauses, worker
from inbox.models import DeliveryAttempt, Message
from inbox.outcomes import Accepted, Reported, TryLater
from inbox.rules import AttemptStatus, Status

logger = logging.getLogger(__name__)

BATCH = 500
NOT_THE_LAST_WORD = (AttemptStatus.ACCEPTED, AttemptStatus.QUEUED, AttemptStatus.SENDING, AttemptStatus.SENT)
SILENT_FOR, SILENT_FOR_TOO_LONG = timedelta(days=1), timedelta(days=4)
FETCHED_AT_ONCE = 20  # each is a call, and other sweeps wait
LOOKS_AGAIN_EVERY = timedelta(seconds=60)
ASKS_AT_LEAST_EVERY = timedelta(seconds=10)


def ask_for_waiting_texts(now: datetime) -> int:
    """Queued texts that nobody claimed: the wake-up was lost, or a worker died. Returns how many were asked for.

    Only the first of each thread, for the others wait for it; and at growing pauses, so that a worker who is only
    slow isn't swamped with asking. Those whose sender keeps a pace have their turns (`pacing`).
    """
    earlier = Message.objects.filter(
        conversation=OuterRef("conversation"), channel=OuterRef("channel"), status=Status.QUEUED, pk__lt=OuterRef("pk")
    )
    asked_for = Least(F("asked_at") - F("due_at"), Value(ASKS_AT_LEAST_EVERY))
    waiting = (
        Message.objects.filter(
            ~pauses.holds(OuterRef("channel")),
            status=Status.QUEUED,
            due_at__lte=now,
            asked_at__lte=now - settings.ASK_AGAIN_AFTER,
        )
        .exclude(pacing.paced())
        .filter(~Exists(earlier), asked_at__lte=ExpressionWrapper(Value(now) - asked_for, DateTimeField()))
        .order_by("pk")
    )
    ids = list(waiting.values_list("pk", flat=True)[:BATCH])
    Message.objects.filter(pk__in=ids).update(asked_at=now)
    for message_id in ids:
        worker.ask_for_delivery(message_id)
    return len(ids)


def expire_leases(now: datetime) -> int:
    """Claims whose worker never came back: their outcome is unknown."""
    expired = DeliveryAttempt.objects.filter(status=AttemptStatus.CLAIMED, lease_until__lt=now)
    ids = list(expired.values_list("pk", flat=True)[:BATCH])
    for attempt_id in ids:
        delivery.mark_unknown(attempt_id)
    return len(ids)


def trace_unknown_texts(now: datetime) -> int:
    """Ask the provider for texts whose hand-over had no answer; give them up after five minutes.

    Where the provider can't be asked the round ends, so that other sweeps don't wait for it. Returns how many were due.
    """
    due = DeliveryAttempt.objects.select_related("message__conversation").filter(
        ~pauses.holds(OuterRef("message__channel")), status=AttemptStatus.UNKNOWN, trace_at__lte=now
    )
    attempts = list(due.order_by("trace_at")[:BATCH])
    for attempt in attempts:
        outcome = channels.get(attempt.message.channel).trace(attempt)
        if isinstance(outcome, Accepted):
            delivery.record_outcome(attempt, outcome)
        elif now - attempt.claimed_at >= settings.TRACE_UNTIL:
            delivery.give_up(attempt.pk)
        else:
            pause = min(LOOKS_AGAIN_EVERY, settings.TRACE_AFTER)
            delivery.look_again(attempt.pk, at=now + pause)
        if isinstance(outcome, TryLater):
            break
    return len(attempts)


def fetch_silent_texts(now: datetime) -> int:
    """Texts of which nothing was heard for a day: their status is asked for once, and that is the truth (lesson 8).

    Returns how many were due. What is older than some days was asked for when it was due, or never will be.
    """
    due = DeliveryAttempt.objects.filter(
        ~pauses.holds(OuterRef("message__channel")),
        status__in=NOT_THE_LAST_WORD,
        fetched_at=None,
        answered_at__lte=now - SILENT_FOR,
        answered_at__gt=now - SILENT_FOR_TOO_LONG,
    ).exclude(provider_id="")
    attempts = list(due.select_related("message").order_by("answered_at")[:FETCHED_AT_ONCE])
    for attempt in attempts:
        found = channels.get(attempt.message.channel).status_of(attempt)
        if isinstance(found, TryLater):
            break
        DeliveryAttempt.objects.filter(pk=attempt.pk).update(fetched_at=now)
        if isinstance(found, Reported):
            delivery.report_status(
                attempt_uuid=attempt.uuid,
                provider_id=attempt.provider_id,
                word=found.word,
                error_code=found.error_code,
            )
    return len(attempts)


def oldest_unclaimed(now: datetime) -> timedelta:
    """For how long the oldest text that is due has been waiting for a worker; of those that a pause holds, none."""
    due_at = (
        Message.objects.filter(~pauses.holds(OuterRef("channel")), status=Status.QUEUED, due_at__lte=now)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    return now - due_at if due_at else timedelta(0)
