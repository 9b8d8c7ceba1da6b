"""What a page shows of scheduled messages: when each goes out, by whose clock, who may do what; the times on offer."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from candidates.time_zones import city, country_of
from inbox import channels, right_time, scheduling, time_advice
from inbox.channels import Words
from inbox.links import linkify
from inbox.models import Conversation, ScheduledMessage, WaitsFor
from inbox.right_time import RightTime

MORNING = time(9, 0)
SHORT_WHILE = timedelta(hours=2)
LONG_STAMP = 12  # digits that no time has which anybody means
ANSWER, SHORT, TOMORROW, GOOD, AT = "answer", "later", "tomorrow", "good", "at"  # words for a time


@dataclass(frozen=True)
class Clock:
    """By which the times of a conversation's scheduled messages are said: the person's, else the company's."""

    zone: ZoneInfo

    @property
    def name(self) -> str:
        return city(self.zone.key)

    def said(self, moment: datetime) -> str:
        """ "8:00 Tue", with the date if it is a week or more away or past."""
        there = moment.astimezone(self.zone)
        is_near = timedelta(0) <= moment - timezone.now() < timedelta(days=6)
        return f"{date_format(there, 'G:i')} {date_format(there, 'D' if is_near else 'D j M')}"

    def field(self, moment: datetime) -> str:
        """The value of a date and time field."""
        return moment.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")


@dataclass(frozen=True)
class Edited:
    """What somebody typed into a scheduled message and could not be kept."""

    scheduled_id: int
    body: str
    subject: str
    at: str
    problem: str


@dataclass(frozen=True)
class Waiting:
    """One scheduled message as it is shown. `when` is short, `sentence` says what it waits for, or why it was held.

    `advice`: what speaks against its time, for the person (V1); empty where nothing does.
    """

    row: ScheduledMessage
    html: SafeString
    label: Words
    when: str
    sentence: str
    advice: str
    at: str
    place: str
    zone: str
    may_edit: bool
    may_stop: bool
    edited: Edited | None = None

    @property
    def body(self) -> str:
        return self.edited.body if self.edited else self.row.body

    @property
    def subject(self) -> str:
        return self.edited.subject if self.edited else self.row.subject

    @property
    def typed_at(self) -> str:
        return self.edited.at if self.edited else self.at


@dataclass(frozen=True)
class Offer:
    """A time that the composer offers."""

    word: str
    label: str
    moment: datetime

    @property
    def value(self) -> str:
        """What its button sends: a time that is named on it is the one that is meant, however late it is pressed."""
        return self.word if self.word == SHORT else f"{self.word}@{self.moment.timestamp():.0f}"


def clock_of(conversation: Conversation) -> Clock:
    """Hers, where it is known in which one zone she is."""
    zones = right_time.judged(conversation, timezone.now()).zones
    return Clock(ZoneInfo(zones[0] if len(zones) == 1 else conversation.company.time_zone))


def shown(user: User, conversation: Conversation, on: str, *, edited: Edited | None = None) -> list[Waiting]:
    """What waits in the part of the thread that is shown (`on`: of one channel), and what this user may do with it."""
    rows = [row for row in scheduling.of(conversation) if on in {row.channel, "all"}]
    clock = clock_of(conversation) if rows else None
    return [_shown(row, user, conversation, clock, edited) for row in rows if clock]


def offers(conversation: Conversation, channel_key: str) -> list[Offer]:
    """In 2 hours; tomorrow morning by her clock; the next good time, where now is none."""
    now, clock = timezone.now(), clock_of(conversation)
    judged = right_time.judged(conversation, now)
    found = [Offer(SHORT, _("In 2 hours"), now + SHORT_WHILE), _tomorrow(conversation, judged, clock, now)]
    if channel_key != channels.EMAIL and (good := judged.next_good_time):
        label = _("At the next good time, %(time)s (%(place)s time)") % {"time": clock.said(good), "place": clock.name}
        if _is_vague(judged):
            known = {"time": time_advice.named(judged, good, now=now), "name": _first_name(conversation)}
            label = _("At the next good time, %(time)s for %(name)s") % known
        found.append(Offer(GOOD, label, good))
    return found


def _tomorrow(conversation: Conversation, judged: RightTime, clock: Clock, now: datetime) -> Offer:
    """9:00 by her clock; where she may be in several zones, once it is 9:00 in the last of them."""
    there = judged.local[0] if _is_vague(judged) else now.astimezone(clock.zone)  # the earliest of her clocks
    moment = datetime.combine(there.date() + timedelta(days=1), MORNING, there.tzinfo)
    if _is_vague(judged):
        hours = time_advice.named(judged, moment, now=now)
        return Offer(TOMORROW, _("%(time)s for %(name)s") % {"time": hours, "name": _first_name(conversation)}, moment)
    return Offer(TOMORROW, _("Tomorrow, 9:00 (%(place)s time)") % {"place": clock.name}, moment)


def clock_named(conversation: Conversation, zone: str) -> Clock:
    """The clock that stood beside a field, which the person's may not be any more; hers, where the form names none."""
    return Clock(ZoneInfo(zone)) if country_of(zone) else clock_of(conversation)


def moment_of(
    conversation: Conversation, channel_key: str, *, word: str, typed: str, clock: Clock | None = None
) -> datetime | None:
    """The moment that a form names: that of an offer, or typed by the clock beside it. None: it names none."""
    word, _at, stamp = word.partition("@")
    if word == AT:
        return moment_typed(clock or clock_of(conversation), typed)
    if stamp:
        return datetime.fromtimestamp(int(stamp), UTC) if stamp.isdecimal() and len(stamp) < LONG_STAMP else None
    return next((offer.moment for offer in offers(conversation, channel_key) if offer.word == word), None)


def moment_typed(clock: Clock, typed: str) -> datetime | None:
    """A date and time field, by the clock that stands beside it; None for one that this clock never shows."""
    local = _parsed(typed)
    if local is None:
        return None
    moment = local.replace(tzinfo=clock.zone)
    return None if _is_skipped(moment) else moment


def why_skipped(clock: Clock, typed: str) -> str:
    """For whom typed a time that doesn't exist there: what to do about it. Empty where no time was typed."""
    local = _parsed(typed)
    if local is None:
        return ""
    words = _("There is no %(time)s in %(place)s: the clocks go forward then. Choose another time.")
    return words % {"time": f"{date_format(local, 'G:i')} {date_format(local, 'D j M')}", "place": clock.name}


def _parsed(typed: str) -> datetime | None:
    try:
        local = parse_datetime(typed)
    except ValueError:  # a 31st of April
        return None
    return local if local and timezone.is_naive(local) else None


def _is_skipped(moment: datetime) -> bool:
    """The clock jumps over it where summer time begins."""
    shown = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return shown.replace(tzinfo=None) != moment.replace(tzinfo=None)


def kind_of(word: str) -> WaitsFor:
    return WaitsFor.GOOD_HOUR if word.partition("@")[0] == GOOD else WaitsFor.TIME


def _shown(
    row: ScheduledMessage, user: User, conversation: Conversation, clock: Clock, edited: Edited | None
) -> Waiting:
    channel = channels.get(row.channel)
    is_own = row.author_id == user.pk
    return Waiting(
        row=row,
        html=linkify(row.body),
        label=channel.label,
        when=clock.said(row.due_at) if row.due_at else "",
        sentence=_sentence(row, conversation, clock),
        advice=_advice(row, conversation, clock),
        at=clock.field(row.due_at) if row.due_at else "",
        place=clock.name,
        zone=clock.zone.key,
        may_edit=is_own,
        may_stop=not is_own and not row.is_held_back and (not channel.needs_seat or hasattr(user, "seat")),
        edited=edited if edited and edited.scheduled_id == row.pk else None,
    )


def _sentence(row: ScheduledMessage, conversation: Conversation, clock: Clock) -> str:
    name = _first_name(conversation)
    if row.is_held_back:
        return _("Held back. %(why)s") % {"why": row.why}
    if row.due_at is None:
        opens = _("Goes out when %(name)s says “Yes”.") if row.waits_for == WaitsFor.OPT_IN else ""
        return (opens or _("Goes out when %(name)s replies.")) % {"name": name}
    if row.due_at <= timezone.now():
        return _("Goes out now.")
    known = {"time": clock.said(row.due_at), "place": clock.name, "name": name}
    if _is_vague(there := right_time.judged(conversation, row.due_at)):
        known["hours"] = time_advice.named(there, row.due_at, now=timezone.now())
        return _("Goes out at %(time)s, %(place)s time: %(hours)s for %(name)s.") % known
    return _("Goes out at %(time)s, %(place)s time.") % known


def _advice(row: ScheduledMessage, conversation: Conversation, clock: Clock) -> str:
    """What a time that its author chose means for the person: her own clocks, and whether it is a bad hour there."""
    if row.is_held_back or row.due_at is None or row.channel == channels.EMAIL or row.due_at <= timezone.now():
        return ""
    judged = right_time.judged(conversation, row.due_at)
    if judged.is_walled_off and judged.next_good_time:
        words = _("Your company sends no texts then, so it leaves at the next good time: %(time)s, %(place)s time.")
        return words % {"time": clock.said(judged.next_good_time), "place": clock.name}
    return "" if judged.is_good else time_advice.ahead(judged, _first_name(conversation))


def _is_vague(judged: RightTime) -> bool:
    """She may be in several zones, in which the clocks differ."""
    return len(judged.local) > 1


def _first_name(conversation: Conversation) -> str:
    return conversation.person.first_name
