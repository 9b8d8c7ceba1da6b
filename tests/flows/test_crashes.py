"""Whatever is killed, lost or late: a text arrives once, or stands in the thread as failed or unknown with a way on.

"Once" is judged by the provider: its journal of requests, and the texts on the person's phone.
"""

import random
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import Any

import httpx
import pytest
from django.db import connections
from django.utils import timezone

from channels_sms.reconciling import fetch_missed_texts
from channels_whatsapp.models import WhatsAppSender
from channels_whatsapp.reconciling import fetch_missed_messages
from inbox.models import DeliveryAttempt
from inbox.rules import AttemptStatus, Status
from smartmessage.stack.ports import is_free
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, on_the_wire, until
from tests.flows.faults import (
    CHANNELS,
    Clicks,
    HeldRow,
    Texting,
    all_settled,
    as_owner,
    at_once,
    frozen,
    handovers,
    texting,
)
from twilio_gateway.models import WebhookRequest, WebhookState

LOST = {"drop": True}  # callbacks that never come
HELD_YET_TAKEN = {"type": "hold", "taken": True}
HELD_NOT_TAKEN = {"type": "hold", "taken": False}


@pytest.mark.requirement("I1", "I9", "Q5")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_worker_killed_at_each_step_of_a_send_neither_loses_nor_doubles(
    a: Builders, stack: Stack, simulator: Simulator, channel: str
) -> None:
    # given six conversations, whose first texts are all at another step
    before_claim, on_the_wire, taken, taken_in_silence, not_taken, answered = chats = texting(
        a, simulator, how_many=6, channel=channel
    )
    taken.fault(answer=HELD_YET_TAKEN, callbacks={"delay_ms": 2000})
    taken_in_silence.fault(answer=HELD_YET_TAKEN, callbacks=LOST)
    not_taken.fault(answer=HELD_NOT_TAKEN)
    rule = answered.fault(answer=HELD_YET_TAKEN, callbacks=LOST)
    firsts = [chat.send("first") for chat in (taken, taken_in_silence, not_taken, answered)]
    until(lambda: all(chat.handed_over() for chat in (taken, taken_in_silence, not_taken, answered)))
    at_commit = HeldRow(answered.conversation)
    simulator.control("POST", "release", rule=rule)
    until(at_commit.is_waited_for, why="the worker has its answer and wants to write it down")
    at_claim = HeldRow(before_claim.consent)
    firsts.append(before_claim.send("first"))
    until(at_claim.is_waited_for, why="the worker wants to claim")
    with frozen(stack, "simulator"):
        firsts.append(on_the_wire.send("first"))
        until(lambda: DeliveryAttempt.objects.filter(message=firsts[-1]).exists())
        claimed = DeliveryAttempt.objects.filter(message__in=firsts, status=AttemptStatus.CLAIMED)
        assert claimed.count() == 5, "each is at its step: nothing has been answered or given up"

        # when the worker is killed, while more is written
        stack.kill("worker")
    at_commit.let_go()
    at_claim.let_go()
    seconds = [chat.send("second") for chat in chats]
    stack.start("worker")

    # then each first text was handed over once, by whoever took it
    all_settled([*firsts, *seconds])
    for chat in (before_claim, taken, taken_in_silence, answered):
        assert chat.handed_over() == ["first", "second"]
        assert chat.received() == ["first", "second"]
        assert set(chat.statuses().values()) == {Status.DELIVERED}
    # and what the provider didn't take stands there as unknown; what was written later went out after its pause
    assert not_taken.handed_over() == ["first", "second"]
    assert not_taken.received() == ["second"]
    assert not_taken.statuses() == {"first": Status.UNKNOWN, "second": Status.DELIVERED}
    # and the request that was still on the wire was taken or wasn't: nobody sent it twice
    assert Counter(on_the_wire.handed_over()) in (Counter(["first", "second"]), Counter(["second"]))

    # when Maya sends again what nobody took, then it arrives, once
    for chat, message in ((not_taken, firsts[2]), (on_the_wire, firsts[5])):
        message.refresh_from_db()
        if message.status == Status.UNKNOWN:
            assert Clicks(stack, chat.user).again(message).status_code == 302
            all_settled([message])
        assert Counter(chat.received()) == Counter(["first", "second"])


@pytest.mark.requirement("I1", "I9", "Q5")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_worker_killed_again_and_again_in_a_burst(
    a: Builders, stack: Stack, simulator: Simulator, channel: str
) -> None:
    # given ten conversations with four texts each, and a provider that takes its time
    dice = random.Random(20251123)
    chats = texting(a, simulator, how_many=10, channel=channel)
    words = ["one", "two", "three", "four"]
    for chat in chats:
        chat.fault(answer={"type": "slow", "ms": 60}, times=None)
    sent = [chat.send(word) for word in words for chat in chats]

    def claims() -> int:
        return DeliveryAttempt.objects.filter(message__in=sent).count()

    def reached(wanted: int) -> bool:
        return claims() >= wanted

    # when the worker is killed at three moments
    for _ in range(3):
        wanted = min(claims() + dice.randint(2, 8), len(sent))
        until(partial(reached, wanted))
        stack.kill("worker")
        stack.start("worker")

    # then each text was handed over once at most, in order, and is delivered or stands there with a way on
    all_settled(sent, within=90)
    for chat in chats:
        arrived, given_up = chat.received(), [body for body, status in chat.statuses().items() if status == "unknown"]
        assert len(chat.handed_over()) == len(set(chat.handed_over()))
        assert sorted(arrived + given_up) == sorted(words)
        assert arrived == [word for word in words if word in arrived]
    # and Send again brings the rest
    for message in sent:
        if message.status == Status.UNKNOWN:
            chats[0].send_again(message)
    all_settled(sent)
    assert all(Counter(chat.received()) == Counter(words) for chat in chats)


@pytest.mark.requirement("I1")
@pytest.mark.parametrize("channel", CHANNELS)
def test_what_the_provider_answers_badly_is_repeated_only_if_it_was_not_taken(
    a: Builders, stack: Stack, simulator: Simulator, channel: str
) -> None:
    # given a provider that fails in every way that it has
    faults: dict[str, dict[str, Any]] = {
        "busy": {"answer": {"type": "busy", "retry_after": 1}, "times": 2},
        "busy without a time": {"answer": {"type": "busy"}},
        "5xx, taken": {"answer": {"type": "html", "status": 503, "taken": True}},
        "5xx, taken, no callback": {"answer": {"type": "html", "status": 502, "taken": True}, "callbacks": LOST},
        "5xx, not taken": {"answer": {"type": "html", "status": 500, "taken": False}},
        "time-out, taken": {"answer": HELD_YET_TAKEN},
        "time-out, taken, no callback": {"answer": HELD_YET_TAKEN, "callbacks": LOST},
        "time-out, not taken": {"answer": HELD_NOT_TAKEN},
        "reset, taken": {"answer": {"type": "reset", "taken": True}},
        "reset, not taken": {"answer": {"type": "reset", "taken": False}},
        "callback before the answer": {"answer": {"type": "slow", "ms": 300}, "callbacks": {"early": True}},
    }
    chats = dict(zip(faults, texting(a, simulator, how_many=len(faults), channel=channel), strict=True))
    for name, rule in faults.items():
        chats[name].fault(**rule)

    # when Maya writes to everybody
    sent = {name: chat.send(name) for name, chat in chats.items()}
    all_settled(sent.values())

    # then what was surely not taken was repeated by itself, and nothing else was
    tries = {name: len(chat.handed_over()) for name, chat in chats.items()}
    assert tries == {name: 3 if name == "busy" else 2 if name == "busy without a time" else 1 for name in faults}
    lost = {name for name in faults if "not taken" in name}
    assert {name for name, message in sent.items() if message.status == Status.UNKNOWN} == lost
    assert {name: chat.received() for name, chat in chats.items()} == {
        name: [] if name in lost else [name] for name in faults
    }

    # and what stands there as unknown arrives, once, when she sends it again
    for name in lost:
        assert Clicks(stack, chats[name].user).again(sent[name]).status_code == 302
    all_settled(sent.values())
    assert all(chat.received() == [name] for name, chat in chats.items())


@pytest.mark.requirement("I1", "W4")
def test_an_invitation_whose_answer_is_lost_is_found_in_the_list_or_asked_about(
    a: Builders, stack: Stack, simulator: Simulator, platform: WhatsAppSender
) -> None:
    # given two people to be invited on WhatsApp: the template goes out, its words stand in the list
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    ours = on_the_wire("whatsapp", platform.number)
    taken, not_taken = chats = [
        Texting(maya, a.whatsapp_conversation(team=[maya]), ours, simulator, "whatsapp") for _ in range(2)
    ]
    taken.fault(answer=HELD_YET_TAKEN, callbacks=LOST)
    not_taken.fault(answer=HELD_NOT_TAKEN)
    # when Maya invites both, and no answer comes
    invited = [chat.invite() for chat in chats]
    all_settled(invited)
    # then the one that was taken is found, and the other one is Maya's to send again
    assert [message.status for message in invited] == [Status.DELIVERED, Status.UNKNOWN]
    assert [len(handovers(simulator, to=chat.phone)) for chat in chats] == [1, 1]
    assert Clicks(stack, maya).again(invited[1]).status_code == 302
    all_settled(invited)
    assert [chat.received() for chat in chats] == [[message.body] for message in invited]


@pytest.mark.requirement("I1")
def test_texts_wait_for_a_provider_that_refuses_connections(a: Builders, stack: Stack, simulator: Simulator) -> None:
    # given
    [chat] = texting(a, simulator)
    stack.stop("simulator")
    # when Maya writes twice
    sent = [chat.send("one"), chat.send("two")]
    until(lambda: DeliveryAttempt.objects.filter(message=sent[0], status=AttemptStatus.RELEASED).count() >= 2)
    assert chat.statuses() == {"one": Status.QUEUED, "two": Status.QUEUED}
    stack.start("simulator")
    # then both arrive by themselves, once and in order
    all_settled(sent)
    assert chat.received() == chat.handed_over() == ["one", "two"]


@pytest.mark.requirement("I1")
@pytest.mark.parametrize("channel", CHANNELS)
def test_sends_made_while_redis_is_away_are_answered_at_once_and_go_out_later(
    a: Builders, stack: Stack, simulator: Simulator, channel: str
) -> None:
    # given
    chats = texting(a, simulator, how_many=3, channel=channel)
    clicks = Clicks(stack, chats[0].user)
    stack.kill("redis")

    # when Maya writes, and a person answers
    started = time.monotonic()
    for chat in chats:
        assert clicks.send(chat.conversation, "while Redis is away", channel=channel).status_code == 302
    seconds_each = (time.monotonic() - started) / len(chats)
    assert chats[0].says("An answer meanwhile")["answers"][0]["status"] == 200

    # then nobody waited, all of it is stored, and the page for operators says what is wrong
    assert seconds_each < 2, "a request waits for Redis"
    assert chats[0].heard() == ["An answer meanwhile"]
    assert all(chat.statuses() == {"while Redis is away": Status.QUEUED} for chat in chats)
    status, words = stack.health()
    assert (status, '"redis": "away"' in words) == (503, True)

    # when Redis is back, then they arrive, once
    stack.start("redis")
    all_settled(message for chat in chats for message in chat.sent)
    assert all(chat.received() == chat.handed_over() == ["while Redis is away"] for chat in chats)
    stack.wait_until_healthy()


@pytest.mark.requirement("I1")
def test_a_redis_that_hangs_does_not_hold_up_a_request(a: Builders, stack: Stack, simulator: Simulator) -> None:
    # given a Redis that takes connections and never answers
    [chat] = texting(a, simulator)
    clicks = Clicks(stack, chat.user)
    assert clicks.send(chat.conversation, "before").status_code == 302
    with frozen(stack, "redis"):
        # when Maya writes, then her request is answered all the same
        started = time.monotonic()
        assert clicks.send(chat.conversation, "while Redis hangs").status_code == 302
        assert time.monotonic() - started < 6
    # and it arrives
    all_settled(chat.sent)
    assert chat.received() == ["before", "while Redis hangs"]


@pytest.mark.requirement("I1", "I3")
@pytest.mark.parametrize(("how", "channel"), [("restarted", "sms"), ("killed", "sms"), ("killed", "whatsapp")])
def test_what_was_answered_is_stored_though_postgresql_goes_away(
    a: Builders, stack: Stack, simulator: Simulator, how: str, channel: str
) -> None:
    # given traffic in both directions
    chats = texting(a, simulator, how_many=4, channel=channel)
    clicks = Clicks(stack, chats[0].user)
    sent: dict[str, int] = {}
    said: dict[str, str] = {}
    stored: set[str] = set()
    is_over = threading.Event()

    def go_on(number: int) -> None:
        chat, count = chats[number], 0
        while not is_over.is_set():
            count += 1
            with suppress(httpx.TransportError):
                answer = clicks.send(chat.conversation, f"{number}: text {count}", channel=channel)
                sent[f"{number}: text {count}"] = answer.status_code
            heard = chat.says(f"{number}: reply {count}")
            said[f"{number}: reply {count}"] = heard["sid"]
            if heard["answers"][0]["status"] == 200:
                stored.add(f"{number}: reply {count}")

    traffic = [threading.Thread(target=go_on, args=[number]) for number in range(len(chats))]
    for thread in traffic:
        thread.start()
    until(lambda: len(stored) >= 12)

    # when PostgreSQL goes and comes back
    server = stack.servers["postgres"]
    server.stop() if how == "restarted" else stack.kill("postgres")
    server.start()
    connections.close_all()
    before = len(stored)
    until(lambda: len(stored) >= before + 8, why="the product works again by itself")
    is_over.set()
    for thread in traffic:
        thread.join()

    # then what was answered with a yes is there, once
    heard = Counter(body for chat in chats for body in chat.heard())
    assert stored <= set(heard)
    assert set(heard.values()) == {1}
    accepted = {body for body, status in sent.items() if status == 302}
    written = Counter(body for chat in chats for body in chat.statuses())
    assert accepted <= set(written)
    assert set(written.values()) == {1}

    # and what was lost is stored when it comes again, while what was stored is not stored twice
    for chat in chats:
        for body, sid in said.items():
            if body.startswith(str(chats.index(chat))):
                assert chat.says(body, sid=sid)["answers"][0]["status"] == 200
    assert Counter(body for chat in chats for body in chat.heard()) == Counter(said.keys())

    # and each text was handed over once, in order, or stands there with a way on
    all_settled(message for chat in chats for message in chat.sent)
    for chat in chats:
        assert max(Counter(chat.handed_over()).values()) == 1
        arrived = chat.received()
        assert arrived == [body for body in chat.statuses() if body in arrived]
        assert [body for body, status in chat.statuses().items() if status == Status.DELIVERED] == arrived


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_web_process_killed_while_it_takes_webhooks_loses_nothing_that_it_answered(
    a: Builders, stack: Stack, simulator: Simulator, channel: str
) -> None:
    # given sixty texts from twelve phones, on their way at the same time
    chats = texting(a, simulator, how_many=12, channel=channel)
    texts = [(chat, f"reply {number}") for number in range(5) for chat in chats]
    answered = threading.Semaphore(0)

    def say(text: tuple[Texting, str]) -> tuple[str, int | None]:
        answer = text[0].says(text[1])
        answered.release()
        return answer["sid"], answer["answers"][0]["status"]

    results: list[tuple[str, int | None]] = []
    crowd = threading.Thread(target=lambda: results.extend(at_once(say, texts, threads=12)))
    crowd.start()

    # when the web process is killed amid them, and comes back
    for _ in range(15):
        answered.acquire()
    stack.kill("web")
    until(lambda: is_free(stack.ports.web), why="the last of its group is about to end")
    stack.start("web")
    crowd.join()
    stack.wait_until_healthy()

    # then what was answered with a 2xx is there, once
    yes = [text for text, (_sid, status) in zip(texts, results, strict=True) if status == 200]
    assert 15 <= len(yes) < len(texts), "it died amid them"
    heard = {chat: chat.heard() for chat in chats}
    assert all(heard[chat].count(body) == 1 for chat, body in yes)

    # when the provider repeats half of the rest, and the hourly look at its list finds the other half
    missing = [(chat, body, sid) for (chat, body), (sid, status) in zip(texts, results, strict=True) if status != 200]
    for chat, body, sid in missing[::2]:
        assert chat.says(body, sid=sid)["answers"][0]["status"] == 200
    look_at_the_list()

    # then, however often it looks, everything is there, once
    look_at_the_list()
    assert all(sorted(chat.heard()) == [f"reply {number}" for number in range(5)] for chat in chats)


@pytest.mark.requirement("I1", "I2")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_lost_stop_is_heeded_when_the_list_is_read(
    a: Builders, stack: Stack, simulator: Simulator, channel: str
) -> None:
    # given a STOP whose webhook nobody took
    [chat] = texting(a, simulator, channel=channel)
    stack.stop("web")
    assert chat.says("STOP")["answers"][0]["status"] is None
    until(lambda: is_free(stack.ports.web))
    stack.start("web")
    stack.wait_until_healthy()
    # when the provider's list is read
    look_at_the_list()
    # then it counts, and is shown
    assert chat.heard() == ["STOP"]
    assert Clicks(stack, chat.user).send(chat.conversation, "Hello?", channel=channel).status_code == 422
    assert chat.handed_over() == []


@pytest.mark.requirement("I1")
def test_a_text_whose_wake_up_was_lost_waits_for_the_sweeper(a: Builders, stack: Stack, simulator: Simulator) -> None:
    # given nobody who works, and a Redis that forgot everything
    [chat] = texting(a, simulator)
    stack.kill("sweeper")
    stack.kill("worker")
    sent = [chat.send("one"), chat.send("two")]
    stack.kill("redis")
    for file in stack.data_dir.path.joinpath("redis").rglob("*.aof"):
        file.unlink()
    stack.start("redis", "worker")
    until(lambda: '"worker": "ok"' in stack.health()[1])
    assert chat.handed_over() == []
    # when the sweeper is back, then they go out
    stack.start("sweeper")
    all_settled(sent)
    assert chat.received() == chat.handed_over() == ["one", "two"]


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_webhook_whose_meaning_fails_is_kept_shown_and_tried_again(
    a: Builders, stack: Stack, simulator: Simulator, channel: str
) -> None:
    # given a table that takes some words no more
    [chat] = texting(a, simulator, channel=channel)
    word = f"Cannot be stored {uuid.uuid4().hex}"
    constraint = f"broken_{uuid.uuid4().hex}"
    with as_owner() as owner:
        owner.execute(f"ALTER TABLE inbox_message ADD CONSTRAINT {constraint} CHECK (body <> '{word}')")
        try:
            # when a person texts them
            answer = chat.says(word)
            # then the answer is yes, the text is kept, marked and tried again, and the operators see it
            assert answer["answers"][0]["status"] == 200
            kept = WebhookRequest.objects.get(key=answer["sid"])
            assert (kept.state, kept.parameters["Body"], chat.heard()) == (WebhookState.FAILED, word, [])
            assert word not in kept.problem
            status, words = stack.health()
            assert (status, "webhooks failed and are tried again" in words) == (503, True)
            until(lambda: WebhookRequest.objects.get(key=answer["sid"]).tries >= 3)
            # and other texts get through meanwhile
            assert chat.says("This can")["answers"][0]["status"] == 200
            assert chat.heard() == ["This can"]
        finally:
            owner.execute(f"ALTER TABLE inbox_message DROP CONSTRAINT {constraint}")
    # when the table is whole again, then it is in the thread, once
    until(lambda: word in chat.heard())
    assert WebhookRequest.objects.get(key=answer["sid"]).state == WebhookState.DONE
    assert sorted(chat.heard()) == sorted([word, "This can"])
    stack.wait_until_healthy()


def look_at_the_list() -> None:
    """What the sweeper does once an hour."""
    fetch_missed_texts(timezone.now())
    fetch_missed_messages(timezone.now())
