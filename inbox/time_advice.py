"""What the composer says of the hour where a text will arrive, and what is refused for it (V1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from candidates import phone_numbers
from candidates.time_zones import city
from inbox import channels, right_time
from inbox.models import Conversation
from inbox.outcomes import Reason, Refused
from inbox.right_time import WHOLE_DAYS, Bad, Objection, RightTime

GLYPHS = {Bad.WEEKEND: "calendar", Bad.HOLIDAY: "calendar", Bad.CLOSED_DAY: "calendar"}


@dataclass(frozen=True)
class Hour:
    """The hour as the composer shows it: `line` always, the advice of `title` and `text` while it is bad.

    `line` has "#" in place of the clock, which goes on by itself in a browser: `zones` are the earliest and the latest
    there, `now` and `changes` the server's seconds since 1970.
    """

    judged: RightTime
    name: str
    at: datetime
    has_number: bool = True

    @property
    def is_good(self) -> bool:
        return self.judged.is_good

    @property
    def is_walled_off(self) -> bool:
        return self.judged.is_walled_off

    @property
    def clock(self) -> str:
        return "–".join(date_format(clock, "G:i") for clock in self.judged.local)

    @property
    def is_vague(self) -> bool:
        """Somebody who knows better can say where the person is."""
        return len(self.judged.local) != 1

    @property
    def line(self) -> str:
        if not self.has_number and not self.judged.is_known:
            return _("%(name)s's local time is unknown.") % {"name": self.name}
        if not self.judged.is_known:
            return _("%(name)s's local time is unknown: this number doesn't say where it is.") % {"name": self.name}
        return _("# for %(name)s, %(place)s") % {"name": self.name, "place": spot(self.judged)}

    @property
    def said(self) -> str:
        """The line with its clock, for who has no JavaScript."""
        return self.line.replace("#", self.clock, 1) if self.judged.is_known else self.line

    @property
    def title(self) -> str:
        return title(self.judged, self.name)

    @property
    def text(self) -> str:
        return text(self.judged)

    @property
    def glyph(self) -> str:
        assert self.judged.objection is not None
        return GLYPHS.get(self.judged.objection.why, "moon")

    @property
    def zones(self) -> str:
        return " ".join(str(clock.tzinfo) for clock in self.judged.local)

    @property
    def now(self) -> int:
        return int(self.at.timestamp())

    @property
    def changes(self) -> int | None:
        return int(self.judged.changes_at.timestamp()) if self.judged.changes_at else None

    @property
    def good_time(self) -> str:
        """The next good time, as a button names it: "8:00 Tue"; empty if there is none."""
        return named(self.judged, self.judged.next_good_time, now=self.at) if self.judged.next_good_time else ""

    @property
    def good_stamp(self) -> int | None:
        """The same in seconds since 1970: what that button means, however late it is pressed."""
        good = self.judged.next_good_time
        return int(good.timestamp()) if good else None


def hour(conversation: Conversation, channel_key: str) -> Hour | None:
    """The hour for a text on this channel; None where none is good or bad: an email waits until it is read."""
    if channel_key == channels.EMAIL:
        return None
    now = timezone.now()
    person = conversation.person
    return Hour(right_time.judged(conversation, now), person.first_name, now, has_number=bool(person.phone))


def refusal(conversation: Conversation, channel_key: str, *, knows_the_hour: bool) -> Refused | None:
    """Why no text goes now: the company lets none go at a bad time, or the author didn't know that it is one.

    `knows_the_hour`: the advice stood before her when she sent it.
    """
    shown = hour(conversation, channel_key)
    if shown is None or shown.is_good or (knows_the_hour and not shown.is_walled_off):
        return None
    return Refused(Reason.BAD_HOUR, sentence(shown))


def sentence(shown: Hour) -> str:
    """What happened, what it means, and what helps."""
    if not shown.is_walled_off:
        words = _("Not sent yet. %(why)s Your words are kept; send them again if they can't wait.")
        return words % {"why": shown.title}
    if not shown.good_time:
        return _("Not sent. %(why)s Your company sends no texts then.") % {"why": shown.title}
    words = _("Not sent. %(why)s Your company sends no texts then. The next good time is %(time)s.")
    return words % {"why": shown.title, "time": shown.good_time}


def title(judged: RightTime, name: str) -> str:
    """ "It is 22:40 for Anna in Berlin." Where she may be in several zones, it says that it isn't sure."""
    objection = judged.objection
    assert objection is not None
    country = phone_numbers.country_name(judged.place.country)
    if objection.why is Bad.HOLIDAY:
        words = _("%(day)s is a public holiday for %(name)s in %(country)s (%(holiday)s).")
        known = {"day": date_format(objection.at, "l"), "holiday": objection.holiday}
        return words % {**known, "name": name, "country": country}
    is_day = objection.why in WHOLE_DAYS
    what = date_format(objection.at, "l" if is_day else "G:i")
    if len(judged.local) == 1 or (is_day and judged.local[0].date() == judged.local[-1].date()):
        return _("It is %(what)s for %(name)s in %(place)s.") % {"what": what, "name": name, "place": spot(judged)}
    words = _("It may be %(what)s for %(name)s: the number says %(country)s, but not which part of it.")
    return words % {"what": what, "name": name, "country": country}


def text(judged: RightTime) -> str:
    """Why that matters, with the rule that says so, if there is one."""
    objection = judged.objection
    assert objection is not None
    said = [_because(objection)]
    if judged.is_wall:
        said.append(_("Your company sends no texts at such a time."))
    return " ".join(filter(None, said))


def ahead(judged: RightTime, name: str) -> str:
    """What speaks against a bad moment that is still to come, beside the time itself."""
    objection = judged.objection
    assert objection is not None
    said = [_because(objection)]
    if objection.why is Bad.HOLIDAY:
        said.insert(0, title(judged, name))
    elif objection.why is Bad.WEEKEND:
        said.insert(0, _("That is on the weekend for %(name)s.") % {"name": name})
    return " ".join(filter(None, said))


def named(judged: RightTime, moment: datetime, *, now: datetime) -> str:
    """A moment by the recipient's clock: "8:00 Tue", with the date if it is a week or more away."""
    clocks = judged.clocks_at(moment)
    hours = "–".join(date_format(clock, "G:i") for clock in clocks)
    is_far = moment - now > timedelta(days=6)
    return f"{hours} {date_format(clocks[0], 'D j M' if is_far else 'D')}"


def spot(judged: RightTime) -> str:
    """The place as the line names it: a city if there is only one zone, else the country."""
    zones = judged.place.zones
    return city(zones[0]) if len(zones) == 1 else phone_numbers.country_name(judged.place.country)


def _because(objection: Objection) -> str:
    rule, limit = objection.rule, time_format(objection.limit, "G:i") if objection.limit else ""
    if rule is None:
        words = {
            Bad.LATE: _("A text after %(hour)s can be unwelcome, and some countries have rules about it."),
            Bad.EARLY: _("A text before %(hour)s can be unwelcome, and some countries have rules about it."),
        }.get(objection.why, "")
        return words % {"hour": limit}
    if rule.is_own:
        return _("Your company has hours of its own there.")
    if not limit:
        return _("A rule there speaks against texts on this day: %(source)s.") % {"source": rule.source}
    words = (
        _("A rule there speaks against texts after %(hour)s: %(source)s.")
        if objection.why is Bad.LATE
        else _("A rule there speaks against texts before %(hour)s: %(source)s.")
    )
    return words % {"hour": limit, "source": rule.source}
