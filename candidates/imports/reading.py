"""A file of people as rows of cells, whatever program wrote it. Nothing here knows what a row means.

Letters: UTF-8 with or without its mark, UTF-16, Windows-1252. Separators: comma, semicolon, tab. Cells may be quoted
and hold line breaks. A file is kept as UTF-8 from the upload on, so its letters are recognized once.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 10_000_000
SEPARATORS = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs")}
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx, .ods and .numbers; .xls


class Field(TextChoices):
    """What a column can hold for us."""

    NAME = "name", _("Name")
    FIRST_NAME = "first_name", _("First name")
    LAST_NAME = "last_name", _("Last name")
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")


# What columns are called, without blanks and signs; the first that is there wins, a mobile before any other phone.
HEADER_WORDS: dict[Field, tuple[str, ...]] = {
    Field.NAME: (
        "name",
        "fullname",
        "candidate",
        "candidatename",
        "person",
        "kandidat",
        "bewerber",
        "vollständigername",
    ),
    Field.FIRST_NAME: ("firstname", "givenname", "forename", "vorname", "rufname"),
    Field.LAST_NAME: ("lastname", "surname", "familyname", "nachname", "familienname", "zuname"),
    Field.EMAIL: ("email", "emailaddress", "mail", "mailaddress", "emailadresse", "mailadresse"),
    Field.PHONE: (
        *("mobile", "mobilephone", "mobilenumber", "mobilephonenumber", "cell", "cellphone", "cellphonenumber"),
        *("mobil", "mobilnummer", "mobiltelefon", "handy", "handynummer"),
        *("phone", "phonenumber", "telephone", "telephonenumber", "tel", "telefon", "telefonnummer", "rufnummer"),
    ),
}
Columns = dict[str, int]  # which column holds a field, counted from 0


class Unreadable(ValueError):
    """A file that is no list of people; says what it is and what helps."""

    class Reason(TextChoices):
        EMPTY = "empty", _("This file is empty. Choose another one.")
        TOO_BIG = "too big", _("This file is larger than 10 MB. Split it into several files, and import each.")
        WORKBOOK = (
            "workbook",
            _("This is a workbook. Save it as CSV in your spreadsheet program, then choose that file."),
        )
        NOT_TEXT = "not text", _("This file is no text. Save your list as CSV (UTF-8), then choose that file.")
        NO_HEADER = (
            "no header",
            _(
                "The first line doesn't say what the columns hold. Put their names there, for example "
                "Name, Email, Phone, then choose the file again."
            ),
        )

        ONLY_HEADER = "only header", _("This file has a first line and no people below it. Choose another one.")

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def sentence(self) -> str:
        return str(self.reason.label)


@dataclass(frozen=True)
class Row:
    """`line` is where it begins in the file, counted from 1. Broken: a quote that was opened is never closed."""

    line: int
    cells: list[str]
    is_broken: bool = False


class Table:
    """A file that is read from top to bottom, once. `position` is how many rows below the header were taken."""

    def __init__(self, content: bytes) -> None:
        """`content` is UTF-8. Raises Unreadable where nothing is in it."""
        self.separator = max(SEPARATORS, key=lambda separator: _likeness(content, separator))
        self._rows = _rows(content, self.separator)
        header = next(self._rows, None)
        if header is None:
            raise Unreadable(Unreadable.Reason.EMPTY)
        self.header = [cell.strip() for cell in header.cells]
        self.position = 0

    def take(self, count: int) -> list[Row]:
        """The next rows; fewer than asked for at the end. Rows without anything in them don't count."""
        taken = list(islice(self._rows, count))
        self.position += len(taken)
        return taken

    def skip_to(self, position: int) -> None:
        while self.position < position and self._skip_one():
            pass

    def count_rest(self) -> int:
        """How many rows are left; they are taken."""
        before = self.position
        while self._skip_one():
            pass
        return self.position - before

    def _skip_one(self) -> bool:
        is_there = next(self._rows, None) is not None
        self.position += is_there
        return is_there


def as_utf8(content: bytes) -> bytes:
    """The file's letters as UTF-8, or Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Unreadable.Reason.TOO_BIG)
    if content.startswith(WORKBOOKS):
        raise Unreadable(Unreadable.Reason.WORKBOOK)
    text = _decoded(content).removeprefix("\ufeff")
    if "\0" in text:
        raise Unreadable(Unreadable.Reason.NOT_TEXT)
    if not text.strip():
        raise Unreadable(Unreadable.Reason.EMPTY)
    return text.encode()


def recognized(header: Sequence[str]) -> Columns:
    """Which columns hold what, by their names."""
    words = [_word(cell) for cell in header]
    found = {field: next((word for word in known if word in words), None) for field, known in HEADER_WORDS.items()}
    columns = {str(field): words.index(word) for field, word in found.items() if word}
    if Field.FIRST_NAME in columns and Field.NAME in columns:  # "Name; Vorname" is what many lists say in German
        columns.setdefault(str(Field.LAST_NAME), columns.pop(Field.NAME))
    return columns


def _decoded(content: bytes) -> str:
    for encoding in _encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(Unreadable.Reason.NOT_TEXT)


def _encodings(content: bytes) -> tuple[str, ...]:
    """Those to try, in order. Every second byte of UTF-16 is mostly zero in European languages."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    head = content[:1000]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if zeros.count(0) > len(zeros) // 2:
            return (encoding,)
    return ("utf-8-sig", "cp1252")


def _rows(content: bytes, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""), delimiter=separator)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a quote that swallowed more than any cell holds; what follows is read as it stands
            yield Row(line, [], is_broken=True)
            continue
        is_separator_of_excel = line == 1 and bool(cells) and cells[0].startswith("sep=")
        if not is_separator_of_excel and any(cell.strip() for cell in cells):
            yield Row(line, cells)


def _likeness(content: bytes, separator: str) -> tuple[int, int]:
    """How well the first row can be read with this separator."""
    first = next(_rows(content, separator), None)
    return (len(recognized(first.cells)), len(first.cells)) if first else (0, 0)


def _word(cell: str) -> str:
    """A column's name without blanks and signs: "E-Mail *" is "email"."""
    return re.sub(r"[\W_]+", "", cell).casefold()
