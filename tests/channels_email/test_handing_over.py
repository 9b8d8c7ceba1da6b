"""How a mail server takes a mail, or not: never sent twice on a guess (I1), and why it failed, in plain words."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import Settings
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NewConnectionError

from channels_email.models import BouncedAddress
from inbox import channels, delivery, sweeps
from inbox.channels import Failure, NextStep
from inbox.models import Conversation, DeliveryAttempt, Message, Notice, NoticeKind
from inbox.outcomes import Accepted, Outcome, Rejected, TryLater, Unknown
from inbox.rules import AttemptStatus, Status
from smartmessage.mail_services import mail_settings
from smartmessage.stack.ports import free_port
from tests.builders import Builders
from tests.channels_email import steps
from tests.channels_email.mail_server import HANGS_UP, IS_SILENT, MailServer, mail_server


@pytest.fixture
def message(a: Builders) -> Message:
    maya = a.user()
    return steps.write(a.conversation(team=[maya]), maya)


def deliver(message: Message) -> Outcome:
    attempt = delivery.claim(message.pk)
    assert attempt is not None
    return channels.get("email").deliver(attempt)


@pytest.fixture
def by_smtp(settings: Settings) -> Callable[[MailServer], None]:
    def use(server: MailServer) -> None:
        for name, value in mail_settings(f"smtp://127.0.0.1:{server.port}").items():
            setattr(settings, name, value)
        settings.EMAIL_TIMEOUT = 1

    return use


@pytest.mark.requirement("I1")
def test_a_mail_that_was_taken_is_sent_and_only_once(message: Message, by_smtp: Callable[[MailServer], None]) -> None:
    with mail_server() as server:
        by_smtp(server)
        for _ in range(3):
            delivery.deliver_message(message.pk)
        (mail,) = server.mails
        ((sender, recipient),) = server.envelopes
    message.refresh_from_db()
    attempt = message.attempts.get()
    assert message.status == Status.SENT
    assert attempt.provider_id == str(attempt.uuid)
    assert (sender.split("@")[1], recipient) == (django_settings.EMAIL_INBOUND_DOMAIN, message.recipient)
    assert f"Message-ID: <{attempt.uuid}@".encode() in mail


ENDINGS: list[tuple[dict[str, str], Outcome]] = [
    ({"EHLO": HANGS_UP}, TryLater()),
    ({"MAIL": "451 4.3.0 Later"}, TryLater()),
    ({"MAIL": "550 5.7.1 Not you"}, Rejected(5_007_001)),
    ({"MAIL": HANGS_UP}, TryLater()),
    ({"MAIL": IS_SILENT}, TryLater()),
    ({"RCPT": "421 Busy"}, TryLater()),
    ({"RCPT": "450 4.2.1 Greylisted"}, TryLater()),
    ({"RCPT": "550 5.1.1 User unknown"}, Rejected(5_001_001)),
    ({"RCPT": "550 No such user here"}, Rejected(5_001_001)),
    ({"RCPT": "550 Go away"}, Rejected(550)),
    ({"RCPT": HANGS_UP}, TryLater()),
    ({"DATA": "452 4.3.1 Full"}, TryLater()),
    ({"DATA": "554 5.7.1 No"}, Rejected(5_007_001)),
    ({"END": "451 4.7.0 Later"}, TryLater()),
    ({"END": "552 5.2.2 Over quota"}, Rejected(5_002_002)),
    ({"END": HANGS_UP}, Unknown()),
    ({"END": IS_SILENT}, Unknown()),
]


@pytest.mark.requirement("I1")
@pytest.mark.parametrize(("answers", "outcome"), ENDINGS, ids=[str(answers) for answers, _ in ENDINGS])
def test_every_ending_is_told_apart(
    message: Message, by_smtp: Callable[[MailServer], None], answers: dict[str, str], outcome: Outcome
) -> None:
    with mail_server(**answers) as server:
        by_smtp(server)
        assert deliver(message) == outcome


@pytest.mark.requirement("I1")
def test_nobody_listens(message: Message, by_smtp: Callable[[MailServer], None]) -> None:
    by_smtp(MailServer(free_port(), {}))
    assert deliver(message) == TryLater()


@pytest.mark.requirement("I1")
def test_a_server_that_falls_silent_with_the_mail_in_its_hands_gets_it_no_second_time(
    message: Message, by_smtp: Callable[[MailServer], None]
) -> None:
    # given
    with mail_server(END=IS_SILENT) as server:
        by_smtp(server)
        delivery.deliver_message(message.pk)
        message.refresh_from_db()
        assert message.status == Status.UNKNOWN
        # when the sweeper comes by, and again until it gives up
        for minutes in (2, 4, 6):
            sweeps.trace_unknown_texts(timezone.now() + timedelta(minutes=minutes))
            delivery.deliver_message(message.pk)
        # then a person is asked
        attempt = message.attempts.get()
        assert (attempt.status, attempt.given_up) == (AttemptStatus.UNKNOWN, True)
        assert len(server.mails) == 1


@pytest.mark.requirement("I1")
def test_a_worker_that_died_with_the_mail_in_its_hands_leaves_it_unknown(
    message: Message, by_smtp: Callable[[MailServer], None]
) -> None:
    with mail_server() as server:
        by_smtp(server)
        assert delivery.claim(message.pk)  # and nothing more
        sweeps.expire_leases(timezone.now() + timedelta(hours=1))
        delivery.deliver_message(message.pk)
        message.refresh_from_db()
        assert (message.status, server.mails) == (Status.UNKNOWN, [])


@pytest.mark.requirement("N1")
def test_a_mailbox_that_does_not_exist_is_said_in_plain_words_and_noted(
    message: Message, by_smtp: Callable[[MailServer], None]
) -> None:
    with mail_server(RCPT="550 5.1.1 <anna>: Recipient address rejected: User unknown") as server:
        by_smtp(server)
        delivery.deliver_message(message.pk)
    message.refresh_from_db()
    assert message.status == Status.FAILED
    failure = channels.get("email").failure(message.attempts.get())
    assert failure == Failure("This mailbox doesn't exist.", (NextStep.EDIT_CONTACT,), may_retry=False, code=None)
    assert BouncedAddress.objects.get().address == message.recipient.lower()
    assert Notice.objects.get().kind == NoticeKind.FAILED


@pytest.mark.parametrize("words", ["552 5.2.2 Mailbox full", "554 5.7.1 Spam", "550 Go away"])
def test_what_says_nothing_of_the_address_leaves_it_open(
    message: Message, by_smtp: Callable[[MailServer], None], words: str
) -> None:
    with mail_server(RCPT=words) as server:
        by_smtp(server)
        delivery.deliver_message(message.pk)
    assert not BouncedAddress.objects.exists()
    assert channels.get("email").failure(message.attempts.get()).may_retry


# --- by a provider's API ---


class Api:
    """A provider's API: what it was asked, and how it answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: Callable[[], requests.Response] = lambda: self.says(200, {"id": "<x@y>", "message": "Queued."})

    def request(self, _session: object, **params: Any) -> requests.Response:
        self.asked.append(params)
        return self.answer()

    @staticmethod
    def says(status: int, body: object = None, **headers: str) -> requests.Response:
        response = requests.Response()
        response.status_code, response.reason = status, "said"
        response._content = json.dumps(body or {}).encode()
        response.headers.update(headers)
        return response


@pytest.fixture
def api(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Api:
    for name, value in mail_settings("mailgun://key-123@mg.smartmessage.example?region=eu").items():
        setattr(settings, name, value)
    played = Api()
    monkeypatch.setattr(requests.Session, "request", lambda session, **params: played.request(session, **params))
    return played


@pytest.mark.requirement("Q2")
def test_a_provider_gets_the_company_as_sender_and_our_own_reference(message: Message, api: Api) -> None:
    delivery.deliver_message(message.pk)
    (asked,) = api.asked
    data = asked["data"]
    attempt = message.attempts.get()
    assert asked["url"] == "https://api.eu.mailgun.net/v3/mg.smartmessage.example/messages"
    assert data["from"] == [f'"Maya Chen, {message.conversation.company.name}" <{message.sender}>']
    assert data["v:attempt"] == str(attempt.uuid)
    assert data["h:Message-Id"] == f"<{attempt.uuid}@smartmessage.example>"
    assert attempt.status == AttemptStatus.SENT


def raises(error: Exception) -> Callable[[], requests.Response]:
    def answer() -> requests.Response:
        raise error

    return answer


NOBODY = NewConnectionError(HTTPConnection("x"), "refused")
HTTP: list[tuple[Callable[[], requests.Response], Outcome]] = [
    (lambda: Api.says(429, **{"Retry-After": "7"}), TryLater(timedelta(seconds=7))),
    (lambda: Api.says(401), TryLater()),
    (lambda: Api.says(400), Rejected(400)),
    (lambda: Api.says(500), Unknown()),
    (lambda: Api.says(503), Unknown()),
    (raises(requests.ReadTimeout()), Unknown()),
    (raises(requests.ConnectTimeout()), TryLater()),
    (raises(requests.ConnectionError("reset")), Unknown()),
    (raises(requests.ConnectionError(MaxRetryError(HTTPConnectionPool("x"), "/", NOBODY))), TryLater()),
]


@pytest.mark.requirement("I1")
@pytest.mark.parametrize(("answer", "outcome"), HTTP, ids=range(len(HTTP)))
def test_every_answer_of_a_provider_is_told_apart(
    message: Message, api: Api, answer: Callable[[], requests.Response], outcome: Outcome
) -> None:
    api.answer = answer
    assert deliver(message) == outcome


def test_a_local_outbox_takes_everything(message: Message, mailoutbox: list[Any]) -> None:
    outcome = deliver(message)
    assert outcome == Accepted(str(DeliveryAttempt.objects.get().uuid), "sent")
    assert Conversation.objects.count() == len(mailoutbox) == 1
