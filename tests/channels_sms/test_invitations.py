"""The invitation by SMS: what it says, when it may go, how often (O3, O4, O16)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from candidates.consent_rules import EventKind, Standing
from channels_sms.rules import WEEK, invitation_text
from inbox import sending
from inbox.models import Conversation, Kind, Message
from inbox.outcomes import Accepted, Reason, Refused, Rejected, Sent
from inbox.rules import Status, next_allowed_at
from tests import steps
from tests.builders import Builders, new_number

WAITING = (
    "Your invite has been sent but the candidate has not yet opted-in. "
    'You can send another invite by <button class="linkbtn" type="submit" id="invite-again">clicking here</button>'
)


def ago(message: Message, age: timedelta) -> None:
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - age)


def reason_of(outcome: Sent | Refused) -> Reason | None:
    return outcome.reason if isinstance(outcome, Refused) else None


@pytest.mark.requirement("O3", "Q2")
def test_it_says_who_asks_about_what_and_how_to_answer(a: Builders) -> None:
    maya = a.user(company=a.company(name="Northwind Robotics & Sons"))
    chat = a.conversation(team=[maya], sms="first consent")
    message = steps.invite(chat, maya)
    assert message.kind == Kind.INVITATION
    assert message.body == (
        "Northwind Robotics & Sons would like to text you about Field Engineer. Reply YES to receive texts, or STOP "
        "at any time to end them. Message and data rates may apply."
    )
    assert maya.name not in message.body
    assert steps.standing(chat) == Standing.INVITED


@pytest.mark.requirement("O3", "Q1")
def test_for_a_prospect_it_names_the_community(a: Builders) -> None:
    company = a.company(has_smartcrm=True)
    maya = a.user(company=company)
    person = a.person(company)
    a.consent(company, person.phone, "first consent")
    chat = Conversation.objects.create(company=company, prospect=a.prospect(person, [maya], name="Alumni Berlin"))
    assert "about Alumni Berlin." in steps.invite(chat, maya).body


@pytest.mark.requirement("O3", "O4")
def test_the_page_goes_from_send_invite_to_waiting(a: Builders, client: Client) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    client.force_login(maya)
    page = client.get(chat.record.messages_url()).content.decode()
    assert "Send Invite" in page
    assert "would like to text you about Field Engineer" in page, "the text as it will arrive"
    assert client.post(f"/conversations/{chat.pk}/invite/sms/").status_code == 302
    page = client.get(chat.record.messages_url()).content.decode()
    assert WAITING in page
    assert "Send Invite" not in page


@pytest.mark.requirement("O3", "O13")
@pytest.mark.parametrize(
    ("sms", "reason"),
    [
        ("nothing", Reason.NO_CONSENT),
        ("first consent", None),
        ("invited", None),
        ("opted in", Reason.OPTED_IN),
        ("opted out", Reason.OPTED_OUT),
    ],
)
def test_when_it_may_go(a: Builders, sms: str, reason: Reason | None) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms=sms)
    assert reason_of(steps.try_to_invite(chat, maya)) == reason
    assert chat.messages.count() == (1 if reason is None else 0)


@pytest.mark.requirement("O4", "O16")
def test_three_in_seven_days_and_no_more(a: Builders, client: Client) -> None:
    # given three went, on different days
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    client.force_login(maya)
    for days in (6, 4, 2):
        ago(steps.invite(chat, maya), timedelta(days=days))
    # then a fourth is refused, and the page says when it is possible
    outcome = steps.try_to_invite(chat, maya)
    assert reason_of(outcome) in {Reason.INVITED, Reason.INVITED_TOO_OFTEN}
    next_one = timezone.now() - timedelta(days=6) + WEEK
    assert isinstance(outcome, Refused)
    assert f"{next_one:%a} {next_one.day} {next_one:%b}" in outcome.sentence
    page = client.get(chat.record.messages_url()).content.decode()
    assert "The next invite is possible on" in page
    assert "clicking here" not in page
    assert "Send Invite" not in page
    # and once the first is seven days old, it goes
    oldest = chat.messages.earliest("pk")
    ago(oldest, WEEK + timedelta(seconds=1))
    assert reason_of(steps.try_to_invite(chat, maya)) is None


@pytest.mark.requirement("O16", "O10")
def test_the_limit_is_the_addresss_and_not_the_records_or_the_users(a: Builders) -> None:
    # given two records and two users, and one phone
    company = a.company(sender_countries=["US", "US"])
    maya, dana = a.user(company=company), a.user(company=company, name="Dana Ortiz")
    anna = a.person(company)
    first, second = (a.conversation(team=[maya, dana], person=anna, sms="first consent") for _ in range(2))
    steps.invite(first, maya)
    steps.invite(second, dana)
    steps.invite(second, maya)
    assert reason_of(steps.try_to_invite(first, dana)) is not None
    # but another company's invitations don't count, nor does another number
    stranger = a.user(name="Sam Stranger")
    theirs = a.conversation(team=[stranger], phone=anna.phone, sms="first consent")
    assert steps.invite(theirs, stranger)
    other = a.conversation(team=[maya], phone=new_number(), sms="first consent")
    assert steps.invite(other, maya)


@pytest.mark.requirement("O16")
def test_what_never_left_does_not_count(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    for status in (Status.FAILED, Status.CANCELED, Status.FAILED):
        Message.objects.filter(pk=steps.invite(chat, maya).pk).update(status=status)
    assert steps.invite(chat, maya)


@pytest.mark.requirement("O16")
def test_a_retry_does_not_get_around_the_limit(a: Builders) -> None:
    # given one failed, and then three went
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    failed = steps.invite(chat, maya)
    steps.hand_over(failed, Rejected(30008))
    for _ in range(3):
        steps.hand_over(steps.invite(chat, maya), Accepted(steps.new_sid(), "sent"))
    # then
    assert reason_of(sending.send_again(message_id=failed.pk, author=maya)) is not None
    failed.refresh_from_db()
    assert failed.status == Status.FAILED
    # and with room for one, a Retry is one
    ago(chat.messages.order_by("pk")[1], WEEK + timedelta(seconds=1))
    assert reason_of(sending.send_again(message_id=failed.pk, author=maya)) is None


@pytest.mark.requirement("O3", "O14")
def test_a_retry_is_refused_once_it_is_not_needed(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    failed = steps.invite(chat, maya)
    steps.hand_over(failed, Rejected(30008))
    a.consent(chat.company, chat.person.phone, "opted in")
    assert reason_of(sending.send_again(message_id=failed.pk, author=maya)) == Reason.OPTED_IN


@pytest.mark.requirement("O16")
@pytest.mark.parametrize("most", [0, 1, 5])
def test_the_limit_is_a_setting(a: Builders, client: Client, settings: Settings, most: int) -> None:
    settings.INVITATIONS_PER_WEEK = most
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    client.force_login(maya)
    for _ in range(most):
        steps.invite(chat, maya)
    assert reason_of(steps.try_to_invite(chat, maya)) is not None
    assert client.get(chat.record.messages_url()).status_code == 200


@pytest.mark.requirement("I1", "O11")
def test_a_double_click_is_one_invitation(a: Builders, client: Client) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    client.force_login(maya)
    token = sending.draft_of(maya, chat, "sms").token
    for _ in range(2):
        client.post(f"/conversations/{chat.pk}/invite/sms/", {"token": str(token)})
    assert chat.messages.count() == 1
    assert steps.consent_of(chat).events.filter(kind=EventKind.INVITED).count() == 1


NOW = timezone.now()
AGES = st.lists(st.timedeltas(timedelta(0), timedelta(days=20)), max_size=12)


@pytest.mark.requirement("O16")
@given(ages=AGES, most=st.integers(1, 5))
def test_the_next_one_leaves_no_seven_days_with_more_than_the_limit(ages: list[timedelta], most: int) -> None:
    earlier = [NOW - age for age in ages]
    at = next_allowed_at(earlier, most=most, within=WEEK, now=NOW)
    assert at >= NOW
    within = [sent for sent in earlier if at - WEEK < sent]
    assert len(within) < most, "with the next one there are at most so many"
    if at > NOW:
        a_moment_before = at - timedelta(microseconds=1)
        assert len([sent for sent in earlier if a_moment_before - WEEK < sent]) >= most, "and not a moment later"


@pytest.mark.requirement("O3")
@given(company=st.text(max_size=120), about=st.text(max_size=120))
def test_the_text_says_what_may_be_answered(company: str, about: str) -> None:
    text = invitation_text(company=company, about=about)
    assert company in text
    assert about in text
    assert "Reply YES" in text
    assert "STOP" in text
