"""What is known of people's way by WhatsApp, with as many queries for many conversations as for one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from candidates import people
from candidates.consent_rules import Standing
from channels_whatsapp import rules, templates
from channels_whatsapp.models import KnownAddress, Template, WhatsAppSender
from inbox.asking import Question, Rows, ask
from inbox.models import Conversation, Direction, Kind, Message
from inbox.outcomes import Reason
from inbox.rules import FAILED_STATUSES, Status

KEY = "whatsapp"
WINDOW_IS_SHUT = 63016


INVITED_NEXT = (Reason.WINDOW_CLOSED, Reason.AWAITING_REPLY)  # where an invitation is what may go

HISTORIES = """
SELECT given.id, given.address, sender.id AS sender_id, sender.company_id, sender.number, consent.standing,
       heard.at AS heard_at, invited.at AS invited_at, refused.at AS refused_at, newest.status, newest.at AS newest_at
FROM unnest(%(ids)s::bigint[], %(companies)s::bigint[], %(addresses)s::text[]) given (id, company_id, address)
LEFT JOIN LATERAL (
    SELECT * FROM channels_whatsapp_whatsappsender own
    WHERE own.company_id = given.company_id OR own.company_id IS NULL ORDER BY own.company_id NULLS LAST LIMIT 1
) sender ON TRUE
LEFT JOIN candidates_consent consent ON consent.company_id = given.company_id AND consent.channel = %(channel)s
                                    AND consent.address = given.address
LEFT JOIN LATERAL (
    SELECT max(created_at) AS at FROM inbox_message
    WHERE conversation_id = given.id AND channel = %(channel)s AND direction = 'in' AND recipient = sender.number
) heard ON TRUE
LEFT JOIN LATERAL (
    SELECT created_at AS at FROM inbox_message
    WHERE conversation_id = given.id AND channel = %(channel)s AND direction = 'out' AND sender = sender.number
      AND kind = %(invitation)s AND status <> ALL(%(failed)s) ORDER BY id DESC LIMIT 1
) invited ON TRUE
LEFT JOIN LATERAL (
    SELECT attempt.claimed_at AS at FROM inbox_message message
    JOIN inbox_deliveryattempt attempt ON attempt.message_id = message.id AND attempt.error_code = %(shut)s
    WHERE message.conversation_id = given.id AND message.channel = %(channel)s AND message.direction = 'out'
      AND message.sender = sender.number AND message.status = 'failed' AND message.kind = %(text)s
    ORDER BY message.id DESC, attempt.id DESC LIMIT 1
) refused ON TRUE
LEFT JOIN LATERAL (
    SELECT status, created_at AS at FROM inbox_message
    WHERE conversation_id = given.id AND channel = %(channel)s AND direction = 'out' AND sender = sender.number
    ORDER BY id DESC LIMIT 1
) newest ON TRUE"""
"""By hand, for every page of a conversation asks it: the sender, the consent, when the person last wrote, when we last
invited, when WhatsApp last refused, and how our last text fares."""


@dataclass(frozen=True)
class Known:
    """Of one conversation: the facts that the rules judge by, and what its invitation would be, where one may go."""

    facts: rules.Facts
    sender: WhatsAppSender | None
    template: Template | None = None


def known_of(conversations: Sequence[Conversation], answer: Rows | None = None) -> dict[int, Known]:
    """The facts of each conversation, by its id. `answer`: to the question, if it was asked."""
    found, typed = {}, {each.pk: each.person.phone_typed for each in conversations}
    for pk, address, sender, standing, history in _histories(
        ask(question(conversations))[0] if answer is None else answer
    ):
        facts = rules.Facts(
            phone_typed=typed[pk],
            address=address,
            sender=sender.number if sender else "",
            standing=standing,
            **history,
        )
        found[pk] = Known(facts, sender)
    return found | _with_templates(conversations, found)


def _with_templates(conversations: Sequence[Conversation], known: dict[int, Known]) -> dict[int, Known]:
    """Those to whom only an invitation may go, each with the one in her language."""
    now = timezone.now()
    invited = [each for each in conversations if rules.lock_reason(known[each.pk].facts, now=now) in INVITED_NEXT]
    if not invited:
        return {}
    senders = {sender.pk for each in invited if (sender := known[each.pk].sender)}
    approved, spoken = templates.approved(senders), people.languages_of({each.person.pk for each in invited})
    found = {}
    for each in invited:
        sender = known[each.pk].sender
        languages = [*spoken.get(each.person.pk, []), *each.company.languages, "en"]
        template = templates.choose(approved.get(sender.pk, {}), languages) if sender else None
        found[each.pk] = replace(known[each.pk], template=template)
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


History = dict[str, datetime | None]


def question(conversations: Sequence[Conversation]) -> Question:
    """What is asked of each conversation's past."""
    addresses = addresses_of(conversations)
    values: dict[str, Any] = {
        "ids": [each.pk for each in conversations],
        "companies": [each.company_id for each in conversations],
        "addresses": [addresses[each.pk] for each in conversations],
        "channel": KEY,
        "invitation": Kind.INVITATION,
        "text": Kind.TEXT,
        "failed": FAILED_STATUSES,
        "shut": WINDOW_IS_SHUT,
    }
    return Question(HISTORIES, values)


def _histories(rows: Rows) -> Iterator[tuple[int, str, WhatsAppSender | None, Standing, History]]:
    """Of each conversation the address, the sender, the consent, and what happened so far, as `rules.Facts` has it."""
    now = timezone.now()
    for row in rows:
        sender = None
        if row["sender_id"]:
            sender = WhatsAppSender(pk=row["sender_id"], company_id=row["company_id"], number=row["number"])
        heard, at = _time(row["heard_at"]), _time(row["newest_at"])
        is_silent = at and row["status"] == Status.SENT and now - at > rules.SILENT_AFTER
        history = {
            "last_heard": heard,
            "invited_at": _time(row["invited_at"]),
            "refused_at": _time(row["refused_at"]),
            "silent_since": at if at and is_silent and (heard is None or at > heard) else None,
        }
        yield row["id"], row["address"], sender, Standing(row["standing"] or Standing.NOTHING), history


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


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
