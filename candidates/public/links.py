"""The consent link: a team member asks by email, the person agrees on a page, once (O15)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import User
from candidates import contact
from candidates.models import Application, ConsentLink, Prospect, Record, Submission
from candidates.public import submissions
from candidates.public.submissions import Filled

VALID_FOR = timedelta(days=14)
WEEK, MOST_A_WEEK = timedelta(days=7), 3


@dataclass(frozen=True)
class Asked:
    """When a record's person was last asked by email, and by whom. `next_at`: when again, None for now."""

    at: datetime
    by: str
    next_at: datetime | None


@dataclass(frozen=True)
class NotAsked:
    """No mail went out, and why."""

    sentence: str


@transaction.atomic
def ask_for_consent(record: Record, *, by: User) -> ConsentLink | NotAsked:
    """Email the person a link by which she can agree to texts. `by` is on the record's team; a seat isn't needed."""
    held: Any = type(record).objects.select_for_update(of=("self",), no_key=True)
    held.get(pk=record.pk)  # two colleagues at the same instant don't send a fourth one
    person, company = record.candidate, record.candidate.company
    if not person.email:
        return NotAsked(_("There is no email address to ask at. Add one with Edit Contact Info."))
    if not company.texting_channels():
        return NotAsked(_("Your company doesn't text, so there is nothing to ask for."))
    earlier = asked(record)
    if earlier and earlier.next_at:
        return NotAsked(asked_often_enough(earlier.next_at))
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    link = ConsentLink.objects.create(
        digest=_digest(token),
        email=person.email,
        sent_by=by,
        sent_at=now,
        expires_at=now + VALID_FOR,
        **{record.kind: record},
    )
    _post(link, record, token, by=by)
    contact.tell(person)
    return link


def asked(record: Record) -> Asked | None:
    """What the lock says of earlier mails; None: nobody has asked."""
    sent = list(_links_of(record).select_related("sent_by").order_by("-sent_at")[:MOST_A_WEEK])
    if not sent:
        return None
    free_at = sent[-1].sent_at + WEEK if len(sent) == MOST_A_WEEK else None
    next_at = free_at if free_at and free_at > timezone.now() else None
    return Asked(sent[0].sent_at, sent[0].sent_by.name, next_at)


def asked_often_enough(next_at: datetime) -> str:
    when = date_format(timezone.localtime(next_at), "D j M, H:i")
    return _("That is as often as a week allows. The next email is possible on %(when)s.") % {"when": when}


def find(token: str) -> ConsentLink | None:
    """The link of that address, whatever its state."""
    return _with_record().filter(digest=_digest(token)).first()


def is_open(link: ConsentLink, *, now: datetime) -> bool:
    """Whether it can still be used: once, in time, and as long as the record's email is the one that it went to."""
    person = link.record.candidate
    exists = not isinstance(link.record, Prospect) or person.company.has_smartcrm
    is_hers = person.email.lower() == link.email.lower()
    asks_for_something = bool(person.company.texting_channels())
    return link.used_at is None and now < link.expires_at and is_hers and exists and asks_for_something


@transaction.atomic
def use(token: str, filled: Filled) -> Submission | None:
    """Take the answer and use the link up. None: it was used meanwhile, or has expired."""
    now = timezone.now()
    link = _with_record().select_for_update(of=("self",)).filter(digest=_digest(token)).first()
    if link is None or not is_open(link, now=now):
        return None
    link.used_at = now
    link.save(update_fields=["used_at"])
    return submissions.agree(link.record, filled)


def _post(link: ConsentLink, record: Record, token: str, *, by: User) -> None:
    names = {"company": record.candidate.company.name, "about": record.title, "name": by.name}
    if isinstance(record, Application):
        opening = _("%(name)s of %(company)s would like to text you about your application for %(about)s.")
    else:
        opening = _("%(name)s of %(company)s would like to text you about “%(about)s”.")
    lines = [
        opening % names,
        "",
        _("If that is fine with you, say so here. You see what for, and choose; nothing is agreed to until you do:"),
        f"{settings.PUBLIC_BASE_URL}{reverse('consent-link', args=[token])}",
        "",
        _("The link works once, until %(day)s.") % {"day": date_format(link.expires_at, "j F Y")},
        _("If you don't want texts, you need not do anything: we keep writing emails."),
    ]
    mail.post(link.email, _("%(company)s asks: may we text you?") % names, "\n".join(lines))


def _links_of(record: Record) -> "QuerySet[ConsentLink]":
    return ConsentLink.objects.filter(**{record.kind: record})


def _with_record() -> "QuerySet[ConsentLink]":
    return ConsentLink.objects.select_related(
        "application__candidate__company", "application__job", "prospect__candidate__company", "prospect__community"
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
