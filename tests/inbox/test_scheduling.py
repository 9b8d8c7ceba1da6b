"""Write now, it leaves when it may: at a time, with an answer, at a good hour; once, or not at all and says why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Seat, User
from candidates import consents
from candidates.consent_rules import EventKind, Source
from inbox import delivery, listing, notices, right_time, scheduling, sending, worker
from inbox.listing import Choice, View
from inbox.models import (
    ComposerDraft,
    Conversation,
    Message,
    Notice,
    NoticeKind,
    ScheduledMessage,
    ScheduledState,
    WaitsFor,
)
from inbox.outcomes import Reason, Refused, Scheduled, Sent
from inbox.rules import Status
from tests import steps
from tests.any_hour import judging
from tests.builders import Builders
from tests.channels_whatsapp import steps as whatsapp
from tests.conftest import Twilio

HOUR = timedelta(hours=1)


@pytest.fixture
def maya(a: Builders) -> User:
    return a.user()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The conversations that workers were asked to look at."""
    found: list[int] = []
    monkeypatch.setattr(worker, "ask_for_scheduled", found.append)
    return found


def try_to_schedule(
    chat: Conversation,
    author: User,
    body: str = "See you!",
    *,
    within: timedelta | None = HOUR,
    channel: str = "sms",
    token: UUID | None = None,
    waits_for: WaitsFor = WaitsFor.TIME,
) -> Scheduled | Sent | Refused:
    return scheduling.schedule(
        conversation_id=chat.pk,
        author=author,
        channel_key=channel,
        body=body,
        client_token=token or uuid4(),
        when=timezone.now() + within if within else None,
        waits_for=waits_for,
    )


def schedule(
    chat: Conversation,
    author: User,
    body: str = "See you!",
    *,
    within: timedelta | None = HOUR,
    channel: str = "sms",
    waits_for: WaitsFor = WaitsFor.TIME,
) -> ScheduledMessage:
    outcome = try_to_schedule(chat, author, body, within=within, channel=channel, waits_for=waits_for)
    assert isinstance(outcome, Scheduled), outcome
    return outcome.row


def comes_due(row: ScheduledMessage) -> None:
    ScheduledMessage.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def its_time_comes(row: ScheduledMessage) -> ScheduledMessage:
    """What it is once a worker has looked."""
    comes_due(row)
    scheduling.send_due(row.conversation_id)
    row.refresh_from_db()
    return row


def texts(chat: Conversation) -> list[str]:
    return list(chat.messages.filter(direction="out").order_by("pk").values_list("body", flat=True))


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def listed(user: User) -> list[int]:
    return [row.pk for row in listing.page(user, Choice(view=View.SCHEDULED)).rows]


def views(user: User) -> set[View]:
    """In which of them something is listed."""
    return {view for view in View if listing.page(user, Choice(view=view)).rows}


# --- a time ---


@pytest.mark.requirement("I1", "Q5")
def test_a_text_goes_at_its_time_and_once(a: Builders, maya: User, asked: list[int]) -> None:
    # given
    chat = a.conversation(team=[maya])
    row = schedule(chat, maya)
    assert listed(maya) == [chat.pk]
    # then before its time nothing goes, whoever asks
    assert scheduling.ask_for_due(timezone.now()) == 0
    scheduling.send_due(chat.pk)
    assert texts(chat) == []
    # when it comes, then a worker is asked, once in a while
    comes_due(row)
    now = timezone.now()
    assert scheduling.ask_for_due(now) == 1
    assert scheduling.ask_for_due(now) == 0
    assert scheduling.ask_for_due(now + settings.ASK_AGAIN_AFTER) == 1
    assert asked == [chat.pk, chat.pk]
    # and it goes, however often it is asked for
    for _ in range(3):
        scheduling.send_due(chat.pk)
    assert texts(chat) == ["See you!"]
    row.refresh_from_db()
    assert (row.state, row.message) == (ScheduledState.SENT, chat.messages.get())
    assert delivery.claim(chat.messages.get().pk), "there is no grace: nobody looks on"
    assert listed(maya) == []
    assert told(maya) == []


@pytest.mark.requirement("I1")
def test_a_clock_that_jumps_back_neither_stops_nor_doubles_it(a: Builders, maya: User, asked: list[int]) -> None:
    # given a worker was asked, and then the clock goes back an hour
    row = schedule(a.conversation(team=[maya]), maya)
    comes_due(row)
    assert scheduling.ask_for_due(timezone.now() + HOUR) == 1
    # then it is asked for again, and goes once
    assert scheduling.ask_for_due(timezone.now()) == 1
    scheduling.send_due(row.conversation_id)
    scheduling.send_due(row.conversation_id)
    assert texts(row.conversation) == ["See you!"]


@pytest.mark.requirement("Q6", "I1")
def test_a_repeated_click_is_the_same_one_and_other_words_are_not_lost(a: Builders, maya: User) -> None:
    chat = a.conversation(team=[maya])
    token = sending.draft_of(maya, chat, "sms").token
    first, again = (try_to_schedule(chat, maya, token=token) for _ in range(2))
    assert first == again
    other = try_to_schedule(chat, maya, "Other words", token=token)
    assert isinstance(other, Refused)
    assert other.reason == Reason.ALREADY_SENT
    # and the composer has another token for the next text
    assert ComposerDraft.objects.get(user=maya, conversation=chat).token != token
    # and the same words sent now, from a second tab, are still one message
    assert isinstance(steps.try_to_write(chat, maya, "See you!", token=token), Sent)
    assert isinstance(first, Scheduled)
    assert its_time_comes(first.row).state == ScheduledState.SENT
    assert texts(chat) == ["See you!"]


@pytest.mark.parametrize("within", [timedelta(0), -HOUR, timedelta(days=366)])
def test_a_time_that_can_not_be_kept_is_refused(a: Builders, maya: User, within: timedelta) -> None:
    chat = a.conversation(team=[maya])
    outcome = scheduling.schedule(
        conversation_id=chat.pk,
        author=maya,
        channel_key="sms",
        body="x",
        client_token=uuid4(),
        when=timezone.now() + within,
    )
    assert isinstance(outcome, Refused)
    assert outcome.reason == Reason.NO_SUCH_TIME


@pytest.mark.requirement("A3", "A4", "F6", "Q8")
def test_who_may_not_write_keeps_nothing_and_no_lock_but_an_answer_is_waited_for(a: Builders, maya: User) -> None:
    company = maya.company
    jonas, sam = a.user(company=company, seat=False, name="Jonas Weber"), a.user(company=company, name="Sam Stranger")
    chat = a.conversation(team=[maya, jonas])
    reasons = {
        Reason.NO_SEAT: try_to_schedule(chat, jonas),
        Reason.NOT_ON_TEAM: try_to_schedule(chat, sam),
        Reason.TOO_LONG: try_to_schedule(chat, maya, "x" * 1601),
        Reason.EMPTY: try_to_schedule(chat, maya, "  "),
        Reason.NO_SUBSCRIPTION: try_to_schedule(chat, maya, channel="whatsapp"),
        Reason.OPTED_OUT: try_to_schedule(a.conversation(team=[maya], sms="opted out"), maya, within=None),
        Reason.NO_CONSENT: try_to_schedule(a.conversation(team=[maya], sms="nothing"), maya, within=None),
        Reason.NEVER_INVITED: try_to_schedule(a.conversation(team=[maya], sms="first consent"), maya),
    }
    for reason, outcome in reasons.items():
        assert isinstance(outcome, Refused)
        assert outcome.reason == reason
    assert not ScheduledMessage.objects.exists()


@pytest.mark.requirement("I9")
def test_what_is_due_together_goes_in_the_order_in_which_it_was_written(a: Builders, maya: User) -> None:
    chat = a.conversation(team=[maya])
    for words, hours in (("one", 3), ("two", 2), ("three", 1)):
        comes_due(schedule(chat, maya, words, within=hours * HOUR))
    scheduling.send_due(chat.pk)
    assert texts(chat) == ["one", "two", "three"]


# --- an answer ---


@pytest.mark.requirement("O3", "I5", "I9")
@pytest.mark.parametrize("sms", ["first consent", "invited"])
def test_what_waits_for_the_yes_goes_with_it(
    a: Builders, maya: User, twilio: Twilio, asked: list[int], sms: str
) -> None:
    # given two texts that wait, and one that waits on another channel
    chat = a.conversation(team=[maya], sms=sms)
    rows = [schedule(chat, maya, words, within=None) for words in ("one", "two")]
    assert {(row.waits_for, row.due_at) for row in rows} == {(WaitsFor.OPT_IN, None)}
    steps.invite(chat, maya)
    # when Anna says something, then nothing goes
    steps.says(twilio, chat, "Who is this?")
    assert asked == []
    # when she says Yes, then both are due in the same commit, and their author is told
    steps.says(twilio, chat, "Yes")
    assert asked == [chat.pk]
    scheduling.send_due(chat.pk)
    assert texts(chat)[1:] == ["one", "two"]
    assert told(maya) == [NoticeKind.REPLY, NoticeKind.OPTED_IN, NoticeKind.WENT_OUT, NoticeKind.WENT_OUT]
    chat.refresh_from_db()
    assert not chat.needs_reply, "the texts are the answer to her Yes"


@pytest.mark.requirement("O10")
def test_the_yes_on_another_record_opens_this_one_too(a: Builders, twilio: Twilio) -> None:
    maya = a.user(company=a.company(sender_countries=["US", "US"]))
    heard_in = a.conversation(team=[maya], sms="invited")
    other = a.conversation(team=[maya], person=heard_in.person, sms="invited")
    schedule(other, maya, within=None)
    steps.says(twilio, heard_in, "Yes")
    scheduling.send_due(other.pk)
    assert texts(other) == ["See you!"]


@pytest.mark.requirement("W1", "W2", "I5")
def test_what_waits_for_a_reply_on_whatsapp_goes_when_she_writes(a: Builders, twilio: Twilio) -> None:
    # given the 24 hours are over
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    a.whatsapp_sender()
    chat = a.whatsapp_conversation(team=[maya])
    row = schedule(chat, maya, within=None, channel="whatsapp")
    assert row.waits_for == WaitsFor.REPLY
    whatsapp.invite(chat, maya)
    # when Anna writes something that wants an answer
    whatsapp.says(twilio, chat, "Could we do Friday?")
    scheduling.send_due(chat.pk)
    # then it went out, and her question still waits for a person
    row.refresh_from_db()
    assert row.state == ScheduledState.SENT
    assert texts(chat)[-1].endswith("See you!")
    chat.refresh_from_db()
    assert chat.needs_reply
    assert NoticeKind.WENT_OUT in told(maya)


@pytest.mark.requirement("O12", "I2")
def test_an_answer_that_says_stop_sends_nothing(a: Builders, twilio: Twilio) -> None:
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    a.whatsapp_sender()
    chat = a.whatsapp_conversation(team=[maya])
    row = schedule(chat, maya, within=None, channel="whatsapp")
    whatsapp.says(twilio, chat, "Stop")
    row.refresh_from_db()
    assert (row.state, row.why) == (ScheduledState.HELD_BACK, "Anna opted out of WhatsApp.")
    assert told(maya) == [NoticeKind.OPTED_OUT, NoticeKind.HELD_BACK]
    # and when she comes back one day, it stays held
    whatsapp.says(twilio, chat, "Start")
    scheduling.send_due(chat.pk)
    assert texts(chat) == []


@pytest.mark.requirement("O3")
def test_what_waited_very_long_is_read_again_before_it_goes(a: Builders, maya: User, twilio: Twilio) -> None:
    chat = a.conversation(team=[maya], sms="invited")
    row = schedule(chat, maya, within=None)
    ScheduledMessage.objects.filter(pk=row.pk).update(changed_at=timezone.now() - timedelta(days=31))
    steps.says(twilio, chat, "Yes")
    scheduling.send_due(chat.pk)
    row.refresh_from_db()
    assert row.state == ScheduledState.HELD_BACK
    assert texts(chat) == []


def test_what_was_to_wait_is_due_at_once_where_the_way_is_open_already(a: Builders, maya: User) -> None:
    chat = a.conversation(team=[maya])
    row = schedule(chat, maya, within=None)
    assert row.due_at
    scheduling.send_due(chat.pk)
    assert texts(chat) == ["See you!"]


# --- what no longer may go ---


@pytest.mark.requirement("O6", "I2", "O10")
def test_withdrawn_consent_holds_it_back_and_its_author_has_it_as_a_draft(
    a: Builders, maya: User, twilio: Twilio
) -> None:
    # given
    chat = a.conversation(team=[maya])
    row = schedule(chat, maya)
    steps.says(twilio, chat, "Stop")
    # when its time comes
    its_time_comes(row)
    # then
    assert texts(chat) == []
    assert (row.state, row.body) == (ScheduledState.HELD_BACK, "See you!")
    assert row.why.startswith("Anna opted out of SMS.")
    assert told(maya) == [NoticeKind.OPTED_OUT, NoticeKind.HELD_BACK]
    assert chat.messages.get(kind="held back").body == row.why
    assert listed(maya) == [chat.pk]
    # and nobody tries it again by himself
    assert scheduling.ask_for_due(timezone.now() + HOUR) == 0
    # and once Anna is back, Maya sends it
    steps.says(twilio, chat, "Start")
    assert texts(chat) == []
    assert isinstance(scheduling.send_now(scheduled_id=row.pk, by=maya), Sent)
    assert texts(chat) == ["See you!"]
    assert listed(maya) == []


@pytest.mark.requirement("S3", "A3")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("seat", "The author no longer holds a SmartMessage seat."),
        ("team", "The author is no longer on the team."),
        ("user", "The author is no longer on the team."),
        ("subscription", "Your company doesn't text on this channel."),
        ("number", "Anna"),
    ],
)
def test_it_is_judged_anew_when_its_time_comes(a: Builders, maya: User, change: str, why: str) -> None:
    chat = a.conversation(team=[maya])
    row = schedule(chat, maya)
    match change:
        case "seat":
            Seat.objects.filter(user=maya).delete()
        case "team":
            chat.record.job.team.clear()  # type: ignore[attr-defined]
        case "user":
            User.objects.filter(pk=maya.pk).update(is_active=False)
        case "subscription":
            type(chat.company).objects.filter(pk=chat.company_id).update(texts_by_sms=False)
        case "number":
            type(chat.person).objects.filter(pk=chat.person.pk).update(phone="", phone_typed="")
    its_time_comes(row)
    assert row.state == ScheduledState.HELD_BACK
    assert why in row.why
    assert texts(chat) == []


@pytest.mark.requirement("W2", "I5")
def test_a_window_that_shut_before_its_time_holds_it_back(a: Builders, twilio: Twilio) -> None:
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    a.whatsapp_sender()
    chat = a.whatsapp_conversation(team=[maya])
    whatsapp.open_window(twilio, chat, maya)
    row = schedule(chat, maya, channel="whatsapp")
    whatsapp.hours_pass(chat, 25)
    its_time_comes(row)
    assert row.state == ScheduledState.HELD_BACK
    assert "After 24 hours" in row.why


@pytest.mark.requirement("O6", "I2")
def test_what_is_canceled_between_its_time_and_its_handing_over_is_told_to_its_author(
    a: Builders, maya: User, twilio: Twilio
) -> None:
    chat = a.conversation(team=[maya])
    row = its_time_comes(schedule(chat, maya))
    steps.says(twilio, chat, "Stop")
    assert row.message
    assert delivery.claim(row.message.pk) is None
    assert told(maya) == [NoticeKind.OPTED_OUT, NoticeKind.FAILED]


# --- the list and what is unread ---


def test_it_shows_in_the_list_and_answers_the_person_at_once(a: Builders, maya: User, twilio: Twilio) -> None:
    # given Anna asked something
    chat = a.conversation(team=[maya])
    steps.says(twilio, chat, "Is Tuesday fine?")
    row = schedule(chat, maya)
    assert View.NEEDS_REPLY not in views(maya)
    # when it is canceled, then she waits again
    scheduling.cancel(scheduled_id=row.pk, by=maya)
    assert View.NEEDS_REPLY in views(maya)
    # and what she asks while one waits isn't answered by it
    notices.mark_read(maya, chat.pk)
    second = schedule(chat, maya)
    steps.says(twilio, chat, "Or Wednesday?")
    its_time_comes(second)
    assert {View.NEEDS_REPLY, View.UNREAD} <= views(maya)


def test_a_conversation_that_begins_with_one_is_in_the_list(a: Builders, maya: User) -> None:
    chat = a.conversation(team=[maya])
    row = schedule(chat, maya)
    assert listed(maya) == [chat.pk]
    assert steps.beside_list(maya).counts.of(View.SCHEDULED) == 1
    assert listed(a.user(company=maya.company, name="Sam Stranger")) == []
    scheduling.cancel(scheduled_id=row.pk, by=maya)
    assert listed(maya) == []


def test_what_is_typed_meanwhile_stays(a: Builders, maya: User) -> None:
    chat = a.conversation(team=[maya])
    row = schedule(chat, maya)
    sending.keep_draft(maya, chat, "sms", body="Half a text", client_token=sending.draft_of(maya, chat, "sms").token)
    its_time_comes(row)
    assert sending.draft_of(maya, chat, "sms").body == "Half a text"
    scheduling.send_now(scheduled_id=schedule(chat, maya).pk, by=maya)
    assert texts(chat) == ["See you!", "See you!"]


# --- what its author, and others, do with it ---


def test_its_author_edits_sends_and_cancels_it(a: Builders) -> None:
    maya = a.user(undo_seconds=5)
    chat = a.conversation(team=[maya])
    row = schedule(chat, maya)
    when = timezone.now() + 2 * HOUR
    # when she edits
    edited = scheduling.edit(scheduled_id=row.pk, by=maya, body="Other words", version=row.version, when=when)
    assert isinstance(edited, Scheduled)
    assert (edited.row.body, edited.row.due_at) == ("Other words", when)
    # then what another tab saw is old
    assert isinstance(scheduling.edit(scheduled_id=row.pk, by=maya, body="x", version=row.version), Refused)
    # and bad words change nothing
    bad = scheduling.edit(scheduled_id=row.pk, by=maya, body="x" * 1601, version=edited.row.version)
    assert isinstance(bad, Refused)
    assert ScheduledMessage.objects.get(pk=row.pk).body == "Other words"
    # when she cancels and restores it, then it waits as before
    assert isinstance(scheduling.cancel(scheduled_id=row.pk, by=maya), Scheduled)
    assert its_time_comes(row).state == ScheduledState.CANCELED
    ScheduledMessage.objects.filter(pk=row.pk).update(due_at=when)
    restored = scheduling.restore(scheduled_id=row.pk, by=maya)
    assert isinstance(restored, Scheduled)
    assert restored.row.state == ScheduledState.WAITING
    # when she sends it now, then she has her seconds to undo
    sent = scheduling.send_now(scheduled_id=row.pk, by=maya)
    assert isinstance(sent, Sent)
    assert sent.message.due_at > timezone.now()
    assert isinstance(scheduling.send_now(scheduled_id=row.pk, by=maya), Refused)
    assert isinstance(scheduling.cancel(scheduled_id=row.pk, by=maya), Refused)
    assert texts(chat) == ["Other words"]


def test_what_is_restored_too_late_is_held_back(a: Builders, maya: User) -> None:
    row = schedule(a.conversation(team=[maya]), maya)
    scheduling.cancel(scheduled_id=row.pk, by=maya)
    comes_due(row)
    outcome = scheduling.restore(scheduled_id=row.pk, by=maya)
    assert isinstance(outcome, Scheduled)
    assert outcome.row.state == ScheduledState.HELD_BACK
    # and a new time makes it wait again
    when = timezone.now() + HOUR
    again = scheduling.edit(scheduled_id=row.pk, by=maya, body=row.body, version=outcome.row.version, when=when)
    assert isinstance(again, Scheduled)
    assert again.row.state == ScheduledState.WAITING


@pytest.mark.requirement("A3", "A4")
def test_a_colleague_stops_it_and_does_no_more(a: Builders, maya: User) -> None:
    # given
    company = maya.company
    priya = a.user(company=company, name="Priya Rao")
    jonas, sam = a.user(company=company, seat=False, name="Jonas Weber"), a.user(company=company, name="Sam Stranger")
    chat = a.conversation(team=[maya, priya, jonas])
    row = schedule(chat, maya)
    # then
    for user in (priya, jonas, sam):
        assert isinstance(scheduling.edit(scheduled_id=row.pk, by=user, body="x", version=row.version), Refused)
        assert isinstance(scheduling.cancel(scheduled_id=row.pk, by=user), Refused)
        assert isinstance(scheduling.send_now(scheduled_id=row.pk, by=user), Refused)
    for user in (jonas, sam):
        assert isinstance(scheduling.stop(scheduled_id=row.pk, by=user), Refused)
    # when
    assert isinstance(scheduling.stop(scheduled_id=row.pk, by=priya), Scheduled)
    # then it is Maya's again
    its_time_comes(row)
    assert (row.state, row.why) == (ScheduledState.HELD_BACK, "Priya Rao stopped it.")
    assert told(maya) == [NoticeKind.HELD_BACK]
    assert texts(chat) == []


# --- the right time ---


@pytest.mark.requirement("V1")
@pytest.mark.parametrize(
    ("is_wall", "waits_for", "is_moved"),
    [
        (True, WaitsFor.TIME, True),
        (True, WaitsFor.GOOD_HOUR, True),
        (False, WaitsFor.GOOD_HOUR, True),
        (False, WaitsFor.TIME, False),
    ],
)
def test_at_a_bad_hour_it_moves_to_the_next_good_one_unless_its_author_chose_it(
    a: Builders, monkeypatch: pytest.MonkeyPatch, is_wall: bool, waits_for: WaitsFor, is_moved: bool
) -> None:
    # given a person in Berlin, and a text that is due there at 22:40
    maya = a.user(company=a.company(sender_countries=["DE"], hours_are_wall=is_wall))
    chat = a.conversation(team=[maya], country="DE")
    row = schedule(chat, maya, waits_for=waits_for)
    late = datetime(2026, 11, 25, 21, 40, tzinfo=UTC)
    ScheduledMessage.objects.filter(pk=row.pk).update(due_at=late)
    monkeypatch.setattr(timezone, "now", lambda: late)
    monkeypatch.setattr(right_time, "judged", judging.real)
    # when
    scheduling.send_due(chat.pk)
    # then
    row.refresh_from_db()
    if is_moved:
        assert (row.state, row.waits_for) == (ScheduledState.WAITING, WaitsFor.GOOD_HOUR)
        assert row.due_at
        assert row.due_at.astimezone(UTC).hour in {7, 8}
        monkeypatch.setattr(timezone, "now", lambda: row.due_at)
        scheduling.send_due(chat.pk)
    assert texts(chat) == ["See you!"]


# --- killed between any two lines ---


class Killed(BaseException):
    """The worker dies: nothing runs any more but what PostgreSQL does with an open transaction."""


@pytest.mark.requirement("I1", "I9")
@pytest.mark.parametrize("place", ["_hand_in", "_became", "_changed"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_at_any_step_leaves_it_to_the_next_one(
    a: Builders, maya: User, monkeypatch: pytest.MonkeyPatch, place: str, moment: str
) -> None:
    chat = a.conversation(team=[maya])
    rows = [schedule(chat, maya, words) for words in ("one", "two")]
    for row in rows:
        comes_due(row)
    real = getattr(scheduling, place)

    def dies(*args: object, **kwargs: object) -> object:
        if moment == "after":
            real(*args, **kwargs)
        raise Killed

    def is_killed() -> None:
        with monkeypatch.context() as mortal, transaction.atomic():
            mortal.setattr(scheduling, place, dies)
            scheduling.send_due(chat.pk)

    with pytest.raises(Killed):
        is_killed()
    assert texts(chat) == []
    scheduling.send_due(chat.pk)
    assert texts(chat) == ["one", "two"]


# --- whatever happens, in whatever order ---


def standing_changes(chat: Conversation, kind: EventKind) -> None:
    consents.record(steps.consent_of(chat), kind, words="x", source=Source.MESSAGE, details={})


@dataclass
class Story:
    row: ScheduledMessage
    maya: User
    priya: User


STEPS: dict[str, Callable[[Story], object]] = {
    "due": lambda it: comes_due(it.row),
    "send due": lambda it: scheduling.send_due(it.row.conversation_id),
    "edit": lambda it: scheduling.edit(scheduled_id=it.row.pk, by=it.maya, body="Hi", version=it.row.version),
    "cancel": lambda it: scheduling.cancel(scheduled_id=it.row.pk, by=it.maya),
    "restore": lambda it: scheduling.restore(scheduled_id=it.row.pk, by=it.maya),
    "send now": lambda it: scheduling.send_now(scheduled_id=it.row.pk, by=it.maya),
    "stop": lambda it: scheduling.stop(scheduled_id=it.row.pk, by=it.priya),
    "opt out": lambda it: standing_changes(it.row.conversation, EventKind.OPTED_OUT),
    "opt in": lambda it: standing_changes(it.row.conversation, EventKind.OPTED_IN),
    "seat": lambda it: Seat.objects.get_or_create(user=it.maya, company=it.maya.company),
    "no seat": lambda it: Seat.objects.filter(user=it.maya).delete(),
}


@pytest.mark.requirement("I1", "I2")
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(happens=st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=14))
def test_it_becomes_one_message_at_most_and_never_against_the_lock(a: Builders, happens: list[str]) -> None:
    # given
    company = a.company()
    maya, priya = a.user(company=company), a.user(company=company, name="Priya Rao")
    chat = a.conversation(team=[maya, priya])
    row = schedule(chat, maya)
    for each in happens:
        row.refresh_from_db()
        before = len(texts(chat))
        STEPS[each](Story(row, maya, priya))
        # then a text that went did so while it might, and is what the row says
        row.refresh_from_db()
        standing = steps.standing(chat)
        if len(texts(chat)) > before:
            assert standing == "opted in"
            assert Seat.objects.filter(user=maya).exists()
        assert len(texts(chat)) <= 1
        assert (row.state == ScheduledState.SENT) == bool(texts(chat)) == bool(row.message_id)
        chat.refresh_from_db()
        assert chat.has_scheduled == (row.state in {ScheduledState.WAITING, ScheduledState.HELD_BACK})
    assert Message.objects.filter(conversation=chat, status=Status.QUEUED).count() <= 1
