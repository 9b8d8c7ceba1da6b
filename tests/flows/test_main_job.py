"""The main job, end to end: invite, "Yes", text and answer, STOP, START; and the reader who may not send."""

import pytest
from playwright.sync_api import expect

from channels_sms.models import Route
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations


@pytest.mark.requirement("F1", "F5", "F6", "O3", "O4", "O5", "O6", "O7", "N2", "Q2")
def test_a_recruiter_invites_a_candidate_and_they_text(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya has opened Anna's application; Anna agreed on the form and was never invited
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    anna = chat.person.phone
    page = site.open(maya, chat)
    log = page.get_by_role("log", name="Messages with Anna Bauer")
    box = page.get_by_role("textbox", name="Message")
    expect(page.get_by_role("heading", name="Anna has not opted in to SMS")).to_be_visible()
    assert violations(page) == []

    # when she sends the invitation
    page.get_by_role("button", name="Send Invite").click()

    # then it arrives, and the window waits
    expect(page.locator("#writing")).to_contain_text(
        "Your invite has been sent but the candidate has not yet opted-in. You can send another invite by clicking here"
    )
    until(lambda: simulator.received(anna))
    expect(box).to_be_hidden()
    ours = Route.objects.get(conversation=chat).sender_number.number

    # when Anna answers on her phone
    simulator.text("Yes", sender=anna, recipient=ours)

    # then Maya's open page unlocks by itself, with the invitation and the Yes
    expect(box).to_be_visible()
    expect(log).to_contain_text("would like to text you about Field Engineer")
    expect(log).to_contain_text("Anna opted in to SMS by replying “Yes”")
    expect(page.get_by_role("tab", name="SMS").get_by_role("img", name="opted in and reachable")).to_be_visible()
    assert violations(page) == []

    # when Maya writes
    box.fill("Hello Anna, is Thursday at 10:00 fine?")
    box.press("Control+Enter")

    # then the handset shows it, and the thread says that it was delivered
    until(lambda: "Hello Anna, is Thursday at 10:00 fine?" in simulator.received(anna))
    expect(log.get_by_role("article").last).to_contain_text("Delivered")
    expect(box).to_have_value("")

    # when Anna answers, then it appears live, without an alert
    simulator.text("Fine! https://anna.example/cv", sender=anna, recipient=ours)
    expect(log.get_by_role("link", name="https://anna.example/cv")).to_be_visible()
    expect(page.get_by_role("button", name="Inbox").locator(".badge")).to_have_count(0)

    # when Anna texts STOP, then the window locks in front of her, and START unlocks it
    simulator.text("STOP", sender=anna, recipient=ours)
    expect(page.get_by_text("SMS to Anna is closed.")).to_be_visible()
    expect(box).to_be_hidden()
    assert violations(page) == []
    simulator.text("START", sender=anna, recipient=ours)
    expect(box).to_be_visible()
