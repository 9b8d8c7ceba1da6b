"""Delivery statuses (twilio.md §3): a doorway. Who is told of them, the composition root says."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from twilio_gateway import webhooks
from twilio_gateway.models import WebhookKind, WebhookRequest

ReportStatus = Callable[[UUID | None, str, str, int | None], bool]
"""Told of the attempt's UUID, Twilio's sid, its word for the status, its error code. False: no such attempt."""


@csrf_exempt
@require_POST
def status(request: HttpRequest) -> HttpResponse:
    return webhooks.receive(request, WebhookKind.STATUS, key_of=_key)


def address_for(attempt: UUID) -> str:
    """Where the statuses of an attempt are reported; the fragment asks Twilio to try again on any failure (§3)."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('twilio-status')}?m={attempt}#rc=3&rp=all"


def understand(report: ReportStatus) -> webhooks.Handler:
    """The handler that passes a callback on."""

    def handler(row: WebhookRequest) -> None:
        word = row.parameters.get("MessageStatus", "") or row.parameters.get("SmsStatus", "")
        sid = row.parameters.get("MessageSid", "") or row.parameters.get("SmsSid", "")
        if not report(_uuid(QueryDict(row.query).get("m", "")), sid[:40], word, _code(row.parameters)):
            raise webhooks.KeepAside("No text of ours is known by this reference.")

    return handler


def _key(parameters: dict[str, str], request: HttpRequest) -> str:
    """What makes a repeat the same report."""
    sid, word = parameters.get("MessageSid", ""), parameters.get("MessageStatus", "")
    parts = [request.GET.get("m", ""), sid, word, parameters.get("ErrorCode", "")]
    return " ".join(parts) if sid and word else ""


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _code(parameters: dict[str, str]) -> int | None:
    """The error code, where it is a number that a column can hold."""
    text = parameters.get("ErrorCode", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) else None
