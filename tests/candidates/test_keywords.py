"""Which messages are commands, in whatever disguise, and which only contain one (O9)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.keywords import BLANKS, CATALOGUE, FINAL_PUNCTUATION, MEANINGS, QUOTES, UNSEEN, Keyword, read

BY_HAND = {  # written out once more, so that a word lost from the catalogue is noticed
    Keyword.STOP: "stop, stopall, stop all, unsubscribe, cancel, end, quit, revoke, "
    "optout, opt out, opt-out, arret, arrêt, arrete, arrête, arrett, désabonner, desabonner, stopp, "
    "abmelden, abbestellen, afmelden, uitschrijven, avregistrera",
    Keyword.START: "start, unstop",
    Keyword.YES: "yes",
    Keyword.HELP: "help, info, aide, hilfe, hjälp",
}
WORDS = [(word, keyword) for keyword, words in BY_HAND.items() for word in words.split(", ")]
DISGUISES = [
    "{}",
    "  {} ",
    "{}.",
    "{}!",
    "{}?",
    "{} !",
    "{}!!!",
    "{}…",
    "{}...",
    "{};",
    '"{}"',
    "'{}'",
    "“{}.”",
    "“{}”.",
    "„{}“",
    "« {} »",
    "‹{}›",
    "`{}`",
    "´{}´",
    "‘{}’!",
    '" {}! "',
    "'“«{}», ”.'",
    "\n{}\r\n",
    "\t{}\u00a0",
    "\u200b{}\ufeff",
    "\u2009{}\u3000",
    "\u202d{}\u202c",
    "{}！",
    "{}。",
]


@pytest.mark.requirement("O9")
@pytest.mark.parametrize(("word", "keyword"), WORDS)
def test_each_word_counts_in_every_case_and_disguise(word: str, keyword: Keyword) -> None:
    for spelling in (word, word.upper(), word.title(), word.swapcase()):
        for disguise in DISGUISES:
            assert read(disguise.format(spelling)) == keyword, disguise.format(spelling)


@pytest.mark.requirement("O9")
@given(st.data(), st.sampled_from(WORDS))
def test_disguises_may_be_nested(data: st.DataObject, row: tuple[str, Keyword]) -> None:
    word, keyword = row
    before = st.text(st.sampled_from(BLANKS + QUOTES + UNSEEN), max_size=8)
    behind = st.text(st.sampled_from(BLANKS + QUOTES + UNSEEN + FINAL_PUNCTUATION), max_size=8)
    blanks = st.text(st.sampled_from(BLANKS), min_size=1, max_size=4)
    letters = [data.draw(st.sampled_from([c, c.upper()])) for c in word]
    spread = "".join(data.draw(blanks) if c == " " else c for c in letters)
    assert read(data.draw(before) + spread + data.draw(behind)) == keyword


@pytest.mark.requirement("O9")
@given(
    word=st.sampled_from(WORDS),
    other=st.from_regex(r"[A-Za-z0-9äöüé]{1,12}", fullmatch=True),
    comes_first=st.booleans(),
    glue=st.sampled_from([" ", ", ", ". ", "\n", " - ", "! "]),
)
def test_a_message_that_only_contains_a_keyword_is_no_keyword(
    word: tuple[str, Keyword], other: str, comes_first: bool, glue: str
) -> None:
    parts = [other, word[0]] if comes_first else [word[0], other]
    text = glue.join(parts)
    if " ".join(parts).casefold() in ("stop all", "opt out"):
        return  # the two that have a blank inside
    assert read(text) is None


@pytest.mark.requirement("O9")
@pytest.mark.parametrize(
    "text",
    [
        "Yes, but please stop sending me jobs in Berlin",
        "Stop. Thank you",
        "STOP this terrible bill",
        "STOP PLEASE",
        "please stop",
        "don't stop",
        "non-stop",
        "stopping",
        "yesterday",
        "yes yes",
        "I start on Monday",
        "st op",
        "s.t.o.p",
        "👍",
        "yes 👍",
        "stop@example.com",
        "www.stop.com",
        "",
        " ",
        "\u200b",
        "...",
        '""',
        "“ ”",
    ],
)
def test_a_sentence_a_longer_word_or_nothing_is_an_ordinary_message(text: str) -> None:
    assert read(text) is None


@pytest.mark.requirement("O9")
@pytest.mark.parametrize(
    "text",
    [
        "ＳＴＯＰ",
        "𝐒𝐓𝐎𝐏",
        "ﬆop",
        "ARRE\u0302T",
        "opt\u2011out",
        "opt–out",
        "Opt \u00a0 Out",
        "S\u200bTOP",
        "STO\u00adP",
    ],
)
def test_other_encodings_of_the_same_letters_count(text: str) -> None:
    assert read(text) == Keyword.STOP


@pytest.mark.requirement("O3", "O9")
def test_a_word_of_another_language_agrees_only_where_the_invitation_offers_it() -> None:
    offered = frozenset({"Oui"})
    assert read("oui") is None
    assert read("« OUI ! »", yes_words=offered) == Keyword.YES
    assert read("ja", yes_words=offered) is None
    assert read("Yes.", yes_words=offered) == Keyword.YES


@pytest.mark.requirement("O6")
@pytest.mark.parametrize("word", BY_HAND[Keyword.STOP].split(", "))
def test_an_invitation_cannot_turn_an_opt_out_into_consent(word: str) -> None:
    assert read(word, yes_words=frozenset({word})) == Keyword.STOP


@pytest.mark.requirement("O9")
@given(st.text())
def test_nothing_offered_and_nothing_said_never_agree(offered: str) -> None:
    assert read("", yes_words=frozenset({offered, "", "!"})) is None
    assert read(" . ", yes_words=frozenset({offered, "", "!"})) is None


def test_the_catalogue_is_this_list_and_each_row_has_a_dated_source() -> None:
    """Lesson 19: the list grows with the carriers' and the regulator's."""
    assert dict(WORDS) == MEANINGS
    assert all(re.search(r"\b20\d\d-\d\d\.$", row.source) for row in CATALOGUE)


def test_no_word_means_two_things() -> None:
    for row in CATALOGUE:
        assert {MEANINGS[word] for word in row.words} == {row.keyword}


@pytest.mark.requirement("O9")
def test_what_the_carrier_and_the_regulator_name_is_in_the_catalogue() -> None:
    twilio = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]
    regulator = ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"]
    assert {read(word) for word in twilio + regulator} == {Keyword.STOP}
    assert {read(word) for word in ("START", "UNSTOP")} == {Keyword.START}
    assert {read(word) for word in ("HELP", "INFO")} == {Keyword.HELP}
