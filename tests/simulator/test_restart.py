"""Nothing that was accepted is lost, whatever happens to the process."""

import threading

import httpx

from tests.simulator.stage import ANNA, MARCUS, OURS, Product, Simulator, until


def test_an_accepted_text_survives_a_kill_and_arrives(own_simulator: Simulator, shared_product: Product) -> None:
    # given a text that waits
    own_simulator.rule(outcome={"after_ms": [1500, 1600]})
    sid = own_simulator.send(StatusCallback=f"{shared_product.url}/status")
    own_simulator.control("inbound", **{"from": MARCUS, "to": OURS, "body": "STOP"})
    # when
    own_simulator.kill()
    own_simulator.start()
    # then
    until(lambda: own_simulator.arrived(ANNA) == ["Hello Anna"], "the text on the phone")
    until(lambda: {"sent", "delivered"} <= set(shared_product.statuses_of(sid)), "its callbacks")
    assert own_simulator.post(To=MARCUS, From=OURS, Body="Hi").json()["code"] == 21610
    assert own_simulator.look("journal", kind="request")["lines"][0]["sid"] == sid


def test_every_201_that_was_sent_is_kept_through_a_kill(own_simulator: Simulator) -> None:
    # given senders at work
    told: list[str] = []

    def send() -> None:
        try:
            while True:
                told.append(own_simulator.send())
        except (httpx.TransportError, AssertionError):
            return

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    until(lambda: len(told) > 100, "a hundred texts")
    # when
    own_simulator.kill()
    for sender in senders:
        sender.join()
    own_simulator.start()
    # then
    kept = {each["sid"] for each in own_simulator.look("messages")["messages"]}
    assert set(told) <= kept


def test_a_callback_under_way_is_called_again(own_simulator: Simulator, shared_product: Product) -> None:
    # given a product that got the callback but has not answered
    shared_product.gate.clear()
    own_simulator.rule(outcome={"status": "sent"})
    sid = own_simulator.send(StatusCallback=f"{shared_product.url}/status")
    until(lambda: shared_product.statuses_of(sid) == ["sent"], "the callback")
    # when
    own_simulator.kill()
    shared_product.gate.set()
    own_simulator.start()
    # then
    until(lambda: shared_product.statuses_of(sid) == ["sent", "sent"], "the callback again")
    first, second = shared_product.about(sid)
    assert first.headers["I-Twilio-Idempotency-Token"] == second.headers["I-Twilio-Idempotency-Token"]


def test_it_stops_within_two_seconds_with_streams_and_held_answers_open(own_simulator: Simulator) -> None:
    # given
    own_simulator.rule(answer={"type": "hold"})
    answers: list[httpx.Response] = []
    sender = threading.Thread(target=lambda: answers.append(own_simulator.post(To=ANNA, From=OURS, Body="Hi")))
    sender.start()
    until(lambda: own_simulator.look("rules")["rules"][0]["held"] == 1, "a held answer")
    with httpx.stream("GET", f"{own_simulator.url}/events", trust_env=False) as events:
        assert next(events.iter_lines()) == "event: changed"
        # when, then
        assert own_simulator.stop() < 2
    sender.join()
    own_simulator.start()
