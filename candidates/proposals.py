"""What a public form said differently from the record: the team takes it over or not (P3)."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from candidates import contact
from candidates.models import Candidate, ContactProposal, Submission


def propose(candidate: Candidate, submission: Submission, *, name: str, phone_typed: str) -> None:
    """Keep what differs as a proposal; nothing of the record changes. An empty value proposes nothing.

    `phone_typed` was checked by the form. Said again, it is the same proposal.
    """
    digits = "".join(phone_typed.split())
    differing = {
        ContactProposal.Field.NAME: name if name.casefold() != candidate.name.casefold() else "",
        ContactProposal.Field.PHONE: phone_typed if digits != "".join(candidate.phone_typed.split()) else "",
    }
    ContactProposal.objects.bulk_create(
        [
            ContactProposal(candidate=candidate, submission=submission, field=field, value=value)
            for field, value in differing.items()
            if value
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def decide(proposal_id: int, *, user: User, accept: bool) -> ContactProposal | None:
    """Take a proposal over, or dismiss it; None if somebody has decided it already.

    The person is held first, as by a form that proposes the same.
    """
    people = Candidate.objects.select_for_update(of=("self",), no_key=True)
    candidate = people.filter(proposals=proposal_id).first()
    proposal = ContactProposal.objects.select_for_update().filter(pk=proposal_id, decided_at=None).first()
    if candidate is None or proposal is None:
        return None
    proposal.decided_at, proposal.decided_by, proposal.is_accepted = timezone.now(), user, accept
    proposal.save(update_fields=["decided_at", "decided_by", "is_accepted"])
    if accept and proposal.field == ContactProposal.Field.PHONE:
        contact.change_contact(candidate, phone_typed=proposal.value, email=candidate.email)
    elif accept:
        contact.change_name(candidate, proposal.value)
    else:
        contact.tell(candidate)
    return proposal
