"""Handing over: judged anew at the claim, in order, and never twice on a guess (I1, I2, I4, I5, I9)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import requests
from django.conf import settings
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import work
from accounts.models import Company, Seat, User
from candidates.contact import change_contact
from channels_sms.models import Route
from inbox import delivery, sending, sweeps
from inbox.models import Conversation, DeliveryAttempt, Message, StatusReport
from inbox.outcomes import Accepted, Reason, Rejected, Sent, TryLater, Unknown
from inbox.rules import GIVES_UP_AFTER, PROVIDER_WORDS, RANKS, SHOWN_AS, AttemptStatus, Status
from tests import steps
from tests.builders import Builders, new_number
from tests.conftest import Twilio
from twilio_gateway import client as gateway


def anew(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


# --- judged anew ---

Change = Callable[[Conversation, User, Builders], object]


def seat_is_taken(chat: Conversation, author: User, a: Builders) -> None:
    Seat.objects.filter(user=author).delete()


def off_the_team(chat: Conversation, author: User, a: Builders) -> None:
    chat.record.job.team.remove(author)  # type: ignore[attr-defined]


def account_is_closed(chat: Conversation, author: User, a: Builders) -> None:
    User.objects.filter(pk=author.pk).update(is_active=False)


def subscription_ends(chat: Conversation, author: User, a: Builders) -> None:
    Company.objects.filter(pk=chat.company_id).update(has_smartmessage=False)


def sms_is_switched_off(chat: Conversation, author: User, a: Builders) -> None:
    Company.objects.filter(pk=chat.company_id).update(texts_by_sms=False)


def number_is_changed(chat: Conversation, author: User, a: Builders) -> None:
    change_contact(chat.person, phone_typed=new_number(), email="")


def number_is_deleted(chat: Conversation, author: User, a: Builders) -> None:
    change_contact(chat.person, phone_typed="", email="")


def person_opts_out(chat: Conversation, author: User, a: Builders) -> None:
    a.consent(chat.company, chat.person.phone, "opted out")


def route_is_released(chat: Conversation, author: User, a: Builders) -> None:
    Route.objects.filter(conversation=chat).update(released_at=timezone.now())


def route_is_another(chat: Conversation, author: User, a: Builders) -> None:
    route_is_released(chat, author, a)
    a.sender_number(chat.company)
    first = Route.objects.get(conversation=chat)
    Route.objects.create(
        conversation=chat,
        address=first.address,
        sender_number=chat.company.sender_numbers.exclude(pk=first.sender_number_id).get(),
    )


CHANGES: dict[Change, Reason] = {
    seat_is_taken: Reason.NO_SEAT,
    off_the_team: Reason.NOT_ON_TEAM,
    account_is_closed: Reason.NOT_ON_TEAM,
    subscription_ends: Reason.NO_SUBSCRIPTION,
    sms_is_switched_off: Reason.NO_SUBSCRIPTION,
    number_is_changed: Reason.NUMBER_CHANGED,
    number_is_deleted: Reason.NUMBER_CHANGED,
    person_opts_out: Reason.OPTED_OUT,
    route_is_released: Reason.NO_SENDER,
    route_is_another: Reason.NO_SENDER,
}


@pytest.mark.requirement("I2", "I5", "A3", "F6")
@pytest.mark.parametrize(("change", "reason"), CHANGES.items(), ids=[change.__name__ for change in CHANGES])
def test_what_changed_meanwhile_cancels_the_text_and_keeps_its_words(
    a: Builders, change: Change, reason: Reason
) -> None:
    # given a text waits
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya, "See you on Monday?")
    # when
    change(chat, maya, a)
    assert delivery.claim(message.pk) is None
    # then
    message = anew(message)
    assert (message.status, message.refusal, message.body) == (Status.CANCELED, reason, "See you on Monday?")
    assert message.version > message.created_version, "open pages learn of it"
    assert not message.attempts.exists()
    assert delivery.claim(message.pk) is None, "and never again"


@pytest.mark.requirement("I2", "O6")
def test_a_stop_cancels_every_text_that_waits(a: Builders, twilio: Twilio) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    waiting = [steps.write(chat, maya, body) for body in ("one", "two", "three")]
    on_the_wire = steps.claim(waiting[0])
    steps.says(twilio, chat, "Stop")
    for message in waiting:
        delivery.claim(message.pk)
    delivery.record_outcome(on_the_wire, Accepted(steps.new_sid(), "queued"))
    for message in waiting:
        delivery.claim(message.pk)
    assert [anew(message).status for message in waiting] == [Status.SENDING, Status.CANCELED, Status.CANCELED]
    assert {anew(message).refusal for message in waiting[1:]} == {Reason.OPTED_OUT}


@pytest.mark.requirement("I2", "O3")
@pytest.mark.parametrize(("sms", "reason"), [("opted out", Reason.OPTED_OUT), ("opted in", Reason.OPTED_IN)])
def test_an_invitation_that_waits_is_judged_anew(a: Builders, sms: str, reason: Reason) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    message = steps.invite(chat, maya)
    a.consent(chat.company, chat.person.phone, sms)
    assert delivery.claim(message.pk) is None
    assert anew(message).refusal == reason


# --- in order ---


@pytest.mark.requirement("I9")
def test_a_later_text_waits_for_the_earlier_one(a: Builders) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    first, second = steps.write(chat, maya, "one"), steps.write(chat, maya, "two")
    # then the second isn't taken while the first waits, or is in a worker's hands
    assert delivery.claim(second.pk) is None
    attempt = steps.claim(first)
    assert delivery.claim(first.pk) is None, "nor is the first taken twice"
    assert delivery.claim(second.pk) is None
    # nor while it is to be tried later
    delivery.record_outcome(attempt, TryLater(timedelta(microseconds=1)))
    assert delivery.claim(second.pk) is None
    # but once it is with the provider
    steps.hand_over(first, Accepted(steps.new_sid(), "queued"))
    assert steps.claim(second)


@pytest.mark.requirement("I9")
@pytest.mark.parametrize("outcome", [Accepted("SM" + "1" * 32, "queued"), Rejected(30008), Rejected(None)])
def test_the_next_text_is_asked_for_when_the_way_is_free(
    a: Builders,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    outcome: Accepted | Rejected,
) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    first, second = steps.write(chat, maya, "one"), steps.write(chat, maya, "two")
    attempt = steps.claim(first)
    asked: list[int] = []
    monkeypatch.setattr(work, "_ask", lambda _task, pk: asked.append(pk))
    with django_capture_on_commit_callbacks(execute=True):
        delivery.record_outcome(attempt, outcome)
    assert second.pk in asked


@pytest.mark.requirement("I9", "Q5")
def test_conversations_do_not_wait_for_each_other(a: Builders) -> None:
    maya = a.user()
    first, second = (a.conversation(team=[maya], sms="opted in") for _ in range(2))
    steps.claim(steps.write(first, maya))
    assert steps.claim(steps.write(second, maya))


@pytest.mark.requirement("I9")
def test_an_unknown_text_holds_the_next_one_up_for_two_minutes_and_no_longer(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    first, second = steps.write(chat, maya, "one"), steps.write(chat, maya, "two")
    attempt = steps.hand_over(first, Unknown())
    assert anew(first).status == Status.UNKNOWN
    assert delivery.claim(second.pk) is None
    long_ago = timezone.now() - settings.UNKNOWN_HOLDS_UP - timedelta(seconds=1)
    DeliveryAttempt.objects.filter(pk=attempt.pk).update(claimed_at=long_ago)
    assert steps.claim(second)


# --- how a call ends ---


@pytest.mark.requirement("I1")
def test_a_text_that_nobody_took_is_tried_again_by_itself(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya)
    before = timezone.now()
    attempt = steps.hand_over(message, TryLater())
    message = anew(message)
    assert (attempt.status, message.status) == (AttemptStatus.RELEASED, Status.QUEUED)
    assert timedelta(seconds=0.8) <= message.due_at - before <= timedelta(seconds=3)
    assert delivery.claim(message.pk) is None, "not before it is due"
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    assert steps.claim(message).pk != attempt.pk


@pytest.mark.requirement("I1")
def test_after_an_hour_of_trying_it_has_failed(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya)
    attempt = steps.claim(message)
    DeliveryAttempt.objects.update(claimed_at=timezone.now() - GIVES_UP_AFTER - timedelta(seconds=1))
    delivery.record_outcome(attempt, TryLater())
    assert anew(message).status == Status.FAILED
    assert isinstance(sending.send_again(message_id=message.pk, author=maya), Sent)


@pytest.mark.requirement("I1")
def test_a_persons_retry_starts_that_hour_anew(a: Builders) -> None:
    # given it failed yesterday, and Maya clicks Retry today
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya)
    steps.hand_over(message, Rejected(30008))
    DeliveryAttempt.objects.update(claimed_at=timezone.now() - timedelta(days=1))
    assert isinstance(sending.send_again(message_id=message.pk, author=maya), Sent)
    # when the provider is busy for a moment
    before = timezone.now()
    steps.hand_over(message, TryLater())
    # then it is tried again, soon
    message = anew(message)
    assert message.status == Status.QUEUED
    assert message.due_at - before < timedelta(seconds=2)


@pytest.mark.requirement("I1")
def test_a_lease_that_ran_out_is_unknown_and_never_sent_again_by_a_machine(a: Builders) -> None:
    # given a worker died with the text in its hands
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya)
    attempt = steps.claim(message)
    assert attempt.lease_until - attempt.claimed_at == settings.CALL_DEADLINE + settings.LEASE_SLACK
    # when
    assert sweeps.expire_leases(attempt.lease_until - timedelta(seconds=1)) == 0
    assert sweeps.expire_leases(attempt.lease_until + timedelta(seconds=1)) == 1
    # then
    assert anew(message).status == Status.UNKNOWN
    assert sweeps.ask_for_waiting_texts(timezone.now() + timedelta(days=1)) == 0
    assert delivery.claim(message.pk) is None
    # and an answer that comes after all settles it; "nothing was taken" is believed no more
    delivery.record_outcome(attempt, TryLater())
    assert anew(message).status == Status.UNKNOWN
    delivery.record_outcome(attempt, Accepted(steps.new_sid(), "sent"))
    assert anew(message).status == Status.SENT


def test_a_text_that_nobody_claimed_is_asked_for_again(
    a: Builders, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya)
    asked: list[int] = []
    monkeypatch.setattr(work, "_ask", lambda _task, pk: asked.append(pk))
    now = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        assert sweeps.ask_for_waiting_texts(now) == 0, "it was asked for a moment ago"
        assert sweeps.ask_for_waiting_texts(now + settings.ASK_AGAIN_AFTER) == 1
        assert sweeps.ask_for_waiting_texts(now + settings.ASK_AGAIN_AFTER) == 0
    assert asked == [message.pk]
    assert sweeps.oldest_unclaimed(message.due_at + timedelta(minutes=2)) == timedelta(minutes=2)


# --- tracing what had no answer ---


@pytest.fixture
def unknown(a: Builders) -> Message:
    """A text whose hand-over had no answer."""
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya, "See you\non Monday?")
    steps.hand_over(message, Unknown())
    return anew(message)


class List:
    """Twilio's list of messages, at the boundary of the gateway."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[gateway.Listed] = []
        self.is_away = False
        monkeypatch.setattr(gateway, "newest_messages", self.newest)

    def newest(self, *, sender: str = "", recipient: str = "", **_more: object) -> list[gateway.Listed]:
        if self.is_away:
            raise requests.ConnectionError
        return [row for row in self.rows if (row.sender, row.recipient) == (sender, recipient)]

    def has(self, message: Message, **but: object) -> gateway.Listed:
        row = gateway.Listed(
            sid=steps.new_sid(),
            sender=message.sender,
            recipient=message.recipient,
            body=message.body,
            direction="outbound-api",
            status="delivered",
            created_at=timezone.now(),
            attachments=0,
        )
        self.rows.append(replace(row, **but))  # type: ignore[arg-type]
        return self.rows[-1]


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> List:
    return List(monkeypatch)


def look(message: Message, *, after: timedelta = settings.TRACE_AFTER) -> Message:
    """The sweeper looks, once it is time to."""
    attempt = message.attempts.get()
    sweeps.trace_unknown_texts(attempt.claimed_at + after)
    return anew(message)


@pytest.mark.requirement("I1")
def test_what_the_provider_lists_is_adopted(unknown: Message, listed: List) -> None:
    row = listed.has(unknown, body="See you on  Monday?")
    found = look(unknown)
    assert (found.status, found.attempts.get().provider_id) == (Status.DELIVERED, row.sid)


@pytest.mark.requirement("I1")
def test_it_is_not_looked_for_at_once(unknown: Message, listed: List) -> None:
    listed.has(unknown)
    assert look(unknown, after=timedelta(0)).status == Status.UNKNOWN


@pytest.mark.requirement("I1")
@pytest.mark.parametrize(
    "but",
    [
        {"body": "See you on Tuesday?"},
        {"direction": "inbound"},
        {"direction": "outbound-reply"},
        {"recipient": "+14155550000"},
        {"created_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
    ids=lambda but: next(iter(but)),
)
def test_what_is_not_alike_is_not_adopted(unknown: Message, listed: List, but: dict[str, object]) -> None:
    listed.has(unknown, **but)
    assert look(unknown).status == Status.UNKNOWN


@pytest.mark.requirement("I1")
def test_what_is_known_for_another_text_is_not_adopted(unknown: Message, listed: List) -> None:
    """The same words twice: each row of the list is one text."""
    row = listed.has(unknown)
    assert unknown.author
    DeliveryAttempt.objects.update(claimed_at=timezone.now() - settings.UNKNOWN_HOLDS_UP - timedelta(seconds=1))
    steps.hand_over(steps.write(unknown.conversation, unknown.author, unknown.body), Accepted(row.sid, "sent"))
    assert look(unknown).status == Status.UNKNOWN
    other = listed.has(unknown, created_at=unknown.attempts.get().claimed_at)
    sweeps.trace_unknown_texts(timezone.now() + timedelta(minutes=3))
    assert unknown.attempts.get().provider_id == other.sid


@pytest.mark.requirement("I1")
def test_a_list_that_cannot_be_read_decides_nothing(unknown: Message, listed: List) -> None:
    listed.has(unknown)
    listed.is_away = True
    assert look(unknown).status == Status.UNKNOWN
    assert not unknown.attempts.get().given_up
    listed.is_away = False
    assert look(unknown, after=settings.TRACE_AFTER * 2 + timedelta(minutes=2)).status == Status.DELIVERED


@pytest.mark.requirement("I1")
def test_without_a_trace_it_is_given_up_and_a_person_may_send_again(unknown: Message, listed: List) -> None:
    # given
    author = unknown.author
    assert author
    assert not isinstance(sending.send_again(message_id=unknown.pk, author=author), Sent), "not while we still look"
    # when
    assert look(unknown, after=settings.TRACE_UNTIL).status == Status.UNKNOWN
    attempt = unknown.attempts.get()
    # then
    assert attempt.given_up
    assert attempt.trace_at is None
    assert sweeps.trace_unknown_texts(timezone.now() + timedelta(days=1)) == 0
    assert isinstance(sending.send_again(message_id=unknown.pk, author=author), Sent)
    steps.claim(unknown)
    assert unknown.attempts.count() == 2


@pytest.mark.requirement("I1", "I4")
def test_a_callback_that_comes_after_all_settles_it(unknown: Message, listed: List) -> None:
    look(unknown, after=settings.TRACE_UNTIL)
    attempt = unknown.attempts.get()
    assert delivery.report_status(attempt_uuid=attempt.uuid, provider_id="SM1", word="delivered", error_code=None)
    assert anew(unknown).status == Status.DELIVERED
    assert unknown.author
    assert not isinstance(sending.send_again(message_id=unknown.pk, author=unknown.author), Sent)


# --- statuses in any order ---

REPORTS = st.tuples(
    st.sampled_from([*PROVIDER_WORDS, "something new", ""]), st.sampled_from([None, 30003, 30008, 30005])
)


@pytest.mark.requirement("I4")
@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=st.lists(REPORTS, max_size=6), answered_after=st.integers(0, 6))
def test_a_status_never_moves_back_whatever_comes_when(
    a: Builders, reports: list[tuple[str, int | None]], answered_after: int
) -> None:
    # given a text on the wire, whose answer comes at some time between the reports
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya)
    attempt = steps.claim(message)
    sid, ranks, first_code = steps.new_sid(), [attempt.rank], None
    for index, (word, code) in enumerate([*reports, ("delivered", None)]):
        # when
        if index == min(answered_after, len(reports)):
            delivery.record_outcome(attempt, Accepted(sid, "queued"))
        is_last = index == len(reports)
        if not is_last:
            delivery.report_status(attempt_uuid=attempt.uuid, provider_id=sid, word=word, error_code=code)
            first_code = first_code or (code if word in PROVIDER_WORDS else None)
        attempt.refresh_from_db()
        # then
        ranks.append(attempt.rank)
        assert attempt.error_code == first_code, "a reason never disappears"
    best = max(
        [RANKS[AttemptStatus.QUEUED], *(RANKS[PROVIDER_WORDS[word]] for word, _ in reports if word in PROVIDER_WORDS)]
    )
    assert ranks == sorted(ranks)
    assert attempt.rank == best
    assert anew(message).status == SHOWN_AS[AttemptStatus(attempt.status)]
    assert attempt.provider_id == sid
    kept = {(report.status, report.error_code) for report in StatusReport.objects.filter(attempt=attempt)}
    assert kept == set(reports), "each is kept, once"


@pytest.mark.requirement("I4")
def test_a_report_about_an_old_attempt_does_not_touch_the_new_one(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    message = steps.write(chat, maya)
    old = steps.hand_over(message, Accepted(steps.new_sid(), "queued"))
    delivery.report_status(attempt_uuid=old.uuid, provider_id="", word="undelivered", error_code=30003)
    assert isinstance(sending.send_again(message_id=message.pk, author=maya), Sent)
    new = steps.hand_over(message, Accepted(steps.new_sid(), "sent"))
    delivery.report_status(attempt_uuid=old.uuid, provider_id="", word="delivered", error_code=None)
    assert anew(message).status == Status.SENT
    delivery.report_status(attempt_uuid=new.uuid, provider_id="", word="undelivered", error_code=30008)
    assert anew(message).status == Status.FAILED
    old.refresh_from_db()
    assert (old.status, old.error_code) == (AttemptStatus.DELIVERED, 30003)


def test_a_report_about_nothing_is_told_so(db: None) -> None:
    assert not delivery.report_status(attempt_uuid=uuid4(), provider_id="SM1", word="sent", error_code=None)
    assert not delivery.report_status(attempt_uuid=None, provider_id="", word="sent", error_code=None)
