"""What a conversation is to one user, and to nobody else: unread, starred, put off; and that she took part."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Exists

from accounts.models import User
from inbox.models import ConversationMark, Direction, Message

UNREAD = """
INSERT INTO inbox_conversationmark (user_id, conversation_id, is_unread, is_starred, took_part, snoozed_until)
SELECT unnest(%s::bigint[]), %s, TRUE, FALSE, FALSE, NULL
ON CONFLICT (user_id, conversation_id) DO UPDATE SET is_unread = TRUE, snoozed_until = NULL
WHERE NOT inbox_conversationmark.is_unread OR inbox_conversationmark.snoozed_until IS NOT NULL"""
TOOK_PART = """
INSERT INTO inbox_conversationmark (user_id, conversation_id, is_unread, is_starred, took_part, snoozed_until)
VALUES (%s, %s, FALSE, FALSE, TRUE, NULL)
ON CONFLICT (user_id, conversation_id) DO UPDATE SET is_unread = FALSE, took_part = TRUE, snoozed_until = NULL
WHERE inbox_conversationmark.is_unread OR NOT inbox_conversationmark.took_part
   OR inbox_conversationmark.snoozed_until IS NOT NULL"""


def make_unread(conversation_id: int, user_ids: Iterable[int]) -> None:
    """The person wrote: unread for all of the team, and back from where somebody put it off to."""
    with connection.cursor() as cursor:
        cursor.execute(UNREAD, [sorted(user_ids), conversation_id])


def took_part(user: User, conversation_id: int) -> None:
    """The user wrote in it, so she has read it."""
    with connection.cursor() as cursor:
        cursor.execute(TOOK_PART, [user.pk, conversation_id])


def took_part_after_all(user: User, conversation_id: int) -> None:
    """A message of the user was taken back: whether she took part is what her other ones say."""
    other = Message.objects.filter(conversation=conversation_id, author=user, direction=Direction.OUT)
    ConversationMark.objects.filter(user=user, conversation=conversation_id).update(took_part=Exists(other))


def read(user: User, conversation_id: int) -> None:
    """The user has read it, whatever its notices say."""
    ConversationMark.objects.filter(user=user, conversation=conversation_id).update(is_unread=False)


def set_unread(user: User, conversation_id: int) -> None:
    ConversationMark.objects.update_or_create(user=user, conversation_id=conversation_id, defaults={"is_unread": True})


def set_starred(user: User, conversation_id: int, *, is_starred: bool) -> None:
    ConversationMark.objects.update_or_create(
        user=user, conversation_id=conversation_id, defaults={"is_starred": is_starred}
    )


def snooze(user: User, conversation_id: int, *, until: datetime | None) -> None:
    """Out of the user's list until a time, or until the person writes; None: back at once."""
    ConversationMark.objects.update_or_create(
        user=user, conversation_id=conversation_id, defaults={"snoozed_until": until}
    )
