"""What a page shows of a conversation: entries with their states and ways on, the reach card, the lock or composer."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import seats
from accounts.models import User
from candidates.models import Candidate
from inbox import (
    asking,
    backlog,
    channels,
    facts,
    good_hours,
    holds,
    parts,
    scheduling,
    sending,
    taking_back,
    time_advice,
    waiting,
)
from inbox.backlog import Outlook
from inbox.channels import Failure, Letter, Locked, Mark, Reach, Reachable, Remedy, Words
from inbox.facts import Facts
from inbox.links import linkify, linkify_marked
from inbox.models import ComposerDraft, Conversation, DeliveryAttempt, Message, OptOutHold, WaitsFor
from inbox.notes import showing
from inbox.outcomes import Reason
from inbox.rules import Status, length
from inbox.segments import Kind
from inbox.time_advice import Hour
from inbox.waiting import Clock, Offer

PAGE = 50
MOST_CHANGES = 100  # in one patch
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


@dataclass(frozen=True)
class ChannelLine:
    """A channel's line on the reach card, and its tab."""

    key: str
    label: Words
    icon: str
    reach: Reach

    @property
    def locked(self) -> Locked | None:
        return self.reach if isinstance(self.reach, Locked) else None

    @property
    def may_carry(self) -> bool:
        """A text may go there, or the invitation that leads to it."""
        return self.locked is None or Remedy.INVITE in self.locked.remedies

    @property
    def mark(self) -> Mark | None:
        """The glyph beside the tab's name, next to the check mark of who opted in, or in its place."""
        if self.locked:
            return self.locked.mark or MARKS.get(self.locked.reason, Mark("lock", _("locked")))
        assert isinstance(self.reach, Reachable)
        may_be_answered = not self.reach.is_opted_in and self.reach.open_until is not None
        return Mark("clock", _("may be answered for now")) if may_be_answered else None


@dataclass
class Panel:
    """What stands below the thread: the composer, or the lock that says why there is none.

    `waits`: the lock before which a message is written all the same, to leave with the answer that opens it. `offers`:
    times for a message that is written now and goes later, by `clock`.
    """

    lock: Locked | None
    draft: ComposerDraft | None = None
    invite_token: str = ""
    problem: str = ""
    typed: str | None = None
    kept_draft: str = ""
    reach: Reachable | None = None
    characters: int = 0
    hour: Hour | None = None
    has_segments: bool = False
    waits: Locked | None = None
    clock: Clock | None = None
    offers: Sequence[Offer] = ()

    @property
    def state(self) -> str:
        if self.waits:
            return "later"
        return self.lock.reason.value if self.lock else "open"

    @property
    def may_wait(self) -> bool:
        """The lock opens with an answer for which a message can wait."""
        return bool(self.lock and self.lock.reason in scheduling.ANSWER_TO)

    @property
    def waits_for_yes(self) -> bool:
        """The answer is a "Yes"; else any reply."""
        lock = self.lock or self.waits
        return bool(lock and scheduling.ANSWER_TO.get(lock.reason) == WaitsFor.OPT_IN)

    @property
    def text(self) -> str:
        if self.typed is not None:
            return self.typed
        return self.draft.body if self.draft else ""

    @property
    def may_invite(self) -> bool:
        return bool(self.lock and Remedy.INVITE in self.lock.remedies)

    @property
    def shows_preview(self) -> bool:
        """The invitation is shown before it goes out; while an answer is waited for it stands in the thread."""
        return self.may_invite and bool(self.lock and self.lock.reason not in {Reason.INVITED, Reason.AWAITING_REPLY})

    @property
    def closes_in(self) -> int | None:
        """In how many seconds texting ends by itself; None: it doesn't."""
        if self.reach is None or self.reach.open_until is None:
            return None
        return max(0, int((self.reach.open_until - timezone.now()).total_seconds()))

    @property
    def time_left(self) -> str:
        """The same, in words."""
        return time_left(self.closes_in or 0)

    @property
    def most(self) -> int:
        """How many characters can be typed: what a text begins with counts too (W5)."""
        return self.characters - length(self.reach.prefix if self.reach else "")

    @property
    def kinds(self) -> str:
        """The words for what makes a text expensive, for the counter in the browser."""
        return json.dumps({kind.value: str(kind.label) for kind in Kind})

    @property
    def parts(self) -> list[str]:
        """The texts that a too long one can be split into (Q8); an email is not split."""
        is_too_long = not self.has_subject and length(self.text) > self.most
        return parts.of(self.text, self.most) if self.reach and is_too_long else []

    @property
    def has_subject(self) -> bool:
        return self.reach is not None and self.reach.subject is not None

    @property
    def subject(self) -> str:
        """What was typed, else the one that fits."""
        typed = self.draft.subject if self.draft else ""
        return typed or (str(self.reach.subject) if self.reach and self.has_subject else "")

    @property
    def advises_waiting(self) -> bool:
        """A text would come at a bad time, and there is one to send (V1)."""
        return bool(self.hour and not self.hour.is_good and (self.lock is None or self.may_invite))

    @property
    def waits_for_answer(self) -> bool:
        """Invited: the invitation's own words carry the button (O4)."""
        return bool(self.lock and self.lock.reason == Reason.INVITED)

    @property
    def may_edit(self) -> bool:
        return bool(self.lock and Remedy.EDIT_CONTACT in self.lock.remedies)

    @property
    def may_ask(self) -> bool:
        """Consent can be asked for by email; that needs no seat (O15)."""
        return bool(self.lock and Remedy.ASK_BY_EMAIL in self.lock.remedies)

    @property
    def may_email(self) -> bool:
        return bool(self.lock and Remedy.WRITE_EMAIL in self.lock.remedies)


MARKS = {
    Reason.INVITED: Mark("hourglass", gettext_lazy("waiting for a reply")),
    Reason.OPTED_OUT: Mark("ban", gettext_lazy("opted out")),
}

NOT_SET_UP = {
    "whatsapp": ("WhatsApp", "whatsapp"),
}


def lines(conversation: Conversation, known: Facts | None = None) -> list[ChannelLine]:
    """The company's channels: each with its reachability (F4, F5, Q4)."""
    known = known or facts.of(conversation)
    keys = channels.of(conversation.company)
    held = holds.open_holds([conversation]) if conversation.company_has_holds else []
    found = []
    for key in keys:
        if channel := channels.registered().get(key):
            reach = channel.reachabilities([conversation], known.answers[key])[conversation.pk]
            reach = holds.reach_with(held, reach, conversation, key)
            found.append(ChannelLine(key, channel.label, channel.icon, reach))
        else:
            label, icon = NOT_SET_UP[key]
            found.append(ChannelLine(key, label, icon, _not_set_up(label)))
    return found


Drafts = Mapping[str, ComposerDraft]


def panel(
    user: User, conversation: Conversation, line: ChannelLine, drafts: Drafts | None = None, *, later: bool = False
) -> Panel:
    """The composer if this user may write here now, else why not (A3, F6). `drafts`: hers, where they are known.

    `later`: she wants to write what leaves once an answer opens the lock.
    """
    lock = line.locked
    if lock and lock.reason == Reason.NOT_SET_UP:
        return Panel(lock=lock)
    draft, channel = _draft_of(user, conversation, line.key, drafts), channels.get(line.key)
    if channel.needs_seat and not hasattr(user, "seat"):
        return Panel(lock=_no_seat(user, conversation, lock), kept_draft=draft.body)
    hour = time_advice.hour(conversation, line.key)
    if lock and later and lock.reason in scheduling.ANSWER_TO:
        has_segments = channel.has_segments
        return Panel(lock=None, waits=lock, draft=draft, characters=channel.characters, has_segments=has_segments)
    if lock:
        return Panel(lock=lock, invite_token=str(draft.token), kept_draft=draft.body, hour=hour)
    assert isinstance(line.reach, Reachable)
    clock, offers = waiting.clock_of(conversation), waiting.offers(conversation, line.key)
    return Panel(
        lock=None,
        draft=draft,
        reach=line.reach,
        characters=channel.characters,
        has_segments=channel.has_segments,
        hour=hour,
        clock=clock,
        offers=offers,
    )


def _draft_of(user: User, conversation: Conversation, channel: str, drafts: Drafts | None) -> ComposerDraft:
    if drafts is None:
        return sending.draft_of(user, conversation, channel)
    return drafts.get(channel) or sending.first_draft(user, conversation, channel)


def best_channel(conversation: Conversation, found: Sequence[ChannelLine]) -> str:
    """The channel that is preselected: the one that the person used last, if it is open; else the first open one."""
    by_key = {line.key: line for line in found}
    wanted = [conversation.last_heard_channel, conversation.last_channel, *conversation.company.texting_channels()]
    keys = [key for key in [*wanted, channels.EMAIL] if key in by_key]
    return next((key for key in keys if by_key[key].locked is None), keys[0] if keys else "")


def panel_without_channel() -> Panel:
    """What stands there where the company texts on no channel, or no longer (F4, Q3)."""
    text = _("SmartMessage isn't part of your subscription. Email works for everyone.")
    title = _("Your company doesn't text")
    return Panel(lock=Locked(Reason.NO_SUBSCRIPTION, title, text, _("Not subscribed"), glyph="mail"))


def time_left(seconds: int) -> str:
    """How long texting stays open: "3 h 12 min"."""
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours:
        return _("%(hours)d h %(minutes)d min left") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min left") % {"minutes": minutes}


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


def changed_since(conversation: Conversation, shown: str, version: int) -> list[Entry] | None:
    """What a page that is at `version` doesn't have yet, or has in an older state; None: more than a patch holds."""
    thread = conversation.messages.shown_on(shown, with_taken_back=True)
    changed = list(thread.filter(version__gt=version).order_by("pk")[: MOST_CHANGES + 1])
    if len(changed) > MOST_CHANGES:
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


def _not_set_up(label: str) -> Locked:
    text = _("Your company has %(channel)s, but no sender is connected yet. Use SMS, or write an email.")
    return Locked(
        Reason.NOT_SET_UP,
        _("%(channel)s isn't set up yet") % {"channel": label},
        text % {"channel": label},
        _("Not set up"),
    )


def _no_seat(user: User, conversation: Conversation, lock: Locked | None) -> Locked:
    """Why this user can't send (A3); if her seat was moved within the day, when (S3). `lock`: why nobody could."""
    admins = list(
        conversation.company.users.filter(is_company_admin=True, is_active=True).values_list("name", flat=True)[:1]
    )
    if user.is_company_admin:
        text = _("Texting needs a SmartMessage seat. You can give yourself one in Settings, under User Management.")
    elif admins:
        text = _("Texting needs a SmartMessage seat. Your admin %(name)s can give you one.") % {"name": admins[0]}
    else:
        text = _("Texting needs a SmartMessage seat. Your admin can give you one.")
    title, moved_at = _("You can read, but not send"), seats.taken_at(user)
    if moved_at and timezone.now() - moved_at < timedelta(days=1):
        title = _("Your seat was moved at %(time)s") % {"time": date_format(timezone.localtime(moved_at), "H:i")}
        text = _("You can still read.") + " " + text
    remedies: tuple[Remedy, ...] = (Remedy.WRITE_EMAIL,)
    if lock and lock.reason == Reason.NO_CONSENT:  # asking for it by email needs no seat (O15)
        text += " " + str(lock.text)
        remedies = lock.remedies
    return Locked(Reason.NO_SEAT, title, text, _("No seat"), glyph="eye", remedies=remedies)
