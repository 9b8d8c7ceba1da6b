"""A company's pool of sending numbers, as the operator keeps it (Q6, Q9)."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditAction, User
from candidates import phone_numbers
from channels_sms import rules
from channels_sms.models import SenderNumber
from inbox import open_pages

KEPT = ("company", "number", "country", "wish", "per_second")  # what a form changes; its next slot goes on meanwhile


class CannotBeKept(Exception):
    """A number can't be taken into the pool, changed or taken out of it; the text says why."""


@transaction.atomic
def put(number: SenderNumber, *, by: User) -> None:
    """Store a number that was checked, as new or changed; its country follows from it, and so does a new one's pace.

    A number belongs to one company, for as long as conversations refer to it.
    """
    before = SenderNumber.objects.filter(pk=number.pk).first()
    number.country = phone_numbers.country_of(number.number)
    if before is None and number.per_second is None:
        number.per_second = rules.usual_pace(number.number, country=number.country)
    try:
        with transaction.atomic():
            number.save(update_fields=KEPT if before else None)
    except IntegrityError as error:
        raise CannotBeKept(stays() if before and before.number != number.number else taken()) from error
    words = phone_numbers.country_name(number.country)
    _tell_pages(number)
    _tell_trail(number, (_("%(country)s, changed") if before else _("%(country)s, added")) % {"country": words}, by=by)


@transaction.atomic
def take_out(number: SenderNumber, *, by: User) -> None:
    """Remove a number that no conversation refers to."""
    words = _("%(country)s, removed") % {"country": phone_numbers.country_name(number.country)}
    try:
        with transaction.atomic():
            number.delete()
    except (IntegrityError, ProtectedError) as error:
        raise CannotBeKept(stays()) from error
    _tell_pages(number)
    _tell_trail(number, words, by=by)


@transaction.atomic
def retire(number: SenderNumber, *, by: User) -> bool:
    """Take a number out of use: no new route takes it, and its conversations move on with their next text (Q6).

    False: it was so already.
    """
    if not SenderNumber.objects.filter(pk=number.pk, retired_at=None).update(retired_at=timezone.now()):
        return False
    _tell_pages(number)
    _tell_trail(number, _("%(country)s, out of use") % {"country": phone_numbers.country_name(number.country)}, by=by)
    return True


@transaction.atomic
def bring_back(number: SenderNumber, *, by: User) -> bool:
    """Put a retired number into use again; who moved to another one meanwhile stays there. False: it was in use."""
    if not SenderNumber.objects.filter(pk=number.pk, retired_at__isnull=False).update(retired_at=None):
        return False
    _tell_pages(number)
    words = _("%(country)s, in use again") % {"country": phone_numbers.country_name(number.country)}
    _tell_trail(number, words, by=by)
    return True


def has_history(number: SenderNumber) -> bool:
    """Whether conversations refer to it, so that it stays as it is, with its company (I7)."""
    return number.routes.exists()


def taken() -> str:
    return _("This number belongs to a company already. A number is one company's alone.")


def stays() -> str:
    return _("This number has conversations, so it stays as it is, with its company.")


def _tell_pages(number: SenderNumber) -> None:
    """Open composers of the company show from which number a text would come now."""
    open_pages.look_again(User.objects.filter(company=number.company_id))


def _tell_trail(number: SenderNumber, words: str, *, by: User) -> None:
    audit.record(number.company_id, AuditAction.NUMBER_CHANGED, by=by, words=words)
