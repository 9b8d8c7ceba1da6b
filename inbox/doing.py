"""What users do with a conversation as a whole: done is the team's, star, snooze and unread are a user's own."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from inbox import live, marks, notices
from inbox.live import next_version
from inbox.models import Conversation

MORNING = time(9, 0)
SHORT_WHILE = timedelta(hours=2)


@transaction.atomic
def set_done(conversation: Conversation, *, is_done: bool, by: User) -> None:
    """Nothing is left to do here, for anybody of the team; a new message undoes it."""
    version = next_version(conversation.pk)
    Conversation.objects.filter(pk=conversation.pk).update(
        done_at=timezone.now() if is_done else None, done_by=by if is_done else None
    )
    notices.announce(conversation, version=version)


@transaction.atomic
def set_starred(user: User, conversation: Conversation, *, is_starred: bool) -> None:
    marks.set_starred(user, conversation.pk, is_starred=is_starred)
    live.signal_own(user.pk, conversation.pk)


@transaction.atomic
def set_unread(user: User, conversation: Conversation, *, is_unread: bool) -> None:
    if is_unread:
        marks.set_unread(user, conversation.pk)
    else:
        marks.read(user, conversation.pk)
    live.signal_own(user.pk, conversation.pk)


@transaction.atomic
def snooze(user: User, conversation: Conversation, *, until: datetime | None) -> None:
    """Out of the user's list until that time, or until the person writes; None: back at once."""
    marks.snooze(user, conversation.pk, until=until)
    live.signal_own(user.pk, conversation.pk)


def snooze_times(now: datetime) -> list[tuple[str, str | Promise, datetime]]:
    """The times that are offered: a word for the form, words for the user, and the moment, in her time zone."""
    here = timezone.localtime(now)
    tomorrow = here + timedelta(days=1)
    monday = here + timedelta(days=7 - here.weekday())
    return [
        ("later", gettext_lazy("In 2 hours"), now + SHORT_WHILE),
        ("tomorrow", gettext_lazy("Tomorrow, 9:00"), datetime.combine(tomorrow.date(), MORNING, here.tzinfo)),
        ("monday", gettext_lazy("Monday, 9:00"), datetime.combine(monday.date(), MORNING, here.tzinfo)),
    ]


def said_time(moment: datetime) -> str:
    """A coming time in words: "at 15:20", "on Fri 12 Sep, 9:00"."""
    there = timezone.localtime(moment)
    clock = date_format(there, "G:i")
    if there.date() == timezone.localdate():
        return _("at %(time)s") % {"time": clock}
    return _("on %(day)s, %(time)s") % {"day": date_format(there, "D j M"), "time": clock}
