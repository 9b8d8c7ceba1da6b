"""Calendar entries that come by mail (RFC 5545, 5546): what, when, where, who, in one sentence."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import icalendar
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from channels_email.reading.charsets import decode, one_line
from channels_email.reading.mail import Invitation, Problem

MOST_BYTES = 256 * 1024
MOST_PEOPLE = 50
MOST_OF_TEXT = 300
# Zones are known by their names, of the IANA or of Windows. The definitions that entries bring along are left out: the
# library keeps each under its name for all entries that follow, and would work out whatever rule stands in it.
ABOUT_MEETINGS = {"REQUEST", "CANCEL", "REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"}


def invitation_of(content: bytes, charset: str, problems: set[Problem]) -> Invitation | None:
    """The first event in a calendar file; None for none, or where it can't be read."""
    if len(content) > MOST_BYTES:
        problems.add(Problem.UNREADABLE_FILE)
        return None
    text = decode(_without_zones(content), charset or "utf-8", problems)
    try:
        calendar = icalendar.Calendar.from_ical(text.replace("\n", "\r\n"))
        events = calendar.walk("VEVENT")
        return _invitation(calendar, events[0]) if events else None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        problems.add(Problem.UNREADABLE_FILE)
        return None


def _without_zones(content: bytes) -> bytes:
    kept, is_zone = [], False
    for line in content.splitlines(keepends=True):
        name = line.strip().upper()
        is_zone = is_zone or name == b"BEGIN:VTIMEZONE"
        if not is_zone:
            kept.append(line)
        is_zone = is_zone and name != b"END:VTIMEZONE"
    return b"".join(kept)


def _invitation(calendar: Any, event: Any) -> Invitation:
    starts, ends = _time(event, "DTSTART"), _time(event, "DTEND")
    if (
        ends is None
        and starts is not None
        and isinstance(length := getattr(event.get("DURATION"), "dt", None), timedelta)
    ):
        ends = starts + length
    if ends is not None and not isinstance(ends, datetime):
        ends = max(ends - timedelta(days=1), starts) if type(starts) is date else ends  # DTEND is the day after
    attendees = _many(event, "ATTENDEE")
    method = one_line(str(calendar.get("METHOD", "PUBLISH")).upper(), most=20)
    return Invitation(
        method="CANCEL" if str(event.get("STATUS", "")).upper() == "CANCELLED" else method,
        title=_text(event, "SUMMARY"),
        starts=starts,
        ends=ends,
        zone=_zone(event, starts),
        location=_text(event, "LOCATION"),
        organizer=_person(next(iter(_many(event, "ORGANIZER")), None)),
        attendees=tuple(filter(None, map(_person, attendees[:MOST_PEOPLE]))),
        answer=_answer(attendees) if method in {"REPLY", "COUNTER"} else "",
        repeats="RRULE" in event,
    )


def sentence(invitation: Invitation) -> str:
    """What a calendar entry says, in one sentence, in the reader's language."""
    facts = {
        "who": next(iter(invitation.attendees), "") if invitation.answer else invitation.organizer,
        "what": invitation.title or _("a meeting without a title"),
        "when": _when(invitation),
    }
    facts["who"] = facts["who"] or _("Somebody")
    said = _said(invitation) % facts
    if invitation.repeats:
        said = _("%(sentence)s, again and again") % {"sentence": said}
    if invitation.location:
        said = _("%(sentence)s, at: %(place)s") % {"sentence": said, "place": invitation.location}
    return f"{said}."


def _said(invitation: Invitation) -> str:
    answers = {
        "ACCEPTED": _("%(who)s accepts “%(what)s”, %(when)s"),
        "DECLINED": _("%(who)s declines “%(what)s”, %(when)s"),
        "TENTATIVE": _("%(who)s may come to “%(what)s”, %(when)s"),
    }
    methods = {
        "CANCEL": _("%(who)s cancels “%(what)s”, %(when)s"),
        "COUNTER": _("%(who)s proposes another time for “%(what)s”: %(when)s"),
        "REPLY": _("%(who)s answers “%(what)s”, %(when)s"),
        "REQUEST": _("%(who)s invites to “%(what)s”, %(when)s"),
    }
    if invitation.method == "REPLY" and invitation.answer in answers:
        return answers[invitation.answer]
    return methods.get(invitation.method, _("%(who)s sends the calendar entry “%(what)s”, %(when)s"))


def _when(invitation: Invitation) -> str:
    starts, ends = invitation.starts, invitation.ends
    if starts is None:
        return _("without a time")
    day = date_format(starts, "l, j F Y")
    if not isinstance(starts, datetime):
        return day if ends in {None, starts} else f"{day} – {date_format(ends, 'l, j F Y')}"
    zone = f" ({invitation.zone})" if invitation.zone else ""
    first = f"{day}, {starts:%H:%M}"
    if not isinstance(ends, datetime) or ends == starts:
        return first + zone
    is_same_day = ends.date() == starts.date()
    return (
        f"{first}–{ends:%H:%M}{zone}"
        if is_same_day
        else f"{first} – {date_format(ends, 'l, j F Y')}, {ends:%H:%M}{zone}"
    )


def _time(event: Any, name: str) -> datetime | date | None:
    value = event.get(name)
    time = getattr(value[0] if isinstance(value, list) else value, "dt", None)
    return time if isinstance(time, date) else None


def _zone(event: Any, starts: datetime | date | None) -> str:
    """The zone's name: the IANA's where it is known, else what the entry calls it."""
    if not isinstance(starts, datetime):
        return ""
    if starts.tzinfo is not None:
        return one_line(str(getattr(starts.tzinfo, "key", None) or starts.tzname() or ""), most=60)
    return one_line(str(getattr(event.get("DTSTART"), "params", {}).get("TZID", "")), most=60)


def _text(event: Any, name: str) -> str:
    value = event.get(name, "")
    return one_line(str(value[0] if isinstance(value, list) else value), most=MOST_OF_TEXT)


def _many(event: Any, name: str) -> list[Any]:
    value = event.get(name, [])
    return value if isinstance(value, list) else [value]


def _person(value: Any) -> str:
    """A name, or else an address."""
    if value is None:
        return ""
    name = one_line(str(getattr(value, "params", {}).get("CN", "")), most=100)
    return name or one_line(re.sub(r"^mailto:", "", str(value), flags=re.IGNORECASE), most=320)


def _answer(attendees: list[Any]) -> str:
    first = next(iter(attendees), None)
    return one_line(str(getattr(first, "params", {}).get("PARTSTAT", "")).upper(), most=20)
