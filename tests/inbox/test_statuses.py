"""Statuses in every order, repeated, late: the end is always right (I4)."""

import uuid
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing
from inbox import delivery, sending
from inbox.models import DeliveryAttempt, Message, StatusReport
from inbox.outcomes import Accepted, Outcome, Rejected, Sent, TryLater, Unknown
from inbox.rules import NO_ANSWER, RANKS, SHOWN_AS, AttemptStatus, Status, provider_status
from tests.builders import Builders

WORDS = [status.value for status, rank in RANKS.items() if rank >= 0]
UNKNOWN_WORDS = ["", "partially_delivered_later", "Delivered", "claimed", "unknown", "released", "x" * 60]
FAILURES = {"failed", "undelivered"}
in_one_database = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)

Report = tuple[str, int | None]
words = st.sampled_from([*WORDS, "scheduled", "partially_delivered", *UNKNOWN_WORDS])
codes = st.sampled_from([None, 30003, 30005, 30008])
reports = words.flatmap(lambda word: st.tuples(st.just(word), codes if word in FAILURES else st.none()))
two_orders = st.lists(reports, min_size=1, max_size=4).flatmap(
    lambda told: st.tuples(st.just(told), st.permutations(told))
)
answers = st.sampled_from(
    [Accepted("", "queued"), Accepted("", "accepted"), Rejected(30007), Rejected(None), Unknown(), Unknown("lease")]
)


def claimed(a: Builders, body: str = "Hello") -> DeliveryAttempt:
    """A text in a worker's hands."""
    maya = a.user()
    chat = a.conversation(team=[maya])
    outcome = sending.send_message(
        conversation_id=chat.pk, author=maya, channel_key="sms", body=body, client_token=uuid.uuid4()
    )
    assert isinstance(outcome, Sent)
    attempt = delivery.claim(outcome.message.pk)
    assert attempt is not None
    return attempt


@pytest.fixture
def attempt(a: Builders) -> DeliveryAttempt:
    return claimed(a)


def begin_anew(attempt: DeliveryAttempt) -> None:
    """As it was when the worker took it: an example of many, in one conversation."""
    StatusReport.objects.filter(attempt=attempt).delete()
    fresh = {"status": AttemptStatus.CLAIMED, "rank": RANKS[AttemptStatus.CLAIMED], "error_code": None}
    DeliveryAttempt.objects.filter(pk=attempt.pk).update(**fresh)
    Message.objects.filter(pk=attempt.message_id).update(status=Status.SENDING)


def report(attempt: DeliveryAttempt, word: str, code: int | None = None) -> None:
    delivery.report_status(attempt_uuid=attempt.uuid, provider_id="", word=word, error_code=code)


def seen(attempt: DeliveryAttempt) -> tuple[int, str, int | None, str, int]:
    """Rank, status and reason of the attempt; what the message shows, and at which version."""
    attempt.refresh_from_db()
    message = Message.objects.get(pk=attempt.message_id)
    return attempt.rank, attempt.status, attempt.error_code, message.status, message.version


def code_of(event: Report | Outcome) -> int | None:
    match event:
        case Rejected(code):
            return code
        case (str(), code) if provider_status(event[0]):
            return code
    return None


def status_of(event: Report | Outcome) -> AttemptStatus | None:
    match event:
        case Accepted(_, word) | (str(word), _):
            return provider_status(word)
        case Rejected():
            return AttemptStatus.FAILED
        case Unknown():
            return AttemptStatus.UNKNOWN
    return None


@pytest.mark.requirement("I4")
@in_one_database
@given(events=st.lists(st.one_of(reports, reports, answers), max_size=7))
def test_in_every_order_the_highest_rank_wins_and_the_reason_stays(
    attempt: DeliveryAttempt, events: Sequence[Report | Outcome]
) -> None:
    begin_anew(attempt)
    # when reports and the answer to the call come in this order
    for event in events:
        rank, word_before, code, shown, version = seen(attempt)
        match event:
            case (str(word), error_code):
                report(attempt, word, error_code)
            case _:
                delivery.record_outcome(attempt, event)
        # then none moves it back, none of the same rank changes it, and its reason stays
        now = seen(attempt)
        assert now[0] >= rank
        assert now[0] > rank or now[1] == word_before
        assert code is None or now[2] == code
        # and what a page shows differently has a newer version, so that open pages get it
        if (shown, code if shown == Status.FAILED else None) != (now[3], now[2] if now[3] == Status.FAILED else None):
            assert now[4] > version

    # then the end is the first of the highest rank, with the first reason that was given
    applied = [status for event in events if (status := status_of(event))]
    highest = max(applied, key=lambda status: RANKS[status], default=AttemptStatus.CLAIMED)
    end = seen(attempt)
    assert (end[0], end[1], end[3]) == (RANKS[highest], highest, SHOWN_AS[highest])
    assert end[2] == next(filter(None, map(code_of, events)), None)
    # and each report is kept, once, whether we know its word or not
    told = {(event[0][:40], event[1]) for event in events if isinstance(event, tuple)}
    kept = StatusReport.objects.filter(attempt=attempt).exclude(status=NO_ANSWER)  # that is our own word
    assert {(row.status, row.error_code) for row in kept} == told
    assert kept.count() == len(told)


@pytest.mark.requirement("I4")
@in_one_database
@given(told=two_orders)
def test_the_order_does_not_matter_for_what_is_shown(
    attempt: DeliveryAttempt, told: tuple[list[Report], list[Report]]
) -> None:
    ends = []
    for order in told:
        begin_anew(attempt)
        for word, code in order:
            report(attempt, word, code)
        ends.append(seen(attempt))
    assert ends[0][0] == ends[1][0]
    if ends[0][0] != RANKS[AttemptStatus.FAILED]:  # between failed, undelivered and canceled the first counts
        assert ends[0][3] == ends[1][3]
    assert (ends[0][2] is None) == (ends[1][2] is None)


@pytest.mark.requirement("I4", "N1")
def test_a_reason_that_comes_after_the_failure_reaches_open_pages(a: Builders) -> None:
    # given a failure without a reason (lesson 9)
    attempt = claimed(a)
    report(attempt, "failed")
    version = seen(attempt)[4]
    # when its reason comes, then pages look again
    report(attempt, "undelivered", 30003)
    assert seen(attempt)[1:4] == ("failed", 30003, "failed")
    assert seen(attempt)[4] > version


@pytest.mark.requirement("I4")
def test_a_text_that_failed_and_was_delivered_after_all_is_delivered(a: Builders) -> None:
    attempt = claimed(a)
    for word, code in (("failed", 30008), ("delivered", None), ("undelivered", 30003), ("sent", None)):
        report(attempt, word, code)
    assert seen(attempt)[1:4] == ("delivered", 30008, "delivered")


@pytest.mark.requirement("I1", "I4")
@pytest.mark.parametrize("word", ["sent", "delivered", "queued"])
def test_a_late_yes_ends_a_second_try_that_nobody_has_begun(a: Builders, word: str) -> None:
    # given a text without a trace, which Maya sends again, and no worker has taken yet
    attempt = claimed(a)
    delivery.record_outcome(attempt, Unknown())
    delivery.give_up(attempt.pk)
    author = attempt.message.author
    assert author is not None
    assert isinstance(sending.send_again(message_id=attempt.message_id, author=author), Sent)
    # when the callback of the first try comes after all
    report(attempt, word)
    # then it is shown, and nothing goes out a second time
    assert seen(attempt)[3] == SHOWN_AS[AttemptStatus(word)]
    assert delivery.claim(attempt.message_id) is None


@pytest.mark.requirement("I4")
def test_a_late_no_leaves_a_second_try_in_the_queue(a: Builders) -> None:
    attempt = claimed(a)
    delivery.record_outcome(attempt, Unknown())
    delivery.give_up(attempt.pk)
    author = attempt.message.author
    assert author is not None
    sending.send_again(message_id=attempt.message_id, author=author)
    report(attempt, "undelivered", 30003)
    assert seen(attempt)[3] == Status.QUEUED
    second = delivery.claim(attempt.message_id)
    assert second is not None
    # and the first try's late yes doesn't speak for the second
    report(attempt, "delivered")
    assert seen(attempt)[3] == Status.SENDING


@pytest.mark.requirement("I1", "I4")
def test_a_text_that_nobody_took_waits_for_its_next_try(a: Builders) -> None:
    attempt = claimed(a)
    delivery.record_outcome(attempt, TryLater())
    assert seen(attempt)[1:4] == ("released", None, "queued")
    assert delivery.claim(attempt.message_id) is None, "not before its pause is over"


@pytest.mark.requirement("I4")
def test_a_callback_outweighs_a_sid_that_another_attempt_was_guessed_to_have(a: Builders) -> None:
    # given the trace of one text took another's sid for its own, since their words are alike
    guessed, true = claimed(a, "Hello"), claimed(a, "Hello")
    delivery.record_outcome(guessed, Unknown())
    sid = f"SM{uuid.uuid4().hex}"
    delivery.record_outcome(guessed, Accepted(sid, "sent"))
    # when the callback comes that carries the other's UUID
    assert delivery.report_status(attempt_uuid=true.uuid, provider_id=sid, word="delivered", error_code=None)
    # then it settles that one
    assert seen(true)[1] == "delivered"


@pytest.mark.requirement("O13")
def test_a_refusal_older_than_a_start_does_not_take_it_back(a: Builders) -> None:
    # given a text on the wire, when the person texts STOP and then START to the same number
    attempt = claimed(a)
    message = attempt.message
    company_id, phone = message.conversation.company_id, message.recipient

    def standing() -> Standing:
        return consents.standing_of(company_id=company_id, channel="sms", address=phone)

    for kind in (EventKind.OPTED_OUT, EventKind.OPTED_IN):
        consent = consents.locked(company_id=company_id, channel="sms", address=phone)
        details = {"our_number": message.sender}
        consents.record(consent, kind, words=str(kind), source=Source.MESSAGE, details=details)
    # when the carrier's refusal of that text comes late
    report(attempt, "failed", 21610)
    # then her START stands
    assert seen(attempt)[1:3] == ("failed", 21610)
    assert standing() == Standing.OPTED_IN
    # and one that comes for a text claimed after it closes texting
    later = sending.send_message(
        conversation_id=message.conversation_id,
        author=message.author,  # type: ignore[arg-type]
        channel_key="sms",
        body="Later",
        client_token=uuid.uuid4(),
    )
    assert isinstance(later, Sent)
    second = delivery.claim(later.message.pk)
    assert second is not None
    report(second, "failed", 21610)
    assert standing() == Standing.OPTED_OUT
