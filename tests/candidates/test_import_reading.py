"""Files of people: whatever program wrote them, they are read; and what is no list of people says what it is."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.imports.reading import Field, Row, Table, Unreadable, as_utf8, recognized
from candidates.imports.rules import Bad, Person, missing, person_of

PEOPLE = [
    ["Name", "Email", "Phone"],
    ["Jürgen Groß", "j@example.com", "+49 30 123487007"],
    ["Zoë", "", "+1 415 123 4567"],
]
COLUMNS = {"name": 0, "email": 1, "phone": 2}


def written(rows: list[list[str]], *, separator: str = ",", line_end: str = "\r\n") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
    return file.getvalue()


def rows_of(content: bytes) -> list[list[str]]:
    table = Table(as_utf8(content))
    return [table.header, *(row.cells for row in table.take(1000))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_program_s_letters_and_separators_are_read(encoding: str, separator: str) -> None:
    assert rows_of(written(PEOPLE, separator=separator).encode(encoding)) == PEOPLE


def test_lines_are_those_of_the_file_whatever_the_cells_hold() -> None:
    text = 'Name,Email\r\n\r\n"Anna\nBauer",a@example.com\r\n,,\r\nBen,b@example.com\r\n'
    assert [(row.line, row.cells[0]) for row in Table(as_utf8(text.encode())).take(9)] == [
        (3, "Anna\nBauer"),
        (6, "Ben"),
    ]


def test_the_hint_that_excel_writes_is_no_row() -> None:
    table = Table(as_utf8(b"sep=;\r\nName;Email\r\nAnna;a@example.com\r\n"))
    assert (table.header, table.take(9)) == (["Name", "Email"], [Row(3, ["Anna", "a@example.com"])])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Unreadable.Reason.EMPTY),
        (b" \r\n\r\n", Unreadable.Reason.EMPTY),
        (b"PK\x03\x04 and so on", Unreadable.Reason.WORKBOOK),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x81", Unreadable.Reason.NOT_TEXT),
        (b"Name,Email\nAn\0na,a@example.com", Unreadable.Reason.NOT_TEXT),
        (b"x" * 10_000_001, Unreadable.Reason.TOO_BIG),
    ],
)
def test_what_is_no_list_says_what_it_is(content: bytes, reason: Unreadable.Reason) -> None:
    with pytest.raises(Unreadable) as caught:
        as_utf8(content)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (["Name", "E-Mail", "Phone"], {"name": 0, "email": 1, "phone": 2}),
        (["FIRST NAME*", "Surname", "Email address"], {"first_name": 0, "last_name": 1, "email": 2}),
        (["Vorname", "Nachname", "E-Mail-Adresse", "Handy"], {"first_name": 0, "last_name": 1, "email": 2, "phone": 3}),
        (["Name", "Vorname", "Telefon"], {"last_name": 0, "first_name": 1, "phone": 2}),
        (["Phone", "Mobile", "Name"], {"phone": 1, "name": 2}),
        (["Anna Bauer", "anna@example.com"], {}),
    ],
)
def test_columns_are_known_by_their_names(header: list[str], columns: dict[str, int]) -> None:
    assert recognized(header) == columns


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), max_size=20),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_program_wrote_is_what_is_read(
    rows: list[list[str]], separator: str, line_end: str, encoding: str
) -> None:
    file = [PEOPLE[0], *rows]
    with_something = [row for row in file if any(cell.strip() for cell in row)]
    assert rows_of(written(file, separator=separator, line_end=line_end).encode(encoding)) == with_something


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_file_makes_the_reader_fall(content: bytes) -> None:
    try:
        table = Table(as_utf8(b"Name,Email,Phone\n" + content))
    except Unreadable:
        return
    rows = table.take(1000)
    assert table.position == len(rows)
    for row in rows:
        assert isinstance(person_of(row, COLUMNS, width=3, home_country="US"), Person | Bad)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=20), st.integers(0, 25), st.integers(0, 25))
def test_a_reader_that_skips_finds_the_same_rows(rows: list[list[str]], skipped: int, taken: int) -> None:
    content = as_utf8(written([PEOPLE[0], *rows]).encode())
    there = Table(content).take(100)
    again = Table(content)
    again.skip_to(skipped)
    assert again.take(taken) == there[skipped : skipped + taken]


def test_a_quote_that_is_never_closed_is_one_bad_row() -> None:
    text = 'Name,Email\n"Anna,a@example.com\n' + "Ben,b@example.com\n" * 20_000
    rows = Table(as_utf8(text.encode())).take(100_000)
    assert (rows[0].line, rows[0].is_broken) == (2, True)
    assert person_of(rows[0], COLUMNS, width=2, home_country="US") == Bad(
        "A quotation mark is opened here and never closed."
    )
    assert rows[-1].cells == ["Ben", "b@example.com"]


def person(*row: str, columns: dict[str, int] | None = None) -> Person | Bad:
    return person_of(Row(2, list(row)), columns or COLUMNS, width=3, home_country="DE")


@pytest.mark.requirement("P1")
def test_a_number_that_can_t_receive_texts_is_kept_as_it_was_typed() -> None:
    found = person("Jack", "", "0412 CALL")
    assert isinstance(found, Person)
    assert (found.phone_typed, found.phone) == ("0412 CALL", "")
    assert "contains the letter “C”" in found.flaw


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "a@example.com", ""), "The name is missing."),
        (("Anna", " ", ""), "There is neither an email nor a phone number."),
        (("Anna", "a@example", ""), "“a@example” is not an email address."),
        (("Anna", "a@example.com"), "This row has 2 columns, the first line 3."),
        (("Anna", "a@example.com", "", "x"), "This row has 4 columns, the first line 3."),
        (("A" * 121, "a@example.com", ""), "Name is too long: it has 121 characters, and at most 120 can be kept."),
        (("Anna", "", "+1 " + "1" * 60), "Phone is too long"),
    ],
)
def test_a_bad_row_says_why(row: tuple[str, ...], words: str) -> None:
    found = person(*row)
    assert isinstance(found, Bad)
    assert found.reason.startswith(words)


def test_empty_cells_at_the_end_do_no_harm() -> None:
    assert person(" Anna\n Bauer ", "a@example.com", "", "", " ") == Person("Anna Bauer", "a@example.com")


def test_the_parts_of_a_name_are_one_name() -> None:
    columns = {str(Field.FIRST_NAME): 0, str(Field.LAST_NAME): 1, str(Field.EMAIL): 2}
    assert person("Anna", "Bauer", "a@example.com", columns=columns) == Person("Anna Bauer", "a@example.com")


def test_what_must_be_chosen_is_said() -> None:
    assert missing({"email": 0}) == "Choose the column that holds the name."
    assert missing({"name": 0}).startswith("Choose the column that holds the email")
    assert missing({"last_name": 0, "phone": 1}) == ""
