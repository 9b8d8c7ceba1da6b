"""Pacing: each sender hands over at its own rate, and the teams that share it take turns.

slot    a claim takes the sender's next slot in its own transaction, or leaves the text (docs/decisions/0016)
turn    of the texts that wait for a sender, workers are asked for those of the team that was served longest ago

The slot is the truth and in the database. Whose turn it is only orders what is asked for, so a restart may forget it.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, Q
from django.utils import timezone

from accounts import work
from inbox import channels, pauses, worker
from inbox.models import Conversation, Message
from inbox.rules import Status

ASKS_AHEAD = timedelta(seconds=1)  # a worker has the text in hand when its slot comes
EARLY = timedelta(seconds=2)  # so far ahead of its slot a text may leave: that is no burst to a provider
MOST_TURNS = 10_000  # that are remembered

# The sender's next slot. No text puts it ten minutes ahead: then the clock was set back, and it begins anew.
SLOT = """
CASE WHEN number.next_slot_at > %(now)s + interval '10 minutes' THEN %(now)s
     ELSE GREATEST(number.next_slot_at, %(now)s) END"""
NOT_PAUSED = """
NOT EXISTS (SELECT FROM inbox_sendingpause pause WHERE pause.ended_at IS NULL AND %(channel)s = ANY(pause.channels))"""
UNDER_WAY = """
EXISTS (
    SELECT FROM inbox_message earlier
    WHERE earlier.conversation_id = {later}.conversation_id AND earlier.channel = {later}.channel
      AND earlier.id < {later}.id AND earlier.direction = 'out'
      AND (earlier.status = 'queued' OR (earlier.status IN ('sending', 'unknown') AND EXISTS (
          SELECT FROM inbox_deliveryattempt attempt WHERE attempt.message_id = earlier.id
          AND (attempt.status = 'claimed' OR attempt.status = 'unknown' AND attempt.claimed_at > %(held_since)s)))))"""
"""An earlier text of the thread is waiting, in a worker's hands, or unknown for less than two minutes (I9)."""

TAKE = """
WITH took AS (
    UPDATE {table} number
    SET next_slot_at = {slot} + %(weight)s / per_second * interval '1 second'
    WHERE number = %(number)s AND per_second IS NOT NULL AND {slot} <= %(now)s + %(early)s
    RETURNING number
)
SELECT EXISTS (SELECT FROM took)
       OR NOT EXISTS (SELECT FROM {table} WHERE number = %(number)s AND per_second IS NOT NULL)"""

# MATERIALIZED: of what waits the statistics know nothing, and PostgreSQL would count anew for each text.
NEXT = """
WITH asked AS MATERIALIZED (
    SELECT sender, count(*) AS texts FROM inbox_message
    WHERE status = 'queued' AND channel = %(channel)s AND asked_at > %(asked_since)s
      AND asked_at BETWEEN due_at AND %(now)s
    GROUP BY sender
), rooms AS MATERIALIZED (
    SELECT number.number, number.per_second,
           EXTRACT(EPOCH FROM %(now)s + %(ahead)s - {slot}) * number.per_second
           - COALESCE(asked.texts, 0) AS room
    FROM {table} number LEFT JOIN asked ON asked.sender = number.number
    WHERE number.per_second IS NOT NULL AND {slot} <= %(now)s + %(ahead)s AND {not_paused}
), firsts AS (
    SELECT message.id, message.conversation_id, message.channel, message.body, message.due_at, conversation.team_key,
           message.asked_at > %(asked_since)s AND message.asked_at BETWEEN message.due_at AND %(now)s AS is_asked,
           rooms.number AS sender, rooms.per_second, rooms.room,
           row_number() OVER (PARTITION BY message.conversation_id ORDER BY message.id) AS place_in_thread
    FROM rooms
    JOIN inbox_message message
      ON message.status = 'queued' AND message.channel = %(channel)s AND message.sender = rooms.number
     AND message.due_at <= %(now)s
    JOIN inbox_conversation conversation ON conversation.id = message.conversation_id
    WHERE rooms.room > 0
), lines AS (
    SELECT *, row_number() OVER (PARTITION BY sender, team_key ORDER BY due_at, id) AS place,
           count(*) OVER (PARTITION BY sender, team_key) AS waiting
    FROM firsts WHERE place_in_thread = 1 AND NOT is_asked
)
SELECT sender, team_key, id, body, waiting, room FROM lines
WHERE place <= EXTRACT(EPOCH FROM %(ahead)s) * per_second + 1
  AND NOT {under_way}
ORDER BY sender, due_at, id"""


class NoSlot(Exception):
    """The sender has handed over enough for now; nothing of the claim is kept."""


def take_slot(message: Message, *, now: datetime) -> None:
    """Take the sender's next slot for this message, or raise NoSlot. The last that a claim locks."""
    channel = channels.get(message.channel)
    senders = channel.senders()
    if senders is None:
        return
    weight = channel.weight(message.body)
    values: dict[str, Any] = {"now": now, "weight": weight, "number": message.sender, "early": EARLY}
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(table=senders.model._meta.db_table, slot=SLOT), values)
        may_leave = cursor.fetchone()[0]
    if not may_leave:
        raise NoSlot


def wait_for_turn(message_id: int) -> None:
    """Nobody has this text in hand any more: it may be asked for as soon as it is its turn."""
    waiting = Message.objects.filter(pk=message_id, status=Status.QUEUED)
    waiting.update(asked_at=timezone.now() - settings.ASK_AGAIN_AFTER)


def ask_in_turn(message: Message) -> None:
    """Once this transaction is committed, ask for a hand-over; where its team has others waiting, it takes its turn.

    So a single text starts at once beside another team's burst: the margin of `EARLY` over `ASKS_AHEAD` is for those.
    """
    if _team_waits(message):
        wait_for_turn(message.pk)
    else:
        worker.ask_for_delivery(message.pk)


def paced() -> Q:
    """The messages whose sender keeps a pace: asked for by turns, and by nobody else."""
    found = Q(pk__in=[])
    for key, channel in channels.registered().items():
        if (senders := channel.senders()) is not None:
            found |= Q(channel=key, sender__in=senders.filter(per_second__isnull=False).values("number"))
    return found


@dataclass(frozen=True)
class Candidate:
    """A text that may be asked for. `weight`: what it takes of its sender's pace; `waiting`: how many conversations of
    its team wait for that sender."""

    message_id: int
    weight: int
    waiting: int


class Turns:
    """Asks workers for the texts whose turn it is, a moment ahead of their slots. One process at a time has it."""

    def __init__(self) -> None:
        self._served: dict[tuple[str, str, int], int] = {}  # channel, sender and team: the later, the higher
        self._count = count()

    def ask(self, now: datetime) -> int:
        """Ask for as many as have a slot by now or in a moment. Returns how many."""
        paused = {key for pause in pauses.open_ones() for key in pause.channels}
        chosen = [pk for key in channels.registered() if key not in paused for pk in self._chosen(key, now)]
        Message.objects.filter(pk__in=chosen).update(asked_at=now)
        for message_id in chosen:
            work.ask(worker.DELIVER, message_id)
        self._forget()
        return len(chosen)

    def _chosen(self, key: str, now: datetime) -> Iterable[int]:
        channel = channels.get(key)
        senders = channel.senders()
        if senders is None:
            return
        lines: dict[str, dict[int, deque[Candidate]]] = defaultdict(lambda: defaultdict(deque))
        rooms: dict[str, float] = {}
        for sender, team, pk, body, waiting, room in _next(senders.model._meta.db_table, key, now):
            rooms[sender] = float(room)
            lines[sender][team].append(Candidate(pk, channel.weight(body), waiting))
        for sender, teams in lines.items():
            yield from self._in_turn(key, sender, teams, rooms[sender])

    def _in_turn(self, key: str, sender: str, teams: dict[int, deque[Candidate]], room: float) -> Iterable[int]:
        """By turns, the team that was served longest ago first; of those that never were, who has least to send."""

        def rank(team: int) -> tuple[int, int, int]:
            first = teams[team][0]
            return self._served.get((key, sender, team), -1), first.waiting, first.message_id

        while room > 0 and teams:
            team = min(teams, key=rank)
            candidate = teams[team].popleft()
            if not teams[team]:
                del teams[team]
            self._served[key, sender, team] = next(self._count)
            room -= candidate.weight
            yield candidate.message_id

    def _forget(self) -> None:
        if len(self._served) > MOST_TURNS:
            newest = sorted(self._served, key=lambda each: self._served[each])[-MOST_TURNS // 2 :]
            self._served = {each: self._served[each] for each in newest}


def _next(table: str, key: str, now: datetime) -> list[tuple[str, int, int, str, int, float]]:
    values: dict[str, Any] = {
        "channel": key,
        "now": now,
        "ahead": ASKS_AHEAD,
        "asked_since": now - settings.ASK_AGAIN_AFTER,
        "held_since": now - settings.UNKNOWN_HOLDS_UP,
    }
    under_way = UNDER_WAY.format(later="lines")
    with connection.cursor() as cursor:
        cursor.execute(NEXT.format(table=table, slot=SLOT, not_paused=NOT_PAUSED, under_way=under_way), values)
        return list(cursor.fetchall())


def _team_waits(message: Message) -> bool:
    """Whether texts of the team's other conversations wait for the same sender, which keeps a pace."""
    senders = channels.get(message.channel).senders()
    if senders is None:
        return False
    team = Conversation.objects.filter(pk=message.conversation_id).values("team_key")
    waiting = Message.objects.filter(
        channel=message.channel, sender=message.sender, status=Status.QUEUED, due_at__lte=timezone.now()
    ).filter(conversation__team_key__in=team)
    waiting = waiting.exclude(conversation=message.conversation_id)
    return senders.filter(Exists(waiting), number=message.sender, per_second__isnull=False).exists()
