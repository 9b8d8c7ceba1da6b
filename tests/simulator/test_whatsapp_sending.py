"""We write to WhatsApp: who may, when, with which words, and what becomes of it."""

import json
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from simulator.window import is_open
from tests.simulator.stage import ANNA, INVITATION, MARCUS, OURS, PLATFORM, TOKEN, Product, Simulator, until

HOUR = 3600
USER_ID = "US.1349120865"
SERVICE = "MG" + "c" * 32
SENTENCE = "SmartRecruiters would like to reach you on behalf of Acme about Chemist."


def finished(simulator: Simulator, sid: str) -> tuple[str, int | None]:
    """The last status of a message that can't go on, and the reason of its failure."""
    message = simulator.control("flush", message_sid=sid)
    return message["status"], message["error_code"]


@pytest.mark.parametrize(
    ("since", "expected"), [(None, False), (0, True), (24 * HOUR - 0.001, True), (24 * HOUR, False), (25 * HOUR, False)]
)
def test_the_window_is_open_for_24_hours(since: float | None, expected: bool) -> None:
    now = 1_800_000_000.0
    assert is_open(None if since is None else now - since, now) is expected


def test_only_a_registered_sender_may_write(simulator: Simulator) -> None:
    # given
    stranger = "whatsapp:+14155550188"
    assert simulator.post(To=f"whatsapp:{ANNA}", From=stranger, Body="Hi").json()["code"] == 63007
    assert simulator.post(To=f"whatsapp:{ANNA}", From=OURS, Body="Hi").json()["code"] == 21910
    assert simulator.post(To=ANNA, From=PLATFORM, Body="Hi").json()["code"] == 21910
    # when
    simulator.control("numbers", number=stranger, label="Fir Labs")
    # then
    assert simulator.post(To=f"whatsapp:{ANNA}", From=stranger, Body="Hi").status_code == 201


@pytest.mark.parametrize(
    ("to", "status"),
    [
        (f"whatsapp:{USER_ID}", 201),
        ("whatsapp:US.ENT.1a2B", 201),
        (USER_ID, 400),
        (f"whatsapp:+{USER_ID}", 400),
        ("whatsapp:us.1", 400),
        ("whatsapp:49301", 400),
    ],
)
def test_a_recipient_is_a_number_or_a_user_id(simulator: Simulator, to: str, status: int) -> None:
    answer = simulator.post(To=to, From=PLATFORM, Body="Hi")
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["code"] in (21211, 21910)


@pytest.mark.requirement("W1", "W2")
def test_free_text_goes_within_24_hours_of_the_persons_last_message(simulator: Simulator) -> None:
    # given
    assert finished(simulator, simulator.whatsapp(ANNA)) == ("undelivered", 63016)
    simulator.write(ANNA)
    simulator.control("clock", advance_s=23 * HOUR)
    # when, then
    assert finished(simulator, simulator.whatsapp(ANNA)) == ("delivered", None)
    # a new message restarts it
    simulator.write(ANNA, "Still here")
    simulator.control("clock", advance_s=23 * HOUR)
    assert finished(simulator, simulator.whatsapp(ANNA)) == ("delivered", None)
    # and then it shuts
    simulator.control("clock", advance_s=2 * HOUR)
    assert finished(simulator, simulator.whatsapp(ANNA)) == ("undelivered", 63016)
    assert len(simulator.phone(f"whatsapp:{ANNA}")["received"]) == 2


def test_the_window_is_for_one_sender(simulator: Simulator) -> None:
    # given
    other = "whatsapp:+14155550188"
    simulator.control("numbers", number=other)
    simulator.write(ANNA)
    # when
    sid = simulator.send(to=f"whatsapp:{ANNA}", sender=other)
    # then
    assert finished(simulator, sid) == ("undelivered", 63016)


def test_a_text_by_sms_opens_no_window(simulator: Simulator) -> None:
    simulator.control("inbound", **{"from": ANNA, "to": OURS, "body": "Hello"})
    assert finished(simulator, simulator.whatsapp(ANNA)) == ("undelivered", 63016)


@pytest.mark.requirement("W4")
def test_a_window_that_is_shut_can_be_refused_at_once(simulator: Simulator) -> None:
    # given
    simulator.control("settings", window_refusal="at once")
    # then
    answer = simulator.post(To=f"whatsapp:{ANNA}", From=PLATFORM, Body="Hi")
    assert (answer.status_code, answer.json()["code"]) == (400, 63016)
    assert finished(simulator, simulator.invite(ANNA)) == ("delivered", None)
    assert simulator.http.post("/control/settings", json={"window_refusal": "never"}).status_code == 400


@pytest.mark.requirement("W3", "W4")
def test_a_template_goes_at_any_time_and_arrives_filled_in(simulator: Simulator) -> None:
    # when
    sid = simulator.invite(ANNA)
    # then
    assert finished(simulator, sid) == ("delivered", None)
    (received,) = simulator.phone(f"whatsapp:{ANNA}")["received"]
    assert received["body"].startswith(SENTENCE)
    assert (received["content_sid"], received["from"], received["to"]) == (INVITATION, PLATFORM, f"whatsapp:{ANNA}")
    assert simulator.twilio.messages(sid).fetch().body == received["body"]
    # and opens no window
    assert finished(simulator, simulator.whatsapp(ANNA, body=received["body"])) == ("undelivered", 63016)


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"1": "Acme"}, 63028),
        ({}, 63028),
        ({"1": "Acme", "2": "a" * 256}, 63013),
        ({"1": "Acme", "2": "a     b"}, 63013),
        ({"1": "Acme", "2": "a\nb"}, 63013),
        ({"1": "Acme", "2": " "}, 63013),
    ],
)
def test_values_that_whatsapp_does_not_take_fail_later(
    simulator: Simulator, variables: dict[str, str], code: int
) -> None:
    sid = simulator.invite(ANNA, variables=json.dumps(variables))
    assert finished(simulator, sid) == ("failed", code)
    assert simulator.phone(f"whatsapp:{ANNA}")["received"] == []


def test_a_text_of_1024_characters_is_the_longest(simulator: Simulator) -> None:
    # given
    for length in (1023, 1024):
        simulator.control("templates", sid=f"HX{length:032}", body="a" * (length - 1) + "{{1}}b")
    # then
    assert finished(simulator, simulator.invite(ANNA, f"HX{1023:032}", '{"1": "x"}')) == ("delivered", None)
    assert finished(simulator, simulator.invite(ANNA, f"HX{1024:032}", '{"1": "x"}')) == ("failed", 63021)


@pytest.mark.parametrize(
    ("state", "end"),
    [
        ("rejected", ("failed", 63040)),
        ("paused", ("failed", 63041)),
        ("disabled", ("failed", 63042)),
        ("pending", ("undelivered", 63016)),
        ("unsubmitted", ("undelivered", 63016)),
        ("approved", ("delivered", None)),
    ],
)
def test_a_template_that_is_not_approved(simulator: Simulator, state: str, end: tuple[str, int | None]) -> None:
    simulator.control("templates", sid=INVITATION, status=state)
    assert finished(simulator, simulator.invite(ANNA)) == end


@pytest.mark.parametrize(
    ("person", "end"),
    [(MARCUS, ("undelivered", 63049)), (USER_ID, ("undelivered", 63049)), (ANNA, ("delivered", None))],
)
def test_marketing_does_not_reach_the_us(simulator: Simulator, person: str, end: tuple[str, int | None]) -> None:
    simulator.control("templates", sid=INVITATION, category="MARKETING")
    assert finished(simulator, simulator.invite(person)) == end


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"ContentSid": "HX" + "0" * 32}, 21655),
        ({"ContentSid": INVITATION, "ContentVariables": "[]"}, 21656),
        ({"ContentSid": INVITATION, "ContentVariables": '{"1": 2}'}, 21656),
    ],
)
def test_a_wrong_template_is_refused_at_once(simulator: Simulator, form: dict[str, str], code: int) -> None:
    answer = simulator.post(To=f"whatsapp:{ANNA}", From=PLATFORM, **form)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_person_may_not_be_on_whatsapp(simulator: Simulator) -> None:
    simulator.control("phones", number=MARCUS, name="Marcus Hill", whatsapp=False)
    assert finished(simulator, simulator.invite(MARCUS)) == ("undelivered", 63003)


def test_callbacks_have_whatsapps_fields(simulator: Simulator, product: Product) -> None:
    # given
    simulator.control("settings", read_after_ms=10)
    simulator.write(MARCUS)
    # when
    sid = simulator.whatsapp(MARCUS, StatusCallback=f"{product.url}/status?m=1#rc=3")
    until(lambda: product.statuses_of(sid) == ["sent", "delivered", "read"], "three callbacks")
    # then
    heard = product.about(sid)[-1]
    install = heard.form["ChannelInstallSid"]
    assert heard.form == {
        "AccountSid": simulator.look("health")["account_sid"], "ApiVersion": "2010-04-01", "MessageSid": sid,
        "SmsSid": sid, "MessageStatus": "read", "SmsStatus": "read", "From": PLATFORM, "To": f"whatsapp:{MARCUS}",
        "ChannelPrefix": "whatsapp", "ChannelInstallSid": install, "ChannelToAddress": "+1415123XXXX",
        "StructuredMessage": "false", "EventType": "READ",
    }  # fmt: skip
    assert (install[:2], len(install)) == ("XE", 34)
    assert "EventType" not in product.about(sid)[0].form
    signature = heard.headers["X-Twilio-Signature"]
    assert RequestValidator(TOKEN).validate(product.url + heard.path, heard.form, signature)


def test_a_failure_tells_whatsapps_own_words(simulator: Simulator, product: Product) -> None:
    # when
    sid = simulator.whatsapp(MARCUS, StatusCallback=f"{product.url}/status")
    until(lambda: product.statuses_of(sid) == ["sent", "undelivered"], "the failure")
    # then
    form = product.about(sid)[-1].form
    assert (form["ErrorCode"], form["EventType"]) == ("63016", "UNDELIVERED")
    assert "outside the allowed window" in form["ChannelStatusMessage"]
    assert "RawDlrDoneDate" not in form


def test_a_rule_decides_before_whatsapp_does(simulator: Simulator) -> None:
    # given
    simulator.rule(to=f"whatsapp:{ANNA}", outcome={"status": "undelivered", "code": 63024})
    simulator.rule(to=f"whatsapp:{ANNA}", outcome={"status": "read"})
    simulator.rule(to=f"whatsapp:{ANNA}", answer={"type": "reset", "taken": False})
    # then
    assert finished(simulator, simulator.whatsapp(ANNA)) == ("undelivered", 63024)
    assert finished(simulator, simulator.whatsapp(ANNA)) == ("read", None)


def test_a_service_takes_its_whatsapp_sender_for_whatsapp(simulator: Simulator) -> None:
    # given a pool with one of each
    for number in (OURS, PLATFORM):
        simulator.control("numbers", number=number, service=SERVICE)
    simulator.write(ANNA)
    # when
    form: dict[str, Any] = {"Body": "Hi", "MessagingServiceSid": SERVICE}
    by_whatsapp, by_sms = (simulator.post(To=to, **form).json()["sid"] for to in (f"whatsapp:{ANNA}", ANNA))
    # then
    assert finished(simulator, by_whatsapp) == finished(simulator, by_sms) == ("delivered", None)
    assert simulator.message(by_whatsapp)["from"] == PLATFORM
    assert simulator.message(by_sms)["from"] == OURS


def test_a_whatsapp_message_is_one_part(simulator: Simulator) -> None:
    assert simulator.message(simulator.whatsapp(ANNA, body="é👍" * 400))["num_segments"] == 1
