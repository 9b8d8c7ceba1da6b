"""Seats: paid for, given and taken by admins, and never more in use than bought (S1-S4, I8)."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit, changes
from accounts.models import AuditAction, AuditEntry, Company, Seat, User

LastTexts = Callable[[Iterable[int]], dict[int, datetime]]
_last_texts: list[LastTexts] = []


class SeatsFull(Exception):
    """No seat is free; the text says how many are in use and how to free one (S2)."""


class NotAUser(Exception):
    """A seat is for an active user of the company (S4)."""


def when_last_texted(known: LastTexts) -> None:
    """Have the room that knows say when users last sent a text, by ids."""
    _last_texts.append(known)


def last_texts(user_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these users last sent a text; who never did is left out."""
    ids = list(user_ids)
    return {pk: at for known in _last_texts for pk, at in known(ids).items()}


@transaction.atomic
def give(user: User, *, by: User | None) -> bool:
    """Give a seat, or say why not. False: the user has one already. Holds at once, for open pages too (S3)."""
    company = _locked_company(user)  # two admins at once: one after the other
    user.refresh_from_db(fields=["is_active", "company"])
    if not user.is_active or user.company_id != company.pk:
        raise NotAUser(_("A seat is for an active user. Reactivate %(name)s first.") % {"name": user.name})
    if user.has_seat():
        return False
    if company.seats_in_use >= company.seats_bought:
        raise SeatsFull(all_in_use(company))
    Seat.objects.create(company=company, user=user)
    audit.record(company, AuditAction.SEAT_GIVEN, by=by, about=user)
    changes.tell([user.pk])
    return True


@transaction.atomic
def take(user: User, *, by: User | None) -> bool:
    """Take the seat; the next send is refused, and open pages say why (S3). False: there was none."""
    _locked_company(user)
    seat = Seat.objects.filter(user=user).first()
    if seat is None:
        return False
    seat.delete()
    audit.record(seat.company_id, AuditAction.SEAT_TAKEN, by=by, about=user)
    changes.tell([user.pk])
    return True


def _locked_company(user: User) -> Company:
    if user.company_id is None:
        raise NotAUser(_("%(name)s belongs to no company.") % {"name": user.name})
    return Company.objects.select_for_update().get(pk=user.company_id)


def taken_at(user: User) -> datetime | None:
    """When the user's seat was taken, if she had one and has none now."""
    if user.has_seat():
        return None
    entry = AuditEntry.objects.filter(about=user, action__in=[AuditAction.SEAT_GIVEN, AuditAction.SEAT_TAKEN]).first()
    return entry.at if entry and entry.action == AuditAction.SEAT_TAKEN else None


def all_in_use(company: Company) -> str:
    """Why another seat is refused, and whose could be freed (DESIGN.md, "seats full")."""
    if not company.seats_bought:
        return _("Not saved: your company has no SmartMessage seats. Ask the platform to add some, then save again.")
    sentence = ngettext(
        "Not saved: the one SmartMessage seat is in use. "
        "Clear the SmartMessage box of someone who no longer texts, then save again.",
        "Not saved: all %(count)s SmartMessage seats are in use. "
        "Clear the SmartMessage box of someone who no longer texts, then save again.",
        company.seats_bought,
    ) % {"count": company.seats_bought}
    return f"{sentence} {_who_texts_least(company)}".strip()


def _who_texts_least(company: Company) -> str:
    holders = list(User.objects.filter(company=company, seat__isnull=False).order_by("name"))
    last = last_texts(holder.pk for holder in holders)
    never = [holder for holder in holders if holder.pk not in last]
    if never:
        return _("%(name)s hasn't sent a text yet.") % {"name": never[0].name}
    if not last:
        return ""
    holder = min(holders, key=lambda each: last[each.pk])
    days = (timezone.now() - last[holder.pk]).days
    if not days:
        return ""
    return ngettext(
        "%(name)s last sent a text %(days)s day ago.", "%(name)s last sent a text %(days)s days ago.", days
    ) % {"name": holder.name, "days": days}
