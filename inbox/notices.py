"""Who is told: the team members who took part, else those who hold a seat, and no one else (N1)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Seat, User
from inbox import live
from inbox.models import Conversation, Direction, Message, Notice, NoticeKind


@dataclass(frozen=True)
class Member:
    """A member of a record's team, as far as notices go."""

    user_id: int
    took_part: bool
    has_seat: bool


def team_of(conversation: Conversation) -> list[Member]:
    """The active members of the record's team, in one query."""
    if conversation.application_id:
        on_team = User.objects.filter(jobs__applications__conversation=conversation.pk)
    else:
        on_team = User.objects.filter(communities__prospects__conversation=conversation.pk)
    own = Message.objects.filter(conversation=conversation.pk, author=OuterRef("pk"), direction=Direction.OUT)
    rows = (
        on_team.filter(is_active=True)
        .annotate(took_part=Exists(own), seated=Exists(Seat.objects.filter(user=OuterRef("pk"))))
        .values_list("pk", "took_part", "seated")
    )
    return [Member(*row) for row in rows]


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
) -> list[int]:
    """Tell the team's open pages that the conversation changed, and file a notice where one is due.

    Returns the ids of the users who got a notice; `already_told` get none.
    """
    team = team_of(conversation)
    told: list[int] = []
    if notice and message:
        at = timezone.now() if message.is_out else message.created_at
        told = [user_id for user_id in recipients(team) if user_id not in set(already_told)]
        Notice.objects.bulk_create(
            [
                Notice(user_id=user_id, conversation=conversation, kind=notice, message=message, at=at)
                for user_id in told
            ],
            ignore_conflicts=True,
        )
    live.signal(
        conversation_id=conversation.pk,
        version=version,
        users=[member.user_id for member in team],
        noticed=told,
    )
    return told


@transaction.atomic
def mark_read(user: User, conversation_id: int | None = None) -> int:
    """The user has seen the conversation (or, without one, her whole tray): its notices are read (N2).

    Returns how many were unread.
    """
    unread = Notice.objects.visible_to(user).unread()
    if conversation_id is not None:
        unread = unread.filter(conversation_id=conversation_id)
    count = unread.update(read_at=timezone.now())
    if count:
        live.signal_tray(user.pk)
    return count
