"""Keywords: a whole message that is a command (O9).

The words are data, each with the source that asks for it and the date on which it was read: carriers and
regulators add to them (lesson 19). What a keyword does depends on the state of consent; that is O14's to say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.db import models

TWILIO = "Twilio's default opt-out handling on long codes; REVOKE and OPTOUT since 2025. Read 2026-11."
FCC = "47 CFR 64.1200(a)(10), FCC 24-24, in force since 2025-04-11. Read 2026-11."
OURS = "Our own choice: close spellings, and the languages of the countries that we offer. Reviewed 2026-11."


class Keyword(models.TextChoices):
    YES = "yes"
    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True)
class Words:
    """Words for one keyword, in lower case, with the source that asks for them; a language is ISO 639."""

    keyword: Keyword
    language: str
    words: frozenset[str]
    source: str


def _row(keyword: Keyword, language: str, *words: str, source: str) -> Words:
    return Words(keyword, language, frozenset(words), source)


CATALOGUE = (
    _row(Keyword.STOP, "en", "stop", "stopall", "unsubscribe", "cancel", "end", "quit", source=TWILIO),
    _row(Keyword.STOP, "en", "revoke", "optout", source=TWILIO),
    _row(Keyword.STOP, "en", "stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe", source=FCC),
    _row(Keyword.STOP, "en", "stop all", "opt-out", source=OURS),
    _row(Keyword.STOP, "fr", "arret", "arrêt", "arrete", "arrête", "arrett", source=OURS),
    _row(Keyword.STOP, "fr", "désabonner", "desabonner", source=OURS),
    _row(Keyword.STOP, "de", "stopp", "abmelden", "abbestellen", source=OURS),
    _row(Keyword.STOP, "nl", "afmelden", "uitschrijven", source=OURS),
    _row(Keyword.STOP, "sv", "stopp", "avregistrera", source=OURS),
    _row(Keyword.START, "en", "start", "unstop", source=TWILIO),
    _row(Keyword.YES, "en", "yes", source=TWILIO),  # at Twilio it means START; for us only an answer (O14)
    _row(Keyword.HELP, "en", "help", "info", source=TWILIO),
    _row(Keyword.HELP, "fr", "aide", source=OURS),
    _row(Keyword.HELP, "de", "hilfe", source=OURS),
    _row(Keyword.HELP, "sv", "hjälp", source=OURS),
)
MEANINGS = {word: row.keyword for row in CATALOGUE for word in row.words}

QUOTES = "\"'`´‘’‚‛“”„‟′″‵‶«»‹›「」『』〝〞〟"
FINAL_PUNCTUATION = ".!?…,;:。、"
UNSEEN = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufe0e\ufe0f\ufeff"
UNSEEN += "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))  # writing direction
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"  # phones turn the dash of "opt-out" into one of these
BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace())
PLAIN = str.maketrans(dict.fromkeys(UNSEEN, "") | dict.fromkeys(DASHES, "-"))


def read(text: str, *, yes_words: AbstractSet[str] = frozenset({"yes"})) -> Keyword | None:
    """The keyword that a message consists of, or None for an ordinary message, an empty one too.

    Case, surrounding blanks, quotes and final punctuation don't count, however they are nested; one word more
    and it is a message. `yes_words`: what an open invitation offers as its answer, such as "oui"; "yes"
    always counts. A word that opts out can't be offered: it stays STOP. Source: O9; lesson 20.
    """
    word = _undisguised(text)
    if word in MEANINGS:
        return MEANINGS[word]
    if word and word in {_undisguised(offered) for offered in yes_words}:
        return Keyword.YES
    return None


def _undisguised(text: str) -> str:
    """Lower case, in one Unicode form, single blanks, nothing around it."""
    # Stripped before folding as well: NFKC takes "´" apart into a blank and an accent
    core = _stripped(text.translate(PLAIN))
    folded = unicodedata.normalize("NFKC", core).casefold()
    return " ".join(_stripped(folded.translate(PLAIN)).split())


def _stripped(text: str) -> str:
    return text.lstrip(BLANKS + QUOTES).rstrip(BLANKS + QUOTES + FINAL_PUNCTUATION)
