"""Each sender hands over at its own pace, and the teams that share it take turns (Q6, I9)."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import work
from accounts.models import User
from channels_sms.models import SenderNumber
from channels_sms.rules import usual_pace
from inbox import backlog, delivery, pacing, sweeps
from inbox.models import Conversation, DeliveryAttempt, Message, SendingPause
from inbox.outcomes import Accepted
from inbox.pacing import ASKS_AHEAD, EARLY, Turns
from inbox.rules import Status
from tests import steps
from tests.builders import Builders


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the messages that workers are asked for, in that order."""
    found: list[int] = []
    monkeypatch.setattr(work, "ask", lambda _task, pk: found.append(pk))
    return found


def paced(a: Builders, *, per_second: float) -> User:
    """A user of a company whose one number keeps a pace."""
    company = a.company(sender_countries=["US"])
    SenderNumber.objects.filter(company=company).update(per_second=per_second)
    return a.user(company=company)


def waiting(a: Builders, author: User, count: int, *, at: datetime | None = None) -> list[Message]:
    """So many texts of a team of its own, each in a conversation of its own, which nobody was asked for."""
    person = a.person(author.company)  # type: ignore[arg-type]
    job = a.application(person, [author]).job
    found = []
    for _ in range(count):
        chat = a.conversation(team=[author])
        chat.application.job = job  # type: ignore[union-attr]
        chat.application.save()  # type: ignore[union-attr]
        Conversation.objects.filter(pk=chat.pk).update(team_key=job.pk)
        found.append(steps.write(Conversation.objects.with_record().get(pk=chat.pk), author))
    Message.objects.filter(pk__in=[each.pk for each in found]).update(
        asked_at=timezone.now() - settings.ASK_AGAIN_AFTER, **({"due_at": at} if at else {})
    )
    return found


def next_slot() -> datetime:
    return SenderNumber.objects.get().next_slot_at


@pytest.mark.parametrize(
    ("number", "country", "pace"),
    [("+14155550100", "US", 1), ("+16135550100", "CA", 1), ("+18005550100", "US", 3), ("+493023125000", "DE", 10)],
)
def test_the_usual_pace_is_the_carriers(number: str, country: str, pace: float) -> None:
    assert usual_pace(number, country=country) == pace


def test_a_claim_takes_a_slot(a: Builders) -> None:
    # given one text every four seconds
    maya = paced(a, per_second=0.25)
    first, second = waiting(a, maya, 2)
    began = timezone.now()
    # when
    steps.claim(first)
    # then the next one waits, as if nobody had touched it, and may be asked for
    assert next_slot() >= began + timedelta(seconds=4)
    assert delivery.claim(second.pk) is None
    second.refresh_from_db()
    assert second.status == Status.QUEUED
    assert not second.attempts.exists()
    assert second.asked_at <= timezone.now() - settings.ASK_AGAIN_AFTER
    # until its slot is near
    SenderNumber.objects.update(next_slot_at=timezone.now() + EARLY)
    steps.claim(second)


def test_a_long_text_takes_as_many_slots_as_it_has_segments(a: Builders) -> None:
    maya = paced(a, per_second=1)
    message = steps.write(a.conversation(team=[maya]), maya, "x" * 400)
    began = timezone.now()
    steps.claim(message)
    assert timedelta(seconds=3) <= next_slot() - began < timedelta(seconds=3.5)


def test_an_idle_number_saves_no_slots_up(a: Builders) -> None:
    maya = paced(a, per_second=1)
    SenderNumber.objects.update(next_slot_at=timezone.now() - timedelta(hours=1))
    steps.claim(waiting(a, maya, 1)[0])
    assert next_slot() > timezone.now() + timedelta(seconds=0.5)


@pytest.mark.parametrize(("late", "given_back"), [(0.4, 0.4), (30, 1.0)])
def test_a_text_that_waited_for_its_slot_has_it_though_it_comes_late(
    a: Builders, late: float, given_back: float
) -> None:
    # given a text that waits, and nobody who claims it when its slot comes
    maya = paced(a, per_second=0.25)
    message = waiting(a, maya, 1, at=timezone.now() - timedelta(minutes=1))[0]
    SenderNumber.objects.update(next_slot_at=timezone.now() - timedelta(seconds=late))
    # when
    claimed_at = steps.claim(message).claimed_at
    # then the next slot is where it would have been, or a second before that at most
    assert abs(next_slot() - claimed_at - timedelta(seconds=4 - given_back)) < timedelta(seconds=0.3)


def test_a_number_without_a_pace_hands_over_as_texts_come(a: Builders) -> None:
    maya = a.user()
    for message in waiting(a, maya, 20):
        steps.claim(message)


def test_a_canceled_text_takes_no_slot(a: Builders) -> None:
    maya = paced(a, per_second=0.25)
    message = waiting(a, maya, 1)[0]
    before = next_slot()
    maya.seat.delete()
    assert delivery.claim(message.pk) is None
    assert next_slot() == before


def test_the_first_is_asked_for_at_once_and_who_comes_behind_waits(a: Builders, asked: list[int]) -> None:
    # given two texts of one team
    maya = paced(a, per_second=1)
    first, second = waiting(a, maya, 2)
    Message.objects.filter(pk=first.pk).update(asked_at=timezone.now())
    assert asked == [first.pk]
    # when the first is on its way to take the slot, nobody else is asked for
    assert Turns().ask(timezone.now()) == 0
    steps.claim(first)
    # then the second's turn comes with its slot
    assert Turns().ask(next_slot() - ASKS_AHEAD) == 0
    assert Turns().ask(next_slot() - ASKS_AHEAD + timedelta(seconds=0.1)) == 1
    assert asked == [first.pk, second.pk]


def test_a_single_text_starts_at_once_beside_a_burst(a: Builders, asked: list[int]) -> None:
    # given a burst that uses its number's pace, which gives no other slot for as long as the test may take
    maya = paced(a, per_second=0.01)
    burst = waiting(a, maya, 50)
    SenderNumber.objects.update(next_slot_at=timezone.now() + ASKS_AHEAD)
    asked.clear()
    # when a colleague of another team sends one text
    single = waiting(a, maya, 1)[0]
    # then a worker is asked for it, and takes it
    assert asked == [single.pk]
    steps.claim(single)
    # and with the next slot the burst goes on
    assert delivery.claim(burst[0].pk) is None
    SenderNumber.objects.update(next_slot_at=timezone.now())
    steps.claim(burst[0])


@pytest.mark.requirement("I9")
def test_of_one_conversation_the_next_waits_for_the_one_before(a: Builders, asked: list[int]) -> None:
    maya = paced(a, per_second=100)
    chat = a.conversation(team=[maya])
    first, second = (steps.write(chat, maya, words) for words in ("one", "two"))
    Message.objects.update(asked_at=timezone.now() - settings.ASK_AGAIN_AFTER)
    asked.clear()
    turns, now = Turns(), timezone.now()
    turns.ask(now)
    assert asked == [first.pk]
    attempt = steps.claim(first)
    turns.ask(now)
    assert asked == [first.pk]
    delivery.record_outcome(attempt, Accepted(steps.new_sid(), "queued"))
    assert asked == [first.pk, second.pk]


def test_teams_take_turns(a: Builders, asked: list[int]) -> None:
    # given a burst of one team, then two texts of another
    maya = paced(a, per_second=1)
    burst, others = waiting(a, maya, 10), waiting(a, maya, 2)
    asked.clear()
    # when slots come, one after the other
    turns, now, handed_over = Turns(), timezone.now(), 0
    for _ in range(6):
        turns.ask(now)
        for pk in asked[handed_over:]:
            steps.claim(Message.objects.get(pk=pk))
        handed_over = len(asked)
        now = timezone.now()
        SenderNumber.objects.update(next_slot_at=now)
    # then
    expected = [others[0], burst[0], others[1], burst[1], burst[2], burst[3]]
    assert asked == [message.pk for message in expected]


def test_who_is_asked_for_stays_within_the_pace(a: Builders, asked: list[int]) -> None:
    maya = paced(a, per_second=10)
    waiting(a, maya, 30)
    asked.clear()
    turns, now = Turns(), timezone.now()
    assert turns.ask(now) == 10  # a second's worth
    assert turns.ask(now + timedelta(seconds=0.2)) == 0  # before those are claimed there is no other slot


def test_a_text_whose_worker_died_is_asked_for_again(a: Builders, asked: list[int]) -> None:
    maya = paced(a, per_second=0.5)
    message = waiting(a, maya, 1)[0]
    asked.clear()
    turns, now = Turns(), timezone.now()
    assert [turns.ask(now), turns.ask(now + settings.ASK_AGAIN_AFTER)] == [1, 1]
    assert asked == [message.pk] * 2


def test_the_sweep_leaves_turns_to_the_turns(a: Builders, asked: list[int]) -> None:
    with_pace, without = waiting(a, paced(a, per_second=1), 1)[0], waiting(a, a.user(), 1)[0]
    asked.clear()
    now = timezone.now() + timedelta(minutes=1)
    sweeps.ask_for_waiting_texts(now)
    assert asked == [without.pk]
    Turns().ask(now)
    assert asked == [without.pk, with_pace.pk]


def test_what_is_due_later_is_not_asked_for(a: Builders, asked: list[int]) -> None:
    now = timezone.now()
    waiting(a, paced(a, per_second=1), 1, at=now + timedelta(minutes=1))
    asked.clear()
    assert Turns().ask(now) == 0
    assert Turns().ask(now + timedelta(minutes=1)) == 1


@pytest.mark.requirement("I1")
def test_a_clock_that_is_set_back_holds_nobody_up(a: Builders, asked: list[int]) -> None:
    # given a number that handed over, and a text that was asked for, by a clock an hour ahead
    maya = paced(a, per_second=1)
    message = waiting(a, maya, 1)[0]
    ahead = timezone.now() + timedelta(hours=1)
    SenderNumber.objects.update(next_slot_at=ahead)
    Message.objects.update(asked_at=ahead)
    asked.clear()
    # then
    assert Turns().ask(timezone.now()) == 1
    steps.claim(message)
    assert next_slot() < timezone.now() + timedelta(seconds=2)


def test_while_sending_is_paused_nobody_is_asked_for_and_no_time_is_named(a: Builders, asked: list[int]) -> None:
    messages = waiting(a, paced(a, per_second=0.1), 30)
    asked.clear()
    pause = SendingPause.objects.create(account="twilio", channels=["sms"], probe_at=timezone.now())
    assert Turns().ask(timezone.now()) == 0
    assert backlog.outlooks(messages) == {}
    pause.ended_at = timezone.now()
    pause.save()
    assert Turns().ask(timezone.now()) == 1
    assert backlog.outlooks(messages)


def test_turns_are_forgotten_where_they_are_many(a: Builders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "MOST_TURNS", 2)
    maya = paced(a, per_second=100)
    for _ in range(3):
        waiting(a, maya, 1)
    turns = Turns()
    assert turns.ask(timezone.now()) == 3
    assert len(turns._served) == 1


def test_every_text_leaves_once_whoever_asks(a: Builders, asked: list[int]) -> None:
    maya = paced(a, per_second=50)
    messages = waiting(a, maya, 12)
    turns, now = Turns(), timezone.now()
    for _ in range(12):
        turns.ask(now)
        for pk in list(asked):
            delivery.claim(pk)
        now += timedelta(seconds=0.2)
        SenderNumber.objects.update(next_slot_at=now)
    assert DeliveryAttempt.objects.count() == len(messages)


# --- a backlog shows ---


def test_a_page_says_how_many_are_ahead_and_when_it_leaves(a: Builders, client: Client) -> None:
    # given a number that takes one in six seconds, for which 20 texts of another team wait, then 4 of this one
    maya = paced(a, per_second=1 / 6)
    waiting(a, maya, 20)
    mine = waiting(a, maya, 4)
    client.force_login(maya)
    # when
    pages = [client.get(each.conversation.record.messages_url()).content.decode() for each in mine]
    # then, as the teams take turns: one of theirs, one of ours
    assert "Leaves" not in pages[0]  # in six seconds
    assert "Leaves within a minute: 3 texts are ahead of it." in pages[1]
    assert "Leaves within a minute: 5 texts are ahead of it." in pages[2]
    # and a patch says it too
    since = client.get(reverse("since", args=[mine[1].conversation_id, "sms"]), {"version": 0}).content.decode()
    assert "3 texts are ahead of it." in since


def test_an_open_page_learns_that_its_turn_comes_nearer(a: Builders, client: Client) -> None:
    # given a page with a text that waits
    maya = paced(a, per_second=1 / 6)
    *ahead, mine = waiting(a, maya, 5)
    client.force_login(maya)
    mine.refresh_from_db()

    def patch(**more: str) -> str:
        asked: dict[str, int | str] = {"version": mine.version, **more}
        return client.get(reverse("since", args=[mine.conversation_id, "sms"]), asked).content.decode()

    # when two of those before it have left
    for message in ahead[:2]:
        Message.objects.filter(pk=message.pk).update(status=Status.SENT)
    # then it is drawn anew for who asks, though it hasn't changed itself; and nothing of other conversations
    assert "ahead of it" not in patch()
    told = patch(waiting=f"{mine.pk},{ahead[3].pk},x")
    assert "2 texts are ahead of it." in told
    assert told.count("ahead of it") == 1


def test_what_leaves_later_has_its_time(a: Builders) -> None:
    maya = paced(a, per_second=0.1)
    messages = waiting(a, maya, 30)
    found = backlog.outlooks(messages)
    assert found[messages[29].pk].ahead == 29
    assert not found[messages[29].pk].is_soon
    expected = timezone.now() + timedelta(seconds=290)
    assert abs(found[messages[29].pk].leaves_at - expected) < timedelta(seconds=5)
    assert backlog.backlogs("sms", a.numbers)[a.numbers[0]].waiting == 30


@pytest.mark.parametrize("per_second", [None, 10.0])
def test_no_backlog_is_no_news(a: Builders, client: Client, per_second: float | None) -> None:
    maya = paced(a, per_second=10)
    SenderNumber.objects.update(per_second=per_second)
    message = waiting(a, maya, 3)[2]
    client.force_login(maya)
    assert "Leaves" not in client.get(message.conversation.record.messages_url()).content.decode()


def test_the_admin_sees_what_waits_for_each_number(a: Builders, client: Client) -> None:
    maya = paced(a, per_second=0.1)
    waiting(a, maya, 7)
    client.force_login(a.user(company=maya.company, is_company_admin=True))
    page = client.get("/settings/channels_sms/sendernumber/").content.decode()
    assert "7 texts wait, the last until about" in page


def test_a_backlog_costs_a_page_one_query(a: Builders, client: Client) -> None:
    maya = paced(a, per_second=0.1)
    message = waiting(a, maya, 30)[29]
    url = message.conversation.record.messages_url()
    client.force_login(maya)
    client.get(url)
    counts = []
    for status in (Status.QUEUED, Status.SENT):
        Message.objects.filter(pk=message.pk).update(status=status)
        with CaptureQueriesContext(connection) as context:
            client.get(url)
        counts.append(len(context))
    assert counts[0] == counts[1] + 1
