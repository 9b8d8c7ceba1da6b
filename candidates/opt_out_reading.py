"""A message that is no keyword and asks not to be texted any more, "by any reasonable means" (O9; FCC 24-24).

Rules that can be read, no learned model: a sentence is brought into plain words, and a phrase of one of six
languages is found in it or not. What follows is a user's choice: opt the person out, or release the hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from candidates.keywords import UNSEEN
from candidates.opt_out_phrases import LANGUAGES

DASHES = "-\u2010\u2011"
ELISION = re.compile(r"\W?[cdjlmnst]", re.IGNORECASE)  # l'entretien, m'envoyer; not I'm, nor don't
APOSTROPHES = "'’‘`´ʼ"
READS = 600  # characters; who wants no more texts says so early

QUOTED_MAIL = re.compile(  # from here on somebody else's words, as mail programs set them apart
    r"^[ \t]*>"
    r"|^(?:-- ?|_{8,}|-{2,} ?\w[\w ]{5,40}-{2,})[ \t]*$"
    r"|^\*?(?:from|von|de|van|från|fra)\*? ?: .*@"
    r"|^(?:on|am|le|op|den|el)\b[^\n]{5,200}\n?[^\n]{0,120}"
    r"\b(?:wrote|schrieb|écrit|schreef|skrev|escribió)\b[^\n]{0,80}\n?[^\n]{0,80}:[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
QUOTED_WORDS = re.compile('"[^"\n]{4,200}"|[“„”][^“”„\n]{4,200}[”“]|«[^»\n]{4,200}»')
COURTESY = (  # says nothing for or against, and stands anywhere
    "please|pls+|plz+|plea?s|kindly|just|thank you|thanks|thx|ty"
    "|s ?il (?:vous|te) plait|svp|stp|veuillez|merci(?: beaucoup)?(?: d ?avance)?"
    "|bitte|danke(?: schon)?|mal|doch|als?jeblieft|alstublieft|aub|graag|gewoon|eens|even|bedankt"
    "|dank (?:u|je)(?: wel)?|snalla|tack(?: sa mycket)?|var ?god|vanligen|por fa(?:vor)?|porfa(?:vor)?|gracias"
)
TOKEN = re.compile(rf"(?P<courtesy>(?<!\w)(?:{COURTESY})(?!\w))|\w+|,")
SENTENCE = re.compile(r"[^.!?\n;]+")


@dataclass(frozen=True)
class Reading:
    """`phrase`: the words that said so, as they were written. `language`: of the phrase, ISO 639; a guess."""

    phrase: str
    language: str


def reads_like_opt_out(text: str) -> Reading | None:
    """Whether a message reads like an opt-out, and by which words; None for an ordinary one.

    Only its author's own words count, the first 600 characters of them: neither what a mail quotes below nor what
    stands in quotation marks. Ask `keywords.read` first: a keyword is an opt-out, this only reads like one.
    """
    text = text.strip()
    said = list(sentences(_own_words(text)))
    known = {word for sentence in said for word in sentence.all_words.split()}
    for sentence in said:
        found = {one: match for one in LANGUAGES if (match := one.asking.search(sentence.words))}
        language = max(found, key=lambda one: len(known & one.known), default=None)
        if language and not language.sparing.search(sentence.all_words):
            return Reading(sentence.original(text, found[language]), language.language)
    return None


def _own_words(text: str) -> str:
    """The text up to what a mail quotes, with a pause for each passage in quotation marks; places stay the same."""
    if cut := QUOTED_MAIL.search(text):
        text = text[: cut.start()] or text
    unquoted = QUOTED_WORDS.sub(lambda quoted: "," + " " * (len(quoted.group()) - 1), text)
    return (unquoted if re.search(r"\w", unquoted) else text)[:READS]


@dataclass(frozen=True)
class Sentence:
    """Plain words, one blank apart; `words` without courtesies. `places`: where each of their characters came from."""

    words: str
    all_words: str
    places: tuple[tuple[int, int], ...]

    def original(self, text: str, found: re.Match[str]) -> str:
        return text[self.places[found.start()][0] : self.places[found.end() - 1][1]].strip(" ,")


def sentences(text: str) -> Iterator[Sentence]:
    """A text's sentences in the plain words that the phrases are looked for in."""
    plain, origins = _plain(text)
    for sentence in SENTENCE.finditer(plain):
        words: list[str] = []
        kept: list[str] = []
        places: list[tuple[int, int]] = []
        for token in TOKEN.finditer(plain, *sentence.span()):
            words.append(token.group())
            if token["courtesy"] or (token.group() == "," and (not kept or kept[-1] == ",")):
                continue
            if kept:
                places.append((0, 0))
            kept.append(token.group())
            place = (origins[token.start()], origins[token.end() - 1] + 1)
            places += [place] * len(token.group())
        if kept and kept[-1] == ",":
            kept.pop()
        yield Sentence(" ".join(kept), " ".join(words), tuple(places))


def _plain(text: str) -> tuple[str, list[int]]:
    """Lower case without accents, apostrophes and emphasis ("stoooop"); and where each character came from."""
    letters: list[str] = []
    origins: list[int] = []
    run = 0
    for place in range(len(text)):
        for letter in _letters(text, place):
            run = run + 1 if letters and letters[-1] == letter and letter.isalpha() else 1
            if run == 3:
                letters.pop()
                origins.pop()
            if run < 3:
                letters.append(letter)
                origins.append(place)
    return "".join(letters), origins


def _letters(text: str, place: int) -> str:
    character, before, behind = text[place], text[max(place - 2, 0) : place], text[place + 1 : place + 2]
    if character in APOSTROPHES:
        return " " if ELISION.fullmatch(before) else ""
    if character in UNSEEN or (character == ":" and before[-1:].isalnum() and behind.isalnum()):
        return ""
    if character in DASHES and before[-1:].isspace() and behind.isspace():
        return ","
    if character in " -/_\t\u00a0\u2010\u2011¿¡":
        return " "
    folded = "".join(c for c in unicodedata.normalize("NFKD", character).casefold() if not unicodedata.combining(c))
    return "".join(c if c.isalnum() or c in ".!?;\n " else "," for c in folded)
