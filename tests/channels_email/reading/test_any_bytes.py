"""Whatever comes, a mail comes out of it, and soon."""

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from channels_email.reading import Mail, Problem, headers, read
from channels_email.reading import reader as reading
from tests.channels_email.reading.post import NAMES, delivered, page, raw, written
from tests.channels_email.reading.soundness import assert_sound

pytestmark = pytest.mark.requirement("Q4")
MOST_SECONDS = 5  # of processor time; each takes less than one, and took up to hours where a step was quadratic

PIECES = st.sampled_from(
    [
        *(b"\r\n", b"\n\n", b"--", b"=", b";", b"<", b">", b'"', b"\x00", b"\xff\xfe", b"\x1b$B", b"=?utf-8?q?", b"?="),
        *(b"Content-Type: multipart/mixed; boundary=x\n\n--x\n", b"--x--", b"Content-Transfer-Encoding: base64\n"),
        *(b"Content-Type: text/html\n\n", b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n"),
        *(b"Content-Type: message/delivery-status\n\n", b"charset=utf-16\n", b"charset=utf-7\n", b"charset=hex\n"),
        *(b"<blockquote>", b"</div>", b"<style>", b"<!--", b"<table><tr>", b"On 1.1.2026 10:00 x wrote:\n", b"> "),
        *(b"From: (((", b"Date: Mon, 32 Foo 99999 25:61 +9999\n", b"From: a@b, c@d\n", b"\x78\x9f\x3e\x22\x01\x00"),
    ]
)


@given(st.binary(max_size=2000))
@example(b"")
@example(b"\n\n\n")
@example(b"From nobody\n")
@example(b"Content-Type: multipart/mixed; boundary=\n\n--\n--\n")
@example(b"Content-Type: text/plain; charset=unicode_escape\n\n\\ud800")
@example(b"Content-Type: text/html\n\n&#" + b"9" * 5000 + b";")
@settings(max_examples=200)
def test_any_bytes_are_a_mail(content: bytes) -> None:
    assert_sound(delivered(content))


@given(st.lists(PIECES | st.binary(max_size=12), max_size=30).map(b"".join))
@settings(max_examples=200)
def test_pieces_of_mails_in_any_order_are_a_mail(content: bytes) -> None:
    assert_sound(delivered(content))


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=250)
def test_a_mail_that_was_damaged_on_its_way_is_a_mail(name: str, data: st.DataObject) -> None:
    content = raw(name)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        put = data.draw(st.just(b"") | st.binary(max_size=8) | PIECES | st.just(content[place : place + 400]))
        content = content[:place] + put + content[place + length :]
    assert_sound(delivered(content[: data.draw(st.integers(0, len(content)) | st.just(len(content)))]))


HTML = st.lists(
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<b>",
                "</b>",
                "<a href=https://x.example>",
                "</a>",
                "<table>",
                "</table>",
            ),
            *(
                "<tr>",
                "<td>",
                "</td>",
                "<ul>",
                "<li>",
                "<blockquote type=cite>",
                "</blockquote>",
                "<br>",
                "<hr>",
                "<pre>",
            ),
            *("<svg>", "<math>", "<mtext>", "<style>", "</style>", "<title>", "<noscript>", "<template>", "<select>"),
            *("<!--", "-->", "<![CDATA[", "]]>", "<img src=x onerror=alert(1)>", "<img src=cid:a>", "<p title='", "'>"),
            *('<a title="', '">', "<h1>", "<form>", "<textarea>", "</textarea>", "<plaintext>", "<xmp>", "<caption>"),
            *(
                "&lt;script&gt;",
                "&amp;lt;",
                "\x00",
                "\xa0",
                "x",
                "</",
                "<",
                "On 1.1.2026 10:00 a@b.c wrote:",
                "<mglyph>",
            ),
        ]
    )
    | st.text(max_size=5),
    max_size=60,
).map("".join)


@given(HTML)
@settings(max_examples=300)
def test_any_page_is_safe_and_stays_so_when_it_is_read_again(html: str) -> None:
    found = page(html)
    assert_sound(found)
    assert_sound(page(found.html + found.quoted_html))


LONG = 1_000_000


def repeated(piece: str) -> str:
    return piece * (LONG // len(piece))


@pytest.mark.parametrize(
    "html",
    [
        *map(
            repeated,
            ("<div>", "<blockquote>x", "<table><tr><td>", "<a ", '<a b="', "<a b='\" ", "<!--", "<!", "</", "&"),
        ),
        *map(repeated, ("<", "<style></styl", "<br>", "<ul><li>x", "<img src=cid:x alt=y>", "<p style=';opacity:0;'>")),
        "<div>" * 5000 + repeated("</p>"),
        "<p>" + "".join(f"<b a={n}>" for n in range(3000)) + "</p>" + repeated("<p>x"),
        "<blockquote>" * 90 + repeated("<br>x"),
    ],
    ids=lambda html: html[:14],
)
def test_a_page_made_to_keep_us_busy_does_not(html: str) -> None:
    assert_sound(within_time(lambda: page(html)))


@pytest.mark.parametrize(
    "text",
    [
        *map(
            repeated,
            (">", ">\n", "\n", "-- ", "From: a\n", "On 1 wrote: x:\n", "On 1 x wrote:\n\n\n\n", f"{'On ' * 90}1:\n"),
        ),
        *map(repeated, (f"{'-' * 290} forwarded\n", f"Am 1 {'schrieb ' * 30}:\n")),
    ],
    ids=lambda text: repr(text[:14]),
)
def test_a_text_made_to_keep_us_busy_does_not(text: str) -> None:
    within_time(lambda: written(text))


@pytest.mark.parametrize(
    "start",
    [
        *("Subject: =?utf-8?q?", "Subject: =?a?q?b?= ", "To: a@b, ", "To: (", 'To: "', "To: <", "References: <a@b> "),
        *('Content-Type: text/plain;a="', "Content-Type: multipart/mixed;boundary*0=a;", "A: b\n", "Date: 1 "),
        *("Authentication-Results: mx.northwind.example;dkim=pass ", "Authentication-Results: ((("),
    ],
)
def test_headers_made_to_keep_us_busy_do_not(start: str) -> None:
    name, _, value = start.partition(": ")
    content = (
        f"{name}: {value * (LONG // len(value))}\n\n" if not start.endswith("\n") else start * (LONG // len(start))
    )
    found = within_time(lambda: delivered(content.encode()))
    assert Problem.HEADERS_CUT in found.problems


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 20_000, Problem.TOO_MANY_PARTS),
        (
            b"".join(b"Content-Type: multipart/mixed; boundary=a%d\n\n--a%d\n" % (n, n) for n in range(5000)),
            Problem.TOO_DEEP,
        ),
        (b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a" * 300_000, Problem.TRUNCATED),
        (b"Content-Transfer-Encoding: base64\nContent-Type: image/png\n\n" + b"A=" * 500_000, Problem.DAMAGED),
        (b"Content-Type: text/plain\n\n" + b"word " * 500_000, Problem.TEXT_CUT),
    ],
    ids=["parts", "depth", "no boundary", "padding", "long text"],
)
def test_what_is_too_much_is_named(content: bytes, problem: Problem) -> None:
    found = within_time(lambda: delivered(content))
    assert problem in found.problems


def test_the_text_that_is_too_long_to_show_is_kept_as_a_file() -> None:
    found = written("word " * 500_000)
    assert len(found.text) <= 1_000_000
    assert found.attachments[0].size == 2_500_000
    assert found.attachments[0].name == "attachment.txt"


def test_of_a_mail_that_nothing_can_be_made_of_the_bytes_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    # given a mistake of ours that no test knows
    def mistaken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(reading, "parse", mistaken)
    # when
    found = read(b"Subject: Hello\n\nHello")
    # then
    assert found.problems == (Problem.UNREADABLE,)
    assert found.attachments[0].content == b"Subject: Hello\n\nHello"


@given(st.text(max_size=200))
def test_any_header_value_can_be_read(value: str) -> None:
    problems: set[Problem] = set()
    headers.words(value, problems)
    headers.addresses([value], problems)
    headers.sent_at(value)
    headers.message_ids([value])


def within_time(work: Callable[[], Mail]) -> Mail:
    begun = time.process_time()
    result = work()
    assert time.process_time() - begun < MOST_SECONDS
    return result
