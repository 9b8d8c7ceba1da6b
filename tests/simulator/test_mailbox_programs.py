"""The mail programs: how each quotes what it answers, and what a reader sees of any mail."""

import pytest

from simulator.mail.programs import APPLE, GMAIL, OUTLOOK, PROGRAMS, Program
from simulator.mail.reading import html_of, own_words, parse, seen_of_html, text_of
from simulator.mail.writing import Wish, picture, written, written_by
from tests.simulator.mail_stage import TOKEN_ADDRESS, mail

NOW = 1_795_000_000.0
WORDS = "Thursday is fine.\n\nAnna"


def answered(program: Program, words: str = WORDS, form: str = "both") -> tuple[str, str | None]:
    """Text and HTML of Anna's answer to a mail of Maya's, as a receiver reads them."""
    wish = Wish(words, TOKEN_ADDRESS, "Re: Your application", form, program)
    raw = written(written_by("Anna Bauer <anna.bauer@example.com>", wish, parse(mail().as_bytes()), now=NOW), now=NOW)
    message = parse(raw.as_bytes())
    html = html_of(message)
    return text_of(message).replace("\r\n", "\n"), html and html.replace("\r\n", "\n")


def test_gmail_says_who_wrote_and_quotes_with_brackets() -> None:
    text, html = answered(GMAIL)
    assert text == (
        "Thursday is fine.\n\nAnna\n\n"
        "On Tue, Nov 24, 2026 at 10:05\u202fAM Maya Chen, Northwind Robotics\n"
        "<conversations@mail.northwind.example> wrote:\n\n"
        "> Hi Anna,\n>\n> could we talk on Thursday?\n>\n> Maya\n"
    )
    assert html is not None
    assert '<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Tue' in html
    assert '<blockquote class="gmail_quote"' in html


def test_outlook_repeats_the_head_and_marks_no_line() -> None:
    text, html = answered(OUTLOOK)
    assert text == (
        f"Thursday is fine.\n\nAnna\n\n{'_' * 32}\n"
        "From: Maya Chen, Northwind Robotics <conversations@mail.northwind.example>\n"
        "Sent: Tuesday, November 24, 2026 10:05 AM\n"
        "To: Anna Bauer <anna.bauer@example.com>\n"
        "Subject: Your application\n\n"
        "Hi Anna,\n\ncould we talk on Thursday?\n\nMaya\n"
    )
    assert html is not None
    assert '<div id="appendonsend"></div>' in html
    assert "<b>From:</b> Maya Chen, Northwind Robotics &lt;conversations@" in html


def test_apple_mail_quotes_even_the_line_that_says_who_wrote() -> None:
    text, html = answered(APPLE)
    assert text == (
        "Thursday is fine.\n\nAnna\n\n"
        "> On 24 Nov 2026, at 10:05, Maya Chen, Northwind Robotics <conversations@mail.northwind.example> wrote:\n> \n"
        "> Hi Anna,\n> \n> could we talk on Thursday?\n> \n> Maya\n"
    )
    assert html is not None
    assert '<blockquote type="cite">' in html


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_a_reader_sees_what_was_written_apart_from_what_is_quoted(program: Program) -> None:
    text, _ = answered(program)
    words, quotation = own_words(text)
    assert words == WORDS
    assert "could we talk on Thursday?" in quotation


def test_outlook_keeps_to_its_charset_where_that_can_say_it() -> None:
    wish = Wish("Grüße", TOKEN_ADDRESS, "x", "text", OUTLOOK)
    message = written(written_by("anna@example.com", wish, None, now=NOW), now=NOW)
    assert message.get_content_charset() == "iso-8859-1"
    other = written(
        written_by("anna@example.com", Wish("– ☺", TOKEN_ADDRESS, "x", "text", OUTLOOK), None, now=NOW), now=NOW
    )
    assert other.get_content_charset() == "utf-8"
    assert message["Message-ID"].endswith("outlook.com>")


def test_html_as_written_is_alone_and_untouched() -> None:
    text, html = answered(GMAIL, "<b>Yes</b><script>alert(1)</script>", "html")
    assert html is not None
    assert '<div dir="ltr"><b>Yes</b><script>alert(1)</script></div>' in html
    # and a reader who has only that sees its words
    assert text.startswith("Yes\n")
    assert "alert" not in text


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ('<a href="https://a.example/x?y=1&amp;z=2">here</a>', "here (https://a.example/x?y=1&z=2)"),
        ('<a href="https://a.example">https://a.example</a>', "https://a.example"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<head><style>b{}</style><body>5 &lt; 6 &amp; 7", "5 < 6 & 7"),
    ],
)
def test_html_alone_is_read_as_text(html: str, seen: str) -> None:
    assert seen_of_html(html) == seen


@pytest.mark.parametrize(
    "text",
    [
        "Only words",
        "Two\n\nparagraphs",
        "> only quoted\n> lines",
        "> quoted\nand an answer below",
        "On Monday I wrote:\nno",
    ],
)
def test_what_has_nothing_below_it_is_all_words(text: str) -> None:
    assert own_words(text) == (text, "")


def test_the_picture_is_one() -> None:
    made = picture()
    assert made.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert made.content.endswith(b"IEND\xaeB`\x82")
