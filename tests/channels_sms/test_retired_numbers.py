"""A number that is taken out of use: its conversations move on, and replies find them all the same (Q6, I7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import AuditAction, AuditEntry, User
from candidates import phone_numbers
from channels_sms import pool, routes
from channels_sms.models import SenderNumber
from inbox import delivery, live
from inbox.models import Conversation, Kind
from inbox.outcomes import Accepted, Reason, Refused
from inbox.rules import Status
from tests import steps
from tests.builders import Builders
from tests.conftest import Twilio


def number(e164: str) -> SenderNumber:
    return SenderNumber.objects.get(number=e164)


def retire(e164: str) -> None:
    pool.retire(number(e164), by=User.objects.create_superuser(f"operator{e164}@platform.example", "x", name="Op"))


def bring_back(e164: str) -> None:
    pool.bring_back(number(e164), by=User.objects.filter(is_superuser=True).latest("pk"))


@pytest.mark.requirement("Q6")
def test_the_next_text_comes_from_another_number_and_says_so(a: Builders, client: Client) -> None:
    # given a conversation on the first of two numbers
    company = a.company(sender_countries=["US", "US"])
    maya = a.user(company=company)
    chat = a.conversation(team=[maya])
    first, second = a.numbers
    assert steps.write(chat, maya, "before").sender == first
    client.force_login(maya)
    # when it is retired
    retire(first)
    # then the composer says what will be, and nothing has changed yet
    page = client.get(chat.record.messages_url()).content.decode()
    assert "This will now come from" in page
    assert not chat.messages.filter(kind=Kind.SENDER_CHANGED).exists()
    # and with the next text it is so, once
    assert [steps.write(chat, maya, words).sender for words in ("after", "later")] == [second, second]
    assert list(chat.messages.order_by("pk").values_list("kind", flat=True)) == [
        "text",
        "sender changed",
        "text",
        "text",
    ]
    page = client.get(chat.record.messages_url()).content.decode()
    assert "Texts now come from" in page
    assert "This will now come from" not in page


@pytest.mark.requirement("Q6", "I7")
def test_replies_to_either_number_find_the_conversation(a: Builders, twilio: Twilio) -> None:
    company = a.company(sender_countries=["US", "US"])
    maya = a.user(company=company)
    chat = a.conversation(team=[maya])
    first, second = a.numbers
    steps.write(chat, maya)
    retire(first)
    steps.write(chat, maya)
    for ours in (first, second):
        steps.says(twilio, chat, f"to {ours}", to=ours)
    assert [each.body for each in chat.messages.filter(direction="in")] == [f"to {first}", f"to {second}"]


@pytest.mark.requirement("Q6", "I7")
def test_no_other_conversation_takes_the_place_that_was_left(a: Builders) -> None:
    # given Anna's conversation left the first number, which is in use again
    company = a.company(sender_countries=["US", "US"])
    maya = a.user(company=company)
    anna = a.person(company)
    chat, other = (a.conversation(team=[maya], person=anna) for _ in range(2))
    first, second = a.numbers
    steps.write(chat, maya)
    retire(first)
    steps.write(chat, maya)
    bring_back(first)
    # when another conversation with her looks for a number
    outcome = steps.try_to_write(other, maya)
    # then both are taken: her replies to the first still belong to the first conversation
    assert isinstance(outcome, Refused)
    assert outcome.reason == Reason.NO_SENDER
    # and if the second is retired too, the first conversation comes back to what it left
    retire(second)
    assert steps.write(chat, maya).sender == first


@pytest.mark.requirement("Q6")
def test_a_text_that_waited_leaves_from_the_new_number(a: Builders) -> None:
    # given a text that waits for a worker
    company = a.company(sender_countries=["US", "US"])
    maya = a.user(company=company)
    chat = a.conversation(team=[maya])
    first, second = a.numbers
    waiting = steps.write(chat, maya)
    # when its number is retired
    retire(first)
    # then
    attempt = steps.hand_over(waiting, Accepted(steps.new_sid(), "sent"))
    assert attempt.message.sender == second
    assert chat.messages.filter(kind=Kind.SENDER_CHANGED).count() == 1


@pytest.mark.requirement("Q6")
def test_of_two_that_waited_both_leave_from_the_new_number(a: Builders) -> None:
    company = a.company(sender_countries=["US", "US"])
    maya = a.user(company=company)
    chat = a.conversation(team=[maya])
    waiting = [steps.write(chat, maya) for _ in range(2)]
    retire(a.numbers[0])
    for message in waiting:
        steps.hand_over(message, Accepted(steps.new_sid(), "sent"))
        message.refresh_from_db()
    assert [message.sender for message in waiting] == [a.numbers[1]] * 2


@pytest.mark.requirement("Q6")
def test_the_last_number_leaves_the_conversation_readable_and_locked(a: Builders, client: Client) -> None:
    company = a.company(sender_countries=["US"], name="Alder Foods")
    maya = a.user(company=company)
    chat = a.conversation(team=[maya])
    waiting = steps.write(chat, maya, "What we said")
    retire(a.numbers[0])
    client.force_login(maya)
    page = client.get(chat.record.messages_url()).content.decode()
    assert "What we said" in page
    assert "No sending number is free" in page
    assert delivery.claim(waiting.pk) is None
    waiting.refresh_from_db()
    assert (waiting.status, waiting.refusal) == (Status.CANCELED, Reason.NO_SENDER)
    # and it goes on where it was once the number is back
    bring_back(a.numbers[0])
    assert steps.write(chat, maya).sender == a.numbers[0]
    assert not chat.messages.filter(kind=Kind.SENDER_CHANGED).exists()


@pytest.mark.requirement("Q6", "A5")
def test_the_operator_retires_and_brings_back(a: Builders, client: Client) -> None:
    # given
    company = a.company(sender_countries=["US", "DE"])
    client.force_login(User.objects.create_superuser("operator@platform.example", "x", name="Operator"))
    list_url, keys = reverse("admin:channels_sms_sendernumber_changelist"), [number(a.numbers[0]).pk]
    # when
    client.post(list_url, {"action": "retire", "_selected_action": keys})
    # then
    assert [bool(number(each).retired_at) for each in a.numbers] == [True, False]
    client.post(list_url, {"action": "bring_back", "_selected_action": keys})
    assert number(a.numbers[0]).retired_at is None
    trail = AuditEntry.objects.filter(company=company, action=AuditAction.NUMBER_CHANGED).order_by("pk")
    assert [entry.words for entry in trail] == ["United States, out of use", "United States, in use again"]


@pytest.mark.requirement("V2")
@pytest.mark.parametrize(
    ("pool_of", "country", "words"),
    [
        (["US"], "SE", "Alder Foods has no number in Sweden."),
        (["US"], "CA", "Alder Foods has no number in Canada."),
        (["US", "SE"], "SE", None),
        (["US"], "US", None),
    ],
)
def test_a_text_to_a_country_without_a_number_says_so(
    a: Builders, client: Client, pool_of: list[str], country: str, words: str | None
) -> None:
    company = a.company(sender_countries=pool_of, name="Alder Foods")
    maya = a.user(company=company)
    client.force_login(maya)
    for standing in ("opted in", "first consent"):  # a text, and the invitation
        chat = a.conversation(team=[maya], country=country, sms=standing)
        page = client.get(chat.record.messages_url()).content.decode()
        assert ("Delivery and replies aren’t guaranteed; WhatsApp serves better." in page) == bool(words)
        assert words is None or words in page
        assert "Use WhatsApp" not in page


@pytest.mark.requirement("V2")
def test_a_retired_number_is_none_of_the_country(a: Builders) -> None:
    company = a.company(sender_countries=["US", "SE"])
    chat = a.conversation(team=[a.user(company=company)], country="SE")
    assert routes.ways([chat])[chat.pk].is_domestic
    retire(a.numbers[1])
    assert not routes.ways([chat])[chat.pk].is_domestic


@pytest.mark.requirement("V2")
@pytest.mark.parametrize("on_whatsapp", ["first consent", "nothing"])
def test_whatsapp_is_one_click_away_where_it_can_be_used(a: Builders, client: Client, on_whatsapp: str) -> None:
    company = a.company(sender_countries=["US"], texts_by_whatsapp=True)
    a.whatsapp_sender()
    maya = a.user(company=company)
    chat = a.conversation(team=[maya], country="SE")
    a.consent(company, chat.person.phone, on_whatsapp, channel="whatsapp")
    client.force_login(maya)
    page = client.get(f"{chat.record.messages_url()}?channel=sms").content.decode()
    assert "WhatsApp serves better" in page
    assert ("Use WhatsApp</a>" in page) == (on_whatsapp == "first consent")
    assert Conversation.objects.count() == 1


@pytest.mark.requirement("Q6", "V2")
def test_open_pages_of_the_company_are_told_but_not_all_at_once(
    a: Builders,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    # given one of a company who looks in, one who was here long ago, and one of another company
    company = a.company(sender_countries=["US", "US"])
    maya, jonas, stranger = a.user(company=company), a.user(company=company, name="Jonas Weber"), a.user()
    User.objects.filter(pk__in=[maya.pk, stranger.pk]).update(last_seen_at=timezone.now())
    User.objects.filter(pk=jonas.pk).update(last_seen_at=timezone.now() - timedelta(days=2))
    chat = a.conversation(team=[maya])
    steps.write(chat, maya)
    published: list[dict[str, Any]] = []
    monkeypatch.setattr(live, "_publish", published.append)
    # when
    with django_capture_on_commit_callbacks(execute=True):
        retire(a.numbers[0])
    # then her page asks, and is told from where a text would come now
    assert [(each["changed"], each["within"]) for each in published] == [([maya.pk], 0)]
    client.force_login(maya)
    patch = client.get(reverse("since", args=[chat.pk, "sms"]) + "?version=9999").content.decode()
    assert f'id="sender">from {phone_numbers.display(a.numbers[1])}<' in patch
    assert "This will now come from" in patch.split('id="way"')[1]
    # and a thousand pages spread
    with django_capture_on_commit_callbacks(execute=True):
        live.signal_users(range(1000))
    assert published[-1]["within"] == 20_000
