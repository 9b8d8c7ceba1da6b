"""The Inbox's list: a user's conversations, the most recent first, in views that cost the same whatever the size.

The list of one team is an index; a user's list is the merging of her teams' newest pages, so it never sorts all that
she may see. What only she knows of a conversation (unread, star, snooze) begins at her own few rows instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from candidates.consent_rules import Standing
from candidates.models import Consent, Record
from inbox import search
from inbox.models import Conversation, Message

PAGE = 40
MOST_COUNTED = 1000
MOST_COUNTED_OF_A_TEAM = 100
MOST_TEAMS = 15  # named beside the list
MOST_FOUND = 200  # conversations that a search looks through, the newest of them

TEAMS = """
SELECT job_id AS key FROM candidates_job_team WHERE user_id = %(user)s
UNION ALL
SELECT -community_id FROM candidates_community_team WHERE user_id = %(user)s AND %(has_smartcrm)s"""

NOT_SNOOZED = """
NOT EXISTS (SELECT FROM inbox_conversationmark mark WHERE mark.conversation_id = conversation.id
            AND mark.user_id = %(user)s AND mark.snoozed_until > %(now)s)"""
OPEN = f"conversation.last_message_at IS NOT NULL AND conversation.done_at IS NULL AND {NOT_SNOOZED}"


class View(Enum):
    """What part of the Inbox is listed; the value is its word in the address."""

    OPEN = "open"
    NEEDS_REPLY = "needs-reply"
    UNREAD = "unread"
    PROBLEMS = "problems"
    MINE = "mine"
    STARRED = "starred"
    SNOOZED = "snoozed"
    DONE = "done"


LABELS: dict[View, str | Promise] = {
    View.OPEN: _("All open"),
    View.NEEDS_REPLY: _("Needs reply"),
    View.UNREAD: _("Unread"),
    View.PROBLEMS: _("Problems"),
    View.MINE: _("Mine"),
    View.STARRED: _("Starred"),
    View.SNOOZED: _("Snoozed"),
    View.DONE: _("Done"),
}
ICONS = {
    View.OPEN: "tray",
    View.NEEDS_REPLY: "reply",
    View.UNREAD: "dot",
    View.PROBLEMS: "alert",
    View.MINE: "user",
    View.STARRED: "star",
    View.SNOOZED: "clock",
    View.DONE: "check-o",
}
OF_TEAMS = {  # conditions that an index of the team's list carries
    View.OPEN: OPEN,
    View.NEEDS_REPLY: f"conversation.needs_reply AND conversation.done_at IS NULL AND {NOT_SNOOZED}",
    View.PROBLEMS: "conversation.has_problem",
    View.DONE: "conversation.last_message_at IS NOT NULL AND conversation.done_at IS NOT NULL",
}
OF_MARKS = {  # conditions on the user's own rows
    View.UNREAD: "mark.is_unread",
    View.MINE: "mark.took_part AND conversation.done_at IS NULL",
    View.STARRED: "mark.is_starred",
    View.SNOOZED: "mark.snoozed_until > %(now)s",
}

LIST_OF_TEAMS = """
SELECT conversation.id, conversation.last_message_at,
       mark.is_unread, mark.is_starred, mark.snoozed_until
FROM ({teams}) team
CROSS JOIN LATERAL (
    SELECT conversation.id, conversation.last_message_at FROM inbox_conversation conversation
    WHERE conversation.team_key = team.key AND conversation.company_id = %(company)s AND {condition}
    ORDER BY conversation.last_message_at DESC, conversation.id DESC LIMIT %(most)s
) conversation
LEFT JOIN inbox_conversationmark mark ON mark.conversation_id = conversation.id AND mark.user_id = %(user)s
ORDER BY conversation.last_message_at DESC, conversation.id DESC LIMIT %(most)s"""
LIST_OF_MARKS = """
SELECT conversation.id, conversation.last_message_at,
       mark.is_unread, mark.is_starred, mark.snoozed_until
FROM inbox_conversationmark mark
JOIN inbox_conversation conversation ON conversation.id = mark.conversation_id
WHERE mark.user_id = %(user)s AND conversation.company_id = %(company)s
  AND conversation.team_key IN ({teams}) AND {condition}
ORDER BY conversation.last_message_at DESC NULLS LAST, conversation.id DESC LIMIT %(most)s"""
FOUND = """
SELECT conversation.id, conversation.last_message_at,
       mark.is_unread, mark.is_starred, mark.snoozed_until
FROM inbox_searchdocument document
JOIN inbox_conversation conversation ON conversation.id = document.conversation_id
LEFT JOIN inbox_conversationmark mark ON mark.conversation_id = conversation.id AND mark.user_id = %(user)s
WHERE document.words @@ %(sought)s::tsquery AND conversation.company_id = %(company)s
  AND conversation.team_key = ANY(%(keys)s) AND {condition}
ORDER BY conversation.last_message_at DESC NULLS LAST, conversation.id DESC LIMIT %(most)s"""
COUNTS = """
SELECT
  (SELECT count(*) FROM (SELECT FROM ({teams}) team JOIN inbox_conversation conversation
     ON conversation.team_key = team.key AND conversation.company_id = %(company)s
     WHERE {open} LIMIT %(most)s) found),
  (SELECT count(*) FROM (SELECT FROM ({teams}) team JOIN inbox_conversation conversation
     ON conversation.team_key = team.key AND conversation.company_id = %(company)s
     WHERE {needs_reply} LIMIT %(most)s) found),
  (SELECT count(*) FROM (SELECT FROM inbox_conversationmark mark JOIN inbox_conversation conversation
     ON conversation.id = mark.conversation_id AND conversation.company_id = %(company)s
     WHERE mark.user_id = %(user)s AND mark.is_unread AND conversation.team_key IN ({teams}) LIMIT %(most)s) found),
  (SELECT count(*) FROM (SELECT FROM ({teams}) team JOIN inbox_conversation conversation
     ON conversation.team_key = team.key AND conversation.company_id = %(company)s
     WHERE {problems} LIMIT %(most)s) found)"""
TEAMS_BESIDE = """
SELECT team.key, COALESCE(job.title, community.name), recent.count
FROM ({teams}) team
LEFT JOIN candidates_job job ON job.id = team.key AND job.company_id = %(company)s
LEFT JOIN candidates_community community ON community.id = -team.key AND community.company_id = %(company)s
CROSS JOIN LATERAL (
    SELECT count(*), max(last_message_at) AS latest FROM (
        SELECT last_message_at FROM inbox_conversation conversation
        WHERE conversation.team_key = team.key AND conversation.last_message_at IS NOT NULL
          AND conversation.done_at IS NULL
        ORDER BY last_message_at DESC, id DESC LIMIT %(most)s
    ) newest
) recent
WHERE COALESCE(job.id, community.id) IS NOT NULL
ORDER BY recent.latest DESC NULLS LAST, team.key LIMIT %(teams)s"""


@dataclass(frozen=True)
class Choice:
    """What the address says that is listed. `after`: the place of the last row of the page before."""

    view: View = View.OPEN
    team_key: int | None = None
    channel: str = ""
    words: str = ""
    after: tuple[datetime, int] | None = None

    @property
    def is_search(self) -> bool:
        return bool(search.words_of(self.words))


@dataclass(frozen=True)
class Row:
    """A conversation as the list shows it to one user."""

    conversation: Conversation
    is_unread: bool
    is_starred: bool
    snoozed_until: datetime | None
    has_opted_out: bool = False
    excerpt: "search.Excerpt | None" = None

    @property
    def record(self) -> Record:
        return self.conversation.record

    @property
    def last(self) -> Message | None:
        return self.conversation.last_message

    @property
    def place(self) -> str:
        """Where the next page begins, for the address."""
        at = self.conversation.last_message_at
        return f"{at.isoformat()}~{self.conversation.pk}" if at else ""


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    has_more: bool


@dataclass(frozen=True)
class Counts:
    """How many wait in each view, at most `MOST_COUNTED`."""

    open: int
    needs_reply: int
    unread: int
    problems: int

    def of(self, view: View) -> int | None:
        """None for a view that isn't counted."""
        counted = {
            View.OPEN: self.open,
            View.NEEDS_REPLY: self.needs_reply,
            View.UNREAD: self.unread,
            View.PROBLEMS: self.problems,
        }
        return counted.get(view)


@dataclass(frozen=True)
class Team:
    """A job or community beside the list, with the number of its open conversations."""

    key: int
    title: str
    count: int

    @property
    def is_job(self) -> bool:
        return self.key > 0


def page(user: User, choice: Choice) -> Page:
    """A page of the user's conversations, the most recent first."""
    if choice.is_search:
        return _found(user, choice)
    by_marks = choice.view in OF_MARKS
    sql, condition = (LIST_OF_MARKS, OF_MARKS[choice.view]) if by_marks else (LIST_OF_TEAMS, OF_TEAMS[choice.view])
    values = _values(user, most=PAGE + 1)
    found = _rows_of(sql.format(teams=TEAMS, condition=_narrowed(condition, choice, values)), values)
    return Page(_dressed(found[:PAGE]), len(found) > PAGE)


def row(user: User, conversation_id: int, choice: Choice) -> Row | None:
    """One conversation's row, if it belongs into this list; a search isn't asked again."""
    by_marks = choice.view in OF_MARKS
    sql, condition = (LIST_OF_MARKS, OF_MARKS[choice.view]) if by_marks else (LIST_OF_TEAMS, OF_TEAMS[choice.view])
    values = _values(user, most=1) | {"only": conversation_id}
    condition = f"{_narrowed(condition, choice, values)} AND conversation.id = %(only)s"
    return next(iter(_dressed(_rows_of(sql.format(teams=TEAMS, condition=condition), values))), None)


def counts(user: User) -> Counts:
    """How many conversations wait, counted no further than people look."""
    sql = COUNTS.format(
        teams=TEAMS, open=OPEN, needs_reply=OF_TEAMS[View.NEEDS_REPLY], problems=OF_TEAMS[View.PROBLEMS]
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(user, most=MOST_COUNTED))
        return Counts(*cursor.fetchone())


def teams(user: User) -> list[Team]:
    """The jobs and communities of the user, the most recently written in first."""
    values = _values(user, most=MOST_COUNTED_OF_A_TEAM) | {"teams": MOST_TEAMS}
    with connection.cursor() as cursor:
        cursor.execute(TEAMS_BESIDE.format(teams=TEAMS), values)
        return [Team(*found) for found in cursor.fetchall()]


def _found(user: User, choice: Choice) -> Page:
    values = _values(user, most=PAGE + 1)
    words = search.words_of(choice.words)
    with connection.cursor() as cursor:
        cursor.execute(TEAMS, values)
        values["keys"] = [key for (key,) in cursor.fetchall()]
    if not values["keys"]:
        return Page([], has_more=False)
    values["sought"] = search.condition(words, values["keys"])
    found = _rows_of(FOUND.format(condition=_narrowed("TRUE", choice, values)), values)
    rows = _dressed(found[:PAGE])
    excerpts = search.excerpts([each.conversation.pk for each in rows], words)
    with_excerpts = [
        Row(each.conversation, each.is_unread, each.is_starred, each.snoozed_until, each.has_opted_out, excerpt)
        for each in rows
        for excerpt in [excerpts.get(each.conversation.pk)]
    ]
    return Page(with_excerpts, len(found) > PAGE)


def _values(user: User, *, most: int) -> dict[str, Any]:
    assert user.company is not None  # who has no company has no Inbox
    has_smartcrm = user.company.has_smartcrm
    now = timezone.now()
    return {"user": user.pk, "company": user.company_id, "has_smartcrm": has_smartcrm, "now": now, "most": most}


def _narrowed(condition: str, choice: Choice, values: dict[str, Any]) -> str:
    """The view's condition, with what the address says beside it."""
    if choice.team_key is not None:
        condition += " AND conversation.team_key = %(team_key)s"
        values["team_key"] = choice.team_key
    if choice.channel:
        condition += " AND conversation.last_channel = %(channel)s"
        values["channel"] = choice.channel
    if choice.after:
        condition += " AND (conversation.last_message_at, conversation.id) < (%(after_at)s, %(after_id)s)"
        values["after_at"], values["after_id"] = choice.after
    return condition


Found = tuple[int, datetime | None, bool | None, bool | None, datetime | None]


def _rows_of(sql: str, values: dict[str, Any]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[Found] = cursor.fetchall()
        return found


def _dressed(found: Sequence[Found]) -> list[Row]:
    """With what the list shows of each, in two queries."""
    conversations = (
        Conversation.objects.with_record().select_related("last_message__author").in_bulk([each[0] for each in found])
    )
    opted_out = _opted_out(list(conversations.values()))
    return [
        Row(conversations[pk], bool(is_unread), bool(is_starred), snoozed_until, has_opted_out=pk in opted_out)
        for pk, _at, is_unread, is_starred, snoozed_until in found
        if pk in conversations
    ]


def _opted_out(conversations: Sequence[Conversation]) -> set[int]:
    """Those whose person opted out of the channel of the last message."""
    if not conversations:
        return set()
    phones = {each.person.phone for each in conversations if each.person.phone}
    closed = Consent.objects.filter(
        company=conversations[0].company_id, address__in=phones, standing=Standing.OPTED_OUT
    )
    places = set(closed.values_list("channel", "address"))
    return {each.pk for each in conversations if (each.last_channel, each.person.phone) in places}
