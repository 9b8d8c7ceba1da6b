"""Sending through Twilio's REST API, with every answer sorted into what it means for the text (twilio.md §1, §2).

The library has no time-out of its own, and `requests` counts each read apart, so the total deadline is kept here.
"""

import json
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as DeadlinePassed
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from twilio_gateway import error_codes

logger = logging.getLogger(__name__)

ACCOUNT = "twilio"
CALLS_AT_ONCE = 64
SECONDS_TO_CONNECT = 3.05
LONGEST_PAUSE_SECONDS = 60
SAME_TEXT_WITHIN = timedelta(minutes=1)  # with the deadline less than a later text waits: it is never taken for this
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")


@dataclass(frozen=True)
class Taken:
    """Twilio has the text."""

    sid: str
    status: str


@dataclass(frozen=True)
class No:
    """Twilio refused it, for good; nothing was sent. `code` is None where the answer had none."""

    code: int | None


@dataclass(frozen=True)
class AccountRefused:
    """Twilio takes nothing from this account: wrong credentials, or it is suspended or unknown; nothing was sent."""

    code: int | None


@dataclass(frozen=True)
class NotNow:
    """Nothing was taken: too many requests at once, or no connection. The same text may go again.

    `pause`: how long Twilio wants us to wait, if it says so.
    """

    pause: timedelta | None = None


class _Busy(TwilioException):
    """Twilio's 429, with the pause it asks for: the library's own exception has no headers."""

    def __init__(self, retry_after: str) -> None:
        super().__init__("too many requests")
        seconds = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0
        self.pause = timedelta(seconds=min(seconds, LONGEST_PAUSE_SECONDS)) if seconds else None


class _HttpClient(TwilioHttpClient):
    def request(self, *args: Any, **kwargs: Any) -> Any:
        response = super().request(*args, **kwargs)
        if response.status_code == 429:
            raise _Busy((response.headers or {}).get("Retry-After", ""))
        return response


@dataclass(frozen=True)
class NoAnswer:
    """It may have been taken or not."""

    why: str


Answer = Taken | No | NotNow | AccountRefused | NoAnswer


@dataclass(frozen=True)
class Template:
    """A text that WhatsApp approved, by Twilio's content id, with the values of its numbered places."""

    content_sid: str
    variables: dict[str, str]


@dataclass(frozen=True)
class Listed:
    """A message in Twilio's own list."""

    sid: str
    sender: str
    recipient: str
    body: str
    direction: str
    status: str
    created_at: datetime
    attachments: int


@cache
def client() -> Client:
    """The one client of the account."""
    seconds = settings.CALL_DEADLINE.total_seconds()
    http_client = _HttpClient(timeout=seconds)
    http_client.timeout = (
        min(SECONDS_TO_CONNECT, seconds),
        seconds,
    )  # its constructor knows no time of its own for that
    adapter = requests.adapters.HTTPAdapter(pool_maxsize=CALLS_AT_ONCE)
    for scheme in ("http://", "https://"):
        http_client.session.mount(scheme, adapter)
    client = Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=http_client)
    if settings.TWILIO_API_BASE_URL:
        client.api.base_url = client.content.base_url = settings.TWILIO_API_BASE_URL
    return client


@cache
def _callers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="twilio")


def send(*, sender: str, recipient: str, content: str | Template, status_callback: str, validity: timedelta) -> Answer:
    """Hand one text, or one template, over. Returns within `settings.CALL_DEADLINE`, whatever the network does.

    `validity`: how long it may wait in Twilio's queue before it expires there.
    """
    words = (
        {"body": content}
        if isinstance(content, str)
        else {"content_sid": content.content_sid, "content_variables": json.dumps(content.variables)}
    )
    call = _callers().submit(
        client().messages.create,
        to=recipient,
        from_=sender,
        status_callback=status_callback,
        validity_period=int(validity.total_seconds()),
        **words,
    )
    return _sorted(call)


def sort_answer(
    answer: Answer,
    *,
    taken: Callable[[str, str], A],
    no: Callable[[int | None], B],
    not_now: Callable[[timedelta | None], C],
    account: Callable[[int | None], E],
    no_answer: Callable[[str], D],
) -> A | B | C | D | E:
    """The answer in the words of the room that asked, which this one doesn't know."""
    match answer:
        case Taken(sid, status):
            return taken(sid, status)
        case No(code):
            return no(code)
        case NotNow(pause):
            return not_now(pause)
        case AccountRefused(code):
            return account(code)
        case NoAnswer(why):
            return no_answer(why)


def _sorted(call: "Future[object]") -> Answer:
    try:
        message = call.result(timeout=settings.CALL_DEADLINE.total_seconds())
    except DeadlinePassed:
        # A call that never began must not begin later, when nobody expects it any more.
        return NotNow() if call.cancel() else NoAnswer("the call's deadline passed")
    except _Busy as busy:
        return NotNow(busy.pause)
    except TwilioRestException as error:
        return _refusal(error.status, error.code)
    except TwilioServiceException as error:
        return _refusal(error.status, error.code)
    except (requests.ConnectTimeout, requests.exceptions.SSLError):
        return NotNow()
    except requests.ConnectionError as error:
        return NotNow() if _never_connected(error) else NoAnswer(type(error).__name__)
    except (requests.RequestException, TwilioException) as error:
        return NoAnswer(type(error).__name__)
    return Taken(sid=str(message.sid), status=str(message.status))  # type: ignore[attr-defined]


def _refusal(status: int | None, code: int | None) -> Answer:
    """4xx is a no, to this text or to the whole account; 5xx may have been taken or not."""
    if status is None or status >= 500 or status < 400:
        return NoAnswer(f"HTTP {status}")
    known = code if code != status else None
    is_account = status in {401, 402} or error_codes.explain(known).is_of_the_account
    return AccountRefused(known) if is_account else No(known)


def _never_connected(error: requests.ConnectionError) -> bool:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)


def takes_requests() -> bool:
    """Whether Twilio answers a question of this account: how a pause learns that it is over."""
    try:
        client().messages.list(limit=1, page_size=1)
    except (TwilioException, requests.RequestException):
        return False
    return True


def fetched(sid: str) -> tuple[str, int | None] | None:
    """Status and error code of a message as Twilio has it now; None where it doesn't know it any more.

    Raises what `newest_messages` raises.
    """
    try:
        row = client().messages(sid).fetch()
    except TwilioRestException as error:
        if error.status == 404:
            return None
        raise
    return str(row.status), row.error_code or None


def newest_messages(
    *, sender: str = "", recipient: str = "", since: datetime | None = None, most: int = 100
) -> list[Listed]:
    """Twilio's list, newest first: `sender` to `recipient`, or what a number received since a day.

    Raises TwilioException or requests.RequestException where it can't be asked.
    """
    filters = {"from_": sender or None, "to": recipient or None, "date_sent_after": since}
    rows = client().messages.list(**{name: value for name, value in filters.items() if value}, limit=most)
    return [
        Listed(
            sid=row.sid or "",
            sender=row.from_ or "",
            recipient=row.to or "",
            body=row.body or "",
            direction=str(row.direction),
            status=str(row.status),
            created_at=row.date_created,
            attachments=int(row.num_media or 0),
        )
        for row in rows
    ]


def likely_traces(
    *, sender: str, recipient: str, body: str, around: datetime, within: timedelta, is_template: bool = False
) -> list[Listed]:
    """Texts of ours in Twilio's list with these words, made around that moment; the oldest first.

    A template may be listed without its words. Words and time are only a likeness; the callback with the attempt's
    UUID is the certain link (twilio.md §2).
    Raises what `newest_messages` raises.
    """
    listed = newest_messages(sender=sender, recipient=recipient)
    alike = [
        row
        for row in listed
        if row.direction == "outbound-api"
        and (row.body.split() == body.split() or (is_template and not row.body))
        and abs(row.created_at - around) < within
    ]
    return sorted(alike, key=lambda row: row.created_at)
