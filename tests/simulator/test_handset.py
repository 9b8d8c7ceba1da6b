"""The page that plays the phones: what it is given to show, and what can be done on it."""

from typing import Any

import httpx
import pytest

from tests.simulator.stage import ANNA, MARCUS, OTHER_OF_OURS, OURS, Product, Simulator, until

STRANGER = "+4915112345678"


def page(simulator: Simulator, *phones: str) -> dict[str, Any]:
    state: dict[str, Any] = simulator.http.get("/handset/state", params={"phone": list(phones)}).json()
    return state


def act(simulator: Simulator, path: str, **body: object) -> httpx.Response:
    return simulator.http.post(f"/handset/{path}", json=body)


def line_of(simulator: Simulator, number: str) -> dict[str, Any]:
    lines: list[dict[str, Any]] = page(simulator)["phones"]
    (line,) = [each for each in lines if each["number"] == number]
    return line


def test_the_page_is_strict_and_links_to_the_product(simulator: Simulator, product: Product) -> None:
    # when
    answer = simulator.http.get("/")
    # then
    assert f'href="{product.url}/"' in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for path in ("handset.css", "base.css", "tokens.css", "icons.svg", "js/main.js"):
        assert simulator.http.get(f"/static/{path}").status_code == 200


def test_the_demos_people_are_there_from_the_start(simulator: Simulator) -> None:
    anna = line_of(simulator, ANNA)
    assert (anna["name"], anna["typed"], anna["initials"]) == ("Anna Bauer", "+49 30 123487007", "AB")


def test_an_unknown_phone_appears_with_its_first_text(simulator: Simulator) -> None:
    # when
    simulator.send(to=STRANGER)
    # then
    until(lambda: STRANGER in [each["number"] for each in page(simulator)["phones"]], "the stranger's phone")
    assert line_of(simulator, STRANGER)["unread"] == 1


def test_conversations_are_apart_by_our_number_and_unread_until_seen(simulator: Simulator) -> None:
    # given
    simulator.send(body="First")
    until(lambda: simulator.arrived(ANNA) == ["First"], "the first text")
    simulator.send(sender=OTHER_OF_OURS, body="Second")
    until(lambda: len(simulator.arrived(ANNA)) == 2, "the second text")
    # then the newest is first
    newest, older = page(simulator, ANNA)["open"][ANNA]["threads"]
    assert (newest["sender"], newest["unread"]) == (OTHER_OF_OURS, 1)
    assert [each["body"] for each in older["texts"]] == ["First"]
    # when
    act(simulator, "seen", phone=ANNA, sender=OURS)
    # then
    assert line_of(simulator, ANNA)["unread"] == 1


def test_the_person_sees_how_her_text_fared(simulator: Simulator, product: Product) -> None:
    # when
    act(simulator, "text", phone=MARCUS, to=OURS, body="Yes")
    product.status = 403
    act(simulator, "text", phone=MARCUS, to=OURS, body="Hello?")
    # then
    (thread,) = page(simulator, MARCUS)["open"][MARCUS]["threads"]
    assert [(each["body"], each["state"], each["note"]) for each in thread["texts"]] == [
        ("Yes", "delivered", "Delivered"),
        ("Hello?", "failed", "Not delivered: the product answered 403"),
    ]


def test_the_fate_of_the_next_text_is_chosen_and_then_spent(simulator: Simulator) -> None:
    # given
    act(simulator, "fate", phone=ANNA, fate="30003", late=False, twice=False, wrong=False)
    assert page(simulator, ANNA)["open"][ANNA]["fate"]["fate"] == "30003"
    # when
    sid = simulator.send()
    until(lambda: simulator.status(sid) == "undelivered", "the failure")
    # then
    assert page(simulator, ANNA)["open"][ANNA]["fate"]["fate"] == "deliver"
    assert simulator.arrived(ANNA) == []


def test_a_text_may_arrive_without_its_sender_knowing(simulator: Simulator, product: Product) -> None:
    # given
    act(simulator, "fate", phone=ANNA, fate="unknown", late=False, twice=False, wrong=False)
    # when
    with pytest.raises(httpx.TransportError):
        simulator.post(To=ANNA, From=OURS, Body="Hello", StatusCallback=f"{product.url}/status")
    # then
    until(lambda: simulator.arrived(ANNA) == ["Hello"], "the text on the phone")
    assert product.heard == []


def test_callbacks_can_be_spoilt_for_one_text(simulator: Simulator, product: Product) -> None:
    # given
    act(simulator, "fate", phone=ANNA, fate="deliver", late=False, twice=True, wrong=True)
    # when
    sid = simulator.send(StatusCallback=f"{product.url}/status")
    until(lambda: len(product.about(sid)) == 4, "four callbacks")
    # then
    assert product.statuses_of(sid) == ["delivered", "delivered", "sent", "sent"]
    faults = {line["fault"] for line in simulator.look("journal", kind="webhook")["lines"]}
    assert faults == {"signature wrong"}


def test_a_phone_is_added_by_its_number_as_typed(simulator: Simulator) -> None:
    # when
    answer = act(simulator, "phones", name="Ben Osei", number="+44 (7700) 900-417")
    # then
    assert answer.json() == {"number": "+447700900417"}
    assert line_of(simulator, "+447700900417")["name"] == "Ben Osei"


def test_a_number_without_its_country_is_explained(simulator: Simulator) -> None:
    answer = act(simulator, "phones", name="Ben", number="0770 900417")
    assert answer.status_code == 400
    assert "international code first" in answer.json()["error"]


def test_numbers_on_the_wire_are_cut_short(simulator: Simulator) -> None:
    # when
    act(simulator, "text", phone=MARCUS, to=OURS, body="Hi")
    # then
    (line,) = page(simulator)["wire"]
    assert (line["what"], line["status"], line["bad"]) == ("reply from …567", 200, False)


def test_a_stream_tells_that_something_changed(simulator: Simulator) -> None:
    # given
    with httpx.stream("GET", f"{simulator.url}/events", timeout=15, trust_env=False) as events:
        lines = (line for line in events.iter_lines() if line.startswith("data: "))
        before = next(lines)
        # when
        simulator.send()
        # then
        assert next(lines) != before
