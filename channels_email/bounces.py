"""Addresses from which mail comes back: noted when a mail server says so, free again once a mail comes from them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from candidates.models import Candidate
from channels_email import addresses, failures
from channels_email.models import BouncedAddress
from channels_email.reading import Bounce, BouncedRecipient, Kind, Mail
from channels_email.rules import Bounced
from inbox import delivery, receiving
from inbox.asking import Question, Rows
from inbox.channels import EMAIL
from inbox.models import Conversation, DeliveryAttempt
from inbox.rules import RANKS, AttemptStatus

BOUNCED = """
SELECT company_id, address, at, code FROM channels_email_bouncedaddress
WHERE company_id = ANY(%(companies)s) AND address = ANY(%(emails)s::text[])"""
ANOTHER_ADDRESS = 550  # not the person's own: her mail is passed on to an address that doesn't take it
COMES_BACK_WITHIN = timedelta(days=7)  # mail servers try for five days


def question(conversations: Sequence[Conversation]) -> Question:
    """Which of these people's addresses does mail come back from, at their companies?"""
    values = {
        "companies": [each.company_id for each in conversations],
        "emails": [each.person.email.lower() for each in conversations],
    }
    return Question(BOUNCED, values)


def of(answer: Rows) -> dict[tuple[int, str], Bounced]:
    """When and why, by company and address in lower case."""
    return {
        (row["company_id"], row["address"]): Bounced(datetime.fromisoformat(row["at"]), row["code"]) for row in answer
    }


@transaction.atomic
def note(attempt: DeliveryAttempt) -> None:
    """Mail to the address of this attempt came back for good: it is locked, on every page of whoever has it."""
    company_id = Conversation.objects.values_list("company_id", flat=True).get(pk=attempt.message.conversation_id)
    address = attempt.message.recipient.lower()
    concerned = conversations_with(company_id, address)
    receiving.lock_conversations(concerned)
    _noted, is_new = BouncedAddress.objects.update_or_create(
        company_id=company_id, address=address, defaults={"code": attempt.error_code, "at": timezone.now()}
    )
    if is_new:
        receiving.refresh_pages(concerned)


def forget(company_id: int, address: str) -> None:
    """A mail came from it, so it works. The conversations that it concerns are locked."""
    if BouncedAddress.objects.filter(company_id=company_id, address=address.lower()).delete()[0]:
        receiving.refresh_pages(conversations_with(company_id, address))


def heed(conversation: Conversation, kind: Kind, bounce: Bounce) -> None:
    """What a mail server reports of a letter in this conversation: it failed, or it is late. Late is no failure."""
    attempt = _reported(conversation, bounce)
    if attempt is None:
        return
    told = _told_of(attempt, bounce)
    code = failures.code_of(status=told.status, words=told.diagnostic)
    if told.address.lower() != attempt.message.recipient.lower():
        code = ANOTHER_ADDRESS
    word = AttemptStatus.FAILED.value if kind == Kind.BOUNCE else "late"
    delivery.report_status(attempt_uuid=attempt.uuid, provider_id="", word=word, error_code=code)


def concerned_by(mail: Mail, conversation_ids: Iterable[int]) -> set[int]:
    """The conversations whose pages a mail may change beside those in which it is stored: to be locked before it is."""
    companies = set(Conversation.objects.filter(pk__in=list(conversation_ids)).values_list("company_id", flat=True))
    about = {each.address for each in mail.bounce.recipients} if mail.bounce else {mail.from_address}
    return {pk for company_id in companies for address in about for pk in conversations_with(company_id, address)}


def conversations_with(company_id: int, address: str) -> set[int]:
    """The company's conversations with the person who has this address."""
    people = Candidate.objects.annotate(lower=Lower("email")).filter(company_id=company_id, lower=address.lower())
    person = people.exclude(email="").first()
    return set(Conversation.objects.of_people([person]).values_list("pk", flat=True)) if person else set()


def _reported(conversation: Conversation, bounce: Bounce) -> DeliveryAttempt | None:
    """The attempt that the report names; if it names none, the last letter that went to an address of it."""
    for attempt in addresses.attempts_of([bounce.original_message_id]):
        if attempt.message.conversation_id == conversation.pk:
            return attempt
    told = {each.address.lower() for each in bounce.recipients}
    recent = (
        DeliveryAttempt.objects.select_related("message")
        .filter(message__conversation=conversation, message__channel=EMAIL, rank__gte=RANKS[AttemptStatus.UNKNOWN])
        .filter(claimed_at__gt=timezone.now() - COMES_BACK_WITHIN)
    )
    return next((each for each in recent.order_by("-pk")[:20] if each.message.recipient.lower() in told), None)


def _told_of(attempt: DeliveryAttempt, bounce: Bounce) -> BouncedRecipient:
    """What the report says of this recipient, or of the first one that it names."""
    own = [each for each in bounce.recipients if each.address.lower() == attempt.message.recipient.lower()]
    return next(iter([*own, *bounce.recipients]), BouncedRecipient(attempt.message.recipient))
