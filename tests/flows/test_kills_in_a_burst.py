"""Processes are killed in the middle of a paced burst, and around the moment when scheduled messages are due.

The moments are thrown by seeded dice and counted in claims, so that they are in the middle on a slow machine too. How
much may be claimed follows from the slots (docs/decisions/0016): each lies at least a text's share of the pace behind
the one before it and behind the claim that took that, and none is taken more than `EARLY` ahead.
"""

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import combinations

import pytest
from django.db import connections
from django.utils import timezone

from candidates.consent_rules import EventKind
from candidates.models import ConsentEvent
from channels_sms.models import SenderNumber
from inbox.models import DeliveryAttempt, Message, Notice, NoticeKind, ScheduledMessage, ScheduledState
from inbox.outcomes import Reason
from inbox.pacing import EARLY
from inbox.rules import Status
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, attempt_of, until
from tests.flows.faults import Texting, all_settled, handovers, texting
from tests.flows.test_later import schedule

NUMBERS, CONVERSATIONS, WORDS = 2, 10, ["one", "two"]  # 20 texts for each number
A_SECOND = 6.0  # of each number: the burst takes some three seconds
KILLS = 2


def claims(messages: Iterable[Message]) -> int:
    return DeliveryAttempt.objects.filter(message__in=[each.pk for each in messages]).count()


def kill_amid(stack: Stack, names: Sequence[str], messages: Sequence[Message], dice: random.Random) -> None:
    """Twice, after a random number of claims and a random part of a call, kill these, and start them again."""
    for _ in range(KILLS):
        wanted = min(claims(messages) + dice.randint(1, len(messages) // 3), len(messages) - 2)
        until(partial(is_claimed, messages, wanted))
        time.sleep(dice.uniform(0, 0.1))
        for name in names:
            stack.kill(name)
        for name in reversed(names):
            stack.start(name)


def is_claimed(messages: Sequence[Message], wanted: int) -> bool:
    return claims(messages) >= wanted


def too_many(claimed: Sequence[DeliveryAttempt]) -> list[tuple[DeliveryAttempt, DeliveryAttempt]]:
    """The pairs of one number's claims between which there are more than its pace allows."""
    pairs = combinations(enumerate(claimed), 2)
    return [
        (earlier, later)
        for (i, earlier), (j, later) in pairs
        if j - i > A_SECOND * (later.claimed_at - earlier.claimed_at + EARLY).total_seconds() + 1e-3
    ]


@pytest.mark.requirement("I1", "I9", "Q6")
@pytest.mark.parametrize(
    ("killed", "seed"),
    [(["worker"], 1), (["sweeper"], 2), (["redis"], 3), (["worker", "sweeper", "redis"], 4)],
    ids=lambda each: " and ".join(each) if isinstance(each, list) else str(each),
)
def test_killed_in_the_middle_of_a_paced_burst(
    a: Builders, stack: Stack, simulator: Simulator, killed: list[str], seed: int
) -> None:
    # given two numbers that keep a pace, each shared by ten teams, and two texts of each team
    chats = [chat for _ in range(NUMBERS) for chat in texting(a, simulator, how_many=CONVERSATIONS)]
    ours = {chat.ours for chat in chats}
    SenderNumber.objects.filter(number__in=ours).update(per_second=A_SECOND)
    sent = [chat.send(word) for word in WORDS for chat in chats]

    # when they are killed amid the burst
    kill_amid(stack, killed, sent, random.Random(seed))
    all_settled(sent, within=90)
    assert all(stack.program(name).is_running for name in stack.names), "who wasn't killed lives on"

    # then each text came to the provider once at most, in order, and what did not come is Maya's to send again
    for chat in chats:
        came, given_up = chat.handed_over(), [body for body, status in chat.statuses().items() if status == "unknown"]
        assert came == [word for word in WORDS if word in came]
        assert chat.received() == came
        assert sorted(came + given_up) == WORDS
        assert not given_up or "worker" in killed, "nobody but a worker has a text in its hands"
    # and no number was ever ahead of its pace
    attempts = DeliveryAttempt.objects.filter(message__in=sent).order_by("claimed_at")
    requests = Counter(attempt_of(line) for number in ours for line in handovers(simulator, sender=number))
    assert requests <= Counter(str(each.uuid) for each in attempts)
    for number in ours:
        assert too_many(list(attempts.filter(message__sender=number))) == []

    # when she sends the rest again, then every phone has both, once
    again = [message for message in sent if message.status == Status.UNKNOWN]
    for message in again:
        chats[0].send_again(message)
    all_settled(again)
    assert all(Counter(chat.received()) == Counter(WORDS) for chat in chats)


@pytest.mark.requirement("I1", "I2", "I9", "O6")
def test_killed_around_the_time_of_scheduled_messages_while_people_opt_out(
    a: Builders, stack: Stack, simulator: Simulator
) -> None:
    # given ten conversations with two messages each, due within the next two seconds
    dice = random.Random(5)
    chats = texting(a, simulator, how_many=CONVERSATIONS)
    rows = [schedule(chat, word) for word in WORDS for chat in chats]
    now = timezone.now()
    for row in rows:
        due_at = now + timedelta(seconds=WORDS.index(row.body) + dice.uniform(0, 1))
        ScheduledMessage.objects.filter(pk=row.pk).update(due_at=due_at)

    # when worker and sweeper are killed while they go, and every other person opts out meanwhile
    first, *others, last = chats[::2]
    leaving = {first: 0, **{chat: dice.randint(1, 12) for chat in others}, last: None}
    moments = [dice.randint(1, 6), dice.randint(7, 14)]
    with ThreadPoolExecutor(len(leaving)) as people:
        answers = [people.submit(opts_out, chat, rows, after=decided) for chat, decided in leaving.items()]
        for wanted in moments:
            until(partial(are_decided, rows, wanted))
            for name in ("worker", "sweeper"):
                stack.kill(name)
            for name in ("worker", "sweeper"):
                stack.start(name)
        assert [each.result() for each in answers] == [200] * len(leaving)
    until(partial(are_decided, rows, len(rows)), within=90)
    all_settled([message for chat in chats for message in chat.sent], within=90)

    # then each became one message, or was held back, with its reason in words, and its author knows
    for row in rows:
        row.refresh_from_db()
    held_back = [row for row in rows if row.state == ScheduledState.HELD_BACK]
    assert all("opted out of SMS" in row.why for row in held_back)
    told = Notice.objects.filter(kind=NoticeKind.HELD_BACK, user=chats[0].user)
    assert Counter(told.values_list("conversation", flat=True)) == Counter(row.conversation_id for row in held_back)
    for chat in chats:
        gone = [row.body for row in rows if row.conversation_id == chat.conversation.pk and row not in held_back]
        assert sorted(chat.statuses()) == sorted(gone)
        # and came to the provider once at most, in the order in which it was written
        came = chat.handed_over()
        assert came == [word for word in WORDS if word in came]
        # and what did not come says why, or is there to be sent again
        lost = [message for message in chat.sent if message.body not in came]
        assert all(message.status in {Status.CANCELED, Status.UNKNOWN} for message in lost)
        assert {message.refusal for message in lost if message.status == Status.CANCELED} <= {Reason.OPTED_OUT}
        # and nothing was held back or canceled of who stayed, or claimed after she left
        canceled = [message for message in lost if message.status == Status.CANCELED]
        if chat not in leaving:
            assert (len(gone), canceled) == (len(WORDS), [])
            continue
        [stop] = ConsentEvent.objects.filter(consent=chat.consent, kind=EventKind.OPTED_OUT)
        claimed = DeliveryAttempt.objects.filter(message__in=chat.sent)
        assert [each for each in claimed if each.claimed_at >= stop.at] == []
    assert 0 < len(held_back) < len(leaving) * len(WORDS), "some left before their messages were due, some after"


def opts_out(chat: Texting, rows: Sequence[ScheduledMessage], *, after: int | None) -> int:
    """The person texts STOP once so many of all, or with None one of her own, went; what our webhook answered."""
    own = [row for row in rows if row.conversation_id == chat.conversation.pk]
    try:
        until(partial(are_decided, own, 1) if after is None else partial(are_decided, rows, after), within=60)
        return int(chat.says("STOP")["answers"][0]["status"])
    finally:
        connections.close_all()


def are_decided(rows: Sequence[ScheduledMessage], wanted: int) -> bool:
    """Whether so many of them went or were held back."""
    waiting = ScheduledMessage.objects.filter(pk__in=[row.pk for row in rows], state=ScheduledState.WAITING)
    return len(rows) - waiting.count() >= wanted
