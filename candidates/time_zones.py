"""The time zones that hang on a wall somewhere, by country: the tz database's zone.tab."""

from functools import cache
from importlib.resources import files

from candidates import phone_numbers


@cache
def by_country() -> dict[str, list[str]]:
    """The zones of each country, ISO 3166, in the database's order."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    found: dict[str, list[str]] = {}
    for line in lines:
        if line and not line.startswith("#"):
            country, _coordinates, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return found


@cache
def _countries() -> dict[str, str]:
    return {zone: country for country, zones in by_country().items() for zone in zones}


def country_of(zone: str) -> str:
    """The country of a zone, ISO 3166; empty for one that isn't in the table."""
    return _countries().get(zone, "")


def city(zone: str) -> str:
    """The place that a zone is named after: "Los Angeles" of America/Los_Angeles."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def choices() -> list[tuple[str, str]]:
    """Each zone with its country and city, in the order of the words."""
    named = ((zone, f"{phone_numbers.country_name(country)}: {city(zone)}") for zone, country in _countries().items())
    return sorted(named, key=lambda choice: choice[1])
