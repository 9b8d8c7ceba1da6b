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
    `mistaken`: this phone is somebody else's. `receive` what is not called messages, but `these`; `to_here`: at this
    number; `to_me`: as it goes with a verb. `remove`, `me`, `mine`, `lists`: who or what is to be taken off what; `old`
    belongs to another number of hers. `other_person`, `someone_else`: "write to somebody else". `once_more`,
    `consequence`: the last warning, and what comes after it.
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
    mistaken: str
    receive: str
    these: str
    to_here: str
    to_me: str
    send: str
    remove: str
    me: str
    mine: str
    old: str
    lists: str
    forbid: str
    other_person: str
    someone_else: str
    once_more: str
    consequence: str
    apart: str


@dataclass(frozen=True)
class Phrases:
    """Of one language (ISO 639): any of `asks`, and what its `vocabulary` makes, reads like an opt-out, unless one
    of `unless` is in the same thought or later in the sentence.

    `remove_it`: a whole sentence that reads like one once another has named `my_number`: "Who gave you my number?
    Delete it!" `known_by`: words, with blanks between them, that tell the language from the others where two share a
    phrase.
    """

    language: str
    vocabulary: Vocabulary
    asks: tuple[str, ...]
    unless: tuple[str, ...]
    known_by: str
    my_number: str
    remove_it: str

    @cached_property
    def asking(self) -> re.Pattern[str]:
        named = f"{self.my_number} (?:[\\w,]+ ){{0,8}}?(?:{self.remove_it})$"
        return any_of(*said_alike(self.vocabulary), *self.asks, named)

    @cached_property
    def sparing(self) -> re.Pattern[str]:
        return any_of(*self.unless)

    @cached_property
    def naming(self) -> re.Pattern[str]:
        return any_of(self.my_number)

    @cached_property
    def removing(self) -> re.Pattern[str]:
        return re.compile(rf"(?:.*, )?(?:{self.remove_it})")

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


def in_any_order(*patterns: str) -> str:
    """A thought, from one comma to the next, that has them all."""
    return r"(?:^|, )" + "".join(rf"(?=(?:\w+ )*?{pattern}(?!\w))" for pattern in patterns) + r"\w+(?: \w+)*"


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
        f"{w.no} {by_2}{w.more} {by_3}{either}",
        f"(?:^|, )(?:{w.no}|no|zero|sin|sans|ohne|utan|zonder) (?:\\w+ )?{w.messages}$",
        f"{w.forbid} {few(6)}{either}",
        f"{w.other_person} {few(2)}{w.someone_else}",
        f"{w.no} {by_2}{w.write} {by_2}{w.more}",
        f"{w.write} {by_2}{w.no} {by_2}{w.more}",
        f"{w.no} {by_3}{w.allowed} (?:, )?(?:to |a |att |om )?{by_5}{either}",
        f"{w.allowed} {by_3}{w.no} {by_2}{either}",
        f"{w.tired} {by_3}{w.messages}",
        f"{w.messages} {by_2}{w.tired}",
        f"{w.off} {by_3}{w.messages}",
        f"{w.messages} {by_2}{w.off}$",
        f"(?:{w.unwanted} {by_2}{w.messages}|{w.messages} {by_3}{w.unwanted})",
        f"{w.said} {few(4, but=w.apart)}(?:, )?{few(1)}{w.stop}",
        f"{w.cease} {by_3}{w.send}(?: (?:{w.these}|them|dem|ze|die|les|sie))?(?:$| ,)",
        f"{w.no} {by_2}{w.more} {few(1)}{w.send}(?:$| ,)",
        f"{w.send} {few(2, but=w.apart)}{w.no} {w.more}(?:$| ,| till| a )",
        f"{w.no} {few(1)}{w.send} {few(2)}{w.more}$",
        f"{w.remove} {few(3, but=w.old)}{w.mine}",
        f"{w.mine} {few(4, but=w.old)}{w.remove}(?:$| ,| (?:from|of|now|please|asap|de|des|aus|van|uit|ur|fran))",
        f"{w.remove} {few(1)}{w.me} {few(3)}(?:{w.lists}|{w.messages})(?!\\w| (?:de (?!recrutement)|of|for|mit"
        f"|om|med|con))",
        f"{w.me} {few(1)}{w.remove} {few(2)}(?:{w.lists}|{w.messages}$)",
        f"{w.me} {few(4)}{w.lists} {few(2)}{w.remove}",
        f"(?:from|off|out of|aus|de|des|van|uit|ur|fran|del) {few(1)}{w.lists} {few(1)}{w.remove}",
        f"(?:{w.no}|{w.cease}) {by_2}(?:{w.messages}|{w.send}|{w.write}) {few(2, but=w.apart)}{w.to_here}",
        in_any_order(w.want, f"(?:{w.no}|{w.cease})", w.receive, w.these),
        in_any_order(w.cease, w.receive, f"(?:{w.these}|{w.messages})"),
        in_any_order(w.no, w.write, w.more, w.to_me),
        in_any_order(w.no, w.more, w.messages, w.receive, w.want),
        w.mistaken,
        f"{w.once_more} (?:[\\w,]+ ){{0,8}}?{w.consequence}",
    )
