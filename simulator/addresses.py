"""WhatsApp addresses: text with a prefix, which holds a number, or the user id of a person who shows none."""

import re

PREFIX = "whatsapp:"
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


def is_whatsapp(address: str) -> bool:
    return address.startswith(PREFIX)


def bare(address: str) -> str:
    """The number or user id alone."""
    return address.removeprefix(PREFIX)


def is_user_id(address: str) -> bool:
    """Meta's business-scoped user id: country, a dot, letters and digits. It has no plus sign."""
    return USER_ID.fullmatch(bare(address)) is not None


def masked(address: str) -> str:
    """As Twilio shows it in some callbacks: without its last four characters."""
    return f"{bare(address)[:-4]}XXXX"
