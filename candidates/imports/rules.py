"""What a row of a file says of a person, or why it can't be imported. No query, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from candidates import phone_numbers
from candidates.imports.reading import Columns, Field, Row

LONGEST = {Field.NAME: 120, Field.EMAIL: 254, Field.PHONE: 60}  # characters, as the columns of Candidate


@dataclass(frozen=True)
class Person:
    """As the file has her. `phone` is E.164, empty where the number can't receive texts; `flaw` then says why (P1)."""

    name: str
    email: str = ""
    phone_typed: str = ""
    phone: str = ""
    flaw: str = ""


@dataclass(frozen=True)
class Bad:
    """Nothing of the row is imported."""

    reason: str


def person_of(row: Row, columns: Columns, *, width: int, home_country: str) -> Person | Bad:
    """Read one row. `width` is how many columns the header has.

    A number that can't receive texts is imported and flagged. A malformed email is not imported: by it a person is
    known again, so the corrected file would bring her in a second time.
    """
    if row.is_broken:
        return Bad(_("A quotation mark is opened here and never closed."))
    cells = _fitting(row.cells, width)
    if cells is None:
        return Bad(_("This row has %(found)d columns, the first line %(wanted)d.") % _counts(row.cells, width))
    name, email, typed = _name(cells, columns), _cell(cells, columns, Field.EMAIL), _cell(cells, columns, Field.PHONE)
    if reason := _flaw(name, email, typed):
        return Bad(reason)
    if not typed:
        return Person(name, email)
    try:
        return Person(name, email, typed, phone_numbers.parse(typed, home_country=home_country).e164)
    except phone_numbers.BadNumber as bad:
        return Person(name, email, typed, flaw=bad.sentence_on_record())


def missing(columns: Columns) -> str:
    """What must be chosen before rows can be read; empty if nothing."""
    if not {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME} & columns.keys():
        return _("Choose the column that holds the name.")
    if not {Field.EMAIL, Field.PHONE} & columns.keys():
        return _("Choose the column that holds the email or the phone number; one of them is needed.")
    return ""


def _flaw(name: str, email: str, phone_typed: str) -> str:
    """Why the row is bad, the first reason that counts; empty if it is not."""
    if not name:
        return _("The name is missing.")
    if not email and not phone_typed:
        return _("There is neither an email nor a phone number.")
    for field, value in ((Field.NAME, name), (Field.EMAIL, email), (Field.PHONE, phone_typed)):
        if len(value) > LONGEST[field]:
            words = _("%(column)s is too long: it has %(found)d characters, and at most %(longest)d can be kept.")
            return words % {"column": field.label, "found": len(value), "longest": LONGEST[field]}
    if email and not _is_email(email):
        return _("“%(email)s” is not an email address. Correct it, and import the row again.") % {"email": email}
    return ""


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _fitting(cells: Sequence[str], width: int) -> Sequence[str] | None:
    """The row's cells if there are as many as in the header; programs may add empty ones at the end."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return None
    return cells[:width]


def _counts(cells: Sequence[str], width: int) -> dict[str, int]:
    return {"found": len(cells), "wanted": width}


def _name(cells: Sequence[str], columns: Columns) -> str:
    parts = (_cell(cells, columns, field) for field in (Field.FIRST_NAME, Field.LAST_NAME))
    return " ".join(filter(None, parts)) or _cell(cells, columns, Field.NAME)


def _cell(cells: Sequence[str], columns: Columns, field: Field) -> str:
    """What a column holds, on one line; empty where the file has no such column."""
    column = columns.get(field)
    return " ".join(cells[column].split()) if column is not None and column < len(cells) else ""
