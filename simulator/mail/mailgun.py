"""A mail as Mailgun posts it: the route's parameters for whole messages, its signature, and what it notes in the mail.

Source: Mailgun's manual, "Receiving Messages via HTTP through a forward() action" and "Securing Webhooks".
"""

import hashlib
import hmac
import re
import secrets
from email.message import EmailMessage
from email.utils import formatdate
from typing import Literal, get_args
from urllib.parse import urlencode

from simulator.mail.reading import addresses_in, files_of, header, headers
from simulator.mail.store import Envelope

MailSignature = Literal["good", "wrong", "missing", "old"]
MAIL_SIGNATURES = get_args(MailSignature)
Authentication = Literal["pass", "fail", "none"]
AUTHENTICATIONS = get_args(Authentication)
OLD = 24 * 60 * 60  # seconds that an old signature has lain somewhere
SERVER = "mxa.mailgun.org"
PLAIN_NAME = re.compile(r"[A-Za-z0-9-]+")
SPOKEN = {"pass": "Pass", "fail": "Fail", "none": "Neutral"}


def signed(recipient: str, *, sender: str, mode: str, now: float) -> Envelope:
    """An envelope with the time and the token that its signature is over; `now` is the real time."""
    age = OLD if mode == "old" else 0
    return Envelope(sender, recipient, mode, token=secrets.token_hex(25), timestamp=int(now) - age)


def signature(envelope: Envelope, *, secret: str) -> str:
    """Hexadecimal HMAC-SHA256 over the time and the token: it says nothing about the mail."""
    key = f"not {secret}" if envelope.signature == "wrong" else secret
    return hmac.new(key.encode(), f"{envelope.timestamp}{envelope.token}".encode(), hashlib.sha256).hexdigest()


def traces(envelope: Envelope, message: EmailMessage, *, authentication: Authentication, now: float) -> bytes:
    """The lines that the receiving server puts on top of a mail: by whom it was sent, and whether that is proven."""
    domain = next(iter(addresses_in(message, "From")), "").rpartition("@")[2]
    lines = [
        "X-Mailgun-Incoming: Yes",
        f"X-Envelope-From: <{envelope.sender}>",
        *_results(domain, envelope.sender, authentication),
        f"Received: from mail.{domain} (mail.{domain} [203.0.113.25]) by {SERVER} with SMTP id"
        f" {secrets.token_hex(6)};\r\n {formatdate(now)}",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii", "replace")


def form(envelope: Envelope, message: EmailMessage, raw: bytes, *, secret: str) -> tuple[str, bytes]:
    """The content type and the body: a form, and with attachments a multipart one, as Mailgun does.

    All headers of the mail are parameters too, under their names in capitals-first spelling.
    """
    fields: list[tuple[str, bytes]] = [
        ("recipient", envelope.recipient.encode()),
        ("sender", envelope.sender.encode()),
        ("subject", header(message, "Subject").encode()),
        ("from", header(message, "From").encode()),
        *((name.title(), value.encode()) for name, value in headers(message) if PLAIN_NAME.fullmatch(name)),
        ("body-mime", raw),
    ]
    if envelope.signature != "missing":
        fields += [
            ("timestamp", str(envelope.timestamp).encode()),
            ("token", envelope.token.encode()),
            ("signature", signature(envelope, secret=secret).encode()),
        ]
    if files_of(message):
        return _multipart(fields)
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _results(domain: str, sender: str, authentication: Authentication) -> list[str]:
    """None at all for a sender whose domain publishes nothing: then nothing was proven, and nothing refuted."""
    words = f"dkim={authentication} header.d={domain}; spf={authentication} smtp.mailfrom={sender or domain}"
    return [
        f"Authentication-Results: {SERVER};\r\n {words};\r\n dmarc={authentication} header.from={domain}",
        f"X-Mailgun-Spf: {SPOKEN[authentication]}",
        *([f"X-Mailgun-Dkim-Check-Result: {SPOKEN[authentication]}"] if authentication != "none" else []),
    ]


def _multipart(fields: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in fields
    ]
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()
