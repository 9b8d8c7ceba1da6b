"""What people mail: letters, with their files, as the program that they use would write them."""

import mimetypes
import secrets
import struct
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from simulator.mail.programs import GMAIL, Program, in_html, quoted
from simulator.mail.reading import ids_in

LARGEST_FILE = 30_000_000  # bytes; Mailgun takes mails of 25 MB


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What is in a mail and on it. Addresses may have names; `references` are message ids, the oldest first.

    With neither text nor HTML it is a mail with an empty text.
    """

    sender: str
    recipient: str
    subject: str = ""
    text: str | None = None
    html: str | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    message_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    charset: str = "utf-8"


@dataclass(frozen=True)
class Wish:
    """What a person fills in on the page. `form`: `both` texts, plain `text`, or `html`, whose source she writes."""

    words: str
    recipient: str = ""
    subject: str = ""
    form: str = "both"
    program: Program = GMAIL
    attachments: tuple[Attachment, ...] = ()


def written(letter: Letter, *, now: float) -> EmailMessage:
    """Raises ValueError for an address or a header that no mail could have."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _mailbox(letter.sender)
    message["To"] = _mailbox(letter.recipient)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
    message["Message-ID"] = letter.message_id or f"<{uuid.uuid4()}@{parseaddr(letter.sender)[1].rpartition('@')[2]}>"
    if letter.in_reply_to:
        message["In-Reply-To"] = letter.in_reply_to
    if letter.references:
        message["References"] = " ".join(letter.references)
    _set_content(message, letter)
    for each in letter.attachments:
        main, _, sub = each.content_type.partition("/")
        message.add_attachment(each.content, maintype=main, subtype=sub or "octet-stream", filename=each.name)
    for name, value in letter.headers.items():
        del message[name]
        message[name] = value
    return message


def written_by(sender: str, wish: Wish, answered: EmailMessage | None, *, now: float) -> Letter:
    """What a person's mail program makes of her wish; what she answers is quoted beneath, and referred to."""
    below = quoted(answered, now=now) if answered is not None else None
    words = wish.words.replace("\r\n", "\n")
    is_source = wish.form == "html"
    return Letter(
        sender,
        wish.recipient,
        wish.subject,
        text=None if is_source else wish.program.text(words, below),
        html=wish.program.html(words if is_source else in_html(words), below) if wish.form != "text" else None,
        in_reply_to=next(iter(ids_in(answered, "Message-ID")), "") if answered is not None else "",
        references=references_to(answered) if answered is not None else (),
        message_id=wish.program.message_id(),
        headers=wish.program.headers(),
        attachments=wish.attachments,
        charset=wish.program.charset,
    )


def answered_subject(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def references_to(original: EmailMessage) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*ids_in(original, "References"), *ids_in(original, "Message-ID")]))


def file_of(name: str, size: int, content_type: str = "") -> Attachment:
    """A file of exactly so many bytes of junk. Raises ValueError for one that no mail could carry."""
    if not 0 <= size <= LARGEST_FILE:
        raise ValueError(f"A file has 0 to {LARGEST_FILE} bytes.")
    kind = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Attachment(name, kind, secrets.token_bytes(size))


def picture(width: int = 320, height: int = 200) -> Attachment:
    """A small PNG: a sky that darkens towards its top."""
    rows = b"".join(b"\0" + bytes((90 + y // 3, 130 + y // 3, 190)) * width for y in range(height))
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    png = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return Attachment("picture.png", "image/png", b"\x89PNG\r\n\x1a\n" + png)


def _set_content(message: EmailMessage, letter: Letter) -> None:
    """Both texts in quoted-printable, as mail programs have them; in the program's charset if it can say it."""
    if letter.text is not None or letter.html is None:
        text = letter.text or ""
        message.set_content(text, charset=_charset(text, letter.charset), cte="quoted-printable")
        if letter.html is not None:
            charset = _charset(letter.html, letter.charset)
            message.add_alternative(letter.html, subtype="html", charset=charset, cte="quoted-printable")
    else:
        charset = _charset(letter.html, letter.charset)
        message.set_content(letter.html, subtype="html", charset=charset, cte="quoted-printable")


def _charset(text: str, wished: str) -> str:
    try:
        text.encode(wished)
    except UnicodeEncodeError:
        return "utf-8"
    return wished


def _mailbox(address: str) -> Address:
    name, bare = parseaddr(address)
    if "@" not in bare:
        raise ValueError(f"{address!r} is no mail address.")
    return Address(name, addr_spec=bare)
