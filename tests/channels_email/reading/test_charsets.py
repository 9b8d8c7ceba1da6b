"""Bytes to text, when the mail says what they are, says it wrongly, or says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_email.reading import Problem
from channels_email.reading.charsets import CODECS, decode, one_line
from tests.channels_email.reading.post import delivered

pytestmark = pytest.mark.requirement("Q4")


@pytest.mark.parametrize(
    ("data", "declared", "text", "is_sure"),
    [
        ("Grüße".encode(), "utf-8", "Grüße", True),
        ("Grüße".encode(), "", "Grüße", True),
        ("Grüße".encode(), "us-ascii", "Grüße", True),
        ("Grüße".encode(), "x-unheard-of", "Grüße", True),
        ("Grüße €".encode("cp1252"), "iso-8859-1", "Grüße €", True),
        ("Grüße €".encode("cp1252"), "", "Grüße €", False),
        ("Grüße €".encode("cp1252"), "us-ascii", "Grüße €", False),
        ("Grüße €".encode("cp1252"), "utf-8", "Grüße €", False),
        ("Grüße €".encode("iso8859-15"), '"ISO-8859-15"', "Grüße €", True),
        ("Привет".encode("koi8-r"), "KOI8-R", "Привет", True),
        ("简体①".encode("gb18030"), "gb2312", "简体①", True),
        ("한국어".encode("cp949"), "ks_c_5601-1987", "한국어", True),
        ("日本".encode("iso2022_jp"), "", "日本", True),
        ("\ufeffBOM".encode("utf-16"), "utf-8", "BOM", True),
        ("ok \ufffd".encode()[:-1], "utf-8", "ok \ufffd", False),
        (b"plain", "hex", "plain", True),
        (b"a\r\nb\rc\x00\x1b[31m", "utf-8", "a\nb\nc[31m", True),
    ],
)
def test_text_is_read_as_it_was_written(data: bytes, declared: str, text: str, is_sure: bool) -> None:
    problems: set[Problem] = set()
    assert decode(data, declared, problems) == text
    assert problems == (set() if is_sure else {Problem.CHARSET})


@given(st.binary(max_size=100), st.sampled_from([*CODECS, "", "zlib", "rot13", "idna", "unicode_escape", "undefined"]))
def test_any_bytes_are_text_that_the_database_takes(data: bytes, declared: str) -> None:
    text = decode(data, declared, set())
    assert "\x00" not in text
    text.encode("utf-8")


def test_a_page_may_name_its_charset_itself() -> None:
    html = "<head><meta http-equiv=Content-Type content='text/html; charset=windows-1251'></head><p>Привет</p>"
    assert delivered(b"Content-Type: text/html\n\n" + html.encode("cp1251")).text == "Привет"


def test_a_line_for_people_holds_nothing_that_turns_it_around() -> None:
    assert one_line("  a\u202e b\u200b\n c\x07 ", most=10) == "a b c"
    assert one_line("👩\u200d🔧", most=10) == "👩\u200d🔧"
    assert one_line("abcdef", most=3) == "abc"
