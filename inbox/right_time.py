"""Is this a good time for a text to this person, and if not, when will it be (V1)?

`judged` answers for a conversation; all below it takes a place, a policy and a moment, and asks nobody.
Good hours lie between 8:00 and 21:00 by the recipient's clock, where no country changes to or from summer time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates import phone_numbers
from candidates.time_zones import city
from inbox.places import Place, place_of_person
from inbox.sending_hours import Day, Policy, Rule, day_at

if TYPE_CHECKING:
    from inbox.models import Conversation

LOOKS_AHEAD = timedelta(days=21)  # no row of holidays is longer anywhere

Stretch = tuple[datetime, datetime]  # in UTC: good from the first until just before the second


class Bad(Enum):
    """Why it is no good time there."""

    EARLY = "early"
    LATE = "late"
    BREAK = "break"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED_DAY = "closed day"


WHOLE_DAYS = {Bad.WEEKEND, Bad.HOLIDAY, Bad.CLOSED_DAY}


@dataclass(frozen=True)
class Objection:
    """Why a moment is bad. `at`: the clock there. `limit`: the hour that it missed: of the beginning for EARLY and
    BREAK, of the end for LATE. `rule`: whose hours they are, if not the preset's."""

    why: Bad
    at: datetime
    zone: str
    limit: time | None = None
    holiday: str = ""
    rule: Rule | None = None


@dataclass(frozen=True)
class RightTime:
    """A moment, judged for a person.

    `local`: her clock; the earliest and the latest where she may be in several zones; empty where it is unknown.
    `next_good_time`: the first moment that is good in all her zones, on the minute; None while it is good, where it
    is unknown, and where no hour of three weeks is good in all of them. `changes_at`: when good turns bad or back.
    `is_wall`: the company lets no text go at a bad time; an unknown one is never called bad.
    """

    place: Place
    local: tuple[datetime, ...] = ()
    objection: Objection | None = None
    next_good_time: datetime | None = None
    changes_at: datetime | None = None
    is_wall: bool = False

    @property
    def zones(self) -> tuple[str, ...]:
        return self.place.zones

    @property
    def is_known(self) -> bool:
        return bool(self.local)

    @property
    def is_good(self) -> bool:
        return self.objection is None

    def clocks_at(self, moment: datetime) -> tuple[datetime, ...]:
        """The clocks there at a moment: one, or the earliest and the latest of several zones; none if unknown."""
        return clocks(self.place, moment)

    @property
    def why(self) -> str:
        """Why it is bad, in words that fit any page; empty while it is good."""
        return why(self.objection, self.place) if self.objection else ""

    @property
    def is_walled_off(self) -> bool:
        """No text may go now."""
        return self.is_wall and not self.is_good


def why(objection: Objection, place: Place) -> str:
    """For example "It is 22:40 in Berlin." """
    at, country = objection.at, phone_numbers.country_name(place.country)
    if objection.why is Bad.HOLIDAY:
        return _("%(day)s is a public holiday in %(country)s (%(holiday)s).") % {
            "day": date_format(at, "l"),
            "country": country,
            "holiday": objection.holiday,
        }
    what = date_format(at, "l") if objection.why in WHOLE_DAYS else date_format(at, "G:i")
    return _("It is %(what)s in %(city)s.") % {"what": what, "city": city(objection.zone)}


def judged(conversation: "Conversation", moment: datetime) -> RightTime:
    """Whether `moment` is good for a text to this conversation's person, by the rules of its company."""
    place = place_of_person(conversation.person, year=moment.year)
    return judge(place, moment, Policy.of(conversation.company))


def judge(place: Place, moment: datetime, policy: Policy) -> RightTime:
    """The same for a place and a policy. `moment` is aware."""
    if not place.zones:
        return RightTime(place, is_wall=policy.is_wall)
    local = clocks(place, moment)
    objections = [found for zone in place.zones if (found := objection_in(zone, place, moment, policy))]
    now_good = next((stretch for stretch in good_stretches(place, policy, since=moment)), None)
    if not objections:
        assert now_good is not None
        return RightTime(place, local, changes_at=now_good[1], is_wall=policy.is_wall)
    opens = now_good[0] if now_good else None
    return RightTime(place, local, weightiest(objections), opens, opens, policy.is_wall)


def clocks(place: Place, moment: datetime) -> tuple[datetime, ...]:
    """What the clocks at a place show: one time, or the earliest and the latest; nothing for an unknown place."""
    found = sorted((moment.astimezone(ZoneInfo(zone)) for zone in place.zones), key=_wall)
    if not found or _wall(found[0]) == _wall(found[-1]):
        return tuple(found[:1])
    return found[0], found[-1]


def objection_in(zone: str, place: Place, moment: datetime, policy: Policy) -> Objection | None:
    """What speaks against this moment by the clock of one zone."""
    at = moment.astimezone(ZoneInfo(zone))
    day, clock = day_at(place, at.date(), policy), at.time()
    if any(span.opens <= clock < span.closes for span in day.spans):
        return None
    if not day.spans:
        return Objection(_why_closed(day), at, zone, holiday=day.holiday, rule=day.narrowed_by)
    later = next((span for span in day.spans if clock < span.opens), None)
    if later is None:
        return Objection(Bad.LATE, at, zone, limit=day.spans[-1].closes, rule=day.narrowed_by)
    why = Bad.EARLY if later == day.spans[0] else Bad.BREAK
    return Objection(why, at, zone, limit=later.opens, rule=day.narrowed_by)


def weightiest(objections: list[Objection]) -> Objection:
    """The one to tell of several zones: that of a whole day before that of an hour."""
    order = [Bad.HOLIDAY, Bad.WEEKEND, Bad.CLOSED_DAY, Bad.LATE, Bad.EARLY, Bad.BREAK]
    return min(objections, key=lambda objection: order.index(objection.why))


def good_stretches(place: Place, policy: Policy, *, since: datetime) -> Iterator[Stretch]:
    """The stretches that are good in all zones and end after `since`, in order."""
    begin = since.astimezone(UTC)
    found: list[Stretch] | None = None
    for zone in place.zones:
        in_zone = list(_stretches_in(zone, place, policy, begin))
        found = in_zone if found is None else _in_both(found, in_zone)
    for opens, closes in found or []:
        if closes > begin:
            yield opens, closes


def _stretches_in(zone: str, place: Place, policy: Policy, since: datetime) -> Iterator[Stretch]:
    first = since.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    for number in range(LOOKS_AHEAD.days + 2):
        day = first + timedelta(days=number)
        for span in day_at(place, day, policy).spans:
            yield _in_utc(day, span.opens, zone), _in_utc(day, span.closes, zone)


def _in_both(some: list[Stretch], others: list[Stretch]) -> list[Stretch]:
    both = ((max(a[0], b[0]), min(a[1], b[1])) for a in some for b in others)
    return sorted(stretch for stretch in both if stretch[0] < stretch[1])


def _in_utc(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def _wall(clock: datetime) -> datetime:
    return clock.replace(tzinfo=None, fold=0)


def _why_closed(day: Day) -> Bad:
    if day.holiday:
        return Bad.HOLIDAY
    return Bad.WEEKEND if day.is_weekend else Bad.CLOSED_DAY
