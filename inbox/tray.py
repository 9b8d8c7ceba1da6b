"""The Inbox tray: one row for each conversation with news, by its newest notice; and its count."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, OuterRef, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from inbox import channels
from inbox.asking import Question, Rows, ask
from inbox.list_queries import UNREAD_NOTICES
from inbox.models import DeliveryAttempt, Notice, NoticeKind, NoticeSettings
from inbox.rules import Status

BELL = f"""
SELECT ({UNREAD_NOTICES}) AS count, row_to_json(settings) AS settings
FROM (SELECT) one LEFT JOIN inbox_noticesettings settings ON settings.user_id = %(user)s"""  # noqa: S608 - constants
MOST_ROWS = 30
MOST_COUNTED = 100  # more than 99 are shown as "99+"
TOGETHER_FROM = 3  # conversations with the same failure
LOOKS_BACK = 300  # read notices, for rows of conversations without news


@dataclass(frozen=True)
class Row:
    """A conversation in the tray, by its newest unread notice, else its newest. `more`: how many others are unread,
    and `more_kinds` what they say beyond replies. `together`: in how many conversations the same failure is news, where
    one row stands for all of them."""

    notice: Notice
    more: int = 0
    more_kinds: tuple[str, ...] = ()
    together: int = 1

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None

    @property
    def url(self) -> str:
        """The record's page where this is shown (O5); where it is about many, the list of them; of a note, the Inbox,
        where it stands beside all channels."""
        if self.together > 1:
            return f"{reverse('inbox')}?view=problems"
        if self.notice.kind == NoticeKind.MENTIONED:
            return f"{reverse('conversation', args=[self.notice.conversation_id])}#m{self.notice.message_id}"
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
        if self.together > 1:
            words = {"count": self.together, "channel": channels.get(self.notice.message.channel).label}
            return _("%(channel)s was not delivered in %(count)d conversations") % words
        return headline(self.notice)


@dataclass(frozen=True)
class Bell:
    """What every page shows of news: in how many conversations there is some, counted no further than `MOST_COUNTED`,
    and how the user wants to hear of it."""

    count: int
    settings: NoticeSettings


def bell(user: User) -> Bell:
    """Both in one query, for every page asks it."""
    return bell_of(user, ask(question(user))[0])


def question(user: User) -> Question:
    """Only what she may still see counts (N1)."""
    company = user.company if user.is_active else None
    values = {
        "user": user.pk,
        "company": company.pk if company else None,
        "has_smartcrm": company.has_smartcrm if company else False,
        "most_notices": MOST_COUNTED,
    }
    return Question(BELL, values)


def bell_of(user: User, answer: Rows) -> Bell:
    """The answer to the question."""
    (row,) = answer
    return Bell(row["count"], NoticeSettings(**(row["settings"] or {"user_id": user.pk})))


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
        "message__author",
        "conversation__application__candidate",
        "conversation__application__job",
        "conversation__prospect__candidate",
        "conversation__prospect__community",
    )
    found = shown.prefetch_related("message__attempts").in_bulk()
    more = {each["newest"]: (each["found"] - 1, each["kinds"]) for each in news}
    return _failures_together(user, [_row(found[pk], *more.get(pk, (0, ()))) for pk in newest if pk in found])


def _failures_together(user: User, rows: list[Row]) -> list[Row]:
    """One row for many conversations whose news is the same failure: one reason, told once (N2)."""
    same = {row: _why(row) for row in rows if row.is_unread and row.more == 0 and row.reason}
    often = {why for why, times in Counter(same.values()).items() if times >= TOGETHER_FROM}
    found, told = [], set[tuple[str, int | None]]()
    for row in rows:
        why = same.get(row)
        if why not in often or why is None:
            found.append(row)
        elif why not in told:
            told.add(why)
            found.append(replace(row, together=_failed_for(user, why)))
    return found


def _why(row: Row) -> tuple[str, int | None]:
    attempt = row.notice.message.newest_attempt()
    return row.notice.message.channel, attempt.error_code if attempt else None


def _failed_for(user: User, why: tuple[str, int | None]) -> int:
    """In how many conversations this failure is news: more than fit into the tray."""
    channel, code = why
    newest = DeliveryAttempt.objects.filter(message=OuterRef("message")).order_by("-pk").values("error_code")[:1]
    failed = Notice.objects.visible_to(user).unread().filter(kind=NoticeKind.FAILED, message__channel=channel)
    return failed.annotate(code=Subquery(newest)).filter(code=code).values("conversation").distinct().count()


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
        NoticeKind.MENTIONED: _("%(author)s mentioned you about %(name)s"),
        NoticeKind.WENT_OUT: _("Your %(channel)s to %(name)s has gone out"),
        NoticeKind.HELD_BACK: _("Your %(channel)s to %(name)s was held back"),
        NoticeKind.PUT_OFF: _("Your %(channel)s to %(name)s waits for a good time"),
    }
    channel = channels.registered().get(notice.message.channel)
    author = notice.message.author
    names = {
        "name": notice.conversation.person.name,
        "author": author.name if author else "",
        "channel": channel.label if channel else notice.message.channel,
    }
    return said[NoticeKind(notice.kind)] % names


def _kinds() -> Any:
    return ArrayAgg("kind", distinct=True)


def _row(notice: Notice, more: int, kinds: Iterable[str]) -> Row:
    others = [NoticeKind(kind) for kind in kinds if kind not in {notice.kind, NoticeKind.REPLY}]
    return Row(notice, more, tuple(str(kind.label) for kind in others))
