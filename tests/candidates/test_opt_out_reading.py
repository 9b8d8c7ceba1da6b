"""Which ordinary messages read like an opt-out (O9), measured on sentences in six languages.

`opt_outs.tsv` is what the phrases were made from. `opt_outs_held_out.tsv` was written without a look at the first of
them and measured before any was changed for it: precision 0.965, recall 0.976. `opt_outs_fresh.tsv` was written when
the phrases were done and looked at once: all of 36 everyday requests are read, 21 of 30 in odd words, and none of 85
hard negatives, for one of which a phrase had been put right. These are the floors.
"""

import csv
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.opt_out_phrases import LANGUAGES
from candidates.opt_out_phrases.phrases import Phrases, any_of, said_alike
from candidates.opt_out_reading import READS, Reading, Sentence, reads_like_opt_out, sentences


class Row(NamedTuple):
    label: str
    language: str
    sentence: str


def rows(file: str) -> list[Row]:
    with (Path(__file__).parent / file).open(newline="") as lines:
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        assert next(reader) == list(Row._fields)
        return [Row(*row) for row in reader]


MADE_FROM, HELD_OUT = rows("opt_outs.tsv"), rows("opt_outs_held_out.tsv")
FRESH = rows("opt_outs_fresh.tsv")
CODES = [language.language for language in LANGUAGES]


@cache
def is_read(sentence: str) -> bool:
    return reads_like_opt_out(sentence) is not None


def rates(some: list[Row]) -> tuple[float, float]:
    """Precision, recall."""
    counts = Counter((row.label == "yes", is_read(row.sentence)) for row in some)
    right, wrong, missed = counts[True, True], counts[False, True], counts[True, False]
    return right / (right + wrong), right / (right + missed)


@pytest.mark.requirement("O9")
@pytest.mark.parametrize(
    ("kept", "floor", "floor_by_language"),
    [
        pytest.param(MADE_FROM, (0.99, 0.98), (0.98, 0.96), id="made from"),
        pytest.param(HELD_OUT, (0.97, 0.98), (0.92, 0.92), id="held out"),
        pytest.param(FRESH, (0.98, 0.86), (0.98, 0.8), id="fresh"),
    ],
)
def test_what_reads_like_an_opt_out_is_one_and_few_are_missed(
    kept: list[Row], floor: tuple[float, float], floor_by_language: tuple[float, float]
) -> None:
    precision, recall = rates(kept)
    print(f"\nall {len(kept)}: precision {precision:.3f}, recall {recall:.3f}")
    assert (precision >= floor[0], recall >= floor[1]) == (True, True)
    for code in CODES:
        some = [row for row in kept if row.language == code]
        precision, recall = rates(some)
        print(f"{code} {len(some)}: precision {precision:.3f}, recall {recall:.3f}")
        assert (precision >= floor_by_language[0], recall >= floor_by_language[1]) == (True, True), code


@pytest.mark.requirement("O9")
def test_all_sets_speak_all_languages_and_are_half_hard_negatives() -> None:
    unseen = {row.sentence.casefold() for row in HELD_OUT + FRESH}
    assert unseen.isdisjoint(row.sentence.casefold() for row in MADE_FROM)
    for kept, least in ((MADE_FROM, 300), (HELD_OUT, 28), (FRESH, 24)):
        assert len({row.sentence for row in kept}) == len(kept)
        by_language = Counter(row.language for row in kept)
        assert set(by_language) == set(CODES)
        assert min(by_language.values()) >= least
        assert {row.label for row in kept} == {"yes", "no"}
        assert sum(row.label == "no" for row in kept) >= len(kept) / 2


@pytest.mark.requirement("O9")
@pytest.mark.parametrize(
    "text",
    [
        "Stop. Thank you",
        "STOP PLEASE",
        "stoooop texting me",
        "Please don’t text me again 🙏",
        "PLEASE REMOVE ME FROM YOUR LIST",
        "Hi Maya! Thanks for the offer. Please take me off your list; I found a job.",
        "Arrêtez de m’écrire",
        "arretez de m'ecrire",
        "Hören Sie auf, mir zu schreiben",
        "hoeren sie auf mir zu schreiben",
        "Stop met sms'en",
        "Sluta sms:a mig",
        "¡No me escriban más!",
        "“Stop texting me”",
        "unsubscribe",
        "Stop. Texting. Me.",
        "pls remvoe my number, stop txeting me",
        "Who gave you my number? Delete it!",
    ],
)
def test_an_opt_out_is_read_in_whatever_spelling(text: str) -> None:
    assert reads_like_opt_out(text) is not None


@pytest.mark.requirement("O9")
@pytest.mark.parametrize(
    "text",
    [
        "Yes, but please stop sending me jobs in Berlin",
        "I can't stop thinking about this offer",
        "Stop by at 5?",
        "don't call, text me instead",
        "It said “reply STOP to unsubscribe”, but I do want to hear from you",
        "My ex wrote “stop texting me”, so I was a bit late, sorry",
        "I'm withdrawing my application",
        "who is this",
        "请不要再发短信",  # no language that is read
        "🛑",
        "",
        " \n",
    ],
)
def test_an_ordinary_message_stays_one(text: str) -> None:
    assert reads_like_opt_out(text) is None


@pytest.mark.requirement("O9")
@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Wrong number", True),
        ("Sorry, this isn't Anna's phone", True),
        ("Sie haben die falsche Nummer", True),
        ("Sorry, wrong chat", False),
        ("I gave you the wrong number, it ends in 42", False),
        ("The invite has the wrong number of people", False),
    ],
)
def test_whom_a_text_was_not_meant_for_is_texted_no_more_until_somebody_looks(text: str, reads: bool) -> None:
    """Who holds that phone has agreed to nothing, and reads what is somebody else's."""
    assert (reads_like_opt_out(text) is not None) == reads


@pytest.mark.requirement("O9")
@pytest.mark.parametrize(
    ("text", "phrase", "language"),
    [
        ("Hi Maya,\nplease STOP   texting me!!! Thanks", "STOP   texting", "en"),
        ("Danke, aber bitte löschen Sie meine Nummer.", "löschen Sie meine Nummer", "de"),
        ("Merci de ne plus m’écrire svp", "ne plus m’écrire", "fr"),
        ("Hoi! Haal me van jullie lijst aub", "Haal me van jullie lijst", "nl"),
        ("Snälla, ta bort mitt nummer", "ta bort mitt nummer", "sv"),
        ("Gracias, no me escriban más", "no me escriban más", "es"),
        ("Stop. Danke", "Stop", "de"),
        ("STOP SVP", "STOP", "fr"),
        ("stop aub", "stop", "nl"),
    ],
)
def test_the_words_that_said_so_are_shown_as_they_were_written(text: str, phrase: str, language: str) -> None:
    assert reads_like_opt_out(text) == Reading(phrase, language)


QUOTES = {
    "angle brackets": "> Reply STOP and we stop texting you.\n> Please stop texting me",
    "gmail": "On Tue, 3 Mar 2026 at 10:12, Anna <anna@example.com> wrote:\n\nPlease stop texting me",
    "gmail, wrapped": "Am Di., 3. März 2026 um 10:12 Uhr schrieb Anna\n<anna@example.com>:\nKeine SMS mehr bitte",
    "outlook": "-----Original Message-----\nFrom: Anna <anna@example.com>\nSent: Tuesday\nPlease stop texting me",
    "outlook, without a line": "Von: Anna <anna@example.com>\nGesendet: Dienstag\nBitte keine SMS mehr",
    "a signature": "-- \nMaya Chen\nTo unsubscribe me from the list, reply",
}


@pytest.mark.requirement("O9")
@pytest.mark.parametrize("quote", QUOTES)
def test_of_a_mail_only_the_new_words_are_read(quote: str) -> None:
    below = QUOTES[quote]
    assert reads_like_opt_out(f"Thursday works, see you then!\n\nAnna\n\n{below}") is None
    assert reads_like_opt_out(f"Please take me off your list.\n\nAnna\n\n{below}") == Reading(
        "take me off your list", "en"
    )


@pytest.mark.requirement("O9")
def test_of_a_long_message_the_beginning_is_read() -> None:
    filler = "I am a robotics engineer with ten years of experience. "
    assert reads_like_opt_out(filler * 5 + "Please stop texting me.") is not None
    assert reads_like_opt_out(filler * (READS // len(filler) + 1) + "Please stop texting me.") is None
    assert reads_like_opt_out("stop texting me. " * 10_000) is not None


@pytest.mark.parametrize(
    "words",
    ["no ", "stop ", "no, text, me, more, ", "on wrote ", "on abcde wrote : ", "a. ", '"ab ', "not me any more text "],
)
def test_no_text_takes_long_to_read(words: str) -> None:
    """Neither the longest text message nor a mail of 100 kB, made to go wrong; ten times as long as it takes."""
    for length in (1_600, 100_000):
        began = time.process_time()
        reads_like_opt_out((words * length)[:length])
        assert time.process_time() - began < 0.2


def test_of_a_mail_that_only_quotes_the_quote_is_read() -> None:
    assert reads_like_opt_out("> Please stop texting me") is not None


@pytest.mark.requirement("O9")
@given(st.sampled_from(MADE_FROM + HELD_OUT), st.sampled_from(["{}", "  {} ", "{}!!!", "{} 🙏", "\u200b{}", "“{}”"]))
def test_case_and_decoration_change_nothing(row: Row, decoration: str) -> None:
    plain = reads_like_opt_out(row.sentence) is not None
    assert (reads_like_opt_out(decoration.format(row.sentence)) is not None) == plain
    assert (reads_like_opt_out(row.sentence.upper()) is not None) == plain
    assert (reads_like_opt_out(row.sentence.replace("'", "’")) is not None) == plain


@given(
    st.text(max_size=100) | st.lists(st.sampled_from([w for r in MADE_FROM for w in r.sentence.split()])).map(" ".join)
)
def test_whatever_comes_the_phrase_is_a_piece_of_it(text: str) -> None:
    found = reads_like_opt_out(text)
    assert found is None or (found.phrase in text and found.language in CODES)


@cache
def sentences_of(label: str, language: str) -> list[Sentence]:
    some = (row.sentence for row in MADE_FROM if (row.label, row.language) == (label, language))
    return [sentence for each in some for sentence in sentences(each)]


def proved(pattern: str, *, label: str, language: str) -> bool:
    """Whether a sentence of that label and language is read by that pattern."""
    looked_for = any_of(pattern)
    return any(
        looked_for.search(sentence.words if label == "yes" else sentence.all_words)
        for sentence in sentences_of(label, language)
    )


@pytest.mark.parametrize("phrases", LANGUAGES, ids=CODES)
def test_each_phrase_is_there_for_a_sentence(phrases: Phrases) -> None:
    """Who adds a phrase adds a sentence; a phrase that no sentence needs goes."""
    idle = [ask for ask in phrases.asks if not proved(ask, label="yes", language=phrases.language)]
    idle += [spare for spare in phrases.unless if not proved(spare, label="no", language=phrases.language)]
    assert idle == []


def test_what_is_said_alike_is_said_in_some_language() -> None:
    made = [(said_alike(phrases.vocabulary), phrases.language) for phrases in LANGUAGES]
    for number in range(len(made[0][0])):
        assert any(proved(asks[number], label="yes", language=language) for asks, language in made), number


def test_phrases_are_in_plain_words() -> None:
    """A capital or an accent in a pattern would never be met."""
    for phrases in LANGUAGES:
        patterns = "".join((*said_alike(phrases.vocabulary), *phrases.asks, *phrases.unless))
        assert patterns.isascii()
        assert patterns == patterns.lower()
