"""The parts of a mail (RFC 2045, 2046), as places in the bytes that came: nothing is copied until it is asked for.

Python's own parser makes several copies of a big attachment and keeps them; this one holds the mail once, and each
decoded part once. Every step moves forward, so the time grows with the size and with nothing else.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from channels_email.reading.headers import Headers, read_headers
from channels_email.reading.mail import Problem

MOST_DEPTH = 20  # of multiparts in one another; a long forwarded thread has three or four
MOST_PARTS = 300
BLANK_LINES = re.compile(rb"[\r\n]*")
BASE64 = re.compile(rb"[A-Za-z0-9+/]")
NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


@dataclass(frozen=True)
class Part:
    """A part: its headers, and the place of its body in `raw`. A multipart has children and no content of its own."""

    headers: Headers
    raw: bytes = field(repr=False)
    start: int
    end: int
    content_type: str
    children: tuple["Part", ...] = ()

    @cached_property
    def is_damaged(self) -> bool:
        """Whether the body isn't what its encoding should give."""
        return self._decoded[1]

    @property
    def content(self) -> bytes:
        """The body, decoded; kept, so that the words, the file and the fingerprint share it."""
        return self._decoded[0]

    @property
    def encoding(self) -> str:
        return self.headers.get("content-transfer-encoding").split(";")[0].strip().lower()

    @cached_property
    def _decoded(self) -> tuple[bytes, bool]:
        body = memoryview(self.raw)[self.start : self.end]
        match self.encoding:
            case "base64":
                decoded, is_damaged = _from_base64(body)
                return decoded, is_damaged or self._goes_on_after_padding()
            case "quoted-printable":
                return binascii.a2b_qp(body), False
            case "" | "7bit" | "8bit" | "binary" | "7-bit" | "8-bit":
                return bytes(body), False
        return bytes(body), True

    def _goes_on_after_padding(self) -> bool:
        """Whether something follows the end of the data: programs append footers without looking."""
        padding = self.raw.find(b"=", self.start, self.end)
        return padding >= 0 and BASE64.search(self.raw, padding, self.end) is not None

    def walk(self) -> Iterator["Part"]:
        """This part and all within, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def parse(raw: bytes, problems: set[Problem]) -> Part:
    """The whole mail as a tree of parts."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    blank = BLANK_LINES.match(raw)
    start = blank.end() if blank else 0
    if raw.startswith((b"From ", b">From "), start):  # the line that mailboxes put before a mail
        start = raw.find(b"\n", start) + 1
    return _Parser(raw, problems).part(start, len(raw), depth=0)


class _Parser:
    def __init__(self, raw: bytes, problems: set[Problem]) -> None:
        self.raw, self.problems, self.parts = raw, problems, 0

    def part(self, start: int, end: int, *, depth: int, usual: str = "text/plain") -> Part:
        self.parts += 1
        headers, body, is_cut = read_headers(self.raw, start, end, self.problems)
        if is_cut:
            self.problems.add(Problem.HEADERS_CUT)
        kind = headers.content_type or usual
        boundary = headers.parameter("content-type", "boundary").rstrip().encode("utf-8", "replace")
        if not kind.startswith("multipart/"):
            return Part(headers, self.raw, body, end, kind)
        if depth >= MOST_DEPTH:
            self.problems.add(Problem.TOO_DEEP)
            return Part(headers, self.raw, start, end, "message/rfc822")
        children = self._children(body, end, boundary, depth, kind) if boundary else ()
        if not children:  # says that it has parts, and has none: its text is better than nothing
            self.problems.add(Problem.TRUNCATED)
            return Part(headers, self.raw, body, end, "text/plain")
        return Part(headers, self.raw, body, end, kind, children)

    def _children(self, start: int, end: int, boundary: bytes, depth: int, kind: str) -> tuple[Part, ...]:
        usual = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        found: list[Part] = []
        for first, last in self._spans(start, end, b"--" + boundary):
            if self.parts >= MOST_PARTS:
                self.problems.add(Problem.TOO_MANY_PARTS)
                break
            found.append(self.part(first, last, depth=depth + 1, usual=usual))
        return tuple(found)

    def _spans(self, start: int, end: int, delimiter: bytes) -> Iterator[tuple[int, int]]:
        """Where the parts between these delimiters begin and end. A missing last delimiter is a problem, no end."""
        begun, position = -1, start
        while (found := self.raw.find(delimiter, position, end)) >= 0:
            position = found + len(delimiter)
            if found > start and self.raw[found - 1] != 0x0A:
                continue
            line_end = self.raw.find(b"\n", position, end)
            line_end = end if line_end < 0 else line_end
            rest = self.raw[position : min(line_end, position + 100)].strip()
            if rest not in {b"", b"--"}:
                continue  # a longer boundary that begins alike
            if begun >= 0:
                yield begun, max(begun, self._before_line_end(found))
            if rest:
                return
            begun = position = min(line_end + 1, end)
        self.problems.add(Problem.TRUNCATED)
        if begun >= 0:
            yield begun, end

    def _before_line_end(self, position: int) -> int:
        """A delimiter owns the line end before it (RFC 2046, 5.1.1)."""
        if self.raw[position - 1 : position] == b"\n":
            position -= 1
            if self.raw[position - 1 : position] == b"\r":
                position -= 1
        return position


def _from_base64(body: memoryview) -> tuple[bytes, bool]:
    try:
        decoded = binascii.a2b_base64(body)
    except binascii.Error:
        letters = bytes(body).translate(None, NOT_BASE64)
        whole = len(letters) - (len(letters) % 4 == 1)  # one letter alone says nothing
        return binascii.a2b_base64(letters[:whole] + b"=" * (-whole % 4)), True
    return decoded, False
