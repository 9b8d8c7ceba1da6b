"""Telling a company's admins of a failure that only they, or the platform's operator, can do something about."""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import Company, User
from inbox import channels, notices
from inbox.channels import Failure
from inbox.live import next_version
from inbox.models import Conversation, Message, ProblemReport
from inbox.rules import Status

KNOWN_FOR = timedelta(days=7)
"""For so long a page says that the admins know; then they may be told again."""


@transaction.atomic
def tell_admins(message: Message, *, by: User) -> bool:
    """Tell the company's admins why this text failed, and mail them: once for each kind of failure and day.

    False: they know already, or it isn't failed any more. Where a company has no admin the operator is told.
    """
    conversation = Conversation.objects.locked().select_related("company").get(pk=message.conversation_id)
    message = conversation.messages.get(pk=message.pk)
    attempt = message.newest_attempt()
    if attempt is None or message.status != Status.FAILED:
        return False
    message.version = next_version(conversation.pk)  # its page says by now that they know
    message.save(update_fields=["version"])
    notices.announce(conversation, version=message.version)
    failure = channels.get(message.channel).failure(attempt)
    is_new = _note(conversation.company, message.channel, failure, by)
    if is_new:
        _mail(conversation.company, message.channel, failure, by)
    return is_new


def _note(company: Company, channel: str, failure: Failure, by: User) -> bool:
    """False: it was noted today, maybe by somebody who clicked in the same moment."""
    now, code, sentence = timezone.now(), failure.code or 0, str(failure.sentence)[:255]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox_problemreport (company_id, channel, code, sentence, day, reported_by_id, at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
            [company.pk, channel, code, sentence, now.astimezone(UTC).date(), by.pk, now],
        )
        return cursor.fetchone() is not None


def _mail(company: Company, channel: str, failure: Failure, by: User) -> None:
    label = channels.get(channel).label
    subject = _("%(channel)s: a text could not be delivered") % {"channel": label}
    context = {"channel": label, "failure": failure, "by": by, "company": company}
    for admin in admins_of(company):
        mail.post(admin.email, subject, render_to_string("inbox/mail/problem.txt", context | {"user": admin}))


def told(company_id: int) -> dict[tuple[str, int], datetime]:
    """When a company's admins were last told, by channel and code; only what is recent."""
    recent = ProblemReport.objects.filter(company=company_id, at__gt=timezone.now() - KNOWN_FOR)
    return {(channel, code): at for channel, code, at in recent.order_by("at").values_list("channel", "code", "at")}


def admins_of(company: Company) -> list[User]:
    """Who manages the company; where nobody does, the platform's operators."""
    admins = list(company.users.filter(is_company_admin=True, is_active=True).order_by("pk"))
    return admins or operators()


def operators() -> list[User]:
    return list(User.objects.filter(company=None, is_staff=True, is_active=True).order_by("pk"))
