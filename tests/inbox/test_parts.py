"""A text that is too long goes as several: all or none, in order, each once (Q8)."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from inbox import channels, parts, sending
from inbox.models import Conversation
from inbox.outcomes import Reason, Refused, Sent
from tests.builders import Builders

LONG = "This sentence has fifty characters, blank included. " * 40  # 2,080 characters
FIRST, SECOND = parts.of(LONG, 1600)


def send(chat: Conversation, author: User, body: str, *, count: int, token: UUID | None = None) -> Sent | Refused:
    return parts.send(
        conversation_id=chat.pk, author=author, channel_key="sms", body=body, count=count, client_token=token or uuid4()
    )


def texts(chat: Conversation) -> list[str]:
    return list(chat.messages.filter(direction="out").order_by("pk").values_list("body", flat=True))


@pytest.mark.requirement("Q8", "I9")
def test_a_long_text_goes_in_parts_that_end_with_sentences(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    outcome = send(chat, maya, LONG, count=2)
    assert isinstance(outcome, Sent)
    assert texts(chat) == [FIRST, SECOND]
    assert FIRST.endswith("included.")
    assert len(FIRST) <= 1600


@pytest.mark.requirement("I1", "Q8")
def test_the_same_click_twice_is_the_same_parts(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    token = uuid4()
    first, again = (send(chat, maya, LONG, count=2, token=token) for _click in range(2))
    assert isinstance(first, Sent)
    assert again == first
    assert texts(chat) == [FIRST, SECOND]
    # and the whole of it can't go out under the same token as another text
    outcome = sending.send_message(
        conversation_id=chat.pk, author=maya, channel_key="sms", body="Hello", client_token=token
    )
    assert isinstance(outcome, Refused)
    assert texts(chat) == [FIRST, SECOND]


@pytest.mark.requirement("I1", "Q8")
def test_what_stops_the_second_part_leaves_none(a: Builders, monkeypatch: pytest.MonkeyPatch) -> None:
    # given the process dies, or is refused, between the first part and the second
    maya = a.user()
    chat = a.conversation(team=[maya])
    token, store = uuid4(), sending.send_message

    def only_the_first(**given: object) -> Sent | Refused:
        return Refused(Reason.NO_SENDER, "No.") if given["body"] == SECOND else store(**given)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(sending, "send_message", only_the_first)
        assert send(chat, maya, LONG, count=2, token=token) == Refused(Reason.NO_SENDER, "No.")
    assert texts(chat) == []
    # then the next click sends both
    assert isinstance(send(chat, maya, LONG, count=2, token=token), Sent)
    assert texts(chat) == [FIRST, SECOND]


@pytest.mark.requirement("Q8")
def test_nothing_goes_that_was_not_shown(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    outcome = send(chat, maya, LONG * 2, count=2)
    assert outcome == Refused(
        Reason.TOO_LONG, "These are 3 texts by now, and nothing was sent. Look at them, then send them."
    )
    assert texts(chat) == []


@pytest.mark.requirement("Q8")
def test_ten_texts_in_a_row_are_too_many(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    assert parts.of("x" * 1600 * 9, 1600) == ["x" * 1600] * 9
    outcome = send(chat, maya, "x" * 1600 * 10, count=10)
    assert isinstance(outcome, Refused)
    assert outcome.reason == Reason.TOO_LONG
    assert texts(chat) == []


@pytest.mark.requirement("Q8", "W5")
def test_each_part_begins_with_the_companys_name_where_texts_do(a: Builders) -> None:
    a.whatsapp_sender()
    maya = a.user(company=a.company(name="Northwind", texts_by_whatsapp=True))
    chat = a.whatsapp_conversation(team=[maya])
    room = parts.room(channels.get("whatsapp"), chat)
    assert room == 1600 - len("Northwind: ")


@pytest.mark.requirement("Q8")
def test_without_javascript_the_refused_page_shows_the_parts_and_sends_them(a: Builders, client: Client) -> None:
    # given Maya sent too long a text from a plain page
    maya = a.user()
    chat = a.conversation(team=[maya])
    client.force_login(maya)
    token = str(sending.draft_of(maya, chat, "sms").token)
    refused = client.post(reverse("send", args=[chat.pk, "sms"]), {"body": LONG, "token": token})
    # then the page has the texts that it makes
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Split it into 2 texts" in page
    assert f"<li>{FIRST}</li><li>{SECOND}</li>" in page
    # and one click sends them
    sent = client.post(reverse("send-parts", args=[chat.pk, "sms"]), {"body": LONG, "token": token, "parts": "2"})
    assert sent.status_code == 302
    assert texts(chat) == [FIRST, SECOND]
