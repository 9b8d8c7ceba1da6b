"""A failure of the account is no text's fault: sending pauses, texts wait, and it resumes by itself.

begin   a hand-over met it: its text is queued again, the operator is told, once
probe   the sweeper asks the provider at growing pauses, or at once where an admin wants it
end     the texts that wait are asked for by the sweep that asks for every waiting text

The account is the platform's, so its operator is who can mend it; a company's admins hear of it in plain words, where
it lasts and their texts wait. A pause is judged without a lock: a text that is claimed in the same moment meets the
same failure, and is queued again like the first (I1).
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import Exists, F, Func, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import Company, User
from inbox import channels, open_pages
from inbox.models import Conversation, Message, SendingPause
from inbox.problems import admins_of, operators
from inbox.rules import Status

logger = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(minutes=10)
SAME_TROUBLE_WITHIN = timedelta(hours=1)
COMPANIES_ARE_TOLD_AFTER = timedelta(minutes=5)


def holds(channel: OuterRef) -> Exists:
    """Whether a pause holds the texts of this channel; for queries."""
    return Exists(open_pauses().filter(channels__contains=[channel]))


def all_paused_channels() -> ArraySubquery:
    """The keys of the channels that are paused; for queries."""
    return ArraySubquery(open_pauses().annotate(key=Func(F("channels"), function="unnest")).values("key"))


def open_pauses() -> "QuerySet[SendingPause]":
    return SendingPause.objects.filter(ended_at=None)


def open_ones() -> list[SendingPause]:
    return list(open_pauses().order_by("began_at"))


def of(conversation: Conversation, channel: str) -> SendingPause | None:
    """The pause that holds the texts of this channel; asked for only where the conversation's query found one."""
    if channel not in conversation.paused_channels:
        return None
    return open_pauses().filter(channels__contains=[channel]).first()


@transaction.atomic
def begin(account: str, *, code: int | None) -> None:
    """Pause all channels that send through this account; tell the operator once.

    The same trouble within the hour is the same pause, opened again: a probe was answered, and a text was not taken.
    """
    now = timezone.now()
    last = SendingPause.objects.filter(account=account).select_for_update().order_by("-pk").first()
    if last and last.ended_at is None:
        return
    if last and last.ended_at and last.ended_at > now - SAME_TROUBLE_WITHIN:
        last.ended_at, last.probe_at = None, now + _pause(last.probes)
        last.save(update_fields=["ended_at", "probe_at"])
    elif not _is_first(account, code or 0, now):
        return
    else:
        _tell_operators("inbox/mail/paused.txt", _("Sending is paused"), code=code or 0, began_at=now)
    logger.error("sending through %s is paused: code %s", account, code)
    _refresh_pages()


def _is_first(account: str, code: int, now: datetime) -> bool:
    """False: another worker met it in the same moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox_sendingpause (account, channels, code, began_at, probes, probe_at)"
            " VALUES (%s, %s::varchar[], %s, %s, 0, %s) ON CONFLICT DO NOTHING RETURNING id",
            [account, channels.sharing(account), code, now, now + _pause(0)],
        )
        return cursor.fetchone() is not None


def _pause(probes: int) -> timedelta:
    """How long to wait after the n-th probe in vain: half a minute, then twice as long, 10 minutes at most."""
    return min(settings.PROBE_AFTER * int(2 ** min(probes, 10)), LONGEST_PAUSE)


def try_now() -> None:
    """Somebody may have mended it: the sweeper asks at once."""
    open_pauses().update(probe_at=timezone.now())


def sweep(now: datetime) -> None:
    """Probe what is due, and tell the companies whose texts wait where it lasts."""
    for pause in open_ones():
        if pause.probe_at <= now:
            _probe(pause, now)
        elif pause.companies_told_at is None and pause.began_at <= now - COMPANIES_ARE_TOLD_AFTER:
            _tell_companies(pause, now)


def _probe(pause: SendingPause, now: datetime) -> None:
    if channels.get(pause.channels[0]).account_works():
        _end(pause, now)
        return
    SendingPause.objects.filter(pk=pause.pk).update(probes=pause.probes + 1, probe_at=now + _pause(pause.probes + 1))


@transaction.atomic
def _end(pause: SendingPause, now: datetime) -> None:
    """The count of probes stays: where the same comes back soon, the next one is as far away as it was."""
    if open_pauses().filter(pk=pause.pk).update(ended_at=now, probes=pause.probes + 1):
        logger.warning("sending through %s goes on", pause.account)
        _refresh_pages()


@transaction.atomic
def _tell_companies(pause: SendingPause, now: datetime) -> None:
    """The admins of the companies whose texts wait now, once for each pause."""
    if not open_pauses().filter(pk=pause.pk, companies_told_at=None).update(companies_told_at=now):
        return
    waiting = Message.objects.filter(status=Status.QUEUED, channel__in=pause.channels)
    for company in Company.objects.filter(pk__in=waiting.values("conversation__company")):
        for admin in admins_of(company):
            context = {"user": admin, "company": company, "began_at": pause.began_at}
            mail.post(admin.email, _("Texting is paused"), render_to_string("inbox/mail/texts_wait.txt", context))


def _tell_operators(template: str, subject: str, **context: object) -> None:
    for operator in operators():
        mail.post(operator.email, subject, render_to_string(template, {"user": operator, **context}))


def _refresh_pages() -> None:
    """Open pages with a composer say that texting is paused, or no longer."""
    open_pages.look_again(User.objects.filter(company__has_smartmessage=True))
