"""From where a change of consent came, name by name, as people read it (O11)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import languages
from candidates import phone_numbers
from candidates.models import SubmissionKind

NAMES = {
    "attempt": _("Delivery attempt"),
    "code": _("Carrier's code"),
    "community": _("Number of the community"),
    "conversation": _("Number of the conversation"),
    "form": _("Form"),
    "ip": _("IP address"),
    "job": _("Number of the job"),
    "language": _("Language"),
    "message": _("Number of the message"),
    "message_sid": _("Twilio's reference"),
    "opt_out_type": _("Keyword at the carrier"),
    "our_number": _("Our number"),
    "read_as": _("Words that read like it"),
    "submission": _("Form as sent"),
}


def in_words(details: dict[str, Any]) -> list[tuple[str, str]]:
    """What an event's details say; nothing of what is empty."""
    return [(str(NAMES.get(name, name)), _said(name, value)) for name, value in sorted(details.items()) if value]


def _said(name: str, value: Any) -> str:
    match name:
        case "form":
            return str(dict(SubmissionKind.choices).get(value, value)).capitalize()
        case "language":
            return languages.name_of(value)
        case "our_number":
            return phone_numbers.display(value)
    return str(value)
