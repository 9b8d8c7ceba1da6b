"""The doorway for Twilio's webhooks: signature first, then one transaction for the request and its meaning.

A meaning that fails leaves the request behind, marked, and the answer is still 200: the sweeper tries again.
"""

import hashlib
import json
import logging
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from twilio_gateway.models import WebhookKind, WebhookRequest, WebhookState
from twilio_gateway.signatures import is_signed

logger = logging.getLogger(__name__)

EMPTY_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
MOST_FIELDS = 2_000
MOST_MEDIA = 20
LONGEST_PAUSE = timedelta(minutes=10)
MOST_TRIES_COUNTED = 32_767  # its column holds no more; it is tried for good all the same


class KeepAside(Exception):
    """The request can't be acted on, now or later; its words say why. It is kept for the operator."""


Handler = Callable[[WebhookRequest], None]
_handlers: dict[WebhookKind, Handler] = {}


def handle(kind: WebhookKind, handler: Handler) -> None:
    """Say who understands webhooks of this kind. The handler runs within a savepoint of the webhook's transaction."""
    _handlers[kind] = handler


def receive(
    request: HttpRequest, kind: WebhookKind, key_of: Callable[[dict[str, str], HttpRequest], str]
) -> HttpResponse:
    """Answer one webhook: 403 without a signature, 400 if it can't be read, else 200 once it is in the database."""
    try:
        parameters = read_parameters(request.body)
    except ValueError:
        return HttpResponse(status=400)
    if not is_signed(request, parameters):
        return HttpResponse(status=403)
    texts = {name: (parameters.get(name) or "").replace("\x00", "\ufffd") for name in parameters}
    key = key_of(texts, request)[:200].replace("\x00", "\ufffd") or f"sha256 {hashlib.sha256(request.body).hexdigest()}"
    with transaction.atomic():
        row = WebhookRequest(
            kind=kind,
            key=key,
            parameters={name.replace("\x00", "\ufffd"): text for name, text in texts.items()},
            query=request.META.get("QUERY_STRING", "")[:400],
            raw=request.body,
        )
        take_in(row)
    return HttpResponse(EMPTY_TWIML, content_type="text/xml")


def take_in(row: WebhookRequest) -> bool:
    """Store a request and act on it, in the caller's transaction. False: it was there already."""
    is_new = _is_new(row)
    if is_new:
        understand(row)
    return is_new


def read_parameters(body: bytes) -> "MultiValueDict[str, str]":
    """The form's fields, strictly UTF-8. Raises ValueError for other bytes or too many fields."""
    text = body.decode("utf-8", "strict")
    return MultiValueDict(parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))


def message_sid(parameters: dict[str, str], request: HttpRequest) -> str:
    """What makes a repeat the same message (I3)."""
    return parameters.get("MessageSid", "") or parameters.get("SmsSid", "")


def media(parameters: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What came with a message: of each its kind (the content type's first part), content type, and address."""
    count = parameters.get("NumMedia", "")
    most = min(int(count), MOST_MEDIA) if count.isascii() and count.isdigit() and len(count) < 10 else 0
    types = [parameters.get(f"MediaContentType{index}", "") for index in range(most)]
    urls = [parameters.get(f"MediaUrl{index}", "") for index in range(most)]
    return [(each.split("/")[0], each, url) for each, url in zip(types, urls, strict=True)]


def understand(row: WebhookRequest) -> None:
    """Act on a stored request within a savepoint; what fails is marked and tried again by the sweeper."""
    try:
        with transaction.atomic():
            if row.parameters.get("AccountSid", "") != settings.TWILIO_ACCOUNT_SID:
                raise KeepAside("It is for another account.")
            _handlers[WebhookKind(row.kind)](row)
    except KeepAside as why:
        _mark(row, WebhookState.ASIDE, str(why))
    except Exception as error:  # whatever it is: the request is kept, and the answer is 200
        # without the error's own words: a database error quotes the row, and bodies and numbers stay out of logs
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("webhook %s was kept, its meaning failed: %s\n%s", row.pk, type(error).__name__, where)
        _mark(row, WebhookState.FAILED, type(error).__name__)


def try_failed_again(now: datetime) -> int:
    """A sweep: understand again what failed. Returns how many requests were tried."""
    ids = list(
        WebhookRequest.objects.filter(state=WebhookState.FAILED, try_again_at__lte=now).values_list("pk", flat=True)[
            :100
        ]
    )
    for pk in ids:
        with transaction.atomic():
            row = (
                WebhookRequest.objects.select_for_update(skip_locked=True)
                .filter(pk=pk, state=WebhookState.FAILED)
                .first()
            )
            if row:
                row.tries = min(row.tries + 1, MOST_TRIES_COUNTED)
                row.state = WebhookState.DONE
                row.save(update_fields=["tries", "state"])
                understand(row)
    return len(ids)


def _is_new(row: WebhookRequest) -> bool:
    """Insert the row unless its key is there; a repeat in parallel waits here for the first one's commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO twilio_gateway_webhookrequest"
            " (kind, key, parameters, query, raw, state, problem, tries, received_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, '', 1, %s) ON CONFLICT (kind, key) DO NOTHING RETURNING id",
            [row.kind, row.key, json.dumps(row.parameters), row.query, bytes(row.raw), row.state, row.received_at],
        )
        inserted = cursor.fetchone()
    row.pk = inserted[0] if inserted else None
    return inserted is not None


def _mark(row: WebhookRequest, state: WebhookState, problem: str) -> None:
    row.state, row.problem = state, problem
    row.try_again_at = timezone.now() + min(timedelta(seconds=2 ** min(row.tries, 10)), LONGEST_PAUSE)
    row.save(update_fields=["state", "problem", "try_again_at"])
