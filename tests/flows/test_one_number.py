"""One phone, several records and companies: consent belongs to company, channel and address (O10, I7)."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from candidates import phone_numbers
from channels_sms import pool
from channels_sms.models import SenderNumber
from inbox.models import Conversation
from tests import steps
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until


def three_records(a: Builders, maya: User) -> list[Conversation]:
    """One person with two applications and a prospect, opted in; each conversation on its own sending number."""
    first = a.conversation(team=[maya], sms="opted in")
    second = a.conversation(team=[maya], person=first.person)
    assert maya.company
    prospect = Conversation.objects.create(company=maya.company, prospect=a.prospect(first.person, [maya]))
    found = [first, second, Conversation.objects.with_record().get(pk=prospect.pk)]
    for chat in found:
        steps.our_number(chat)
    return found


@pytest.mark.requirement("O6", "O7", "O10", "Q1")
def test_a_stop_on_one_record_locks_all_three_open_pages(a: Builders, site: Site, simulator: Simulator) -> None:
    # given all three records of Anna's are open
    company = a.company(has_smartcrm=True, sender_countries=["US", "US", "US"])
    maya = a.user(company=company)
    chats = three_records(a, maya)
    pages = [site.open(maya, chat) for chat in chats]
    for page in pages:
        expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    # when she stops one of them
    simulator.text("STOP", sender=chats[0].person.phone, recipient=steps.our_number(chats[0]))
    # then all are locked, without a reload
    for page in pages:
        expect(page.get_by_role("heading", name="Anna opted out of SMS")).to_be_visible()
        expect(page.get_by_role("textbox", name="Message")).to_be_hidden()
    # and START to the same number opens the record again that it came to
    simulator.text("START", sender=chats[0].person.phone, recipient=steps.our_number(chats[0]))
    expect(pages[0].get_by_role("textbox", name="Message")).to_be_visible()


@pytest.mark.requirement("O10", "I7", "A4")
def test_the_same_phone_at_two_companies_is_two_strangers(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Anna texts with two companies from one phone
    maya, nora = a.user(), a.user(name="Nora Quinn")
    ours = a.conversation(team=[maya], sms="opted in")
    theirs = a.conversation(team=[nora], sms="opted in", phone=ours.person.phone)
    phone = ours.person.phone
    here, there = site.open(maya, ours), site.open(nora, theirs)
    to_us, to_them = steps.our_number(ours), steps.our_number(theirs)
    # when she answers one and stops it
    simulator.text("Only for the first", sender=phone, recipient=to_us)
    simulator.text("STOP", sender=phone, recipient=to_us)
    # then the other hears nothing of it
    expect(here.get_by_role("heading", name="Anna opted out of SMS")).to_be_visible()
    simulator.text("Only for the second", sender=phone, recipient=to_them)
    expect(there.get_by_role("log")).to_contain_text("Only for the second")
    expect(there.get_by_role("log")).not_to_contain_text("Only for the first")
    expect(there.get_by_role("log")).not_to_contain_text("STOP")
    expect(here.get_by_role("log")).not_to_contain_text("Only for the second")
    # and still reaches her
    there.get_by_role("textbox", name="Message").fill("Good to hear from you")
    there.get_by_role("button", name="Send SMS").click()
    until(lambda: "Good to hear from you" in simulator.received(phone))


@pytest.mark.requirement("Q6")
def test_an_open_page_says_which_number_the_next_text_comes_from_and_stops_saying_so(a: Builders, site: Site) -> None:
    # given a page on which Maya is writing
    company = a.company(sender_countries=["US", "US"])
    maya = a.user(company=company)
    chat = a.conversation(team=[maya])
    ours = steps.our_number(chat)
    page = site.open(maya, chat)
    box, writing = page.get_by_role("textbox", name="Message"), page.locator("#writing")
    box.fill("Hello from Maya at Northwind")
    # when the conversation's number is taken out of use
    pool.retire(SenderNumber.objects.get(number=ours), by=maya)
    # then the composer says so, and what is being written stays
    expect(writing).to_contain_text("This will now come from")
    expect(page.locator("#sender")).not_to_contain_text(phone_numbers.display(ours))
    expect(box).to_have_value("Hello from Maya at Northwind")
    # and with the text that is the first from the new one it is said in the thread, and no more below it
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("log")).to_contain_text("Texts now come from")
    expect(writing).not_to_contain_text("This will now come from")
