"""What a page shows of scheduled messages: when each goes out, by whose clock, who may do what; the times on offer."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from candidates.time_zones import city
from inbox import channels, right_time, scheduling
from inbox.channels import Words
from inbox.links import linkify
from inbox.models import Conversation, ScheduledMessage, WaitsFor

MORNING = time(9, 0)
SHORT_WHILE = timedelta(hours=2)
ANSWER, GOOD, AT = "answer", "good", "at"  # words for a time, beside those of `times`


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
    """One scheduled message as it is shown. `when` is short, `sentence` says what it waits for, or why it was held."""

    row: ScheduledMessage
    html: SafeString
    label: Words
    when: str
    sentence: str
    at: str
    place: str
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
    there = now.astimezone(clock.zone)
    tomorrow = datetime.combine(there.date() + timedelta(days=1), MORNING, clock.zone)
    found = [
        Offer("later", _("In 2 hours"), now + SHORT_WHILE),
        Offer("tomorrow", _("Tomorrow, 9:00 (%(place)s time)") % {"place": clock.name}, tomorrow),
    ]
    if channel_key != channels.EMAIL and (good := right_time.judged(conversation, now).next_good_time):
        label = _("At the next good time, %(time)s (%(place)s time)")
        found.append(Offer(GOOD, label % {"time": clock.said(good), "place": clock.name}, good))
    return found


def moment_of(conversation: Conversation, channel_key: str, *, word: str, typed: str) -> datetime | None:
    """The moment that a form names: by the word of an offer, or typed by her clock. None: it names none."""
    if word == AT:
        return moment_typed(conversation, typed)
    return next((offer.moment for offer in offers(conversation, channel_key) if offer.word == word), None)


def moment_typed(conversation: Conversation, typed: str) -> datetime | None:
    """A date and time field, by the clock that stands beside it."""
    try:
        moment = parse_datetime(typed)
    except ValueError:  # a 31st of April
        return None
    return moment.replace(tzinfo=clock_of(conversation).zone) if moment and timezone.is_naive(moment) else None


def kind_of(word: str) -> WaitsFor:
    return WaitsFor.GOOD_HOUR if word == GOOD else WaitsFor.TIME


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
        at=clock.field(row.due_at) if row.due_at else "",
        place=clock.name,
        may_edit=is_own,
        may_stop=not is_own and not row.is_held_back and (not channel.needs_seat or hasattr(user, "seat")),
        edited=edited if edited and edited.scheduled_id == row.pk else None,
    )


def _sentence(row: ScheduledMessage, conversation: Conversation, clock: Clock) -> str:
    name = conversation.person.first_name
    if row.is_held_back:
        return _("Held back. %(why)s") % {"why": row.why}
    if row.due_at is None:
        opens = _("Goes out when %(name)s says “Yes”.") if row.waits_for == WaitsFor.OPT_IN else ""
        return (opens or _("Goes out when %(name)s replies.")) % {"name": name}
    if row.due_at <= timezone.now():
        return _("Goes out now.")
    return _("Goes out at %(time)s, %(place)s time.") % {"time": clock.said(row.due_at), "place": clock.name}
