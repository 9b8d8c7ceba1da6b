"""Each step of a message with its time, from the rows of its attempts and of the reports about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbox import channels, rules
from inbox.channels import Words
from inbox.models import DeliveryAttempt, Message
from inbox.rules import AttemptStatus, provider_status

SAID = {
    AttemptStatus.RELEASED: gettext_lazy("Not taken; it was tried again later"),
    AttemptStatus.SENDING: gettext_lazy("Being sent"),
    AttemptStatus.SENT: gettext_lazy("Sent"),
    AttemptStatus.CANCELED: gettext_lazy("Canceled"),
    AttemptStatus.DELIVERED: gettext_lazy("Delivered"),
    AttemptStatus.READ: gettext_lazy("Read"),
}
TAKEN = {AttemptStatus.ACCEPTED, AttemptStatus.QUEUED}
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
        yield report.at, _in_words(attempt, status) if status else _unknown_word(attempt, report.status)
    status = AttemptStatus(attempt.status)
    if status not in told and attempt.answered_at:
        yield attempt.answered_at, _in_words(attempt, status)


def _in_words(attempt: DeliveryAttempt, status: AttemptStatus) -> Words:
    if status in TAKEN:
        return _("Taken by the mail server") if _is_email(attempt) else _("Taken by the carrier")
    if status not in FAILED:
        return SAID[status]
    failure = channels.get(attempt.message.channel).failure(attempt)
    code = _("Code %(code)d") % {"code": failure.code} if failure.code else ""
    return " ".join([_("Not delivered."), str(failure.sentence), code]).strip()


def _unknown_word(attempt: DeliveryAttempt, word: str) -> Words:
    """Our own, or one of the provider's that we don't know."""
    match word:
        case rules.NO_ANSWER if _is_email(attempt):
            return _("No answer from the mail server")
        case rules.NO_ANSWER:
            return _("No answer from the carrier; it is asked again")
        case rules.NO_TRACE if _is_email(attempt):
            return _("Still no report of it")
        case rules.NO_TRACE:
            return _("No trace of it was found")
    return word


def _is_email(attempt: DeliveryAttempt) -> bool:
    return attempt.message.channel == channels.EMAIL


def _clock(at: datetime, *, with_day: bool) -> str:
    there = timezone.localtime(at)
    return date_format(there, "D j M, H:i:s" if with_day else "H:i:s")
