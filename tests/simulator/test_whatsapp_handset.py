"""WhatsApp on the page that plays the phones: by what the page is given, and in a browser."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.simulator.stage import ANNA, INVITATION, MARCUS, PLATFORM, Product, Simulator, until
from tests.simulator.test_handset import act, line_of, page


def threads(simulator: Simulator, number: str = ANNA) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page(simulator, number)["open"][number]["threads"]
    return found


def test_whatsapp_and_sms_are_apart_on_one_phone(simulator: Simulator) -> None:
    # given
    simulator.send(body="By SMS")
    until(lambda: simulator.arrived(ANNA) == ["By SMS"], "the text")
    simulator.invite(ANNA)
    until(lambda: simulator.arrived(f"whatsapp:{ANNA}"), "the invitation")
    # then
    newest, older = threads(simulator)
    assert (newest["channel"], newest["sender"], newest["label"]) == ("whatsapp", PLATFORM, "SmartRecruiters")
    assert (newest["typed"], older["channel"]) == ("+1 415 555 0199", "sms")
    assert line_of(simulator, ANNA)["unread"] == 2
    # when
    act(simulator, "seen", phone=ANNA, sender=PLATFORM)
    # then
    assert line_of(simulator, ANNA)["unread"] == 1
    until(lambda: simulator.look("messages", status="read")["messages"], "the read invitation")


def test_an_own_message_has_two_ticks_and_is_read_once_it_is_answered(simulator: Simulator) -> None:
    # when
    act(simulator, "text", phone=ANNA, to=PLATFORM, body="Hello")
    assert threads(simulator)[0]["texts"][0]["note"] == "Delivered"
    simulator.whatsapp(ANNA)
    # then
    until(lambda: threads(simulator)[0]["texts"][0]["note"] == "Read", "the answer")


def test_an_answer_shows_what_it_answers_and_files_show_what_they_are(simulator: Simulator, product: Product) -> None:
    # given
    sid = simulator.invite(ANNA)
    until(lambda: threads(simulator), "the invitation")
    # when
    act(simulator, "text", phone=ANNA, to=PLATFORM, body="Yes", reply_to=sid)
    media = [{"content_type": "audio/ogg", "bytes": 48_000}]
    act(simulator, "text", phone=ANNA, to=PLATFORM, media=media)
    # then
    _, answer, note = threads(simulator)[0]["texts"]
    assert answer["quote"]["body"].startswith("SmartRecruiters would like")
    assert note["media"] == [{"kind": "audio", "type": "audio/ogg", "bytes": 48_000}]
    assert product.heard[0].form["OriginalRepliedMessageSid"] == sid


@pytest.mark.requirement("O8")
def test_who_blocked_a_business_can_not_write_to_it(simulator: Simulator, product: Product) -> None:
    # given
    act(simulator, "block", phone=ANNA, sender=PLATFORM, blocked=True)
    # when, then
    assert act(simulator, "text", phone=ANNA, to=PLATFORM, body="Hello").status_code == 409
    assert product.heard == []
    act(simulator, "block", phone=ANNA, sender=PLATFORM, blocked=False)
    assert act(simulator, "text", phone=ANNA, to=PLATFORM, body="Hello").status_code == 200


def test_a_phone_without_whatsapp_can_not_write_there(simulator: Simulator) -> None:
    simulator.control("phones", number=ANNA, name="Anna Bauer", whatsapp=False)
    assert act(simulator, "text", phone=ANNA, to=PLATFORM, body="Hello").status_code == 409


def test_the_phone_of_a_person_who_withholds_her_number_is_one(simulator: Simulator) -> None:
    # given
    simulator.control("phones", number=ANNA, name="Anna Bauer", user_id="DE.77", number_withheld=True)
    # when
    act(simulator, "text", phone=ANNA, to=PLATFORM, body="Hello")
    simulator.whatsapp("DE.77", body="Hello Anna")
    # then
    until(lambda: line_of(simulator, ANNA)["unread"] == 1, "the answer on her phone")
    assert [each["body"] for each in threads(simulator)[0]["texts"]] == ["Hello", "Hello Anna"]
    assert "DE.77" not in [each["number"] for each in page(simulator)["phones"]]


def test_read_receipts_are_switched_on_the_phone(simulator: Simulator) -> None:
    # when
    act(simulator, "receipts", phone=ANNA, read_receipts=False)
    # then
    assert line_of(simulator, ANNA)["read_receipts"] is False
    assert line_of(simulator, ANNA)["name"] == "Anna Bauer"
    sid = simulator.invite(ANNA)
    until(lambda: simulator.status(sid) == "delivered", "the invitation")
    act(simulator, "seen", phone=ANNA, sender=PLATFORM)
    assert simulator.control("flush", message_sid=sid)["status"] == "delivered"


def test_the_fate_of_the_next_text_is_whatsapps_too(simulator: Simulator, product: Product) -> None:
    # given
    act(simulator, "fate", phone=ANNA, fate="deliver", late=False, twice=True, wrong=False)
    simulator.write(ANNA)
    # when
    sid = simulator.whatsapp(ANNA, StatusCallback=f"{product.url}/status")
    # then
    until(lambda: product.statuses_of(sid) == ["delivered", "delivered", "sent", "sent"], "four callbacks")
    assert page(simulator, ANNA)["open"][ANNA]["fate"]["twice"] is False


def phone_of(opened: Page, number: str, name: str) -> Locator:
    opened.goto(f"/?phone={number.replace('+', '%2B')}")
    return opened.get_by_role("region", name=name)


def test_a_person_reads_quotes_and_answers(opened: Page, simulator: Simulator, product: Product) -> None:
    # given
    sid = simulator.invite(ANNA)
    until(lambda: simulator.status(sid) == "delivered", "the invitation")
    # when
    anna = phone_of(opened, ANNA, "Anna Bauer")
    log = anna.get_by_role("log", name="WhatsApp with SmartRecruiters")
    expect(log).to_contain_text("on behalf of Acme about Chemist")
    until(lambda: simulator.status(sid) == "read", "that it was read")
    anna.get_by_role("button", name="Reply to this").click()
    anna.get_by_role("textbox", name="Reply as Anna").fill("Gladly")
    anna.get_by_role("button", name="Send as Anna").click()
    # then
    expect(log.get_by_role("img", name="Delivered")).to_be_visible()
    assert product.heard[0].form["OriginalRepliedMessageSid"] == sid
    # and the next one quotes nothing
    for name, kind in (("Picture", "image"), ("Voice note", "audio"), ("Location", "location"), ("Yes", "text")):
        product.heard.clear()
        anna.get_by_role("button", name=name, exact=True).click()
        until(lambda: product.heard, f"the {name}")
        assert product.heard[0].form["MessageType"] == kind
        assert "OriginalRepliedMessageSid" not in product.heard[0].form


@pytest.mark.requirement("O8")
def test_a_person_blocks_the_business_and_lifts_it(opened: Page, simulator: Simulator) -> None:
    # given
    simulator.write(ANNA, "Hello")
    anna = phone_of(opened, ANNA, "Anna Bauer")
    # when
    anna.get_by_role("button", name="Block business", exact=True).click()
    # then
    expect(anna.get_by_role("log")).to_contain_text("You blocked this business")
    expect(anna.get_by_role("textbox", name="Reply as Anna")).to_be_hidden()
    sid = simulator.whatsapp(ANNA)
    assert simulator.control("flush", message_sid=sid)["status"] == "sent"
    # when
    anna.get_by_role("button", name="Unblock business").click()
    # then
    expect(anna.get_by_role("textbox", name="Reply as Anna")).to_be_visible()
    assert simulator.look("blocks")["blocks"] == []


def test_a_person_writes_first_to_a_whatsapp_sender(opened: Page, simulator: Simulator) -> None:
    # given
    simulator.send(to=MARCUS, body="By SMS")
    until(lambda: simulator.arrived(MARCUS) == ["By SMS"], "the text")
    marcus = phone_of(opened, MARCUS, "Marcus Hill")
    # when
    marcus.get_by_role("button", name="All chats").click()
    marcus.get_by_role("button", name="New message").click()
    marcus.get_by_label("New message to").select_option(PLATFORM)
    marcus.get_by_role("textbox", name="Reply as Marcus").fill("STOP")
    marcus.get_by_role("button", name="Send as Marcus").click()
    # then
    expect(marcus.get_by_role("log", name="WhatsApp with SmartRecruiters")).to_contain_text("STOP")
    assert simulator.phone(f"whatsapp:{MARCUS}")["sent"][0]["body"] == "STOP"
    # and the list names the channel of each
    marcus.get_by_role("button", name="All chats").click()
    expect(marcus.get_by_role("button", name="SmartRecruiters WhatsApp")).to_be_visible()
    # and the other one is SMS as ever
    marcus.get_by_role("button", name="+1 415 555 0100").click()
    expect(marcus.get_by_role("button", name="Block business")).to_have_count(0)
    marcus.get_by_role("group", name="Quick replies of Marcus").get_by_role("button", name="YES").click()
    expect(marcus.get_by_role("log", name="Marcus’s text messages")).to_contain_text("YES")
    assert simulator.phone(MARCUS)["sent"][0]["body"] == "YES"


def test_the_clock_is_moved_on_the_page(opened: Page, simulator: Simulator) -> None:
    # given
    simulator.write(ANNA)
    phone_of(opened, ANNA, "Anna Bauer")
    # when
    opened.get_by_role("button", name="+24 h").click()
    until(lambda: simulator.look("settings")["clock_ahead_s"] == 86_400, "the clock")
    # then
    sid = simulator.whatsapp(ANNA)
    assert simulator.control("flush", message_sid=sid)["error_code"] == 63016


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_used_by_everybody(opened: Page, simulator: Simulator, scheme: Any) -> None:
    # given a conversation with all there is
    simulator.invite(ANNA, INVITATION)
    act(
        simulator,
        "text",
        phone=ANNA,
        to=PLATFORM,
        body="Hello",
        reply_to=simulator.look("messages")["messages"][0]["sid"],
    )
    act(simulator, "text", phone=ANNA, to=PLATFORM, media=[{"content_type": "image/png", "bytes": 2_100_000}])
    # when
    opened.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    anna = phone_of(opened, ANNA, "Anna Bauer")
    expect(anna.get_by_role("log")).to_contain_text("2.1 MB")
    # then
    assert [each["id"] for each in Axe().run(opened).response["violations"]] == []
    opened.set_viewport_size({"width": 390, "height": 844})
    expect(anna.get_by_role("button", name="Block business")).to_be_in_viewport()
    assert opened.evaluate("document.documentElement.scrollWidth") == 390
