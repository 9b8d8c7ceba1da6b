"""What is known of people's way by WhatsApp, with as many queries for many conversations as for one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from candidates import consents, people
from channels_whatsapp import rules, senders, templates
from channels_whatsapp.models import KnownAddress, Template, WhatsAppSender
from inbox.models import Conversation, Direction, Kind, Message
from inbox.rules import FAILED_STATUSES, Status

KEY = "whatsapp"
WINDOW_IS_SHUT = 63016


@dataclass(frozen=True)
class Known:
    """Of one conversation: the facts that the rules judge by, and what its invitation would be."""

    facts: rules.Facts
    sender: WhatsAppSender | None
    template: Template | None


def known_of(conversations: Sequence[Conversation]) -> dict[int, Known]:
    """The facts of each conversation, by its id."""
    by_company = senders.senders_of(each.company_id for each in conversations)
    addresses = addresses_of(conversations)
    standings = consents.standings_of(((each.company_id, addresses[each.pk]) for each in conversations), channel=KEY)
    histories = _histories(conversations, by_company)
    approved = templates.approved(sender.pk for sender in by_company.values())
    spoken = people.languages_of({each.person.pk for each in conversations})
    found = {}
    for each in conversations:
        sender, history = by_company.get(each.company_id), histories.get(each.pk, {})
        languages = [*spoken.get(each.person.pk, []), *each.company.languages, "en"]
        template = templates.choose(approved.get(sender.pk, {}), languages) if sender else None
        facts = rules.Facts(
            phone_typed=each.person.phone_typed,
            address=addresses[each.pk],
            sender=sender.number if sender else "",
            standing=standings[each.company_id, addresses[each.pk]],
            **history,
        )
        found[each.pk] = Known(facts, sender, template)
    return found


def addresses_of(conversations: Sequence[Conversation]) -> dict[int, str]:
    """Each person's address on WhatsApp: her number, or the user id that an admin said is hers; else empty."""
    without_number = {each.person.pk for each in conversations if not each.person.phone}
    known = (
        dict(KnownAddress.objects.filter(candidate__in=without_number).values_list("candidate_id", "address"))
        if without_number
        else {}
    )
    return {each.pk: each.person.phone or known.get(each.person.pk, "") for each in conversations}


def last_heard(conversation_id: int, *, sender: str) -> datetime | None:
    """When the person last wrote in this conversation to this sender of ours, as far as it is committed (I5, W2)."""
    heard = Message.objects.filter(conversation=conversation_id, channel=KEY, direction=Direction.IN, recipient=sender)
    return heard.order_by("-created_at").values_list("created_at", flat=True).first()


def refused_at(conversation_id: int, *, sender: str) -> datetime | None:
    """When WhatsApp last said of a text here that the window is shut (63016)."""
    failed = Message.objects.filter(
        conversation=conversation_id, channel=KEY, sender=sender, kind=Kind.TEXT, status=Status.FAILED
    )
    refused = failed.filter(attempts__error_code=WINDOW_IS_SHUT).order_by("-attempts__claimed_at")
    return refused.values_list("attempts__claimed_at", flat=True).first()


def _histories(
    conversations: Sequence[Conversation], by_company: dict[int, WhatsAppSender]
) -> dict[int, dict[str, datetime | None]]:
    """When the person last wrote, when we last invited, and since when our last text has not arrived."""
    now = timezone.now()
    found: dict[int, dict[str, datetime | None]] = {}
    for sender in {sender.number: sender for sender in by_company.values()}.values():
        ids = [each.pk for each in conversations if by_company.get(each.company_id) == sender]
        here = Message.objects.filter(conversation=OuterRef("pk"), channel=KEY)
        ours = here.filter(direction=Direction.OUT, sender=sender.number).order_by("-pk")
        heard = here.filter(direction=Direction.IN, recipient=sender.number).order_by("-created_at")
        invited = ours.filter(kind=Kind.INVITATION).exclude(status__in=FAILED_STATUSES)
        refused = ours.filter(status=Status.FAILED, kind=Kind.TEXT, attempts__error_code=WINDOW_IS_SHUT)
        rows = Conversation.objects.filter(pk__in=ids).annotate(
            heard_at=Subquery(heard.values("created_at")[:1]),
            invited_at=Subquery(invited.values("created_at")[:1]),
            refused_at=Subquery(refused.values("attempts__claimed_at")[:1]),
            newest_status=Subquery(ours.values("status")[:1]),
            newest_at=Subquery(ours.values("created_at")[:1]),
        )
        for pk, heard_at, invited_at, refused_at, status, at in rows.values_list(
            "pk", "heard_at", "invited_at", "refused_at", "newest_status", "newest_at"
        ):
            is_silent = status == Status.SENT and now - at > rules.SILENT_AFTER and (heard_at is None or at > heard_at)
            found[pk] = {
                "last_heard": heard_at,
                "invited_at": invited_at,
                "refused_at": refused_at,
                "silent_since": at if is_silent else None,
            }
    return found


def unanswered_invitations(conversations: Sequence[Conversation]) -> dict[tuple[int, str], list[datetime]]:
    """When these companies invited these addresses in the last week without an answer since (O16)."""
    addresses = addresses_of(conversations)
    found: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    if not conversations:
        return found
    ours = _of_companies(conversations).filter(created_at__gt=timezone.now() - rules.WEEK)
    sent = ours.filter(direction=Direction.OUT, kind=Kind.INVITATION, recipient__in=set(addresses.values())).exclude(
        status__in=FAILED_STATUSES
    )
    answers = Message.objects.filter(
        conversation__company=OuterRef("conversation__company"),
        conversation=OuterRef("conversation"),
        channel=KEY,
        direction=Direction.IN,
        created_at__gt=OuterRef("created_at"),
    )
    sent = sent.annotate(answered_at=Subquery(answers.values("created_at")[:1])).filter(answered_at=None)
    for company_id, address, at in sent.values_list("conversation__company_id", "recipient", F("created_at")):
        found[company_id, address].append(at)
    return found


def _of_companies(conversations: Sequence[Conversation]) -> "QuerySet[Message]":
    return Message.objects.filter(conversation__company__in={each.company_id for each in conversations}, channel=KEY)
