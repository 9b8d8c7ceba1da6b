"""What changes for a company reaches the pages that are open: a number that goes, a hold that ends elsewhere."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from candidates import phone_numbers
from channels_sms import pool
from channels_sms.models import SenderNumber
from tests import steps
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, violations
from tests.flows.faults import texting

WORDS = "Could we talk on Thursday at 10:00?"


@pytest.mark.requirement("Q6", "V2")
def test_the_sender_beside_send_follows_a_number_that_goes(a: Builders, site: Site) -> None:
    # given Maya is writing, from the first of two numbers
    company = a.company(sender_countries=["US", "US"])
    maya = a.user(company=company)
    chat = a.conversation(team=[maya])
    ours = steps.our_number(chat)
    other = SenderNumber.objects.filter(company=company).exclude(number=ours).get()
    page = site.open(maya, chat)
    page.get_by_role("textbox", name="Message").fill(WORDS)
    expect(page.locator("#sender")).to_have_text(f"from {phone_numbers.display(ours)}")
    # when the operator takes it out of use
    operator = User.objects.create_superuser(f"op{maya.pk}@platform.example", "x", name="Op")
    retired = SenderNumber.objects.get(number=ours)
    pool.retire(retired, by=operator)
    # then the composer says from where it will come, and her words stay
    expect(page.locator("#sender")).to_have_text(f"from {phone_numbers.display(other.number)}")
    expect(page.get_by_text("This will now come from")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message")).to_have_value(WORDS)
    assert violations(page) == []
    # and when it comes back before the next text, nothing is to be said
    pool.bring_back(retired, by=operator)
    expect(page.get_by_text("This will now come from")).to_be_hidden()
    expect(page.locator("#sender")).to_have_text(f"from {phone_numbers.display(ours)}")


@pytest.mark.requirement("O9", "N2")
def test_another_teams_page_learns_that_a_hold_began_in_the_tray_and_ended(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given Maya has the conversation open, and the company has a number without a conversation with Anna
    [chat] = texting(a, simulator)
    spare = a.sender_number(chat.user.company)  # type: ignore[arg-type]
    page = site.open(chat.user, chat.conversation, viewport={"width": 390, "height": 844}, color_scheme="dark")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    # when Anna writes to that number
    phone = chat.conversation.person.phone
    simulator.text("Please stop texting me", sender=phone, recipient=spare.number)
    # then Maya's page is shut, without what was said
    expect(page.get_by_role("heading", name="Anna may have asked you to stop")).to_be_visible()
    expect(page.get_by_text("fits no conversation")).to_be_visible()
    expect(page.get_by_text("stop texting")).to_have_count(0)
    assert violations(page) == []
    # when she takes it back there
    simulator.text("Start", sender=phone, recipient=spare.number)
    # then Maya goes on
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
