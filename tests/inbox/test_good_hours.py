"""A text whose turn comes at a bad hour that nobody chose waits for the next good one, and goes out once (V1)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Seat
from candidates import consents
from candidates.consent_rules import EventKind, Source
from inbox import delivery, good_hours, right_time, scheduling, sending, taking_back, worker
from inbox.models import (
    Conversation,
    Message,
    Notice,
    NoticeKind,
    ScheduledMessage,
    ScheduledState,
    SendingPause,
    WaitsFor,
)
from inbox.outcomes import Accepted, AccountProblem, Reason, Refused, Rejected, Scheduled, Sent, TakenBack, TryLater
from inbox.rules import Status
from tests import steps
from tests.any_hour import judging
from tests.builders import Builders

GOOD = datetime(2026, 11, 23, 19, 59, 58, tzinfo=UTC)  # 20:59:58 in Berlin, a Monday
SHUT = datetime(2026, 11, 23, 20, 0, 5, tzinfo=UTC)  # 21:00:05 there
OPENS = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)  # 8:00 there
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
Clock = Callable[[datetime], None]


@pytest.fixture
def it_is(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The hours count, and it is that late."""
    monkeypatch.setattr(right_time, "judged", judging.real)

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(GOOD)
    return set_to


def in_berlin(a: Builders, *, hours_are_wall: bool = True, sms: str = "opted in", **user: Any) -> Conversation:
    maya = a.user(company=a.company(sender_countries=["DE"], hours_are_wall=hours_are_wall), **user)
    return a.conversation(team=[maya], sms=sms, name="Anna Weiß", country="DE")


def write(chat: Conversation, body: str = "Hallo Anna") -> Message:
    return steps.write(chat, chat.record.team.get(), body)


def anew(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def told(chat: Conversation) -> list[str]:
    notices = Notice.objects.filter(user=chat.record.team.get(), conversation=chat).order_by("pk")
    return list(notices.values_list("kind", flat=True))


def texts(chat: Conversation) -> list[str]:
    return list(chat.messages.filter(direction="out").order_by("pk").values_list("body", flat=True))


# --- never tried: it becomes a scheduled message ---


@pytest.mark.requirement("V1", "I1")
def test_a_text_that_was_stored_in_time_and_claimed_too_late_goes_at_eight_and_once(
    a: Builders, client: Client, it_is: Clock
) -> None:
    # given it was stored two seconds before nine
    chat = in_berlin(a)
    message = write(chat)
    # when a worker comes to it five seconds after
    it_is(SHUT)
    assert delivery.claim(message.pk) is None
    # then nothing leaves tonight, whoever asks, and it isn't lost
    assert delivery.claim(message.pk) is None
    scheduling.send_due(chat.pk)
    row = ScheduledMessage.objects.get()
    assert (row.body, row.waits_for, row.due_at) == ("Hallo Anna", WaitsFor.GOOD_HOUR, OPENS)
    assert texts(chat) == []
    assert told(chat) == [NoticeKind.PUT_OFF]
    # and its page says so
    client.force_login(chat.record.team.get())
    page = client.get(chat.record.messages_url()).content.decode()
    assert "waits for a good time.</b> It is 21:00 in Berlin." in page
    assert "Goes out at 8:00 Tue, Berlin time." in page
    assert f'id="edit-{row.pk}"' in page
    assert "waits for a good time" in client.get(reverse("tray")).content.decode()
    # when the hour comes
    it_is(OPENS)
    for _ in range(2):
        scheduling.send_due(chat.pk)
    assert texts(chat) == ["Hallo Anna"]
    attempt = delivery.claim(chat.messages.get(direction="out").pk)
    assert attempt
    assert told(chat) == [NoticeKind.PUT_OFF, NoticeKind.WENT_OUT]


@pytest.mark.requirement("V1")
def test_its_author_edits_or_cancels_it_and_nobody_sends_it_through_the_wall(a: Builders, it_is: Clock) -> None:
    chat = in_berlin(a)
    maya = chat.record.team.get()
    message = write(chat)
    it_is(SHUT)
    delivery.claim(message.pk)
    row = ScheduledMessage.objects.get()
    # then
    refused = scheduling.send_now(scheduled_id=row.pk, by=maya)
    assert isinstance(refused, Refused)
    assert refused.reason == Reason.BAD_HOUR
    edited = scheduling.edit(scheduled_id=row.pk, by=maya, body="Guten Tag", version=row.version)
    assert isinstance(edited, Scheduled)
    assert isinstance(scheduling.cancel(scheduled_id=row.pk, by=maya), Scheduled)
    it_is(OPENS)
    scheduling.send_due(chat.pk)
    assert texts(chat) == []


@pytest.mark.requirement("V1", "I9")
def test_all_that_wait_in_the_conversation_wait_on_in_their_order(a: Builders, it_is: Clock) -> None:
    chat = in_berlin(a)
    messages = [write(chat, words) for words in ("one", "two", "three")]
    it_is(SHUT)
    delivery.claim(messages[0].pk)
    assert list(ScheduledMessage.objects.order_by("pk").values_list("body", flat=True)) == ["one", "two", "three"]
    it_is(OPENS)
    scheduling.send_due(chat.pk)
    assert texts(chat) == ["one", "two", "three"]


@pytest.mark.requirement("V1")
def test_what_is_still_within_its_grace_is_judged_at_its_own_turn(a: Builders, it_is: Clock) -> None:
    chat = in_berlin(a, undo_seconds=5)
    message = write(chat)
    it_is(GOOD + 4 * SECOND)
    assert delivery.claim(message.pk) is None
    assert anew(message).status == Status.QUEUED
    it_is(SHUT)
    delivery.claim(message.pk)
    assert ScheduledMessage.objects.get().due_at == OPENS
    # and who presses Undo too late is told where it is
    late = taking_back.take_back(message_id=message.pk, author=chat.record.team.get())
    assert isinstance(late, Refused)
    assert "waits for a good time" in late.sentence


@pytest.mark.requirement("V1", "Q6")
def test_a_request_that_is_repeated_late_sends_nothing_and_loses_no_other_words(a: Builders, it_is: Clock) -> None:
    chat, token = in_berlin(a), uuid4()
    maya = chat.record.team.get()
    sent = steps.try_to_write(chat, maya, "Hallo Anna", token=token)
    assert isinstance(sent, Sent)
    it_is(SHUT)
    delivery.claim(sent.message.pk)
    # when the browser repeats it
    assert steps.try_to_write(chat, maya, "Hallo Anna", token=token) == sent
    other = steps.try_to_write(chat, maya, "Something else", token=token)
    # then
    assert isinstance(other, Refused)
    assert other.reason == Reason.ALREADY_SENT
    assert ScheduledMessage.objects.count() == 1
    assert texts(chat) == []


@pytest.mark.requirement("V1", "A3")
def test_what_no_longer_may_go_at_eight_is_held_back(a: Builders, it_is: Clock) -> None:
    chat = in_berlin(a)
    message = write(chat)
    it_is(SHUT)
    delivery.claim(message.pk)
    Seat.objects.all().delete()
    it_is(OPENS)
    scheduling.send_due(chat.pk)
    assert ScheduledMessage.objects.get().state == ScheduledState.HELD_BACK
    assert told(chat) == [NoticeKind.PUT_OFF, NoticeKind.HELD_BACK]
    assert texts(chat) == []


@pytest.mark.requirement("V1", "O6")
def test_who_opted_out_has_no_text_wait_for_the_morning(a: Builders, it_is: Clock) -> None:
    chat = in_berlin(a)
    message = write(chat)
    consents.record(steps.consent_of(chat), EventKind.OPTED_OUT, words="Stop", source=Source.MESSAGE, details={})
    it_is(SHUT)
    delivery.claim(message.pk)
    assert anew(message).refusal == Reason.OPTED_OUT
    assert not ScheduledMessage.objects.exists()


@pytest.mark.requirement("V1")
def test_without_a_good_hour_in_three_weeks_it_is_not_sent_and_its_author_is_told(
    a: Builders, client: Client, it_is: Clock
) -> None:
    chat = in_berlin(a)
    message = write(chat)
    never = dict.fromkeys(("weekdays", "saturday", "sunday", "holidays"), "never")
    type(chat.company).objects.filter(pk=chat.company_id).update(own_hours={"DE": never})
    delivery.claim(message.pk)
    assert (anew(message).status, anew(message).refusal) == (Status.CANCELED, Reason.BAD_HOUR)
    assert told(chat) == [NoticeKind.FAILED]
    client.force_login(chat.record.team.get())
    page = client.get(chat.record.messages_url()).content.decode()
    assert f'id="again-{message.pk}"' in page


# --- tried before, or an invitation: the same message waits ---


@pytest.mark.requirement("V1", "I1")
@pytest.mark.parametrize("outcome", [TryLater(), AccountProblem(20003), Rejected(30008)])
def test_what_was_tried_before_stays_the_message_that_it_is(
    a: Builders, client: Client, it_is: Clock, outcome: Any
) -> None:
    # given a text that nobody took, or that failed and for which Maya pressed Retry just in time
    chat = in_berlin(a)
    maya = chat.record.team.get()
    message = write(chat)
    behind = write(chat, "and another thing")
    first = steps.hand_over(message, outcome)
    if isinstance(outcome, Rejected):
        assert isinstance(sending.send_again(message_id=message.pk, author=maya), Sent)
    SendingPause.objects.update(ended_at=GOOD)  # mended
    # when its next turn comes in the night
    it_is(SHUT + timedelta(minutes=2))
    delivery.claim(message.pk)
    # then it waits where it stands, and what was written after it waits too
    waiting = anew(message)
    assert (waiting.status, waiting.refusal, waiting.due_at) == (Status.QUEUED, Reason.BAD_HOUR, OPENS)
    assert ScheduledMessage.objects.get().body == behind.body
    assert NoticeKind.PUT_OFF in told(chat)
    client.force_login(maya)
    page = client.get(chat.record.messages_url()).content.decode()
    assert "It goes out at 8:00 Tue, Berlin time." in page
    # and at eight it goes, once, on a second attempt
    it_is(OPENS + SECOND)
    second = delivery.claim(message.pk)
    assert second
    assert second.pk != first.pk
    delivery.record_outcome(second, Accepted(steps.new_sid(), "sent"))
    assert (anew(message).status, anew(message).refusal) == (Status.SENT, "")
    assert delivery.claim(message.pk) is None


@pytest.mark.requirement("V1", "O3")
def test_an_invitation_waits_as_an_invitation(a: Builders, it_is: Clock) -> None:
    chat = in_berlin(a, sms="first consent")
    message = steps.invite(chat, chat.record.team.get())
    it_is(SHUT)
    delivery.claim(message.pk)
    assert good_hours.waits(anew(message))
    it_is(OPENS)
    assert delivery.claim(message.pk)


@pytest.mark.requirement("V1", "I1")
def test_it_can_be_called_off_and_its_words_come_back(a: Builders, client: Client, it_is: Clock) -> None:
    # given
    maya = a.user(company=a.company(sender_countries=["DE", "DE"], hours_are_wall=True))
    jonas = a.user(company=maya.company, name="Jonas Weber")
    chat, other = (a.conversation(team=[maya, jonas], country="DE") for _ in range(2))
    messages = [steps.write(chat, maya, "one"), steps.write(other, maya)]
    for message in messages:
        steps.hand_over(message, TryLater())
    it_is(SHUT + timedelta(minutes=2))
    for message in messages:
        delivery.claim(message.pk)
    # when
    client.force_login(jonas)
    page = client.get(other.record.messages_url()).content.decode()
    assert "Stop, and tell Maya" in page
    own = good_hours.call_off(message_id=messages[0].pk, by=maya)
    assert client.post(reverse("take-back", args=[messages[1].pk])).status_code == 302
    # then
    assert own == TakenBack("sms", "one")
    assert sending.draft_of(maya, chat, "sms").body == "one"
    assert [anew(each).refusal for each in messages] == [Reason.TAKEN_BACK, Reason.STOPPED]
    assert not Conversation.objects.filter(has_problem=True).exists(), "nobody has to look at it"
    assert Notice.objects.filter(user=maya, message=messages[1], kind=NoticeKind.FAILED).exists()
    it_is(OPENS)
    assert [delivery.claim(each.pk) for each in messages] == [None, None]
    # and who isn't on the team learns nothing
    client.force_login(a.user(company=maya.company, name="Sam Stranger"))
    assert client.post(reverse("take-back", args=[messages[0].pk])).status_code == 404


# --- where the company only advises ---


@pytest.mark.requirement("V1")
@pytest.mark.parametrize(
    ("delay", "leaves"), [(timedelta(minutes=5), True), (HOUR, True), (HOUR + SECOND, False), (5 * HOUR, False)]
)
def test_advice_lets_go_what_somebody_chose_to_send_and_keeps_what_came_late(
    a: Builders, it_is: Clock, delay: timedelta, leaves: bool
) -> None:
    """Held up for more than an hour, by a pause of the account say: nobody chose that hour."""
    chat = in_berlin(a, hours_are_wall=False)
    message = write(chat)
    it_is(GOOD + delay)
    assert (delivery.claim(message.pk) is not None) is leaves
    assert ScheduledMessage.objects.exists() is not leaves
    if not leaves:  # she may want it now all the same
        row = ScheduledMessage.objects.get()
        sent = scheduling.send_now(scheduled_id=row.pk, by=chat.record.team.get())
        assert isinstance(sent, Sent)
        assert delivery.claim(sent.message.pk)


@pytest.mark.requirement("V1")
def test_what_somebody_writes_in_the_night_leaves_though_an_older_one_waits(
    a: Builders, monkeypatch: pytest.MonkeyPatch, it_is: Clock
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(worker, "ask_for_delivery", asked.append)
    chat = in_berlin(a, hours_are_wall=False)
    old = write(chat)
    it_is(GOOD + 2 * HOUR)
    new = write(chat, "It can't wait")
    asked.clear()
    assert delivery.claim(old.pk) is None
    assert asked == [new.pk]
    assert delivery.claim(new.pk)


@pytest.mark.requirement("V1")
def test_a_time_that_passed_while_nobody_worked_was_not_this_one(a: Builders, it_is: Clock) -> None:
    """A text for 20:59 that the sweeper finds at midnight."""
    chat = in_berlin(a, hours_are_wall=False)
    kept = scheduling.schedule(
        conversation_id=chat.pk,
        author=chat.record.team.get(),
        channel_key="sms",
        body="Hallo",
        client_token=uuid4(),
        when=GOOD + SECOND,
    )
    assert isinstance(kept, Scheduled)
    it_is(GOOD + 3 * HOUR)
    scheduling.send_due(chat.pk)
    kept.row.refresh_from_db()
    assert (kept.row.state, kept.row.due_at) == (ScheduledState.WAITING, OPENS)


@pytest.mark.requirement("V1")
def test_an_email_and_an_unknown_place_are_never_kept(a: Builders, it_is: Clock) -> None:
    maya = a.user(company=a.company(hours_are_wall=True))
    nowhere = a.conversation(team=[maya], phone="+1 800 555 1234")
    text = steps.write(nowhere, maya)
    email = steps.try_to_write(in_berlin(a), maya, channel="email")
    assert isinstance(email, Refused)  # another company's
    mail = steps.try_to_write(nowhere, maya, channel="email")
    assert isinstance(mail, Sent)
    it_is(SHUT)
    assert [bool(delivery.claim(each.pk)) for each in (text, mail.message)] == [True, True]


# --- its price, and its death ---


def test_a_claim_asks_no_more_for_the_hour(a: Builders, monkeypatch: pytest.MonkeyPatch, it_is: Clock) -> None:
    def statements(chat: Conversation) -> int:
        message = write(chat)
        with CaptureQueriesContext(connection) as context:
            assert delivery.claim(message.pk)
        return len(context)

    chats = [in_berlin(a), in_berlin(a, hours_are_wall=False)]
    with monkeypatch.context() as without:
        without.setattr(good_hours, "refusal", lambda *_, **__: None)
        before = statements(in_berlin(a))
    assert [statements(chat) for chat in chats] == [before, before]


class Killed(BaseException):
    """The worker dies: nothing runs any more but what PostgreSQL does with an open transaction."""


@pytest.mark.requirement("V1", "I1")
@pytest.mark.parametrize("place", ["_let_wait", "_become_scheduled"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_at_any_step_leaves_it_to_the_next_one(
    a: Builders, monkeypatch: pytest.MonkeyPatch, it_is: Clock, place: str, moment: str
) -> None:
    chat = in_berlin(a)
    messages = [write(chat, words) for words in ("one", "two")]
    real = getattr(good_hours, place)

    def dies(*args: object, **kwargs: object) -> None:
        if moment == "after":
            real(*args, **kwargs)
        raise Killed

    it_is(SHUT)
    with monkeypatch.context() as mortal:
        mortal.setattr(good_hours, place, dies)
        with pytest.raises(Killed):
            delivery.claim(messages[0].pk)
    assert texts(chat) == ["one", "two"]
    assert not ScheduledMessage.objects.exists()
    delivery.claim(messages[0].pk)
    it_is(OPENS)
    scheduling.send_due(chat.pk)
    assert texts(chat) == ["one", "two"]
