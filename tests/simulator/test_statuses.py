"""What becomes of a text: its statuses, the callbacks about them, and how these are delivered."""

import pytest
from twilio.request_validator import RequestValidator

from tests.simulator.stage import ANNA, OURS, TOKEN, Product, Simulator, free_port, until

SERVICE = "MG" + "a" * 32


def test_sent_and_delivered_are_called_back_queued_is_not(simulator: Simulator, product: Product) -> None:
    # when
    sid = simulator.send(StatusCallback=f"{product.url}/status?m=0191e180#rc=3&rp=all")
    until(lambda: len(product.about(sid)) == 2, "two callbacks")
    # then
    first, last = product.about(sid)
    assert first.form == {
        "AccountSid": simulator.look("health")["account_sid"], "ApiVersion": "2010-04-01", "MessageSid": sid,
        "SmsSid": sid, "MessageStatus": "sent", "SmsStatus": "sent", "From": OURS, "To": ANNA,
    }  # fmt: skip
    assert last.form["MessageStatus"] == last.form["SmsStatus"] == "delivered"
    assert first.path == "/status?m=0191e180"
    signature = first.headers["X-Twilio-Signature"]
    assert RequestValidator(TOKEN).validate(product.url + first.path, first.form, signature)
    assert simulator.arrived(ANNA) == ["Hello Anna"]


@pytest.mark.parametrize(
    ("outcome", "statuses", "code"),
    [
        ({"status": "undelivered", "code": 30003}, ["sent", "undelivered"], 30003),
        ({"code": 30007}, ["sent", "undelivered"], 30007),
        ({"status": "failed", "code": 30002}, ["failed"], 30002),
        ({"status": "sent"}, ["sent"], None),
    ],
)
def test_a_text_can_fail_later(
    simulator: Simulator, product: Product, outcome: dict[str, object], statuses: list[str], code: int | None
) -> None:
    # given
    simulator.rule(to=ANNA, outcome=outcome)
    # when
    sid = simulator.send(StatusCallback=f"{product.url}/status")
    until(lambda: product.statuses_of(sid) == statuses, f"the callbacks {statuses}")
    # then
    assert simulator.twilio.messages(sid).fetch().error_code == code
    assert product.about(sid)[-1].form.get("ErrorCode") == (str(code) if code else None)
    assert simulator.arrived(ANNA) == []
    # and the next one is as usual
    simulator.send(body="Again")
    until(lambda: simulator.arrived(ANNA) == ["Again"], "the next text")


def test_a_service_accepts_first_and_chooses_the_sender_later(simulator: Simulator, product: Product) -> None:
    # given
    simulator.control("numbers", number="+14155550188", service=SERVICE)
    # when
    form = {
        "To": ANNA,
        "Body": "Hi",
        "MessagingServiceSid": SERVICE,
        "StatusCallback": f"{product.url}/status",
    }
    answer = simulator.post(**form).json()
    # then
    assert (answer["status"], answer["from"], answer["num_segments"]) == ("accepted", None, "0")
    sid = answer["sid"]
    until(lambda: product.statuses_of(sid) == ["queued", "sent", "delivered"], "three callbacks")
    assert product.about(sid)[0].form["MessagingServiceSid"] == SERVICE
    assert simulator.twilio.messages(sid).fetch().from_ == "+14155550188"


def test_callbacks_come_twice_and_in_the_wrong_order(simulator: Simulator, product: Product) -> None:
    # given
    simulator.rule(callbacks={"times": 2, "order": "reversed", "extra": {"New": "from Twilio"}})
    # when
    sid = simulator.send(StatusCallback=f"{product.url}/status")
    until(lambda: len(product.about(sid)) == 4, "four callbacks")
    # then
    assert product.statuses_of(sid) == ["delivered", "delivered", "sent", "sent"]
    tokens = [each.headers["I-Twilio-Idempotency-Token"] for each in product.about(sid)]
    assert tokens[0] == tokens[1] != tokens[2] == tokens[3]
    assert product.about(sid)[0].form["New"] == "from Twilio"


def test_callbacks_get_lost(simulator: Simulator, product: Product) -> None:
    # given
    simulator.rule(callbacks={"drop": ["sent"]})
    simulator.rule(callbacks={"drop": True})
    # when
    without_sent = simulator.send(StatusCallback=f"{product.url}/status")
    without_any = simulator.send(StatusCallback=f"{product.url}/status")
    # then
    until(lambda: len(simulator.arrived(ANNA)) == 2, "both on the phone")
    until(lambda: product.statuses_of(without_sent) == ["delivered"], "the one callback")
    assert product.statuses_of(without_any) == []


def test_callbacks_come_before_the_201(simulator: Simulator, product: Product) -> None:
    # given
    simulator.rule(callbacks={"early": True})
    # when
    answer = simulator.post(To=ANNA, From=OURS, Body="Hi", StatusCallback=f"{product.url}/status").json()
    # then
    assert answer["status"] == "queued"
    assert product.statuses_of(answer["sid"]) == ["sent", "delivered"]


def test_callbacks_come_hours_late(simulator: Simulator, product: Product) -> None:
    # given
    simulator.rule(callbacks={"delay_ms": 2 * 60 * 60 * 1000})
    sid = simulator.send(StatusCallback=f"{product.url}/status")
    until(lambda: simulator.status(sid) == "delivered", "the delivered text")
    assert product.about(sid) == []
    # when two hours pass in an instant
    simulator.control("clock", advance_s=7210)
    # then
    until(lambda: sorted(product.statuses_of(sid)) == ["delivered", "sent"], "the late callbacks")


def test_all_that_is_to_come_can_happen_now(simulator: Simulator, product: Product) -> None:
    # given
    simulator.rule(outcome={"after_ms": [60_000, 90_000]})
    sid = simulator.send(StatusCallback=f"{product.url}/status")
    # when
    message = simulator.control("flush", message_sid=sid)
    # then
    assert message["status"] == "delivered"
    assert product.statuses_of(sid) == ["sent", "delivered"]


def test_a_single_callback_on_demand(simulator: Simulator, product: Product) -> None:
    # given
    sid = simulator.send(StatusCallback=f"{product.url}/status")
    until(lambda: len(product.about(sid)) == 2, "the usual callbacks")
    # when
    order = {
        "message_sid": sid,
        "status": "undelivered",
        "error_code": 30005,
        "times": 2,
        "signature": "wrong",
    }
    answers = simulator.control("callback", **order)["answers"]
    # then
    assert [each["status"] for each in answers] == [200, 200]
    assert product.about(sid)[-1].form["ErrorCode"] == "30005"
    assert simulator.status(sid) == "delivered"


def test_an_answer_that_is_an_error_is_not_tried_again_by_default(simulator: Simulator, product: Product) -> None:
    # given
    product.status = 500
    # when
    sid = simulator.send(StatusCallback=f"{product.url}/status")
    until(lambda: len(simulator.look("journal", kind="error", sid=sid)["lines"]) == 2, "two error lines")
    # then
    assert product.statuses_of(sid) == ["sent", "delivered"]
    assert {line["error_code"] for line in simulator.look("journal", kind="error")["lines"]} == {11200}


def test_the_url_can_ask_for_retries(simulator: Simulator, product: Product) -> None:
    # given
    product.statuses = [500, 503]
    simulator.rule(outcome={"status": "sent"})
    # when
    sid = simulator.send(StatusCallback=f"{product.url}/status#rc=3&rp=all")
    until(lambda: len(product.about(sid)) == 3, "three attempts")
    # then
    until(lambda: len(simulator.look("journal", kind="webhook")["lines"]) == 3, "three journal lines")
    lines = simulator.look("journal", kind="webhook")["lines"]
    assert [line["status"] for line in lines] == [500, 503, 200]
    assert len({each.headers["I-Twilio-Idempotency-Token"] for each in product.about(sid)}) == 1


def test_without_a_connection_it_is_tried_twice(simulator: Simulator) -> None:
    # given a callback to where nobody listens
    simulator.rule(outcome={"status": "sent"})
    # when
    sid = simulator.send(StatusCallback=f"http://127.0.0.1:{free_port()}/status")
    (error,) = until(lambda: simulator.look("journal", kind="error", sid=sid)["lines"], "an error line")
    # then
    assert error["error_code"] == 11205
    assert len(simulator.look("journal", kind="webhook", sid=sid)["lines"]) == 2


def test_a_product_that_is_too_slow_is_given_up(simulator: Simulator, product: Product) -> None:
    # given
    product.gate.clear()
    simulator.rule(outcome={"status": "sent"})
    # when
    sid = simulator.send(StatusCallback=f"{product.url}/status#rt=100")
    (error,) = until(lambda: simulator.look("journal", kind="error", sid=sid)["lines"], "an error line")
    product.gate.set()
    # then
    assert (error["error_code"], error["status"]) == (11200, None)
    assert len(product.about(sid)) == 1


def test_an_invalid_policy_is_logged_and_ignored(simulator: Simulator, product: Product) -> None:
    # given
    product.status = 500
    simulator.rule(outcome={"status": "sent"})
    # when
    sid = simulator.send(StatusCallback=f"{product.url}/status#rp=sometimes")
    until(lambda: len(simulator.look("journal", kind="error", sid=sid)["lines"]) == 2, "two error lines")
    # then
    assert [line["error_code"] for line in simulator.look("journal", kind="error")["lines"]] == [11243, 11200]
    assert len(product.about(sid)) == 1


def test_a_url_that_cannot_be_called_is_logged(simulator: Simulator, product: Product) -> None:
    # given
    simulator.rule(outcome={"status": "sent"})
    # when
    sid = simulator.send(StatusCallback=f"{product.url}/a b ü")
    # then
    (error,) = until(lambda: simulator.look("journal", kind="error", sid=sid)["lines"], "an error line")
    assert "not a URL" in error["body"]
    assert product.heard == []


def test_nobody_beyond_this_machine_is_ever_called(simulator: Simulator) -> None:
    # when
    sid = simulator.send(StatusCallback="https://text.example.com/status")
    errors = until(lambda: simulator.look("journal", kind="error", sid=sid)["lines"], "an error line")
    # then
    assert "outside" in errors[0]["body"]
    assert simulator.look("journal", kind="webhook")["lines"] == []


def test_a_sender_has_a_queue_and_a_rate(simulator: Simulator) -> None:
    # given one part a second
    simulator.control("settings", parts_per_second=1)
    three_parts, eleven_parts = "a" * 400, "b" * 1600
    # when
    first, second = simulator.send(body=three_parts), simulator.send(body=eleven_parts)
    too_late = simulator.send(body="too late", ValidityPeriod="2")
    # then
    assert {simulator.status(sid) for sid in (first, second, too_late)} == {"queued"}
    simulator.control("clock", advance_s=3.5)
    until(lambda: simulator.arrived(ANNA) == [three_parts], "the first text")
    assert simulator.status(second) == "queued"
    simulator.control("clock", advance_s=11)
    until(lambda: simulator.arrived(ANNA) == [three_parts, eleven_parts], "the next text")
    assert simulator.twilio.messages(too_late).fetch().error_code == 30036


def test_a_full_queue_takes_no_more(simulator: Simulator) -> None:
    # given a queue with 11 hours in it
    simulator.control("settings", parts_per_second=1)
    simulator.rule(outcome={"after_ms": [11 * 60 * 60 * 1000, 11 * 60 * 60 * 1000]})
    simulator.send()
    # then
    assert simulator.post(To=ANNA, From=OURS, Body="Hi").json()["code"] == 21611
