"""Two recruiters at one conversation: they see each other, and don't answer the same question twice."""

import pytest
from playwright.sync_api import Locator, Page, expect

from inbox.models import Conversation
from tests import steps
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations
from tests.flows.test_live import log_of, our_number, say, taken_part

AT_ONCE = 8_000  # milliseconds: sooner than by a page's own next question
SOON_GONE = 40_000  # milliseconds: half a minute after the last sign of life, found out at the next one


def who_is_here(page: Page) -> Locator:
    return page.locator("#presence")


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def meanwhile(page: Page) -> Locator:
    return page.get_by_text("since you began")


def announced(page: Page) -> Locator:
    return page.locator("#announcer")


@pytest.mark.requirement("A2", "A4")
def test_two_recruiters_at_one_conversation_see_each_other(a: Builders, site: Site) -> None:
    # given Maya and Priya with the same conversation, and Leo with another one of the same team
    maya = a.user()
    priya, leo = (a.user(company=maya.company, name=name) for name in ("Priya Nair", "Leo Martins"))
    chat, other = a.conversation(team=[maya, priya, leo]), a.conversation(team=[maya, priya, leo], name="Marcus Hill")
    mayas, leos = site.open(maya, chat), site.open(leo, other)
    expect(who_is_here(mayas)).to_have_text("")
    priyas = site.open(priya, chat)

    # then they see each other at once, and Leo sees nobody
    expect(who_is_here(mayas)).to_contain_text("Priya is reading", timeout=AT_ONCE)
    expect(who_is_here(priyas)).to_contain_text("Maya is reading", timeout=AT_ONCE)
    expect(who_is_here(leos)).to_have_text("")
    assert violations(mayas) == []

    # when Priya types, then Maya sees it, and hears it once, however often Priya pauses
    box(priyas).press_sequentially("Yes")
    expect(who_is_here(mayas)).to_contain_text("Priya is typing…", timeout=AT_ONCE)
    expect(announced(mayas)).to_have_text("Priya is typing…")
    expect(announced(priyas)).to_have_text("")
    expect(who_is_here(mayas)).to_contain_text("Priya is reading")
    mayas.evaluate("document.getElementById('announcer').textContent = ''")
    box(priyas).press_sequentially(", at")
    expect(who_is_here(mayas)).to_contain_text("Priya is typing…")
    expect(announced(mayas)).to_have_text("")

    # when she has sent it, she reads
    box(priyas).press("Control+Enter")
    expect(who_is_here(mayas)).to_contain_text("Priya is reading")

    # when she has it open twice, she is here once, and until the last page is closed
    again = priyas.context.new_page()
    again.goto(chat.record.messages_url())
    expect(who_is_here(again)).to_contain_text("Maya is reading")
    expect(who_is_here(mayas)).to_have_text("PN Priya is reading", use_inner_text=True)
    priyas.close()
    expect(who_is_here(again)).to_contain_text("Maya is reading")
    expect(who_is_here(mayas)).to_contain_text("Priya is reading")
    again.goto(other.record.messages_url())
    expect(who_is_here(mayas)).to_have_text("", timeout=AT_ONCE)
    expect(who_is_here(leos)).to_contain_text("Priya is reading")


@pytest.mark.requirement("F3", "A2")
def test_in_the_inbox_one_is_where_one_reads(a: Builders, site: Site) -> None:
    # given Priya at Anna's record, and Maya in the Inbox with Anna's conversation open
    maya = a.user()
    priya = a.user(company=maya.company, name="Priya Nair")
    team = [maya, priya]
    anna, marcus = a.conversation(team=team), a.conversation(team=team, name="Marcus Hill")
    for chat in (anna, marcus):
        steps.write(chat, priya)
    priyas, mayas = site.open(priya, anna), site.page_of(maya)
    mayas.goto(f"/inbox/{anna.pk}/")
    expect(who_is_here(mayas)).to_contain_text("Priya is reading", timeout=AT_ONCE)
    expect(who_is_here(priyas)).to_contain_text("Maya is reading", timeout=AT_ONCE)
    assert violations(mayas) == []

    # when Maya goes on to Marcus' in the same page, then she is there and no longer here
    mayas.locator("#rows").get_by_role("link", name="Marcus Hill").click()
    expect(log_of(mayas)).to_be_visible()
    expect(who_is_here(priyas)).to_have_text("", timeout=AT_ONCE)
    expect(who_is_here(mayas)).to_have_text("")
    priyas.goto(marcus.record.messages_url())
    expect(who_is_here(priyas)).to_contain_text("Maya is reading", timeout=AT_ONCE)
    expect(who_is_here(mayas)).to_contain_text("Priya is reading", timeout=AT_ONCE)

    # when Priya answers on a channel while Maya writes on another one, then Maya reads of it, and is led there
    box(mayas).press_sequentially("Dear Marcus")
    expect(who_is_here(priyas)).to_contain_text("Maya is typing…", timeout=AT_ONCE)
    say(priyas, "Hello Marcus")
    expect(meanwhile(mayas)).to_contain_text("1 new message since you began: Priya wrote by SMS.")
    mayas.get_by_role("link", name="Read it").click()
    expect(log_of(mayas).get_by_text("Hello Marcus")).to_be_in_viewport()
    expect(box(mayas)).to_have_value("Dear Marcus")


def test_who_vanishes_without_a_word_is_gone_soon(a: Builders, site: Site) -> None:
    # given Priya reads, and her line breaks
    maya = a.user()
    priya = a.user(company=maya.company, name="Priya Nair")
    chat = a.conversation(team=[maya, priya])
    mayas, priyas = site.open(maya, chat), site.open(priya, chat)
    expect(who_is_here(mayas)).to_contain_text("Priya is reading")
    priyas.context.set_offline(True)
    # then Maya's page finds out by itself
    expect(who_is_here(mayas)).to_have_text("", timeout=SOON_GONE)
    # and when the line is back, so is Priya
    priyas.context.set_offline(False)
    expect(who_is_here(mayas)).to_contain_text("Priya is reading")


def where_she_reads(page: Page) -> list[float]:
    """How far the thread is scrolled, and where on the screen a message in its middle stands."""
    scrolled = page.evaluate("document.getElementById('thread').scrollTop")
    place = log_of(page).get_by_text("Line 20", exact=True).bounding_box()
    assert place is not None
    return [scrolled, place["y"]]


@pytest.mark.requirement("N2")
def test_what_arrives_while_one_reads_does_not_move_her_page(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya has scrolled up in a long thread, with a sentence begun
    maya = a.user()
    priya = a.user(company=maya.company, name="Priya Nair")
    chat = a.conversation(team=[maya, priya])
    fill(chat, steps.our_number(chat))
    page = site.open(maya, chat)
    box(page).fill("About your question")
    middle = log_of(page).get_by_text("Line 20", exact=True)
    middle.evaluate("found => found.scrollIntoView({ block: 'center' })")
    before = where_she_reads(page)

    # when a colleague comes, types and answers, and the person writes
    priyas = site.open(priya, chat)
    expect(who_is_here(page)).to_contain_text("Priya is reading")
    say(priyas, "I take this one")
    simulator.text("Is anybody there?", sender=chat.person.phone, recipient=our_number(chat))
    expect(log_of(page)).to_contain_text("I take this one")
    expect(log_of(page)).to_contain_text("Is anybody there?")
    expect(page.get_by_role("button", name="1 new message")).to_be_visible()
    expect(meanwhile(page)).to_be_visible()

    # then what she reads stands where it stood, and what she wrote is hers
    assert where_she_reads(page) == before
    expect(box(page)).to_have_value("About your question")
    expect(box(page)).to_be_focused()


def fill(chat: Conversation, ours: str) -> None:
    """Forty messages of the person's."""
    for line in range(40):
        chat.messages.create(
            channel="sms",
            direction="in",
            body=f"Line {line}",
            sender=chat.person.phone,
            recipient=ours,
            status="received",
            created_version=1,
            version=1,
        )
    Conversation.objects.filter(pk=chat.pk).update(version=1)


def test_the_composer_says_that_a_colleague_answered_meanwhile(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya began to write, and the person adds something
    maya = a.user()
    priya = a.user(company=maya.company, name="Priya Nair")
    chat = a.conversation(team=[maya, priya])
    taken_part(priya, chat)
    mayas, priyas = site.open(maya, chat), site.open(priya, chat)
    box(mayas).press_sequentially("Ten is fine")
    simulator.text("Or at eleven?", sender=chat.person.phone, recipient=our_number(chat))
    expect(log_of(mayas)).to_contain_text("Or at eleven?")
    expect(meanwhile(mayas)).to_have_count(0)

    # when Priya answers first, then the composer says so, and leads there
    say(priyas, "Ten, please")
    expect(meanwhile(mayas)).to_contain_text("1 new message since you began: Priya wrote by SMS.")
    say(priyas, "See you then")
    expect(meanwhile(mayas)).to_contain_text("2 new messages since you began, the last by Priya (SMS).")
    assert violations(mayas) == []
    mayas.get_by_role("link", name="Read them").click()
    expect(log_of(mayas).get_by_text("See you then")).to_be_in_viewport()

    # and it still says so after a reload
    until(lambda: chat.drafts.filter(user=maya, body="Ten is fine").exists())
    mayas.goto(chat.record.messages_url())
    expect(box(mayas)).to_have_value("Ten is fine")
    expect(meanwhile(mayas)).to_contain_text("2 new messages since you began")

    # when she sends all the same, then nothing is in her way, and the next text begins anew
    box(mayas).press("Control+Enter")
    expect(log_of(mayas)).to_contain_text("Ten is fine")
    expect(meanwhile(mayas)).to_have_count(0)
    box(mayas).press_sequentially("Bring your papers")
    expect(meanwhile(mayas)).to_have_count(0)
    until(lambda: simulator.received(chat.person.phone).count("Ten is fine") == 1)
