"""The composer: it counts, keeps what is typed, sends once, and answers clearly when it can't."""

import re
from functools import partial

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from channels_sms import routes
from inbox.models import ComposerDraft, Conversation
from smartmessage.stack.supervisor import Stack
from tests.builders import PASSWORD, Builders
from tests.flows.conftest import Simulator, Site, until, violations

ROBOT = "\N{ROBOT FACE}"  # two UTF-16 units


def box_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def log_of(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages with")


def send_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Send SMS")


def our_number(chat: Conversation) -> str:
    """The number of ours that this conversation keeps."""
    route = routes.reserve(chat, chat.person.phone)
    assert route is not None
    return route.sender_number.number


def sent(chat: Conversation) -> list[str]:
    return list(chat.messages.filter(direction="out").order_by("pk").values_list("body", flat=True))


@pytest.mark.requirement("Q8")
def test_the_composer_counts_as_the_server_does(a: Builders, site: Site, simulator: Simulator) -> None:
    # given a text of exactly 1600 UTF-16 units
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    box, counter = box_of(page), page.locator("#count")
    box.fill(ROBOT * 800)
    expect(counter).to_contain_text("1600 / 1600")
    expect(send_button(page)).not_to_have_attribute("aria-disabled", "true")

    # when one more is typed, then the counter says so and neither way of sending works
    box.press("End")
    box.type("!")
    expect(counter).to_contain_text("1601 / 1600 · 1 too many")
    expect(send_button(page)).to_have_attribute("aria-disabled", "true")
    assert violations(page) == []
    box.press("Control+Enter")
    send_button(page).click(force=True)
    expect(box).to_have_value(ROBOT * 800 + "!")
    assert sent(chat) == []

    # when it is taken away again, then the text goes out in one piece
    box.press("Backspace")
    send_button(page).click()
    until(lambda: simulator.received(chat.person.phone) == [ROBOT * 800])


@pytest.mark.requirement("Q8")
def test_what_comes_meanwhile_opens_no_way_for_a_text_that_is_too_long(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given Maya stands on the button, with a text that is too long
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    box_of(page).fill(ROBOT * 800 + "!")
    send_button(page).focus()

    # when an answer comes, then the button is as shut as before, and she still stands on it
    simulator.text("Are you there?", sender=chat.person.phone, recipient=our_number(chat))
    expect(log_of(page).get_by_text("Are you there?")).to_be_visible()
    expect(send_button(page)).to_have_attribute("aria-disabled", "true")
    expect(send_button(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(box_of(page)).to_have_value(ROBOT * 800 + "!")
    assert sent(chat) == []


@pytest.mark.requirement("Q8")
def test_the_server_refuses_too_long_a_text_and_keeps_the_words(a: Builders, site: Site) -> None:
    # given a page whose own limit was tampered with
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    box = box_of(page)
    box.evaluate("box => { box.dataset.most = 9999 }")
    words = "many words " * 146

    # when it sends too much, then the server says by how much, and the words are back
    box.fill(words)
    send_button(page).click()
    expect(page.get_by_role("alert").filter(has_text="too many")).to_contain_text(
        "6 characters too many. A text holds 1600. Shorten it, or split it into two texts."
    )
    expect(box).to_have_value(words)
    expect(box).to_be_focused()
    expect(log_of(page).get_by_role("article")).to_have_count(0)
    assert sent(chat) == []

    # and shortened, it goes
    box.fill(words[:1600])
    send_button(page).click()
    expect(log_of(page).get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("alert").filter(has_text="too many")).to_be_hidden()


def test_a_draft_survives_a_reload_and_is_there_in_another_browser(a: Builders, site: Site) -> None:
    # given Maya has begun to write
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    words = "Dear Anna,\n\nabout <Thursday> & Friday"
    box_of(page).fill(words)

    # when she reloads at once, then it is there
    page.reload()
    expect(box_of(page)).to_have_value(words)

    # when she continues on another machine, then it is there too, and a colleague doesn't see it
    until(lambda: ComposerDraft.objects.filter(user=maya, conversation=chat, body=words.replace("\n", "\r\n")).exists())
    expect(box_of(site.open(maya, chat))).to_have_value(words)
    priya = a.user(company=maya.company, name="Priya Nair")
    chat.application.job.team.add(priya)  # type: ignore[union-attr]
    expect(box_of(site.open(priya, chat))).to_have_value("")

    # when it is sent, then no draft is left anywhere
    send_button(page).click()
    expect(log_of(page).get_by_role("article", name="Maya Chen")).to_contain_text("about <Thursday> & Friday")
    page.reload()
    expect(box_of(page)).to_have_value("")
    expect(box_of(site.open(maya, chat))).to_have_value("")


@pytest.mark.requirement("I1")
def test_a_text_shows_at_once_and_ends_in_the_truth(a: Builders, site: Site, simulator: Simulator) -> None:
    # given a slow way to the server
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    held: list[Route] = []
    page.route("**/send/sms/", lambda route: held.append(route))

    # when Maya sends, then her text shows as being stored, and she can go on writing
    box_of(page).fill("Hello Anna")
    box_of(page).press("Control+Enter")
    expect(log_of(page)).to_contain_text("Hello Anna")
    expect(log_of(page)).to_contain_text("Storing…")
    expect(box_of(page)).to_have_value("")
    expect(box_of(page)).to_be_focused()
    box_of(page).type("And another thing")

    # when the server has it, then the true message takes its place
    held.pop().continue_()
    expect(log_of(page).get_by_role("article", name="Maya Chen")).to_have_count(1)
    expect(log_of(page).get_by_role("article", name="Maya Chen")).to_contain_text("Delivered")
    expect(log_of(page)).not_to_contain_text("Storing…")
    expect(box_of(page)).to_have_value("And another thing")


@pytest.mark.requirement("I1", "I9")
def test_two_texts_in_a_row_keep_their_order(a: Builders, site: Site, simulator: Simulator) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)

    # when Maya sends faster than the server answers
    texts = ["First", "Second", "Third", "Third"]
    for text in texts:
        box_of(page).fill(text)
        box_of(page).press("Control+Enter")

    # then each arrives once and in order, the repeated words too: she wrote them twice
    until(lambda: simulator.received(chat.person.phone) == texts)
    expect(log_of(page).get_by_role("article", name="Maya Chen")).to_have_count(4)


@pytest.mark.requirement("I1")
def test_a_double_click_is_one_message(a: Builders, site: Site, simulator: Simulator) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    box_of(page).fill("Once, please")

    # when Maya clicks twice and presses the keys too
    send_button(page).dblclick()
    box_of(page).press("Control+Enter")

    # then it is one message, for her and on the phone
    expect(log_of(page).get_by_role("article")).to_contain_text(["Delivered"])
    assert sent(chat) == ["Once, please"]
    assert simulator.received(chat.person.phone) == ["Once, please"]


@pytest.mark.requirement("I1")
def test_two_tabs_with_the_same_draft_send_one_message(a: Builders, site: Site, simulator: Simulator) -> None:
    # given the same draft in two tabs
    maya = a.user()
    chat = a.conversation(team=[maya])
    first = site.open(maya, chat)
    box_of(first).fill("See you on Thursday")
    until(lambda: ComposerDraft.objects.filter(conversation=chat, body="See you on Thursday").exists())
    second = first.context.new_page()
    second.goto(first.url)
    expect(box_of(second)).to_have_value("See you on Thursday")

    # when Maya sends it in one, and, having seen it there, in the other too
    send_button(first).click()
    expect(log_of(second).get_by_role("article")).to_contain_text("Delivered")
    send_button(second).click()

    # then it is one message, and both boxes are empty
    expect(box_of(second)).to_have_value("")
    for page in (first, second):
        expect(log_of(page).get_by_role("article")).to_have_count(1)
        expect(log_of(page)).not_to_contain_text("Storing…")
    assert simulator.received(chat.person.phone) == ["See you on Thursday"]

    # and the next text from either goes out as usual
    for page, text in ((second, "Second tab"), (first, "First tab")):
        box_of(page).fill(text)
        send_button(page).click()
        until(partial(has_arrived, simulator, chat, text))
        for each in (first, second):
            expect(log_of(each).get_by_role("article", name="Maya Chen").last).to_contain_text(text)
    assert sent(chat) == ["See you on Thursday", "Second tab", "First tab"]


@pytest.mark.requirement("I1")
def test_other_words_from_a_stale_tab_are_refused_and_kept(a: Builders, site: Site, simulator: Simulator) -> None:
    # given two tabs with the same draft, of which one has gone on
    maya = a.user()
    chat = a.conversation(team=[maya])
    first = site.open(maya, chat)
    box_of(first).fill("Thursday")
    until(lambda: ComposerDraft.objects.filter(conversation=chat, body="Thursday").exists())
    second = first.context.new_page()
    second.goto(first.url)
    box_of(second).fill("Thursday or Friday")
    send_button(first).click()
    expect(log_of(second).get_by_role("article")).to_contain_text("Delivered")

    # when the other sends its own version, then nothing goes out unasked, and the words are kept
    send_button(second).click()
    expect(second.get_by_role("alert").filter(has_text="Another text was just sent from this draft")).to_be_visible()
    expect(box_of(second)).to_have_value("Thursday or Friday")
    assert sent(chat) == ["Thursday"]

    # and once more means it
    send_button(second).click()
    until(lambda: simulator.received(chat.person.phone) == ["Thursday", "Thursday or Friday"])
    expect(second.get_by_role("alert").filter(has_text="Another text was just sent")).to_be_hidden()


@pytest.mark.requirement("I1")
def test_a_lost_answer_does_not_make_a_second_message(a: Builders, site: Site, simulator: Simulator) -> None:
    # given the server takes Maya's text and each of its answers is lost
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/send/sms/", lose_answer)
    box_of(page).fill("Just once")
    send_button(page).click()

    # then she is told that she may send it again, and her words are there; the thread already shows the truth
    expect(page.get_by_role("alert").filter(has_text="nothing goes out twice")).to_be_visible()
    expect(box_of(page)).to_have_value("Just once")
    expect(log_of(page).get_by_role("article")).to_contain_text("Delivered")

    # when she does so, or does so after a reload, then it stays one message
    page.unroute("**/send/sms/")
    page.reload()
    expect(box_of(page)).to_have_value("Just once")
    send_button(page).click()
    expect(box_of(page)).to_have_value("")
    expect(log_of(page)).not_to_contain_text("Storing…")
    expect(log_of(page).get_by_role("article")).to_have_count(1)
    assert simulator.received(chat.person.phone) == ["Just once"]


def test_a_session_that_ended_costs_no_words(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya is typing when her session ends
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    box_of(page).fill("Half a sen")
    end_session_of(page)
    box_of(page).type("tence")

    # when she sends, then the page says why that failed, in place, and keeps her words
    send_button(page).click()
    expect(page.get_by_role("alert").filter(has_text="You were signed out, and this was not sent.")).to_be_visible()
    expect(box_of(page)).to_have_value("Half a sentence")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert violations(page) == []
    assert sent(chat) == []

    # when she signs in again in another tab, then it goes out from here, once
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in").click()
    sign_in(opened.value, maya)
    opened.value.close()
    send_button(page).click()
    expect(log_of(page).get_by_role("article")).to_contain_text("Half a sentence")
    until(lambda: simulator.received(chat.person.phone) == ["Half a sentence"])
    expect(page.get_by_text("You were signed out")).to_have_count(0, timeout=30_000)


@pytest.mark.requirement("O6", "F6")
def test_a_stale_page_after_a_stop_sends_nothing_and_keeps_the_words(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given a page that missed Anna's STOP
    maya = a.user()
    chat = a.conversation(team=[maya])
    ours = our_number(chat)
    page = site.open(maya, chat)
    page.route("**/since/**", lambda route: route.abort())
    box_of(page).fill("One more question")
    simulator.text("STOP", sender=chat.person.phone, recipient=ours)

    # when Maya sends from it, then it locks in place, says why, and keeps the words
    send_button(page).click()
    expect(page.get_by_role("heading", name="Anna opted out of SMS")).to_be_visible()
    expect(page.locator("#writing")).to_contain_text("One more question")
    expect(page.get_by_role("button", name="Copy draft")).to_be_visible()
    expect(box_of(page)).to_have_count(0)
    expect(log_of(page)).not_to_contain_text("Storing…")
    assert sent(chat) == []
    assert simulator.received(chat.person.phone) == []
    assert violations(page) == []

    # when Anna opts in again, then the words are in the box
    page.unroute("**/since/**")
    simulator.text("START", sender=chat.person.phone, recipient=ours)
    expect(box_of(page)).to_have_value("One more question")


def test_offline_keeps_the_words_and_catches_up(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya's connection breaks while she writes
    maya = a.user()
    chat = a.conversation(team=[maya])
    ours = our_number(chat)
    page = site.open(maya, chat)
    box_of(page).fill("Are you")
    page.context.set_offline(True)
    box_of(page).press("End")
    box_of(page).type(" there?")

    # when she sends, and Anna writes meanwhile
    send_button(page).click()
    simulator.text("Still waiting", sender=chat.person.phone, recipient=ours)

    # then she is told, and has her words
    expect(page.get_by_role("alert").filter(has_text="the connection failed")).to_be_visible()
    expect(box_of(page)).to_have_value("Are you there?")
    expect(page.get_by_text("Connection lost. Reconnecting… What you write is kept.")).to_be_visible()

    # when the connection is back, then the thread catches up by itself, and her text goes out once
    page.context.set_offline(False)
    expect(log_of(page)).to_contain_text("Still waiting")
    expect(page.get_by_text("Connection lost.")).to_be_hidden()
    expect(box_of(page)).to_have_value("Are you there?")
    send_button(page).click()
    until(lambda: simulator.received(chat.person.phone) == ["Are you there?"])
    expect(page.get_by_role("alert").filter(has_text="the connection failed")).to_be_hidden()


@pytest.mark.requirement("Q7")
def test_markup_is_text_and_links_lead_somewhere(a: Builders, site: Site, simulator: Simulator, stack: Stack) -> None:
    # given texts with markup in both directions, and a person with an odd name
    maya = a.user()
    chat = a.conversation(team=[maya], name="Anna <i>Bauer</i>")
    ours = our_number(chat)
    attack = "<script>window.broken = 1</script><img src=x onerror='window.broken = 2'> & \"quotes\""
    page = site.open(maya, chat)

    # when they are sent and received
    box_of(page).fill(attack)
    box_of(page).press("Control+Enter")
    expect(log_of(page).get_by_role("article", name="Maya Chen")).to_contain_text(attack)
    simulator.text(f"{attack} javascript:alert(1)", sender=chat.person.phone, recipient=ours)
    expect(log_of(page).get_by_role("article", name="Anna <i>Bauer</i>")).to_contain_text(attack)

    # then they are shown to the letter, live and after a reload, in the tray too, and nothing ran
    page.reload()
    expect(log_of(page)).to_contain_text(attack)
    expect(page.get_by_role("heading", name="Anna <i>Bauer</i>", level=1)).to_be_visible()
    page.get_by_role("button", name="Inbox").click()
    expect(page.get_by_role("link", name="Anna <i>Bauer</i>")).to_be_visible()
    assert page.evaluate("window.broken") is None
    assert log_of(page).locator("img, script").count() == 0
    expect(log_of(page).get_by_role("link", name=re.compile("javascript"))).to_have_count(0)

    # and an address is a link, which opens beside the conversation
    page.keyboard.press("Escape")
    simulator.text(f"See {stack.url}/livez.", sender=chat.person.phone, recipient=ours)
    with page.expect_popup() as opened:
        log_of(page).get_by_role("link", name=f"{stack.url}/livez", exact=True).click()
    assert opened.value.url == f"{stack.url}/livez"
    assert opened.value.evaluate("window.opener") is None


@pytest.mark.requirement("F1")
def test_the_whole_way_by_keyboard(a: Builders, site: Site, simulator: Simulator) -> None:
    # given a company with both channels, and Maya without a mouse
    a.whatsapp_sender()
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    messages, emails = page.get_by_role("tab", name="Messages"), page.get_by_role("tab", name="Emails")

    # then Tab leads to the composer, and she writes and sends
    tab_to(page, box_of(page))
    page.keyboard.type("Hello from the keyboard")
    page.keyboard.press("Tab")
    expect(send_button(page)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    expect(log_of(page).get_by_role("article")).to_contain_text("Hello from the keyboard")
    expect(box_of(page)).to_be_focused()

    # and the thread itself can be reached, to be scrolled
    tab_to(page, page.get_by_role("region", name="Messages with Anna Bauer, scrollable"), backwards=True)

    # and arrows move among the tabs, Enter opens
    sms, whatsapp = page.get_by_role("tab", name="SMS"), page.get_by_role("tab", name="WhatsApp")
    tab_to(page, sms, backwards=True)
    page.keyboard.press("ArrowRight")
    expect(whatsapp).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="No consent to WhatsApp")).to_be_visible()
    tab_to(page, messages)
    page.keyboard.press("ArrowLeft")
    expect(emails).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_role("tab", name="Profile")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(messages).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(emails).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile("/emails/$"))

    # and the tray opens with Enter and with Space; Escape closes it, and the focus is back on its button
    page.goto(chat.record.messages_url())
    tray, button = page.locator("#tray"), page.get_by_role("button", name="Inbox")
    for key in ("Enter", "Space"):
        tab_to(page, button)
        page.keyboard.press(key)
        expect(tray).to_be_visible()
        expect(button).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("heading", name="Inbox tray")).to_be_focused()
        page.keyboard.press("Escape")
        expect(tray).to_be_hidden()
        expect(button).to_be_focused()
        expect(button).to_have_attribute("aria-expanded", "false")
        page.keyboard.press("Shift+Tab")

    # and Escape leaves the composer
    tab_to(page, box_of(page))
    page.keyboard.press("Escape")
    expect(box_of(page)).not_to_be_focused()


def has_arrived(simulator: Simulator, chat: Conversation, text: str) -> bool:
    return text in simulator.received(chat.person.phone)


def tab_to(page: Page, target: Locator, *, backwards: bool = False) -> None:
    """Press Tab until it is there."""
    for _press in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"Tab doesn't lead to {target}")


def end_session_of(page: Page) -> None:
    """As an admin or time ends it: the row is gone, the browser keeps its cookie."""
    keys = [cookie["value"] for cookie in page.context.cookies()]
    assert Session.objects.filter(session_key__in=keys).delete()[0] == 1


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your people")).to_be_visible()
