"""The consent ledger: read it, lock it, add to it. Nothing here changes or deletes an event (O11)."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from candidates.consent_rules import EventKind, Source, Standing, after
from candidates.models import Consent, ConsentEvent, ConsentText


def standing_of(*, company_id: int, channel: str, address: str) -> Standing:
    """The present standing of an address; one that was never heard of has none (O10)."""
    found = Consent.objects.filter(company_id=company_id, channel=channel, address=address)
    return Standing(found.values_list("standing", flat=True).first() or Standing.NOTHING)


def locked(*, company_id: int, channel: str, address: str) -> Consent:
    """The consent's row, made if it wasn't there, and held until the transaction ends.

    Locks are taken in one order everywhere: record, consent, person, conversation, message, attempt.
    """
    key = {"company_id": company_id, "channel": channel, "address": address}
    Consent.objects.bulk_create([Consent(**key)], ignore_conflicts=True)
    return Consent.objects.select_for_update().get(**key)


def all_locked(*, company_id: int, channel: str, addresses: Iterable[str]) -> list[Consent]:
    """Those of all the addresses of one person, in the order in which everybody locks them."""
    return [locked(company_id=company_id, channel=channel, address=address) for address in sorted(set(addresses))]


def standing_locked_for_sharing(*, company_id: int, channel: str, address: str) -> Standing:
    """The standing, while no STOP can be committed until the transaction ends (I2).

    Hand-overs to the same address share the lock with each other; a STOP takes it for itself.
    """
    rows = Consent.objects.raw(
        "SELECT * FROM candidates_consent WHERE company_id = %s AND channel = %s AND address = %s FOR SHARE",
        [company_id, channel, address],
    )
    return Standing(next((row.standing for row in rows), Standing.NOTHING))


def record(
    consent: Consent,
    kind: EventKind,
    *,
    words: str,
    source: Source,
    details: dict[str, Any],
    by_user: User | None = None,
    text: ConsentText | None = None,
    at: datetime | None = None,
) -> ConsentEvent:
    """Add one event to the ledger and bring the present standing up to it. The consent's row must be locked.

    `text` is the version of the words that were seen, where they were those of a form.
    """
    at = at or timezone.now()
    salt = secrets.token_bytes(16)
    content = [consent.pk, kind, at.isoformat(), words, source, details, by_user.pk if by_user else None]
    if text is not None:
        content.append(text.pk)
    event = ConsentEvent.objects.create(
        consent=consent,
        kind=kind,
        at=at,
        words=words,
        source=source,
        details=details,
        by_user=by_user,
        text=text,
        salt=salt,
        digest=digest(salt, content),
    )
    if kind != EventKind.RELEASED:
        consent.standing = after(Standing(consent.standing), kind)
        consent.changed_at = at
        consent.save(update_fields=["standing", "changed_at"])
    return event


def digest(salt: bytes, content: list[Any]) -> bytes:
    """SHA-256 over the salt and the content as canonical JSON."""
    return hashlib.sha256(salt + json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).digest()
