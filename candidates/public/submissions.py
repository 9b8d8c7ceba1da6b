"""What a public form does, in one transaction: a person, her record, what she agreed to, and a receipt.

Nobody who fills one in learns whether we knew her. A form overwrites nothing and lifts no STOP (P3, O13).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower

from accounts.models import Company
from candidates import consents, contact, proposals, records
from candidates.consent_rules import EventKind, Source
from candidates.models import (
    Application,
    Candidate,
    Community,
    ConsentText,
    Cv,
    Job,
    Prospect,
    Record,
    Submission,
    SubmissionKind,
)
from candidates.phone_numbers import PhoneNumber
from candidates.public import cvs, receipts
from candidates.public.consent_texts import channels_agreed

Listener = Callable[[Candidate, str], None]
_listeners: list[Listener] = []


def when_agreed(listener: Listener) -> None:
    """Have a room told, within the same transaction, who gave consent, and for which number."""
    _listeners.append(listener)


@dataclass(frozen=True)
class Filled:
    """A public form that was filled in and checked. `agreed`: the versions beside the boxes that were ticked."""

    name: str
    email: str
    phone: PhoneNumber | None
    agreed: Sequence[ConsentText]
    ip: str | None
    language: str
    cv: Cv | None = None
    form_id: UUID | None = None


def submit(group: Job | Community, filled: Filled) -> Submission:
    """Take an application, or a joining. The same form sent twice, by a double click, is one submission."""
    try:
        return _submit(group, filled)
    except IntegrityError:  # the other click was faster, and is committed now
        return _submit(group, filled)


@transaction.atomic
def agree(record: Record, filled: Filled) -> Submission:
    """Take what a known person agreed to by a link that was sent to her (O15)."""
    return _receive(record, SubmissionKind.LINK, filled, uuid=uuid4())


@transaction.atomic
def _submit(group: Job | Community, filled: Filled) -> Submission:
    if earlier := _sent_before(group, filled):
        return earlier
    person = _person(group.company, filled)
    record, kind = _record(person, group)
    records.note_withdrawn(record, is_withdrawn=False)  # who applies again hasn't withdrawn any more
    is_new_page = filled.form_id and not Submission.objects.filter(uuid=filled.form_id).exists()
    uuid = filled.form_id if filled.form_id and is_new_page else uuid4()
    submission = _receive(record, kind, filled, uuid=uuid)
    if filled.cv and isinstance(record, Application):
        cvs.attach(filled.cv, record)
    return submission


def _receive(record: Record, kind: SubmissionKind, filled: Filled, *, uuid: UUID) -> Submission:
    """Locks in the order of everybody: the record, consents, the person, and all conversations at once."""
    person = record.candidate
    submission = Submission.objects.create(
        uuid=uuid,
        company_id=person.company_id,
        kind=kind,
        ip=filled.ip,
        language=filled.language,
        name=filled.name,
        email=filled.email,
        phone_typed=filled.phone.typed if filled.phone else "",
        **{record.kind: record},
    )
    submission.texts.set(filled.agreed)
    _give_consent(submission, record, filled)
    person = Candidate.objects.select_for_update(no_key=True).get(pk=person.pk)
    if filled.phone and channels_agreed(filled.agreed):
        for listener in _listeners:
            listener(person, filled.phone.e164)
    _complete(person, submission, filled)
    receipts.post(submission)
    return submission


def _give_consent(submission: Submission, record: Record, filled: Filled) -> None:
    """First consent for the number that was typed here, on the channels whose boxes were ticked (O1, O2, O10)."""
    channels = channels_agreed(filled.agreed)
    if filled.phone is None or not channels:
        return
    for channel, text in channels.items():
        consent = consents.locked(company_id=submission.company_id, channel=channel, address=filled.phone.e164)
        consents.record(
            consent,
            EventKind.FIRST_CONSENT,
            words=text.words,
            source=Source.FORM,
            text=text,
            details={
                "form": submission.kind,
                "submission": str(submission.uuid),
                "ip": filled.ip,
                "language": text.language,
                "job" if isinstance(record, Application) else "community": record.group.pk,
            },
        )


def _complete(person: Candidate, submission: Submission, filled: Filled) -> None:
    """Fill in a number where the record has none; what differs is a proposal. Open pages hear of it (P3).

    The person's row must be locked.
    """
    number = filled.phone
    if number and not person.phone_typed:
        contact.change_contact(person, phone_typed=number.typed, email=person.email)
    differs = number is not None and number.e164 != person.phone
    proposals.propose(
        person,
        submission,
        name=filled.name,
        phone_typed=number.typed if number and differs else "",
    )
    contact.tell(person)


def _sent_before(group: Job | Community, filled: Filled) -> Submission | None:
    """The submission of this very page, if it said the same. After the Back button it may say something else."""
    found = Submission.objects.filter(uuid=filled.form_id, company=group.company).first() if filled.form_id else None
    if found is None or found.record.group != group:
        return None
    typed = (filled.name, filled.email, filled.phone.typed if filled.phone else "", {text.pk for text in filled.agreed})
    said = (found.name, found.email, found.phone_typed, {text.pk for text in found.texts.all()})
    return found if said == typed else None


def _person(company: Company, filled: Filled) -> Candidate:
    """The company's candidate with this email, or a new one; two at the same instant find the same."""
    by_email = Candidate.objects.filter(company=company).alias(lowered=Lower("email"))
    by_email = by_email.filter(lowered=Lower(Value(filled.email)))
    if known := by_email.first():
        return known
    try:
        with transaction.atomic():
            return Candidate.objects.create(
                company=company,
                name=filled.name,
                email=filled.email,
                phone_typed=filled.phone.typed if filled.phone else "",
                phone=filled.phone.e164 if filled.phone else "",
            )
    except IntegrityError:
        return by_email.get()


def _record(person: Candidate, group: Job | Community) -> tuple[Record, SubmissionKind]:
    """Her application for the job, or her place in the community; the same one if she comes again."""
    if isinstance(group, Job):
        application, _is_new = Application.objects.get_or_create(candidate=person, job=group)
        return application, SubmissionKind.APPLICATION
    prospect, _is_new = Prospect.objects.get_or_create(candidate=person, community=group)
    return prospect, SubmissionKind.JOIN
