"""What a text costs and why, the cheaper twin, and where a long one is cut (Q8)."""

import re
import unicodedata

import gsm0338
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.segments import BASIC, BLANKS, EXTENSION, TWIN_OF, Encoding, Kind, Swap, cheaper, measure, split
from simulator.segments import segments as simulated

TYPED = (
    BASIC
    + EXTENSION
    + "‘’“”„«»–—…•\t\u00a0\u202f\u200b\ufeffﬁçœŒâêÇ😀👍🏽👩\u200d🚀❤\ufe0f🇮🇹\u0301\u0308\r\n\u2028.!? "
)
LINKS = ["https://example.com/jobs/42?a=b", "www.example.org/a–b…c", "http://x.y/", "https://de.example/Stelle’s,"]
PIECES = st.sampled_from([*TYPED, *LINKS, "Dr. ", "z.B. ", "See you. ", "Yes! ", "a ", "word ", "e\u0301", "\n\n"])


def made_texts() -> st.SearchStrategy[str]:
    """Any text, and texts of what is typed and pasted, long enough for several segments."""
    return st.text(max_size=80) | st.lists(PIECES, max_size=400).map("".join)


FAMILY, RAINBOW, ITALY = "👩\u200d👩\u200d👧\u200d👦", "🏳️\u200d🌈", "🇮🇹"
EXAMPLES = {  # encoding, units, segments; the long ones as in the tests of Twilio's message-segment-calculator
    "": ("GSM-7", 0, 1),
    BASIC: ("GSM-7", 127, 1),
    EXTENSION: ("GSM-7", 20, 1),
    "€": ("GSM-7", 2, 1),
    "[]{}": ("GSM-7", 8, 1),
    "ç": ("UCS-2", 1, 1),
    "Ç": ("GSM-7", 1, 1),
    "`": ("UCS-2", 1, 1),
    "\t": ("UCS-2", 1, 1),
    "e\u0301": ("UCS-2", 2, 1),
    FAMILY: ("UCS-2", 11, 1),
    RAINBOW + "x" * 64: ("UCS-2", 70, 1),
    RAINBOW + "x" * 65: ("UCS-2", 71, 2),
    ITALY + "x" * 66: ("UCS-2", 70, 1),
    ITALY + "x" * 67: ("UCS-2", 71, 2),
    "a\r\nb": ("GSM-7", 4, 1),
    "x" * 160: ("GSM-7", 160, 1),
    "x" * 161: ("GSM-7", 161, 2),
    "x" * 306: ("GSM-7", 306, 2),
    "x" * 307: ("GSM-7", 307, 3),
    "|" + "x" * 158: ("GSM-7", 160, 1),
    "|" + "x" * 159: ("GSM-7", 161, 2),
    "x" * 152 + "€" + "x" * 152: ("GSM-7", 306, 3),  # the euro sign isn't torn apart, so each segment leaves one free
    "😜" + "x" * 68: ("UCS-2", 70, 1),
    "😜" + "x" * 69: ("UCS-2", 71, 2),
    "😜" + "x" * 133: ("UCS-2", 135, 3),
    "😀" + "]" * 68: ("UCS-2", 70, 1),  # in UCS-2 a bracket is one unit like any other
    "😀" + "]" * 69: ("UCS-2", 71, 2),
    "x" * 66 + "😀" + "x" * 66: ("UCS-2", 134, 3),
    "x" * 1600: ("GSM-7", 1600, 11),
    "|" * 1600: ("GSM-7", 3200, 22),
    "ú" * 1600: ("UCS-2", 1600, 24),
    "😀" * 800: ("UCS-2", 1600, 25),
}


@pytest.mark.requirement("Q8")
@pytest.mark.parametrize("text", EXAMPLES)
def test_published_examples_are_counted_as_published(text: str) -> None:
    size = measure(text)
    assert (size.encoding, size.units, size.segments) == EXAMPLES[text]
    assert size.characters == len(text.encode("utf-16-le")) // 2


@pytest.mark.requirement("Q8")
def test_the_alphabet_is_the_standards() -> None:
    codec = gsm0338.Codec()
    for character in map(chr, [*range(0xD800), *range(0xE000, 0x20000)]):
        try:
            septets = len(codec.encode(character)[0])
        except UnicodeError:
            septets = 0  # not in it
        if character == "\x1b":
            septets = 0  # the escape itself says nothing
        size = measure(character)
        assert (size.units if size.encoding == Encoding.GSM_7 else 0) == septets, hex(ord(character))


@pytest.mark.requirement("Q8")
@settings(max_examples=500)
@given(st.text(st.sampled_from(BASIC + EXTENSION), max_size=400))
def test_septets_are_those_of_the_standards_codec(text: str) -> None:
    assert measure(text).units == len(gsm0338.Codec().encode(text)[0])


@pytest.mark.requirement("Q8")
@settings(max_examples=500)
@given(made_texts())
def test_the_simulator_counts_alike_but_for_what_is_not_torn_apart(text: str) -> None:
    size, bill = measure(text), simulated(text)
    is_even = size.units == len(text)  # no character takes two units
    assert size.segments == bill if is_even else bill <= size.segments <= bill + 1


@pytest.mark.requirement("Q8")
@pytest.mark.parametrize(
    ("text", "position", "character", "kind"),
    [
        ("Hi Anna, we’d like", 11, "’", Kind.CURLY_QUOTE),
        ("Mo – Fr", 3, "–", Kind.DASH),
        ("« oui »", 0, "«", Kind.QUOTE_MARK),
        ("wait…", 4, "…", Kind.ELLIPSIS),
        ("10\u00a0€", 2, "\u00a0", Kind.SPACE),
        ("a\u200bb", 1, "\u200b", Kind.INVISIBLE),
        ("• one", 0, "•", Kind.BULLET),
        ("oﬃce", 1, "ﬃ", Kind.JOINED_LETTERS),
        ("one\u2028two", 3, "\u2028", Kind.LINE_BREAK),
        ("garçon", 3, "ç", Kind.LETTER),
        ("Привет", 0, "П", Kind.LETTER),
        ("good 👍🏽!", 5, "👍🏽", Kind.EMOJI),
        (f"{{a}} {FAMILY} b", 4, FAMILY, Kind.EMOJI),
        (f"an {RAINBOW}", 3, RAINBOW, Kind.EMOJI),
        (f"in {ITALY}", 3, ITALY, Kind.EMOJI),
        ("press 1\ufe0f\u20e3 now", 6, "1\ufe0f\u20e3", Kind.EMOJI),
        ("cafe\u0301", 3, "e\u0301", Kind.ACCENT),
        ("5 × 3", 2, "×", Kind.SIGN),
        ("😀 first, then’", 0, "😀", Kind.EMOJI),
    ],
)
def test_the_first_expensive_character_is_named(text: str, position: int, character: str, kind: Kind) -> None:
    found = measure(text).expensive
    assert found is not None
    assert (found.position, found.character, found.kind) == (position, character, kind)


@pytest.mark.requirement("Q8")
@given(made_texts())
def test_what_is_expensive_stands_where_it_is_said_to_stand(text: str) -> None:
    found = measure(text).expensive
    units = text.encode("utf-16-le")
    if found is None:
        assert set(text) <= set(BASIC + EXTENSION)
    else:
        assert units[2 * found.position :].startswith(found.character.encode("utf-16-le"))
        assert set(units[: 2 * found.position].decode("utf-16-le")) <= set(BASIC + EXTENSION)


LONG = "x" * 60 + " "


@pytest.mark.requirement("Q8")
@pytest.mark.parametrize(
    ("dear", "cheap"),
    [
        ("we’d like “you” – and „us“…", 'we\'d like "you" - and "us"...'),
        ("«\u00a0oui\u202f» et »ja« 5\u00a0km", '"oui" et "ja" 5 km'),
        ("• oﬃce\u200b • cafe\u0301 a\u030a", "- office - café å"),
        ("one\u2028two\tthree", "one\ntwo three"),
    ],
)
def test_the_cheaper_twin_looks_the_same(dear: str, cheap: str) -> None:
    offer = cheaper(LONG + dear)
    assert offer is not None
    assert offer.text == LONG + cheap
    assert offer.size == measure(offer.text)
    assert offer.size.segments == 1 < measure(LONG + dear).segments


@pytest.mark.requirement("Q8")
def test_the_cheaper_twin_says_what_it_changed() -> None:
    offer = cheaper(LONG + "it’s Anna’s job – really")
    assert offer is not None
    assert offer.swaps == (Swap(Kind.CURLY_QUOTE, "’", "'", times=2), Swap(Kind.DASH, "–", "-", times=1))


@pytest.mark.requirement("Q8")
@pytest.mark.parametrize(
    "text",
    [
        "it’s short",  # one segment either way
        "x" * 200,  # nothing to swap
        LONG + "ça n’est pas cher, c’est une langue",  # ç keeps the whole text in UCS-2
        LONG + "we’d love that 👍",
        LONG + "see https://example.com/rock–paper–scissors",  # a link would lead elsewhere
    ],
)
def test_no_twin_is_offered_that_saves_nothing_or_harms(text: str) -> None:
    assert cheaper(text) is None


@pytest.mark.requirement("Q8")
@settings(max_examples=300)
@given(made_texts())
def test_a_twin_is_cheaper_and_keeps_every_letter(text: str) -> None:
    offer = cheaper(text)
    if offer is None:
        return
    assert offer.size.segments < measure(text).segments
    assert cheaper(offer.text) is None
    assert letters(offer.text) == letters(text)


def letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def test_a_twin_has_one_meaning_and_is_in_the_alphabet() -> None:
    for character, (_kind, twin) in TWIN_OF.items():
        assert character not in BASIC + EXTENSION
        assert set(twin) <= set(BASIC)


@pytest.mark.requirement("Q8")
@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("One two. Three four.", 20, ["One two. Three four."]),
        ("One two. Three four.", 19, ["One two.", "Three four."]),
        ("One two! (Really?) Yes.", 20, ["One two! (Really?)", "Yes."]),
        ("Ask Dr. Who about it", 12, ["Ask Dr. Who", "about it"]),
        ("Am 5. Mai, z.B. um 9", 16, ["Am 5. Mai, z.B.", "um 9"]),
        ("Dear Anna\n\nwe found you", 18, ["Dear Anna", "we found you"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("  one   two  ", 6, ["one", "two"]),
        ("see https://example.com/a", 21, ["see", "https://example.com/a"]),
        ("(https://example.com/a)", 22, ["(", "https://example.com/a)"]),
        ("😀😀😀", 3, ["😀", "😀", "😀"]),
        (f"ab{FAMILY}", 12, ["ab", FAMILY]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("   ", 2, []),
        ("", 1600, []),
    ],
)
def test_a_long_text_is_cut_at_sentences_then_at_words(text: str, most: int, parts: list[str]) -> None:
    assert split(text, most) == parts


@pytest.mark.requirement("Q8")
@settings(max_examples=300)
@given(made_texts(), st.integers(2, 200))
def test_parts_fit_and_nothing_is_lost_but_blanks_at_the_cuts(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(0 < len(part.encode("utf-16-le")) // 2 <= most for part in parts)
    pattern = f"[{BLANKS}]*".join(["", *map(re.escape, parts), ""])
    assert re.fullmatch(pattern, text)


@pytest.mark.requirement("Q8")
@settings(max_examples=300)
@given(st.lists(st.sampled_from([*LINKS, FAMILY, "word", "Yes!", "\n"]), max_size=40), st.integers(40, 200))
def test_no_link_and_no_emoji_is_torn_apart(words: list[str], most: int) -> None:
    parts = split(" ".join(words), most)
    assert " ".join(parts).split() == " ".join(words).split()


def test_a_long_text_without_a_blank_is_cut_in_time() -> None:
    assert len(split("https://x.y/" + "z" * 200_000)) == 126


def test_a_part_must_hold_an_emoji() -> None:
    with pytest.raises(ValueError, match="two UTF-16 units"):
        split("abc", 1)
