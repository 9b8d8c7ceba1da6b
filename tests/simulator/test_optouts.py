"""Twilio's own opt-out: its words, its scope, its replies."""

import pytest

from simulator.optouts import HELP_REPLY, IN_REPLY, OUT_REPLY
from tests.simulator.stage import MARCUS, OTHER_OF_OURS, OURS, Product, Simulator, until

SERVICE = "MG" + "b" * 32
TOLL_FREE = "+18335550100"


def text(simulator: Simulator, body: str, to: str = OURS) -> None:
    simulator.control("inbound", **{"from": MARCUS, "to": to, "body": body})


def is_blocked(simulator: Simulator, sender: str = OURS) -> bool:
    answer = simulator.post(To=MARCUS, From=sender, Body="Hello")
    return answer.status_code == 400 and answer.json()["code"] == 21610


@pytest.mark.parametrize(
    "word", ["STOP", " stop ", "StopAll", "Unsubscribe", "cancel", "END", "quit", "revoke", "OptOut"]
)
def test_an_opt_out_word_blocks_and_is_answered_once(simulator: Simulator, product: Product, word: str) -> None:
    # when
    text(simulator, word)
    text(simulator, word)
    # then
    assert is_blocked(simulator)
    assert simulator.arrived(MARCUS) == [OUT_REPLY]
    assert [each.form["Body"] for each in product.heard] == [word, word]
    (reply,) = [each for each in simulator.twilio.messages.list(to=MARCUS) if each.direction == "outbound-reply"]
    assert (reply.body, reply.status) == (OUT_REPLY, "delivered")


@pytest.mark.parametrize("words", ["Stop please", "STOP.", "arrêt", "no", ""])
def test_other_words_do_nothing(simulator: Simulator, words: str) -> None:
    text(simulator, words)
    assert not is_blocked(simulator)


@pytest.mark.parametrize("word", ["START", "Yes", "unstop"])
def test_an_opt_in_word_lifts_it(simulator: Simulator, word: str) -> None:
    # given
    text(simulator, "STOP")
    # when
    text(simulator, word)
    # then
    assert not is_blocked(simulator)
    assert simulator.arrived(MARCUS)[:2] == [OUT_REPLY, IN_REPLY]


def test_the_block_is_for_one_sender(simulator: Simulator) -> None:
    # given
    text(simulator, "STOP", to=OURS)
    # when she writes START to another of ours
    text(simulator, "START", to=OTHER_OF_OURS)
    # then
    assert not is_blocked(simulator, OTHER_OF_OURS)
    assert is_blocked(simulator, OURS)


def test_in_a_service_the_block_is_for_the_pool(simulator: Simulator, product: Product) -> None:
    # given
    for number in (OURS, OTHER_OF_OURS):
        simulator.control("numbers", number=number, service=SERVICE)
    # when
    text(simulator, "STOP", to=OURS)
    # then
    assert is_blocked(simulator, OTHER_OF_OURS)
    # and a text through the service fails later
    callback = f"{product.url}/status"
    answer = simulator.post(To=MARCUS, Body="Hi", MessagingServiceSid=SERVICE, StatusCallback=callback)
    assert answer.status_code == 201
    sid = answer.json()["sid"]
    until(lambda: product.statuses_of(sid) == ["queued", "failed"], "the failure")
    assert product.about(sid)[-1].form["ErrorCode"] == "21610"


def test_a_yes_of_one_who_is_not_blocked_is_silent(simulator: Simulator) -> None:
    # when
    text(simulator, "Yes")
    assert simulator.arrived(MARCUS) == []
    # unless it is switched on
    simulator.control("settings", yes_is_answered=True)
    text(simulator, "Yes")
    assert simulator.arrived(MARCUS) == [IN_REPLY]


def test_help_is_answered(simulator: Simulator) -> None:
    text(simulator, "Help")
    assert simulator.arrived(MARCUS) == [HELP_REPLY]


@pytest.mark.parametrize(("body", "verdict"), [("stop", "STOP"), ("Yes", "START"), ("info", "HELP"), ("Hi", None)])
def test_advanced_opt_out_tells_its_verdict(
    simulator: Simulator, product: Product, body: str, verdict: str | None
) -> None:
    # given
    simulator.control("settings", advanced_opt_out=True)
    # when
    text(simulator, body)
    # then
    assert product.heard[0].form.get("OptOutType") == verdict


def test_a_toll_free_block_shows_only_later(simulator: Simulator) -> None:
    # given
    simulator.control("numbers", number=TOLL_FREE)
    text(simulator, "STOP", to=TOLL_FREE)
    text(simulator, "Yes", to=TOLL_FREE)
    # when
    sid = simulator.send(to=MARCUS, sender=TOLL_FREE)
    # then
    until(lambda: simulator.status(sid) == "undelivered", "the failure")
    assert simulator.twilio.messages(sid).fetch().error_code == 30004
    assert simulator.arrived(MARCUS)[0].startswith("NETWORK MSG:")


def test_a_short_code_has_no_machinery(simulator: Simulator) -> None:
    # given
    simulator.control("numbers", number="32665")
    # when
    text(simulator, "STOP", to="32665")
    # then
    assert not is_blocked(simulator, "32665")
    assert "STOP" in [each["body"] for each in simulator.phone(MARCUS)["sent"]]


def test_a_block_is_set_and_lifted_without_a_text(simulator: Simulator) -> None:
    simulator.control("optouts", person=MARCUS, sender=OURS)
    assert is_blocked(simulator)
    simulator.control("optouts", person=MARCUS, sender=OURS, opted_out=False)
    assert not is_blocked(simulator)
