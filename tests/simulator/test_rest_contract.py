"""The REST API as Twilio's own library and plain requests see it."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.simulator.stage import ACCOUNT, ANNA, MARCUS, OURS, TOKEN, Simulator, until

KEYS = {
    "account_sid": str, "api_version": str, "body": str, "date_created": str, "date_sent": None,
    "date_updated": str, "direction": str, "error_code": None, "error_message": None, "from": str,
    "messaging_service_sid": None, "num_media": str, "num_segments": str, "price": None, "price_unit": str,
    "sid": str, "status": str, "subresource_uris": dict, "to": str, "uri": str,
}  # fmt: skip


def test_the_library_creates_fetches_and_lists(simulator: Simulator) -> None:
    # when
    created = simulator.twilio.messages.create(to=ANNA, from_=OURS, body="Hello Anna ✓")
    # then
    assert (created.status, created.direction, created.num_segments) == ("queued", "outbound-api", "1")
    until(lambda: created.fetch().status == "delivered", "the status delivered")
    (listed,) = simulator.twilio.messages.list(to=ANNA)
    assert (listed.sid, listed.body) == (created.sid, "Hello Anna ✓")
    assert listed.date_sent is not None


def test_a_new_message_has_exactly_twilios_keys_and_types(simulator: Simulator) -> None:
    # when
    answer = simulator.post(To=ANNA, From=OURS, Body="Hello Anna", Unknown="is ignored")
    # then
    assert answer.status_code == 201
    assert {key: type(value) if value is not None else None for key, value in answer.json().items()} == KEYS
    assert answer.json()["date_created"].endswith("+0000")
    assert answer.json()["uri"].endswith(f"/Messages/{answer.json()['sid']}.json")


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, "1"), ("a" * 161, "2"), ("€" * 80, "1"), ("ç" * 70, "1"), ("ç" * 71, "2"), ("👍" * 36, "2")],
)
def test_a_text_is_counted_in_parts(simulator: Simulator, text: str, parts: str) -> None:
    assert simulator.post(To=ANNA, From=OURS, Body=text).json()["num_segments"] == parts


@pytest.mark.parametrize("credentials", [(ACCOUNT, "wrong"), ("ACffff", TOKEN), None])
def test_a_stranger_is_refused(simulator: Simulator, credentials: tuple[str, str] | None) -> None:
    # when
    answer = simulator.http.get(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", auth=credentials)
    # then
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert answer.json()["message"] == "Authenticate"


@pytest.mark.parametrize("path", ["AC0000/Messages.json", f"{ACCOUNT}/Messages/SM00.json", f"{ACCOUNT}/Calls.json"])
def test_what_is_not_there_is_not_found(simulator: Simulator, path: str) -> None:
    # when
    answer = simulator.http.get(f"/2010-04-01/Accounts/{path}", auth=(ACCOUNT, TOKEN))
    # then
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)
    assert set(answer.json()) == {"code", "message", "more_info", "status"}


def test_the_library_tells_wrong_credentials(simulator: Simulator) -> None:
    # given
    stranger = Client(ACCOUNT, "wrong")
    stranger.api.base_url = simulator.url
    # when
    with pytest.raises(TwilioRestException) as refusal:
        stranger.messages.create(to=ANNA, from_=OURS, body="Hello")
    # then
    assert (refusal.value.status, refusal.value.code) == (401, 20003)


def test_a_text_is_redacted_but_stays_on_the_phone(simulator: Simulator) -> None:
    # given
    sid = simulator.send(body="A secret")
    until(lambda: simulator.status(sid) == "delivered", "the delivered text")
    # when
    simulator.twilio.messages(sid).update(body="")
    # then
    assert simulator.twilio.messages(sid).fetch().body == ""
    assert simulator.arrived(ANNA) == ["A secret"]


def test_a_text_is_deleted_once_it_is_through(simulator: Simulator) -> None:
    # given one that is under way
    simulator.rule(outcome={"status": "queued"})
    under_way = simulator.send()
    through = simulator.send()
    until(lambda: simulator.status(through) == "delivered", "the delivered text")
    # when, then
    with pytest.raises(TwilioRestException) as refusal:
        simulator.twilio.messages(under_way).delete()
    assert refusal.value.code == 20009
    assert simulator.twilio.messages(through).delete()
    assert [each.sid for each in simulator.twilio.messages.list()] == [under_way]


def test_another_method_is_refused(simulator: Simulator) -> None:
    answer = simulator.http.put(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", auth=(ACCOUNT, TOKEN))
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)


def test_every_request_is_in_the_journal(simulator: Simulator) -> None:
    # given
    sid = simulator.send(to=MARCUS)
    simulator.post(To="12", From=OURS, Body="x")
    # when
    lines = simulator.look("journal", kind="request")["lines"]
    # then
    assert [(line["what"], line["status"], line["error_code"]) for line in lines] == [
        ("POST Messages.json", 201, None),
        ("POST Messages.json", 400, 21211),
    ]
    assert lines[0]["sid"] == sid
    assert lines[0]["params"] == {"To": MARCUS, "From": OURS, "Body": "Hello Anna"}
    assert len(lines[0]["at"]) == len("2026-11-23T15:18:27.123Z")
    assert simulator.look("journal", kind="request", to=MARCUS, since=lines[0]["id"])["lines"] == []
