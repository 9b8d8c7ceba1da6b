"""Each state with its time; texts of which nothing is heard; and what the page says while the carrier is asked."""

from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inbox import delivery, history, sending, sweeps
from inbox.models import DeliveryAttempt, Message
from inbox.outcomes import Accepted, AccountProblem, Rejected, Sent, Unknown
from inbox.rules import Status
from tests import steps
from tests.builders import Builders
from twilio_gateway import client as gateway


def anew(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def told(message: Message) -> list[str]:
    return [str(step.words) for step in history.of(anew(message))]


def report(attempt: DeliveryAttempt, word: str, code: int | None = None) -> None:
    delivery.report_status(attempt_uuid=attempt.uuid, provider_id=attempt.provider_id, word=word, error_code=code)


@pytest.mark.requirement("I4", "N1")
def test_each_step_of_a_text_is_told_with_its_time(a: Builders) -> None:
    # given a text that failed, was sent again, and arrived
    maya = a.user()
    message = steps.write(a.conversation(team=[maya]), maya)
    first = steps.hand_over(message, Accepted(steps.new_sid(), "queued"))
    for word, code in (("sent", None), ("something new", None), ("undelivered", 30003)):
        report(first, word, code)
    assert isinstance(sending.send_again(message_id=message.pk, author=maya), Sent)
    second = steps.hand_over(message, Accepted(steps.new_sid(), "queued"))
    for word in ("sent", "delivered"):
        report(second, word)
    # then
    assert told(message) == [
        "Stored",
        "Handed over",
        "Sent",
        "something new",
        "Not delivered. The phone is off or out of reach. Code 30003",
        "Handed over again",
        "Sent",
        "Delivered",
    ]
    found = history.of(anew(message))
    assert [step.at for step in found] == sorted(step.at for step in found)
    assert found[0].clock == timezone.localtime(found[0].at).strftime("%H:%M:%S")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Accepted("SM1", "queued"), "Taken by the carrier"),
        (Rejected(21211), "Not delivered. This is not a valid phone number. Code 21211"),
        (Rejected(None), "Not delivered. The message could not be delivered."),
        (AccountProblem(20003), "Not taken; it was tried again later"),
    ],
)
def test_an_answer_without_a_report_is_told_too(a: Builders, outcome: Accepted | Rejected, words: str) -> None:
    maya = a.user()
    message = steps.write(a.conversation(team=[maya]), maya)
    steps.hand_over(message, outcome)
    assert told(message) == ["Stored", "Handed over", words]


@pytest.mark.requirement("I1", "I4")
def test_that_nobody_answered_stays_in_the_history_whatever_comes_later(a: Builders) -> None:
    # given a text whose hand-over had no answer, and that was looked for in vain
    maya = a.user()
    message = steps.write(a.conversation(team=[maya]), maya)
    attempt = steps.hand_over(message, Unknown())
    asked = "No answer from the carrier; it is asked again"
    assert told(message) == ["Stored", "Handed over", asked]
    delivery.give_up(attempt.pk)
    assert told(message) == ["Stored", "Handed over", asked, "No trace of it was found"]
    # when its report comes after all
    report(attempt, "delivered")
    # then
    assert told(message) == ["Stored", "Handed over", asked, "No trace of it was found", "Delivered"]


def test_of_an_email_the_mail_server_is_named(a: Builders) -> None:
    maya = a.user()
    outcome = steps.try_to_write(a.conversation(team=[maya]), maya, channel="email")
    assert isinstance(outcome, Sent)
    attempt = steps.hand_over(outcome.message, Unknown())
    assert told(outcome.message) == ["Stored", "Handed over", "No answer from the mail server"]
    delivery.record_outcome(attempt, Accepted("m1", "queued"))
    assert told(outcome.message)[-1] == "Taken by the mail server"


def test_another_day_is_named(a: Builders) -> None:
    maya = a.user()
    message = steps.write(a.conversation(team=[maya]), maya)
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(days=2))
    steps.claim(message)
    assert [len(step.clock.split(",")) for step in history.of(anew(message))] == [1, 2]


def test_the_thread_asks_nothing_for_it_and_it_opens_as_a_page_too(a: Builders, client: Client) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    client.force_login(maya)
    client.get(chat.record.messages_url())
    message = steps.write(chat, maya)
    report(steps.hand_over(message, Accepted(steps.new_sid(), "queued")), "delivered")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(chat.record.messages_url()).content.decode()
    address = reverse("history", args=[message.pk])
    assert page.count(f'href="{address}"') == 1
    assert not [query for query in queries if "inbox_statusreport" in query["sql"]]
    assert "Back to the conversation" in client.get(address).content.decode()
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Delivered" in fragment
    assert "<main" not in fragment


# --- unknown ---


@pytest.mark.requirement("I1")
def test_the_page_says_when_the_carrier_is_asked_next(
    a: Builders, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "newest_messages", lambda **_: [])
    maya = a.user()
    chat = a.conversation(team=[maya])
    message = steps.write(chat, maya)
    attempt = steps.hand_over(message, Unknown())
    client.force_login(maya)

    def page() -> str:
        return client.get(chat.record.messages_url()).content.decode()

    assert attempt.trace_at
    assert f"Next look at {timezone.localtime(attempt.trace_at):%H:%M:%S}." in page()
    # when it was looked for in vain
    version = anew(message).version
    sweeps.trace_unknown_texts(attempt.trace_at)
    # then open pages learn when it is looked for next
    again = message.attempts.get().trace_at
    assert again
    assert again > attempt.trace_at
    assert f"Next look at {timezone.localtime(again):%H:%M:%S}." in page()
    assert anew(message).version > version


# --- silent ---


@pytest.fixture
def silent(a: Builders) -> DeliveryAttempt:
    """A text that was sent two days ago, and of which nothing was heard since."""
    maya = a.user()
    attempt = steps.hand_over(steps.write(a.conversation(team=[maya]), maya), Accepted(steps.new_sid(), "sent"))
    DeliveryAttempt.objects.update(answered_at=timezone.now() - timedelta(days=2))
    return attempt


@pytest.mark.requirement("I4")
@pytest.mark.parametrize(
    ("found", "status"),
    [
        (("delivered", None), Status.DELIVERED),
        (("undelivered", 30008), Status.FAILED),
        (("sent", None), Status.SENT),
        (None, Status.SENT),
    ],
    ids=["its callback was lost", "so was this one", "that is the last word", "not known there any more"],
)
def test_a_text_of_which_nothing_is_heard_for_a_day_is_asked_for_once(
    silent: DeliveryAttempt, monkeypatch: pytest.MonkeyPatch, found: tuple[str, int | None] | None, status: Status
) -> None:
    asked: list[str] = []

    def fetched(sid: str) -> tuple[str, int | None] | None:
        asked.append(sid)
        return found

    monkeypatch.setattr(gateway, "fetched", fetched)
    for _ in range(2):
        sweeps.fetch_silent_texts(timezone.now())
    assert asked == [silent.provider_id]
    assert anew(silent.message).status == status


def test_it_is_asked_again_where_the_provider_could_not_be_asked(
    silent: DeliveryAttempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_sid: str) -> None:
        raise requests.ConnectionError

    monkeypatch.setattr(gateway, "fetched", away)
    sweeps.fetch_silent_texts(timezone.now())
    monkeypatch.setattr(gateway, "fetched", lambda _sid: ("delivered", None))
    sweeps.fetch_silent_texts(timezone.now())
    assert anew(silent.message).status == Status.DELIVERED


def test_what_is_delivered_new_or_unknown_is_not_asked_for(silent: DeliveryAttempt) -> None:
    attempts = DeliveryAttempt.objects.filter(pk=silent.pk)
    now = timezone.now()
    for change in (
        {"status": "delivered"},
        {"status": "unknown"},
        {"answered_at": now - timedelta(hours=23)},
        {"answered_at": now - timedelta(days=9)},
        {"provider_id": ""},
    ):
        attempts.update(status="sent", answered_at=now - timedelta(days=2), provider_id=f"SM{uuid4().hex}")
        attempts.update(**change)
        assert sweeps.fetch_silent_texts(now) == 0, change
