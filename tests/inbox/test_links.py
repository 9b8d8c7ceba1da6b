"""What people wrote, as HTML: links are clickable, and nothing else happens (Q7)."""

import html
import re
import time

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from inbox.links import linkify

LINK = re.compile(r'<a href="([^"<>]*)" rel="noopener nofollow" target="_blank">([^<>]*)</a>')
PIECES = [
    "https://",
    "http://",
    "www.",
    "javascript:",
    "a.example/x",
    "(",
    ")",
    "[",
    "]",
    "&region=1",
    "&amp;",
]
PIECES += ["<b>", "</a>", '"', "'", "”", ".", "!", " ", "\n", "\r\n", "\x00", "\u202e", "é", "😀", "@"]


def links(text: str) -> list[tuple[str, str]]:
    return [(html.unescape(href), html.unescape(shown)) for href, shown in LINK.findall(linkify(text))]


@pytest.mark.requirement("Q7")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://jobs.example.com", "https://jobs.example.com"),
        ("Join HTTPS://Meet.Example/abc-def?pwd=a_b#x now", "HTTPS://Meet.Example/abc-def?pwd=a_b#x"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("see https://a.example/jobs.", "https://a.example/jobs"),
        ("see https://a.example/jobs?!…", "https://a.example/jobs"),
        ("(https://a.example/jobs)", "https://a.example/jobs"),
        ("(see https://a.example/jobs).", "https://a.example/jobs"),
        ("[https://a.example/x(1)]", "https://a.example/x(1)"),
        ("https://en.example/wiki/Job_(film)", "https://en.example/wiki/Job_(film)"),
        ("https://en.example/wiki/Job_(film)).", "https://en.example/wiki/Job_(film)"),
        ("https://a.example/x(", "https://a.example/x"),
        ("“https://a.example/x”", "https://a.example/x"),
        ("'https://a.example/x'", "https://a.example/x"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("https://a.example/?job=5&region=de&copy=2", "https://a.example/?job=5&region=de&copy=2"),
        ("https://bücher.example/ä", "https://bücher.example/ä"),
        ("请看https://a.example/x", "https://a.example/x"),
        ("and/or:https://a.example/x", "https://a.example/x"),
        ("https://a.example/\x00x", "https://a.example/"),
        ("https://a.example/\u202excod.exe", "https://a.example/"),
    ],
)
def test_an_address_leads_to_what_it_shows(text: str, shown: str) -> None:
    assert links(text) == [(shown, shown)]


@pytest.mark.requirement("Q7")
def test_an_address_without_scheme_leads_to_https() -> None:
    assert links("www.example.com/jobs, soon") == [("https://www.example.com/jobs", "www.example.com/jobs")]


@pytest.mark.requirement("Q7")
def test_several_addresses_and_the_text_between_them() -> None:
    text = "One: https://a.example/1, two: www.b.example."
    assert links(text) == [
        ("https://a.example/1", "https://a.example/1"),
        ("https://www.b.example", "www.b.example"),
    ]


@pytest.mark.requirement("Q7")
@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://www.example.com",
        "//example.com",
        "example.com",
        "anna@example.com",
        "anna@www.example.com",
        "awww.nice",
        "xhttps://a.example",
        "https://",
        "https://...",
        "www.",
        "www..",
        "http:/a.example",
        "",
    ],
)
def test_anything_else_is_text(text: str) -> None:
    assert "<a" not in linkify(text)


@pytest.mark.requirement("Q7")
def test_markup_stays_what_was_typed() -> None:
    assert linkify("<script>1 & 2</script>") == "&lt;script&gt;1 &amp; 2&lt;/script&gt;"
    assert linkify('https://a.example/"onclick="x') == (
        '<a href="https://a.example/" rel="noopener nofollow" target="_blank">https://a.example/</a>'
        "&quot;onclick=&quot;x"
    )


def test_line_ends_stay() -> None:
    assert linkify("a\nb\r\nc\rd\n\ne") == "a<br>b<br>c<br>d<br><br>e"


def test_markup_that_claims_to_be_safe_is_escaped_too() -> None:
    assert linkify(SafeString("<b>")) == "&lt;b&gt;"


@pytest.mark.requirement("Q7")
@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_whatever_comes_is_kept_and_gains_links_and_line_ends_only(text: str) -> None:
    page = linkify(text)
    without_links = LINK.sub(r"\2", page)
    assert isinstance(page, SafeString)
    assert "<" not in without_links.replace("<br>", "")
    assert html.unescape(without_links.replace("<br>", "\n")) == re.sub(r"\r\n?", "\n", text)


@pytest.mark.requirement("Q7")
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_every_link_leads_to_what_it_shows_over_http(text: str) -> None:
    for href, shown in links(text):
        assert re.match(r"https?://\w", href, re.IGNORECASE)
        assert href in (shown, f"https://{shown}")
        assert shown in text


@pytest.mark.parametrize("tail", [")", "(", "()", ".", ").", "www.", "https://"])
def test_a_hostile_text_is_no_work(tail: str) -> None:
    began = time.perf_counter()
    linkify("https://a.example/" + tail * 50_000)
    assert time.perf_counter() - began < 2
