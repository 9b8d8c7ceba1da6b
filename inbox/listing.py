"""The Inbox's list: a user's conversations, the most recent first, in views that cost the same whatever the size."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inbox import list_queries as queries
from inbox import search
from inbox.asking import Question, Rows

PAGE = 40
MOST_COUNTED = 500
MOST_COUNTED_OF_A_TEAM = 100
MOST_TEAMS = 15  # named beside the list
MOST_OF_A_BODY = 120  # characters of the last message
LOOKED_THROUGH = 5000  # of a company's newest conversations, before those of each team
LOOKED_THROUGH_FOR_TEAMS = 1000
FEW_TEAMS, FEW_MARKS = 60, 400  # up to which they are looked up one by one


class View(Enum):
    """What part of the Inbox is listed; the value is its word in the address."""

    OPEN = "open"
    NEEDS_REPLY = "needs-reply"
    UNREAD = "unread"
    SCHEDULED = "scheduled"
    PROBLEMS = "problems"
    MINE = "mine"
    STARRED = "starred"
    SNOOZED = "snoozed"
    DONE = "done"


LABELS: dict[View, str | Promise] = {
    View.OPEN: _("All open"),
    View.NEEDS_REPLY: _("Needs reply"),
    View.UNREAD: _("Unread"),
    View.SCHEDULED: _("Scheduled"),
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
    View.SCHEDULED: "calendar",
    View.PROBLEMS: "alert",
    View.MINE: "user",
    View.STARRED: "star",
    View.SNOOZED: "clock",
    View.DONE: "check-o",
}
CONDITIONS = {
    View.OPEN: f"{queries.IS_OPEN} AND {queries.NOT_SNOOZED}",
    View.NEEDS_REPLY: f"conversation.needs_reply AND conversation.done_at IS NULL AND {queries.NOT_SNOOZED}",
    View.UNREAD: "mark.is_unread",
    View.SCHEDULED: "conversation.has_scheduled",
    View.PROBLEMS: "conversation.has_problem",
    View.MINE: f"{queries.IS_OPEN} AND {queries.TOOK_PART}",
    View.STARRED: "mark.is_starred",
    View.SNOOZED: "mark.snoozed_until > %(now)s",
    View.DONE: f"{queries.HAS_BEGUN} AND conversation.done_at IS NOT NULL",
}
OF_MARKS = {View.UNREAD, View.STARRED, View.SNOOZED}  # that begin at the user's own rows


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
    """A conversation as the list shows it to one user. `last_…` is of the last message from or to the person."""

    pk: int
    version: int
    last_message_at: datetime | None
    last_channel: str
    needs_reply: bool
    has_problem: bool
    is_done: bool
    person_id: int
    name: str
    has_bad_number: bool
    title: str
    is_application: bool
    last_direction: str
    last_kind: str
    last_body: str | None
    last_has_files: bool
    last_author_id: int | None
    last_author: str
    is_unread: bool
    is_starred: bool
    snoozed_until: datetime | None
    has_opted_out: bool
    has_scheduled: bool
    is_held: bool
    excerpt: "search.Excerpt | None" = None

    @property
    def key(self) -> str:
        """Its id as it stands in the page: as it is, whatever the language writes numbers like."""
        return str(self.pk)

    @property
    def iso(self) -> str:
        return self.last_message_at.isoformat() if self.last_message_at else ""

    @property
    def seconds(self) -> str:
        """The time of the last message, for the page to sort by."""
        return str(int(self.last_message_at.timestamp())) if self.last_message_at else ""

    @property
    def last_words(self) -> str:
        """The beginning of the last message."""
        body = self.last_body or ""
        return body if len(body) <= MOST_OF_A_BODY else f"{body[: MOST_OF_A_BODY - 1]}…"

    @property
    def place(self) -> str:
        """Where the next page begins, for the address."""
        return f"{self.last_message_at.isoformat()}~{self.pk}" if self.last_message_at else ""


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
    scheduled: int

    def of(self, view: View) -> int | None:
        """None for a view that isn't counted."""
        counted = {
            View.OPEN: self.open,
            View.NEEDS_REPLY: self.needs_reply,
            View.UNREAD: self.unread,
            View.PROBLEMS: self.problems,
            View.SCHEDULED: self.scheduled,
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


@dataclass(frozen=True)
class Beside:
    """What stands beside the list: the counts, and the teams, the most recently written in first."""

    counts: Counts
    teams: list[Team]


def page(user: User, choice: Choice) -> Page:
    """A page of the user's conversations, the most recent first."""
    values, words = _values(user, most=PAGE + 1), search.words_of(choice.words)
    if words:
        values |= {"keys": _team_keys(values), "sought": search.condition(words, company_id=user.company_id)}
        rows = _rows(queries.OF_WORDS, values, **_narrowed(queries.HAS_BEGUN, choice, values))
        return Page(_with_excerpts(rows[:PAGE], words), len(rows) > PAGE)
    values |= {"looked_through": LOOKED_THROUGH, "few_teams": FEW_TEAMS, "few_marks": FEW_MARKS}
    listed = queries.OF_MARKS if choice.view in OF_MARKS else queries.OF_TEAMS
    wanted = CONDITIONS[choice.view]
    rows = _rows(listed, values, marked=wanted, **_narrowed(wanted, choice, values))
    return Page(rows[:PAGE], len(rows) > PAGE)


def row(user: User, conversation_id: int, choice: Choice) -> Row | None:
    """One conversation's row, if it belongs into this list; a search isn't asked again."""
    values = _values(user, most=1) | {"only": conversation_id}
    return next(iter(_rows(queries.ONE, values, **_narrowed(CONDITIONS[choice.view], choice, values))), None)


def beside_question(user: User) -> Question:
    """How many conversations wait, counted no further than people look; and the user's jobs and communities."""
    values = _values(user, most=MOST_COUNTED)
    values |= {"most_teams": MOST_TEAMS, "most_of_a_team": MOST_COUNTED_OF_A_TEAM}
    return Question(queries.BESIDE, values | {"few_teams": FEW_TEAMS, "looked_through": LOOKED_THROUGH_FOR_TEAMS})


def beside(answer: Rows) -> Beside:
    """The answer to the question."""
    (row,) = answer
    teams = [Team(*team) for team in row.pop("teams")]
    return Beside(Counts(**row), teams)


def _rows(listed: str, values: dict[str, Any], **conditions: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(queries.ROWS.format(listed=listed.format(**conditions)), values)
        return [Row(*found) for found in cursor.fetchall()]


def _team_keys(values: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(queries.TEAMS, values)
        return [key for (key,) in cursor.fetchall()]


def _with_excerpts(rows: list[Row], words: list[str]) -> list[Row]:
    excerpts = search.excerpts([row.pk for row in rows], words)
    return [replace(row, excerpt=excerpts.get(row.pk)) for row in rows]


def _values(user: User, *, most: int) -> dict[str, Any]:
    assert user.company is not None  # who has no company has no Inbox
    has_smartcrm = user.company.has_smartcrm
    now = timezone.now()
    return {"user": user.pk, "company": user.company_id, "has_smartcrm": has_smartcrm, "now": now, "most": most}


def _narrowed(condition: str, choice: Choice, values: dict[str, Any]) -> dict[str, str]:
    """The view's condition with what the address says beside it, and after which place the page begins."""
    after = "TRUE"
    if choice.team_key is not None:
        condition += " AND conversation.team_key = %(team_key)s"
        values["team_key"] = choice.team_key
    if choice.channel:
        condition += " AND conversation.last_channel = %(channel)s"
        values["channel"] = choice.channel
    if choice.after:
        after = "(conversation.last_message_at, conversation.id) < (%(after_at)s, %(after_id)s)"
        values["after_at"], values["after_id"] = choice.after
    return {"condition": condition, "after": after}
