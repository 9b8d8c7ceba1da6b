"""The composer at a bad time for its reader: advice that can be overruled once seen, or a wall (V1)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.hours import HoursPreset
from candidates.models import Candidate
from inbox import right_time, sending
from inbox.models import Conversation, Message
from inbox.outcomes import Reason, Refused, Sent
from inbox.places import Place, place_of_person
from tests import steps
from tests.any_hour import judging
from tests.builders import Builders

LATE = datetime(2026, 11, 23, 21, 40, tzinfo=UTC)  # 22:40 in Berlin, a Monday
GOOD = datetime(2026, 11, 23, 19, 59, tzinfo=UTC)  # 20:59 there
Clock = Callable[[datetime], None]


@pytest.fixture
def it_is(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The hours count, and it is that late."""
    monkeypatch.setattr(right_time, "judged", judging.real)

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def in_berlin(a: Builders, **company: Any) -> Conversation:
    maya = a.user(company=a.company(sender_countries=["DE"], **company))
    return a.conversation(team=[maya], name="Anna Weiß", phone="+49 170 1234567")


def post(client: Client, chat: Conversation, **fields: str) -> tuple[int, str]:
    maya = chat.record.team.get()
    client.force_login(maya)
    answer = client.post(f"/conversations/{chat.pk}/send/sms/", {"body": "Hi Anna", "token": str(uuid4()), **fields})
    return answer.status_code, answer.content.decode()


@pytest.mark.requirement("V1")
def test_at_22_40_in_berlin_the_composer_says_so(a: Builders, client: Client, it_is: Clock) -> None:
    # given
    chat = in_berlin(a)
    client.force_login(chat.record.team.get())
    # when
    it_is(LATE)
    page = client.get(chat.record.messages_url()).content.decode()
    # then
    assert "It is 22:40 for Anna in Berlin." in page
    assert "A text after 21:00 can be unwelcome, and some countries have rules about it." in page
    assert "22:40 for Anna, Berlin" in page
    assert "Send now" in page
    # and at a good time nothing but the clock
    it_is(GOOD)
    page = client.get(chat.record.messages_url()).content.decode()
    assert "20:59 for Anna, Berlin" in page
    assert "It is 20:59" not in page
    assert "Send SMS" in page
    assert "Send now" not in page


@pytest.mark.requirement("V1")
def test_who_wrote_in_time_and_sends_too_late_is_told_first(a: Builders, client: Client, it_is: Clock) -> None:
    # given a page of 20:59, sent at 22:40
    chat = in_berlin(a)
    it_is(LATE)
    # when
    status, page = post(client, chat, hour="good")
    # then
    assert status == 422
    assert "Not sent yet. It is 22:40 for Anna in Berlin." in page
    assert "Hi Anna" in page
    assert not Message.objects.exists()
    # when she has read it
    status, page = post(client, chat)
    # then
    assert status == 302
    assert Message.objects.get().body == "Hi Anna"


@pytest.mark.requirement("V1")
def test_a_wall_lets_no_text_go_and_names_the_next_good_time(a: Builders, client: Client, it_is: Clock) -> None:
    chat = in_berlin(a, hours_are_wall=True)
    it_is(LATE)
    status, page = post(client, chat)
    assert status == 422
    assert "Your company sends no texts then. The next good time is 8:00 Tue." in page
    assert not Message.objects.exists()


@pytest.mark.requirement("V1")
def test_a_wall_holds_for_invitations_and_for_a_retry(a: Builders, it_is: Clock) -> None:
    # given
    chat = in_berlin(a, hours_are_wall=True)
    maya = chat.record.team.get()
    invited = a.conversation(team=[maya], sms="first consent", phone="+49 170 1234568")
    it_is(GOOD)
    message = steps.write(chat, maya)
    Message.objects.filter(pk=message.pk).update(status="canceled", refusal=Reason.WINDOW_CLOSED)
    # when
    it_is(LATE)
    invitation = sending.send_invitation(
        conversation_id=invited.pk, author=maya, channel_key="sms", client_token=uuid4()
    )
    again = sending.send_again(message_id=message.pk, author=maya)
    # then
    assert isinstance(invitation, Refused)
    assert invitation.reason == Reason.BAD_HOUR
    assert isinstance(again, Refused)
    assert again.reason == Reason.BAD_HOUR


@pytest.mark.requirement("V1")
def test_a_stricter_preset_is_one_that_the_company_chose(a: Builders, it_is: Clock) -> None:
    chat = in_berlin(a, hours_preset=HoursPreset.STRICT, hours_are_wall=True)
    it_is(datetime(2026, 11, 23, 19, 0, tzinfo=UTC))  # 20:00 there
    assert isinstance(steps.try_to_write(chat, chat.record.team.get()), Refused)
    it_is(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))  # a Saturday
    assert isinstance(steps.try_to_write(chat, chat.record.team.get()), Sent)


@pytest.mark.requirement("V1")
def test_a_repeated_request_is_the_text_that_went_in_time(a: Builders, it_is: Clock) -> None:
    # given
    chat, token = in_berlin(a, hours_are_wall=True), uuid4()
    maya = chat.record.team.get()
    it_is(GOOD)
    sent = steps.try_to_write(chat, maya, token=token)
    # when its answer was lost and the clock went on
    it_is(LATE)
    # then
    assert steps.try_to_write(chat, maya, token=token) == sent


@pytest.mark.requirement("V1")
def test_an_unknown_time_is_called_unknown_and_an_email_has_none(a: Builders, client: Client, it_is: Clock) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], name="Anna Weiß", phone="+1 800 555 1234")
    client.force_login(maya)
    it_is(LATE)
    page = client.get(chat.record.messages_url()).content.decode()
    assert "Anna&#x27;s local time is unknown: this number doesn&#x27;t say where it is." in page
    assert "Send SMS" in page
    assert "Send now" not in page
    assert "local-time" not in client.get(chat.record.emails_url()).content.decode()


@pytest.mark.requirement("V1")
def test_the_hour_costs_a_page_no_query(a: Builders, client: Client, it_is: Clock) -> None:
    chat = in_berlin(a)
    it_is(LATE)
    shown = Conversation.objects.with_record().get(pk=chat.pk)
    with CaptureQueriesContext(connection) as context:
        assert not right_time.judged(shown, LATE).is_good
    assert len(context) == 0


@pytest.mark.requirement("V1")
def test_the_records_place_tells_what_a_number_cannot(a: Builders, client: Client, it_is: Clock) -> None:
    # given a mobile of San Francisco, which may be anywhere in its country
    maya = a.user()
    chat = a.conversation(team=[maya], name="Marcus Hill", phone="+1 415 123 4567")
    client.force_login(maya)
    it_is(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    page = client.get(chat.record.messages_url()).content.decode()
    assert "7:00–10:00 for Marcus, United States" in page
    assert "It may be 7:00 for Marcus: the number says United States, but not which part of it." in page
    # when Maya knows where he is
    fields = {"phone": "+1 415 123 4567", "email": chat.person.email, "time_zone": "America/New_York"}
    client.post(chat.record.contact_url(), fields)
    # then
    page = client.get(chat.record.messages_url()).content.decode()
    assert "10:00 for Marcus, New York" in page
    assert "Send SMS" in page


@pytest.mark.requirement("V1")
def test_who_moved_away_has_left_the_rules_of_her_area_code_behind() -> None:
    moved = Candidate(phone="+13055551234", time_zone="America/Chicago")
    assert place_of_person(moved, year=2026) == Place("US", "", ("America/Chicago",))
    stayed = Candidate(phone="+13055551234", time_zone="America/New_York")
    assert place_of_person(stayed, year=2026) == Place("US", "FL", ("America/New_York",))
    abroad = Candidate(phone="+491701234567", time_zone="Australia/Perth")
    assert place_of_person(abroad, year=2026) == Place("AU", "", ("Australia/Perth",))


@pytest.mark.requirement("V1")
def test_a_day_that_is_the_same_everywhere_is_said_for_sure(a: Builders, client: Client, it_is: Clock) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], name="Marcus Hill", phone="+1 415 123 4567")
    client.force_login(maya)
    it_is(datetime(2026, 11, 21, 20, 0, tzinfo=UTC))
    assert "It is Saturday for Marcus in United States." in client.get(chat.record.messages_url()).content.decode()
    it_is(datetime(2026, 11, 21, 7, 0, tzinfo=UTC))  # Friday in the west, Saturday in the east
    assert "It may be Saturday for Marcus" in client.get(chat.record.messages_url()).content.decode()


@pytest.mark.requirement("V1")
def test_whose_place_is_not_known_for_sure_can_be_told(a: Builders, client: Client, it_is: Clock) -> None:
    maya = a.user()
    marcus = a.conversation(team=[maya], name="Marcus Hill", phone="+1 415 123 4567")
    anna = a.conversation(team=[maya], name="Anna Weiß", phone="+49 170 1234569")
    client.force_login(maya)
    it_is(GOOD)
    assert "Say where Marcus is" in client.get(marcus.record.messages_url()).content.decode()
    assert "Say where Anna is" not in client.get(anna.record.messages_url()).content.decode()
