"""Health: `/livez`, whether this process serves; `/healthz`, whether texts get through."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from channels_email.models import MailRequest, RequestState
from inbox import pauses, sweeps
from smartmessage import heartbeats
from twilio_gateway.models import WebhookRequest, WebhookState

WAITS_TOO_LONG = timedelta(seconds=60)


def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when everything works, else 503; the JSON says what doesn't. Carries no personal data."""
    state: dict[str, Any] = {}
    state["database"] = _works(_database, DatabaseError)
    alive: dict[str, bool] = {}
    state["redis"] = _works(lambda: alive.update(heartbeats.alive()), redis.RedisError)
    state |= {kind: "ok" if alive.get(kind) else "no sign of life" for kind in heartbeats.KINDS}
    if state["database"] == "ok":
        state |= _backlog()
    is_well = all(value == "ok" for value in state.values() if isinstance(value, str))
    return JsonResponse({"ok": is_well, **state}, status=200 if is_well else 503)


def _backlog() -> dict[str, Any]:
    oldest, paused = sweeps.oldest_unclaimed(timezone.now()), pauses.open_ones()
    sending = "ok" if oldest < WAITS_TOO_LONG else "texts wait too long"
    failed = (
        WebhookRequest.objects.filter(state=WebhookState.FAILED).count()
        + MailRequest.objects.filter(state=RequestState.FAILED).count()
    )
    return {
        "sending": "paused: an account takes nothing" if paused else sending,
        "paused": [{"account": each.account, "code": each.code, "since": each.began_at} for each in paused],
        "oldest_waiting_seconds": round(oldest.total_seconds()),
        "receiving": "ok" if not failed else "webhooks failed and are tried again",
        "webhooks_failed": failed,
        "webhooks_aside": WebhookRequest.objects.filter(state=WebhookState.ASIDE).count()
        + MailRequest.objects.filter(state=RequestState.ASIDE).count(),
    }


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _works(ask: Callable[[], object], error: type[Exception]) -> str:
    try:
        ask()
    except error:
        return "away"
    return "ok"
