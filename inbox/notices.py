"""Who is told: the team members who took part, else those who hold a seat, and no one else (N1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.models import User
from inbox import live, marks
from inbox.asking import Question, Rows, ask
from inbox.models import Conversation, Direction, Message, Notice, NoticeKind

TEAM = """
SELECT member.id AS user_id,
       EXISTS (SELECT FROM inbox_message own
               WHERE own.conversation_id = %(conversation)s AND own.author_id = member.id AND own.direction = 'out'
       ) AS took_part,
       EXISTS (SELECT FROM accounts_seat seat WHERE seat.user_id = member.id) AS has_seat
FROM accounts_user member
WHERE member.is_active
AND member.company_id = (SELECT company_id FROM inbox_conversation WHERE id = %(conversation)s)
AND member.id IN (
    SELECT team.user_id FROM inbox_conversation conversation
    JOIN candidates_application record ON record.id = conversation.application_id
    JOIN candidates_job_team team ON team.job_id = record.job_id
    WHERE conversation.id = %(conversation)s
    UNION ALL
    SELECT team.user_id FROM inbox_conversation conversation
    JOIN candidates_prospect record ON record.id = conversation.prospect_id
    JOIN candidates_community_team team ON team.community_id = record.community_id
    WHERE conversation.id = %(conversation)s
)"""

SEES = """
mark AS (
    UPDATE inbox_conversationmark SET is_unread = FALSE
    WHERE user_id = %(user)s AND conversation_id = %(conversation)s AND is_unread RETURNING id
), notice AS (
    UPDATE inbox_notice SET read_at = %(read_at)s
    WHERE user_id = %(user)s AND conversation_id = %(conversation)s AND read_at IS NULL RETURNING id
)"""
SEEN = "SELECT (SELECT count(*) FROM mark) AS marks, (SELECT count(*) FROM notice) AS notices"


@dataclass(frozen=True)
class Member:
    """A member of a record's team, as far as notices go."""

    user_id: int
    took_part: bool
    has_seat: bool


def team_of(conversation: Conversation) -> list[Member]:
    """The active members of the record's team, in one query; by hand, for it is asked with every message."""
    return team_in(ask(team_question(conversation.pk))[0])


def team_question(conversation_id: int) -> Question:
    """The same, to be asked together with others."""
    return Question(TEAM, {"conversation": conversation_id})


def team_in(answer: Rows) -> list[Member]:
    return [Member(**row) for row in answer]


def recipients(team: Iterable[Member]) -> list[int]:
    """Who of the team is notified (N1): those who took part; if none, those who hold a seat."""
    team = list(team)
    took_part = [member.user_id for member in team if member.took_part]
    return took_part or [member.user_id for member in team if member.has_seat]


def announce(
    conversation: Conversation,
    *,
    version: int,
    notice: NoticeKind | None = None,
    message: Message | None = None,
    already_told: Iterable[int] = (),
    to: Iterable[int] | None = None,
    team: Sequence[Member] | None = None,
) -> list[int]:
    """Tell the team's open pages that the conversation changed, and file a notice where one is due.

    Returns the ids of the users who got a notice; `already_told` get none. `to`: it concerns these of the team, whoever
    took part. `team`: if it was asked for in this transaction.
    """
    team = team_of(conversation) if team is None else team
    told: list[int] = []
    if notice and message:
        at = timezone.now() if message.is_out else message.created_at
        concerned = recipients(team) if to is None else [each.user_id for each in team if each.user_id in set(to)]
        told = [user_id for user_id in concerned if user_id not in set(already_told)]
        if notice == NoticeKind.FAILED:  # a person's Retry that failed too is news again
            Notice.objects.filter(user_id__in=told, message=message, kind=notice).delete()
        if told:
            _file(told, notice, message, at=at)
    if message and message.direction == Direction.IN:
        marks.make_unread(conversation.pk, [member.user_id for member in team])
    live.signal(
        conversation_id=conversation.pk,
        version=version,
        users=[member.user_id for member in team],
        noticed=told,
    )
    return told


def tell(user: User, message: Message, *, notice: NoticeKind) -> None:
    """Tell one user, for it concerns her alone: what she left to go out by itself."""
    _file([user.pk], notice, message, at=timezone.now())
    live.signal_tray(user.pk)


def _file(user_ids: list[int], kind: NoticeKind, message: Message, *, at: datetime) -> None:
    """One notice for each user, unless she has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox_notice (user_id, conversation_id, message_id, kind, at)"
            " SELECT unnest(%s::bigint[]), %s, %s, %s, %s ON CONFLICT DO NOTHING",
            [user_ids, message.conversation_id, message.pk, kind, at],
        )


def mark_read(user: User, conversation_id: int) -> None:
    """The user has seen the conversation: it and its notices are read (N2)."""
    was_seen(user, conversation_id, ask(seeing(user, conversation_id))[0])


def seeing(user: User, conversation_id: int) -> Question:
    """The same, asked together with what the page shows; tell `was_seen` the answer."""
    return Question(SEEN, {"user": user.pk, "conversation": conversation_id, "read_at": timezone.now()}, first=SEES)


def was_seen(user: User, conversation_id: int, answer: Rows) -> None:
    """Her other pages look again, where that was news."""
    (row,) = answer
    if row["marks"]:
        live.signal_own(user.pk, conversation_id)
    if row["notices"]:
        live.signal_tray(user.pk)


def mark_all_read(user: User) -> None:
    """The user has seen her whole tray (N2)."""
    if Notice.objects.visible_to(user).unread().update(read_at=timezone.now()):
        live.signal_tray(user.pk)
