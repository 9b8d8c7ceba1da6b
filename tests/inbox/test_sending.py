"""Sending: who may, what may, and that a text is stored once (A3, F4, F6, Q3, Q5, Q8)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Seat, User
from candidates.contact import change_contact
from inbox import sending
from inbox.models import ComposerDraft, Conversation, Message
from inbox.outcomes import Reason, Refused, Rejected, Sent
from inbox.rules import LONGEST_PAUSE, Status, length, normalised, pause_before_retry
from tests import steps
from tests.builders import Builders, new_number


def refusal(outcome: Sent | Refused) -> Reason:
    assert isinstance(outcome, Refused)
    return outcome.reason


def texts(chat: Conversation) -> list[str]:
    return list(chat.messages.order_by("pk").values_list("body", flat=True))


# --- who may ---


@pytest.mark.requirement("A3", "F6")
def test_a_reader_without_a_seat_sends_nothing(a: Builders) -> None:
    # given Jonas is on the team, without a seat
    company = a.company()
    maya, jonas = a.user(company=company), a.user(company=company, seat=False, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas], sms="opted in")
    invited = a.conversation(team=[maya, jonas], sms="first consent")
    failed = steps.refused_attempt(chat, maya, code=30008).message
    Message.objects.filter(pk=failed.pk).update(status=Status.FAILED)
    # then no action is his
    assert refusal(steps.try_to_write(chat, jonas)) == Reason.NO_SEAT
    assert refusal(steps.try_to_invite(invited, jonas)) == Reason.NO_SEAT
    assert refusal(sending.send_again(message_id=failed.pk, author=jonas)) == Reason.NO_SEAT
    assert Message.objects.filter(author=jonas).count() == 0
    # and with one, they are, at once (S3)
    Seat.objects.create(company=company, user=jonas)
    assert steps.write(chat, jonas)


@pytest.mark.requirement("A3", "A4")
def test_who_is_not_on_the_team_sends_nothing(a: Builders) -> None:
    company = a.company()
    maya = a.user(company=company)
    chat = a.conversation(team=[maya], sms="opted in")
    colleague = a.user(company=company, is_company_admin=True, name="Dana Ortiz")
    stranger = a.user(name="Sam Stranger")
    gone = a.user(company=company, is_active=False)
    chat.record.job.team.add(gone, stranger)  # type: ignore[attr-defined]
    for user in (colleague, stranger, gone):
        assert refusal(steps.try_to_write(chat, user)) == Reason.NOT_ON_TEAM
        assert refusal(steps.try_to_invite(chat, user)) == Reason.NOT_ON_TEAM
    assert texts(chat) == []


@pytest.mark.requirement("A3", "Q2")
def test_a_crafted_request_sends_nothing_and_keeps_the_words(a: Builders, client: Client) -> None:
    jonas = a.user(seat=False, name="Jonas Weber")
    chat = a.conversation(team=[jonas], sms="opted in")
    client.force_login(jonas)
    answer = client.post(f"/conversations/{chat.pk}/send/sms/", {"body": "My crafted words", "token": str(uuid4())})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "You can read, but not send" in page
    assert "My crafted words" in page
    assert texts(chat) == []


# --- where: channels and subscriptions ---


@pytest.mark.requirement("F4", "Q3", "Q5")
@pytest.mark.parametrize(
    ("switches", "channel"),
    [
        ({"has_smartmessage": False}, "sms"),
        ({"texts_by_sms": False}, "sms"),
        ({"texts_by_sms": False, "texts_by_whatsapp": True}, "sms"),
        ({}, "whatsapp"),
        ({}, "pigeon"),
        ({}, ""),
    ],
)
def test_a_channel_that_the_company_does_not_have_sends_nothing(
    a: Builders, switches: dict[str, Any], channel: str
) -> None:
    maya = a.user(company=a.company(**switches))
    chat = a.conversation(team=[maya], sms="opted in")
    assert refusal(steps.try_to_write(chat, maya, channel=channel)) == Reason.NO_SUBSCRIPTION
    assert texts(chat) == []


@pytest.mark.requirement("F4", "Q3")
@pytest.mark.parametrize("switches", [{"has_smartmessage": False}, {"texts_by_sms": False, "texts_by_whatsapp": True}])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "fragment"])
def test_a_page_that_is_open_while_texting_is_switched_off_says_so(
    a: Builders, client: Client, switches: dict[str, bool], headers: dict[str, str]
) -> None:
    # given Maya has typed
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    client.force_login(maya)
    type(chat.company).objects.filter(pk=chat.company_id).update(**switches)
    # when
    sent = client.post(f"/conversations/{chat.pk}/send/sms/", {"body": "My words"}, headers=headers)
    looked = client.get(f"/conversations/{chat.pk}/since/sms/?version=0", headers=headers)
    # then it is no fault of ours, and without a page that keeps her words by itself, ours does
    assert (sent.status_code, looked.status_code) == (422, 200)
    assert "doesn&#x27;t text on this channel" in sent.content.decode()
    if not headers:
        assert "My words" in sent.content.decode()
    assert texts(chat) == []


@pytest.mark.requirement("F1", "F2", "Q1", "Q3")
@pytest.mark.parametrize("has_crm", [True, False])
def test_prospects_are_texted_by_subscribers_of_smartcrm_only(a: Builders, client: Client, has_crm: bool) -> None:
    company = a.company(has_smartcrm=has_crm)
    maya = a.user(company=company)
    person = a.person(company)
    a.consent(company, person.phone, "opted in")
    prospect = a.prospect(person, [maya])
    chat = Conversation.objects.create(company=company, prospect=prospect)
    client.force_login(maya)
    pages = [prospect.get_absolute_url(), prospect.emails_url(), prospect.messages_url(), prospect.contact_url()]
    assert {client.get(page).status_code for page in pages} == {200 if has_crm else 404}
    assert isinstance(steps.try_to_write(chat, maya), Sent) == has_crm


@pytest.mark.requirement("Q1")
def test_two_records_are_two_conversations(a: Builders, client: Client) -> None:
    company = a.company(sender_countries=["US", "US", "US"], has_smartcrm=True)
    maya = a.user(company=company)
    anna = a.person(company)
    records = [a.application(anna, [maya]), a.application(anna, [maya], title="Pilot"), a.prospect(anna, [maya])]
    client.force_login(maya)
    for _look in range(2):
        for record in records:
            assert client.get(record.messages_url()).status_code == 200
    assert Conversation.objects.of_people([anna]).count() == 3


# --- what may ---


@pytest.mark.requirement("F6", "O1", "O3")
@pytest.mark.parametrize(
    ("sms", "reason"),
    [
        ("nothing", Reason.NO_CONSENT),
        ("first consent", Reason.NEVER_INVITED),
        ("invited", Reason.INVITED),
        ("opted out", Reason.OPTED_OUT),
    ],
)
def test_locked_is_locked_on_the_server(a: Builders, sms: str, reason: Reason) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms=sms)
    assert refusal(steps.try_to_write(chat, maya)) == reason
    assert texts(chat) == []


@pytest.mark.requirement("P1", "F6")
@pytest.mark.parametrize(("typed", "reason"), [("", Reason.NO_NUMBER), ("0171 CALL ME", Reason.BAD_NUMBER)])
def test_without_a_number_there_is_nothing_to_send_to(a: Builders, typed: str, reason: Reason) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], phone=typed, sms="nothing")
    assert refusal(steps.try_to_write(chat, maya)) == reason
    assert refusal(steps.try_to_invite(chat, maya)) == reason


@pytest.mark.requirement("Q8")
@pytest.mark.parametrize(
    "body", ["x" * 1600, "😀" * 800, "a" + "😀" * 799 + "b", "é" * 1600, "\r\n" * 10 + "x" * 1590, "x" * 1599 + "\n"]
)
def test_1600_characters_go(a: Builders, body: str) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya, body)
    message.refresh_from_db()
    assert length(message.body) == 1600
    assert message.body == body.replace("\r\n", "\n")


@pytest.mark.requirement("Q8")
@pytest.mark.parametrize(
    ("body", "extra"),
    [
        ("x" * 1601, "1 character"),
        ("😀" * 801, "2 characters"),
        ("😀" * 800 + "x", "1 character"),
        ("x\n" * 900, "200 characters"),
    ],
)
def test_more_are_refused_and_it_says_to_split(a: Builders, body: str, extra: str) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    outcome = steps.try_to_write(chat, maya, body)
    assert refusal(outcome) == Reason.TOO_LONG
    assert isinstance(outcome, Refused)
    assert outcome.sentence.startswith(extra + " too many.")
    assert "split it into two texts" in outcome.sentence
    assert texts(chat) == []


@pytest.mark.requirement("Q8")
def test_what_would_be_ten_texts_is_no_text_at_all(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    outcome = steps.try_to_write(chat, maya, "x" * (1600 * 9 + 1))
    assert isinstance(outcome, Refused)
    assert outcome.sentence == "This would be more than 9 texts. Shorten it, or write an email."
    assert texts(chat) == []


@pytest.mark.requirement("Q8")
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "fragment"])
def test_a_text_that_is_too_long_is_not_lost(a: Builders, client: Client, headers: dict[str, str]) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    client.force_login(maya)
    answer = client.post(f"/conversations/{chat.pk}/send/sms/", {"body": "word " * 400}, headers=headers)
    assert answer.status_code == 422
    assert "split it into two texts" in answer.content.decode()
    if not headers:
        assert "word word word" in answer.content.decode()


@pytest.mark.parametrize("body", ["", " ", "\n\t \r\n", "\u3000"])
def test_an_empty_text_is_refused(a: Builders, body: str) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    assert refusal(steps.try_to_write(chat, maya, body)) == Reason.EMPTY


@pytest.mark.parametrize("body", ["a\x00b", "\x00", "a\ud83d", "\udc00b", "\udfff\ud800"])
def test_what_no_phone_can_show_is_refused(a: Builders, body: str) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    assert refusal(steps.try_to_write(chat, maya, body)) == Reason.UNREADABLE


@pytest.mark.requirement("Q8")
@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.characters(), max_size=30) | st.text(st.sampled_from("x😀\r\n"), min_size=780, max_size=1700))
def test_whatever_is_typed_is_stored_to_the_letter_or_refused(a: Builders, body: str) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    outcome = steps.try_to_write(chat, maya, body)
    units = len(normalised(body).encode("utf-16-le", "surrogatepass")) // 2
    if isinstance(outcome, Sent):
        stored = Message.objects.get(pk=outcome.message.pk).body
        assert stored == body.replace("\r\n", "\n").replace("\r", "\n")
        assert units <= 1600
    else:
        is_readable = "\x00" not in body and not any("\ud800" <= c <= "\udfff" for c in body)
        assert outcome.reason == (
            Reason.EMPTY if not body.strip() else Reason.TOO_LONG if is_readable else Reason.UNREADABLE
        )
        assert texts(chat) == []


# --- once ---


@pytest.mark.requirement("I1")
def test_the_same_click_twice_is_one_text(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    token = uuid4()
    first, second = (steps.try_to_write(chat, maya, "Hello\r\nAnna", token=token) for _ in range(2))
    third = steps.try_to_write(chat, maya, "Hello\nAnna", token=token)
    assert isinstance(first, Sent)
    assert first == second == third
    assert texts(chat) == ["Hello\nAnna"]


@pytest.mark.requirement("I1")
def test_other_words_from_a_used_draft_are_refused_and_kept(a: Builders, client: Client) -> None:
    # given two tabs with the same draft
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    client.force_login(maya)
    form = {"token": str(uuid4())}
    url = f"/conversations/{chat.pk}/send/sms/"
    # when each sends words of its own
    first = client.post(url, {**form, "body": "From the first tab"})
    second = client.post(url, {**form, "body": "From the second tab"})
    # then
    assert (first.status_code, second.status_code) == (302, 422)
    assert "Another text was just sent from this draft" in second.content.decode()
    assert "From the second tab" in second.content.decode()
    assert texts(chat) == ["From the first tab"]


@pytest.mark.requirement("I1")
def test_the_token_is_the_users_own(a: Builders) -> None:
    company = a.company()
    maya, dana = a.user(company=company), a.user(company=company, name="Dana Ortiz")
    chat = a.conversation(team=[maya, dana], sms="opted in")
    token = uuid4()
    assert steps.try_to_write(chat, maya, "Hi", token=token) != steps.try_to_write(chat, dana, "Hi", token=token)
    assert texts(chat) == ["Hi", "Hi"]


@pytest.mark.requirement("I1")
def test_a_repeat_after_the_lock_fell_finds_its_text(a: Builders) -> None:
    """The answer to the first request was lost, and meanwhile the number was changed."""
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    token = uuid4()
    first = steps.try_to_write(chat, maya, "Hi", token=token)
    change_contact(chat.person, phone_typed=new_number(), email="")
    assert steps.try_to_write(chat, maya, "Hi", token=token) == first


def test_each_text_starts_a_draft_of_its_own(a: Builders) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    used = sending.draft_of(maya, chat, "sms").token
    assert sending.keep_draft(maya, chat, "sms", body="Hel\x00lo", client_token=used)
    assert sending.draft_of(maya, chat, "sms").body == "Hello"
    # when
    steps.try_to_write(chat, maya, "Hello", token=used)
    # then
    fresh = ComposerDraft.objects.get(user=maya)
    assert (fresh.body, fresh.token == used) == ("", False)
    # and a late call that keeps what was typed before changes nothing, and says so
    assert not sending.keep_draft(maya, chat, "sms", body="Hello", client_token=used)
    assert sending.draft_of(maya, chat, "sms").body == ""


@pytest.mark.requirement("Q6")
def test_pages_that_were_opened_before_the_first_word_send_one_text(a: Builders) -> None:
    # given two tabs, opened while nothing was typed yet: to look stores nothing
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    one, other = sending.draft_of(maya, chat, "sms").token, sending.draft_of(maya, chat, "sms").token
    assert not ComposerDraft.objects.exists()
    # when both send the same words, then it is one text
    assert steps.try_to_write(chat, maya, "Hello", token=one) == steps.try_to_write(chat, maya, "Hello", token=other)
    # and what a third one keeps too late, from before the text went out, is no draft of the next
    assert not sending.keep_draft(maya, chat, "sms", body="Hello", client_token=one)
    assert sending.draft_of(maya, chat, "sms").body == ""


def test_words_that_two_pages_keep_at_first_are_one_draft(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    token = sending.draft_of(maya, chat, "sms").token
    sending.keep_draft(maya, chat, "sms", body="Hel", client_token=token)
    sending.keep_draft(maya, chat, "sms", body="Hello", client_token=token)
    assert [(draft.body, draft.token) for draft in ComposerDraft.objects.all()] == [("Hello", token)]


def test_an_invitation_before_the_first_word_takes_the_token_with_it(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    token = sending.draft_of(maya, chat, "sms").token
    sending.send_invitation(conversation_id=chat.pk, author=maya, channel_key="sms", client_token=token)
    assert sending.draft_of(maya, chat, "sms").token != token


def test_a_request_without_a_token_is_a_text_of_its_own(a: Builders, client: Client) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    client.force_login(maya)
    for token in ({}, {"token": ""}, {"token": "x"}, {"token": "\x00"}):
        client.post(f"/conversations/{chat.pk}/send/sms/", {"body": "Hi", **token})
    assert texts(chat) == ["Hi"] * 4


# --- again ---


def failed_text(chat: Conversation, author: User, code: int | None) -> Message:
    message = steps.write(chat, author)
    steps.hand_over(message, Rejected(code))
    return message


@pytest.mark.requirement("I1")
@pytest.mark.parametrize(("code", "may"), [(30008, True), (None, True), (21611, True), (21614, False), (21610, False)])
def test_a_failed_text_is_tried_again_by_a_click_where_that_can_help(a: Builders, code: int | None, may: bool) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = failed_text(chat, maya, code)
    outcome = sending.send_again(message_id=message.pk, author=maya)
    assert isinstance(outcome, Sent) == may
    message.refresh_from_db()
    assert message.status == (Status.QUEUED if may else Status.FAILED)
    if may:  # a second click does nothing more
        assert refusal(sending.send_again(message_id=message.pk, author=maya)) == Reason.NOT_RETRYABLE
        steps.claim(message)
        assert message.attempts.count() == 2


@pytest.mark.requirement("F6", "O6")
def test_a_failed_text_is_not_tried_again_once_the_window_is_locked(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = failed_text(chat, maya, 30008)
    a.consent(chat.company, chat.person.phone, "opted out")
    assert refusal(sending.send_again(message_id=message.pk, author=maya)) == Reason.OPTED_OUT


def test_what_is_under_way_or_came_in_is_not_sent_again(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya)
    assert refusal(sending.send_again(message_id=message.pk, author=maya)) == Reason.NOT_RETRYABLE
    Message.objects.filter(pk=message.pk).update(direction="in")
    assert refusal(sending.send_again(message_id=message.pk, author=maya)) == Reason.NOT_ON_TEAM


# --- the pause before another try ---


def test_the_pause_grows_and_has_an_end() -> None:
    assert [pause_before_retry(tries).total_seconds() for tries in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]


@given(tries=st.integers(-10, 10**9))
def test_the_pause_is_between_a_second_and_a_minute(tries: int) -> None:
    assert timedelta(seconds=1) <= pause_before_retry(tries) <= LONGEST_PAUSE == timedelta(minutes=1)
    assert pause_before_retry(tries) <= pause_before_retry(tries + 1)
