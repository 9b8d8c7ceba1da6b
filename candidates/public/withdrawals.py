"""Taking consent back without the phone: a link in the mails says where each number stands and closes it again.

A stranger can type another person's number into a form. So where the phone itself has confirmed, the link closes
the channel only if the number is that of this submission's own person and of nobody else at the company.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from candidates import consents, phone_numbers
from candidates.consent_rules import EventKind, Source, Standing
from candidates.models import Candidate, ConsentEvent, Purpose, Submission
from candidates.public.consent_texts import channels_agreed

LINK_LASTS = timedelta(days=5 * 365)
LABELS = {"sms": Purpose.SMS.label, "whatsapp": Purpose.WHATSAPP.label}
OPEN = {Standing.FIRST_CONSENT, Standing.INVITED, Standing.OPTED_IN}

Listener = Callable[[ConsentEvent], None]
_listeners: list[Listener] = []


def when_withdrawn(listener: Listener) -> None:
    """Have a room told, within the same transaction, when a consent was taken back."""
    _listeners.append(listener)


@dataclass(frozen=True)
class Given:
    """A consent that a submission gave, as it stands now."""

    channel: str
    label: str
    address: str
    standing: Standing
    may_withdraw: bool

    @property
    def is_open(self) -> bool:
        return self.standing in OPEN


def link_for(submission: Submission) -> str:
    token = _signer().sign(str(submission.uuid))
    return f"{settings.PUBLIC_BASE_URL}{reverse('my-consent', args=[token])}"


def submission_of(token: str) -> Submission | None:
    """Whose link it is; None for one that isn't ours, or older than five years."""
    try:
        uuid = _signer().unsign(token, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    return Submission.objects.filter(uuid=UUID(uuid)).select_related("company").first()


def number_of(submission: Submission) -> str:
    """The number that was typed, E.164; empty if there was none."""
    return phone_numbers.parse(submission.phone_typed).e164 if submission.phone_typed else ""


def given_by(submission: Submission) -> list[Given]:
    """The channels that this submission agreed to, each as it stands now for the number that was typed."""
    address = number_of(submission)
    channels = channels_agreed(submission.texts.all()) if address else {}
    return [_given(submission, channel, address) for channel in channels]


@transaction.atomic
def withdraw(submission: Submission, channel: str, *, ip: str | None) -> bool:
    """Close a channel again. False: there is nothing to take back, or only the phone itself may (O13)."""
    address = number_of(submission)
    if not address or channel not in channels_agreed(submission.texts.all()):
        return False
    consent = consents.locked(company_id=submission.company_id, channel=channel, address=address)
    if not _given(submission, channel, address).may_withdraw:
        return False
    event = consents.record(
        consent,
        EventKind.WITHDRAWN,
        words=button_words(channel),
        source=Source.FORM,
        details={"form": "withdrawal", "submission": str(submission.uuid), "ip": ip},
    )
    for listener in _listeners:
        listener(event)
    return True


def button_words(channel: str) -> str:
    return _("Withdraw my consent to %(channel)s") % {"channel": LABELS[channel]}


def _given(submission: Submission, channel: str, address: str) -> Given:
    standing = consents.standing_of(company_id=submission.company_id, channel=channel, address=address)
    may = standing in OPEN and (standing != Standing.OPTED_IN or _is_hers_alone(submission, address))
    return Given(channel, str(LABELS[channel]), address, standing, may_withdraw=may)


def _is_hers_alone(submission: Submission, address: str) -> bool:
    owners = Candidate.objects.filter(company_id=submission.company_id, phone=address).values_list("pk", flat=True)
    return list(owners[:2]) == [submission.record.candidate.pk]


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="my consent")
