"""Email as rules: subjects, what is formatted, what a code means. Pure."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_email import failures, rules
from channels_email.formatting import as_html


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("The interview", "Re: The interview"),
        ("Re: The interview", "Re: The interview"),
        ("AW: RE: Fwd: The interview", "Re: The interview"),
        ("Re[2]: The interview", "Re: The interview"),
        ("Regarding: x", "Re: Regarding: x"),
        ("  ", ""),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_an_answer_says_re_once(subject: str, answered: str) -> None:
    assert rules.answered_subject(subject) == answered


@given(st.text())
def test_a_subject_is_one_line_and_bare_subjects_stay_bare(subject: str) -> None:
    line = rules.one_line(subject)
    assert len(line.splitlines()) <= 1
    assert line.isprintable()
    assert len(line) <= rules.MOST_OF_A_SUBJECT
    assert rules.bare_subject(rules.answered_subject(line)) == rules.bare_subject(line)


def test_of_a_long_thread_its_beginning_and_its_end_are_named() -> None:
    ids = [f"<{n}@x>" for n in range(100)]
    assert rules.references([*ids, *ids, ""]) == [ids[0], *ids[-19:]]


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("Hello\nAnna", '<p dir="auto">Hello<br>Anna</p>'),
        ("a\n\nb", '<p dir="auto">a</p><p dir="auto">b</p>'),
        ("**bold** and *italic*", '<p dir="auto"><strong>bold</strong> and <em>italic</em></p>'),
        ("2 * 3 * 4 and a*b*c and **", '<p dir="auto">2 * 3 * 4 and a*b*c and **</p>'),
        ("1. one\n2. two", '<ol><li dir="auto">one</li><li dir="auto">two</li></ol>'),
        ("3) three", '<ol start="3"><li dir="auto">three</li></ol>'),
        (
            "Days:\n- <b>\n- *x*",
            '<p dir="auto">Days:</p><ul><li dir="auto">&lt;b&gt;</li><li dir="auto"><em>x</em></li></ul>',
        ),
        ("-5 degrees", '<p dir="auto">-5 degrees</p>'),
        ("", ""),
    ],
)
def test_few_signs_are_formatted(body: str, html: str) -> None:
    assert as_html(body) == html


def test_an_address_within_bold_words_stays_an_address() -> None:
    html = as_html("**see https://example.com/a*b*c now**")
    assert html.startswith('<p dir="auto"><strong>see <a href="https://example.com/a*b*c"')
    assert html.endswith("</a> now</strong></p>")


@given(st.text(alphabet="ab*- \n1.<>&\"'\x00/:htps", max_size=60))
def test_nothing_but_our_own_elements_comes_out(body: str) -> None:
    html = as_html(body)
    bare = str(html)
    for element in ('<p dir="auto">', '<li dir="auto">', "<ul>", "<ol>", "<br>", "<strong>", "<em>"):
        bare = bare.replace(element, "")
        bare = bare.replace(f"</{element[1:].split()[0].strip('>')}>", "")
    bare = re.sub(r'<ol start="\d+">', "", bare)
    bare = re.sub(r'<a href="https?://[^"<>]*" rel="noopener nofollow" target="_blank">|</a>', "", bare)
    assert "<" not in bare
    assert "\x00" not in bare


@pytest.mark.parametrize(
    ("said", "number", "sentence", "is_for_good"),
    [
        ({"status": "5.1.1"}, 5_001_001, "This mailbox doesn't exist.", True),
        ({"status": "5.0.0", "words": "550 5.1.1 User unknown"}, 5_001_001, "This mailbox doesn't exist.", True),
        ({"words": "550 no such user"}, 5_001_001, "This mailbox doesn't exist.", True),
        ({"status": "4.1.1"}, 4_001_001, "This mailbox doesn't exist.", False),
        ({"status": "5.2.2"}, 5_002_002, "This mailbox is full.", False),
        (
            {"status": "5.7.26"},
            5_007_026,
            "The receiving mail server refused the email, by its rules or as unwanted.",
            False,
        ),
        ({"status": "4.4.7"}, 4_004_007, "The receiving mail server couldn't be reached for too long.", False),
        ({"reply": 550}, 550, "The receiving mail server doesn't take email for this address.", False),
        ({"reply": 554, "words": "from 10.5.1.1"}, 554, "The receiving mail server refused the email.", False),
        ({}, None, "The email could not be delivered.", False),
    ],
)
def test_what_a_mail_server_said_is_said_in_plain_words(
    said: dict[str, object], number: int | None, sentence: str, is_for_good: bool
) -> None:
    code = failures.code_of(**said)  # type: ignore[arg-type]
    assert code == number
    assert failures.explain(code).sentence == sentence
    assert failures.is_for_good(code) == is_for_good
