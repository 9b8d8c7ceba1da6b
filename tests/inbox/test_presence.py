"""Who is at a conversation: in Redis alone, for half a minute, each colleague once, and only to those who may know.

And what colleagues sent while somebody was writing (lessons 12 and 32).
"""

import time
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.test import Client
from django.urls import reverse

from accounts.models import User
from inbox import live, presence
from inbox.models import Conversation
from inbox.presence import Colleague, State, words
from tests import steps
from tests.builders import Builders
from tests.conftest import Twilio


@pytest.fixture(autouse=True)
def keys_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run side by side on one Redis, each with a database of its own, where ids begin at one."""
    monkeypatch.setattr(presence, "KEY", f"test:{uuid4()}:{{conversation}}")


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What goes out to open pages."""
    published: list[dict[str, Any]] = []
    monkeypatch.setattr(live, "_publish", published.append)
    return published


@pytest.fixture
def maya(a: Builders) -> User:
    return a.user(name="Maya Chen")


@pytest.fixture
def jonas(a: Builders, maya: User) -> User:
    return a.user(company=maya.company, name="Jonas Weber", seat=False)


@pytest.fixture
def chat(a: Builders, maya: User, jonas: User) -> Conversation:
    return a.conversation(team=[maya, jonas])


def comes(chat: Conversation, user: User, state: State = State.READING, *, tab: str = "a") -> list[Colleague]:
    return presence.come(chat, user, tab=tab, state=state)


def seen_by(user: User, chat: Conversation) -> str:
    return words(presence.others(chat, user))


def test_two_see_each_other_and_nobody_sees_herself(chat: Conversation, maya: User, jonas: User) -> None:
    assert comes(chat, maya) == []
    assert words(comes(chat, jonas)) == "Maya is reading"
    assert seen_by(maya, chat) == "Jonas is reading"
    comes(chat, jonas, State.TYPING)
    assert seen_by(maya, chat) == "Jonas is typing…"


def test_another_conversation_is_another_place(a: Builders, chat: Conversation, maya: User, jonas: User) -> None:
    comes(chat, jonas)
    assert comes(a.conversation(team=[maya, jonas]), maya) == []


def test_who_has_several_tabs_counts_once_until_the_last_is_closed(chat: Conversation, maya: User, jonas: User) -> None:
    comes(chat, jonas, tab="a")
    comes(chat, jonas, State.TYPING, tab="b")
    assert seen_by(maya, chat) == "Jonas is typing…"
    presence.leave(chat, jonas, tab="b")
    assert seen_by(maya, chat) == "Jonas is reading"
    presence.leave(chat, jonas, tab="a")
    assert seen_by(maya, chat) == ""


def test_who_gives_no_sign_of_life_is_gone_after_half_a_minute(
    chat: Conversation, maya: User, jonas: User, monkeypatch: pytest.MonkeyPatch, signals: list[dict[str, Any]]
) -> None:
    # given Jonas' browser crashed
    comes(chat, maya)
    comes(chat, jonas, State.TYPING)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 29)
    assert seen_by(maya, chat) == "Jonas is typing…"
    monkeypatch.setattr(time, "time", lambda: now + 31)
    assert seen_by(maya, chat) == ""
    # and Maya's own sign of life, too, finds nobody
    assert comes(chat, maya) == []
    # and Redis keeps nothing for long
    assert 0 < presence._redis().ttl(presence._key(chat.pk)) <= presence.GONE_AFTER


def test_only_news_is_signalled_and_only_to_those_who_are_here(
    a: Builders, chat: Conversation, maya: User, jonas: User, signals: list[dict[str, Any]]
) -> None:
    # given a colleague of the team who looks elsewhere
    priya = a.user(company=maya.company, name="Priya Nair")
    chat.record.group.team.add(priya)
    # when Maya is alone, then nobody is told; when Jonas comes, she is
    comes(chat, maya)
    assert signals == []
    comes(chat, jonas)
    expected = {"conversation": chat.pk, "version": 0, "users": [], "noticed": [], "present": [maya.pk]}
    assert signals == [expected]
    # when both only give signs of life, in whatever tab, then that is no news
    for tab in ("a", "a", "b"):
        comes(chat, maya, tab=tab)
        comes(chat, jonas, tab=tab)
    assert len(signals) == 1
    # but typing, reading again and leaving are
    comes(chat, jonas, State.TYPING)
    comes(chat, jonas, State.READING)
    presence.leave(chat, jonas, tab="a")
    presence.leave(chat, jonas, tab="b")
    assert [event["present"] for event in signals[1:]] == [[maya.pk]] * 3


def test_who_vanished_is_found_out_by_whoever_is_still_there(
    a: Builders,
    chat: Conversation,
    maya: User,
    jonas: User,
    monkeypatch: pytest.MonkeyPatch,
    signals: list[dict[str, Any]],
) -> None:
    # given three, and Jonas vanishes
    priya = a.user(company=maya.company, name="Priya Nair")
    chat.record.group.team.add(priya)
    now = time.time()
    comes(chat, jonas)
    monkeypatch.setattr(time, "time", lambda: now + 20)
    comes(chat, maya)
    comes(chat, priya)
    signals.clear()
    # when Maya gives her next sign of life
    monkeypatch.setattr(time, "time", lambda: now + 32)
    comes(chat, maya)
    # then Priya is told, once
    comes(chat, maya)
    assert [event["present"] for event in signals] == [[priya.pk]]


@pytest.mark.requirement("A4")
def test_who_left_the_team_or_the_company_is_neither_shown_nor_told(
    chat: Conversation, maya: User, jonas: User, signals: list[dict[str, Any]]
) -> None:
    comes(chat, jonas)
    chat.record.group.team.remove(jonas)
    assert comes(chat, maya) == []
    assert signals == []
    chat.record.group.team.add(jonas)
    User.objects.filter(pk=jonas.pk).update(is_active=False)
    assert comes(chat, maya, State.TYPING) == []
    assert signals == []


@pytest.fixture
def redis_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = redis.Redis(port=1, socket_connect_timeout=0.5)
    monkeypatch.setattr(presence, "_redis", lambda: nobody)
    monkeypatch.setattr(live, "_redis", lambda: nobody)


def test_without_redis_nobody_is_shown_and_nothing_breaks(
    chat: Conversation, maya: User, client: Client, redis_is_away: None
) -> None:
    client.force_login(maya)
    url = reverse("presence", args=[chat.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"state": "typing", "tab": "a"}).status_code == 200
    assert client.post(url, {"state": "gone", "tab": "a"}).status_code == 204


def test_the_page_is_told_who_is_here(chat: Conversation, maya: User, jonas: User, client: Client) -> None:
    # given Jonas types
    url = reverse("presence", args=[chat.pk])
    client.force_login(jonas)
    assert client.post(url, {"state": "typing", "tab": "x1"}).status_code == 200
    # when Maya asks, and comes
    client.force_login(maya)
    for answer in (client.get(url), client.post(url, {"state": "reading", "tab": "y2"})):
        # then she reads it
        assert "Jonas is typing…" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    # and when Jonas closes his page, she reads nothing
    client.force_login(jonas)
    assert client.post(url, {"state": "gone", "tab": "x1"}).status_code == 204
    client.force_login(maya)
    assert "Jonas" not in client.get(url).content.decode()


@pytest.mark.parametrize("fields", [{}, {"state": "dancing"}, {"tab": "12:typing"}, {"tab": "x" * 99}, {"tab": "é"}])
def test_whatever_a_page_says_of_itself_it_only_says_of_its_own_user(
    chat: Conversation, maya: User, jonas: User, client: Client, fields: dict[str, str]
) -> None:
    client.force_login(jonas)
    assert client.post(reverse("presence", args=[chat.pk]), fields).status_code == 200
    assert seen_by(maya, chat) == "Jonas is reading"


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("name", ["presence", "meanwhile"])
def test_strangers_learn_nothing(a: Builders, chat: Conversation, client: Client, name: str) -> None:
    client.force_login(a.user(company=chat.company, name="Carl Colleague"))
    url, nowhere = (reverse(name, args=[pk]) for pk in (chat.pk, 10**9))
    assert client.get(url).status_code == client.get(nowhere).status_code == 404
    assert client.post(url).status_code in {404, 405}
    assert seen_by(chat.record.team.get(name="Maya Chen"), chat) == ""


def named(*people: tuple[str, bool]) -> str:
    return words([Colleague(User(name=name), is_typing) for name, is_typing in people])


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ([], ""),
        ([("Jonas Weber", False)], "Jonas is reading"),
        ([("Jonas Weber", True)], "Jonas is typing…"),
        ([("Jonas Weber", False), ("Priya Nair", False)], "Jonas and Priya are here"),
        ([("Jonas Weber", False), ("Priya Nair", True)], "Priya is typing…"),
        ([("Jonas Weber", True), ("Priya Nair", True)], "Jonas and Priya are typing…"),
        ([("Jonas Weber", False), ("Priya Nair", False), ("Leo Martins", False)], "Jonas and 2 others are here"),
        ([("Jonas Weber", False), ("Jonas Blau", False)], "Jonas Weber and Jonas Blau are here"),
    ],
)
def test_who_is_here_in_words(people: list[tuple[str, bool]], sentence: str) -> None:
    assert named(*people) == sentence


# --- what was sent meanwhile ---


def said_since(chat: Conversation, user: User, since: int, client: Client) -> str:
    """The line above the user's text; nothing where it is hidden."""
    client.force_login(user)
    line = client.get(reverse("meanwhile", args=[chat.pk]), {"since": since}).content.decode()
    return "" if " hidden>" in line else line


def test_a_colleagues_text_since_one_began_is_told_and_nothing_else(
    a: Builders, chat: Conversation, maya: User, client: Client, twilio: Twilio
) -> None:
    # given Priya wrote before Maya began
    priya = a.user(company=maya.company, name="Priya Nair")
    chat.record.group.team.add(priya)
    earlier = steps.write(chat, priya, "Good morning")
    began = earlier.created_version
    # when the earlier text's state changes, the person writes, and Maya herself sends one from another tab
    steps.claim(earlier)
    steps.says(twilio, chat, "Hello?")
    steps.write(chat, maya)
    # then that is nothing to warn of
    assert said_since(chat, maya, began, client) == ""
    # when Priya answers, once and again
    first = steps.write(chat, priya, "Yes, at ten")
    assert "1 new message since you began: Priya wrote by SMS." in said_since(chat, maya, began, client)
    steps.write(chat, priya, "See you")
    # then it says how many, and leads there
    line = said_since(chat, maya, began, client)
    assert "2 new messages since you began, the last by Priya (SMS)." in line
    assert f'href="{chat.record.messages_url()}?channel=sms#m' in line
    assert "1 new message" in said_since(chat, maya, first.created_version, client)
    assert "Maya wrote by SMS" in said_since(chat, priya, began, client), "and to Priya Maya's is the news"
