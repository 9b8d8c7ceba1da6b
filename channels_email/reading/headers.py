"""Headers: names, values, parameters, encoded words, addresses, dates (RFC 5322, 2047, 2231)."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from channels_email.reading.charsets import clean, decode, one_line
from channels_email.reading.mail import Problem

MOST_BYTES = 256 * 1024  # of all headers of a part
MOST_OF_ONE = 32 * 1024  # of one header: some five hundred recipients
MOST_PARAMETERS = 4 * 1024
MOST_ADDRESSES = 500
MOST_REFERENCES = 100
MOST_OF_SUBJECT = 500
MOST_OF_ADDRESS = 320  # 64 for the person, 255 for the domain, and the @
MOST_OF_ID = 998  # a line's length
NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
BETWEEN_WORDS = re.compile(r"\?=[ \t\r\n]+=\?")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,997}>")
BARE_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")
NAMED = re.compile(r"([^<>@\"();:]{1,300})<([^<>\s()\",;:]{3,320})>\s*")
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")


@dataclass(frozen=True)
class Headers:
    """Names in lower case with their unfolded values, in the order of the mail. Values may hold encoded words."""

    fields: tuple[tuple[str, str], ...] = ()
    problems: set[Problem] = field(default_factory=set, compare=False, repr=False)

    def all(self, name: str) -> list[str]:
        return [value for each, value in self.fields if each == name]

    def get(self, name: str) -> str:
        """The first value, or empty."""
        return next((value for each, value in self.fields if each == name), "")

    def has(self, name: str) -> bool:
        return any(each == name for each, _ in self.fields)

    def text(self, name: str, *, most: int = MOST_OF_SUBJECT) -> str:
        """A value for people, on one line."""
        return one_line(words(self.get(name), self.problems), most=most)

    @property
    def content_type(self) -> str:
        """Main and sub type in lower case; empty where there is none or it makes no sense."""
        kind = self.get("content-type").split(";")[0].strip().lower()
        return kind if TYPE.fullmatch(kind) else ""

    def parameter(self, header: str, name: str) -> str:
        """A parameter of a header, from one piece or several, in whatever charset (RFC 2231); empty for none."""
        message = Message()
        message[header] = self.get(header)[:MOST_PARAMETERS]
        try:
            value = message.get_param(name, "", header)
            if isinstance(value, tuple):
                charset, _, text = value
                return decode(text.encode("latin-1", "replace"), charset or "", self.problems)
            return words(str(value), self.problems)
        except (ValueError, LookupError, TypeError, RecursionError):
            return ""

    @property
    def disposition(self) -> str:
        return self.get("content-disposition").split(";")[0].strip().lower()

    @property
    def file_name(self) -> str:
        """What the sender calls a part, unsafe as it came; empty for none."""
        return self.parameter("content-disposition", "filename") or self.parameter("content-type", "name")


def read_headers(raw: bytes, start: int, end: int, problems: set[Problem]) -> tuple[Headers, int, bool]:
    """The headers from `start` on, where the body begins, and whether some headers were not read."""
    found: list[tuple[str, list[bytes]]] = []
    position, last = start, min(end, start + MOST_BYTES)
    while position < last:
        line_end = raw.find(b"\n", position, end)
        after = end if line_end < 0 else line_end + 1
        line = raw[position : min(after, position + MOST_OF_ONE)].rstrip(b"\r\n")
        if not line:
            return _headers(found, problems), after, False
        if line[:1] in b" \t" and found:
            found[-1][1].append(line)
        elif name := NAME.match(line):
            found.append((name[1].decode("ascii").lower(), [line[name.end() :]]))
        else:
            return _headers(found, problems), position, False  # no header: the body begins without an empty line
        position = after
    if position >= end:
        return _headers(found, problems), end, False
    blank = re.compile(rb"\n\r?\n").search(raw, position, end)
    return _headers(found, problems), blank.end() if blank else end, True


def _headers(found: list[tuple[str, list[bytes]]], problems: set[Problem]) -> Headers:
    fields = []
    for name, lines in found:
        value = b" ".join(line.strip(b" \t") for line in lines).strip()
        if len(value) > MOST_OF_ONE:
            problems.add(Problem.HEADERS_CUT)
            value = value[:MOST_OF_ONE]
        fields.append((name, decode(value, "", problems)))
    return Headers(tuple(fields), problems)


def words(value: str, problems: set[Problem]) -> str:
    """A value with its encoded words decoded (RFC 2047); neighbours of one charset are joined before, for some
    programs cut a letter in two."""
    pieces: list[str] = []
    data, charset, position = b"", "", 0
    value = BETWEEN_WORDS.sub("?==?", value)
    for word in WORD.finditer(value):
        named = word[1].split("*")[0].lower()
        if word.start() > position or named != charset:
            pieces += [decode(data, charset, problems), value[position : word.start()]]
            data, charset = b"", named
        data += _word(word[3], word[2].lower())
        position = word.end()
    return "".join([*pieces, decode(data, charset, problems), value[position:]])


def _word(text: str, encoding: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding == "q":
        return binascii.a2b_qp(data, header=True)
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return data


def addresses(values: list[str], problems: set[Problem]) -> list[tuple[str, str]]:
    """(name, address) for each of the addresses in these values; what holds no address is left out."""
    text = ", ".join(values)[:MOST_OF_ONE]
    if one := NAMED.fullmatch(text):  # also "Weber, Thomas <thomas@…>", which ought to be in quotes
        found = [(one[1], one[2])]
    else:
        found = _parsed(text) or [("", address) for address in BARE_ADDRESS.findall(text)]
    return [
        (one_line(words(name, problems), most=200), normal)
        for name, address in found[:MOST_ADDRESSES]
        if (normal := normal_address(address))
    ]


def _parsed(text: str) -> list[tuple[str, str]]:
    try:
        return [(name, address) for name, address in getaddresses([text]) if "@" in address]
    except (ValueError, IndexError, TypeError, RecursionError):
        return []


def normal_address(address: str) -> str:
    """An address with its domain in lower case; empty for what can't be one."""
    address = one_line(address, most=2 * MOST_OF_ADDRESS).strip("<> ")
    person, at, domain = address.rpartition("@")
    if not (person and at and domain) or len(address) > MOST_OF_ADDRESS or " " in domain:
        return ""
    return f"{person}@{domain.lower().rstrip('.')}"


def sent_at(value: str) -> datetime | None:
    """A Date header's time, aware; None for what is none."""
    try:
        time = parsedate_to_datetime(value[:200])
        time = time if time.tzinfo else time.replace(tzinfo=UTC)  # "-0000": UTC, zone unknown
        time.astimezone(UTC)  # a time of year 1 or 9999 may not exist in UTC
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return time


def message_ids(values: list[str]) -> tuple[str, ...]:
    """The ids in these values, each once. Of very many the first, which began the thread, and the newest."""
    found = dict.fromkeys(each for value in values for each in MESSAGE_ID.findall(clean(value)))
    ids = list(found)
    return tuple(ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[1 - MOST_REFERENCES :]])


def message_id(value: str) -> str:
    """One id: with its brackets, or as it is where it has none."""
    return next(iter(message_ids([value])), "".join(clean(value).split())[:MOST_OF_ID])


def pairs(block: bytes, problems: set[Problem]) -> Iterator[Headers]:
    """Blocks of headers with empty lines between them, as delivery reports have (RFC 3464)."""
    position = 0
    while position < len(block):
        headers, after, _ = read_headers(block, position, len(block), problems)
        if headers.fields:
            yield headers
        if after <= position:
            return
        position = after
