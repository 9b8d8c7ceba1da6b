"""Who is here: colleagues who have the same conversation in front of them, reading or typing (lesson 32).

It stands in Redis until half a minute after a page's last sign of life, and nowhere else. If Redis is away nobody is
shown, and nothing else is different.
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

import redis
from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from inbox import live
from inbox.models import Conversation, Direction, Message

KEY = "smartmessage:here:{conversation}"
GONE_AFTER = 30  # seconds without a sign of life; an open page gives one every twelve (static/js/presence.js)


class State(TextChoices):
    READING = "reading", gettext_lazy("reading")
    TYPING = "typing", gettext_lazy("typing")


@dataclass(frozen=True)
class Colleague:
    """Somebody else who has the conversation in front of her."""

    user: User
    is_typing: bool


@dataclass(frozen=True)
class Meanwhile:
    """What colleagues sent since a user began to write: how many messages, and the newest."""

    count: int
    newest: Message


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, decode_responses=True, socket_connect_timeout=0.5, socket_timeout=0.5
    )


def come(conversation: Conversation, user: User, *, tab: str, state: State) -> list[Colleague]:
    """The user has the conversation in front of her in this tab, reading or typing. Returns who else has.

    The others are told only where that is news, so that a page's signs of life cost nobody anything.
    """
    return _tell(conversation, user, *_note(conversation.pk, user.pk, tab, state))


def leave(conversation: Conversation, user: User, *, tab: str) -> None:
    """This tab of the user's is closed; another one keeps her here."""
    _tell(conversation, user, *_note(conversation.pk, user.pk, tab, None))


def others(conversation: Conversation, user: User) -> list[Colleague]:
    """Who else has the conversation in front of them now."""
    try:
        found = cast("list[str]", _redis().zrangebyscore(_key(conversation.pk), time.time(), "+inf"))
    except redis.RedisError:
        return []
    return _colleagues(conversation, user, _people(found))


def words(colleagues: Sequence[Colleague]) -> str:
    """Who is here, as a sentence: whoever types comes first. Nobody is nothing."""
    typing = [each.user for each in colleagues if each.is_typing]
    users = typing or [each.user for each in colleagues]
    if not users:
        return ""
    if typing:
        sentence = ngettext("%(names)s is typing…", "%(names)s are typing…", len(users))
    else:
        sentence = ngettext("%(names)s is reading", "%(names)s are here", len(users))
    return sentence % {"names": _names(users)}


def meanwhile(conversation: Conversation, user: User, *, since: int) -> Meanwhile | None:
    """What colleagues sent on any channel after the conversation's version `since` (lesson 12); None: nothing."""
    sent = conversation.messages.filter(direction=Direction.OUT, version__gt=since, created_version__gt=since)
    found = list(sent.exclude(author=user).select_related("author").order_by("-pk")[:100])
    return Meanwhile(len(found), found[0]) if found else None


def _note(
    conversation_id: int, user_id: int, tab: str, state: State | None
) -> tuple[dict[int, State], dict[int, State]]:
    """Enter a tab's state, or take it out. Who was here as everybody knows it, and who is, in one step.

    Who vanished without a word is found here too, by whoever gives the next sign of life.
    """
    key, place, now = _key(conversation_id), f"{user_id}:{tab}", time.time()
    pipe = _redis().pipeline(transaction=True)
    pipe.zrange(key, 0, -1)
    pipe.zremrangebyscore(key, "-inf", now)
    pipe.zrem(key, *(f"{place}:{each}" for each in State.values))
    if state:
        pipe.zadd(key, {f"{place}:{state}": now + GONE_AFTER})
    pipe.expire(key, GONE_AFTER)
    pipe.zrange(key, 0, -1)
    try:
        before, *_done, after = pipe.execute()
    except redis.RedisError:
        return {}, {}
    return _people(before), _people(after)


def _key(conversation_id: int) -> str:
    return KEY.format(conversation=conversation_id)


def _people(members: Iterable[str]) -> dict[int, State]:
    """Each user once, however many tabs she has; typing in one of them is typing."""
    found: dict[int, State] = {}
    for member in members:
        user_id, _tab, state = member.split(":")
        if found.get(int(user_id)) != State.TYPING:
            found[int(user_id)] = State(state)
    return found


def _tell(conversation: Conversation, user: User, before: dict[int, State], after: dict[int, State]) -> list[Colleague]:
    colleagues = _colleagues(conversation, user, after)
    if before != after:
        live.signal_presence(conversation.pk, [each.user.pk for each in colleagues])
    return colleagues


def _colleagues(conversation: Conversation, user: User, people: dict[int, State]) -> list[Colleague]:
    """Those of them who are on the team now (A4), without the user herself, in the order of their names."""
    ids = people.keys() - {user.pk}
    if not ids:
        return []
    members = conversation.record.team.filter(pk__in=ids, is_active=True).order_by("name", "pk")
    return [Colleague(member, people[member.pk] == State.TYPING) for member in members]


def _names(users: Sequence[User]) -> str:
    """ "Jonas", "Jonas and Priya", "Jonas and 2 others"; by their whole names where first names don't tell."""
    known = Counter(user.first_name for user in users)
    first, *rest = [user.first_name if known[user.first_name] == 1 else user.name for user in users]
    if not rest:
        return first
    if len(rest) == 1:
        return _("%(name)s and %(other)s") % {"name": first, "other": rest[0]}
    return _("%(name)s and %(count)d others") % {"name": first, "count": len(rest)}
