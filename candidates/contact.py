"""Edit Contact Info: the number and email of a person, and what changing them did (P3)."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from candidates import phone_numbers, time_zones
from candidates.models import Candidate

Listener = Callable[[Sequence[Candidate]], None]
_listeners: list[Listener] = []


def when_changed(listener: Listener) -> None:
    """Have a room told, within the same transaction, when what pages show of people changed."""
    _listeners.append(listener)


class ContactForm(forms.Form):
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60, strip=True)
    email = forms.EmailField(label=_("Email"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, home_country: str, **kwargs: Any) -> None:
        """`home_country`: ISO code, whose example is shown for a number that doesn't say where it is from."""
        super().__init__(*args, **kwargs)
        self.home_country = home_country
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)
        zones.choices = [("", _("As the phone number says")), *time_zones.choices()]

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed:
            try:
                self.number = phone_numbers.parse(typed, home_country=self.home_country).e164
            except phone_numbers.BadNumber as bad:
                raise ValidationError(bad.sentence()) from bad
        return typed


class EmailTaken(Exception):
    """Another candidate of the company has this email: by it people who come again are known."""


@transaction.atomic
def change_contact(candidate: Candidate, *, phone_typed: str, email: str, time_zone: str | None = None) -> None:
    """Store a number that was checked, as typed and as E.164. Consent stays with the old number (O10).

    `time_zone`: where the person is (V1), empty if only the number tells; None leaves it as it is.
    """
    candidate.phone_typed = phone_typed
    candidate.phone = phone_numbers.parse(phone_typed).e164 if phone_typed else ""
    candidate.email = email
    if time_zone is not None:
        candidate.time_zone = time_zone
    try:
        with transaction.atomic():
            candidate.save(update_fields=["phone_typed", "phone", "email", "time_zone"])
    except IntegrityError as error:
        raise EmailTaken from error
    tell(candidate)


@transaction.atomic
def change_name(candidate: Candidate, name: str) -> None:
    candidate.name = name
    candidate.save(update_fields=["name"])
    tell(candidate)


def tell(*candidates: Candidate) -> None:
    """What pages show of these people changed: whoever listens looks again.

    All of a transaction in one call, after their rows are held: a listener holds their conversations, in one order.
    """
    for listener in _listeners:
        listener(candidates)
