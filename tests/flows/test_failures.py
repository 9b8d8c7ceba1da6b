"""Every error code of the fact sheet (twilio.md §10), from the stand-in to the words on the screen and the one button.

The codes of the account itself, which no text is to blame for, are in `test_paused_sending`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from channels_whatsapp import rules
from channels_whatsapp.models import Template
from inbox.models import Conversation, Message
from inbox.rules import Status
from tests.builders import Builders, new_number
from tests.flows.conftest import Simulator, Site, on_the_wire, until
from tests.flows.faults import Texting, all_settled, open_windows, own_sender
from twilio_gateway.error_codes import CATALOGUE, explain

WORDS = "See you on Monday?"
UNKNOWN_CODE = 39999
NOT_OF_A_TEXT = {11200, 11205, 20429, 30039}  # of webhooks; never shown, for it repeats by itself; of what came in
OF_THE_ACCOUNT = {20003, 20005, 20008, 20404}


@dataclass(frozen=True)
class Codes:
    """Codes with one button. `at_once`: in the answer to our request, else reported later."""

    button: str
    codes: tuple[int, ...]
    channel: str = "sms"
    at_once: bool = False
    is_invitation: bool = False


RETRY, EDIT, REWORD, EMAIL = "Retry", "Edit Contact Info", "Edit the text", "Write an email"
TELL, WHATSAPP, SMS, INVITATION = "Tell your admin", "Use WhatsApp", "Use SMS", "To the invitation"
BY_WHATSAPP = "whatsapp"
TABLE = (
    Codes(RETRY, (21611,), at_once=True),
    Codes(RETRY, (30001, 30003, 30008, 30017, 30022, 30023, 30027, 30036, 30450, 30500, UNKNOWN_CODE)),
    Codes(RETRY, (63009, 63010, 63012, 63017, 63018, 63038), BY_WHATSAPP),
    Codes(EDIT, (21211, 21614), at_once=True),
    Codes(EDIT, (30005, 30006)),
    Codes(REWORD, (21602, 21617), at_once=True),
    Codes(REWORD, (30007, 30038)),
    Codes(REWORD, (63005, 63006, 63013, 63021), BY_WHATSAPP),
    Codes(EMAIL, (21610,), at_once=True),
    Codes(EMAIL, (30004, 30410, 30453)),
    Codes(EMAIL, (63014, 63033), BY_WHATSAPP),
    Codes(WHATSAPP, (21612,), at_once=True),
    Codes(SMS, (63003, 63024, 63032, 63049), BY_WHATSAPP),
    Codes(INVITATION, (63016,), BY_WHATSAPP),
    Codes(TELL, (21212, 21408, 21603, 21604, 21606, 21608, 21609, 21910), at_once=True),
    Codes(TELL, (14107, 30002, 30010, 30018, 30024, 30032, 30033, 30034, 30035)),
    Codes(TELL, (63007,), BY_WHATSAPP, at_once=True),
    Codes(TELL, (63001, 63008, 63015, 63020, 63022, 63026, 63051), BY_WHATSAPP),
    Codes(TELL, (21654, 21655, 21656), BY_WHATSAPP, at_once=True, is_invitation=True),
    Codes(TELL, (63027, 63028, 63040, 63041, 63042), BY_WHATSAPP, is_invitation=True),
)
BUTTONS = list(dict.fromkeys(row.button for row in TABLE))


@dataclass(frozen=True)
class Failed:
    """A text that failed with a code."""

    code: int
    channel: str
    user: User
    message: Message
    chat: Conversation


def test_the_table_has_every_code_that_a_text_can_fail_with() -> None:
    codes = [code for row in TABLE for code in row.codes]
    assert len(codes) == len(set(codes))
    assert {*codes, *NOT_OF_A_TEXT, *OF_THE_ACCOUNT} == {*CATALOGUE, UNKNOWN_CODE}


@pytest.mark.requirement("N1", "O13", "Q5", "P3")
@pytest.mark.parametrize("button", BUTTONS)
def test_each_code_says_what_is_so_and_its_button_works(
    a: Builders, site: Site, simulator: Simulator, button: str
) -> None:
    # given texts that the provider fails, each with another code, those of a row in one thread
    failed = all_failed(a, simulator, [row for row in TABLE if row.button == button])
    page = site.page_of(failed[0].user)  # one browser for all, for each new one would load everything anew
    shown: Conversation | None = None
    clicked: list[tuple[Locator, Failed]] = []
    for each, following in zip(failed, [*failed[1:], None], strict=True):
        # when its author looks
        if each.chat != shown:
            site.sign_in(page, each.user)
            site.show(page, each.chat, channel=each.channel)
            shown = each.chat
        entry = page.locator(f"#m{each.message.pk}")
        # then it says why in words, and offers the one thing that helps
        expect(entry, str(each.code)).to_contain_text(str(explain(each.code).sentence))
        step = entry.locator("[data-step]").get_by_role("button").or_(entry.locator("[data-step]").get_by_role("link"))
        expect(step, str(each.code)).to_have_text([button])
        # and that does it: each retry, and of other buttons the last one of a thread, for all are alike
        is_last = following is None or following.chat != each.chat
        if button in STAYS or is_last:
            step.click()
            clicked.append((entry, each))
        if is_last:
            for done in clicked:
                DOES[button](page, *done)
            clicked.clear()


def tries_again(page: Page, entry: Locator, failed: Failed) -> None:
    expect(entry, str(failed.code)).to_have_accessible_name(re.compile("(Delivered|Read)$"))


def opens_the_contact(page: Page, entry: Locator, failed: Failed) -> None:
    expect(page.get_by_role("dialog", name="Edit Contact Info")).to_be_visible()


def has_the_words(page: Page, entry: Locator, failed: Failed) -> None:
    expect(page.get_by_role("textbox", name="Message")).to_have_value(words_of(failed.code))


def has_the_words_by_email(page: Page, entry: Locator, failed: Failed) -> None:
    page.wait_for_url("**/emails/**")
    has_the_words(page, entry, failed)


def has_the_words_by_sms(page: Page, entry: Locator, failed: Failed) -> None:
    page.wait_for_url("**channel=sms**")
    has_the_words(page, entry, failed)


def keeps_the_words_for_whatsapp(page: Page, entry: Locator, failed: Failed) -> None:
    """Free texting isn't open there yet: the invitation goes first, and the words wait."""
    page.wait_for_url("**channel=whatsapp**")
    expect(page.locator("#writing")).to_contain_text(words_of(failed.code))
    expect(page.get_by_role("button", name="Send invitation")).to_be_visible()


def leads_to_the_invitation(page: Page, entry: Locator, failed: Failed) -> None:
    expect(page.get_by_role("button", name="Send invitation")).to_be_in_viewport()


def tells_the_admins(page: Page, entry: Locator, failed: Failed) -> None:
    expect(entry, str(failed.code)).to_contain_text("Your admins were told on")
    expect(entry.get_by_role("button", name=TELL)).to_have_count(0)


STAYS = {RETRY}
DOES: dict[str, Callable[[Page, Locator, Failed], None]] = {
    RETRY: tries_again,
    EDIT: opens_the_contact,
    REWORD: has_the_words,
    EMAIL: has_the_words_by_email,
    WHATSAPP: keeps_the_words_for_whatsapp,
    SMS: has_the_words_by_sms,
    INVITATION: leads_to_the_invitation,
    TELL: tells_the_admins,
}


def words_of(code: int) -> str:
    return f"{WORDS} ({code})"


def all_failed(a: Builders, simulator: Simulator, rows: Iterable[Codes]) -> list[Failed]:
    """Each code on a text of its own, through the worker, all at once; a row in one conversation."""
    maya = a_user(a)
    own_sender(a, simulator, maya)
    waiting = []
    for row in rows:
        chat = None
        for code in row.codes:
            if chat is None or row.is_invitation:
                user = with_a_template_of_her_own(a, simulator) if row.is_invitation else maya
                chat = reached(a, simulator, user, row)
            rule = {"to": chat.phone, "times": 1, **({} if row.is_invitation else {"body": rf"\({code}\)"})}
            simulator.control("POST", "rules", on="create", **rule, **fault(row, code))
            message = chat.invite() if row.is_invitation else chat.send(words_of(code))
            waiting.append(Failed(code, row.channel, chat.user, message, chat.conversation))
    pks = [each.message.pk for each in waiting]
    until(lambda: Message.objects.filter(pk__in=pks, status=Status.FAILED).count() == len(pks), why="not failed")
    return waiting


def a_user(a: Builders) -> User:
    user = a.user(company=a.company(texts_by_whatsapp=True))
    a.user(company=user.company, seat=False, name="Ada Novak", is_company_admin=True)
    return user


def with_a_template_of_her_own(a: Builders, simulator: Simulator) -> User:
    """Whose company has an invitation of its own: what WhatsApp says of one is true for every text with it."""
    user = a_user(a)
    own_sender(a, simulator, user)
    template = Template.objects.get(sender__company=user.company)
    words, _places = rules.numbered(template.body)
    simulator.control("POST", "templates", sid=template.content_sid, language="en", body=words)
    return user


def reached(a: Builders, simulator: Simulator, user: User, row: Codes) -> Texting:
    """A person who agreed to both channels; on WhatsApp she has just written, unless she is to be invited."""
    company = user.company
    assert company
    chat = a.conversation(team=[user])
    a.consent(company, chat.person.phone, "first consent", channel="whatsapp")
    ours = on_the_wire(row.channel, a.whatsapp_sender(company).number)
    texting = Texting(user, chat, ours, simulator, row.channel)
    if row.channel == BY_WHATSAPP and not row.is_invitation:
        open_windows([texting])
    return texting


def fault(row: Codes, code: int) -> dict[str, object]:
    if row.at_once:
        return {"answer": {"type": "error", "code": code}}
    return {"outcome": {"status": "undelivered", "code": code}}


@pytest.mark.requirement("P3", "I1", "O10")
def test_a_failed_text_is_repaired_by_editing_the_number_and_sending_it_again(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given a text to a number that doesn't exist any more
    maya = a.user()
    chat = a.conversation(team=[maya])
    old, new = chat.person.phone, new_number()
    simulator.control("POST", "rules", on="create", to=old, outcome={"status": "undelivered", "code": 30005})
    page = site.open(maya, chat)
    page.get_by_role("textbox", name="Message").fill(WORDS)
    page.keyboard.press("Control+Enter")
    entry = page.get_by_role("log").get_by_role("article", name="Maya Chen").first
    expect(entry).to_contain_text("This number doesn't exist any more.")

    # when Maya edits the number there; Anna has opted in with the new one
    a.consent(chat.company, new, "opted in")
    entry.get_by_role("button", name=EDIT).or_(entry.get_by_role("link", name=EDIT)).click()
    dialog = page.get_by_role("dialog", name="Edit Contact Info")
    dialog.get_by_label("Phone").fill(new)
    dialog.get_by_role("button", name=re.compile("^Save")).click()
    expect(dialog).to_be_hidden()

    # and has it sent again, with a double click out of habit
    entry.get_by_role("button", name="Send again to the new number").dblclick()

    # then it arrives there once, and the thread goes on saying what became of the first
    expect(page.get_by_role("log").get_by_role("article", name=re.compile("Delivered$"))).to_contain_text(WORDS)
    expect(entry).to_contain_text("Not delivered")
    expect(entry).to_contain_text("Sent again to the new number")
    assert simulator.received(new) == [WORDS]
    assert simulator.received(old) == []


@pytest.mark.requirement("I1")
def test_a_retry_by_hand_is_one_more_attempt_whoever_clicks_how_often(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given a failed text that two colleagues have in front of them
    maya = a.user()
    nora = a.user(company=maya.company, name="Nora Quinn")
    chat = a.conversation(team=[maya, nora])
    simulator.control(
        "POST", "rules", on="create", to=chat.person.phone, times=1, outcome={"status": "undelivered", "code": 30003}
    )
    message = Texting(maya, chat, "", simulator).send(WORDS)
    until(lambda: Message.objects.get(pk=message.pk).status == Status.FAILED)
    pages = [site.open(user, chat) for user in (maya, nora)]
    # when both click
    for page in pages:
        page.locator(f"#again-{message.pk}").dispatch_event("click")
    # then there is one more attempt
    for page in pages:
        expect(page.locator(f"#m{message.pk}")).to_have_accessible_name(re.compile("Delivered$"))
    assert message.attempts.count() == 2
    assert simulator.received(chat.person.phone) == [WORDS]


def test_each_state_opens_its_steps_and_times_by_touch_and_without_javascript(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    Texting(maya, chat, "", simulator).send(WORDS)
    until(lambda: chat.messages.filter(status=Status.DELIVERED).exists())
    # by touch
    page = site.open(maya, chat, has_touch=True, viewport={"width": 390, "height": 844})
    entry = page.get_by_role("log").get_by_role("article").first
    entry.locator("summary").tap()
    expect(entry.get_by_role("listitem")).to_have_text(
        [re.compile(rf"^\d\d:\d\d:\d\d{words}") for words in ("Stored", "Handed over", "Sent", "Delivered")]
    )
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    # without JavaScript
    page = site.open(maya, chat, java_script_enabled=False)
    page.locator("#log summary").click()
    page.get_by_role("link", name="Each step with its time").click()
    expect(page.get_by_role("listitem").filter(has_text="Delivered")).to_be_visible()
    page.get_by_role("link", name="Back to the conversation").click()
    expect(page.get_by_role("log")).to_contain_text(WORDS)


@pytest.mark.requirement("N1")
def test_who_presses_a_button_far_up_in_the_thread_stays_there_with_the_keyboard_too(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given a text that failed long ago
    maya = a.user()
    a.user(company=maya.company, seat=False, name="Ada Novak", is_company_admin=True)
    chat = a.conversation(team=[maya])
    texting = Texting(maya, chat, "", simulator)
    texting.fault(on="create", times=1, answer={"type": "error", "code": 21408})
    messages = [texting.send(f"Text {number}") for number in range(20)]
    all_settled(messages)
    page = site.open(maya, chat)
    entry = page.locator(f"#m{messages[0].pk}")
    # when she tells the admins of it
    entry.get_by_role("button", name=TELL).press("Enter")
    # then she sees that they know, and the next key goes on from there
    expect(entry.get_by_text("Your admins were told on")).to_be_in_viewport()
    expect(entry).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(entry.get_by_role("button", name=EMAIL)).to_be_focused()
    # and the steps of the last one are seen as soon as they open
    last = page.locator(f"#m{messages[-1].pk}")
    last.locator("summary").press("Enter")
    expect(last.get_by_role("listitem").last).to_be_in_viewport()
