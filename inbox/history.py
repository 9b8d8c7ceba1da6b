"""Each step of a message with its time, from the rows of its attempts and of the reports about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbox import channels
from inbox.channels import Words
from inbox.models import DeliveryAttempt, Message
from inbox.rules import AttemptStatus, provider_status

TAKEN = gettext_lazy("Taken by the carrier")
SAID = {
    AttemptStatus.RELEASED: gettext_lazy("Not taken; it was tried again later"),
    AttemptStatus.UNKNOWN: gettext_lazy("No answer; the carrier was asked"),
    AttemptStatus.ACCEPTED: TAKEN,
    AttemptStatus.QUEUED: TAKEN,
    AttemptStatus.SENDING: gettext_lazy("Being sent"),
    AttemptStatus.SENT: gettext_lazy("Sent"),
    AttemptStatus.CANCELED: gettext_lazy("Canceled"),
    AttemptStatus.DELIVERED: gettext_lazy("Delivered"),
    AttemptStatus.READ: gettext_lazy("Read"),
}
FAILED = {AttemptStatus.FAILED, AttemptStatus.UNDELIVERED}


@dataclass(frozen=True)
class Step:
    """One thing that happened. `clock`: its time to the second, with the day where that is another one."""

    words: Words
    at: datetime
    clock: str


def of(message: Message) -> list[Step]:
    """What happened to a message of ours, in order. The times of reports are those of their arrival here."""
    attempts = message.attempts.order_by("pk").prefetch_related("reports")
    happened: list[tuple[datetime, Words]] = [(message.created_at, _("Stored"))]
    for number, attempt in enumerate(attempts):
        attempt.message = message
        happened += sorted(_of_attempt(attempt, is_first=number == 0), key=lambda each: each[0])
    first_day = timezone.localtime(message.created_at).date()
    return [Step(words, at, _clock(at, with_day=timezone.localtime(at).date() != first_day)) for at, words in happened]


def _of_attempt(attempt: DeliveryAttempt, *, is_first: bool) -> Iterator[tuple[datetime, Words]]:
    yield attempt.claimed_at, _("Handed over") if is_first else _("Handed over again")
    told = set()
    for report in attempt.reports.all():
        status = provider_status(report.status)
        told.add(status)
        yield report.at, _in_words(attempt, status) if status else report.status
    status = AttemptStatus(attempt.status)
    if status not in told and attempt.answered_at:
        yield attempt.answered_at, _in_words(attempt, status)


def _in_words(attempt: DeliveryAttempt, status: AttemptStatus) -> Words:
    if status not in FAILED:
        return SAID[status]
    failure = channels.get(attempt.message.channel).failure(attempt)
    code = _("Code %(code)d") % {"code": failure.code} if failure.code else ""
    return " ".join([_("Not delivered."), str(failure.sentence), code]).strip()


def _clock(at: datetime, *, with_day: bool) -> str:
    there = timezone.localtime(at)
    return date_format(there, "D j M, H:i:s" if with_day else "H:i:s")
