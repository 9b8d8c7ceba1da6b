"""The composer on a small phone: whatever is said above a text, its box and its buttons are in sight."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders import Builders
from tests.flows.conftest import Site, violations
from tests.flows.test_composer import box_of, send_button

SMALL = {"width": 375, "height": 667}


def is_in_sight(page: Page, selector: str) -> bool:
    """Some of it can be touched where it is, without scrolling."""
    found: bool = page.evaluate(
        """(selector) => {
          const { left, top, width } = document.querySelector(selector).getBoundingClientRect();
          const there = document.elementFromPoint(left + width / 2, top + 12);
          return there?.closest(selector) !== null && top >= 0 && top < innerHeight - 24;
        }""",
        selector,
    )
    return found


@pytest.mark.requirement("V1", "V2", "Q8")
def test_the_box_and_send_stay_in_sight_below_and_above_all_advice(a: Builders, site: Site) -> None:
    # given a text across a border, too long, with its parts unfolded
    maya = a.user(company=a.company(sender_countries=["US"]))
    chat = a.conversation(team=[maya], country="DE")
    page = site.open(maya, chat, viewport=SMALL, has_touch=True)
    box_of(page).fill("This is a sentence that goes on for a while. " * 60)
    page.get_by_text("Split it into 2 texts").click()
    # then
    assert is_in_sight(page, "#body")
    assert is_in_sight(page, "#send")
    assert violations(page) == []
    # and the times to send it later are all in sight, too
    box_of(page).fill("Hello")
    page.get_by_label("Send later").click()
    for name in ("#later-later", "#later-tomorrow", "#later-at"):
        assert is_in_sight(page, name), name
    page.keyboard.press("Escape")
    expect(send_button(page)).to_be_visible()


@pytest.mark.requirement("O3")
def test_no_button_of_a_lock_is_cut_off(a: Builders, site: Site) -> None:
    maya = a.user()
    page = site.open(maya, a.conversation(team=[maya], sms="first consent"), viewport=SMALL, has_touch=True)
    expect(page.get_by_role("link", name="Write now, it leaves when Anna says yes")).to_be_visible()
    right: float = page.evaluate("() => document.getElementById('write-later').getBoundingClientRect().right")
    assert right <= SMALL["width"]
