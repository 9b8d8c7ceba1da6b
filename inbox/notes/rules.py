"""Mentions in a note: an "@" before the name of a colleague, as it is written and as it is meant."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from accounts.models import User

BEFORE = r"(?:^|(?<=[\s(]))@"  # so that an email address mentions nobody
MENTION = re.compile(BEFORE + r"(\w[^\s@]*)")


def labels(people: Iterable[User]) -> dict[str, User]:
    """What stands behind the "@" for each of them: the name, with the email where two have the same one."""
    people = list(people)
    times = Counter(person.name.casefold() for person in people)
    return {
        person.name if times[person.name.casefold()] == 1 else f"{person.name} ({person.email})": person
        for person in people
    }


def mentioned(body: str, known: Mapping[str, User]) -> dict[str, User]:
    """Whom a note names, by the words that name them, whatever their case; of two names the longer one counts."""
    if not known:
        return {}
    by_words = {label.casefold(): user for label, user in known.items()}
    found = pattern(known).findall(body)
    return {words: by_words[words.casefold()] for words in found if words.casefold() in by_words}


def ambiguous(body: str, known: Mapping[str, User]) -> list[str]:
    """Of the first name in a note that several of these people have, and that doesn't say which: their labels."""
    names: dict[str, list[str]] = {}
    for label, user in known.items():
        if label != user.name:
            names.setdefault(user.name.casefold(), []).append(label)
    if not names:
        return []
    found = pattern([*known, *names]).findall(body)
    return next((names[words.casefold()] for words in found if words.casefold() in names), [])


def pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Finds these names behind an "@"; the name is its group."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(BEFORE + "(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)


def first_words(body: str) -> list[str]:
    """The first word behind each "@", each once: what may be the name of somebody who is not on the team."""
    return list(dict.fromkeys(MENTION.findall(body)))
