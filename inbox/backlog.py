"""What waits for a sender that keeps a pace, and when it will have left: in the thread, and for the admin."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from inbox import channels
from inbox.models import Message
from inbox.pacing import NOT_PAUSED, SLOT
from inbox.rules import Status

WORTH_SAYING = timedelta(seconds=10)  # what leaves sooner is as good as gone

WAITING = """
WITH line AS (
    SELECT message.id, message.sender, conversation.team_key, 1 + char_length(message.body) / 153 AS weight,
           number.per_second, {slot} AS slot_at
    FROM inbox_message message
    JOIN inbox_conversation conversation ON conversation.id = message.conversation_id
    JOIN {table} number ON number.number = message.sender AND number.per_second IS NOT NULL
    WHERE message.status = 'queued' AND message.channel = %(channel)s AND message.due_at <= %(now)s
      AND message.sender = ANY(%(senders)s) AND {not_paused}
)"""
AHEAD = """, teams AS (
    SELECT sender, team_key, count(*) AS waiting, sum(weight) AS weight FROM line GROUP BY sender, team_key
), mine AS (
    SELECT *, (SELECT count(*) FROM line before WHERE before.sender = line.sender
               AND before.team_key = line.team_key AND before.id < line.id) AS place
    FROM line WHERE id = ANY(%(ids)s)
)
SELECT mine.id, mine.slot_at, mine.per_second, sum(teams.weight) / sum(teams.waiting),
       sum(CASE WHEN teams.team_key = mine.team_key THEN mine.place ELSE LEAST(teams.waiting, mine.place + 1) END)
FROM mine JOIN teams USING (sender) GROUP BY mine.id, mine.slot_at, mine.per_second"""
TOTALS = """
SELECT sender, count(*), min(slot_at) + sum(weight) / min(per_second) * interval '1 second' FROM line GROUP BY sender"""


@dataclass(frozen=True)
class Outlook:
    """Of a text that waits for its turn: how many are ahead of it, and about when it leaves."""

    ahead: int
    leaves_at: datetime

    @property
    def is_soon(self) -> bool:
        """Within a minute."""
        return self.leaves_at <= timezone.now() + timedelta(minutes=1)


@dataclass(frozen=True)
class Backlog:
    """Of a sender: how many texts wait, and about when the last of them leaves."""

    waiting: int
    ends_at: datetime


def outlooks(messages: Iterable[Message]) -> dict[int, Outlook]:
    """Of those that wait for their turn for some time, by their ids: a query for each channel that has some.

    Teams take turns, so a team's n-th text has at most n of each other team ahead of it. A text counts as long as the
    average of those that wait.
    """
    now = timezone.now()
    found: dict[int, Outlook] = {}
    queued = [each for each in messages if each.status == Status.QUEUED and each.due_at <= now]
    for key in {message.channel for message in queued}:
        mine = [message for message in queued if message.channel == key]
        for pk, slot_at, per_second, weight, ahead in _asked(
            AHEAD, key, {each.sender for each in mine}, now=now, ids=[each.pk for each in mine]
        ):
            leaves_at = slot_at + timedelta(seconds=float(ahead * weight) / per_second)
            if leaves_at - now > WORTH_SAYING:
                found[pk] = Outlook(int(ahead), leaves_at)
    return found


def backlogs(key: str, senders: Collection[str]) -> dict[str, Backlog]:
    """Of those of a channel's senders for which texts wait, in one query."""
    rows = _asked(TOTALS, key, senders, now=timezone.now(), ids=[])
    return {sender: Backlog(waiting, ends_at) for sender, waiting, ends_at in rows}


def _asked(question: str, key: str, senders: Collection[str], *, now: datetime, ids: list[int]) -> list[Any]:
    channel = channels.registered().get(key)
    paced = channel.senders() if channel else None
    if paced is None:
        return []
    values: dict[str, Any] = {"now": now, "channel": key, "senders": list(senders), "ids": ids}
    with connection.cursor() as cursor:
        cursor.execute(
            (WAITING + question).format(table=paced.model._meta.db_table, slot=SLOT, not_paused=NOT_PAUSED), values
        )
        return list(cursor.fetchall())
