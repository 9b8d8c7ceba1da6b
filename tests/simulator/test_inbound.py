"""A person texts us: the webhook with all that belongs to it, and what our answer makes Twilio do."""

import base64
from typing import Any

import pytest

from tests.simulator.stage import MARCUS, OURS, Product, Simulator

RECORDED = {
    "ToCountry", "ToState", "SmsMessageSid", "NumMedia", "ToCity", "FromZip", "SmsSid", "FromState", "SmsStatus",
    "FromCity", "Body", "FromCountry", "To", "ToZip", "NumSegments", "MessageSid", "AccountSid", "From", "ApiVersion",
}  # fmt: skip


def text(simulator: Simulator, body: str = "Hello", **more: object) -> dict[str, Any]:
    return simulator.control("inbound", **{"from": MARCUS, "to": OURS, "body": body, **more})


def test_the_complete_parameter_set(simulator: Simulator, product: Product) -> None:
    # when
    answer = text(simulator, "  Yes 👍\nplease ")
    # then
    (heard,) = product.heard
    assert heard.path == "/webhooks/twilio/sms/"
    assert heard.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert set(heard.form) == RECORDED
    sid = answer["sid"]
    assert heard.form["MessageSid"] == heard.form["SmsSid"] == heard.form["SmsMessageSid"] == sid
    assert heard.form["Body"] == "  Yes 👍\nplease "
    assert (heard.form["From"], heard.form["To"], heard.form["FromCountry"]) == (MARCUS, OURS, "US")


def test_our_answer_is_reported(simulator: Simulator, product: Product) -> None:
    # given
    product.status = 403
    # when
    (answer,) = text(simulator)["answers"]
    # then
    assert (answer["status"], answer["content_type"], answer["error"]) == (403, "text/xml", "")
    assert answer["latency_ms"] > 0
    # and the text is in the list, though its webhook failed
    (listed,) = simulator.twilio.messages.list(to=OURS)
    assert (listed.direction, listed.status) == ("inbound", "received")
    assert simulator.phone(MARCUS)["sent"][0]["webhook_status"] == 403


def test_the_same_text_many_times_at_once_is_one_text(simulator: Simulator, product: Product) -> None:
    # when
    answer = text(simulator, times=20, parallel=True)
    text(simulator, sid=answer["sid"])
    # then
    assert {each.form["MessageSid"] for each in product.heard} == {answer["sid"]}
    assert len(product.heard) == 21
    assert len(simulator.phone(MARCUS)["sent"]) == 1


def test_parameters_are_added_and_left_out(simulator: Simulator, product: Product) -> None:
    # given
    simulator.control("settings", extra_params={"Future": "1"})
    # when
    simulator.control("inbound", **{"from": MARCUS, "to": OURS}, extra={"NumMedia": "1"}, omit=["ToCity"])
    # then
    form = product.heard[0].form
    assert "Body" not in form
    assert "ToCity" not in form
    assert (form["NumMedia"], form["Future"]) == ("1", "1")


def test_exact_bytes_can_be_sent(simulator: Simulator, product: Product) -> None:
    # given
    raw = b"Body=%FF%00broken&From=%2B14151234567&Body=twice"
    # when
    text(simulator, raw_body_base64=base64.b64encode(raw).decode())
    # then
    assert product.heard[0].raw == raw


def test_a_plain_text_answer_is_a_text_to_the_person_and_a_violation(simulator: Simulator, product: Product) -> None:
    # given
    product.content_type, product.body = "text/plain; charset=utf-8", "OK"
    # when
    text(simulator)
    # then
    assert simulator.arrived(MARCUS) == ["OK"]
    (violation,) = simulator.look("violations")["violations"]
    assert (violation["from"], violation["body"]) == (MARCUS, "OK")


@pytest.mark.parametrize("status", [403, 500])
def test_a_plain_text_error_is_no_text(simulator: Simulator, product: Product, status: int) -> None:
    # given
    product.status, product.content_type, product.body = status, "text/plain", "No"
    # when
    text(simulator)
    # then
    assert simulator.arrived(MARCUS) == []
    assert simulator.look("violations")["violations"] == []


def test_a_twiml_message_is_a_text(simulator: Simulator, product: Product) -> None:
    # given
    product.body = "<Response><Message>Thanks &amp; bye</Message></Response>"
    # when
    text(simulator)
    # then
    assert simulator.arrived(MARCUS) == ["Thanks & bye"]
    assert simulator.twilio.messages.list(to=MARCUS)[0].direction == "outbound-reply"


@pytest.mark.parametrize(
    ("content_type", "body", "code"), [("text/html", "<p>Debug</p>", 12300), ("text/xml", "<Resp", 12100)]
)
def test_an_answer_that_is_no_use_is_logged(
    simulator: Simulator, product: Product, content_type: str, body: str, code: int
) -> None:
    # given
    product.content_type, product.body = content_type, body
    # when
    text(simulator)
    # then
    (error,) = simulator.look("journal", kind="error")["lines"]
    assert error["error_code"] == code


def test_a_number_can_have_its_own_url_and_a_fallback(simulator: Simulator, product: Product) -> None:
    # given
    simulator.control("numbers", number=OURS, sms_url=f"{product.url}/own", fallback_url=f"{product.url}/fallback")
    product.statuses = [500]
    # when
    text(simulator)
    # then
    assert [each.path for each in product.heard] == ["/own", "/fallback"]
    assert product.heard[1].form["ErrorCode"] == "11200"
    assert product.heard[1].form["ErrorUrl"] == f"{product.url}/own"
