"""The size of an SMS: characters, segments, what made it expensive, the cheaper twin, and where to split it (Q8).

`static/js/segments.js` says the same in the browser, and a test holds the two together. Patterns name their
blanks and letters one by one: Python's `\\s` and `\\w` are not JavaScript's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from inbox.rules import length

MOST = 1600  # Twilio refuses a longer text with 21617
MOST_PARTS = 9
"""Nobody reads more texts in a row than this; what is longer is an email."""


class Encoding(TextChoices):
    """The alphabet of the whole text: one character outside GSM-7 and all of it travels as UCS-2."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


class Kind(TextChoices):
    """What a character outside GSM-7 is, in words that a recruiter uses."""

    CURLY_QUOTE = "curly quote", _("curly quote")
    QUOTE_MARK = "quotation mark", _("quotation mark")
    DASH = "dash", _("dash")
    ELLIPSIS = "ellipsis", _("ellipsis")
    BULLET = "bullet", _("bullet")
    SPACE = "special space", _("special space")
    LINE_BREAK = "special line break", _("special line break")
    INVISIBLE = "invisible character", _("invisible character")
    JOINED_LETTERS = "joined letters", _("joined letters")
    ACCENT = "accent", _("accent typed as a character of its own")
    EMOJI = "emoji", _("emoji")
    LETTER = "letter", _("letter")
    SIGN = "sign", _("sign")


BASIC = (  # 3GPP TS 23.038 (GSM 03.38), 6.2.1, row by row; there is no escape character to type
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"  # 6.2.1.1; each travels behind an escape character, so as two septets
SIZES = {Encoding.GSM_7: (160, 153), Encoding.UCS_2: (70, 67)}  # units alone, and in each of several segments

TWINS = (
    (Kind.CURLY_QUOTE, "‘’‚‛", "'"),
    (Kind.CURLY_QUOTE, "“”„‟", '"'),
    (Kind.QUOTE_MARK, "‹›`´′", "'"),
    (Kind.QUOTE_MARK, "«»″", '"'),
    (Kind.DASH, "‐‑‒–—―−", "-"),
    (Kind.ELLIPSIS, "…", "..."),
    (Kind.BULLET, "•·‣◦▪●", "-"),
    (Kind.SPACE, "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    (Kind.LINE_BREAK, "\v\u0085\u2028\u2029", "\n"),
    (Kind.INVISIBLE, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff", ""),
    (Kind.JOINED_LETTERS, "ﬀ", "ff"),
    (Kind.JOINED_LETTERS, "ﬁ", "fi"),
    (Kind.JOINED_LETTERS, "ﬂ", "fl"),
    (Kind.JOINED_LETTERS, "ﬃ", "ffi"),
    (Kind.JOINED_LETTERS, "ﬄ", "ffl"),
)
"""What looks the same in GSM-7. Letters of a language are no decoration: ç and œ stay."""

BLANKS = (
    " \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
ACCENTS = "\u0300-\u036f"
EMOJI = (  # by blocks, so that no version of Unicode tells server and browser apart
    "\u203c\u2049\u2139\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u20e3\U0001f000-\U0001faff\U000e0020-\U000e007f"
)
LETTERS = (
    "\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u1fff\u2c00-\u2dff\u3005-\ud7ff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
NOT_IN_ADDRESS = f'{BLANKS}"<>“”„«»'
ADDRESS = f"(?:https?://|www\\.)[^{NOT_IN_ADDRESS}]*[^{NOT_IN_ADDRESS}‘’'.,:;!?…]"

INSIDE = "".join(map(re.escape, BASIC + EXTENSION))
JOINS = f"[{ACCENTS}\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
OUTSIDE = re.compile(f"[^{INSIDE}]")
AS_SEEN = re.compile(  # a letter with its accents, a flag, a whole family: one character to the eye
    f"[{INSIDE}]{JOINS}+|[\U0001f1e6-\U0001f1ff]{{2}}|[^{INSIDE}]{JOINS}*(?:\u200d[^{INSIDE}]{JOINS}*)*"
)
UNBROKEN = re.compile(f"{ADDRESS}|{AS_SEEN.pattern}")
TWIN_OF = {character: (kind, twin) for kind, characters, twin in TWINS for character in characters}
REPLACEABLE = re.compile(
    f"{ADDRESS}|«[\u00a0\u202f]?|[\u00a0\u202f]?»|[A-Za-z][{ACCENTS}]|[{''.join(map(re.escape, TWIN_OF))}]"
)
WORD = re.compile(f"[^{BLANKS}]+")
LINE_END = re.compile("[ \t]*[\n\r\u2028\u2029]")
SENTENCE_END = re.compile(r"[.!?…。！？][)\]}\"'’”»]*$")
ABBREVIATION = re.compile(
    r"[(\"'“„«]*(?:[^.]|[0-9]{1,3}|.*\.[^.]|dr|mr|mrs|ms|st|nr|no|ca|hr|fr|mme|str|bzw|inkl|evtl|tel|sr|sra|dhr|mevr)\.",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Expensive:
    """The first character outside GSM-7, whole as it is seen; its place counts UTF-16 units, as a text box does."""

    position: int
    character: str
    kind: Kind


@dataclass(frozen=True)
class Size:
    """`characters`: UTF-16 units, of 1600. `units`: what segments are filled with, septets or UTF-16 units."""

    characters: int
    encoding: Encoding
    units: int
    segments: int
    expensive: Expensive | None


@dataclass(frozen=True)
class Swap:
    kind: Kind
    was: str
    now: str
    times: int


@dataclass(frozen=True)
class Cheaper:
    text: str
    size: Size
    swaps: tuple[Swap, ...]


def measure(text: str) -> Size:
    """How a text will be billed, counted as it stands: give it with the line breaks that it will be sent with.

    GSM-7: 160 septets, or 153 in each of several segments; an extension character takes two and isn't torn
    apart. UCS-2: 70 UTF-16 units, or 67; nor are the two of an emoji. Source: 3GPP TS 23.038 and 23.040; twilio.md, 11.
    """
    expensive = _expensive(text)
    encoding = Encoding.UCS_2 if expensive else Encoding.GSM_7
    costs = [1 + (c > "\uffff" if expensive else c in EXTENSION) for c in text]
    alone, in_each = SIZES[encoding]
    units = sum(costs)
    segments = 1 if units <= alone else _filled(costs, in_each)
    return Size(length(text), encoding, units, segments, expensive)


def _filled(costs: Iterable[int], room: int) -> int:
    segments, left = 1, room
    for cost in costs:
        if cost > left:
            segments, left = segments + 1, room
        left -= cost
    return segments


def _expensive(text: str) -> Expensive | None:
    outside = OUTSIDE.search(text)
    if outside is None:
        return None
    seen = AS_SEEN.search(text)
    assert seen is not None  # whatever is outside is part of something seen
    return Expensive(length(text[: seen.start()]), seen.group(), _kind(outside.group()))


def _kind(character: str) -> Kind:
    if character in TWIN_OF:
        return TWIN_OF[character][0]
    for kind, characters in ((Kind.ACCENT, ACCENTS), (Kind.EMOJI, EMOJI), (Kind.LETTER, LETTERS)):
        if re.match(f"[{characters}]", character):
            return kind
    return Kind.SIGN


def cheaper(text: str) -> Cheaper | None:
    """The same text with look-alikes from GSM-7, if that takes fewer segments; else None.

    Where a letter of a language, an emoji or another sign stays, the whole text stays UCS-2: nothing is
    offered then. Links are left alone. Source: Q8.
    """
    swaps: dict[str, Swap] = {}

    def replacement(match: re.Match[str]) -> str:
        was = match.group()
        kind, now = _twin(was)
        if now != was:
            swaps[was] = Swap(kind, was, now, times=swaps[was].times + 1 if was in swaps else 1)
        return now

    plain = REPLACEABLE.sub(replacement, text)
    size = measure(plain)
    if size.encoding == Encoding.UCS_2 or size.segments >= measure(text).segments:
        return None
    return Cheaper(plain, size, tuple(swaps.values()))


def _twin(found: str) -> tuple[Kind, str]:
    if found in TWIN_OF:
        return TWIN_OF[found]
    if found[0] == "«" or found[-1] == "»":  # French sets a no-break space inside
        return TWIN_OF["«"]
    if len(found) == 2:  # a letter and its accent
        composed = unicodedata.normalize("NFC", found)
        return Kind.ACCENT, composed if composed in BASIC else found
    return Kind.SIGN, found  # a link


def split(text: str, most: int = MOST) -> list[str]:
    """The text in parts of at most `most` UTF-16 units, cut at ends of sentences, else of words.

    Only blanks at the cuts are left out. Neither a link nor what is seen as one character is torn apart, unless
    it alone is longer than a part. Raises ValueError for a part that couldn't hold an emoji. Source: Q8.
    """
    if most < 2:
        raise ValueError("A part must have room for two UTF-16 units.")
    return list(_parts(text, most))


def _parts(text: str, most: int) -> Iterator[str]:
    text, start = text.rstrip(BLANKS), 0
    while word := WORD.search(text, start):
        start = word.start()
        end = _end_of_part(text, start, _limit(text, start, most))
        yield text[start:end]
        start = end


def _limit(text: str, start: int, most: int) -> int:
    """Where the units of a part are used up."""
    units = 0
    for at in range(start, len(text)):
        units += 1 + (text[at] > "\uffff")
        if units > most:
            return at
    return len(text)


def _end_of_part(text: str, start: int, limit: int) -> int:
    if limit == len(text):
        return limit
    words = [*WORD.finditer(text, start, limit)]
    if words[-1].end() == limit and text[limit] not in BLANKS:
        words.pop()  # it goes on behind the limit
    ends = [word.end() for word in words]
    sentences = [word.end() for word in words if _ends_sentence(text, word)]
    return (sentences or ends or [_not_torn(text, start, limit)])[-1]


def _ends_sentence(text: str, word: re.Match[str]) -> bool:
    if LINE_END.match(text, word.end()):
        return True
    return bool(SENTENCE_END.search(word.group())) and not ABBREVIATION.fullmatch(word.group())


def _not_torn(text: str, start: int, limit: int) -> int:
    """In a word that is longer than a part: before what would be torn apart, if something comes before it."""
    for whole in UNBROKEN.finditer(text, start, limit + MOST):
        if start < whole.start() < limit < whole.end():
            return whole.start()
    return limit
