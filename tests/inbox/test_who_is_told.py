"""What N1 and N2 say, as a table of cases: who is told of each kind of news, and for whom it is no alert."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Seat, User
from candidates.models import Prospect
from channels_sms import routes
from channels_whatsapp.models import WhatsAppSender
from inbox import delivery
from inbox.models import Conversation, DeliveryAttempt, Direction, Kind, Message, Notice, NoticeKind
from inbox.rules import Status
from tests import steps
from tests.builders import Builders
from tests.channels_whatsapp import steps as wa
from tests.conftest import Twilio

SEATS = {"Maya": True, "Dana": True, "Jonas": False}
"""The team. Gus has written in each conversation and left the team; Carl, with a seat, was never on it."""


@dataclass(frozen=True)
class Case:
    """A situation, and who has an alert of what happens then. `here`: who has the conversation in front of her."""

    took_part: tuple[str, ...] = ()
    left_team: tuple[str, ...] = ()
    deactivated: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    without_seat: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    told: set[str] = field(default_factory=set)


CASES = {
    "nobody took part: who holds a seat": Case(told={"Maya", "Dana"}),
    "one took part: she alone": Case(took_part=("Maya",), told={"Maya"}),
    "two took part": Case(took_part=("Maya", "Dana"), told={"Maya", "Dana"}),
    "who took part and holds no seat": Case(took_part=("Jonas",), told={"Jonas"}),
    "who took part and gave the seat back": Case(took_part=("Dana",), without_seat=("Dana",), told={"Dana"}),
    "who took part and left the team is not told": Case(took_part=("Maya", "Dana"), left_team=("Maya",), told={"Dana"}),
    "all who took part left: who holds a seat": Case(took_part=("Maya",), left_team=("Maya",), told={"Dana"}),
    "who took part was deactivated": Case(took_part=("Maya",), deactivated=("Maya",), told={"Dana"}),
    "a seat holder was deactivated": Case(deactivated=("Maya",), told={"Dana"}),
    "nobody took part, and nobody holds a seat": Case(without_seat=("Maya", "Dana"), told=set()),
    "who took part and was never on the team": Case(took_part=("Maya", "Carl"), told={"Maya"}),
    "only a stranger to the team took part": Case(took_part=("Carl",), told={"Maya", "Dana"}),
    "who took part and moved to another company": Case(took_part=("Maya", "Dana"), moved=("Maya",), told={"Dana"}),
    "a seat holder moved to another company": Case(moved=("Maya",), told={"Dana"}),
    "who took part in another conversation of the person": Case(elsewhere=("Maya",), told={"Maya", "Dana"}),
    "one in each conversation of the person": Case(took_part=("Dana",), elsewhere=("Maya",), told={"Dana"}),
    "who has it in front of her": Case(took_part=("Maya",), here=("Maya",), told=set()),
    "one of two has it in front of her": Case(took_part=("Maya", "Dana"), here=("Maya",), told={"Dana"}),
    "who has it in front and holds a seat": Case(here=("Dana",), told={"Maya"}),
}

Happens = Callable[["Place"], None]


@dataclass
class Place:
    """A conversation with what has to be there, and the person who writes."""

    chat: Conversation
    people: dict[str, User]
    twilio: Twilio
    attempt: DeliveryAttempt | None = None


def replies(place: Place) -> None:
    steps.says(place.twilio, place.chat, "Hello?")


def answers_the_invitation(place: Place) -> None:
    wa.says(place.twilio, place.chat, "What is it about?")


def opts_in(place: Place) -> None:
    steps.says(place.twilio, place.chat, "Yes")


def opts_out(place: Place) -> None:
    steps.says(place.twilio, place.chat, "Stop")


def is_not_reached(place: Place) -> None:
    assert place.attempt
    delivery.report_status(attempt_uuid=place.attempt.uuid, provider_id="", word="undelivered", error_code=30003)


NEWS: dict[NoticeKind, Happens] = {
    NoticeKind.REPLY: replies,
    NoticeKind.ANSWERED: answers_the_invitation,
    NoticeKind.OPTED_IN: opts_in,
    NoticeKind.OPTED_OUT: opts_out,
    NoticeKind.FAILED: is_not_reached,
}


def write_for(chat: Conversation, author: User, *, channel: str = "sms", kind: Kind = Kind.TEXT) -> Message:
    """The author took part, some time ago."""
    return Message.objects.create(
        conversation=chat,
        channel=channel,
        direction=Direction.OUT,
        kind=kind,
        author=author,
        body="Hello!",
        sender="+14155550100",
        recipient=chat.person.phone,
        status=Status.SENDING,
        created_version=0,
        version=0,
    )


def build(a: Builders, twilio: Twilio, case: Case, kind: NoticeKind, *, record: str) -> Place:
    company = a.company(has_smartcrm=True, texts_by_whatsapp=True, sender_countries=["US", "US"])
    people = {name: a.user(company=company, name=name, seat=has_seat) for name, has_seat in SEATS.items()}
    team = list(people.values())
    people |= {name: a.user(company=company, name=name) for name in ("Gus", "Carl")}
    person = a.person(company)
    sms = "invited" if kind == NoticeKind.OPTED_IN else "opted in"
    a.consent(company, person.phone, sms)
    a.consent(company, person.phone, "first consent", channel="whatsapp")
    chat = conversation_of(a, company.pk, a.prospect(person, team) if record == "prospect" else None, person, team)
    other = conversation_of(a, company.pk, None, person, team)
    routes.reserve(chat, person.phone)
    routes.reserve(other, person.phone)
    for name in case.elsewhere:
        write_for(other, people[name])
    for name in case.took_part:
        write_for(chat, people[name])
    place = Place(chat, people, twilio)
    if kind == NoticeKind.ANSWERED:
        sender = a.whatsapp_sender(company)
        place.attempt = invited_on_whatsapp(chat, people["Gus"], sender)
    elif kind == NoticeKind.FAILED:
        message = write_for(chat, people["Gus"])
        place.attempt = DeliveryAttempt.objects.create(message=message, lease_until=timezone.now())
    change(a, place, case)
    return place


def conversation_of(
    a: Builders, company_id: int, prospect: Prospect | None, person: object, team: list[User]
) -> Conversation:
    fields = {"prospect": prospect} if prospect else {"application": a.application(person, team)}  # type: ignore[arg-type]
    chat = Conversation.objects.create(company_id=company_id, **fields)
    return Conversation.objects.with_record().get(pk=chat.pk)


def invited_on_whatsapp(chat: Conversation, author: User, sender: WhatsAppSender) -> DeliveryAttempt:
    message = write_for(chat, author, channel="whatsapp", kind=Kind.INVITATION)
    Message.objects.filter(pk=message.pk).update(sender=sender.number, status=Status.DELIVERED)
    return DeliveryAttempt.objects.create(message=message, lease_until=timezone.now(), provider_id=steps.new_sid())


def change(a: Builders, place: Place, case: Case) -> None:
    for name in case.left_team:
        place.chat.record.group.team.remove(place.people[name])
    everybody = User.objects.filter(company=place.chat.company_id)
    Seat.objects.filter(user__in=everybody.filter(name__in=case.without_seat)).delete()
    everybody.filter(name__in=case.deactivated).update(is_active=False)
    if case.moved:
        everybody.filter(name__in=case.moved).update(company=a.company())


def alerted(place: Place) -> set[str]:
    """Whose tray counts something of this conversation."""
    unread = Notice.objects.filter(conversation=place.chat, read_at=None)
    return set(unread.values_list("user__name", flat=True))


@pytest.mark.requirement("N1", "N2")
@pytest.mark.parametrize("kind", NEWS, ids=[kind.value for kind in NEWS])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_is_told(a: Builders, twilio: Twilio, client: Client, case: Case, kind: NoticeKind) -> None:
    # given
    place = build(a, twilio, case, kind, record="application")
    # when
    NEWS[kind](place)
    for name in case.here:  # her page says so, as it does when it has shown it
        client.force_login(place.people[name])
        client.post(reverse("seen", args=[place.chat.pk]))
    # then
    assert alerted(place) == case.told
    assert set(Notice.objects.filter(conversation=place.chat).values_list("kind", flat=True)) <= {kind}


@pytest.mark.requirement("N1", "F2")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_is_told_of_a_prospect(a: Builders, twilio: Twilio, client: Client, case: Case) -> None:
    place = build(a, twilio, case, NoticeKind.REPLY, record="prospect")
    replies(place)
    for name in case.here:
        client.force_login(place.people[name])
        client.post(reverse("seen", args=[place.chat.pk]))
    assert alerted(place) == case.told


@pytest.mark.requirement("N1")
def test_she_who_wrote_it_is_told_that_it_failed_and_again_after_her_retry(a: Builders, twilio: Twilio) -> None:
    # given Maya's own text
    place = build(a, twilio, Case(), NoticeKind.REPLY, record="application")
    message = write_for(place.chat, place.people["Maya"])
    place.attempt = DeliveryAttempt.objects.create(message=message, lease_until=timezone.now())
    is_not_reached(place)
    assert alerted(place) == {"Maya"}
    # when she has read it, and the retry fails too
    Notice.objects.filter(user=place.people["Maya"]).update(read_at=timezone.now())
    Message.objects.filter(pk=message.pk).update(status=Status.SENDING)
    place.attempt = DeliveryAttempt.objects.create(message=message, lease_until=timezone.now())
    is_not_reached(place)
    # then that is news, once
    assert alerted(place) == {"Maya"}
    assert Notice.objects.filter(conversation=place.chat).count() == 1
