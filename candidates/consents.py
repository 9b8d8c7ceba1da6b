"""The consent ledger: read it, lock it, add to it. Nothing here changes or deletes an event (O11)."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import User
from candidates import ledger_rules
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
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT standing FROM candidates_consent WHERE company_id = %s AND channel = %s AND address = %s FOR SHARE",
            [company_id, channel, address],
        )
        row = cursor.fetchone()
    return Standing(row[0]) if row else Standing.NOTHING


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
    salt = secrets.token_bytes(16)
    event = ConsentEvent(
        consent=consent,
        kind=kind,
        at=at or timezone.now(),
        words=words,
        source=source,
        details=details,
        by_user=by_user,
        text=text,
        salt=salt,
    )
    event.digest = ledger_rules.digest(salt, content_of(event))
    event.save(force_insert=True)
    if kind != EventKind.RELEASED:
        consent.standing = after(Standing(consent.standing), kind)
        consent.changed_at = event.at
        consent.save(update_fields=["standing", "changed_at"])
    return event


def content_of(event: ConsentEvent) -> list[Any]:
    """What the event's digest covers, as it is in the database now.

    The first form left company and address out, and a text where there was none.
    """
    content = [
        event.consent_id,
        str(event.kind),
        ledger_rules.moment(event.at),
        event.words,
        str(event.source),
        event.details,
        event.by_user_id,
    ]
    if event.digest_form == 1:
        return [*content, event.text_id] if event.text_id else content
    consent = event.consent
    return [*content, event.text_id, consent.company_id, consent.channel, consent.address]


def is_as_written(event: ConsentEvent) -> bool:
    """Whether nothing of the event was changed since it was recorded."""
    return ledger_rules.digest(bytes(event.salt), content_of(event)) == bytes(event.digest)


def is_erased(event: ConsentEvent) -> bool:
    """Whether the law had its content erased: words, details and salt, so that nobody can guess from the digest what
    was there. What and when it was stays, for the standing; so does the digest, and the chain verifies."""
    return not (event.words or event.details or bytes(event.salt))
