"""Which of our numbers a conversation sends from, and that every reply finds its way back (Q6, I7)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from candidates.contact import change_contact
from channels_sms import routes
from channels_sms.models import Route, SenderNumber
from channels_sms.routes import in_order_of_preference
from inbox.models import UnmatchedReply
from inbox.outcomes import Reason, Refused
from tests import steps
from tests.builders import Builders, new_number
from tests.conftest import Twilio


@pytest.mark.requirement("Q6")
@pytest.mark.parametrize(
    ("pool", "recipient", "chosen"),
    [
        (["GB", "US", "DE"], "DE", "DE"),
        (["GB", "DE", "US"], "FR", "US"),
        (["GB", "DE"], "FR", "GB"),
        (["US"], "SE", "US"),
        (["CA", "US"], "US", "US"),
        (["US", "CA"], "CA", "CA"),
        ([], "US", None),
    ],
)
def test_own_country_else_us_else_another(a: Builders, pool: list[str], recipient: str, chosen: str | None) -> None:
    company = a.company(sender_countries=pool)
    chat = a.conversation(team=[a.user(company=company)], country=recipient)
    route = routes.reserve(chat, chat.person.phone)
    assert (route.sender_number.country if route else None) == chosen


def test_a_number_of_no_country_takes_a_us_one() -> None:
    german, american = (SenderNumber(country=country) for country in ("DE", "US"))
    assert in_order_of_preference([german, american], country="") is american


@pytest.mark.requirement("Q6")
def test_a_conversation_keeps_its_number(a: Builders) -> None:
    # given it began with a US number, because there was no other
    company = a.company(sender_countries=["US"])
    maya = a.user(company=company)
    chat = a.conversation(team=[maya], country="DE")
    first = steps.write(chat, maya).sender
    # when a German one is bought
    a.sender_number(company, "DE")
    # then
    assert steps.write(chat, maya).sender == first
    assert Route.objects.count() == 1


@pytest.mark.requirement("Q6", "I7")
def test_two_conversations_with_one_phone_run_side_by_side(a: Builders, twilio: Twilio) -> None:
    # given two numbers in one country
    company = a.company(sender_countries=["DE", "DE", "US"])
    maya = a.user(company=company)
    anna = a.person(company, country="DE")
    first, second = (a.conversation(team=[maya], person=anna) for _ in range(2))
    senders = [steps.write(chat, maya).sender for chat in (first, second)]
    assert len(set(senders)) == 2
    assert {SenderNumber.objects.get(number=sender).country for sender in senders} == {"DE"}
    # when she answers each
    steps.says(twilio, first, "to the first", to=senders[0])
    steps.says(twilio, second, "to the second", to=senders[1])
    # then each reply is in its conversation
    assert [m.body for m in first.messages.filter(direction="in")] == ["to the first"]
    assert [m.body for m in second.messages.filter(direction="in")] == ["to the second"]


@pytest.mark.requirement("Q6")
def test_when_none_is_left_the_user_is_told_and_nothing_is_misrouted(a: Builders, client: Client) -> None:
    # given one number, which texts Anna in another conversation
    company = a.company(sender_countries=["US"], name="Alder Foods")
    maya = a.user(company=company)
    anna = a.person(company)
    first, second = (a.conversation(team=[maya], person=anna) for _ in range(2))
    steps.write(first, maya)
    # when
    outcome = steps.try_to_write(second, maya)
    # then
    assert isinstance(outcome, Refused)
    assert outcome.reason == Reason.NO_SENDER
    assert "No sending number is free" in outcome.sentence
    client.force_login(maya)
    page = client.get(second.record.messages_url()).content.decode()
    assert "Each of Alder Foods&#x27;s numbers already texts Anna in another conversation" in page
    assert 'name="body"' not in page
    assert not second.messages.exists()


@pytest.mark.requirement("Q6")
def test_the_same_number_texts_other_phones_too(a: Builders) -> None:
    company = a.company(sender_countries=["US"])
    maya = a.user(company=company)
    chats = [a.conversation(team=[maya]) for _ in range(3)]
    assert {steps.write(chat, maya).sender for chat in chats} == {a.numbers[0]}


@pytest.mark.requirement("Q6", "I7")
def test_a_reply_to_a_released_route_goes_to_the_companys_tray(a: Builders, twilio: Twilio) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    ours = steps.write(chat, maya).sender
    Route.objects.update(released_at=timezone.now())
    steps.says(twilio, chat, "Still there?", to=ours)
    assert not chat.messages.filter(direction="in").exists()
    kept = UnmatchedReply.objects.get()
    assert (kept.company, kept.body) == (chat.company, "Still there?")


@pytest.mark.requirement("Q6")
def test_a_released_number_is_free_for_another_conversation(a: Builders, twilio: Twilio) -> None:
    maya = a.user()
    assert maya.company
    anna = a.person(maya.company)
    first, second = (a.conversation(team=[maya], person=anna) for _ in range(2))
    ours = steps.write(first, maya).sender
    Route.objects.update(released_at=timezone.now())
    assert steps.write(second, maya).sender == ours
    steps.says(twilio, second, "Hello second", to=ours)
    assert [message.body for message in second.messages.filter(direction="in")] == ["Hello second"]


@pytest.mark.requirement("Q6", "P3", "I7")
def test_a_reply_from_the_former_number_still_finds_its_conversation(a: Builders, twilio: Twilio) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    ours, former = steps.write(chat, maya).sender, chat.person.phone
    change_contact(chat.person, phone_typed=new_number(), email="")
    assert twilio.text(sender=former, recipient=ours, body="My old phone", sid=steps.new_sid()) == 200
    assert chat.messages.get(direction="in").body == "My old phone"


@pytest.mark.requirement("Q6", "I7")
def test_the_database_forbids_two_live_routes_for_one_pair(a: Builders) -> None:
    maya = a.user()
    first, second = (a.conversation(team=[maya]) for _ in range(2))
    route = routes.reserve(first, first.person.phone)
    assert route
    with pytest.raises(IntegrityError, match="live_route_belongs_to_one_conversation"), transaction.atomic():
        Route.objects.create(conversation=second, sender_number=route.sender_number, address=route.address)
    other = a.sender_number(first.company)
    with pytest.raises(IntegrityError, match="conversation_keeps_one_sender_per_address"), transaction.atomic():
        Route.objects.create(conversation=first, sender_number=other, address=route.address)


@pytest.mark.requirement("Q6", "A4")
def test_only_a_companys_own_numbers_are_taken(a: Builders) -> None:
    a.company(sender_countries=["DE", "US"])
    company = a.company(sender_countries=["GB"])
    chat = a.conversation(team=[a.user(company=company)], country="DE")
    route = routes.reserve(chat, chat.person.phone)
    assert route
    assert route.sender_number.company == company
