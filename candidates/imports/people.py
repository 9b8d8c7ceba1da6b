"""Rows become people and their records: who is known is never overwritten, and nobody comes in twice.

The same email at a company is the same person. Who has none, in the file or on record, is known by number and name.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from candidates import contact
from candidates.imports.rules import Person
from candidates.models import Application, Candidate, Import, Prospect

KNOWN_BY_EMAIL = """
SELECT wanted.email, candidate.id
FROM unnest(%s::text[]) AS wanted(email)
CROSS JOIN LATERAL (
    SELECT id FROM candidates_candidate
    WHERE company_id = %s AND email <> '' AND lower(email) = lower(wanted.email)
    LIMIT 1  -- there is one at most; said so that its index is used, however stale the table's statistics
) candidate"""


@dataclass(frozen=True)
class Match:
    """A row's person, and who she is here. `notes`: what of the row was left alone; `is_added`: her record is new."""

    line: int
    person: Person
    notes: list[str]
    is_added: bool


class Known:
    """The people that a chunk of rows may mean: those on record, and those of its own earlier rows."""

    def __init__(self, company_id: int, people: Sequence[Person]) -> None:
        by_email = ids_by_email(company_id, {person.email for person in people if person.email})
        good = {person.phone for person in people if person.phone}
        flagged = {person.phone_typed for person in people if person.phone_typed and not person.phone}
        same_number = Q(phone__in=good) | Q(phone="", phone_typed__in=flagged) if flagged else Q(phone__in=good)
        on_record = Candidate.objects.filter(company_id=company_id)
        found = on_record.filter(pk__in=by_email.values()).union(on_record.filter(same_number))
        candidates = {candidate.pk: candidate for candidate in found}
        self._by_email = {email: candidates[pk] for email, pk in by_email.items() if pk in candidates}
        self._by_number: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
        for pk in sorted(candidates):
            self._by_number[_number_and_name(candidates[pk])].append(candidates[pk])

    def find(self, person: Person) -> Candidate | None:
        by_email = self._by_email.get(person.email) or self._by_email.get(person.email.lower())
        if by_email or not person.phone_typed:
            return by_email
        alike = self._by_number[_number_and_name(person)]
        return next((candidate for candidate in alike if not (person.email and candidate.email)), None)

    def add(self, person: Person, candidate: Candidate) -> None:
        """Have later rows find her, by what this row says."""
        if person.email:
            self._by_email[person.email] = self._by_email[person.email.lower()] = candidate
        alike = self._by_number[_number_and_name(candidate)]
        if candidate not in alike:
            alike.append(candidate)


def write(source: Import, rows: Sequence[tuple[int, Person]]) -> list[Match]:
    """Store these people and their records in the import's job or community, in a handful of statements."""
    known = Known(source.company_id, [person for _line, person in rows])
    who: list[Candidate] = []
    notes: list[list[str]] = []
    new: list[Candidate] = []
    filled: dict[int, Candidate] = {}
    for _line, person in rows:
        candidate = known.find(person)
        if candidate is None:
            candidate = Candidate(company_id=source.company_id, name=person.name)
            new.append(candidate)
        notes.append(_differences(candidate, person))
        if _fill_in(candidate, person) and candidate.pk:
            filled[candidate.pk] = candidate
        known.add(person, candidate)
        who.append(candidate)
    _store_new(source.company_id, new)
    _store_filled(list(filled.values()))
    added = _store_records(source, [candidate.pk for candidate in who])
    return [
        Match(line, person, note, is_added) for (line, person), note, is_added in zip(rows, notes, added, strict=True)
    ]


def ids_by_email(company_id: int, emails: Iterable[str]) -> dict[str, int]:
    """Who has these emails at the company; the database compares, for its lower case is the one that counts."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_BY_EMAIL, [list(emails), company_id])
        return dict(cursor.fetchall())


def _differences(candidate: Candidate, person: Person) -> list[str]:
    """What the record has otherwise, and keeps."""
    notes = []
    if _plain(candidate.name) != _plain(person.name):
        notes.append(_("Kept the name on record; the file has another one."))
    if candidate.phone_typed and person.phone_typed and _number(candidate) != _number(person):
        notes.append(_("Kept the number on record; the file has another one."))
    return notes


def _fill_in(candidate: Candidate, person: Person) -> bool:
    """Take over what isn't there yet; whether there was anything."""
    takes_email = bool(person.email) and not candidate.email
    takes_phone = bool(person.phone_typed) and not candidate.phone_typed
    if takes_email:
        candidate.email = person.email
    if takes_phone:
        candidate.phone_typed, candidate.phone = person.phone_typed, person.phone
    return takes_email or takes_phone


def _store_new(company_id: int, new: Sequence[Candidate]) -> None:
    """Each gets her id; an email that somebody else has just stored is that person's."""
    with_email = [candidate for candidate in new if candidate.email]
    Candidate.objects.bulk_create([candidate for candidate in new if not candidate.email])
    Candidate.objects.bulk_create(with_email, ignore_conflicts=True)
    ids = ids_by_email(company_id, {candidate.email for candidate in with_email})
    for candidate in with_email:
        candidate.pk = ids[candidate.email]


def _store_filled(filled: Sequence[Candidate]) -> None:
    """On top of what is on record now: a colleague may have edited it meanwhile. Open pages look again."""
    if not filled:
        return
    held = Candidate.objects.select_for_update(no_key=True).order_by("pk")
    now = held.in_bulk([candidate.pk for candidate in filled])
    for candidate in filled:
        if present := now.get(candidate.pk):
            _fill_in(present, Person(candidate.name, candidate.email, candidate.phone_typed, candidate.phone))
    Candidate.objects.bulk_update(now.values(), ["email", "phone_typed", "phone"])
    contact.tell(*now.values())


def _store_records(source: Import, candidate_ids: Sequence[int]) -> list[bool]:
    """Make the records that aren't there yet; for each id whether its record is new, true once at most."""
    kind: type[Any] = Application if source.job_id else Prospect
    group = {"job_id": source.job_id} if source.job_id else {"community_id": source.community_id}
    there = set(kind.objects.filter(**group, candidate_id__in=candidate_ids).values_list("candidate_id", flat=True))
    added = []
    for pk in candidate_ids:
        added.append(pk not in there)
        there.add(pk)
    records = [kind(**group, candidate_id=pk) for pk, is_new in zip(candidate_ids, added, strict=True) if is_new]
    kind.objects.bulk_create(records, ignore_conflicts=True)
    return added


def _number_and_name(someone: Candidate | Person) -> tuple[str, str]:
    return _number(someone), _plain(someone.name)


def _number(someone: Candidate | Person) -> str:
    """E.164; as typed where it can't receive texts."""
    return someone.phone or someone.phone_typed


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
