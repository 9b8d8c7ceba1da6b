"""A person writes to us by WhatsApp: the webhook with all that belongs to it."""

import base64
import json
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from tests.simulator.stage import ACCOUNT, ANNA, MARCUS, OURS, PLATFORM, TOKEN, Heard, Product, Simulator, until

USER_ID = "US.1349120865"
ALWAYS = {
    "MessageSid", "SmsSid", "SmsMessageSid", "AccountSid", "ApiVersion", "SmsStatus", "NumSegments", "NumMedia", "From",
    "To", "WaId", "ProfileName", "MessageType", "Body", "Forwarded", "FrequentlyForwarded", "ReferralNumMedia",
    "ChannelMetadata",
}  # fmt: skip


def heard(simulator: Simulator, product: Product, **more: Any) -> dict[str, str]:
    """The form of the webhook when Marcus writes."""
    product.heard.clear()
    simulator.write(MARCUS, **more)
    return product.heard[0].form


def test_the_complete_parameter_set(simulator: Simulator, product: Product) -> None:
    # when
    sid = simulator.write(MARCUS, "  Yes 👍\nplease ")
    # then
    (webhook,) = product.heard
    form = webhook.form
    assert webhook.path == "/webhooks/twilio/whatsapp/"
    assert set(form) == ALWAYS
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == sid
    assert (form["From"], form["To"], form["WaId"]) == (f"whatsapp:{MARCUS}", PLATFORM, "14151234567")
    assert (form["ProfileName"], form["MessageType"], form["NumMedia"]) == ("Marcus Hill", "text", "0")
    assert (form["Body"], form["Forwarded"]) == ("  Yes 👍\nplease ", "false")
    context = json.loads(form["ChannelMetadata"])["data"]["context"]
    assert context == {"ProfileName": "Marcus Hill", "WaId": "14151234567"}
    signature = webhook.headers["X-Twilio-Signature"]
    assert RequestValidator(TOKEN).validate(product.url + webhook.path, form, signature)


def test_an_answer_names_the_message_that_it_answers(simulator: Simulator, product: Product) -> None:
    # given
    ours = simulator.invite(MARCUS)
    hers = simulator.write(MARCUS, "Hello")
    # then
    form = heard(simulator, product, reply_to=ours)
    assert (form["OriginalRepliedMessageSid"], form["OriginalRepliedMessageSender"]) == (ours, PLATFORM)
    form = heard(simulator, product, reply_to=hers)
    assert (form["OriginalRepliedMessageSid"], form["OriginalRepliedMessageSender"]) == (hers, f"whatsapp:{MARCUS}")
    form = heard(simulator, product, reply_to="SM" + "0" * 32)
    assert form["OriginalRepliedMessageSender"] == PLATFORM
    assert simulator.phone(f"whatsapp:{MARCUS}")["sent"][1]["reply_to"] == ours


def test_a_tapped_button(simulator: Simulator, product: Product) -> None:
    product.heard.clear()
    simulator.write(MARCUS, body=None, button={"text": "Confirm", "payload": "yes_1"})
    form = product.heard[0].form
    assert (form["Body"], form["ButtonText"], form["ButtonPayload"]) == ("Confirm", "Confirm", "yes_1")
    assert form["MessageType"] == "interactive"


def test_a_place(simulator: Simulator, product: Product) -> None:
    place = {"latitude": 52.52, "longitude": 13.405, "label": "Office", "address": "Torstraße 1, Berlin"}
    form = heard(simulator, product, body=None, location=place)
    assert (form["Latitude"], form["Longitude"], form["Label"]) == ("52.52", "13.405", "Office")
    assert (form["Address"], form["Body"], form["MessageType"]) == ("Torstraße 1, Berlin", "", "location")


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [("image/jpeg", "image"), ("audio/ogg", "audio"), ("video/mp4", "video"), ("application/pdf", "document")],
)
def test_media_are_fetched_with_the_accounts_credentials(
    simulator: Simulator, product: Product, content_type: str, kind: str
) -> None:
    # given
    form = heard(simulator, product, body="Look", media=[{"content_type": content_type, "bytes": 12_345}])
    assert (form["NumMedia"], form["MediaContentType0"], form["MessageType"]) == ("1", content_type, kind)
    url = form["MediaUrl0"]
    assert url.startswith(f"{simulator.url}/2010-04-01/Accounts/{ACCOUNT}/Messages/{form['MessageSid']}/Media/ME")
    # when
    head, get = (simulator.http.request(method, url, auth=(ACCOUNT, TOKEN)) for method in ("HEAD", "GET"))
    # then
    for answer in (head, get):
        assert (answer.headers["Content-Type"], answer.headers["Content-Length"]) == (content_type, "12345")
    assert (len(head.content), len(get.content)) == (0, 12_345)
    assert simulator.http.get(url, auth=(ACCOUNT, TOKEN)).content == get.content
    assert simulator.http.get(url).status_code == 401
    assert simulator.http.get(f"{url}0", auth=(ACCOUNT, TOKEN)).json()["code"] == 20404
    (listed,) = simulator.twilio.messages.list(from_=f"whatsapp:{MARCUS}")
    assert (listed.num_media, listed.sid[:2]) == ("1", "MM")


@pytest.mark.parametrize("kind", ["sticker", "contacts", "audio", "reaction"])
def test_the_type_can_be_any(simulator: Simulator, product: Product, kind: str) -> None:
    form = heard(simulator, product, message_type=kind, profile_name="")
    assert (form["MessageType"], form["ProfileName"]) == (kind, "")


def test_a_person_with_a_user_id(simulator: Simulator, product: Product) -> None:
    # given
    simulator.control("phones", number=MARCUS, name="Marcus Hill", user_id=USER_ID, wa_id="4151234567")
    form = heard(simulator, product)
    assert (form["From"], form["ExternalUserId"]) == (f"whatsapp:{MARCUS}", f"whatsapp:{USER_ID}")
    assert form["WaId"] == "4151234567"
    # when
    simulator.control("phones", number=MARCUS, name="Marcus Hill", user_id=USER_ID, number_withheld=True)
    # then
    form = heard(simulator, product)
    assert form["From"] == form["ExternalUserId"] == f"whatsapp:{USER_ID}"
    assert form["WaId"] == ""
    assert "14151234567" not in form["ChannelMetadata"]
    # and the window is hers, by whichever address we answer
    sid = simulator.whatsapp(USER_ID)
    until(lambda: simulator.status(sid) == "delivered", "the answer")


def test_a_stranger_may_be_known_by_the_user_id_alone(simulator: Simulator, product: Product) -> None:
    # when
    simulator.write("GB.99")
    # then
    form = product.heard[0].form
    assert (form["From"], form["ExternalUserId"], form["WaId"]) == ("whatsapp:GB.99", "whatsapp:GB.99", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"user_id": "1349120865"},
        {"number_withheld": True},
    ],
)
def test_a_user_id_is_checked(simulator: Simulator, wrong: dict[str, Any]) -> None:
    answer = simulator.http.post("/control/phones", json={"number": MARCUS, **wrong})
    assert answer.status_code == 400


def test_the_same_message_many_times_is_one_with_all_its_parts(simulator: Simulator, product: Product) -> None:
    # when
    sid = simulator.write(MARCUS, "Look", media=[{"bytes": 10}], reply_to="SM" + "1" * 32, times=5, parallel=True)
    simulator.write(MARCUS, "ignored", sid=sid)
    # then
    forms = [each.form for each in product.heard]
    assert len(forms) == 6
    assert all(form == forms[0] for form in forms)
    assert len(simulator.phone(f"whatsapp:{MARCUS}")["sent"]) == 1


def test_parameters_are_added_left_out_and_wrongly_signed(simulator: Simulator, product: Product) -> None:
    # when
    simulator.write(MARCUS, extra={"ReferralBody": "An ad"}, omit=["ProfileName", "Body"], signature="missing")
    # then
    (webhook,) = product.heard
    assert webhook.form["ReferralBody"] == "An ad"
    assert not {"ProfileName", "Body"} & set(webhook.form)
    assert "X-Twilio-Signature" not in webhook.headers


def test_exact_bytes_can_be_sent(simulator: Simulator, product: Product) -> None:
    raw = b"Body=%FF%00broken&From=whatsapp%3A%2B14151234567&Body=twice"
    simulator.write(MARCUS, raw_body_base64=base64.b64encode(raw).decode())
    assert product.heard[0].raw == raw


def test_a_sender_can_have_its_own_url(simulator: Simulator, product: Product) -> None:
    # given
    simulator.control("numbers", number=PLATFORM, label="SmartRecruiters", sms_url=f"{product.url}/own")
    # when
    simulator.write(MARCUS)
    # then
    webhooks: list[Heard] = product.heard
    assert [each.path for each in webhooks] == ["/own"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": MARCUS, "to": PLATFORM, "body": "Hi"},
        {"from": f"whatsapp:{MARCUS}", "to": OURS, "body": "Hi"},
        {"from": MARCUS, "to": OURS, "media": [{"bytes": 1}]},
        {"from": f"whatsapp:{MARCUS}", "to": PLATFORM, "media": [{"length": 1}]},
        {"from": f"whatsapp:{MARCUS}", "to": PLATFORM, "location": {"latitude": 1}},
    ],
)
def test_what_no_network_carries_is_refused(simulator: Simulator, product: Product, wrong: dict[str, Any]) -> None:
    answer = simulator.http.post("/control/inbound", json=wrong)
    assert answer.status_code == 400
    assert product.heard == []


def test_a_plain_text_answer_is_a_message_to_the_person_and_a_violation(simulator: Simulator, product: Product) -> None:
    # given
    product.content_type, product.body = "text/plain; charset=utf-8", "OK"
    # when
    simulator.write(ANNA)
    # then
    assert simulator.arrived(f"whatsapp:{ANNA}") == ["OK"]
    assert simulator.look("violations", **{"from": f"whatsapp:{ANNA}"})["violations"]
