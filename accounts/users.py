"""Accounts: given by admins, ended by admins. Nobody signs up (S4)."""

from django.db import transaction
from django.db.models import F

from accounts import audit, changes, seats
from accounts.models import AuditAction, User


@transaction.atomic
def deactivate(user: User, *, by: User | None) -> None:
    """Close an account: its seat is free, and its sessions end at once, wherever they are open."""
    if not user.is_active:
        return
    if user.company_id:
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
