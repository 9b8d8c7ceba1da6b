"""Sending: one transaction that decides and stores; from its commit on nothing can lose the text."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing
from candidates.models import Consent
from inbox import channels, holds, marks, notices, pacing, placeholders, standing, time_advice
from inbox.channels import Channel
from inbox.live import next_version
from inbox.models import ComposerDraft, Conversation, Direction, Kind, Message
from inbox.outcomes import Draft, Reason, Refused, Sent, TakenBack
from inbox.rules import Status, length, normalised
from inbox.segments import MOST_PARTS, split

PUT_OFF_WORDS = "put_off_words"
"""Under which the `handover` of a note keeps the words of the text that it was, for a request that is repeated late."""


@transaction.atomic
def send_message(
    *,
    conversation_id: int,
    author: User,
    channel_key: str,
    body: str,
    client_token: UUID,
    subject: str = "",
    was_kept: bool = False,
    is_due: bool = False,
    knows_the_hour: bool = True,
) -> Sent | Refused:
    """Store one message for hand-over, or say why not.

    The same client token with the same words is the same message, however often it comes (Q6's double click,
    a second tab, a repeated request). With other words it is refused, so that neither text is lost.
    `was_kept`: it was written earlier, so what stands in the composer now is another text, and stays. `is_due`: nobody
    looks on who might undo it, so it goes at once.
    `knows_the_hour`: that it is a bad time for the person doesn't come as news to the author (V1).
    """
    conversation = Conversation.objects.visible_to(author).locked().filter(pk=conversation_id).first()
    if refusal := may_not_write(author, conversation, channel_key):
        return refusal
    assert conversation is not None
    channel = channels.get(channel_key)
    body = channel.worded(conversation, normalised(body))
    if earlier := conversation.messages.filter(author=author, client_token=client_token).first():
        return said_before(earlier, body)
    if refusal := unfit(body, channel) or holds.refused(conversation, channel_key):
        return refusal
    if refusal := time_advice.refusal(conversation, channel_key, knows_the_hour=knows_the_hour):
        return refusal
    draft = channel.compose(conversation, body, subject=subject)
    if isinstance(draft, Refused):
        return draft
    grace = timedelta(0) if is_due else author.grace
    message = _store(conversation, author, channel, draft, kind=Kind.TEXT, client_token=client_token, grace=grace)
    if not was_kept:
        renew_draft(author, conversation, channel_key)
    return Sent(message)


@transaction.atomic
def send_invitation(
    *,
    conversation_id: int,
    author: User,
    channel_key: str,
    client_token: UUID,
    unless_invited_since: datetime | None = None,
) -> Sent | Refused:
    """Send the invitation to opt in, the first time or again (O3, O4, O16), and enter it in the ledger.

    `unless_invited_since`: one of many, so not to a phone that somebody has invited since then.
    """
    conversation = Conversation.objects.visible_to(author).with_record().filter(pk=conversation_id).first()
    if refusal := may_not_write(author, conversation, channel_key):
        return refusal
    assert conversation is not None
    channel = channels.get(channel_key)
    address = channel.address(conversation)
    consent = (
        consents.locked(company_id=conversation.company_id, channel=channel_key, address=address) if address else None
    )
    conversation = Conversation.objects.visible_to(author).locked().get(pk=conversation_id)
    if earlier := conversation.messages.filter(author=author, client_token=client_token).first():
        return Sent(earlier)
    if refusal := holds.refused(conversation, channel_key):
        return refusal
    if consent and unless_invited_since and _was_invited(consent, since=unless_invited_since):
        return Refused(Reason.INVITED, _("Invited a moment ago. One invitation is enough."))
    if refusal := time_advice.refusal(conversation, channel_key, knows_the_hour=True):
        return refusal
    draft = channel.invitation(conversation)
    if isinstance(draft, Refused):
        return draft
    assert consent is not None  # an invitation has an address
    message = _store(conversation, author, channel, draft, kind=Kind.INVITATION, client_token=client_token)
    consents.record(
        consent,
        EventKind.INVITED,
        words=draft.body,
        source=Source.USER,
        details={"message": message.pk, "our_number": draft.sender},
        by_user=author,
    )
    renew_token(author, conversation, channel_key)
    return Sent(message)


@transaction.atomic
def send_again(*, message_id: int, author: User) -> Sent | Refused:
    """A person's Retry of a failed text, or Send again of one that was never confirmed.

    It is the same message with a new attempt. Judged anew when it is handed over.
    """
    visible = Conversation.objects.visible_to(author).values("pk")
    message = Message.objects.filter(pk=message_id, conversation__in=visible, direction=Direction.OUT).first()
    if message is None:
        return Refused(Reason.NOT_ON_TEAM)
    if message.kind == Kind.INVITATION:  # counted under the consent's lock, which comes before the conversation's
        company_id = message.conversation.company_id
        consents.locked(company_id=company_id, channel=message.channel, address=message.recipient)
    conversation = Conversation.objects.locked().get(pk=message.conversation_id)
    if refusal := may_not_write(author, conversation, message.channel) or holds.refused(conversation, message.channel):
        return refusal
    message.refresh_from_db()
    if not may_be_sent_again(message):
        return Refused(Reason.NOT_RETRYABLE, _("This text is already on its way. Nothing was sent twice."))
    if refusal := time_advice.refusal(conversation, message.channel, knows_the_hour=True):
        return refusal
    channel = channels.get(message.channel)
    if message.recipient != channel.address(conversation):
        return Refused(
            Reason.NUMBER_CHANGED,
            _("The address was changed meanwhile. Load the page anew to send it there."),
        )
    subject = str(message.handover.get("subject", ""))
    compose = partial(channel.compose, body=message.body, subject=subject)
    judge = channel.invitation if message.kind == Kind.INVITATION else compose
    if isinstance(refused := judge(conversation), Refused):
        return refused
    message.status, message.refusal = Status.QUEUED, ""
    message.due_at = message.asked_at = timezone.now()
    message.version = next_version(conversation.pk)
    message.save(update_fields=["status", "refusal", "due_at", "asked_at", "version"])
    notices.announce(conversation, version=message.version)
    pacing.ask_in_turn(message)
    return Sent(message)


def may_be_sent_again(message: Message) -> bool:
    """Failed, and the reason doesn't forbid it; never confirmed, and given up (architecture, step 4); canceled because
    a reply was missing, or because what the person wrote was taken for a request to stop; or waiting for a good hour.
    """
    if message.status == Status.CANCELED:
        return message.refusal in {Reason.WINDOW_CLOSED, Reason.HELD, Reason.BAD_HOUR}
    if message.status == Status.QUEUED:
        return message.refusal == Reason.BAD_HOUR
    if message.status not in {Status.FAILED, Status.UNKNOWN}:
        return False
    attempt = message.newest_attempt()
    if message.status == Status.FAILED and attempt:
        return channels.get(message.channel).failure(attempt).may_retry
    return bool(message.status == Status.UNKNOWN and attempt and attempt.given_up)


def may_not_write(author: User, conversation: Conversation | None, channel_key: str) -> Refused | None:
    """Why this user may not write here at all, whatever the text (A3, A4, F4); None if she may."""
    if conversation is None:
        return Refused(Reason.NOT_ON_TEAM)
    if channel_key not in channels.of(conversation.company) or channel_key not in channels.registered():
        return Refused(Reason.NO_SUBSCRIPTION, _("Your company doesn't text on this channel. Write an email instead."))
    if channels.get(channel_key).needs_seat and not author.has_seat():
        return Refused(
            Reason.NO_SEAT,
            _("You can read, but not send. Texting needs a SmartMessage seat; your admin can give you one."),
        )
    return None


def unfit(body: str, channel: Channel) -> Refused | None:
    """Why a text can't be sent as it is: empty, too long (Q8), or with characters that no phone can show."""
    if not body.strip():
        return Refused(Reason.EMPTY, _("There is nothing to send yet. Write a text first."))
    if "\x00" in body or any("\ud800" <= character <= "\udfff" for character in body):
        return Refused(
            Reason.UNREADABLE, _("This text contains characters that can't be sent. Remove them, then send again.")
        )
    if open_places := placeholders.left_open(body):
        return Refused(Reason.UNFILLED, open_places)
    if (extra := length(body) - channel.characters) > 0:
        if len(split(body, channel.characters)) > MOST_PARTS:
            told = _("This would be more than %(most)d texts. Shorten it, or write an email.")
            return Refused(Reason.TOO_LONG, told % {"most": MOST_PARTS})
        sentence = ngettext(
            "%(extra)d character too many. A text holds %(most)d. Shorten it, or split it into two texts.",
            "%(extra)d characters too many. A text holds %(most)d. Shorten it, or split it into two texts.",
            extra,
        )
        return Refused(Reason.TOO_LONG, sentence % {"extra": extra, "most": channel.characters})
    return None


def said_before(earlier: Message, body: str) -> Sent | Refused:
    """What a client token that was used before means for a text of these words, as the person will read them."""
    if earlier.kind == Kind.TAKEN_BACK:
        return Refused(
            Reason.TAKEN_BACK,
            _("You took this message back a moment ago, so it was not sent. Send it again if it is right after all."),
        )
    said = earlier.handover.get(PUT_OFF_WORDS, earlier.body)
    return Sent(earlier) if said == body else another_was_sent()


def another_was_sent() -> Refused:
    """The client token stands for other words already."""
    return Refused(
        Reason.ALREADY_SENT,
        _(
            "Another text was just sent from this draft, in another tab or window. This one was not sent; "
            "your words are kept below. Check the conversation, then send it if it is still right."
        ),
    )


def draft_of(user: User, conversation: Conversation, channel_key: str) -> ComposerDraft:
    """The composer's draft, with the client token of the next text. Who has typed nothing yet has no row."""
    return ComposerDraft.objects.filter(user=user, conversation=conversation, channel=channel_key).first() or (
        first_draft(user, conversation, channel_key)
    )


def first_draft(user: User, conversation: Conversation, channel_key: str) -> ComposerDraft:
    """An empty draft that isn't stored: all pages that are opened before the first word have the same token."""
    token = uuid5(NAMESPACE_OID, f"first draft {user.pk} {conversation.pk} {channel_key}")
    return ComposerDraft(user=user, conversation=conversation, channel=channel_key, token=token)


def locked_draft(user: User, conversation: Conversation, channel_key: str) -> ComposerDraft:
    """The stored draft, made if there is none, and held until the transaction ends."""
    ComposerDraft.objects.bulk_create([first_draft(user, conversation, channel_key)], ignore_conflicts=True)
    drafts = ComposerDraft.objects.select_for_update()
    return drafts.get(user=user, conversation=conversation, channel=channel_key)


def keep_draft(
    user: User, conversation: Conversation, channel_key: str, *, body: str, client_token: UUID, subject: str = ""
) -> bool:
    """Keep what was typed. False: it isn't kept, for a text has gone out meanwhile from the same draft."""
    typed = {"body": body.replace("\x00", ""), "subject": subject.replace("\x00", "")[:255]}
    place = ComposerDraft.objects.filter(user=user, conversation=conversation, channel=channel_key)
    if place.filter(token=client_token).update(**typed):
        return True
    if client_token == (first := first_draft(user, conversation, channel_key)).token:
        first.body, first.subject = typed["body"], typed["subject"]
        ComposerDraft.objects.bulk_create([first], ignore_conflicts=True)  # another page may have kept some, or sent
    return place.filter(token=client_token, body=typed["body"]).exists()


@transaction.atomic
def put_into_draft(user: User, conversation: Conversation, taken: TakenBack) -> None:
    """Words that were taken back stand in the composer again, before what has been typed there since."""
    draft = locked_draft(user, conversation, taken.channel)
    draft.body = f"{taken.words}\n{draft.body}" if draft.body.strip() else taken.words
    draft.subject = draft.subject or taken.subject
    draft.save(update_fields=["body", "subject"])


def last_texts(user_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these users last sent a text; who never did is left out."""
    sent = Message.objects.filter(author__in=list(user_ids), direction=Direction.OUT).exclude(channel=channels.EMAIL)
    return dict(sent.values("author").annotate(at=Max("created_at")).values_list("author", "at"))


def renew_token(user: User, conversation: Conversation, channel_key: str) -> None:
    """The token was used for an invitation: the next click is another message; what was typed stays."""
    ComposerDraft.objects.update_or_create(
        user=user, conversation=conversation, channel=channel_key, defaults={"token": uuid4()}
    )


def renew_draft(user: User, conversation: Conversation, channel_key: str) -> None:
    """The draft was sent: an empty one, with a token of its own, takes its place."""
    ComposerDraft.objects.update_or_create(
        user=user,
        conversation=conversation,
        channel=channel_key,
        defaults={"body": "", "subject": "", "token": uuid4()},
    )


def _was_invited(consent: Consent, *, since: datetime) -> bool:
    """The consent's row must be locked."""
    return consent.standing == Standing.INVITED and consent.changed_at >= since


def _store(
    conversation: Conversation,
    author: User,
    channel: Channel,
    draft: Draft,
    *,
    kind: Kind,
    client_token: UUID,
    grace: timedelta = timedelta(0),
) -> Message:
    """`grace`: how long its author may still take it back; then the sweeper asks a worker for it."""
    now = timezone.now()
    due_at = now + grace
    version = next_version(conversation.pk)
    message = Message.objects.create(
        conversation=conversation,
        channel=channel.key,
        direction=Direction.OUT,
        kind=kind,
        author=author,
        body=draft.body,
        handover=draft.handover,
        sender=draft.sender,
        recipient=draft.recipient,
        status=Status.QUEUED,
        client_token=client_token,
        created_at=now,
        due_at=due_at,
        asked_at=due_at - settings.ASK_AGAIN_AFTER if grace else now,
        created_version=version,
        version=version,
    )
    standing.note_sent(message)
    marks.took_part(author, conversation.pk)
    notices.announce(conversation, version=version)
    if not grace:
        pacing.ask_in_turn(message)
    return message
