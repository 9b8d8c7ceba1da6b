"""The Inbox tray: one row for each conversation with news, by its newest notice; and its count."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Max
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from inbox import channels
from inbox.list_queries import UNREAD_NOTICES
from inbox.models import Notice, NoticeKind, NoticeSettings
from inbox.rules import Status

BELL = f"""
SELECT ({UNREAD_NOTICES}), row_to_json(settings)
FROM (SELECT) one LEFT JOIN inbox_noticesettings settings ON settings.user_id = %(user)s"""  # noqa: S608 - constants
MOST_ROWS = 30
MOST_COUNTED = 100  # more than 99 are shown as "99+"
LOOKS_BACK = 300  # read notices, for rows of conversations without news


@dataclass(frozen=True)
class Row:
    """A conversation in the tray, by its newest unread notice, else its newest. `more`: how many others are unread,
    and `more_kinds` what they say beyond replies."""

    notice: Notice
    more: int = 0
    more_kinds: tuple[str, ...] = ()

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None

    @property
    def url(self) -> str:
        """The record's page where this is shown (O5)."""
        record, channel = self.notice.conversation.record, self.notice.message.channel
        return record.emails_url() if channel == channels.EMAIL else f"{record.messages_url()}?channel={channel}"

    @property
    def reason(self) -> str | Promise:
        """Why a message was not delivered."""
        message = self.notice.message
        if self.notice.kind == NoticeKind.HELD_BACK:
            return message.body
        if message.status == Status.CANCELED:
            return _("Not sent: %(reason)s") % {"reason": message.get_refusal_display()}
        attempt = message.newest_attempt() if self.notice.kind == NoticeKind.FAILED else None
        if attempt is None or message.status != Status.FAILED:
            return ""
        return channels.get(message.channel).failure(attempt).sentence

    @property
    def headline(self) -> str:
        return headline(self.notice)


@dataclass(frozen=True)
class Bell:
    """What every page shows of news: in how many conversations there is some, counted no further than `MOST_COUNTED`,
    and how the user wants to hear of it."""

    count: int
    settings: NoticeSettings


def bell(user: User) -> Bell:
    """Both in one query, for every page asks it. Only what she may still see counts (N1)."""
    company = user.company if user.is_active else None
    values = {
        "user": user.pk,
        "company": company.pk if company else None,
        "has_smartcrm": company.has_smartcrm if company else False,
        "most": MOST_COUNTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(BELL, values)
        count, chosen = cursor.fetchone()
    return Bell(count, NoticeSettings(**(chosen or {"user_id": user.pk})))


def rows(user: User) -> list[Row]:
    """Those with news first, then the others, each in the order of time; the newest on top."""
    notices = Notice.objects.visible_to(user)
    fresh = notices.unread().values("conversation").annotate(newest=Max("pk"), found=Count("pk"), kinds=_kinds())
    news = list(fresh.order_by("-newest")[:MOST_ROWS])
    known = {each["conversation"] for each in news}
    earlier: dict[int, int] = {}
    for conversation, pk in notices.order_by("-pk").values_list("conversation", "pk")[:LOOKS_BACK]:
        if conversation not in known:
            earlier.setdefault(conversation, pk)
    newest = [each["newest"] for each in news]
    newest += list(earlier.values())[: MOST_ROWS - len(news)]
    shown = Notice.objects.filter(pk__in=newest).select_related(
        "message__consent_event__by_user",
        "conversation__application__candidate",
        "conversation__application__job",
        "conversation__prospect__candidate",
        "conversation__prospect__community",
    )
    found = shown.prefetch_related("message__attempts").in_bulk()
    more = {each["newest"]: (each["found"] - 1, each["kinds"]) for each in news}
    return [_row(found[pk], *more.get(pk, (0, ()))) for pk in newest if pk in found]


def settings_of(user: User) -> NoticeSettings:
    """How the user wants to hear of news; the defaults where she never said."""
    return NoticeSettings.objects.filter(user=user).first() or NoticeSettings(user=user)


def headline(notice: Notice) -> str:
    """What happened, without what was written: "Marcus Hill replied"."""
    said = {
        NoticeKind.REPLY: _("%(name)s replied"),
        NoticeKind.ANSWERED: _("%(name)s answered your invitation"),
        NoticeKind.HELD: _("%(name)s may have asked to stop"),
        NoticeKind.OPTED_IN: _("%(name)s opted in to %(channel)s"),
        NoticeKind.OPTED_OUT: _("%(name)s opted out of %(channel)s"),
        NoticeKind.FAILED: _("%(channel)s to %(name)s was not delivered"),
        NoticeKind.WENT_OUT: _("Your %(channel)s to %(name)s has gone out"),
        NoticeKind.HELD_BACK: _("Your %(channel)s to %(name)s was held back"),
    }
    channel = channels.registered().get(notice.message.channel)
    names = {"name": notice.conversation.person.name, "channel": channel.label if channel else notice.message.channel}
    return said[NoticeKind(notice.kind)] % names


def _kinds() -> Any:
    return ArrayAgg("kind", distinct=True)


def _row(notice: Notice, more: int, kinds: Iterable[str]) -> Row:
    others = [NoticeKind(kind) for kind in kinds if kind not in {notice.kind, NoticeKind.REPLY}]
    return Row(notice, more, tuple(str(kind.label) for kind in others))
