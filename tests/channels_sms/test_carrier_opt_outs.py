"""What the carrier knows is truth here too: 21610 in the answer or later, and a START to another number (O13)."""

import pytest
from django.test import Client
from django.urls import reverse

from candidates import phone_numbers
from candidates.consent_rules import EventKind, Source, Standing
from channels_sms.models import Route
from inbox import delivery
from inbox.models import Conversation, Kind
from inbox.outcomes import Accepted, Reason, Refused, Rejected
from inbox.rules import Status
from tests import steps
from tests.builders import Builders
from tests.conftest import Twilio


def opt_outs_of(chat: Conversation) -> list[tuple[str, str]]:
    events = steps.consent_of(chat).events.filter(kind=EventKind.OPTED_OUT)
    return [(event.words, event.source) for event in events]


REPORTED = ("block reported by the carrier", Source.PROVIDER)


@pytest.mark.requirement("O13")
def test_a_refusal_in_the_answer_becomes_an_opt_out(a: Builders) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    # when
    message = steps.write(chat, maya)
    attempt = steps.hand_over(message, Rejected(21610))
    # then
    assert steps.standing(chat) == Standing.OPTED_OUT
    assert opt_outs_of(chat) == [REPORTED]
    event = steps.consent_of(chat).events.get(kind=EventKind.OPTED_OUT)
    assert event.details == {"code": 21610, "our_number": message.sender, "attempt": str(attempt.uuid)}
    message.refresh_from_db()
    assert (message.status, attempt.error_code) == (Status.FAILED, 21610)
    assert chat.messages.get(kind=Kind.OPTED_OUT).consent_event == event


@pytest.mark.requirement("O13")
def test_a_refusal_that_is_reported_later_and_repeated_is_one_opt_out(a: Builders, twilio: Twilio) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    attempt = steps.hand_over(steps.write(chat, maya), Accepted(steps.new_sid(), "queued"))
    report = {"MessageSid": attempt.provider_id, "MessageStatus": "failed", "ErrorCode": "21610"}
    # when
    for status in ("failed", "failed", "undelivered"):
        path = reverse("twilio-status") + f"?m={attempt.uuid}"
        assert twilio.post(path, {**report, "MessageStatus": status}) == 200
    # then
    assert steps.standing(chat) == Standing.OPTED_OUT
    assert opt_outs_of(chat) == [REPORTED]
    assert chat.messages.filter(kind=Kind.OPTED_OUT).count() == 1


@pytest.mark.requirement("O13", "O6")
def test_what_the_person_said_herself_is_not_said_again_by_the_carrier(a: Builders, twilio: Twilio) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    attempt = steps.claim(steps.write(chat, maya))
    steps.says(twilio, chat, "Stop")
    delivery.record_outcome(attempt, Rejected(21610))
    assert [words for words, _source in opt_outs_of(chat)] == ["Stop"]


@pytest.fixture
def blocked(a: Builders, twilio: Twilio) -> Conversation:
    """Anna texted STOP to the number that we text her from, then START to another number of ours."""
    company = a.company(sender_countries=["US", "US"])
    chat = a.conversation(team=[a.user(company=company)], sms="opted in")
    ours = steps.our_number(chat)
    steps.says(twilio, chat, "Stop")
    steps.says(twilio, chat, "Start", to=next(number for number in a.numbers if number != ours))
    assert steps.standing(chat) == Standing.OPTED_IN
    return chat


@pytest.mark.requirement("O13")
def test_a_start_to_another_number_leaves_only_the_route_blocked(blocked: Conversation, client: Client) -> None:
    # given the carrier still refuses on the old number
    maya = blocked.record.team.get()
    client.force_login(maya)
    ours = steps.our_number(blocked)
    # when
    steps.hand_over(steps.write(blocked, maya), Rejected(21610))
    # then her consent holds, and this route alone is closed
    assert steps.standing(blocked) == Standing.OPTED_IN
    assert Route.objects.get(conversation=blocked).blocked_at
    outcome = steps.try_to_write(blocked, maya)
    assert isinstance(outcome, Refused)
    assert outcome.reason == Reason.SENDER_BLOCKED
    # and the page names the number to text
    page = client.get(blocked.record.messages_url()).content.decode()
    assert f"texts START to {phone_numbers.display(ours)}" in page
    assert 'name="body"' not in page


@pytest.mark.requirement("O13", "I7")
@pytest.mark.parametrize("word", ["START", "Unstop", "Yes"])
def test_a_start_to_that_number_opens_the_route(blocked: Conversation, twilio: Twilio, word: str) -> None:
    # given
    maya = blocked.record.team.get()
    steps.hand_over(steps.write(blocked, maya), Rejected(21610))
    # when
    steps.says(twilio, blocked, word)
    # then
    assert Route.objects.get(conversation=blocked).blocked_at is None
    assert steps.write(blocked, maya)


@pytest.mark.requirement("O13")
def test_an_ordinary_message_does_not_open_the_route(blocked: Conversation, twilio: Twilio) -> None:
    maya = blocked.record.team.get()
    steps.hand_over(steps.write(blocked, maya), Rejected(21610))
    steps.says(twilio, blocked, "I am here, start texting me")
    assert Route.objects.get(conversation=blocked).blocked_at


@pytest.mark.requirement("O13", "I2")
def test_a_text_that_waits_while_its_route_is_blocked_is_canceled(blocked: Conversation) -> None:
    # given two texts, the first on the wire
    maya = blocked.record.team.get()
    first, second = steps.write(blocked, maya, "one"), steps.write(blocked, maya, "two")
    # when
    steps.hand_over(first, Rejected(21610))
    assert delivery.claim(second.pk) is None
    # then
    second.refresh_from_db()
    assert (second.status, second.refusal, second.body) == (Status.CANCELED, Reason.SENDER_BLOCKED, "two")


@pytest.mark.requirement("O13")
def test_the_route_of_a_conversation_is_never_switched_around_a_block(blocked: Conversation) -> None:
    maya = blocked.record.team.get()
    ours = steps.our_number(blocked)
    steps.hand_over(steps.write(blocked, maya), Rejected(21610))
    assert steps.our_number(blocked) == ours
