"""Delivery as rules: which status beats which, what the thread shows, when to try again, how long a text is."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AttemptStatus(TextChoices):
    """Where one attempt to hand a text over stands: first in our words, then in the provider's."""

    CLAIMED = "claimed", _("In a worker's hands")
    RELEASED = "released", _("Not taken, to be tried again")
    UNKNOWN = "unknown", _("Handed over, without an answer")
    ACCEPTED = "accepted", _("Accepted")
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNDELIVERED = "undelivered", _("Undelivered")
    CANCELED = "canceled", _("Canceled")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")


RANKS = {
    AttemptStatus.CLAIMED: -3,
    AttemptStatus.RELEASED: -2,
    AttemptStatus.UNKNOWN: -1,
    AttemptStatus.ACCEPTED: 0,
    AttemptStatus.QUEUED: 1,
    AttemptStatus.SENDING: 2,
    AttemptStatus.SENT: 3,
    AttemptStatus.FAILED: 4,
    AttemptStatus.UNDELIVERED: 4,
    AttemptStatus.CANCELED: 4,
    AttemptStatus.DELIVERED: 5,
    AttemptStatus.READ: 6,
}
"""A status is applied only over a lower rank (I4)."""

PROVIDER_WORDS = {
    **{status.value: status for status, rank in RANKS.items() if rank >= 0},
    "scheduled": AttemptStatus.ACCEPTED,
    "partially_delivered": AttemptStatus.SENT,
}


NO_ANSWER, NO_TRACE = "no answer", "no trace"
"""Our own words among the reports on an attempt: its call had no answer; it was looked for, and not found."""


def provider_status(word: str) -> AttemptStatus | None:
    """The provider's word for a status; None for one that we don't know: it is kept, and not applied."""
    return PROVIDER_WORDS.get(word)


class Status(TextChoices):
    """What the thread shows of a message. Twilio's 201 shows as Sending; only its `sent` shows as Sent."""

    RECEIVED = "received", _("Received")
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    FAILED = "failed", _("Not delivered")
    UNKNOWN = "unknown", _("Not confirmed")
    CANCELED = "canceled", _("Canceled")


FAILED_STATUSES = [Status.FAILED, Status.CANCELED]

SHOWN_AS = {
    AttemptStatus.CLAIMED: Status.SENDING,
    AttemptStatus.RELEASED: Status.QUEUED,
    AttemptStatus.UNKNOWN: Status.UNKNOWN,
    AttemptStatus.ACCEPTED: Status.SENDING,
    AttemptStatus.QUEUED: Status.SENDING,
    AttemptStatus.SENDING: Status.SENDING,
    AttemptStatus.SENT: Status.SENT,
    AttemptStatus.FAILED: Status.FAILED,
    AttemptStatus.UNDELIVERED: Status.FAILED,
    AttemptStatus.CANCELED: Status.CANCELED,
    AttemptStatus.DELIVERED: Status.DELIVERED,
    AttemptStatus.READ: Status.READ,
}

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(seconds=60)
GIVES_UP_AFTER = timedelta(hours=1)


def pause_before_retry(tries: int) -> timedelta:
    """How long a text that nobody took waits after its n-th try: 1, 2, 4 … 60 seconds."""
    doublings = min(max(tries - 1, 0), 10)
    return min(FIRST_PAUSE * int(2**doublings), LONGEST_PAUSE)


STILL_NOW = timedelta(hours=1)


def is_late(due_at: datetime, *, now: datetime) -> bool:
    """Whether a text was due so long ago that nobody chose the present hour for it (docs/decisions/0020)."""
    return now - due_at > STILL_NOW


def next_allowed_at(earlier: Sequence[datetime], *, most: int, within: timedelta, now: datetime) -> datetime:
    """When the next invitation to an address may go: at most `most` in any stretch `within` (O16). Times are aware."""
    recent = sorted(at for at in earlier if at > now - within)
    if len(recent) < most:
        return now
    return (recent[-most] if most else now) + within


def normalised(body: str) -> str:
    r"""The text as it is counted, stored and sent: a browser's `\r\n` is one line break."""
    return re.sub(r"\r\n?", "\n", body)


def length(body: str) -> int:
    """Characters as the composer and the server count them: UTF-16 units, JavaScript's `.length` (Q8)."""
    return len(body.encode("utf-16-le", "surrogatepass")) // 2
