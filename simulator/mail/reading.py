"""A mail as its reader has it: who, what, the words and the files, whatever it is made of."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any

MESSAGE_ID = re.compile(r"<[^<>\s]+>")
# what mail programs put in front of what they quote, and the quoted lines that end a mail
QUOTED_END = re.compile(
    r"\n(?:On [^\n]+(?:\n(?!>)[^\n]*)?wrote:\s*\n+(?=>)|[^\n>]+:\n+(?=>))?(?:>[^\n]*(?:\n|\Z)\s*)+\Z"
    r"|\n_{32}\nFrom: .*\Z",
    re.DOTALL,
)
BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote", "hr"})
UNSEEN = frozenset({"style", "script", "head", "title"})


@dataclass(frozen=True)
class File:
    """An attachment: `place` is its number in the mail, `size` in bytes."""

    place: int
    name: str
    content_type: str
    size: int

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "content_type": self.content_type, "bytes": self.size}


def parse(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def header(message: EmailMessage, name: str) -> str:
    """Its first value, decoded; empty if there is none."""
    return next(iter(_values(message, name)), "")


def headers(message: EmailMessage) -> list[tuple[str, str]]:
    """All of them in their order. What can't be decoded, or breaks the library's parser, is as it was written."""
    return [(name, _clean(name, str(written))) for name, written in message.raw_items()]


def text_of(message: EmailMessage) -> str:
    """The words: the plain part, or else what a reader sees of the HTML."""
    plain = _content(message, "plain")
    return plain if plain is not None else seen_of_html(html_of(message) or "")


def html_of(message: EmailMessage) -> str | None:
    return _content(message, "html")


def files_of(message: EmailMessage) -> list[File]:
    """The attachments, and the pictures within an HTML text."""
    return [
        File(place, part.get_filename() or f"part {place + 1}", part.get_content_type(), len(content_of(part)))
        for place, part in enumerate(file_parts(message))
    ]


def file_parts(message: EmailMessage) -> list[EmailMessage]:
    bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
    return [part for part in _leaves(message) if not any(part is body for body in bodies)]


def content_of(part: EmailMessage) -> bytes:
    """The bytes of a file; of a mail within the mail, the mail as it is written."""
    if part.is_multipart():
        return b"\r\n".join(inner.as_bytes() for inner in part.iter_parts())
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def addresses_in(message: EmailMessage, *names: str) -> list[str]:
    """The bare addresses of these headers in lower case, each once."""
    values = [value for name in names for value in _values(message, name)]
    return list(dict.fromkeys(address.lower() for _, address in getaddresses(values) if "@" in address))


def answer_address(message: EmailMessage) -> str:
    """Whom a person's reply goes to: Reply-To, else From."""
    return next(iter([*addresses_in(message, "Reply-To"), *addresses_in(message, "From")]), "")


def ids_in(message: EmailMessage, name: str) -> list[str]:
    """The message ids of a header, which may be broken over lines, or contain none."""
    return MESSAGE_ID.findall(header(message, name))


def written_at(message: EmailMessage) -> float | None:
    """Seconds since 1970; None for a date that is missing or none."""
    try:
        found: datetime = parsedate_to_datetime(header(message, "Date"))
    except (ValueError, TypeError, OverflowError):
        return None
    return found.timestamp()


def own_words(text: str) -> tuple[str, str]:
    """What was written, and apart from it what is quoted below."""
    text = text.replace("\r\n", "\n").strip("\n")
    found = QUOTED_END.search(f"\n{text}")
    if not found:
        return text, ""
    words = f"\n{text}"[: found.start()].strip("\n")
    return (words, found[0].strip("\n")) if words else (text, "")


def seen_of_html(html: str) -> str:
    """The words of an HTML text in lines; a link that says something else than its address has it in brackets."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = 0 if tag == "body" else self._hidden + (tag in UNSEEN)  # a head needn't be closed
        if tag in BREAKS:
            self.pieces.append("\n")
        if tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in UNSEEN))
        if tag in BREAKS - {"br", "hr"}:
            self.pieces.append("\n")
        if tag == "a" and self._link.startswith("http") and self._link not in self.pieces[-1:]:
            self.pieces.append(f" ({self._link})")
        if tag == "a":
            self._link = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data.replace("\n", " "))


def _values(message: EmailMessage, name: str) -> list[str]:
    """Only these are decoded: that takes most of the time that a mail takes."""
    return [_clean(name, str(written)) for each, written in message.raw_items() if each.lower() == name.lower()]


def _clean(name: str, written: str) -> str:
    try:
        value = str(email.policy.default.header_fetch_parse(name, written))
    except Exception:  # whatever a broken header makes of the parser
        value = written
    return " ".join(value.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())


def _content(message: EmailMessage, kind: str) -> str | None:
    """The text of this kind; what its charset can't read is replaced, and what names no known one is read as UTF-8."""
    part = message.get_body((kind,))
    if part is None:
        return None
    raw = part.get_payload(decode=True)
    raw = raw if isinstance(raw, bytes) else b""
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """All parts that hold something; a mail within the mail is one of them."""
    if message.get_content_maintype() != "multipart":
        yield message
        return
    for part in message.iter_parts():
        if isinstance(part, EmailMessage):
            yield from _leaves(part)
