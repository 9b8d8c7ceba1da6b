"""The 24 hours of WhatsApp, in a demo of its own whose clock the stories move, for all its processes together."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from smartmessage.stack.supervisor import Stack
from tests.builders import PASSWORD
from tests.flows.conftest import Simulator, Site, until, violations
from tests.flows.stacks import Clock, demo_of_its_own

PLATFORM, LIAM = "whatsapp:+14155550199", "whatsapp:+16135550160"
INVITATION = (
    "SmartRecruiters would like to reach you on behalf of Northwind Robotics about Controls Technician. Since the team "
    "can only reach you within a day of your last message, please reply to continue receiving updates. Ignore to no "
    "longer receive updates."
)


class Demo:
    """Northwind's people, in browsers; and the time, which only goes forward."""

    def __init__(self, stack: Stack, clock: Clock, browser: Browser) -> None:
        self.stack, self.clock, self.site = stack, clock, Site(stack, browser)
        self.simulator = Simulator(stack.environment["TWILIO_API_BASE_URL"])

    def messages_with(self, person: str) -> Page:
        """Maya's browser, signed in by the form, with the person's WhatsApp."""
        page = self.site.page()
        page.clock.install()
        page.goto("/login/")
        page.get_by_label("Email").fill("maya@northwind.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("link", name=person).click()
        page.get_by_role("tab", name="WhatsApp").click()
        return page

    def phone_of(self, name: str, number: str) -> Locator:
        page = self.site.page(base_url=self.simulator.url)
        page.goto(f"/?phone={number.replace('+', '%2B')}")
        return page.get_by_role("region", name=name)

    def liam_says(self, body: str) -> None:
        self.simulator.text(body, sender=LIAM, recipient=PLATFORM)

    def let_pass(self, page: Page, **time: float) -> None:
        """For the product's processes, for the stand-in and on Maya's desk."""
        self.clock.move(timedelta(**time), self.simulator, page)


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Clock]]:
    clock = Clock(tmp_path_factory.mktemp("clock") / "seconds-ahead")
    with demo_of_its_own(**clock.env) as stack:
        stack.wait_until_healthy()
        yield stack, clock


@pytest.fixture
def demo(apart: tuple[Stack, Clock], browser: Browser) -> Iterator[Demo]:
    stack, clock = apart
    opened = Demo(stack, clock, browser)
    yield opened
    opened.site.close()


def writes(phone: Locator, name: str, body: str) -> None:
    phone.get_by_role("textbox", name=f"Reply as {name}").fill(body)
    phone.get_by_role("button", name=f"Send as {name}").click()


@pytest.mark.requirement("W1", "W2", "W3", "W4", "W5", "F5", "O12")
def test_the_answer_opens_the_window_and_a_day_later_it_shuts_before_her_eyes(demo: Demo) -> None:
    # given Sophie agreed to WhatsApp and has not written
    page = demo.messages_with("Sophie Dekker")
    log = page.get_by_role("log", name="Messages with Sophie Dekker")
    box = page.get_by_role("textbox", name="Message")
    tab = page.get_by_role("tab", name="WhatsApp")
    expect(page.get_by_role("heading", name="Sophie has not written yet")).to_be_visible()
    expect(page.locator("#writing")).to_contain_text(INVITATION)
    expect(tab.get_by_role("img", name="opted in and reachable")).to_be_visible()
    expect(tab.get_by_role("img", name="invitation first")).to_be_visible()
    expect(box).to_have_count(0)
    assert violations(page) == []

    # when Maya sends it, then it is waited for
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("heading", name="Waiting for Sophie to reply")).to_be_visible()
    expect(log.get_by_role("article").last).to_contain_text("Delivered")
    assert violations(page) == []

    # when Sophie finds it on her phone and answers, then free texting is open, and the page says for how long
    phone = demo.phone_of("Sophie Dekker", "+31612345678")
    hers = phone.get_by_role("log", name="WhatsApp with SmartRecruiters")
    expect(hers).to_contain_text(INVITATION)
    writes(phone, "Sophie", "Yes, gladly")
    expect(box).to_be_visible()
    expect(log).to_contain_text("Yes, gladly")
    expect(page.locator("#window")).to_contain_text("23 h")
    assert violations(page) == []

    # when Maya writes, then it arrives with the company's name before it, and both of hers are read
    box.fill("Is Thursday at 10:00 fine?")
    box.press("Control+Enter")
    expect(hers).to_contain_text("Northwind Robotics: Is Thursday at 10:00 fine?")
    expect(log.locator(".dstate", has_text="Read")).to_have_count(2)

    # when 23 hours have passed, then it is open still, and warns
    demo.let_pass(page, hours=23)
    expect(page.locator("#window")).to_have_attribute("data-tone", "warn")
    box.fill("One more thing")

    # when the day is over, then it is shut again without a reload
    demo.let_pass(page, hours=2)
    expect(page.get_by_role("heading", name="Sophie last wrote 1 day ago")).to_be_visible()
    expect(page.get_by_role("button", name="Send invitation")).to_be_visible()
    expect(box).to_have_count(0)

    # and a Stop locks it before Maya's eyes, a Start opens it, and what she had begun is still there
    writes(phone, "Sophie", "Stop")
    expect(page.get_by_role("heading", name="Sophie opted out of WhatsApp")).to_be_visible()
    writes(phone, "Sophie", "Start")
    expect(box).to_have_value("One more thing")


@pytest.mark.requirement("I5", "W1")
def test_a_text_that_waits_until_the_window_is_shut_stays_here(demo: Demo) -> None:
    # given Liam has just written, and Maya answers while nobody hands texts over
    demo.liam_says("When shall we talk?")
    page = demo.messages_with("Liam Tremblay")
    before = demo.simulator.received(LIAM)
    demo.stack.stop("worker")
    page.get_by_role("textbox", name="Message").fill("At ten")
    page.get_by_role("textbox", name="Message").press("Control+Enter")
    last = page.get_by_role("log").get_by_role("article").last
    expect(last).to_have_text(re.compile("At ten.*Queued", re.DOTALL))

    # when a day passes before a worker is there
    demo.let_pass(page, hours=24)
    demo.stack.start("worker")

    # then the text stays in the thread with its reason
    expect(last).to_contain_text("Not sent: the 24 hours for free texting ended a moment before.")
    assert demo.simulator.received(LIAM) == before

    # and can go once Liam writes
    demo.liam_says("Are you there?")
    page.get_by_role("button", name="Send now").click()
    until(lambda: demo.simulator.received(LIAM)[-1] == "Northwind Robotics: At ten")


@pytest.mark.requirement("O8")
def test_a_block_locks_nothing_and_alerts_nobody(demo: Demo) -> None:
    # given an open window, an empty tray, and a person who blocks the business
    demo.liam_says("Hi")
    page = demo.messages_with("Liam Tremblay")
    box = page.get_by_role("textbox", name="Message")
    tray = page.get_by_role("button", name="Inbox")
    tray.click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(tray.locator(".badge")).to_have_count(0)
    phone = demo.phone_of("Liam Tremblay", "+16135550160")
    phone.get_by_role("button", name="Block business", exact=True).click()

    # when Maya writes, then it stays at sent, nothing locks, and no alert comes
    box.fill("Hello?")
    box.press("Control+Enter")
    last = page.get_by_role("log").get_by_role("article").last
    expect(last).to_have_text(re.compile(r"Hello\?.*Sent", re.DOTALL))
    expect(box).to_be_visible()
    expect(tray.locator(".badge")).to_have_count(0)

    # when half a day has passed, then the page says what silence may mean
    demo.let_pass(page, hours=13)
    page.reload()
    expect(page.locator("#writing")).to_contain_text("That may mean a block: WhatsApp doesn't tell us.")
    expect(last).to_contain_text("Sent")
    expect(tray.locator(".badge")).to_have_count(0)
    assert violations(page) == []

    # and once he lifts it, texts arrive again
    phone.get_by_role("button", name="Unblock business").click()
    box.fill("Still there?")
    box.press("Control+Enter")
    expect(phone.get_by_role("log")).to_contain_text("Still there?")
