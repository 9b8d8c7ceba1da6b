"""Handing a mail over, with every ending sorted into what it means: taken, refused, not now, or nobody knows (I1).

SMTP is spoken here step by step, for the steps tell the endings apart: until the words of the mail are on the way
nothing was taken; a server that falls silent after them may have it.
"""

import logging
import smtplib
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as DeadlinePassed
from datetime import timedelta
from functools import cache

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import sanitize_address
from urllib3.exceptions import NewConnectionError

from channels_email import failures
from inbox.outcomes import Accepted, Outcome, Rejected, TryLater, Unknown

logger = logging.getLogger(__name__)

CALLS_AT_ONCE = 64
LONGEST_PAUSE_SECONDS = 600
NO_RECIPIENT = 550  # a provider's "invalid" or "rejected", as an SMTP server would say it
OURS_TO_MEND = {401, 402, 403}  # HTTP: a wrong key, an unpaid bill, a domain that isn't set up. Nothing was taken


@cache
def _callers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="mail")


def hand_over(mail: EmailMultiAlternatives, *, reference: str) -> Outcome:
    """Give a mail to the mail server or provider. Returns within `settings.CALL_DEADLINE`, whatever the network does.

    `reference`: under which an accepted mail is known.
    """
    call = _callers().submit(_call, mail, reference)
    try:
        return call.result(timeout=settings.CALL_DEADLINE.total_seconds())
    except DeadlinePassed:
        # A call that never began must not begin later, when nobody expects it any more.
        return TryLater() if call.cancel() else Unknown("the call's deadline passed")


def _call(mail: EmailMultiAlternatives, reference: str) -> Outcome:
    seconds = min(settings.EMAIL_TIMEOUT, settings.CALL_DEADLINE.total_seconds())
    try:
        connection = get_connection(timeout=seconds)
        connection.open()
    except (OSError, ImproperlyConfigured) as problem:  # smtplib's exceptions are OSErrors
        logger.warning("no mail is taken: %s", type(problem).__name__)
        return TryLater()
    try:
        if isinstance(connection, SmtpBackend):
            return _by_smtp(connection, mail) or Accepted(reference, "sent")
        return _by_backend(connection, mail) or Accepted(reference, "sent")
    finally:
        _close(connection)


def _close(connection: BaseEmailBackend) -> None:
    """However that ends, the outcome is known by now."""
    try:
        connection.close()
    except OSError as problem:
        logger.info("a mail server didn't say good-bye: %s", type(problem).__name__)


def _by_smtp(connection: SmtpBackend, mail: EmailMultiAlternatives) -> Outcome | None:
    """None: taken."""
    smtp = connection.connection
    assert smtp is not None  # it was opened
    try:
        sender, recipient = (sanitize_address(each, "utf-8") for each in (mail.from_email, *mail.to))
    except ValueError:  # no server takes letters beyond ASCII before the @
        return Rejected(failures.number_of("5.1.3"))
    content = mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg] # Django's own
    try:
        smtp.ehlo_or_helo_if_needed()
        size = [f"size={len(content)}"] if smtp.has_extn("size") else []
        code, words = smtp.mail(sender, size)
        if code == 250:
            code, words = smtp.rcpt(recipient)
        if code not in {250, 251}:
            return _refusal(code, words)
    except OSError as problem:
        logger.info("a mail server hung up before it had the mail: %s", type(problem).__name__)
        return TryLater()
    try:
        code, words = smtp.data(content)
    except smtplib.SMTPDataError as refused:  # the server didn't want the words to begin
        return _refusal(refused.smtp_code, refused.smtp_error)
    except OSError as problem:
        return Unknown(type(problem).__name__)
    return None if code == 250 else _refusal(code, words)


def _refusal(code: int, words: bytes | str) -> Outcome:
    """What a server that said no took is nothing: 5xx is for good, 4xx for now (RFC 5321, 4.2.1)."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    if 500 <= code < 600:
        return Rejected(failures.code_of(reply=code, words=text))
    return TryLater()


def _by_backend(connection: BaseEmailBackend, mail: EmailMultiAlternatives) -> Outcome | None:
    """A provider's API, or a local outbox. None: taken."""
    try:
        connection.send_messages([mail])
    except AnymailRecipientsRefused:
        return Rejected(NO_RECIPIENT)
    except AnymailRequestsAPIError as error:
        return _of_http(error)
    except AnymailAPIError as error:
        return Unknown(type(error).__name__)
    except (AnymailError, ImproperlyConfigured):  # found out before anything was sent
        logger.exception("a mail can't be given to the provider")
        return TryLater()
    except OSError as error:
        return Unknown(type(error).__name__)
    return None


def _of_http(error: AnymailRequestsAPIError) -> Outcome:
    """4xx is a no, and a part of them for now; 5xx may have been taken or not."""
    status = error.status_code
    if status is None:
        return TryLater() if _never_connected(error) else Unknown(type(error.__cause__).__name__)
    if status == 429 or status in OURS_TO_MEND:
        logger.warning("the mail provider takes nothing: HTTP %s", status)
        wish = str(error.response.headers.get("Retry-After", ""))
        seconds = min(int(wish), LONGEST_PAUSE_SECONDS) if wish.isascii() and wish.isdigit() else 0
        return TryLater(timedelta(seconds=seconds) if seconds else None)
    return Rejected(status) if 400 <= status < 500 else Unknown(f"HTTP {status}")


def _never_connected(error: AnymailRequestsAPIError) -> bool:
    cause = error.__cause__
    if isinstance(cause, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    reason = getattr(cause.args[0] if cause and cause.args else None, "reason", None)
    return isinstance(cause, requests.ConnectionError) and isinstance(reason, NewConnectionError | socket.gaierror)
