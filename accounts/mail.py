"""The platform's own mail: stored first, sent by a worker, sent again until it went out or a day has passed."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from accounts import work
from accounts.models import OutgoingMail

logger = logging.getLogger(__name__)

SEND = "accounts.send_mail"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=30)
GIVES_UP_AFTER = timedelta(days=1)
BATCH = 200


def post(to: str, subject: str, body: str, *, headers: Mapping[str, str] | None = None) -> OutgoingMail:
    """Have a mail sent once this transaction is committed."""
    subject = " ".join(subject.split())[:255]
    mail = OutgoingMail.objects.create(to=to, subject=subject, body=body, headers=dict(headers or {}))
    work.ask(SEND, mail.pk)
    return mail


@transaction.atomic
def send(mail_id: int) -> None:
    """Send one mail, if nobody else does. A crash on the way sends it again: better twice than never."""
    unsent = OutgoingMail.objects.select_for_update(skip_locked=True).filter(sent_at=None, given_up=False)
    mail = unsent.filter(pk=mail_id).first()
    if mail is None:
        return
    try:
        EmailMessage(mail.subject, mail.body, None, [mail.to], headers=mail.headers).send()
    except (SMTPException, OSError) as problem:
        _try_later(mail, problem)
        return
    mail.sent_at, mail.body, mail.headers = timezone.now(), "", {}
    mail.save(update_fields=["sent_at", "body", "headers"])


def _try_later(mail: OutgoingMail, problem: Exception) -> None:
    logger.warning("mail %s was not taken: %s", mail.pk, type(problem).__name__)
    mail.tries += 1
    now = timezone.now()
    mail.due_at = now + min(FIRST_PAUSE * int(2 ** min(mail.tries, 10)), LONGEST_PAUSE)
    mail.given_up = now - mail.created_at > GIVES_UP_AFTER
    if mail.given_up:
        mail.body, mail.headers = "", {}
    mail.save(update_fields=["tries", "due_at", "given_up", "body", "headers"])


def ask_for_waiting_mail(now: datetime) -> int:
    """For the sweeper: mail that is due and nobody sent. Returns how many were asked for."""
    due = OutgoingMail.objects.filter(sent_at=None, given_up=False, due_at__lte=now - timedelta(seconds=5))
    ids = list(due.order_by("due_at").values_list("pk", flat=True)[:BATCH])
    OutgoingMail.objects.filter(pk__in=ids).update(due_at=now + FIRST_PAUSE)
    for mail_id in ids:
        work.ask(SEND, mail_id)
    return len(ids)
