"""The post, as a story needs it: mails that people write, and Mailgun's webhook with its signature."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client

INBOUND, REPORT = "/webhooks/email/mailgun/inbound_mime/", "/webhooks/email/mailgun/report/"
BOUNDARY = "a-boundary-that-no-mail-has"
File = tuple[str, str, bytes]  # name, content type, content


def letter(
    *,
    sender: str = "Anna Bauer <anna@example.com>",
    to: str = "somebody@reply.smartmessage.example",
    subject: str = "Re: Your application",
    text: str | None = "Thursday works.",
    html: str = "",
    files: Sequence[File] = (),
    authentication: str = "pass",
    **headers: str,
) -> bytes:
    """A mail as it arrives. `authentication`: what Mailgun's server found out about the sender; empty for nothing."""
    mail = EmailMessage()
    domain = sender.rpartition("@")[2].strip(">")
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, to, subject, formatdate()
    mail["Message-ID"] = headers.pop("message_id", f"<{uuid4()}@{domain}>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if text is not None:
        mail.set_content(text)
    if html and text is not None:
        mail.add_alternative(html, subtype="html")
    elif html:
        mail.set_content(html, subtype="html")
    for name, content_type, content in files:
        main, _, sub = content_type.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    results = f"Authentication-Results: mxa.mailgun.org; dmarc={authentication} header.from={domain}\r\n"
    return (results.encode() if authentication else b"") + mail.as_bytes()


def returned(message_id: str, address: str, *, status: str = "5.1.1", action: str = "failed", said: str = "") -> bytes:
    """A mail server's report on a mail of ours (RFC 3464)."""
    said = said or f"550 {status} <{address}>: User unknown"
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mail.example>\r\nTo: nobody@example.com\r\n"
        f"Subject: Undelivered Mail\r\nMessage-ID: <{uuid4()}@mail.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nI'm sorry to have to inform you that your message could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {said}\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\nSubject: Hello\r\n\r\n"
        "Hello!\r\n--b--\r\n"
    ).encode()


def signature(*, key: str = "", at: float | None = None) -> dict[str, str]:
    """Mailgun's: of a time and a token, never of the mail."""
    timestamp, token = str(int(at or time.time())), uuid4().hex
    key = key or settings.EMAIL_WEBHOOK_SECRET
    signed = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": timestamp, "token": token, "signature": signed}


def form(fields: dict[str, str | bytes]) -> bytes:
    parts = [
        b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
        % (BOUNDARY.encode(), name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in fields.items()
    ]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def deliver(client: Client, raw: bytes, *, to: str, sign: dict[str, str] | None = None, path: str = INBOUND) -> int:
    """Mailgun posts a mail that it received for an address of ours; the status of our answer."""
    fields: dict[str, str | bytes] = {"recipient": to, "sender": "anna@example.com", "body-mime": raw}
    fields |= signature() if sign is None else sign
    return client.post(path, form(fields), content_type=f"multipart/form-data; boundary={BOUNDARY}").status_code


def report(client: Client, event: dict[str, Any], *, sign: dict[str, str] | None = None) -> int:
    """Mailgun reports what became of a mail of ours."""
    body = {"signature": signature() if sign is None else sign, "event-data": {"timestamp": time.time(), **event}}
    return client.post(REPORT, json.dumps(body), content_type="application/json").status_code
