"""What a page shows of a conversation: its entries with their states and ways on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from accounts.models import User
from candidates.models import Candidate
from inbox import (
    asking,
    backlog,
    channels,
    good_hours,
    sending,
    taking_back,
)
from inbox.backlog import Outlook
from inbox.channels import Failure, Letter, Words
from inbox.links import linkify, linkify_marked
from inbox.models import Conversation, DeliveryAttempt, Message, OptOutHold
from inbox.notes import showing
from inbox.rules import Status

PAGE = 50
MOST_CHANGES = 100  # in one patch
MOST_WAITING = 20  # that a page asks for anew
TOLD_BY_ATTEMPT = (Status.FAILED, Status.UNKNOWN)  # whose newest attempt says why, or whether there is still hope


@dataclass(frozen=True)
class File:
    """What came with a message and isn't shown (Q7): "Picture, 2.1 MB"."""

    icon: str
    words: str


@dataclass(frozen=True)
class Entry:
    """One message as it is shown: who wrote it, when in words, its status in words and as a glyph.

    `day`: the heading of the day, if it is the first one of it. `leaves_in`: the seconds for which it waits so that its
    author can take it back; None where she can't. `good_time`: when it goes, if it waits for a good hour.
    """

    message: Message
    html: SafeString
    by: User | Candidate | None
    at: datetime
    clock: str
    day: str
    state: Words
    glyph: str
    letter: Letter | None = None
    label: Words = ""
    files: tuple[File, ...] = ()
    failure: Failure | None = None
    may_send_again: bool = False
    given_up: bool = False
    leaves_in: float | None = None
    good_time: str = ""
    next_look: datetime | None = None
    hold: OptOutHold | None = None
    outlook: Outlook | None = None
    note: showing.Note | None = None

    @property
    def name(self) -> str:
        """Who wrote it, as it stands above: a mail server too, or who wrote from another address."""
        if self.letter and self.letter.writer:
            return str(self.letter.writer)
        return self.by.name if self.by else ""


def entries(messages: Iterable[Message], *, before: Message | None = None) -> list[Entry]:
    """Messages in their order, as shown; `before` is the one above the first."""
    found = list(messages)
    letters, outlooks, notes, shown = _brought_along(found), backlog.outlooks(found), showing.shown(found), []
    for message in found:
        shown.append(
            entry(
                message,
                before=before,
                letter=letters.get(message.pk),
                outlook=outlooks.get(message.pk),
                note=notes.get(message.pk),
            )
        )
        before = message
    return shown


def entry(
    message: Message,
    *,
    before: Message | None,
    letter: Letter | None = None,
    outlook: Outlook | None = None,
    note: showing.Note | None = None,
) -> Entry:
    attempt = message.newest_attempt() if message.status in TOLD_BY_ATTEMPT else None
    failure = None
    if attempt and message.status == Status.FAILED:
        failure = channels.get(message.channel).failure(attempt)
    at = timezone.localtime(message.created_at)
    hold = getattr(message, "hold", None)
    html = linkify_marked(message.body, hold.phrase) if hold else linkify(message.body)
    return Entry(
        message=message,
        html=letter.html if letter and letter.html else html,
        by=message.author if message.is_out or note else message.conversation.person,
        at=at,
        clock=date_format(at, "H:i"),
        day="" if before and timezone.localtime(before.created_at).date() == at.date() else date_format(at, "D j M"),
        state=Status(message.status).label,
        glyph=GLYPHS.get(Status(message.status), "x"),
        letter=letter,
        label=channels.get(message.channel).label if message.channel in channels.registered() else message.channel,
        files=tuple(file_of(each) for each in message.attachments),
        failure=failure,
        may_send_again=message.is_out and sending.may_be_sent_again(message),
        given_up=bool(attempt and attempt.given_up),
        leaves_in=_leaves_in(message),
        good_time=good_hours.leaves_at(message),
        next_look=attempt.trace_at if attempt else None,
        hold=hold,
        outlook=outlook,
        note=note,
    )


def _leaves_in(message: Message) -> float | None:
    may_undo = taking_back.has_grace(message) and taking_back.may_be_taken_back(message)
    return taking_back.leaves_in(message) if may_undo else None


GLYPHS = {
    Status.QUEUED: "clock",
    Status.SENDING: "spin",
    Status.SENT: "check",
    Status.DELIVERED: "ticks",
    Status.READ: "eye",
    Status.FAILED: "alert-circle",
    Status.UNKNOWN: "question",
}
KINDS_OF_FILES: dict[str, tuple[str, Words]] = {
    "image": ("image", gettext_lazy("Picture")),
    "audio": ("paperclip", gettext_lazy("Voice note or sound")),
    "video": ("paperclip", gettext_lazy("Video")),
    "sticker": ("image", gettext_lazy("Sticker")),
    "document": ("doc", gettext_lazy("Document")),
    "application": ("doc", gettext_lazy("Document")),
    "contacts": ("user", gettext_lazy("Contact card")),
    "text": ("doc", gettext_lazy("Text file")),
}


def file_of(attachment: dict[str, Any]) -> File:
    """Its kind in words, and its size once that is known."""
    icon, kind = KINDS_OF_FILES.get(attachment["kind"], ("paperclip", gettext_lazy("File")))
    size = attachment["size"]
    return File(icon, f"{kind}, {filesizeformat(size)}" if size is not None else str(kind))


def newest(conversation: Conversation, shown: str, *, before_pk: int | None = None) -> tuple[list[Message], bool]:
    """A page of the thread, oldest first, the newest or that before a message; and whether there is more above.

    `shown`: a channel's key, or `EVERYTHING`.
    """
    thread = conversation.messages.shown_on(shown)
    if before_pk is not None:
        thread = thread.filter(pk__lt=before_pk)
    found = list(thread.order_by("-pk")[: PAGE + 1])
    shown_here = found[PAGE - 1 :: -1] if len(found) > PAGE else found[::-1]
    return shown_here, len(found) > PAGE


def _brought_along(messages: Sequence[Message]) -> dict[int, Letter]:
    """The letters among these messages, by their ids; and each message gets the attempts of which the page tells more
    than its status. In one statement, and in none where there is nothing."""
    told = [each for each in messages if each.status in TOLD_BY_ATTEMPT or taking_back.has_grace(each)]
    attempts = DeliveryAttempt.objects.filter(message__in=[each.pk for each in told])
    questions = channels.letters_questions(messages)
    asked = [asking.rows_of(attempts, "attempts")] if told else []
    answers = asking.ask(*questions.values(), *asked)
    tried = asking.instances(DeliveryAttempt, answers[-1]) if told else []
    for message in told:
        message.known_attempts = [each for each in tried if each.message_id == message.pk]
    return channels.letters_of(messages, dict(zip(questions, answers, strict=False)))


def changed_since(
    conversation: Conversation, shown: str, version: int, *, waiting: Sequence[int] = ()
) -> list[Entry] | None:
    """What a page that is at `version` doesn't have yet, or has in an older state; None: more than a patch holds.

    `waiting`: ids of messages there that wait for their turn, which comes nearer without a new version.
    """
    thread = conversation.messages.shown_on(shown, with_taken_back=True)
    is_asked_for = Q(version__gt=version) | Q(pk__in=waiting) if waiting else Q(version__gt=version)
    changed = list(thread.filter(is_asked_for).order_by("pk")[: MOST_CHANGES + MOST_WAITING + 1])
    if len(changed) > MOST_CHANGES + len(waiting):
        return None
    earlier = Message.objects.filter(conversation=conversation, pk__lt=OuterRef("pk")).on(shown).order_by("-pk")
    each = Message.objects.filter(pk__in=[message.pk for message in changed])
    above_each = dict(each.values_list("pk", Subquery(earlier.values("pk")[:1])))
    above_them = Message.objects.in_bulk([pk for pk in above_each.values() if pk])
    letters, outlooks, notes = _brought_along(changed), backlog.outlooks(changed), showing.shown(changed)
    return [
        entry(
            message,
            before=above_them.get(above_each[message.pk]),
            letter=letters.get(message.pk),
            outlook=outlooks.get(message.pk),
            note=notes.get(message.pk),
        )
        for message in changed
    ]


def above(message: Message, shown: str) -> Message | None:
    """The message that stands above this one in the thread as it is shown."""
    same_thread = Message.objects.filter(conversation_id=message.conversation_id).on(shown)
    return same_thread.filter(pk__lt=message.pk).order_by("-pk").first()
