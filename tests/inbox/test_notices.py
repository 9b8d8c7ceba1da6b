"""Who is told, of what, and where it is read (N1, N2, O5); and what a live signal carries: ids alone."""

import json

import pytest
import redis
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import work
from accounts.models import User
from candidates.contact import change_contact
from inbox import delivery, live, notices, sending
from inbox.models import Conversation, Notice, NoticeKind
from inbox.notices import Member, recipients
from inbox.outcomes import Accepted, Rejected, Sent
from tests import steps
from tests.builders import Builders, new_number
from tests.conftest import Twilio


def told(chat: Conversation) -> list[tuple[str, str]]:
    """Who was told what, in order."""
    rows = Notice.objects.filter(conversation=chat).order_by("pk").values_list("user__name", "kind")
    return [(name, kind) for name, kind in rows]


@pytest.fixture
def chat(a: Builders) -> Conversation:
    """Of a team of four: Maya and Dana hold seats, Jonas reads, Gus has left the company."""
    company = a.company()
    team = [
        a.user(company=company, name="Maya"),
        a.user(company=company, name="Dana"),
        a.user(company=company, name="Jonas", seat=False),
        a.user(company=company, name="Gus", is_active=False),
    ]
    a.user(company=company, name="Carl")  # holds a seat, and isn't on the team
    return a.conversation(team=team, sms="opted in")


def member(chat: Conversation, name: str) -> User:
    return User.objects.get(company=chat.company_id, name=name)


@pytest.mark.requirement("N1")
def test_with_nobody_in_it_yet_the_seat_holders_of_the_team_are_told(chat: Conversation, twilio: Twilio) -> None:
    steps.says(twilio, chat, "Hello?")
    assert sorted(told(chat)) == [("Dana", NoticeKind.REPLY), ("Maya", NoticeKind.REPLY)]


@pytest.mark.requirement("N1")
def test_who_took_part_is_told_and_no_one_else(chat: Conversation, twilio: Twilio) -> None:
    steps.write(chat, member(chat, "Dana"))
    steps.says(twilio, chat, "Hello")
    assert told(chat) == [("Dana", NoticeKind.REPLY)]


@pytest.mark.requirement("N1", "O3", "O5")
def test_an_invitation_is_taking_part(a: Builders, twilio: Twilio) -> None:
    company = a.company()
    maya, dana = a.user(company=company), a.user(company=company, name="Dana")
    chat = a.conversation(team=[maya, dana], sms="first consent")
    steps.invite(chat, maya)
    steps.says(twilio, chat, "Yes")
    assert told(chat) == [("Maya Chen", NoticeKind.OPTED_IN)], "the Yes is one alert, not two"


@pytest.mark.requirement("N1")
def test_who_took_part_and_gave_the_seat_back_is_told_and_who_left_the_team_is_not(
    chat: Conversation, twilio: Twilio
) -> None:
    maya, dana = member(chat, "Maya"), member(chat, "Dana")
    steps.write(chat, maya)
    steps.write(chat, dana)
    dana.seat.delete()
    chat.record.job.team.remove(maya)  # type: ignore[attr-defined]
    steps.says(twilio, chat, "Hello")
    assert told(chat) == [("Dana", NoticeKind.REPLY)]


@pytest.mark.requirement("N1", "O5", "O6", "O7")
def test_a_stop_and_a_start_are_told_once_to_whom_they_concern(a: Builders, twilio: Twilio) -> None:
    # given two records of one phone; Maya took part in both, Dana in the second
    company = a.company(sender_countries=["US", "US"])
    maya, dana = a.user(company=company, name="Maya"), a.user(company=company, name="Dana")
    anna = a.person(company)
    first, second = (a.conversation(team=[maya, dana], person=anna) for _ in range(2))
    for author, where in ((maya, first), (maya, second), (dana, second)):
        steps.write(where, author)
    # when
    steps.says(twilio, first, "Stop")
    # then Maya hears of it where it was said, Dana where she writes
    assert told(first) == [("Maya", NoticeKind.OPTED_OUT)]
    assert told(second) == [("Dana", NoticeKind.OPTED_OUT)]
    # and when it is said again, nobody does
    steps.says(twilio, first, "Stop")
    assert Notice.objects.filter(kind=NoticeKind.OPTED_OUT).count() == 2


@pytest.mark.requirement("N1")
def test_a_failed_delivery_is_told_once_however_often_it_is_reported(chat: Conversation) -> None:
    maya = member(chat, "Maya")
    attempt = steps.hand_over(steps.write(chat, maya), Accepted(steps.new_sid(), "sent"))
    for _ in range(3):
        delivery.report_status(attempt_uuid=attempt.uuid, provider_id="", word="undelivered", error_code=30003)
    assert told(chat) == [("Maya", NoticeKind.FAILED)]


@pytest.mark.requirement("N1")
def test_a_failure_after_a_retry_is_news_again(chat: Conversation) -> None:
    # given Maya has seen that it failed, and tried again
    maya = member(chat, "Maya")
    message = steps.write(chat, maya)
    steps.hand_over(message, Rejected(30008))
    notices.mark_all_read(maya)
    assert isinstance(sending.send_again(message_id=message.pk, author=maya), Sent)
    # when it fails again
    steps.hand_over(message, Rejected(30008))
    # then
    assert Notice.objects.visible_to(maya).unread().count() == 1


@pytest.mark.requirement("N1")
def test_sending_canceling_and_a_changed_number_are_no_alerts(chat: Conversation) -> None:
    maya = member(chat, "Maya")
    message = steps.write(chat, maya)
    change_contact(chat.person, phone_typed=new_number(), email="")
    assert delivery.claim(message.pk) is None
    assert told(chat) == []


MEMBERS = st.lists(st.builds(Member, user_id=st.integers(1, 99), took_part=st.booleans(), has_seat=st.booleans()))


@pytest.mark.requirement("N1")
@given(team=MEMBERS)
def test_those_who_took_part_else_the_seat_holders(team: list[Member]) -> None:
    found = recipients(iter(team))
    if any(each.took_part for each in team):
        assert found == [each.user_id for each in team if each.took_part]
    else:
        assert found == [each.user_id for each in team if each.has_seat]


# --- read ---


@pytest.mark.requirement("N2", "O5")
def test_opening_the_conversation_reads_its_notices_and_no_others(a: Builders, client: Client, twilio: Twilio) -> None:
    # given two conversations with news, of which Dana is told too
    company = a.company()
    maya, dana = a.user(company=company), a.user(company=company, name="Dana")
    here, there = (a.conversation(team=[maya, dana]) for _ in range(2))
    for each in (here, there):
        steps.says(twilio, each, "Hello")
    client.force_login(maya)
    assert unread(maya) == unread(dana) == 2
    # when
    client.get(here.record.messages_url())
    # then
    assert (unread(maya), unread(dana)) == (1, 2)
    assert client.post(reverse("seen", args=[there.pk])).status_code == 204
    assert (unread(maya), unread(dana)) == (0, 2)


def unread(user: User) -> int:
    return Notice.objects.visible_to(user).unread().count()


@pytest.mark.requirement("N1", "A4")
def test_who_left_the_team_has_its_notices_no_more(chat: Conversation, client: Client, twilio: Twilio) -> None:
    maya = member(chat, "Maya")
    steps.says(twilio, chat, "My salary is 93000")
    client.force_login(maya)
    assert "93000" in client.get(reverse("tray")).content.decode()
    chat.record.job.team.remove(maya)  # type: ignore[attr-defined]
    assert "93000" not in client.get(reverse("tray")).content.decode()
    assert unread(maya) == 0


@pytest.mark.requirement("O5")
def test_the_tray_leads_back_to_the_record_which_shows_invitation_and_yes(
    a: Builders, client: Client, twilio: Twilio
) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    steps.invite(chat, maya)
    steps.says(twilio, chat, "Yes!")
    client.force_login(maya)
    # when
    tray = client.get(reverse("tray")).content.decode()
    # then
    assert "<b>Anna Bauer opted in to SMS</b> by replying <q>Yes!</q>" in tray
    link = f"{chat.record.messages_url()}?channel=sms"
    assert f'href="{link}"' in tray
    page = client.get(link).content.decode()
    assert "would like to text you about Field Engineer" in page
    assert "opted in to SMS</b> by replying “Yes!”" in page
    assert 'name="body"' in page, "and she texts freely"


@pytest.mark.requirement("N1")
def test_the_tray_tells_each_kind_in_words_and_escapes_them(chat: Conversation, client: Client, twilio: Twilio) -> None:
    maya = member(chat, "Maya")
    attempt = steps.hand_over(steps.write(chat, maya), Accepted(steps.new_sid(), "sent"))
    client.force_login(maya)

    def tray_after(text: str) -> str:
        if text:
            steps.says(twilio, chat, text)
        else:
            delivery.report_status(attempt_uuid=attempt.uuid, provider_id="", word="undelivered", error_code=30003)
        return client.get(reverse("tray")).content.decode()

    escaped = "replied <q>&lt;script&gt;alert(1)&lt;/script&gt;</q>"
    for text, words in (
        ("<script>alert(1)</script>", escaped),
        ("Stop", "opted out of SMS</b> with <q>Stop</q>"),
        ("Start", "opted in to SMS</b> by replying <q>Start</q>"),
        ("", "SMS to Anna Bauer was not delivered</b>. The phone is off or out of reach."),
    ):
        tray = tray_after(text)
        assert words in tray
        assert "<script>alert" not in tray
    assert 'data-unread-notices="1"' in tray, "conversations are counted"
    client.post(reverse("tray-read"))
    assert 'data-unread-notices="0"' in client.get(reverse("tray")).content.decode()


def test_marking_the_tray_read_leads_to_a_page_of_ours(chat: Conversation, client: Client) -> None:
    client.force_login(member(chat, "Maya"))
    for back in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""):
        answer = client.post(reverse("tray-read"), {"back": back})
        assert answer.status_code == 302
        assert answer["Location"] in {"/", "/tray/"}


def test_a_fragment_and_a_page_of_the_tray_are_kept_apart(chat: Conversation, client: Client) -> None:
    client.force_login(member(chat, "Maya"))
    page, fragment = (client.get(reverse("tray"), headers=headers) for headers in ({}, {"HX-Request": "true"}))
    assert "HX-Request" in page["Vary"]
    assert "HX-Request" in fragment["Vary"]
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()


# --- live ---


class Wire:
    """What goes out to Redis."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.published: list[tuple[str, dict[str, object]]] = []
        self.is_away = False
        monkeypatch.setattr(live, "_redis", lambda: self)
        monkeypatch.setattr(work, "_ask", lambda _task, _pk: None)

    def publish(self, channel: str, payload: str) -> None:
        if self.is_away:
            raise redis.ConnectionError
        self.published.append((channel, json.loads(payload)))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    return Wire(monkeypatch)


@pytest.mark.requirement("A4", "N2")
def test_a_live_signal_carries_ids_alone(
    chat: Conversation,
    twilio: Twilio,
    wire: Wire,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    # given
    maya, dana, jonas = (member(chat, name) for name in ("Maya", "Dana", "Jonas"))
    steps.write(chat, maya)
    # when
    with django_capture_on_commit_callbacks(execute=True):
        steps.says(twilio, chat, "My salary is 93000")
    # then the team's pages are to look, and Maya's tray
    chat.refresh_from_db()
    [(channel, event)] = wire.published
    assert channel == live.REDIS_CHANNEL
    users = event.pop("users")
    assert sorted(users) == sorted([maya.pk, dana.pk, jonas.pk])  # type: ignore[call-overload]
    assert event == {"conversation": chat.pk, "version": chat.version, "noticed": [maya.pk]}


@pytest.mark.requirement("A4")
def test_nothing_is_told_before_the_commit(chat: Conversation, wire: Wire) -> None:
    steps.write(chat, member(chat, "Maya"))
    assert wire.published == []


@pytest.mark.requirement("N2")
def test_every_change_of_a_page_is_signalled_with_a_higher_version(
    chat: Conversation,
    twilio: Twilio,
    wire: Wire,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    maya = member(chat, "Maya")
    with django_capture_on_commit_callbacks(execute=True):
        attempt = steps.hand_over(steps.write(chat, maya), Accepted(steps.new_sid(), "queued"))
        delivery.report_status(attempt_uuid=attempt.uuid, provider_id="", word="sent", error_code=None)
        delivery.report_status(attempt_uuid=attempt.uuid, provider_id="", word="delivered", error_code=None)
        steps.says(twilio, chat, "Stop")
        change_contact(chat.person, phone_typed=new_number(), email="")
    versions = [int(str(event["version"])) for _channel, event in wire.published]
    assert versions == sorted(set(versions)), "each is higher than the last"
    assert len(versions) >= 6


def test_a_tray_that_was_read_in_one_page_is_read_in_all(
    chat: Conversation,
    twilio: Twilio,
    wire: Wire,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    steps.says(twilio, chat, "Hello")
    maya = member(chat, "Maya")
    with django_capture_on_commit_callbacks(execute=True):
        notices.mark_all_read(maya)
        notices.mark_all_read(maya)
    expected = {"conversation": None, "version": 0, "users": [], "noticed": [maya.pk]}
    assert [event for _channel, event in wire.published] == [expected]


@pytest.mark.requirement("I3")
def test_without_redis_nothing_is_lost_but_the_signal(
    chat: Conversation,
    twilio: Twilio,
    wire: Wire,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wire.is_away = True
    with django_capture_on_commit_callbacks(execute=True):
        assert steps.says(twilio, chat, "My salary is 93000") == 200
    assert chat.messages.get().body == "My salary is 93000"
    assert "live signal lost" in caplog.text
    assert "93000" not in caplog.text
