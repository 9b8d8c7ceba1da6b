"""What stands beside a conversation so that the Inbox lists it without looking at its messages, kept as they change.

Each function is part of the transaction that changes the messages; the conversation's row is locked by then.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, Max

from inbox import search
from inbox.models import SCHEDULED_STATES, Conversation, Direction, Kind, Message, ScheduledMessage
from inbox.outcomes import Reason
from inbox.rules import Status

BY_A_PERSON = (Reason.TAKEN_BACK, Reason.STOPPED)
"""Why a message is canceled that somebody of the team called off: nobody has to look at it."""
MACHINES = (Kind.AUTO_REPLY, Kind.BOUNCE)
"""What no person wrote: nobody waits for an answer to it."""

SENT = """
UPDATE inbox_conversation SET last_message_id = %(message)s, last_sent_id = %(message)s,
       last_message_at = GREATEST(last_message_at, %(at)s), last_channel = %(channel)s,
       needs_reply = FALSE, has_problem = FALSE, done_at = NULL, done_by_id = NULL
WHERE id = %(conversation)s"""
HEARD = """
UPDATE inbox_conversation SET last_message_id = %(message)s, last_message_at = GREATEST(last_message_at, %(at)s),
       last_channel = %(channel)s,
       last_heard_channel = CASE WHEN %(is_person)s THEN %(channel)s ELSE last_heard_channel END,
       needs_reply = needs_reply OR %(is_person)s, done_at = NULL, done_by_id = NULL
WHERE id = %(conversation)s"""

STATUS = """
WITH conversation AS (
    UPDATE inbox_conversation SET version = version + 1,
        has_problem = CASE WHEN last_sent_id = %(message)s THEN %(is_problem)s ELSE has_problem END,
        done_at = CASE WHEN last_sent_id = %(message)s AND %(is_problem)s AND NOT has_problem THEN NULL
                       ELSE done_at END,
        done_by_id = CASE WHEN last_sent_id = %(message)s AND %(is_problem)s AND NOT has_problem THEN NULL
                          ELSE done_by_id END
    WHERE id = %(conversation)s RETURNING version
)
UPDATE inbox_message message SET status = %(status)s, refusal = %(refusal)s, version = conversation.version
FROM conversation WHERE message.id = %(message)s RETURNING message.version"""
"""By hand and at once, for every text goes through several states."""


def note_sent(message: Message) -> None:
    """A message to the person was stored: nobody waits for a reply, and what was done goes on (DESIGN.md)."""
    _note(SENT, message)


def note_heard(message: Message) -> None:
    """The person wrote, or a machine answered for her."""
    _note(HEARD, message)


def _note(sql: str, message: Message) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "conversation": message.conversation_id,
                "message": message.pk,
                "at": message.created_at,
                "channel": message.channel,
                "is_person": message.kind not in MACHINES,
            },
        )
    search.add(message.conversation_id, message.body)


def note_status(message: Message, *, given_up: bool) -> int:
    """Store a message's state, under the conversation's next version, which is returned. Where it is the last one to
    the person, it may be a problem for the team, and a problem undoes Done."""
    values: dict[str, Any] = {
        "conversation": message.conversation_id,
        "message": message.pk,
        "status": message.status,
        "refusal": message.refusal,
        "is_problem": is_for_the_team(message, given_up=given_up),
    }
    with connection.cursor() as cursor:
        cursor.execute(STATUS, values)
        return int(cursor.fetchone()[0])


def is_for_the_team(message: Message, *, given_up: bool) -> bool:
    """Whether somebody has to look at a message: it failed, left no trace, or could not go when its time came."""
    return (
        message.status == Status.FAILED
        or (message.status == Status.UNKNOWN and given_up)
        or (message.status == Status.CANCELED and message.refusal not in {"", *BY_A_PERSON})
    )


def note_scheduled(conversation_id: int, *, at: datetime) -> None:
    """A message waits: the person need not wait for a reply that was written. The list shows it, also the first one."""
    Conversation.objects.filter(pk=conversation_id).update(has_scheduled=True, needs_reply=False)
    keep_listed(conversation_id, at=at)


def keep_listed(conversation_id: int, *, at: datetime) -> None:
    """Somebody wrote, also where no message is left of it: the conversation has its place in the list."""
    Conversation.objects.filter(pk=conversation_id, last_message_at=None).update(last_message_at=at)


def note_not_scheduled(conversation_id: int) -> None:
    """One that waited went out, or doesn't wait any more."""
    waiting = ScheduledMessage.objects.filter(conversation=conversation_id, state__in=SCHEDULED_STATES)
    Conversation.objects.filter(pk=conversation_id).update(has_scheduled=Exists(waiting))


def note_opted_out(conversation_id: int) -> None:
    """Who opted out waits for no reply."""
    Conversation.objects.filter(pk=conversation_id).update(needs_reply=False)


def count_anew(conversation_id: int) -> None:
    """Read it all from the messages: for one that was moved or taken back."""
    said = Message.objects.filter(conversation=conversation_id).exclude(direction=Direction.NOTE).order_by("-pk")
    last, heard = said.first(), said.filter(direction=Direction.IN).exclude(kind__in=MACHINES).first()
    sent = said.filter(direction=Direction.OUT).first()
    left = Message.objects.filter(conversation=conversation_id, kind=Kind.OPTED_OUT).order_by("-pk").first()
    attempt = sent.newest_attempt() if sent else None
    Conversation.objects.filter(pk=conversation_id).update(
        last_message=last,
        last_message_at=said.aggregate(latest=Max("created_at"))["latest"],
        last_channel=last.channel if last else "",
        last_sent=sent,
        last_heard_channel=heard.channel if heard else "",
        needs_reply=bool(heard and heard.pk > max(each.pk if each else 0 for each in (sent, left))),
        has_problem=bool(sent and is_for_the_team(sent, given_up=bool(attempt and attempt.given_up))),
    )
