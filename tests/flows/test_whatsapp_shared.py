"""One sender for many companies, through the real processes: one phone, and no guess across companies (W5, I7)."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from channels_whatsapp.models import WhatsAppSender
from inbox.models import Message, UnmatchedReply
from tests.builders import Builders, new_number
from tests.flows.conftest import Simulator, Site, on_the_wire, until
from tests.flows.faults import Texting


def both_invite(
    a: Builders, site: Site, simulator: Simulator, platform: WhatsAppSender
) -> tuple[tuple[Texting, Page], tuple[Texting, Page]]:
    """Maya and Nora, of two companies, invite Anna; their pages are open, and both invitations are on her phone."""
    phone, ours, found = new_number(), on_the_wire("whatsapp", platform.number), []
    for number, name in enumerate(("Maya Chen", "Nora Quinn"), start=1):
        user = a.user(company=a.company(texts_by_whatsapp=True), name=name)
        chat = Texting(user, a.whatsapp_conversation(team=[user], phone=phone), ours, simulator, "whatsapp")
        page = site.open(user, chat.conversation, channel="whatsapp")
        page.get_by_role("button", name="Send invitation").click()
        until(lambda chat=chat, number=number: len(chat.received()) == number)  # type: ignore[misc]
        found.append((chat, page))
    return found[0], found[1]


def sid_of_invitation(chat: Texting) -> str:
    """As the person's phone knows it, when she quotes it."""
    [arrived] = [text for text in chat.simulator.arrived(chat.phone) if chat.conversation.company.name in text["body"]]
    return str(arrived["sid"])


@pytest.mark.requirement("W5", "W2", "I7", "A4", "O12")
def test_each_reply_finds_its_company_or_the_operator(
    a: Builders, site: Site, simulator: Simulator, platform: WhatsAppSender
) -> None:
    # given two companies that wrote to Anna's phone through the platform's sender
    (maya, here), (nora, there) = both_invite(a, site, simulator, platform)
    pages = (here, there)

    # when she replies to one by name, then that company's window opens alone
    maya.says("To Maya", reply_to=sid_of_invitation(maya))
    expect(here.get_by_role("log")).to_contain_text("To Maya")
    expect(here.get_by_role("textbox", name="Message")).to_be_visible()
    assert (maya.heard(), nora.heard()) == (["To Maya"], [])
    expect(there.get_by_role("heading", name="Waiting for Anna to reply")).to_be_visible()

    # and by name to the other
    nora.says("To Nora", reply_to=sid_of_invitation(nora))
    expect(there.get_by_role("log")).to_contain_text("To Nora")
    assert (maya.heard(), nora.heard()) == (["To Maya"], ["To Nora"])
    for page in pages:
        expect(page.get_by_text("without reference")).to_have_count(0)

    # when she names none, then no company is shown it, and the operator has it
    maya.says("Who is this?")
    operator = User.objects.create_superuser(f"olga.{nora.user.pk}@platform.example", None, name="Olga Operator")
    desk = site.page_of(operator)
    desk.goto("/admin/inbox/unmatchedreply/?company__isnull=True")
    [stray] = UnmatchedReply.objects.filter(sender=maya.conversation.person.phone)
    assert (stray.company, stray.body) == (None, "Who is this?")
    desk.locator(f"a[href*='/admin/inbox/unmatchedreply/{stray.pk}/']").click()
    expect(desk.get_by_text("Who is this?")).to_be_visible()
    assert (maya.heard(), nora.heard()) == (["To Maya"], ["To Nora"])

    # when she stops without a name, then it holds at both, before their eyes; and a Start lifts both
    maya.says("STOP")
    for page in pages:
        expect(page.get_by_role("heading", name="Anna opted out of WhatsApp")).to_be_visible()
    maya.says("Start")
    for page in pages:
        expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    assert (maya.heard(), nora.heard()) == (["To Maya"], ["To Nora"])

    # when the operator gives the first to Nora's company, then its admin finds it there, and Maya's never does
    desk.get_by_label("Company").select_option(label=nora.conversation.company.name)
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("was changed successfully")).to_be_visible()
    for chat, words in ((nora, ["Who is this?"]), (maya, [])):
        admin = a.user(company=chat.conversation.company, name="Ada Novak", seat=False, is_company_admin=True)
        tray = site.page_of(admin)
        tray.goto("/settings/inbox/unmatchedreply/")
        expect(tray.get_by_role("heading", name="Unmatched replies", level=1)).to_be_visible()
        expect(tray.locator(".cell-words")).to_have_text(words)


@pytest.mark.requirement("W5", "I7", "O10", "O12")
def test_a_reply_without_a_name_goes_to_the_only_company_that_wrote_within_30_days(
    a: Builders, site: Site, simulator: Simulator, platform: WhatsAppSender
) -> None:
    # given Nora's company wrote 31 days ago, and Maya's now
    (maya, here), (nora, there) = both_invite(a, site, simulator, platform)
    for message in nora.conversation.messages.all():
        Message.objects.filter(pk=message.pk).update(created_at=message.created_at - timedelta(days=31))
    # when
    maya.says("Gladly")
    # then it is in Maya's thread, marked, and opens her window alone
    last = here.get_by_role("log").get_by_role("article").last
    expect(last).to_contain_text("Gladly")
    expect(last).to_contain_text("without reference")
    expect(here.get_by_role("textbox", name="Message")).to_be_visible()
    assert (maya.heard(), nora.heard()) == (["Gladly"], [])
    # and Maya's answer begins with her company's name, for the phone can't tell
    here.get_by_role("textbox", name="Message").fill("Thursday?")
    here.get_by_role("textbox", name="Message").press("Control+Enter")
    until(lambda: maya.received()[-1] == f"{maya.conversation.company.name}: Thursday?")
    # and a Stop is for her company alone
    maya.says("Stop")
    expect(here.get_by_role("heading", name="Anna opted out of WhatsApp")).to_be_visible()
    there.reload()
    expect(there.get_by_role("heading", name="Waiting for Anna to reply")).to_be_visible()
