"""Companies: set up by the platform's operator, described by their own admins."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit, changes
from accounts.models import AuditAction, Company, User

NO_FEWER_SEATS = "seats_in_use_never_exceed_seats_bought"


class TooFewSeats(Exception):
    """Seats bought can't fall below seats in use (I8); the text says how many are."""


class NameTaken(Exception):
    """Another company has this name."""


@transaction.atomic
def save(company: Company, *, fields: Iterable[str], by: User) -> list[str]:
    """Store a new company, or these fields of one that is there; the names of those that changed.

    What was switched on or off holds at once, on pages that are open too (Q3).
    """
    if company._state.adding:
        _store(company)
        audit.record(company, AuditAction.COMPANY_CHANGED, by=by, words=_("new"))
        return list(fields)
    before = Company.objects.select_for_update().get(pk=company.pk)  # nobody gives or takes a seat meanwhile
    changed = [name for name in fields if getattr(before, name) != getattr(company, name)]
    if not changed:
        return []
    if "seats_bought" in changed and company.seats_bought < before.seats_in_use:
        raise TooFewSeats(_too_few(before.seats_in_use))
    _store(company, changed, in_use=before.seats_in_use)
    words = ", ".join(_in_words(company, name) for name in changed)
    audit.record(company, AuditAction.COMPANY_CHANGED, by=by, words=words)
    changes.tell(company.users.filter(is_active=True).values_list("pk", flat=True))
    return changed


def _store(company: Company, fields: list[str] | None = None, *, in_use: int = 0) -> None:
    """Only these fields: how many seats are in use is the database's to count."""
    try:
        with transaction.atomic():
            company.save(update_fields=fields)
    except IntegrityError as error:
        if NO_FEWER_SEATS in str(error):
            raise TooFewSeats(_too_few(in_use)) from error
        raise NameTaken(_("This name can't be used. Choose another one.")) from error


def _too_few(in_use: int) -> str:
    return ngettext(
        "Not saved: %(count)s seat is in use. Seats bought can't fall below that; its admin can take the seat first.",
        "Not saved: %(count)s seats are in use. Seats bought can't fall below that; its admin can take seats first.",
        in_use,
    ) % {"count": in_use}


def _in_words(company: Company, name: str) -> str:
    """What changed, for the trail: of a switch or a number also to what."""
    field: Any = Company._meta.get_field(name)
    value = getattr(company, name)
    if isinstance(field, models.BooleanField):
        value = _("on") if value else _("off")
    elif not isinstance(field, models.PositiveIntegerField):
        return str(field.verbose_name)
    return f"{field.verbose_name}: {value}"
