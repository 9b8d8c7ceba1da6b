"""Texts that fit no conversation: found by an admin of that company, and put where they belong, once (I7)."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditAction, Company, User
from candidates.models import Application, Prospect, Record
from candidates.records import KINDS
from inbox import channels, receiving, standing, stray_requests
from inbox.models import Conversation, Kind, Message, NoticeKind, UnmatchedReply
from inbox.receiving import Attachment, Inbound

MOST = 20  # of a search


def likely_records(reply: UnmatchedReply, company: Company) -> list[Record]:
    """Whose text it may be: the company's records of people with that number or address, the newest first."""
    address = reply.sender or "-"
    return _found(company, Q(candidate__phone=address) | Q(candidate__email__iexact=address))


def records_called(words: str, company: Company) -> list[Record]:
    """The company's records by the name, email or number of the person, or by the job's or community's name."""
    if not words:
        return []
    digits = "".join(character for character in words if character.isdigit())
    person = Q(candidate__name__icontains=words) | Q(candidate__email__icontains=words)
    return _found(company, person | Q(candidate__phone__contains=digits) if len(digits) > 3 else person, words=words)


def _found(company: Company, condition: Q, *, words: str = "") -> list[Record]:
    found: list[Record] = []
    for kind, title in ((Application, "job__title"), (Prospect, "community__name")):
        if kind is Prospect and not company.has_smartcrm:
            continue  # their records are not there (F2)
        wanted = condition | Q(**{f"{title}__icontains": words}) if words else condition
        records = kind.objects.filter(wanted, candidate__company=company).with_person()
        found += records.order_by("-since", "-pk")[:MOST]
    return sorted(found, key=lambda record: record.since, reverse=True)[:MOST]


def record_of(key: str, company: Company) -> Record | None:
    """The company's record that a form's choice names, such as "application-12"."""
    kind, _, pk = key.partition("-")
    if kind not in KINDS or not pk.isascii() or not pk.isdigit() or len(pk) > 18:
        return None
    if kind == "prospect" and not company.has_smartcrm:
        return None
    record: Record | None = KINDS[kind].objects.filter(candidate__company=company).with_person().filter(pk=pk).first()
    return record


@transaction.atomic
def give_to(reply: UnmatchedReply, company: Company, *, by: User) -> bool:
    """The operator says for which company a text was meant: its admin finds it and attaches it (W5).

    False: it has a company already.
    """
    moved = UnmatchedReply.objects.filter(pk=reply.pk, company=None, attached_to=None).update(company=company)
    if moved:
        reply.company = company
        stray_requests.end_elsewhere(reply, by=by)
        audit.record(company, AuditAction.REPLY_ATTACHED, by=by, words=_("to the company"))
    return bool(moved)


@transaction.atomic
def attach(reply: UnmatchedReply, conversation: Conversation, *, by: User) -> Message | None:
    """Put a stray reply where it belongs; None if somebody did it before.

    It changes no consent: a keyword in it counted when it came.
    """
    waiting = UnmatchedReply.objects.select_for_update().filter(pk=reply.pk, attached_to=None).first()
    if waiting is None or waiting.company_id != conversation.company_id:
        return None
    inbound = Inbound(
        channel=waiting.channel,
        sender=waiting.sender,
        recipient=waiting.recipient,
        body=waiting.body,
        provider_id=waiting.provider_id,
        attachments=[Attachment(**each) for each in waiting.attachments],
        kind=Kind(waiting.kind),
        received_at=waiting.received_at,
    )
    notice = None if inbound.kind in standing.MACHINES else NoticeKind.REPLY
    message = receiving.receive(conversation.pk, inbound, notice=notice)
    stray_requests.go_along(waiting, message)
    if waiting.channel in channels.registered():
        whole = Conversation.objects.with_record().get(pk=conversation.pk)
        channels.get(waiting.channel).known_as(whole, waiting.sender)
        channels.get(waiting.channel).attached(waiting, message)
    waiting.attached_to = conversation
    waiting.save(update_fields=["attached_to"])
    audit.record(conversation.company_id, AuditAction.REPLY_ATTACHED, by=by, words=conversation.record.title)
    return message
