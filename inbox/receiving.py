"""Receiving: what a channel's webhook turns a provider's request into. Part of the webhook's own transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.utils import timezone

from candidates.consent_rules import EventKind, Source
from candidates.models import ConsentEvent
from inbox import holds, notices, scheduling, standing, stray_requests
from inbox.live import next_version
from inbox.models import Conversation, Direction, Kind, Message, NoticeKind, UnmatchedReply, WaitsFor
from inbox.rules import Status


@dataclass(frozen=True)
class Attachment:
    """What came with a text and can't be shown (Q7): its kind in one word, its content type, where the provider
    keeps it, its size in bytes, once that was asked for, and its name if it has one."""

    kind: str
    content_type: str = ""
    url: str = ""
    size: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Inbound:
    """A text from a person's phone, or a letter, as any channel understands it.

    `reply_to`: the id of our message that it answers. `is_guess`: it names none, and the conversation is likely.
    `subject` and `is_doubtful`, whether its sender may be forged: of a letter, for the tray of unmatched replies.
    """

    channel: str
    sender: str
    recipient: str
    body: str
    provider_id: str
    attachments: Sequence[Attachment] = ()
    kind: Kind = Kind.TEXT
    reply_to: int | None = None
    is_guess: bool = False
    subject: str = ""
    is_doubtful: bool = False
    received_at: datetime = field(default_factory=lambda: timezone.now())  # asked anew: tests move the clock


def receive(conversation_id: int, inbound: Inbound, *, notice: NoticeKind | None = NoticeKind.REPLY) -> Message:
    """Store a text in its conversation and tell who is concerned (N1).

    `notice`: None where a consent event of the same text has a notice of its own.
    """
    asked = holds.asked_by(
        inbound.body,
        conversation_id=conversation_id,
        channel=inbound.channel,
        kind=inbound.kind,
        sender=inbound.sender,
    )
    if asked:
        lock_conversations(asked.conversations)
    version = next_version(conversation_id)
    message = Message.objects.create(
        conversation_id=conversation_id,
        channel=inbound.channel,
        direction=Direction.IN,
        kind=inbound.kind,
        body=inbound.body,
        attachments=[asdict(each) for each in inbound.attachments],
        reply_to_id=inbound.reply_to,
        is_guess=inbound.is_guess,
        sender=inbound.sender,
        recipient=inbound.recipient,
        status=Status.RECEIVED,
        provider_id=inbound.provider_id,
        created_at=inbound.received_at,
        created_version=version,
        version=version,
    )
    standing.note_heard(message)
    scheduling.release([conversation_id], channel=inbound.channel, answer=WaitsFor.REPLY)
    if asked:
        holds.place(asked, message)
        refresh_pages(asked.conversations - {conversation_id})
        notice = NoticeKind.HELD if notice and asked.reading else notice
    notices.announce(Conversation(pk=conversation_id), version=version, notice=notice, message=message)
    return message


def keep_unmatched(inbound: Inbound, *, company_id: int | None, may_concern: Iterable[int] = ()) -> None:
    """Keep a text that fits no conversation where an admin of that company, or the operator, finds it (I7).

    `may_concern`: the companies at which it holds texts, if it reads like a request to stop; none where a keyword in
    it has been heeded, and conversations are locked already.
    """
    requests = stray_requests.asked_by(
        inbound.body, companies=may_concern, channel=inbound.channel, kind=inbound.kind, sender=inbound.sender
    )
    concerned = frozenset[int]().union(*(asked.conversations for asked in requests))
    lock_conversations(concerned)
    UnmatchedReply.objects.bulk_create(
        [
            UnmatchedReply(
                company_id=company_id,
                channel=inbound.channel,
                kind=inbound.kind,
                sender=inbound.sender[:254],
                recipient=inbound.recipient[:254],
                subject=inbound.subject,
                is_doubtful=inbound.is_doubtful,
                body=inbound.body,
                attachments=[asdict(each) for each in inbound.attachments],
                provider_id=inbound.provider_id,
                received_at=inbound.received_at,
            )
        ],
        ignore_conflicts=True,
    )
    for asked in requests:
        holds.place(asked, UnmatchedReply.objects.get(provider_id=inbound.provider_id))
    refresh_pages(concerned)


def announce_consent(
    event: ConsentEvent, *, channel: str, conversation_ids: Iterable[int], heard_in: int | None
) -> None:
    """Note an opt-in or opt-out in every conversation that it opens or locks (O10), and notify (N1, O5).

    `heard_in` is the conversation in which the person said it; nobody is told twice, nor the user who recorded it.
    What was said to a user, beyond a keyword, is quoted there only: other teams don't read that thread (A4).
    """
    concerned = set(conversation_ids)
    lock_conversations(concerned)
    holds.settle(event, locked=concerned)
    kind = Kind.OPTED_IN if event.kind == EventKind.OPTED_IN else Kind.OPTED_OUT
    notice = NoticeKind.OPTED_IN if event.kind == EventKind.OPTED_IN else NoticeKind.OPTED_OUT
    told: set[int] = {event.by_user_id} if event.by_user_id else set()
    for conversation_id in sorted(concerned, key=lambda pk: (pk != heard_in, pk)):
        version = next_version(conversation_id)
        conversation = Conversation.objects.get(pk=conversation_id)
        note = Message.objects.create(
            conversation=conversation,
            channel=channel,
            direction=Direction.NOTE,
            kind=kind,
            body=event.words if event.source != Source.USER or conversation_id == heard_in else "",
            status=Status.RECEIVED,
            consent_event=event,
            created_at=event.at,
            created_version=version,
            version=version,
        )
        show_failed_texts_anew(conversation_id, version)
        if kind == Kind.OPTED_OUT:
            standing.note_opted_out(conversation_id)
        told.update(notices.announce(conversation, version=version, notice=notice, message=note, already_told=told))
    if kind == Kind.OPTED_IN:
        scheduling.release(concerned, channel=channel, answer=WaitsFor.OPT_IN)
    else:
        scheduling.hold_what_waits(concerned, channel=channel)


def lock_conversations(conversation_ids: Iterable[int]) -> None:
    """Hold several conversations at once, in the order in which everybody takes them."""
    list(Conversation.objects.locked().filter(pk__in=set(conversation_ids)).order_by("pk").values_list("pk"))


def refresh_pages(conversation_ids: Iterable[int]) -> None:
    """What a page shows of a conversation changed without a message: a new number, say, or a released route."""
    for conversation_id in sorted(set(conversation_ids)):
        version = next_version(conversation_id)
        show_failed_texts_anew(conversation_id, version)
        notices.announce(Conversation.objects.get(pk=conversation_id), version=version)


def show_failed_texts_anew(conversation_id: int, version: int) -> None:
    """What helps with them depends on where the person is reached."""
    Message.objects.filter(conversation=conversation_id, direction=Direction.OUT, status=Status.FAILED).update(
        version=version
    )
