"""A STOP against texts in flight: what the claim and the STOP's commit promise each other (I2).

How "claimed after the STOP's commit" is judged, from committed rows alone: a claim takes its time (`claimed_at`) while
it shares the consent's row lock, and an opt-out takes its own (`ConsentEvent.at`) while it holds that lock alone; each
lock is kept until its transaction has ended. So if the claim was committed first, `claimed_at` lies before the moment
in which the STOP got the lock, and so before `at`; and if the STOP was committed first, a claim after it, which must
not be, has a `claimed_at` after that commit, and so after `at`. All processes read one machine's clock. Therefore
`claimed_at < at` exactly for the claims that were allowed. The stand-in's journal joins in by the attempt's UUID,
which each request has in its callback's URL.
"""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest
from django.db import connection, connections, transaction
from django.db.models import Q

from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing, replay
from candidates.contact import change_contact
from candidates.models import ConsentEvent
from inbox.models import DeliveryAttempt, Direction, Message
from inbox.outcomes import Reason
from inbox.rules import AttemptStatus, Status
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders, new_number
from tests.flows.conftest import Simulator, attempt_of, on_the_wire, until
from tests.flows.faults import (
    CHANNELS,
    HeldRow,
    Texting,
    all_settled,
    at_once,
    handovers,
    is_waited_for,
    open_windows,
    own_sender,
    texting,
)

RACES = {"sms": 200, "whatsapp": 50}
WORDS = ["first", "second"]
NONE = {"drop": True}  # callbacks: the story is about claims


class Claims:
    """How many texts of each conversation are claimed so far; looked up for all races by one thread."""

    def __init__(self, company_id: int) -> None:
        self.made = DeliveryAttempt.objects.filter(message__conversation__company=company_id)
        self.by_conversation: Counter[int] = Counter()
        self.news, self.is_over = threading.Condition(), threading.Event()

    def watch(self) -> None:
        while not self.is_over.wait(0.02):
            with self.news:
                self.by_conversation = Counter(self.made.values_list("message__conversation_id", flat=True))
                self.news.notify_all()
        connections.close_all()

    def wait_for(self, number: int, conversation_id: int) -> None:
        with self.news:
            assert self.news.wait_for(lambda: self.by_conversation[conversation_id] >= number, timeout=60)


@dataclass(frozen=True)
class Race:
    """Two texts and a STOP that sets out once so many of them are claimed: on a slow machine too, many are close."""

    chat: Texting
    claims: Claims
    claims_before: int
    pause: float  # seconds from that claim to the STOP

    def run(self) -> None:
        self.chat.send(WORDS[0])
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(self.write_on)
            self.claims.wait_for(self.claims_before, self.chat.conversation.pk)
            time.sleep(self.pause)
            assert self.chat.says("STOP")["answers"][0]["status"] == 200
            writing.result()

    def write_on(self) -> None:
        self.chat.try_to_send(WORDS[1])
        connections.close_all()


@pytest.mark.requirement("I2", "O6", "I5", "I6")
@pytest.mark.parametrize("channel", CHANNELS)
def test_no_text_is_claimed_after_a_stop(a: Builders, stack: Stack, simulator: Simulator, channel: str) -> None:
    # given many open conversations, some with a provider that takes its time
    dice = random.Random(721)
    chats = texting(a, simulator, how_many=RACES[channel], channel=channel)
    for chat in chats[::3]:
        chat.fault(answer=slow(dice), callbacks=NONE, times=None)
    simulator.control("POST", "rules", **{"from": chats[0].ours, "callbacks": NONE, "times": None})

    # when Maya writes two texts to each, and the person texts STOP amid them
    claims = Claims(chats[0].conversation.company_id)
    watch = threading.Thread(target=claims.watch)
    watch.start()
    pauses = [dice.choice([0, dice.uniform(0, 0.1)]) for _ in chats]
    races = [Race(chat, claims, dice.choice([0, 0, 1]), pause) for chat, pause in zip(chats, pauses, strict=True)]
    try:
        at_once(Race.run, races, threads=6)
    finally:
        claims.is_over.set()
        watch.join()
    sent = Message.objects.filter(conversation__company=chats[0].conversation.company, direction=Direction.OUT)
    under_way = sent.filter(Q(status=Status.QUEUED) | Q(attempts__status=AttemptStatus.CLAIMED))
    until(lambda: not under_way.exists(), within=90)

    # then nothing was claimed after the STOP's commit
    company = chats[0].conversation.company
    events = ConsentEvent.objects.filter(consent__company=company).order_by("pk").select_related("consent")
    stopped_at = {event.consent.address: event.at for event in events if event.kind == EventKind.OPTED_OUT}
    assert len(stopped_at) == len(chats)
    attempts = list(claims.made.select_related("message"))
    assert [each for each in attempts if each.claimed_at >= stopped_at[each.message.recipient]] == []
    # and each claim was handed over once, and nothing else was
    requests = Counter(attempt_of(line) for line in handovers(simulator, sender=chats[0].ours))
    assert requests == Counter(str(attempt.uuid) for attempt in attempts)
    # and the phones have just that, but for what the carrier's own block caught on the way
    expected = Counter(on_the_wire(channel, each.message.recipient) for each in attempts if each.error_code != 21610)
    until(lambda: arrived(simulator, sender=chats[0].ours) == expected)

    # and what was refused stands in the thread as canceled, with its reason and its words
    canceled = list(sent.filter(status=Status.CANCELED))
    assert {(message.refusal, message.body in WORDS) for message in canceled} == {(Reason.OPTED_OUT, True)}
    assert {message.pk for message in canceled}.isdisjoint(attempt.message_id for attempt in attempts)
    assert sent.count() == len(canceled) + len(attempts)
    # and every thread has its STOP once, and every ledger gives what it says
    assert [chat.heard() for chat in chats] == [["STOP"]] * len(chats)
    for address in stopped_at:
        history = [EventKind(event.kind) for event in events if event.consent.address == address]
        assert replay(history) == Standing.OPTED_OUT
    # and the races were races
    assert min(len(attempts), len(canceled)) >= len(chats) / 10, f"{len(attempts)} claimed, {len(canceled)} canceled"


def arrived(simulator: Simulator, *, sender: str) -> Counter[str]:
    """How many of our texts each phone has."""
    query = httpx.QueryParams({"from": sender, "direction": "outbound-api"})
    listed = simulator.control("GET", f"messages?{query}")["messages"]
    return Counter(text["to"] for text in listed if text["arrived"])


def slow(dice: random.Random) -> dict[str, object]:
    return {"type": "slow", "ms": dice.randint(5, 80), "when": dice.choice(["before", "after"])}


@pytest.mark.requirement("I2")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_stop_that_is_being_committed_holds_up_the_claim(a: Builders, simulator: Simulator, channel: str) -> None:
    # given a STOP that has the consent's lock and isn't committed yet
    [chat] = texting(a, simulator, channel=channel)
    company_id, address = chat.conversation.company_id, chat.conversation.person.phone
    with transaction.atomic():
        consent = consents.locked(company_id=company_id, channel=channel, address=address)
        consents.record(consent, EventKind.OPTED_OUT, words="STOP", source=Source.MESSAGE, details={})
        # when a text is written meanwhile, and a worker wants to claim it
        [sent] = at_once(chat.send, ["Are you there?"])
        until(lambda: is_waited_for(connection.connection.info.backend_pid))
        assert sent.attempts.count() == 0
    # then it is refused after the commit
    all_settled([sent])
    assert (sent.status, sent.refusal, sent.body) == (Status.CANCELED, Reason.OPTED_OUT, "Are you there?")
    assert chat.handed_over() == []


@pytest.mark.requirement("P3", "I5")
def test_a_number_that_is_being_changed_holds_up_the_claim(a: Builders, simulator: Simulator) -> None:
    # given a worker that is about to claim a text
    [chat] = texting(a, simulator)
    at_claim = HeldRow(chat.consent)
    sent = chat.send("Are you there?")
    until(at_claim.is_waited_for)
    # when the person's number is changed, and the worker comes upon it before the commit
    with transaction.atomic():
        change_contact(chat.conversation.person, phone_typed=new_number(), email="")
        at_claim.let_go()
        until(lambda: is_waited_for(connection.connection.info.backend_pid))
    # then it judges by the new number, and nothing goes to the old one
    all_settled([sent])
    assert (sent.status, sent.refusal) == (Status.CANCELED, Reason.NUMBER_CHANGED)
    assert handovers(simulator, sender=chat.ours) == []


@pytest.mark.requirement("I2")
def test_claims_share_the_consent_and_a_stop_has_it_alone(a: Builders, simulator: Simulator) -> None:
    # given two claims that hold the lock at the same time
    [chat] = texting(a, simulator)
    company_id, phone = chat.conversation.company_id, chat.phone
    both_hold_it, may_end = threading.Barrier(3, timeout=20), threading.Event()
    log: list[str] = []
    pids: list[int] = []

    def claim() -> None:
        with transaction.atomic():
            assert (
                consents.standing_locked_for_sharing(company_id=company_id, channel="sms", address=phone)
                == Standing.OPTED_IN
            )
            pids.append(connection.connection.info.backend_pid)
            both_hold_it.wait()
            may_end.wait(20)
            log.append("claim ends")
        connections.close_all()

    def stop() -> None:
        with transaction.atomic():
            consent = consents.locked(company_id=company_id, channel="sms", address=phone)
            log.append("STOP has it")
            consents.record(consent, EventKind.OPTED_OUT, words="STOP", source=Source.MESSAGE, details={})
        connections.close_all()

    claims = [threading.Thread(target=claim) for _ in range(2)]
    for thread in claims:
        thread.start()
    both_hold_it.wait()
    # when a STOP comes, then it waits for both
    stopping = threading.Thread(target=stop)
    stopping.start()
    until(lambda: any(is_waited_for(pid) for pid in pids))
    assert log == []
    may_end.set()
    for thread in (*claims, stopping):
        thread.join()
    assert log == ["claim ends", "claim ends", "STOP has it"]
    # and the next claim sees it
    with transaction.atomic():
        assert (
            consents.standing_locked_for_sharing(company_id=company_id, channel="sms", address=phone)
            == Standing.OPTED_OUT
        )


@pytest.mark.requirement("I2", "O10", "O12")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_stop_to_one_conversation_stops_the_texts_of_the_other(
    a: Builders, simulator: Simulator, channel: str
) -> None:
    # given two conversations of one company with one phone (by SMS on two numbers), and one that a slow provider keeps
    # busy
    maya = a.user(company=a.company(sender_countries=("US", "US"), texts_by_whatsapp=True))
    person = a.person(maya.company)  # type: ignore[arg-type]
    ours = own_sender(a, simulator, maya)
    chats = [a.conversation(team=[maya], person=person) for _ in range(2)]
    first, second = (Texting(maya, chat, ours, simulator, channel) for chat in chats)
    if channel == "whatsapp":
        open_windows([first, second])
    opening = first.send("first opens")
    all_settled([opening])  # one after the other: only texts of one conversation have an order (I9)
    all_settled([second.send("second opens")])
    rule = second.fault(answer={"type": "hold", "taken": True}, callbacks={"delay_ms": 2500}, body="under way")
    under_way = second.send("under way")
    until(lambda: "under way" in second.handed_over())
    waiting = second.send("waits behind it")

    # when the person texts STOP to the first one's number, or to the one sender that WhatsApp has
    simulator.text("STOP", sender=first.phone, recipient=on_the_wire(channel, opening.sender))
    simulator.control("POST", "release", rule=rule)

    # then what was on the wire is shown as what it is, and what waited is canceled
    all_settled([under_way, waiting])
    assert (under_way.status, waiting.status, waiting.refusal) == (Status.DELIVERED, Status.CANCELED, Reason.OPTED_OUT)
    assert second.received() == ["first opens", "second opens", "under way"]


@pytest.mark.requirement("I2", "O13")
def test_a_refusal_that_is_older_than_a_start_does_not_take_it_back(a: Builders, simulator: Simulator) -> None:
    # given a text that was under way when the person texted STOP, and changed her mind
    [chat] = texting(a, simulator)
    chat.fault(outcome={"status": "failed", "code": 21610}, callbacks={"delay_ms": 600_000})
    sent = chat.send("under way")
    until(lambda: sent.attempts.exclude(provider_id="").exists())
    chat.says("STOP")
    chat.says("START")
    # when the carrier's late refusal arrives
    attempt = sent.attempts.get()
    simulator.control("POST", "flush", message_sid=attempt.provider_id)
    all_settled([sent])
    # then she is still opted in, as she said last
    assert sent.status == Status.FAILED
    assert chat.consent.standing == Standing.OPTED_IN
