"""Health: whether this process serves, and whether texts get through."""

from datetime import timedelta
from typing import Any

import pytest
import redis
from django.db import DatabaseError
from django.http import JsonResponse
from django.test import Client
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from channels_email.models import MailRequest, RequestKind, RequestState
from inbox.models import Message
from smartmessage import health, heartbeats
from tests import steps
from tests.builders import Builders
from twilio_gateway.models import WebhookKind, WebhookRequest, WebhookState

ALL_ALIVE = {"worker": True, "sweeper": True, "live": True}


@pytest.fixture
def alive(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """Which processes gave a sign of life; a story may change it."""
    kinds = dict(ALL_ALIVE)
    monkeypatch.setattr(heartbeats, "alive", lambda: kinds)
    return kinds


def ask(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/healthz")
    assert isinstance(answer, JsonResponse)
    return answer.status_code, answer.json()


def test_when_all_is_well_it_says_so(db: None, client: Client, alive: dict[str, bool]) -> None:
    status, state = ask(client)
    assert (status, state["ok"]) == (200, True)
    assert {state[name] for name in ("database", "redis", "worker", "sweeper", "live", "sending", "receiving")} == {
        "ok"
    }


@pytest.mark.parametrize("kind", ALL_ALIVE)
def test_a_process_without_a_sign_of_life_is_named(db: None, client: Client, alive: dict[str, bool], kind: str) -> None:
    alive[kind] = False
    status, state = ask(client)
    assert (status, state["ok"], state[kind]) == (503, False, "no sign of life")


def test_without_redis(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(heartbeats, "alive", away)
    status, state = ask(client)
    assert (status, state["redis"], state["worker"]) == (503, "away", "no sign of life")


def test_redis_is_asked_once_and_may_be_gone_the_next_moment(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([ALL_ALIVE])

    def alive() -> dict[str, bool]:
        for found in looks:
            return found
        raise redis.ConnectionError

    monkeypatch.setattr(heartbeats, "alive", alive)
    assert ask(client)[0] == 200
    assert ask(client)[0] == 503


def test_without_the_database(
    db: None, client: Client, alive: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr(health, "_database", away)
    status, state = ask(client)
    assert (status, state["database"]) == (503, "away")
    assert "sending" not in state


def test_texts_that_wait_too_long(a: Builders, client: Client, alive: dict[str, bool]) -> None:
    maya = a.user()
    message = steps.write(a.conversation(team=[maya]), maya)
    assert ask(client)[0] == 200
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() - timedelta(seconds=61))
    status, state = ask(client)
    assert (status, state["sending"]) == (503, "texts wait too long")
    assert state["oldest_waiting_seconds"] in {61, 62}
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() + timedelta(hours=1))
    assert ask(client)[0] == 200, "what is not due yet doesn't wait"


def test_webhooks_that_failed_and_those_that_were_kept_aside(db: None, client: Client, alive: dict[str, bool]) -> None:
    aside = WebhookRequest.objects.create(
        kind=WebhookKind.SMS, key="x", parameters={"Body": "secret"}, raw=b"", state=WebhookState.ASIDE
    )
    status, state = ask(client)
    assert (status, state["webhooks_aside"]) == (200, 1)
    WebhookRequest.objects.filter(pk=aside.pk).update(state=WebhookState.FAILED)
    status, state = ask(client)
    assert (status, state["webhooks_failed"]) == (503, 1)
    assert "secret" not in str(state)


def test_mail_that_failed_and_that_was_kept_aside(db: None, client: Client, alive: dict[str, bool]) -> None:
    aside = MailRequest.objects.create(
        kind=RequestKind.MAIL, provider="mailgun", key="x", raw=b"secret", size=6, state=RequestState.ASIDE
    )
    status, state = ask(client)
    assert (status, state["webhooks_aside"]) == (200, 1)
    MailRequest.objects.filter(pk=aside.pk).update(state=RequestState.FAILED)
    status, state = ask(client)
    assert (status, state["webhooks_failed"]) == (503, 1)


def test_a_process_that_serves_says_so_without_asking_anybody(client: Client) -> None:
    answer = client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_heartbeats_are_seen_and_expire() -> None:
    """Through the real Redis."""
    heartbeats.beat("sweeper")
    assert heartbeats.alive()["sweeper"]
    seconds = heartbeats._redis().ttl(heartbeats.key("sweeper"))
    assert 0 < int(str(seconds)) <= heartbeats.SECONDS_UNTIL_GONE
    heartbeats._redis().delete(heartbeats.key("sweeper"))


def test_a_heartbeat_that_is_lost_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = redis.Redis(port=1, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(heartbeats, "_redis", lambda: nobody)
    heartbeats.beat("worker")
    assert "heartbeat lost" in caplog.text
