"""Where an attempt stands and how it moves forward (I4): by hand, for every text takes several of these steps.

The conversation must be locked for each of them.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from inbox.models import DeliveryAttempt
from inbox.rules import RANKS, AttemptStatus

STANDS = """
SELECT attempt.status, attempt.rank, attempt.error_code, message.status, message.refusal,
       NOT EXISTS (SELECT FROM inbox_deliveryattempt newer
                   WHERE newer.message_id = message.id AND newer.id > attempt.id),
       EXISTS (SELECT FROM inbox_deliveryattempt twin
               WHERE twin.provider_id = %(provider_id)s AND twin.provider_id <> '' AND twin.id <> attempt.id),
       (SELECT later.id FROM inbox_message later
        WHERE later.conversation_id = message.conversation_id AND later.channel = message.channel
          AND later.status = 'queued' AND later.id > message.id
        ORDER BY later.id LIMIT 1)
FROM inbox_deliveryattempt attempt JOIN inbox_message message ON message.id = attempt.message_id
WHERE attempt.id = %(attempt)s"""
FORWARD = """
UPDATE inbox_deliveryattempt
SET provider_id = CASE WHEN provider_id = '' THEN %(provider_id)s ELSE provider_id END,
    error_code = COALESCE(error_code, %(error_code)s),
    status = CASE WHEN rank < %(rank)s THEN %(status)s ELSE status END,
    answered_at = CASE WHEN rank < %(rank)s THEN %(now)s ELSE answered_at END,
    trace_at = CASE WHEN rank < %(rank)s THEN NULL ELSE trace_at END,
    rank = GREATEST(rank, %(rank)s)
WHERE id = %(attempt)s"""


@dataclass(frozen=True)
class Standing:
    """An attempt, and the message that it is of: `shown` is what its thread shows, `refusal` why it was canceled.

    `is_newest`: the message shows this attempt, and no later one. `has_twin`: another one has the id that the provider
    names. `next_id`: the message that waits behind this one.
    """

    status: str
    rank: int
    error_code: int | None
    shown: str
    refusal: str
    is_newest: bool
    has_twin: bool
    next_id: int | None

    def is_moved_by(self, status: AttemptStatus) -> bool:
        return self.rank < RANKS[status]

    @property
    def was_under_way(self) -> bool:
        """The texts behind it waited for it (I9)."""
        return self.status in {AttemptStatus.CLAIMED, AttemptStatus.UNKNOWN}


def moved_forward(
    attempt: DeliveryAttempt, status: AttemptStatus, *, provider_id: str, error_code: int | None
) -> Standing:
    """Apply what is new in this, if anything is; where the attempt stood before."""
    values: dict[str, Any] = {
        "attempt": attempt.pk,
        "provider_id": provider_id,
        "error_code": error_code,
        "status": status,
        "rank": RANKS[status],
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(STANDS, values)
        before = Standing(*cursor.fetchone())
        if before.has_twin:
            # A trace goes by likeness and may have given this id to a twin; who carries the UUID is right.
            DeliveryAttempt.objects.filter(provider_id=provider_id).exclude(pk=attempt.pk).update(provider_id="")
        cursor.execute(FORWARD, values)
    return before
