"""Where a phone number may be: its country, its state where the area code tells, and the time zones of all of it.

Sources: V1, P2; zones of landlines by libphonenumber, those of a country by the tz database's zone.tab.
"""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import PhoneNumberType
from phonenumbers import timezone as zones_of_numbers

from candidates import phone_numbers, time_zones

if TYPE_CHECKING:
    from candidates.models import Candidate

NOWHERE = {  # numbers that can be answered from anywhere
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}
STAYS_IN_ITS_AREA = {PhoneNumberType.FIXED_LINE}
NO_ZONE = "Etc/Unknown"  # libphonenumber's word

# Fewer than one in a hundred of the country's people live there, and it would take hours from everybody else's day.
# They count where the number itself says so (+1 808 is Hawaii), or the record.
FAR = {
    *("Pacific/Honolulu", "America/Adak", "America/Anchorage", "America/Juneau", "America/Sitka"),
    *("America/Metlakatla", "America/Yakutat", "America/Nome", "America/Whitehorse", "America/Dawson"),
    *("Australia/Lord_Howe", "Antarctica/Macquarie", "America/Noronha", "Pacific/Galapagos", "Pacific/Easter"),
    *("Pacific/Chatham", "Asia/Urumqi", "Europe/Kaliningrad", "Asia/Magadan", "Asia/Sakhalin"),
    *("Asia/Srednekolymsk", "Asia/Kamchatka", "Asia/Anadyr"),
}


@dataclass(frozen=True)
class Place:
    """Where a person may be. `country`: ISO 3166, empty if unknown. `region`: its state or province, the part of ISO
    3166-2 behind the dash. `zones`: names of the tz database, one for each clock that may hang there."""

    country: str = ""
    region: str = ""
    zones: tuple[str, ...] = ()


def place_of_person(person: "Candidate", *, year: int) -> Place:
    """Where the record says that the person is; else where her number may be."""
    by_number = place_of(person.phone, year=year)
    if not (country := time_zones.country_of(person.time_zone)):
        return by_number
    zones_of_area = _zones_of_area(phonenumbers.parse(person.phone), country) if by_number.country else ()
    region = by_number.region if person.time_zone in zones_of_area else ""  # who moved away has left its rules too
    return Place(country, region, (person.time_zone,))


def place_of(e164: str, *, year: int) -> Place:
    """Where this number may be, as far as it tells; an empty place where it doesn't.

    A landline is in its area. A mobile is anywhere in its country, whatever its area code says, since it moves and the
    code stays. `year`: in which two zones with the same clock are one.
    """
    country = phone_numbers.country_of(e164)
    if not country:
        return Place()
    number = phonenumbers.parse(e164)
    kind = phonenumbers.number_type(number)
    if kind in NOWHERE:
        return Place()
    of_area = _zones_of_area(number, country)
    everywhere = zones_of_country(country, year=year)
    zones = of_area if of_area and kind in STAYS_IN_ITS_AREA else one_of_each_clock([*of_area, *everywhere], year=year)
    return Place(country, _region(number, country), zones)


def zones_of_country(country: str, *, year: int) -> tuple[str, ...]:
    """The zones where nearly all of its people live, one for each clock; empty for a country that isn't known."""
    named = time_zones.by_country().get(country, [])
    return one_of_each_clock([zone for zone in named if zone not in FAR] or named, year=year)


def one_of_each_clock(zones: list[str], *, year: int) -> tuple[str, ...]:
    """Of several zones whose clocks agree all year, the first."""
    clocks: dict[tuple[object, ...], str] = {}
    for zone in zones:
        clocks.setdefault(_clock(zone, year), zone)
    return tuple(clocks.values())


@cache
def _clock(zone: str, year: int) -> tuple[object, ...]:
    """How far it is from UTC in the course of a year: all that tells two zones apart."""
    instants = (datetime(year, month, day, tzinfo=UTC) for month in range(1, 13) for day in (1, 15, 28))
    return tuple(instant.astimezone(ZoneInfo(zone)).utcoffset() for instant in instants)


def _zones_of_area(number: phonenumbers.PhoneNumber, country: str) -> tuple[str, ...]:
    """Where the area is. Several countries may share a calling code; of its zones only the country's own count.

    Kosovo and two islands have a calling code, but no line in the tz database's table.
    """
    found = zones_of_numbers.time_zones_for_geographical_number(number)
    own = time_zones.by_country().get(country)
    return tuple(zone for zone in found if zone != NO_ZONE and (own is None or zone in own))


def _region(number: phonenumbers.PhoneNumber, country: str) -> str:
    if number.country_code != 1:
        return ""
    return _regions_by_area_code().get((country, int(str(number.national_number)[:3])), "")


@cache
def _regions_by_area_code() -> dict[tuple[str, int], str]:
    table = tomllib.loads((files("inbox") / "hours_data" / "area_codes.toml").read_text(encoding="utf-8"))
    return {
        (country, code): region
        for country, regions in table.items()
        for region, codes in regions.items()
        for code in codes
    }
