"""Places in a snippet's text, such as {first_name}: what goes there, and what would leave a hole in a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext


class Place(TextChoices):
    """What a snippet can leave to the message. The value is what stands in braces."""

    FIRST_NAME = "first_name", gettext_lazy("the person's first name")
    JOB = "job", gettext_lazy("the job or community")
    COMPANY = "company", gettext_lazy("your company")
    SENDER = "sender", gettext_lazy("your name")
    BOOKING_LINK = "booking_link", gettext_lazy("your booking link")


@dataclass(frozen=True)
class Holes:
    """Why a text can't go. `empty`: places without a value. `unknown`: what else stands in braces, as typed."""

    empty: tuple[Place, ...] = ()
    unknown: tuple[str, ...] = ()


NAMES = "|".join(Place.values)
IN_BRACES = re.compile(
    # A whole one, whether in single braces or in {{double ones}} as other products have them;
    # or a known name that has lost one of its braces, which would arrive as it stands.
    rf"\{{+([^{{}}\n]{{0,40}})\}}+|\{{+\s*(?:{NAMES})\b|\b(?:{NAMES})\s*\}}+",
    re.IGNORECASE,
)


def fill(text: str, values: Mapping[Place, str]) -> str | Holes:
    """The text with each place filled, or what would be left open: a snippet is never sent with a hole in it.

    Nothing but the places changes. A value goes in as it is, braces and all; a blank one counts as none.
    """
    if found := _holes(text, values):
        return found
    return IN_BRACES.sub(lambda match: values[_known(match)], text)


def unknown(text: str) -> tuple[str, ...]:
    """What stands in a text's braces and is no place, as typed and each once: to be refused when a snippet is saved."""
    return tuple(dict.fromkeys(match.group() for match in IN_BRACES.finditer(text) if _place(match) is None))


def places(text: str) -> tuple[Place, ...]:
    """The known places in a text, each once, as they come."""
    return tuple(dict.fromkeys(place for match in IN_BRACES.finditer(text) if (place := _place(match))))


def left_open(message: str) -> str:
    """Why a message that is about to go can't: a place of a snippet, or anything in double braces, is still in it.

    In words, for a person; empty where nothing is open. Other single braces are somebody's own.
    """
    found = list(dict.fromkeys(match.group() for match in IN_BRACES.finditer(message) if _is_open(match)))
    if not found:
        return ""
    told = ngettext(
        "%(places)s is not filled in, and nothing was sent. Write what belongs there, then send.",
        "%(places)s are not filled in, and nothing was sent. Write what belongs there, then send.",
        len(found),
    )
    return told % {"places": _list(found)}


def _is_open(match: re.Match[str]) -> bool:
    is_known = match[1] is None or _place(match) is not None
    return is_known or (match.group().startswith("{{") and match.group().endswith("}}"))


def problem(holes: Holes) -> str:
    """For a person: what is open, and what to do about it."""
    return " ".join([*_about_unknown(holes.unknown), *_about_empty(holes.empty)])


def _holes(text: str, values: Mapping[Place, str]) -> Holes | None:
    empty = tuple(place for place in places(text) if not values.get(place, "").strip())
    strange = unknown(text)
    return Holes(empty, strange) if empty or strange else None


def _place(match: re.Match[str]) -> Place | None:
    """The place in whole braces; people write {First name} and {firstname} too."""
    if match[1] is None:
        return None
    typed = _bare(match[1])
    return next((place for place in Place if _bare(place.value) == typed), None)


def _known(match: re.Match[str]) -> Place:
    place = _place(match)
    assert place is not None  # nothing is filled before everything is known
    return place


def _bare(name: str) -> str:
    return re.sub(r"[\s._-]+", "", name).casefold()


def _about_unknown(strange: tuple[str, ...]) -> Iterator[str]:
    for typed in strange:
        close = get_close_matches(_bare(typed.strip("{}")), map(_bare, Place.values), n=1)
        meant = next((place for place in Place if close == [_bare(place.value)]), None)
        if meant:
            yield _("%(typed)s can't be filled. Did you mean %(place)s?") % {"typed": typed, "place": _braced(meant)}
        else:
            known = _list(map(_braced, Place))
            yield _("%(typed)s can't be filled. These can: %(places)s.") % {"typed": typed, "places": known}


def _about_empty(empty: tuple[Place, ...]) -> Iterator[str]:
    if empty == (Place.BOOKING_LINK,):
        yield _("You have no booking link yet. Add it under Manage snippets, then this one can be used.")
    elif empty:
        told = _list(f"{_braced(place)} ({place.label})" for place in empty)
        words = _("Nothing is known here for %(places)s, so this one can't be used. Choose another snippet.")
        yield words % {"places": told}


def _braced(place: Place) -> str:
    return f"{{{place.value}}}"


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)
