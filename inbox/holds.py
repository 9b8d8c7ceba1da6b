"""A text that reads like an opt-out holds texting until somebody of the team has decided what it was (O9).

The request is made to the company, whoever of it reads it first. So the hold is for that person's address on that
channel in every conversation of the company, as a STOP would be (O10), and for both texting channels where it was
said, for "stop texting me" names none. Email stays open. The person's own START or STOP ends it as well.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from candidates import consents, keywords
from candidates.consent_rules import EventKind, Standing
from candidates.models import ConsentEvent
from candidates.opt_out_reading import Reading, reads_like_opt_out
from inbox import channels, notices
from inbox.channels import Locked, Mark, Reach
from inbox.live import next_version
from inbox.models import Conversation, Direction, HoldOutcome, Kind, Message, OptOutHold, UnmatchedReply
from inbox.outcomes import Reason, Refused
from inbox.querysets import HoldQuerySet
from inbox.rules import Status

HELD = """
EXISTS (SELECT FROM inbox_optouthold hold LEFT JOIN inbox_message said ON said.id = hold.message_id
        WHERE hold.outcome = '' AND hold.company_id = conversation.company_id
          AND (hold.channel = message.channel AND message.recipient = ANY(hold.addresses)
               OR said.conversation_id = conversation.id))"""
"""Whether one of a company's open holds is for a message, if it is on a texting channel; for statements by hand."""


@dataclass(frozen=True)
class Asked:
    """What a text asks beyond what it says: to stop, by the words of `reading`, or with None to go on after all.

    `conversations`: all that it concerns, so that they are locked at once.
    """

    reading: Reading | None
    company_id: int
    addresses: tuple[str, ...]
    conversations: frozenset[int]


def asked_by(body: str, *, conversation_id: int, channel: str, kind: Kind, sender: str) -> Asked | None:
    """What a text that just came in asks; None for an ordinary one, after no query.

    Call it before any conversation is locked: for a request to stop it takes the consent's lock, which comes first,
    so that a hand-over is either claimed before the text is stored or judged after it (I2).
    """
    if not is_question(body, channel=channel, kind=kind):
        return None
    company_id = Conversation.objects.values_list("company_id", flat=True).get(pk=conversation_id)
    return asked_of(company_id, body, channel=channel, sender=sender, here={conversation_id})


def is_question(body: str, *, channel: str, kind: Kind) -> bool:
    """Whether a text may ask something of this kind; after no query."""
    if kind != Kind.TEXT or not is_texting(channel):
        return False
    keyword = keywords.read(body)
    return keyword == keywords.Keyword.START or (keyword is None and reads_like_opt_out(body) is not None)


def asked_of(company_id: int, body: str, *, channel: str, sender: str, here: Iterable[int] = ()) -> Asked | None:
    """What such a text asks of one company. `here`: the conversation that it is in."""
    reading = reads_like_opt_out(body) if keywords.read(body) is None else None
    addresses = sorted(channels.get(channel).names_of(company_id, sender))
    if reading is None and not _of_addresses(company_id, channel, addresses).exists():
        return None
    if reading is not None:
        ledger = consents.all_locked(company_id=company_id, channel=channel, addresses=addresses)
        if all(consent.standing == Standing.OPTED_OUT for consent in ledger):
            return None  # nothing is left to stop
    concerned = channels.get(channel).conversations_of(company_id, addresses)
    return Asked(reading, company_id, tuple(addresses), frozenset({*concerned, *here}))


def place(asked: Asked, said: Message | UnmatchedReply) -> None:
    """Hold texting; or let it go on, where the person took the request back with START."""
    place_of = {"message": said} if isinstance(said, Message) else {"reply": said}
    if asked.reading is None:
        at = said.created_at if isinstance(said, Message) else said.received_at
        held = _of_addresses(asked.company_id, said.channel, asked.addresses)
        older = held.filter(Q(message__created_at__lte=at) | Q(reply__received_at__lte=at))  # a START may be late
        resolve(older, HoldOutcome.LIFTED, at=at, locked=asked.conversations)
        return
    OptOutHold.objects.get_or_create(
        **place_of,
        company_id=asked.company_id,
        defaults={
            "channel": said.channel,
            "addresses": list(asked.addresses),
            "phrase": asked.reading.phrase,
            "language": asked.reading.language,
        },
    )


def settle(event: ConsentEvent, *, locked: Iterable[int]) -> None:
    """A change of consent answers what was open: the person opted in after all, or is out by whatever way.

    `locked`: the conversations that the transaction holds, and whose pages it tells.
    """
    consent = event.consent
    held = _of_addresses(consent.company_id, consent.channel, [consent.address])
    if event.kind == EventKind.OPTED_IN:
        resolve(held, HoldOutcome.LIFTED, at=event.at, locked=locked)
    elif consent.standing == Standing.OPTED_OUT:
        resolve(held, HoldOutcome.OPTED_OUT, at=event.at, locked=locked, by_id=event.by_user_id)


def resolve(
    holds: Iterable[OptOutHold], outcome: HoldOutcome, *, at: datetime, locked: Iterable[int], by_id: int | None = None
) -> None:
    """End holds, each once, and have their messages drawn anew with what the hold kept back, wherever that was.

    The pages of `locked` are told by who ends the hold. Those of other conversations that it concerned, of other teams
    say, are told by transactions of their own once this one is committed: to hold them now would be another order.
    """
    held_here = set(locked)
    for hold in holds:
        OptOutHold.objects.open().filter(pk=hold.pk).update(outcome=outcome, resolved_at=at, resolved_by=by_id)
        concerned = channels.get(hold.channel).conversations_of(hold.company_id, hold.addresses)
        if hold.message:
            concerned |= {hold.message.conversation_id}
        for conversation_id in sorted(concerned & held_here):
            _draw_anew(conversation_id, hold)
        if others := sorted(concerned - held_here):
            transaction.on_commit(partial(_tell_others, others, hold), robust=True)


def _draw_anew(conversation_id: int, hold: OptOutHold) -> int:
    """The request itself, with its outcome, and what was kept back. Returns the conversation's version."""
    version = next_version(conversation_id)
    kept_back = Q(status=Status.CANCELED, refusal=Reason.HELD, direction=Direction.OUT)
    shown_anew = Q(pk=hold.message_id) | kept_back if hold.message_id else kept_back
    Message.objects.filter(shown_anew, conversation=conversation_id).update(version=version)
    return version


def _tell_others(conversation_ids: Iterable[int], hold: OptOutHold) -> None:
    for conversation_id in conversation_ids:
        with transaction.atomic():
            version = _draw_anew(conversation_id, hold)
            notices.announce(Conversation(pk=conversation_id), version=version)


def is_texting(channel: str) -> bool:
    """Whether a request not to be texted concerns this channel: every one but email."""
    return channel != channels.EMAIL and channel in channels.registered()


def refused(conversation: Conversation | None, channel: str) -> Refused | None:
    """Why no text is accepted on this channel now, if one is held; in a sentence."""
    if conversation is None or not is_texting(channel):
        return None
    known = {conversation.person.phone, channels.get(channel).address(conversation)}
    for hold in _open_of([conversation], known - {""}):
        if lock := lock_by(hold, conversation, channel, known=known):
            return Refused(Reason.HELD, f"{lock.title}. {lock.text}")
    return None


def reaches(channel: str, conversations: Sequence[Conversation]) -> dict[int, Reach]:
    """Where each person stands on this channel, the holds counted in: one query more, for many as for one."""
    found = channels.get(channel).reachabilities(conversations)
    held = open_holds(conversations) if is_texting(channel) else []
    return {each.pk: reach_with(held, found[each.pk], each, channel) for each in conversations}


def open_holds(conversations: Sequence[Conversation]) -> list[OptOutHold]:
    """What is open in these conversations, or of these people's phones elsewhere in the company."""
    return _open_of(conversations, {each.person.phone for each in conversations} - {""})


def reach_with(held: Iterable[OptOutHold], reach: Reach, conversation: Conversation, channel: str) -> Reach:
    """How far the person may be texted with these holds: what is locked anyway stays locked for its own reason,
    unless what it offers is an invitation, which is a text too."""
    if not is_texting(channel) or (isinstance(reach, Locked) and not reach.preview):
        return reach
    locks = (lock_by(hold, conversation, channel, known={conversation.person.phone}) for hold in held)
    return next((lock for lock in locks if lock), reach)


def lock_by(hold: OptOutHold, conversation: Conversation, channel: str, *, known: Iterable[str]) -> Locked | None:
    """The lock that a hold is for a conversation's channel, for a person of these addresses; None if it is none."""
    is_here = hold.message is not None and hold.message.conversation_id == conversation.pk
    if not is_here and (hold.channel != channel or set(known).isdisjoint(hold.addresses)):
        return None
    name = conversation.person.first_name
    if is_here:
        text = _(
            "“%(words)s” reads like a request to stop, so no text goes out. Decide at that message: opt %(name)s out, "
            "or release the texts. Email still works."
        ) % {"name": name, "words": hold.phrase}
    elif hold.reply and hold.reply.company_id is None:
        text = _(
            "%(name)s’s phone wrote what reads like a request to stop, to a number that several companies use. No text "
            "goes out until the platform's operator has found out who was meant. Email still works."
        ) % {"name": name}
    elif hold.reply:
        text = _(
            "A text from %(name)s’s phone that fits no conversation reads like a request to stop. No text goes out "
            "until your admin has attached it (Settings, Unmatched replies) and a team has decided. Email still works."
        ) % {"name": name}
    else:
        text = _(
            "In another conversation with your company %(name)s wrote what reads like a request to stop. No text goes "
            "out until that team has decided. Email still works."
        ) % {"name": name}
    title = _("%(name)s may have asked you to stop") % {"name": name}
    mark = Mark("hourglass", _("on hold"))
    about = hold.message if is_here else None
    return Locked(Reason.HELD, title, text, _("On hold"), glyph="hourglass", tone="warn", mark=mark, about=about)


def _open_of(conversations: Sequence[Conversation], addresses: Iterable[str]) -> list[OptOutHold]:
    here = Q(message__conversation__in=[each.pk for each in conversations])
    companies = {each.company_id for each in conversations}
    by_address = Q(addresses__overlap=sorted(addresses))
    return list(
        OptOutHold.objects.open()
        .filter(here | by_address, company__in=companies)
        .select_related("message", "reply")
        .order_by("-placed_at", "-pk")
    )


def _of_addresses(company_id: int, channel: str, addresses: Iterable[str]) -> HoldQuerySet:
    found = OptOutHold.objects.open().filter(company=company_id, channel=channel, addresses__overlap=list(addresses))
    return found.select_related("message", "reply").order_by("pk")
