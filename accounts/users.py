"""Accounts: given by admins, ended by admins. Nobody signs up (S4)."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit, changes, seats
from accounts.models import AuditAction, Company, User


class LastAdmin(Exception):
    """A company needs somebody who can manage it; the text says so."""


class EmailTaken(Exception):
    """People sign in by email, so each belongs to one account, whatever its company."""


@transaction.atomic
def change(user: User, *, name: str, email: str, is_company_admin: bool, has_seat: bool | None, by: User) -> list[str]:
    """Save what an admin changed about a user of the company, and say what it was (S1, S4).

    `has_seat`: None leaves the seat as it is. Links to a new password that were sent to the old email end with it.
    Only the platform's operator may leave a company without an admin. Raises LastAdmin, EmailTaken,
    seats.SeatsFull or seats.NotAUser; then nothing is saved.
    """
    _hold_company(user)
    before = User.objects.get(pk=user.pk)
    email = email.strip().lower()
    said = [
        _("name: %(name)s") % {"name": name} if name != before.name else "",
        _("email") if email != before.email else "",
        (_("role: Admin") if is_company_admin else _("role: Member"))
        if is_company_admin != before.is_company_admin
        else "",
    ]
    if before.is_company_admin and not is_company_admin and by.company_id:
        _refuse_without_admin(before)
    user.name, user.email, user.is_company_admin = name, email, is_company_admin
    if what := [words for words in said if words]:
        _save(user)
        assert user.company_id
        audit.record(user.company_id, AuditAction.USER_CHANGED, by=by, about=user, words=", ".join(what))
    if has_seat is not None and (seats.give if has_seat else seats.take)(user, by=by):
        what.append(_("seat given") if has_seat else _("seat taken"))
    return what


def _save(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(update_fields=["name", "email", "is_company_admin"])
    except IntegrityError as error:
        raise EmailTaken(_("This email can't be used here. Choose another one.")) from error


def _hold_company(user: User) -> None:
    """Two admins at once: one after the other, so that neither leaves the company without any."""
    Company.objects.select_for_update(of=("self",)).filter(users=user).first()


def _refuse_without_admin(leaving: User) -> None:
    """Somebody who has been here before, so can sign in, must stay to manage the company."""
    admins = User.objects.filter(company=leaving.company_id, is_company_admin=True, is_active=True)
    known = [admin for admin in admins.exclude(pk=leaving.pk) if admin.last_login or admin.has_usable_password()]
    if not known:
        raise LastAdmin(
            _("Not saved: %(name)s is the only admin. Make somebody else an admin first.") % {"name": leaving.name}
        )


@transaction.atomic
def deactivate(user: User, *, by: User | None) -> None:
    """Close an account: its seat is free, and its sessions end at once, wherever they are open.

    A company's only admin stays (LastAdmin), unless the platform's operator closes the account.
    """
    if not user.is_active:
        return
    if user.company_id:
        _hold_company(user)
        if user.is_company_admin and by is not None and by.company_id:
            _refuse_without_admin(user)
        seats.take(user, by=by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    if user.company_id:
        audit.record(user.company_id, AuditAction.USER_DEACTIVATED, by=by, about=user)


@transaction.atomic
def reactivate(user: User, *, by: User | None) -> None:
    """Open a closed account again, without a seat."""
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active"])
    if user.company_id:
        audit.record(user.company_id, AuditAction.USER_REACTIVATED, by=by, about=user)


def end_sessions(user: User) -> None:
    """Whoever is signed in as this user is signed out, on every device; her open pages learn of it now."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])
    changes.tell([user.pk])
