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
from candidates.opt_out_phrases.phrases import Phrases
from candidates.opt_out_phrases.slips import as_meant

DASHES = "-\u2010\u2011"
ELISION = re.compile(r"\W?[cdjlmnst]", re.IGNORECASE)  # l'entretien, m'envoyer; not I'm, nor don't
APOSTROPHES = "'’‘`´ʼ"
CLEARLY = 2  # words by which one language must be more familiar, so that another one's phrase is a false friend
READS = 600  # characters; who wants no more texts says so early
LOOKED_AT = 2 * READS  # characters, so that the head of a quote that begins among those is whole

QUOTED_MAIL = re.compile(  # from here on somebody else's words, as mail programs set them apart
    r"^[ \t]*>"
    r"|^(?:-- ?|_{8,}|-{2,} ?\w[\w ]{5,40}-{2,})[ \t]*$"
    r"|^\*?(?:from|von|de|van|från|fra)\*? ?: .*@"
    r"|^(?:on|am|le|op|den|el)\b(?=[^\n]{5,400}\n?[^\n]{0,200}:[ \t]*$)[^\n]{5,200}\n?[^\n]{0,120}"
    r"\b(?:wrote|schrieb|écrit|schreef|skrev|escribió)\b[^\n]{0,80}\n?[^\n]{0,80}:[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
QUOTED_WORDS = re.compile('"[^"\n]{4,200}"|[“„”][^“”„\n]{4,200}[”“]|«[^»\n]{4,200}»')
SLOWLY = re.compile(r"(?:^|(?<=[.!?\n]))(\s*\w+)[.!](?=\s?\w+[.!])")  # "Stop. Texting. Me."
COURTESY = (  # says nothing for or against, and stands anywhere
    "please|pls+|plz+|plea?s|kindly|just|thank you|thanks|thx|ty"
    "|s ?il (?:vous|te) plait|svp|stp|veuillez|merci(?: beaucoup)?(?: d ?avance)?"
    "|bitte|danke(?: schon)?|mal|doch|als?jeblieft|alstublieft|aub|graag|gewoon|eens|even|bedankt"
    "|i beg (?:you|u)|ar (?:du|ni) (?:sa )?snalla?|bro|mate|dude|buddy|frere|alter|digga|bror|kompis|amigo|wey"
    "|dank (?:u|je)(?: wel)?|snalla|tack(?: sa mycket)?|var ?god|vanligen"
    "|por fa(?:vor)?|xfa(?:vor)?|porfa(?:vor)?|gracias"
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

    def familiar(language: Phrases) -> int:
        return len(known & language.known)

    most_familiar = max(map(familiar, LANGUAGES))
    named: set[str] = set()
    for sentence in said:
        found = {one: match for one in LANGUAGES if (match := _asked(one, sentence, is_named=one.language in named))}
        named |= {one.language for one in LANGUAGES if one.naming.search(sentence.words)}
        language = max(found, key=familiar, default=None)
        if language and familiar(language) + CLEARLY < most_familiar:
            continue
        if language and not language.sparing.search(sentence.thought_of(found[language])):
            return Reading(sentence.original(text, found[language]), language.language)
    return None


def _asked(language: Phrases, sentence: Sentence, *, is_named: bool) -> re.Match[str] | None:
    """The words by which a sentence asks; `is_named`: a sentence before it has named the number."""
    found = language.asking.search(sentence.words)
    return found or (language.removing.fullmatch(sentence.words) if is_named else None)


def _own_words(text: str) -> str:
    """The text up to what a mail quotes, with a pause for each passage in quotation marks; places stay the same."""
    text = text[:LOOKED_AT]
    if cut := QUOTED_MAIL.search(text):
        text = text[: cut.start()] or text
    text = SLOWLY.sub(r"\1 ", text)
    unquoted = QUOTED_WORDS.sub(lambda quoted: "," + " " * (len(quoted.group()) - 1), text)
    return (unquoted if re.search(r"\w", unquoted) else text)[:READS]


@dataclass(frozen=True)
class Sentence:
    """Plain words, one blank apart; `words` without courtesies.

    `places`: where each character of `words` came from. `offsets`: where it is in `all_words`.
    """

    words: str
    all_words: str
    places: tuple[tuple[int, int], ...]
    offsets: tuple[int, ...]

    def thought_of(self, found: re.Match[str]) -> str:
        """From the beginning of the thought that a phrase belongs to: what stands before the comma is another one."""
        return self.all_words[self.all_words.rfind(",", 0, self.offsets[found.start()]) + 1 :]

    def original(self, text: str, found: re.Match[str]) -> str:
        return text[self.places[found.start()][0] : self.places[found.end() - 1][1]].strip(" ,")


def sentences(text: str) -> Iterator[Sentence]:
    """A text's sentences in the plain words that the phrases are looked for in."""
    plain, origins = _plain(text)
    for sentence in SENTENCE.finditer(plain):
        all_words, kept = "", ""
        places: list[tuple[int, int]] = []
        offsets: list[int] = []
        for token in TOKEN.finditer(plain, *sentence.span()):
            word = as_meant(token.group())
            all_words += word if not all_words else f" {word}"
            if token["courtesy"] or (word == "," and (not kept or kept[-1] == ",")):
                continue
            if kept:
                kept += " "
                places.append((0, 0))
                offsets.append(len(all_words))
            kept += word
            places += [(origins[token.start()], origins[token.end() - 1] + 1)] * len(word)
            offsets += [len(all_words) - len(word)] * len(word)
        yield Sentence(kept.rstrip(" ,"), all_words.rstrip(" ,"), tuple(places), tuple(offsets))


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
