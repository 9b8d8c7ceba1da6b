"""When a text is welcome where its recipient is: local time, advice, the next good time (V1).

`right_times.tsv`: what a case is about, number, moment (UTC), place on the record or "-", rules, and what is expected:
her clock, what speaks against the moment, when it will be good there.
"""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.hours import HoursPreset
from inbox.places import Place, place_of
from inbox.right_time import RightTime, judge, objection_in
from inbox.sending_hours import KINDS_OF_DAYS, Policy, rule_from, shipped

TABLE = Path(__file__).with_name("right_times.tsv")
CASES = list(csv.DictReader(TABLE.open(encoding="utf-8"), delimiter="\t"))
NUMBERS = sorted({case["number"] for case in CASES})
POLICIES = ["advice", "strict", "strict wall", "advice FR=8:00-20:00", "strict US-CA=11:00-12:00", "advice DE=never"]


def policy_from(written: str) -> Policy:
    """ "strict wall FR=9:00-20:00": a preset, whether it is a wall, and own hours of countries, the same every day."""
    preset, *more = written.split()
    own = {key: hours for key, _, hours in (word.partition("=") for word in more) if hours}
    days = {key: dict.fromkeys(KINDS_OF_DAYS, hours) for key, hours in own.items()}
    rules = {key: rule_from(key, each, is_own=True) for key, each in days.items()}
    return Policy(HoursPreset(preset), "wall" in more, rules)


def place_from(case: dict[str, str], moment: datetime) -> Place:
    if case["place"] == "-":
        return place_of(case["number"], year=moment.year)
    region, zone = case["place"].split()
    country, _, state = region.partition("-")
    return Place(country, state, (zone,))


def told(judged: RightTime) -> tuple[str, str, str]:
    """What was found, as the table writes it."""
    clocks = "/".join(f"{clock:%a %H:%M}" for clock in judged.local) or "unknown"
    if judged.objection is None:
        return clocks, "good" if judged.is_known else "unknown", "-"
    why = " ".join(filter(None, [judged.objection.why.value, judged.objection.holiday]))
    if judged.next_good_time is None:
        return clocks, why, "never"
    return clocks, why, "/".join(f"{clock:%a %d %b %H:%M}" for clock in judged.clocks_at(judged.next_good_time))


@pytest.mark.requirement("V1", "P2")
@pytest.mark.parametrize("case", CASES, ids=[f"{case['about']}, {case['moment']}" for case in CASES])
def test_the_table_of_right_times(case: dict[str, str]) -> None:
    moment = datetime.fromisoformat(case["moment"]).replace(tzinfo=UTC)
    judged = judge(place_from(case, moment), moment, policy_from(case["rules"]))
    assert told(judged) == (case["local"], case["advice"], case["next"])


@pytest.mark.requirement("V1")
def test_the_table_has_at_least_a_hundred_cases() -> None:
    assert len(CASES) >= 100


def moments() -> st.SearchStrategy[datetime]:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    return st.integers(0, 3 * 365 * 24 * 3600).map(lambda seconds: begin + timedelta(seconds=seconds))


@pytest.mark.requirement("V1")
@given(number=st.sampled_from(NUMBERS), written=st.sampled_from(POLICIES), moment=moments())
@settings(max_examples=150)
def test_the_next_good_time_is_good_in_all_zones_and_nothing_before_it_is(
    number: str, written: str, moment: datetime
) -> None:
    policy, place = policy_from(written), place_of(number, year=moment.year)
    judged = judge(place, moment, policy)
    if (found := judged.next_good_time) is None:
        assert judged.is_good or written.endswith("never") or "=" in written
        return
    assert found.second == found.microsecond == 0
    assert not any(objection_in(zone, place, found, policy) for zone in place.zones)
    assert judge(place, found, policy).is_good
    each = moment
    while each < found:  # hours begin and end on the quarter
        assert any(objection_in(zone, place, each, policy) for zone in place.zones), each
        each += timedelta(minutes=15)
    assert any(objection_in(zone, place, found - timedelta(microseconds=1), policy) for zone in place.zones)


@pytest.mark.requirement("V1")
@given(number=st.sampled_from(NUMBERS), written=st.sampled_from(POLICIES), moment=moments())
def test_until_it_changes_good_stays_good_and_bad_stays_bad(number: str, written: str, moment: datetime) -> None:
    policy, place = policy_from(written), place_of(number, year=moment.year)
    judged = judge(place, moment, policy)
    if judged.changes_at is None:
        return
    assert judge(place, judged.changes_at - timedelta(microseconds=1), policy).is_good == judged.is_good
    assert judge(place, judged.changes_at, policy).is_good != judged.is_good


@pytest.mark.requirement("V1", "Q9")
def test_each_country_that_has_numbers_has_its_hours_and_each_rule_names_its_source() -> None:
    rules = shipped()
    assert {"US", "CA", "GB", "FR", "DE", "AT", "NL", "SE", "AU"} <= rules.keys()
    for rule in rules.values():
        assert rule.source, rule.key
        assert rule.checked, rule.key
        assert rule.checked >= date(2026, 1, 1)


@pytest.mark.requirement("V1")
@pytest.mark.parametrize("hours", ["9-17", "25:00-26:00", "12:00-9:00", "9:00", "", "9:00-12:00;13:00-17:00"])
def test_hours_that_cannot_be_read_are_refused(hours: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, the form has words of its own
        rule_from("FR", {"weekdays": hours})


@pytest.mark.requirement("V1")
def test_no_clock_changes_between_the_earliest_and_the_latest_good_hour() -> None:
    """Good hours lie between 8:00 and 21:00; a jump in between would move their borders."""
    for zone in {zone for number in NUMBERS for zone in place_of(number, year=2026).zones}:
        for day in range(365 * 2):
            morning = datetime(2026, 1, 1, 8, tzinfo=ZoneInfo(zone)) + timedelta(days=day)
            assert morning.utcoffset() == morning.replace(hour=21).utcoffset(), (zone, morning)
