"""Seats that move while pages are open (S3), and teams and subscriptions that change under them (A4, F2)."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from accounts import changes, seats, users
from accounts.models import Company
from inbox import sending
from inbox.models import Message
from inbox.outcomes import Reason, Refused
from tests.builders import Builders
from tests.flows.conftest import Site, violations

WORDS = "Could we talk on Thursday at 10:00?"


@pytest.mark.requirement("S3", "A3")
def test_a_seat_that_is_taken_closes_an_open_composer(a: Builders, site: Site) -> None:
    # given Maya is writing
    company = a.company()
    maya = a.user(company=company)
    admin = a.user(company=company, seat=False, is_company_admin=True, name="Ada Novak")
    chat = a.conversation(team=[maya], sms="opted in")
    page = site.open(maya, chat)
    page.get_by_role("textbox", name="Message").fill(WORDS)
    # when her admin takes the seat
    seats.take(maya, by=admin)
    # then the page says so without a reload, and her words are there
    expect(page.get_by_role("heading", name="Your seat was moved at")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message")).to_be_hidden()
    expect(page.locator("#writing")).to_contain_text(WORDS)
    expect(page.locator("#writing")).to_contain_text("Ada Novak")
    assert violations(page) == []
    # and the server refuses what a page of before would send
    outcome = sending.send_message(
        conversation_id=chat.pk, author=maya, channel_key="sms", body=WORDS, client_token=uuid4()
    )
    assert isinstance(outcome, Refused)
    assert outcome.reason == Reason.NO_SEAT
    assert not Message.objects.filter(conversation=chat, direction="out").exists()
    # when she gets it back, she goes on where she was
    seats.give(maya, by=admin)
    expect(page.get_by_role("textbox", name="Message")).to_have_value(WORDS)


@pytest.mark.requirement("A4", "A2")
def test_who_leaves_the_team_loses_the_open_page(a: Builders, site: Site) -> None:
    maya, jonas = a.user(), None
    jonas = a.user(company=maya.company, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas], sms="opted in")
    page = site.open(jonas, chat)
    expect(page.get_by_role("heading", name=chat.person.name, exact=True)).to_be_visible()
    # when
    chat.record.group.team.remove(jonas)
    changes.tell([jonas.pk])
    # then
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(page.get_by_text(chat.person.name)).to_have_count(0)


@pytest.mark.requirement("A4")
def test_a_deactivated_users_pages_end_at_once(a: Builders, site: Site) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    page = site.page_of(maya)
    with page.expect_response(lambda answer: "/since/" in answer.url):  # what it asks when its stream is open
        page.goto(chat.record.messages_url())
    page.get_by_role("textbox", name="Message").fill(WORDS)
    # when
    users.deactivate(maya, by=None)
    # then the page says that she is signed out, keeps her words, and a new look leads to the door
    expect(page.locator("#connection")).to_contain_text("You were signed out")
    expect(page.get_by_role("textbox", name="Message")).to_have_value(WORDS)
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


@pytest.mark.requirement("F2", "Q3")
def test_prospects_are_gone_without_smartcrm_and_back_unharmed_with_it(a: Builders, site: Site) -> None:
    # given an open thread of a prospect
    company = a.company(has_smartcrm=True)
    maya = a.user(company=company)
    person = a.person(company, name="Felix Gruber")
    prospect = a.prospect(person, [maya], name="Robotics Alumni")
    page = site.page_of(maya)
    page.goto(prospect.messages_url())
    expect(page.get_by_role("heading", name="Felix Gruber", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Communities")).to_be_visible()
    # when the subscription is switched off
    Company.objects.filter(pk=company.pk).update(has_smartcrm=False)
    changes.tell([maya.pk])
    # then the thread is gone, the links, the search hits and the pages
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(page.get_by_role("link", name="Communities")).to_have_count(0)
    for path in ("/", "/people/?q=Felix", "/people/?q=Robotics"):
        page.goto(path)
        expect(page.get_by_role("link", name="Felix Gruber")).to_have_count(0)
        expect(page.get_by_role("link", name="Robotics Alumni")).to_have_count(0)
    for path in ("/communities/", prospect.community.get_absolute_url(), prospect.get_absolute_url()):
        answer = page.goto(path)
        assert answer
        assert answer.status == 404
    # and all of it is back with the subscription
    Company.objects.filter(pk=company.pk).update(has_smartcrm=True)
    page.goto("/people/?q=Felix")
    page.get_by_role("link", name="Felix Gruber").click()
    expect(page.get_by_role("heading", name="Felix Gruber", exact=True)).to_be_visible()
