"""Live signals: ids and versions to the pages that may see a conversation, never content.

A signal is only a wish to look: pages ask the ordinary, permission-checked URL for what changed. If Redis is
away the signal is lost and nothing else; pages look again when they reconnect, and once in a while anyway.
"""

import json
import logging
from collections.abc import Iterable
from functools import cache

import redis
from django.conf import settings
from django.db import connection, transaction

logger = logging.getLogger(__name__)

REDIS_CHANNEL = "smartmessage:live"
Event = dict[str, object]
MANY = 10
SPREAD_FOR_EACH, LONGEST_SPREAD = 20, 60_000  # milliseconds; each page asks once a minute anyway


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5)


def hold(conversation_id: int) -> None:
    """Lock the conversation's row until the transaction ends; what is read after that is as the last holder left it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM inbox_conversation WHERE id = %s FOR NO KEY UPDATE", [conversation_id])


def next_version(conversation_id: int) -> int:
    """Count the conversation's version up, which also locks its row until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inbox_conversation SET version = version + 1 WHERE id = %s RETURNING version", [conversation_id]
        )
        return int(cursor.fetchone()[0])


def signal(*, conversation_id: int, version: int, users: Iterable[int], noticed: Iterable[int] = ()) -> None:
    """Once this transaction is committed, tell the pages of these users that the conversation changed.

    `noticed` are those whose tray changed too.
    """
    event: Event = {"conversation": conversation_id, "version": version, "users": list(users), "noticed": list(noticed)}
    transaction.on_commit(lambda: _publish(event), robust=True)


def signal_users(user_ids: Iterable[int]) -> None:
    """What these users may see or do changed: each of their pages asks again what it shows (S3).

    The more they are, the longer the time over which their pages spread: of one user at once, of a thousand in 20 s.
    """
    ids = list(user_ids)
    within = min(SPREAD_FOR_EACH * len(ids), LONGEST_SPREAD) if len(ids) >= MANY else 0
    event: Event = {
        "conversation": None,
        "version": 0,
        "users": [],
        "noticed": [],
        "changed": ids,
        "within": within,
    }
    transaction.on_commit(lambda: _publish(event), robust=True)


def signal_own(user_id: int, conversation_id: int) -> None:
    """What a conversation is to this user changed in one of her pages; her other pages look again."""
    event: Event = {"conversation": conversation_id, "version": 0, "users": [user_id], "noticed": []}
    transaction.on_commit(lambda: _publish(event), robust=True)


def signal_tray(user_id: int) -> None:
    """The user's tray changed in one of her pages; her other pages look again."""
    event: Event = {"conversation": None, "version": 0, "users": [], "noticed": [user_id]}
    transaction.on_commit(lambda: _publish(event), robust=True)


def signal_presence(conversation_id: int, user_ids: Iterable[int]) -> None:
    """Somebody came, left, began to type or stopped: those who are at the conversation now look who is there."""
    present = list(user_ids)
    if present:
        _publish({"conversation": conversation_id, "version": 0, "users": [], "noticed": [], "present": present})


def _publish(event: Event) -> None:
    try:
        _redis().publish(REDIS_CHANNEL, json.dumps(event))
    except redis.RedisError:
        logger.warning("live signal lost for conversation %s: Redis is away", event["conversation"])
