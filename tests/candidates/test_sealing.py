"""The ledger's proof: a signed chain over the digests of its events, apart from who made them (O11)."""

import base64
import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Company
from candidates import ledger_rules, sealing
from candidates.models import ConsentEvent, EventToSeal, Seal, SealedEvent
from tests.builders import Builders, new_number

FORGED = bytes(32)
CHANGED, OTHERS = "is not what was written", "not those that were sealed"
EVENTS, SEALS, SEALED = "candidates_consentevent", "candidates_seal", "candidates_sealedevent"


def company_with_events(a: Builders, *, people: int = 3) -> Company:
    company = a.company()
    for _ in range(people):
        a.consent(company, new_number(), "opted in")
    return company


def sealed(a: Builders, *, rounds: int = 2) -> Company:
    """A company whose ledger has so many seals."""
    company = company_with_events(a)
    for number in range(rounds):
        if number:
            a.consent(company, new_number(), "invited")
        assert sealing.seal(company.pk, now=timezone.now())
    return company


def problems(company: Company) -> list[str]:
    return sealing.verify(company.pk, now=timezone.now()).problems


def tamper(statement: str, *values: Any, table: str = EVENTS) -> None:
    """What only the tables' owner can do: switch the guards off, change, and switch them on."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.requirement("O11")
def test_each_event_waits_and_is_sealed_once(a: Builders) -> None:
    # given
    company = company_with_events(a)
    events = list(ConsentEvent.objects.filter(consent__company=company).values_list("pk", flat=True))
    assert set(EventToSeal.objects.values_list("event", flat=True)) >= set(events)
    # when
    assert sealing.seal(company.pk, now=timezone.now()) == len(events)
    assert sealing.seal(company.pk, now=timezone.now()) == 0
    # then
    assert list(SealedEvent.objects.filter(seal__company=company).values_list("event", flat=True)) == events
    assert not EventToSeal.objects.filter(event__in=events).exists()
    verdict = sealing.verify(company.pk, now=timezone.now())
    assert (verdict.seals, verdict.events, verdict.waiting, verdict.problems) == (1, len(events), 0, [])


@pytest.mark.requirement("O11")
def test_a_seal_is_verified_by_who_knows_but_the_published_key(a: Builders, client: Client) -> None:
    """Computed here anew, from the rows and the published key, with nothing of the product's."""
    company = sealed(a)
    published = json.loads(client.get(reverse("consent-keys")).content)["keys"]
    keys = {
        each["name"]: Ed25519PublicKey.from_public_bytes(base64.b64decode(each["public_key"])) for each in published
    }
    before = bytes(32)
    for seal in Seal.objects.filter(company=company).order_by("number"):
        digests = [bytes(each.event.digest) for each in seal.sealed.order_by("position")]
        said = {
            "company": company.pk,
            "events": len(digests),
            "number": seal.number,
            "root": hashlib.sha256(b"".join(digests)).hexdigest(),
            "sealed_at": seal.sealed_at.isoformat(),
        }
        before = hashlib.sha256(before + json.dumps(said, separators=(",", ":"), sort_keys=True).encode()).digest()
        assert before == bytes(seal.link)
        keys[seal.key].verify(bytes(seal.signature), b"SmartMessage consent ledger seal\n" + before)


@pytest.mark.requirement("O11")
@pytest.mark.parametrize(
    ("statement", "table", "says"),
    [
        ("UPDATE candidates_consentevent SET words = 'never said' WHERE id = %s", EVENTS, CHANGED),
        (
            "UPDATE candidates_consentevent SET at = at - interval '1 day' WHERE id = %s",
            EVENTS,
            CHANGED,
        ),
        (
            "UPDATE candidates_consentevent SET digest = salt || salt WHERE id = %s",
            EVENTS,
            OTHERS,
        ),
        ("DELETE FROM candidates_sealedevent WHERE event_id = %s", SEALED, OTHERS),
    ],
)
def test_a_changed_event_is_found(a: Builders, statement: str, table: str, says: str) -> None:
    company = sealed(a)
    event = ConsentEvent.objects.filter(consent__company=company).order_by("pk")[1]
    tamper(statement, event.pk, table=table)
    assert any(says in problem for problem in problems(company))
    with pytest.raises(CommandError):
        call_command("verify_consents")


@pytest.mark.requirement("O11", "O10")
def test_another_address_for_an_event_is_found(a: Builders) -> None:
    company = sealed(a)
    consent = company.consents.order_by("pk")[0]
    consent.address = new_number()
    consent.save()
    assert problems(company)


@pytest.mark.requirement("O11")
@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM candidates_seal WHERE company_id = %s AND number = 2", "seal 2 is missing"),
        ("UPDATE candidates_seal SET sealed_at = now() WHERE company_id = %s AND number = 1", "doesn't rest on"),
        ("UPDATE candidates_seal SET signature = signature || 'x' WHERE company_id = %s AND number = 2", "not signed"),
        ("UPDATE candidates_seal SET key = 'x' WHERE company_id = %s AND number = 3", "not signed"),
    ],
)
def test_a_changed_chain_is_found(a: Builders, statement: str, says: str) -> None:
    company = sealed(a, rounds=3)
    if statement.startswith("DELETE"):
        second = Seal.objects.get(company=company, number=2).pk
        tamper("DELETE FROM candidates_sealedevent WHERE seal_id = %s", second, table=SEALED)
    tamper(statement, company.pk, table=SEALS)
    assert any(says in problem for problem in problems(company))


@pytest.mark.requirement("O11")
def test_a_chain_that_was_made_anew_with_another_key_is_found(a: Builders, settings: Any) -> None:
    """Who owns the database can rewrite all of it, but not sign it."""
    own = settings.CONSENT_SIGNING_KEY
    settings.CONSENT_SIGNING_KEY = Ed25519PrivateKey.generate().private_bytes_raw().hex()
    company = sealed(a)
    assert problems(company) == []
    settings.CONSENT_SIGNING_KEY = own
    assert problems(company) == ["seal 1 is not signed by a key of ours", "seal 2 is not signed by a key of ours"]


@pytest.mark.requirement("O11")
def test_a_former_key_still_verifies(a: Builders, settings: Any) -> None:
    company = sealed(a)
    former = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.CONSENT_SIGNING_KEY)).public_key()
    settings.CONSENT_SIGNING_KEY = Ed25519PrivateKey.generate().private_bytes_raw().hex()
    assert problems(company)
    settings.CONSENT_FORMER_PUBLIC_KEYS = [former.public_bytes_raw().hex()]
    assert problems(company) == []


@pytest.mark.requirement("O11")
def test_what_the_law_has_erased_still_verifies(a: Builders) -> None:
    # given
    company = sealed(a)
    event = ConsentEvent.objects.filter(consent__company=company).order_by("pk")[0]
    # when its content is erased, and its salt, so that nobody can guess
    tamper("UPDATE candidates_consentevent SET words = '', details = '{}', salt = '' WHERE id = %s", event.pk)
    # then
    verdict = sealing.verify(company.pk, now=timezone.now())
    assert (verdict.erased, verdict.problems) == (1, [])


@pytest.mark.requirement("O11")
def test_an_event_that_slipped_past_is_found(a: Builders) -> None:
    company = sealed(a)
    a.consent(company, new_number(), "first consent")
    assert problems(company) == []
    now = timezone.now() + sealing.LATE + timedelta(minutes=1)
    assert ["waiting for its seal" in each for each in sealing.verify(company.pk, now=now).problems] == [True]
    EventToSeal.objects.all().delete()
    assert ["waits for none" in each for each in problems(company)] == [True]


@pytest.mark.requirement("O11")
@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain(a: Builders) -> None:
    # given
    company = company_with_events(a, people=5)
    count = ConsentEvent.objects.filter(consent__company=company).count()
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        sealing.seal(company.pk, now=timezone.now())
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    # when
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # then
    assert SealedEvent.objects.filter(seal__company=company).count() == count
    assert list(Seal.objects.filter(company=company).values_list("number", flat=True)) == [1]
    assert problems(company) == []


@pytest.mark.requirement("O11")
def test_who_dies_while_sealing_leaves_nothing_behind(a: Builders, monkeypatch: pytest.MonkeyPatch) -> None:
    company = company_with_events(a)
    waiting = EventToSeal.objects.count()

    def dies(*_args: object, **_kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(SealedEvent.objects, "bulk_create", dies)
        with pytest.raises(SystemExit):
            sealing.seal(company.pk, now=timezone.now())
    assert (Seal.objects.filter(company=company).count(), EventToSeal.objects.count()) == (0, waiting)
    assert sealing.seal_waiting(timezone.now()) >= waiting
    assert problems(company) == []


HASHES = st.binary(min_size=32, max_size=32)


def chain(batches: list[list[bytes]]) -> list[bytes]:
    """The links over batches of digests."""
    links, before, at = list[bytes](), ledger_rules.FIRST, datetime(2026, 1, 1, tzinfo=UTC)
    for number, batch in enumerate(batches, start=1):
        root = ledger_rules.root(batch)
        before = ledger_rules.link(before, company=1, number=number, events=len(batch), root=root, sealed_at=at)
        links.append(before)
    return links


@pytest.mark.requirement("O11")
@given(
    batches=st.lists(st.lists(HASHES, min_size=1, max_size=4, unique=True), min_size=1, max_size=5),
    data=st.data(),
)
def test_whatever_is_changed_the_last_link_is_another(batches: list[list[bytes]], data: st.DataObject) -> None:
    where = data.draw(st.integers(0, len(batches) - 1))
    place = data.draw(st.integers(0, len(batches[where]) - 1))
    changed = [list(batch) for batch in batches]
    match data.draw(st.sampled_from(["other", "gone", "added", "twice"])):
        case "other":
            changed[where][place] = hashlib.sha256(changed[where][place]).digest()
        case "gone":
            del changed[where][place]
        case "added":
            changed[where].insert(place, hashlib.sha256(b"new").digest())
        case "twice":
            changed[where].insert(place, changed[where][place])
    assert chain(changed)[-1] != chain(batches)[-1]
    assert chain(changed)[:where] == chain(batches)[:where]
