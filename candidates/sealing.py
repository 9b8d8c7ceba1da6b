"""Sealing the ledger: new events enter their company's chain, apart from whatever transaction they were made in (O11).

An event waits in `EventToSeal` from its own commit on; the database puts it there. A seal takes waiting events off and
stands, all in one transaction, under a lock for each company: whatever is killed, none is sealed twice and none lost.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from candidates import consents, ledger_keys, ledger_rules
from candidates.models import ConsentEvent, EventToSeal, Seal, SealedEvent

logger = logging.getLogger(__name__)

IN_A_SEAL = 500  # events; a proof of one of them carries the digests of all
AT_A_TIME = 20  # seals of a company in one sweep, so that others don't wait for it
LATE = timedelta(hours=1)
LOCK = 0x5365616C00000000  # the advisory lock of a company's chain: this, plus the company's id


def seal_waiting(now: datetime) -> int:
    """Seal what waits, company by company. Returns how many events were sealed."""
    companies = EventToSeal.objects.values_list("event__consent__company", flat=True).distinct()
    return sum(seal_company(company_id, now=now) for company_id in list(companies))


def seal_company(company_id: int, *, now: datetime) -> int:
    """Seal what waits of one company; how many events were sealed."""
    return sum(_seals(company_id, now))


def _seals(company_id: int, now: datetime) -> Iterator[int]:
    for _round in range(AT_A_TIME):
        sealed = seal(company_id, now=now)
        yield sealed
        if sealed < IN_A_SEAL:
            return


@transaction.atomic
def seal(company_id: int, *, now: datetime) -> int:
    """One more link of a company's chain; how many events it holds, 0 for none that wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK + company_id])
    waiting = EventToSeal.objects.filter(event__consent__company=company_id).order_by("event")
    events = list(ConsentEvent.objects.filter(pk__in=waiting.values("event")[:IN_A_SEAL]).order_by("pk"))
    if not events:
        return 0
    head = Seal.objects.filter(company=company_id).order_by("-number").first()
    before, number = (bytes(head.link), head.number + 1) if head else (ledger_rules.FIRST, 1)
    root = ledger_rules.root(bytes(event.digest) for event in events)
    link = ledger_rules.link(before, company=company_id, number=number, events=len(events), root=root, sealed_at=now)
    key = ledger_keys.signing_key()
    made = Seal.objects.create(
        company_id=company_id,
        number=number,
        events=len(events),
        root=root,
        sealed_at=now,
        link=link,
        key=ledger_rules.name_of(key.public_key()),
        signature=ledger_rules.sign(link, key),
    )
    SealedEvent.objects.bulk_create(
        [SealedEvent(event=event, seal=made, position=place) for place, event in enumerate(events)]
    )
    EventToSeal.objects.filter(event__in=events).delete()
    logger.info("company %s: seal %s of the consent ledger, link %s", company_id, number, link.hex())
    return len(events)


@dataclass
class Verdict:
    """What a look through a company's ledger found. `problems`: in words, none if all is as it was written."""

    seals: int = 0
    events: int = 0
    erased: int = 0
    waiting: int = 0
    problems: list[str] = field(default_factory=list)


def verify(company_id: int, *, now: datetime) -> Verdict:
    """Recompute a company's whole chain from what the database holds, in constant memory."""
    verdict, before, expected = Verdict(), ledger_rules.FIRST, 1
    keys = ledger_keys.public_keys()
    for seal in Seal.objects.filter(company=company_id).order_by("number").iterator():
        sealed = SealedEvent.objects.filter(seal=seal).select_related("event__consent").order_by("position")
        events = [each.event for each in sealed]
        verdict.seals += 1
        verdict.events += len(events)
        root = ledger_rules.root(bytes(event.digest) for event in events)
        link = ledger_rules.link(
            before, company=company_id, number=seal.number, events=len(events), root=root, sealed_at=seal.sealed_at
        )
        if seal.number != expected:
            verdict.problems.append(f"seal {expected} is missing")
        elif root != bytes(seal.root):
            verdict.problems.append(f"seal {seal.number}: its events are not those that were sealed")
        elif link != bytes(seal.link):
            verdict.problems.append(f"seal {seal.number} doesn't rest on the one before")
        elif seal.key not in keys or not ledger_rules.is_signed(link, bytes(seal.signature), keys[seal.key]):
            verdict.problems.append(f"seal {seal.number} is not signed by a key of ours")
        for event in events:
            _look_at(event, verdict)
        before, expected = bytes(seal.link), seal.number + 1
    _look_for_unsealed(company_id, verdict, now=now)
    return verdict


def _look_at(event: ConsentEvent, verdict: Verdict) -> None:
    if consents.is_erased(event):
        verdict.erased += 1
    elif not consents.is_as_written(event):
        verdict.problems.append(f"event {event.pk} is not what was written")


def _look_for_unsealed(company_id: int, verdict: Verdict, *, now: datetime) -> None:
    unsealed = ConsentEvent.objects.filter(consent__company=company_id, sealed=None)
    verdict.waiting = unsealed.exclude(waiting=None).count()
    for pk in unsealed.filter(waiting=None).values_list("pk", flat=True)[:100]:
        verdict.problems.append(f"event {pk} is in no seal, and waits for none")
    for pk in unsealed.exclude(waiting=None).filter(at__lt=now - LATE).values_list("pk", flat=True)[:100]:
        verdict.problems.append(f"event {pk} has been waiting for its seal since {LATE}")
