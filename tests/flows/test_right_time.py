"""A recruiter writes late in the evening of somebody else's day (V1), in a demo whose clock the stories move."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from inbox.places import Place
from inbox.right_time import judge
from inbox.sending_hours import Policy, day_at
from smartmessage.stack.supervisor import Stack
from tests.builders import PASSWORD
from tests.flows.conftest import Simulator, Site, until, violations
from tests.flows.stacks import Clock, demo_of_its_own

BERLIN = ZoneInfo("Europe/Berlin")
ALMOST_NINE = time(20, 59, 15)
GERMANY = Place("DE", zones=("Europe/Berlin",))


def workday_evening(clock: Clock) -> timedelta:
    """How long it is until almost nine in Berlin, on a day that is good for texts."""
    now = datetime.now(BERLIN) + clock.ahead
    evening = datetime.combine(now.date(), ALMOST_NINE, BERLIN)
    while evening <= now or not day_at(GERMANY, evening.date(), Policy()).spans:
        evening = datetime.combine(evening.date() + timedelta(days=1), ALMOST_NINE, BERLIN)
    return evening - now


class Demo:
    """Northwind's people when it is almost nine in Berlin; every hour counts."""

    def __init__(self, stack: Stack, clock: Clock, browser: Browser) -> None:
        self.clock, self.site = clock, Site(stack, browser)
        self.simulator = Simulator(stack.environment["TWILIO_API_BASE_URL"])
        clock.move(workday_evening(clock), self.simulator)

    def signed_in(self, email: str) -> Page:
        page = self.site.page()
        page.clock.install()
        page.goto("/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        return page

    def anna_opts_in(self) -> None:
        self.simulator.text("Start", sender="+4930123487007", recipient="+493023125000")

    def texts_with(self, person: str) -> Page:
        page = self.signed_in("maya@northwind.example")
        page.get_by_role("link", name=person).click()
        page.get_by_role("tab", name="SMS").click()
        return page

    def builds_a_wall(self) -> None:
        self._chooses("Let no text go")

    def takes_the_wall_down(self) -> None:
        """So that the next story begins where this one did."""
        self._chooses("Advise")

    def _chooses(self, option: str) -> None:
        admin = self.signed_in("admin@northwind.example")
        admin.goto("/settings/inbox/sendinghours/")
        admin.get_by_role("radio", name=option).check()
        admin.get_by_role("button", name="Save", exact=True).click()
        expect(admin.get_by_text("It holds at once, on pages that are open too.")).to_be_visible()

    def let_pass(self, page: Page, **time: float) -> None:
        self.clock.move(timedelta(**time), self.simulator, page)


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Clock]]:
    clock = Clock(tmp_path_factory.mktemp("clock") / "seconds-ahead")
    with demo_of_its_own(**clock.env, HOURS_COUNT="1") as stack:
        stack.wait_until_healthy()
        yield stack, clock


@pytest.fixture
def demo(apart: tuple[Stack, Clock], browser: Browser) -> Iterator[Demo]:
    stack, clock = apart
    opened = Demo(stack, clock, browser)
    yield opened
    opened.takes_the_wall_down()
    opened.site.close()


@pytest.mark.requirement("V1")
def test_at_nine_in_berlin_the_open_page_begins_to_advise_and_what_is_typed_stays(demo: Demo) -> None:
    # given Maya writes just before nine
    demo.anna_opts_in()
    page = demo.texts_with("Anna Bauer")
    box = page.get_by_role("textbox", name="Message")
    box.fill("See you on Thursday at 10:00!")
    expect(page.get_by_text("20:59 for Anna, Berlin")).to_be_visible()
    expect(page.get_by_role("button", name="Send SMS")).to_be_visible()
    # when it is nine, and long before the page looks anyway
    demo.let_pass(page, seconds=45)
    # then
    expect(page.get_by_role("status").get_by_text("It is 21:00 for Anna in Berlin.")).to_be_visible()
    expect(page.get_by_text("21:00 for Anna, Berlin")).to_be_visible()
    expect(page.get_by_role("button", name="Send SMS", exact=True)).to_be_hidden()
    expect(box).to_have_value("See you on Thursday at 10:00!")
    assert violations(page) == []
    # when it can't wait
    page.get_by_role("button", name="Send now").click()
    # then
    expect(page.get_by_role("log").get_by_text("See you on Thursday at 10:00!")).to_be_visible()
    expect(box).to_have_value("")
    # and the keys do what the coloured button does: the next one waits for the morning
    box.fill("And bring your diploma, please.")
    box.press("Control+Enter")
    expect(page.locator("#later").get_by_text("And bring your diploma, please.").first).to_be_visible()
    expect(box).to_have_value("")


@pytest.mark.requirement("V1")
def test_a_page_that_missed_nine_o_clock_is_told_before_the_text_goes(demo: Demo) -> None:
    # given a page that hears nothing of the server any more, but for what it sends
    demo.anna_opts_in()
    page = demo.texts_with("Anna Bauer")
    box = page.get_by_role("textbox", name="Message")
    page.route("**/since/**", lambda route: route.abort())
    box.fill("Could you bring your diploma?")
    # when she sends it after nine
    demo.let_pass(page, minutes=3)
    page.get_by_role("button", name="Send SMS").click()
    # then
    expect(page.get_by_role("alert").get_by_text("Not sent yet. It is 21:0")).to_be_visible()
    expect(box).to_have_value("Could you bring your diploma?")
    expect(page.get_by_role("log").get_by_text("Could you bring your diploma?")).to_be_hidden()
    # when she knows
    page.get_by_role("button", name="Send now").click()
    # then it goes
    expect(page.get_by_role("log").get_by_text("Could you bring your diploma?")).to_be_visible()


@pytest.mark.requirement("V1")
def test_an_admin_builds_a_wall_and_the_open_composer_closes_for_the_night(demo: Demo) -> None:
    # given Maya writes to Anna late in the evening
    demo.anna_opts_in()
    page = demo.texts_with("Anna Bauer")
    box = page.get_by_role("textbox", name="Message")
    box.fill("Are you still awake?")
    demo.let_pass(page, minutes=3)
    expect(page.get_by_role("button", name="Send now")).to_be_enabled()
    # when the admin lets no text go at such hours
    admin = demo.signed_in("admin@northwind.example")
    admin.goto("/settings/inbox/sendinghours/")
    assert violations(admin) == []
    admin.get_by_role("radio", name="Let no text go").check()
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("It holds at once, on pages that are open too.")).to_be_visible()
    # then Maya's page knows
    expect(page.get_by_role("status").get_by_text("Your company sends no texts at such a time.")).to_be_visible()
    expect(page.get_by_role("button", name="Send now")).to_be_hidden()
    expect(page.get_by_role("button", name=re.compile(r"^Send at 8:00"))).to_be_visible()
    expect(box).to_have_value("Are you still awake?")
    assert violations(page) == []
    # and who writes hours that nobody can read is told how
    admin.get_by_role("link", name="Germany").click()
    admin.get_by_label("Monday to Friday").fill("from ten")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("These hours can't be read.")).to_be_visible()
    assert violations(admin) == []


@pytest.mark.requirement("V1", "I1")
def test_a_text_at_22_40_waits_for_the_next_good_time_is_edited_and_goes_once(demo: Demo) -> None:
    # given it is 22:40 for Anna, in Berlin
    demo.anna_opts_in()
    page = demo.texts_with("Anna Bauer")
    demo.let_pass(page, minutes=101)
    expect(page.get_by_role("status").get_by_text(re.compile("It is 22:4[0-4] for Anna in Berlin"))).to_be_visible()
    page.get_by_role("textbox", name="Message").fill("Shall we say Thursday?")

    # when Maya takes the button in colour
    now = datetime.now(BERLIN) + demo.clock.ahead
    good = judge(GERMANY, now, Policy()).next_good_time
    assert good
    page.get_by_role("button", name=re.compile(r"^Send at 8:00")).click()

    # then it waits, and she edits it
    waiting = page.get_by_role("region", name="Not sent yet").get_by_role("article")
    expect(waiting).to_contain_text("Goes out at 8:00")
    expect(waiting).to_contain_text("Berlin time.")
    assert violations(page) == []
    waiting.get_by_text("Edit").click()
    waiting.get_by_role("textbox", name="Message").fill("Shall we say Friday?")
    waiting.get_by_role("button", name="Save").click()
    expect(waiting.get_by_role("button", name="Save")).to_be_hidden()

    # when the night passes, then it went at eight, and once
    demo.let_pass(page, seconds=(good - now).total_seconds() - 60)
    assert "Shall we say Friday?" not in demo.simulator.received("+4930123487007")
    demo.let_pass(page, seconds=90)
    expect(page.get_by_role("log").get_by_text("Shall we say Friday?")).to_be_visible()
    expect(waiting).to_have_count(0)
    arrived = until(lambda: [text for text in demo.simulator.received("+4930123487007") if "Shall we say" in text])
    assert arrived == ["Shall we say Friday?"]


@pytest.mark.requirement("V1", "I1")
def test_a_text_that_nine_o_clock_overtakes_waits_behind_the_wall_and_goes_once(demo: Demo) -> None:
    # given a wall, and Maya, who leaves herself half a minute to undo
    demo.anna_opts_in()
    demo.builds_a_wall()
    page = demo.texts_with("Anna Bauer")
    conversation = page.url
    page.goto("/account/notices/")
    page.get_by_label("Seconds to undo a message").fill("30")
    page.get_by_role("button", name="Save").click()
    page.goto(conversation)

    # when she sends just before nine, and nine strikes
    now = datetime.now(BERLIN) + demo.clock.ahead
    page.get_by_role("textbox", name="Message").fill("Just in time?")
    page.get_by_role("button", name="Send SMS").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()  # it is stored
    demo.let_pass(page, seconds=46)

    # then the thread says so before her eyes, and it waits where she can change it
    expect(page.get_by_role("log")).to_contain_text("SMS by Maya Chen waits for a good time. It is 21:0")
    waiting = page.get_by_role("region", name="Not sent yet").get_by_role("article")
    expect(waiting).to_contain_text("Just in time?")
    expect(waiting).to_contain_text("Goes out at 8:00")
    expect(waiting.get_by_role("button", name="Cancel")).to_be_visible()
    expect(page.get_by_role("log").get_by_text("Just in time?")).to_have_count(0)
    assert violations(page) == []
    waiting.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("alert")).to_contain_text("Your company sends no texts then.")
    assert "Just in time?" not in demo.simulator.received("+4930123487007")

    # and in the morning it goes, once
    good = judge(GERMANY, now + timedelta(minutes=2), Policy()).next_good_time
    assert good
    demo.let_pass(page, seconds=(good - now).total_seconds())
    expect(page.get_by_role("log").get_by_text("Just in time?")).to_be_visible()
    demo.let_pass(page, seconds=40)
    arrived = until(lambda: [text for text in demo.simulator.received("+4930123487007") if "Just in" in text])
    assert arrived == ["Just in time?"]
