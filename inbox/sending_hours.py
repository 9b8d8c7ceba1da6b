"""Which hours of a day are good for a text: the preset that a company chose, narrowed by country and state.

Sources: V1; `hours_data/sending_hours.toml`, where each rule names its law.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from accounts.hours import HoursPreset
from inbox.places import Place

if TYPE_CHECKING:
    from accounts.models import Company

SATURDAY, SUNDAY = 5, 6
NEVER = "never"
MOST_LIVE_IN = {"GB": "ENG"}  # whose holidays hold where the region isn't known: five in six people of the country
KINDS_OF_DAYS = ("weekdays", "saturday", "sunday", "holidays")


@dataclass(frozen=True, order=True)
class Span:
    """Part of a day by the recipient's clock: good at `opens`, no longer good at `closes`."""

    opens: time
    closes: time


Spans = tuple[Span, ...]
ALL_DAY: Spans = (Span(time.min, time.max),)


@dataclass(frozen=True)
class Rule:
    """The hours of one country or state. `days`: the spans by kind of day; a kind that is missing has no rule.

    `key`: ISO 3166, "US" or "US-FL". `is_own`: the company's, in place of the one that was shipped.
    """

    key: str
    days: Mapping[str, Spans]
    source: str = ""
    checked: date | None = None
    is_own: bool = False

    def spans(self, day: date, *, is_holiday: bool) -> Spans:
        if is_holiday and "holidays" in self.days:
            return self.days["holidays"]
        kind = {SATURDAY: "saturday", SUNDAY: "sunday"}.get(day.weekday(), "weekdays")
        return self.days.get(kind, ALL_DAY)


@dataclass(frozen=True)
class Policy:
    """What a company chose: how strict, whether it only advises, and its own rules by key."""

    preset: HoursPreset = HoursPreset.ADVICE
    is_wall: bool = False
    own: Mapping[str, Rule] = field(default_factory=dict)

    @classmethod
    def of(cls, company: "Company") -> "Policy":
        own = {key: rule_from(key, written, is_own=True) for key, written in company.own_hours.items()}
        return cls(HoursPreset(company.hours_preset), company.hours_are_wall, own)

    def rules(self, place: Place) -> list[Rule]:
        """Those that hold there: the country's and the state's, own ones before shipped ones."""
        keys = [place.country, f"{place.country}-{place.region}"]
        found = (self.own.get(key) or shipped().get(key) for key in keys)
        return [rule for rule in found if rule]


@dataclass(frozen=True)
class Day:
    """One day at a place, as the rules see it. `narrowed_by`: the rule that left fewer hours than the preset."""

    spans: Spans
    is_weekend: bool
    holiday: str
    narrowed_by: Rule | None


PRESETS = {HoursPreset.ADVICE: Span(time(8), time(21)), HoursPreset.STRICT: Span(time(9), time(20))}


def day_at(place: Place, day: date, policy: Policy) -> Day:
    """Its good hours: the preset's, as far as every rule of the place allows them."""
    holiday, is_weekend = holiday_at(place, day), is_weekend_at(place, day)
    rests = is_rest_day_at(place, day) if policy.preset == HoursPreset.STRICT else is_weekend
    spans: Spans = () if holiday or rests else (PRESETS[policy.preset],)
    narrowed_by = None
    for rule in policy.rules(place):
        both = overlap(spans, rule.spans(day, is_holiday=bool(holiday)))
        if both != spans:
            spans, narrowed_by = both, rule
    return Day(spans, is_weekend, holiday, narrowed_by)


def on_each_kind_of_day(policy: Policy, rule: Rule) -> dict[str, Spans]:
    """The hours that are good where this rule holds: weekdays, Saturday, Sunday, holidays."""
    whole, strict = (PRESETS[policy.preset],), policy.preset == HoursPreset.STRICT
    preset: dict[str, Spans] = {"weekdays": whole, "saturday": whole if strict else (), "sunday": (), "holidays": ()}
    return {kind: overlap(spans, rule.days.get(kind, ALL_DAY)) for kind, spans in preset.items()}


def overlap(some: Spans, others: Spans) -> Spans:
    """What lies in both, in order."""
    both = (Span(max(a.opens, b.opens), min(a.closes, b.closes)) for a in some for b in others)
    return tuple(sorted(span for span in both if span.opens < span.closes))


def holiday_at(place: Place, day: date) -> str:
    """The public holiday's name in English, of the country or of the state; empty if it is none."""
    for region in dict.fromkeys(["", place.region or MOST_LIVE_IN.get(place.country, "")]):
        calendar = _calendar(place.country, region, day.year)
        if calendar and (name := calendar.get(day)):
            return str(name)
    return ""


def is_weekend_at(place: Place, day: date) -> bool:
    """Saturday and Sunday, or the days that the country has instead: Friday and Saturday in Egypt."""
    return day.weekday() in _weekend(place.country, day.year)


def is_rest_day_at(place: Place, day: date) -> bool:
    """The one day of the weekend on which nobody is texted by the strict preset: Sunday, or where that is a working
    day, the weekend's first."""
    weekend = _weekend(place.country, day.year)
    return day.weekday() == (SUNDAY if SUNDAY in weekend else min(weekend, default=SUNDAY))


def in_words(spans: Spans) -> str:
    """As `spans_from` reads them: "10:00-13:00, 14:00-20:00", or "never"."""
    return ", ".join(f"{_short(span.opens)}-{_short(span.closes)}" for span in spans) or NEVER


def _short(clock: time) -> str:
    return f"{clock.hour}:{clock.minute:02}"


@cache
def shipped() -> dict[str, Rule]:
    """The rules that come with the product, by key."""
    text = (files("inbox") / "hours_data" / "sending_hours.toml").read_text(encoding="utf-8")
    return {key: rule_from(key, written) for key, written in tomllib.loads(text).items()}


def rule_from(key: str, written: Mapping[str, Any], *, is_own: bool = False) -> Rule:
    """A rule as a file or a company's row has it; ValueError for hours that can't be read."""
    every_day = {kind: written["every_day"] for kind in ("weekdays", "saturday", "sunday") if "every_day" in written}
    named = every_day | {kind: written[kind] for kind in KINDS_OF_DAYS if kind in written}
    days = {kind: spans_from(text) for kind, text in named.items()}
    return Rule(key, days, written.get("source", ""), written.get("checked"), is_own)


def spans_from(text: str) -> Spans:
    """Hours as they are written, "10:00-13:00, 14:00-20:00", or "never"; ValueError for anything else."""
    if text.strip() == NEVER:
        return ()
    return tuple(sorted(_span(part) for part in text.split(",")))


def _span(text: str) -> Span:
    found = re.fullmatch(r"\s*(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)\s*", text)
    if found is None:
        raise ValueError("not hours")
    hours = [int(digits) for digits in found.groups()]
    span = Span(time(hours[0], hours[1]), time(hours[2], hours[3]))
    if span.opens >= span.closes:
        raise ValueError("ends before it begins")
    return span


@cache
def _calendar(country: str, region: str, year: int) -> Mapping[date, str] | None:
    """Its public holidays in a year. The library comes with the first question, since it takes 19 MB of a process."""
    import holidays

    try:
        return holidays.country_holidays(country, subdiv=region or None, years=year, language="en_US")
    except NotImplementedError:  # a country or a region that the library doesn't have
        return None


@cache
def _weekend(country: str, year: int) -> frozenset[int]:
    calendar = _calendar(country, "", year)
    return frozenset(getattr(calendar, "weekend", None) or {SATURDAY, SUNDAY})
