"""The person's side of WhatsApp: reading, blocking, and what a reset forgets."""

import pytest

from tests.simulator.stage import ANNA, OURS, PLATFORM, Product, Simulator, until

USER_ID = "DE.1349120865"


def look(simulator: Simulator, person: str = ANNA) -> bool:
    seen: bool = simulator.control("seen", person=person, sender=PLATFORM)["seen"]
    return seen


def delivered(simulator: Simulator, product: Product) -> str:
    """A message of ours that lies on Anna's phone."""
    simulator.write(ANNA)
    sid = simulator.whatsapp(ANNA, StatusCallback=f"{product.url}/status")
    until(lambda: product.statuses_of(sid) == ["sent", "delivered"], "the delivery")
    return sid


def test_a_message_is_read_when_the_person_looks(simulator: Simulator, product: Product) -> None:
    # given
    sid = delivered(simulator, product)
    # when
    assert look(simulator)
    # then
    until(lambda: product.statuses_of(sid) == ["sent", "delivered", "read"], "the callback")
    assert simulator.twilio.messages(sid).fetch().status == "read"
    # and only once
    assert not look(simulator)
    assert product.statuses_of(sid).count("read") == 1


def test_looking_comes_before_reading_by_itself(simulator: Simulator, product: Product) -> None:
    # given
    simulator.control("settings", read_after_ms=60_000)
    sid = delivered(simulator, product)
    # when
    look(simulator)
    until(lambda: simulator.status(sid) == "read", "the status read")
    simulator.control("clock", advance_s=120)
    # then
    simulator.control("flush", message_sid=sid)
    assert product.statuses_of(sid).count("read") == 1


@pytest.mark.parametrize("read_after_ms", [None, 0])
def test_without_read_receipts_nothing_is_told(
    simulator: Simulator, product: Product, read_after_ms: int | None
) -> None:
    # given
    simulator.control("settings", read_after_ms=read_after_ms)
    simulator.control("phones", number=ANNA, name="Anna Bauer", read_receipts=False)
    sid = delivered(simulator, product)
    # when
    look(simulator)
    # then
    assert simulator.control("flush", message_sid=sid)["status"] == "delivered"


def test_looking_at_texts_by_sms_tells_nothing(simulator: Simulator) -> None:
    # given
    sid = simulator.send()
    until(lambda: simulator.status(sid) == "delivered", "the text")
    # when
    simulator.control("seen", person=ANNA, sender=OURS)
    # then
    assert simulator.control("flush", message_sid=sid)["status"] == "delivered"


@pytest.mark.requirement("O8")
def test_a_block_is_silent(simulator: Simulator, product: Product) -> None:
    # given
    simulator.write(ANNA)
    (block,) = simulator.control("blocks", person=ANNA, sender=PLATFORM, blocked=True)["blocks"]
    assert (block["person"], block["sender"]) == (ANNA, PLATFORM)
    # when
    sids = [simulator.whatsapp(ANNA, StatusCallback=f"{product.url}/status"), simulator.invite(ANNA)]
    simulator.control("clock", advance_s=3600)
    for sid in sids:
        assert simulator.control("flush", message_sid=sid)["status"] == "sent"
    # then
    assert product.statuses_of(sids[0]) == ["sent"]
    assert simulator.phone(f"whatsapp:{ANNA}")["received"] == []
    # and what is sent after it was lifted arrives, what was held back does not
    assert simulator.control("blocks", person=ANNA, sender=PLATFORM, blocked=False) == {"blocks": []}
    simulator.whatsapp(ANNA, body="Again")
    until(lambda: simulator.arrived(f"whatsapp:{ANNA}") == ["Again"], "the next message")


def test_a_block_stops_what_is_under_way(simulator: Simulator, product: Product) -> None:
    # given
    simulator.write(ANNA)
    simulator.control("settings", delivered_after_ms=60_000, read_after_ms=0)
    sid = simulator.whatsapp(ANNA, StatusCallback=f"{product.url}/status")
    # when
    simulator.control("blocks", person=f"whatsapp:{ANNA}", sender=PLATFORM)
    simulator.control("flush", message_sid=sid)
    # then
    assert product.statuses_of(sid) == ["sent"]
    assert simulator.status(sid) == "sent"


def test_a_block_is_no_matter_of_sms(simulator: Simulator) -> None:
    # given
    simulator.control("blocks", person=ANNA, sender=PLATFORM)
    assert simulator.http.post("/control/blocks", json={"person": ANNA, "sender": OURS}).status_code == 400
    # when
    simulator.send()
    # then
    until(lambda: simulator.arrived(ANNA) == ["Hello Anna"], "the text")


@pytest.mark.requirement("O12")
def test_a_stop_is_an_ordinary_message_for_twilio(simulator: Simulator, product: Product) -> None:
    # when
    simulator.write(ANNA, "STOP")
    # then
    assert simulator.look("optouts")["optouts"] == []
    assert product.heard[0].form["Body"] == "STOP"
    sid = simulator.whatsapp(ANNA)
    until(lambda: simulator.status(sid) == "delivered", "the answer, for the window is open")


@pytest.mark.parametrize("named", [ANNA, f"whatsapp:{ANNA}", f"whatsapp:{USER_ID}"])
def test_a_reset_of_one_phone_forgets_all_its_addresses(simulator: Simulator, named: str) -> None:
    # given
    simulator.control("phones", number=ANNA, name="Anna Bauer", user_id=USER_ID)
    simulator.write(ANNA)
    simulator.send()
    simulator.whatsapp(USER_ID)
    simulator.control("blocks", person=ANNA, sender=PLATFORM)
    simulator.rule(to=f"whatsapp:{ANNA}", answer={"type": "busy"})
    # when
    simulator.control("reset", scope={"numbers": [named]})
    # then
    assert simulator.look("messages")["messages"] == []
    assert simulator.look("blocks")["blocks"] == []
    assert simulator.look("rules")["rules"] == []
    assert simulator.look("journal")["lines"] == []


def test_what_was_sent_to_the_user_id_lies_on_the_same_phone(simulator: Simulator) -> None:
    # given
    simulator.control("phones", number=ANNA, name="Anna Bauer", user_id=USER_ID)
    simulator.write(ANNA)
    # when
    simulator.whatsapp(USER_ID, body="By user id")
    # then
    until(lambda: simulator.arrived(f"whatsapp:{ANNA}") == ["By user id"], "the message")
    assert simulator.arrived(f"whatsapp:{USER_ID}") == ["By user id"]
    assert simulator.arrived(ANNA) == []
