"""A person who withholds her number: WhatsApp names her by a user id, and an admin says who she is (O10, I7)."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from inbox.models import DeliveryAttempt
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders, new_number
from tests.flows.conftest import Simulator, Site, on_the_wire, until, violations
from tests.flows.faults import Clicks


def attach(page: Page, *, person: str) -> None:
    """The company's admin looks for the person by name, and puts the only waiting reply into her thread."""
    page.goto("/settings/")
    page.get_by_role("link", name="Unmatched replies").click()
    page.get_by_role("link", name=re.compile("^Attach")).click()
    expect(page.get_by_text("No person of your company has this number")).to_be_visible()
    page.get_by_label("Name, email, number or job").fill(person)
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_label(person).check()
    assert violations(page) == []
    page.get_by_role("button", name="Attach to this record").click()
    expect(page.get_by_role("status").filter(has_text="Attached.")).to_be_visible()


@pytest.mark.requirement("O10", "O12", "I7", "W2", "F6")
def test_a_person_known_by_a_user_id_alone_writes_first_and_is_answered(
    a: Builders, site: Site, stack: Stack, simulator: Simulator
) -> None:
    # given a company with a sender of its own, and Anna, who gave no number and hides hers on WhatsApp
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    assert maya.company
    ours = on_the_wire("whatsapp", a.whatsapp_sender(maya.company).number)
    simulator.own(ours)
    user_id = f"US.{uuid.uuid4().int}"
    simulator.control("POST", "phones", number=new_number(), name="Anna Bauer", user_id=user_id, number_withheld=True)
    hers = on_the_wire("whatsapp", user_id)
    chat = a.conversation(team=[maya], phone="")
    page = site.open(maya, chat, channel="whatsapp")
    expect(page.get_by_role("heading", name="No phone number")).to_be_visible()

    # when she writes, then it is in nobody's thread, and waits for an admin
    simulator.text("Is the job still open?", sender=hers, recipient=ours)
    ada = a.user(company=maya.company, name="Ada Novak", seat=False, is_company_admin=True)
    attach(site.page_of(ada), person="Anna Bauer")

    # then it is in her thread, before Maya's eyes, and may be answered for a day
    box, log = page.get_by_role("textbox", name="Message"), page.get_by_role("log")
    expect(log).to_contain_text("Is the job still open?")
    expect(box).to_be_visible()
    expect(page.get_by_role("tab", name="WhatsApp").get_by_role("img", name="may be answered for now")).to_be_visible()
    assert violations(page) == []

    # when Maya answers, then it arrives at that user id
    box.fill("It is. Shall we talk?")
    box.press("Control+Enter")
    until(lambda: simulator.received(hers) == ["It is. Shall we talk?"])
    assert DeliveryAttempt.objects.get(message__conversation=chat).message.recipient == user_id
    # and what she writes now finds the thread by itself
    simulator.text("Gladly", sender=hers, recipient=ours)
    expect(log).to_contain_text("Gladly")

    # when she stops, then it is shut, drawn and enforced, and a Start opens it
    simulator.text("Stop", sender=hers, recipient=ours)
    expect(page.get_by_role("heading", name="Anna opted out of WhatsApp")).to_be_visible()
    expect(box).to_have_count(0)
    assert Clicks(stack, maya).send(chat, "Please?", channel="whatsapp").status_code == 422
    simulator.text("Start", sender=hers, recipient=ours)
    expect(box).to_be_visible()
    expect(page.get_by_role("tab", name="WhatsApp").get_by_role("img", name="opted in and reachable")).to_be_visible()
    assert simulator.received(hers) == ["It is. Shall we talk?"]
