"""Answers that go wrong on purpose, and whether the text was taken all the same."""

import threading
import time

import httpx
import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.simulator.stage import ANNA, MARCUS, OURS, Product, Simulator, until


@pytest.mark.parametrize("code", [21610, 21611, 21614, 30500])
def test_any_error_code_is_answered_at_once(simulator: Simulator, code: int) -> None:
    # given
    simulator.rule(to=ANNA, answer={"type": "error", "code": code})
    # when
    with pytest.raises(TwilioRestException) as refusal:
        simulator.twilio.messages.create(to=ANNA, from_=OURS, body="Hello")
    # then
    assert (refusal.value.status, refusal.value.code) == (400, code)
    assert simulator.send()


@pytest.mark.parametrize("retry_after", [None, 3])
def test_too_many_requests(simulator: Simulator, retry_after: int | None) -> None:
    # given
    simulator.rule(answer={"type": "busy", "retry_after": retry_after})
    # when
    answer = simulator.post(To=ANNA, From=OURS, Body="Hello")
    # then
    assert (answer.status_code, answer.json()["code"]) == (429, 20429)
    assert answer.headers.get("Retry-After") == (None if retry_after is None else "3")
    assert simulator.look("messages")["messages"] == []


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("taken", [True, False])
def test_a_gateways_page(simulator: Simulator, status: int, taken: bool) -> None:
    # given
    simulator.rule(answer={"type": "html", "status": status, "taken": taken})
    # when
    answer = simulator.post(To=ANNA, From=OURS, Body="Hello")
    # then
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert len(simulator.look("messages")["messages"]) == int(taken)


@pytest.mark.parametrize("taken", [True, False])
def test_the_connection_is_reset(simulator: Simulator, taken: bool) -> None:
    # given
    simulator.rule(answer={"type": "reset", "taken": taken})
    # when
    with pytest.raises(requests.ConnectionError):
        simulator.twilio.messages.create(to=ANNA, from_=OURS, body="Hello")
    # then
    assert len(simulator.look("messages")["messages"]) == int(taken)
    (line,) = simulator.look("journal", kind="request")["lines"]
    assert (line["fault"], line["status"]) == ("reset", 201 if taken else None)


def test_an_answer_is_held_until_it_is_released(simulator: Simulator) -> None:
    # given
    rule = simulator.rule(answer={"type": "hold"})
    answers: list[httpx.Response] = []
    sender = threading.Thread(target=lambda: answers.append(simulator.post(To=ANNA, From=OURS, Body="Hello")))
    sender.start()
    until(lambda: simulator.look("rules")["rules"][0]["held"] == 1, "a held answer")
    # then it is taken, and arrives, though nobody was told
    until(lambda: simulator.arrived(ANNA) == ["Hello"], "the text on the phone")
    assert answers == []
    # when
    assert simulator.control("release", rule=rule) == {"released": 1}
    sender.join()
    # then
    assert answers[0].status_code == 201


def test_a_client_that_gives_up_is_not_held_for_ever(simulator: Simulator) -> None:
    # given
    simulator.rule(answer={"type": "hold"})
    # when
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{simulator.url}/2010-04-01/Accounts/{simulator.twilio.account_sid}/Messages.json",
            data={"To": ANNA, "From": OURS, "Body": "Hello"},
            auth=simulator.twilio.auth,
            timeout=0.3,
        )
    # then
    until(lambda: simulator.look("rules")["rules"][0]["held"] == 0, "no held answer")
    assert len(simulator.look("messages")["messages"]) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_slow_answer(simulator: Simulator, when: str) -> None:
    # given
    simulator.rule(answer={"type": "slow", "ms": 200, "when": when})
    # when
    began = time.monotonic()
    simulator.send()
    # then
    assert time.monotonic() - began >= 0.2


def test_a_rule_matches_by_body_and_by_count(simulator: Simulator) -> None:
    # given
    simulator.rule(body="^Job", nth=2, times=2, answer={"type": "busy"})
    # when
    bodies = ["Job 1", "Other", "Job 2", "Job 3", "Job 4"]
    statuses = [simulator.post(To=ANNA, From=OURS, Body=body).status_code for body in bodies]
    # then
    assert statuses == [201, 201, 429, 429, 201]
    (rule,) = simulator.look("rules")["rules"]
    assert (rule["seen"], rule["applied"], rule["spent"]) == (3, 2, True)


def test_the_first_live_rule_applies_alone(simulator: Simulator) -> None:
    # given
    simulator.rule(to=ANNA, times=None, answer={"type": "error", "code": 21614})
    simulator.rule(times=None, answer={"type": "error", "code": 21612})
    # then
    codes = [simulator.post(To=to, From=OURS, Body="Hello").json()["code"] for to in (ANNA, MARCUS, ANNA)]
    assert codes == [21614, 21612, 21614]


def test_chance_is_repeatable_by_its_seed(simulator: Simulator) -> None:
    # given
    simulator.rule(chance=0.5, times=None, answer={"type": "busy"})
    # when
    runs = []
    for _ in range(2):
        simulator.control("settings", seed=42)
        runs.append([simulator.post(To=ANNA, From=OURS, Body="x").status_code for _ in range(12)])
    # then
    assert runs[0] == runs[1]
    assert set(runs[0]) == {201, 429}


def test_more_requests_at_once_than_allowed(simulator: Simulator) -> None:
    # given one that is being held
    rule = simulator.rule(answer={"type": "hold"})
    sender = threading.Thread(target=simulator.send)
    sender.start()
    until(lambda: simulator.look("rules")["rules"][0]["held"] == 1, "a held answer")
    # when
    simulator.control("settings", max_concurrent=1)
    refused = simulator.post(To=ANNA, From=OURS, Body="Hello")
    simulator.control("release", rule=rule)
    sender.join()
    # then
    assert refused.status_code == 429
    assert simulator.send()


def test_a_scoped_reset_leaves_the_others_alone(simulator: Simulator, product: Product) -> None:
    # given
    for number in (ANNA, MARCUS):
        simulator.send(to=number)
        simulator.rule(to=number, answer={"type": "busy"})
        simulator.control("inbound", **{"from": number, "to": OURS, "body": "Stop"})
    # when
    simulator.control("reset", scope={"numbers": [ANNA]})
    # then
    assert simulator.phone(ANNA)["messages"] == []
    assert simulator.look("journal", to=ANNA)["lines"] == []
    assert [each["person"] for each in simulator.look("optouts")["optouts"]] == [MARCUS]
    assert [each["to"] for each in simulator.look("rules")["rules"]] == [MARCUS]
    assert len(simulator.phone(MARCUS)["messages"]) == 3
