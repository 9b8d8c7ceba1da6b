"""Mentions in a note: an "@" before the name of a colleague, as it is written and as it is meant."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from accounts.models import User

BEFORE = r"(?:^|(?<=[\s(]))@"  # so that an email address mentions nobody
MENTION = re.compile(BEFORE + r"(\w[^\s@]*)")


def labels(people: Iterable[User]) -> dict[str, User]:
    """What stands behind the "@" for each of them: the name; where two share it, with so much of the email as tells."""
    people = list(people)
    names = Counter(person.name.casefold() for person in people)
    short = Counter(_with_local_part(person).casefold() for person in people)
    found = {}
    for person in people:
        if names[person.name.casefold()] == 1:
            found[person.name] = person
        elif short[_with_local_part(person).casefold()] == 1:
            found[_with_local_part(person)] = person
        else:
            found[f"{person.name} ({person.email})"] = person
    return found


def ambiguous(body: str, known: Mapping[str, User]) -> dict[str, list[str]]:
    """Names in a note that several people share, as they are written, with the labels that would tell one."""
    shared: dict[str, list[str]] = {}
    for label, user in known.items():
        if label != user.name:
            shared.setdefault(user.name.casefold(), []).append(label)
    if not shared:
        return {}
    found = pattern([*known, *shared]).findall(body)
    return {words: shared[words.casefold()] for words in found if words.casefold() in shared}


def mentioned(body: str, known: Mapping[str, User]) -> dict[str, User]:
    """Whom a note names, by the words that name them, whatever their case; of two names the longer one counts."""
    if not known:
        return {}
    by_words = {label.casefold(): user for label, user in known.items()}
    found = pattern(known).findall(body)
    return {words: by_words[words.casefold()] for words in found if words.casefold() in by_words}


def _with_local_part(person: User) -> str:
    return f"{person.name} ({person.email.partition('@')[0]})"


def pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Finds these names behind an "@"; the name is its group."""
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(BEFORE + "(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)


def first_words(body: str) -> list[str]:
    """The first word behind each "@", each once: what may be the name of somebody who is not on the team."""
    return list(dict.fromkeys(MENTION.findall(body)))
