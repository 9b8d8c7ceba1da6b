"""Mail in the simulator's tests: what the product sends, as its file backend writes it, and what it is posted."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.simulator.stage import Heard, Product, Simulator, until

ANNA_MAIL, GRACE_MAIL = "anna.bauer@example.com", "grace.turner@example.com"
MAYA = '"Maya Chen, Northwind Robotics" <conversations@mail.northwind.example>'
TOKEN_ADDRESS = "c7-x3k@reply.northwind.example"
SECRET = "demo-mail-signing-key"
END = b"\n" + b"-" * 79 + b"\n"
FILES = count(1)


def mail(to: str = f"Anna Bauer <{ANNA_MAIL}>", subject: str = "Your application", **more: str) -> EmailMessage:
    """A mail of the product; `text` and `html` are its parts, whatever else is named is a header."""
    message = EmailMessage()
    message["From"] = more.pop("sender", MAYA)
    message["To"], message["Subject"] = to, subject
    message["Date"] = "Tue, 24 Nov 2026 10:05:00 +0000"
    message["Message-ID"] = more.pop("message_id", f"<m{next(FILES)}@northwind.example>")
    message["Reply-To"] = more.pop("reply_to", TOKEN_ADDRESS)
    message.set_content(more.pop("text", "Hi Anna,\n\ncould we talk on Thursday?\n\nMaya"))
    if "html" in more:
        message.add_alternative(more.pop("html"), subtype="html")
    for name, value in more.items():
        message[name.replace("_", "-")] = value
    return message


def put(folder: Path, *messages: EmailMessage | bytes, name: str = "") -> Path:
    """Write them into one file, as Django does: after each one a line of dashes."""
    folder.mkdir(exist_ok=True)
    file = folder / (name or f"20261124-1005{next(FILES):06}-1.log")
    with file.open("ab") as stream:
        for each in messages:
            stream.write((each if isinstance(each, bytes) else each.as_bytes()) + END)
    return file


def mailbox(simulator: Simulator, address: str = ANNA_MAIL) -> dict[str, Any]:
    return simulator.look(f"mailboxes/{address}")


def subjects(simulator: Simulator, address: str = ANNA_MAIL, what: str = "received") -> list[str]:
    return [each["subject"] for each in mailbox(simulator, address)[what]]


def write(simulator: Simulator, **more: Any) -> dict[str, Any]:
    """Anna mails to the product; what the control API says about it."""
    given = {"from": f"Anna Bauer <{ANNA_MAIL}>", "to": TOKEN_ADDRESS, "subject": "Re: Your application", "text": "Yes"}
    return simulator.control("mail", **{**given, **more})


@dataclass(frozen=True)
class Posted:
    """A mail as the product was posted it."""

    heard: Heard

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The form, whether in one part or in many; bytes that are no UTF-8 are kept as surrogates."""
        kind = self.heard.headers["Content-Type"]
        if kind == "application/x-www-form-urlencoded":
            return parse_qsl(self.heard.raw.decode(), keep_blank_values=True, errors="surrogateescape")
        _, _, boundary = kind.partition("boundary=")
        parts = self.heard.raw.split(f"--{boundary}".encode())[1:-1]
        found = []
        for part in parts:
            head, _, value = part.strip(b"\r\n").partition(b"\r\n\r\n")
            found.append((head.decode().split('name="')[1].split('"')[0], value.decode("utf-8", "surrogateescape")))
        return found

    @property
    def form(self) -> dict[str, str]:
        return dict(self.fields)

    @property
    def raw(self) -> bytes:
        return self.form["body-mime"].encode("utf-8", "surrogateescape")

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)


def posted(product: Product, times: int = 1) -> list[Posted]:
    """The mails that the product was posted, as soon as there are so many."""
    until(lambda: len(product.heard) >= times, f"{times} posted mails")
    return [Posted(each) for each in list(product.heard)]
