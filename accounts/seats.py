"""Seats: paid for, given and taken by admins, and never more in use than bought (S1-S4, I8)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Moved:
    """Whose seats were taken, and who got one."""

    taken: list[User]
    given: list[User]


@dataclass(frozen=True)
class Meter:
    """Seats in use of seats bought, and the row of marks that shows it; many seats share a mark."""

    in_use: int
    bought: int
    marks: list[bool]

    @classmethod
    def of(cls, company: Company, *, most: int = 20) -> "Meter":
        in_use, bought = company.seats_in_use, company.seats_bought
        count = min(bought, most)
        lit = -(-in_use * count // bought) if bought else 0
        return cls(in_use, bought, [mark < lit for mark in range(count)])

    @property
    def free(self) -> int:
        return self.bought - self.in_use


def give(user: User, *, by: User | None) -> bool:
    """Give a seat, or say why not. False: the user has one already. Holds at once, for open pages too (S3)."""
    return bool(reassign(_company_id(user), give_to=[user.pk], by=by).given)


def take(user: User, *, by: User | None) -> bool:
    """Take the seat; the next send is refused, and open pages say why (S3). False: there was none."""
    return bool(reassign(_company_id(user), take_from=[user.pk], by=by).taken)


@transaction.atomic
def reassign(company_id: int, *, take_from: Iterable[int] = (), give_to: Iterable[int] = (), by: User | None) -> Moved:
    """Take seats from some users and give seats to others: all of it, or nothing and the reason why (S2, S3).

    Users are named by id; who is not of this company is left out (S4). Who has a seat already keeps it, who has
    none loses none.
    """
    company = Company.objects.select_for_update().get(pk=company_id)  # two admins at once: one after the other
    users = company.users.order_by("name", "pk")
    taken = list(users.filter(pk__in=list(take_from), seat__isnull=False))
    Seat.objects.filter(company=company, user__in=taken).delete()
    given = list(users.filter(pk__in=list(give_to), seat__isnull=True))
    if closed := next((user for user in given if not user.is_active), None):
        raise NotAUser(_("A seat is for an active user. Reactivate %(name)s first.") % {"name": closed.name})
    free = company.seats_bought - company.seats_in_use + len(taken)
    if len(given) > free:
        raise SeatsFull(all_in_use(company) if free <= 0 else too_few(company, asked=len(given), free=free))
    Seat.objects.bulk_create([Seat(company=company, user=user) for user in given])
    audit.record_each(company, AuditAction.SEAT_TAKEN, by=by, about=taken)
    audit.record_each(company, AuditAction.SEAT_GIVEN, by=by, about=given)
    if taken or given:
        changes.tell(user.pk for user in (*taken, *given))
    return Moved(taken, given)


def _company_id(user: User) -> int:
    if user.company_id is None:
        raise NotAUser(_("%(name)s belongs to no company.") % {"name": user.name})
    return user.company_id


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


def too_few(company: Company, *, asked: int, free: int) -> str:
    """Why several seats are refused at once: what is asked for, what is free, and what helps."""
    sentence = ngettext(
        "Not saved: %(asked)s seats are needed and %(free)s is free (%(in_use)s of %(bought)s in use).",
        "Not saved: %(asked)s seats are needed and %(free)s are free (%(in_use)s of %(bought)s in use).",
        free,
    ) % {"asked": asked, "free": free, "in_use": company.seats_in_use, "bought": company.seats_bought}
    return f"{sentence} {_('Choose fewer people, or take seats from someone who no longer texts.')}"


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
