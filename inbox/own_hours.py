"""A company's own hours for a country or a state, in place of the shipped ones; each change is in the audit trail."""

from collections.abc import Mapping

from django.db import transaction

from accounts import companies
from accounts.models import User
from inbox.models import SendingHours


def choose(company_id: int, *, preset: str, are_wall: bool, by: User) -> list[str]:
    """Which hours are good for texts, and whether they only advise; the names of what changed."""
    company = SendingHours.objects.get(pk=company_id)
    company.hours_preset, company.hours_are_wall = preset, are_wall
    return companies.save(company, fields=("hours_preset", "hours_are_wall"), by=by)


@transaction.atomic
def keep(company_id: int, key: str, days: Mapping[str, str], *, by: User) -> list[str]:
    """These hours for a country or state: the written spans by kind of day. None at all: the shipped ones again.

    Two admins who change two countries at once both keep their change.
    """
    company = SendingHours.objects.select_for_update().get(pk=company_id)
    others = {name: hours for name, hours in company.own_hours.items() if name != key}
    company.own_hours = others | ({key: dict(days)} if days else {})
    return companies.save(company, fields=("own_hours",), by=by)
