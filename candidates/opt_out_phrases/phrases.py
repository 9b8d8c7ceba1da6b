"""What the phrases of a language are made of: patterns over plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Vocabulary:
    """Patterns of one language for what all of these languages say alike.

    `write` is what the company does, `written` what is done to the person: "I don't want to be contacted", not "to
    write". `apart`: words that may not stand in between, because what follows them is another thought.
    """

    cease: str
    write: str
    written: str
    messages: str
    no: str
    more: str
    want: str
    allowed: str
    tired: str
    off: str
    unwanted: str
    said: str
    stop: str
    apart: str


@dataclass(frozen=True)
class Phrases:
    """Of one language (ISO 639): any of `asks`, and what its `vocabulary` makes, reads like an opt-out, unless its
    sentence has one of `unless`.

    `known_by`: words, with blanks between them, that tell the language from the others where two share a phrase.
    """

    language: str
    vocabulary: Vocabulary
    asks: tuple[str, ...]
    unless: tuple[str, ...]
    known_by: str

    @cached_property
    def asking(self) -> re.Pattern[str]:
        return any_of(*said_alike(self.vocabulary), *self.asks)

    @cached_property
    def sparing(self) -> re.Pattern[str]:
        return any_of(*self.unless)

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.known_by.split())


def any_of(*patterns: str) -> re.Pattern[str]:
    """Whole words, from the beginning of one to the end of another."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def words(listed: str) -> str:
    """One of the words, which are listed with blanks between them; `_` is a blank within one."""
    return f"(?:{'|'.join(listed.split()).replace('_', ' ')})"


def few(most: int, *, but: str = "") -> str:
    """Up to so many words in between, none of them one of `but`."""
    none = rf"(?!(?:{but})(?!\w))" if but else ""
    return rf"(?:{none}\w+ ){{0,{most}}}"


def not_then(what: str) -> str:
    """Nothing of the kind later in the sentence."""
    return rf"(?! (?:[\w,]+ )*?{what}(?!\w))"


def stop_alone(*, stop: str, now: str, reasons: str) -> str:
    """A sentence that is no more than "stop", a word of emphasis and a reason, in whatever order."""
    stop_now = rf"{stop}(?: {now})*"
    return rf"^(?:{reasons} ,? ?)*{stop_now}(?:$| ,| (?:\w+ ){{0,3}}{reasons}(?: .*)?$)|.*, {stop_now}$"


def said_alike(w: Vocabulary) -> tuple[str, ...]:
    """Stop writing, no more messages, don't want any, not allowed, said so already: in whatever order."""
    by_2, by_3, by_5 = (few(most, but=w.apart) for most in (2, 3, 5))
    either, of_them = f"(?:{w.messages}|{w.write})", f"(?:{w.messages}|{w.written})"
    return (
        f"{w.cease} {by_3}{either}",
        f"{w.no} {by_2}{w.want} {by_5}{of_them}",
        f"{w.want} {by_2}{w.no} {by_5}{of_them}",
        f"{w.want} {by_2}{w.messages} {by_2}{w.no}(?:$| ,)",
        f"{w.messages} {by_3}{w.no} {by_2}{w.more}",
        f"{w.no} {by_2}{w.messages} {by_5}{w.more}",
        f"{w.no} {w.more} {by_3}{either}",
        f"{w.no} {by_2}{w.write} {by_2}{w.more}",
        f"{w.write} {by_2}{w.no} {by_2}{w.more}",
        f"{w.no} {by_3}{w.allowed} (?:, )?{by_5}{either}",
        f"{w.allowed} {by_3}{w.no} {by_2}{either}",
        f"{w.tired} {by_3}{w.messages}",
        f"{w.messages} {by_2}{w.tired}",
        f"{w.off} {by_3}{w.messages}",
        f"{w.messages} {by_2}{w.off}$",
        f"(?:{w.unwanted} {by_2}{w.messages}|{w.messages} {by_3}{w.unwanted})",
        f"{w.said} (?:\\w+ )?(?:, )?{w.stop}",
    )
