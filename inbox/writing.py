"""What stands around the text box: the channels with their reach, and the composer or the lock in its place."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import seats
from accounts.models import User
from inbox import channels, facts, holds, parts, scheduling, sending, time_advice, waiting
from inbox.channels import Locked, Mark, Reach, Reachable, Remedy, Words
from inbox.facts import Facts
from inbox.models import ComposerDraft, Conversation, WaitsFor
from inbox.outcomes import Reason
from inbox.rules import length
from inbox.segments import Kind
from inbox.time_advice import Hour
from inbox.waiting import Clock, Offer


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
