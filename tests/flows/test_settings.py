"""The way of S1 in a browser, and what it does to pages that are open; the settings on a phone and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Company, User
from candidates.models import Job
from inbox.models import UnmatchedReply
from tests import steps
from tests.builders import Builders, new_number
from tests.flows.conftest import Site, violations


def to_user_management(page: Page, admin: User) -> None:
    """Avatar, Settings / Admin, User Management under Permission."""
    page.get_by_text(f"{admin.name}, account menu").locator("..").click()
    page.get_by_role("link", name="Settings / Admin").click()
    permission = page.get_by_role("list", name="Permission")
    permission.get_by_role("link", name="User Management").click()
    expect(page.get_by_role("heading", name="User Management", level=1)).to_be_visible()


@pytest.fixture
def company(a: Builders) -> Company:
    return a.company(seats_bought=2, has_smartcrm=True, texts_by_whatsapp=True)


@pytest.fixture
def ada(a: Builders, company: Company) -> User:
    return a.user(company=company, name="Ada Novak", seat=False, is_company_admin=True)


@pytest.mark.requirement("S1", "S3", "A3")
def test_the_way_to_a_seat(a: Builders, site: Site, company: Company, ada: User) -> None:
    # given Maya reads a thread and can't send
    maya = a.user(company=company, seat=False)
    chat = a.conversation(team=[maya], sms="opted in")
    thread = site.open(maya, chat)
    expect(thread.get_by_text("You can read, but not send")).to_be_visible()
    # when her admin goes the way
    page = site.page_of(ada)
    page.goto("/")
    to_user_management(page, ada)
    assert violations(page) == []
    page.get_by_role("link", name="Edit User Maya Chen").click()
    expect(page.get_by_role("heading", name="Edit User")).to_be_visible()
    page.get_by_label("SmartMessage", exact=True).check()
    expect(page.get_by_text("1 of 2 after you save")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    # then it is said, counted and felt in the page that is open
    expect(page.get_by_role("status").filter(has_text="Saved: Maya Chen.")).to_be_visible()
    expect(page.get_by_text("1 of 2 in use")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Maya Chen"))).to_contain_text("Seat")
    expect(thread.get_by_role("textbox", name="Message")).to_be_visible()
    # and the trail tells of it
    page.get_by_role("link", name="Audit trail").click()
    row = page.get_by_role("row", name=re.compile("Ada Novak"))
    expect(row).to_contain_text("gave a SmartMessage seat to Maya Chen")
    assert violations(page) == []


@pytest.mark.requirement("S2")
def test_the_third_of_two_seats_is_refused_and_freed(a: Builders, site: Site, company: Company, ada: User) -> None:
    # given two seats in use
    a.user(company=company, name="Peter Novak"), a.user(company=company, name="Priya Nair")
    maya = a.user(company=company, seat=False)
    page = site.page_of(ada)
    page.goto(f"/settings/accounts/user/{maya.pk}/change/")
    # when a third is asked for
    page.get_by_label("Name").fill("Maya Chen-Lind")
    page.get_by_label("SmartMessage", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    # then the page says why, keeps what was typed, and puts the focus there
    expect(page.get_by_role("alert")).to_contain_text("Not saved: all 2 SmartMessage seats are in use.")
    expect(page.get_by_label("Name")).to_have_value("Maya Chen-Lind")
    expect(page.get_by_label("SmartMessage", exact=True)).to_be_checked()
    expect(page.get_by_label("SmartMessage", exact=True)).to_be_focused()
    assert violations(page) == []
    # when she looks who has one, and moves it
    page.get_by_role("link", name="Show users with a seat").click()
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_role("link", name="Reassign seats").click()
    page.get_by_label("Choose Peter Novak").check()
    assert violations(page) == []
    page.get_by_role("button", name="Next: who gets them").click()
    expect(page.get_by_text("1 seat is taken. You can give 1 seat.")).to_be_visible()
    page.get_by_label("Choose Maya Chen").check()
    page.get_by_role("button", name="Take and give these seats").click()
    expect(page.get_by_role("status").filter(has_text="1 seat taken. 1 seat given.")).to_be_visible()
    assert maya.has_seat()


@pytest.mark.requirement("S1")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_way_on_a_phone(a: Builders, site: Site, company: Company, ada: User, scripts: bool) -> None:
    maya = a.user(company=company, seat=False)
    phone = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": scripts}
    page = site.page_of(ada, **phone)
    page.goto("/")
    to_user_management(page, ada)
    page.get_by_role("link", name="Edit User Maya Chen").click()
    page.get_by_label("SmartMessage", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved: Maya Chen.")).to_be_visible()
    assert maya.has_seat()
    page.get_by_role("link", name="Settings / Admin").first.click()
    expect(page.get_by_role("heading", name="Settings / Admin", level=1)).to_be_visible()


@pytest.mark.requirement("S4")
def test_a_colleague_is_invited(a: Builders, site: Site, company: Company, ada: User) -> None:
    page = site.page_of(ada)
    page.goto("/settings/accounts/user/")
    page.get_by_role("link", name="Add user").click()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved.")
    expect(page.get_by_label("Name")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Name").fill("Nils New")
    page.get_by_label("Email").fill(f"nils.{company.pk}@example.com")
    page.get_by_label("SmartMessage", exact=True).check()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("status").filter(has_text="Invited: Nils New.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Nils New"))).to_contain_text("Invited")
    assert User.objects.get(company=company, name="Nils New").has_seat()


@pytest.mark.requirement("A5", "A2")
def test_an_admin_makes_a_job_and_its_team_reads_at_once(a: Builders, site: Site, company: Company, ada: User) -> None:
    maya = a.user(company=company)
    page = site.page_of(ada)
    page.goto("/settings/candidates/job/add/")
    assert violations(page) == []
    page.get_by_label("Title").fill("Welder")
    page.get_by_label("Maya Chen").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Saved: Welder.")).to_be_visible()
    job = Job.objects.get(company=company, title="Welder")
    member = site.page_of(maya)
    member.goto(job.get_absolute_url())
    expect(member.get_by_role("heading", name="Welder")).to_be_visible()
    # its form is open until it is closed
    page.get_by_role("link", name="Edit Welder").click()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Welder is closed.")).to_be_visible()
    assert violations(page) == []


@pytest.mark.requirement("I7", "A5")
def test_a_stray_reply_is_put_where_it_belongs(a: Builders, site: Site, company: Company, ada: User) -> None:
    # given a text from Anna's phone that fits no conversation
    maya = a.user(company=company)
    chat = a.conversation(team=[maya], sms="opted in")
    UnmatchedReply.objects.create(
        company=company,
        channel="sms",
        sender=chat.person.phone,
        recipient=new_number(),
        body="Is the job still open?",
        provider_id=steps.new_sid(),
    )
    page = site.page_of(ada)
    page.goto("/settings/")
    page.get_by_role("link", name="Unmatched replies").click()
    page.get_by_role("link", name=re.compile("^Attach")).click()
    assert violations(page) == []
    # when nothing is chosen, then the page asks; when Anna is, then it is in her thread
    page.get_by_role("button", name="Attach to this record").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the record")
    page.get_by_label("Anna Bauer").check()
    page.get_by_role("button", name="Attach to this record").click()
    expect(page.get_by_role("status").filter(has_text="Attached.")).to_be_visible()
    thread = site.open(maya, chat)
    expect(thread.get_by_role("log")).to_contain_text("Is the job still open?")


@pytest.mark.requirement("A5")
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_in_order(a: Builders, site: Site, company: Company, ada: User, width: int, scheme: str) -> None:
    """What axe finds, what scrolls sideways, what the browser refuses."""
    a.consent(company, new_number(), "opted in")
    page = site.page_of(ada, viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.goto("/settings/")
    links = page.get_by_role("navigation", name="Settings / Admin").get_by_role("link")
    paths = ["/settings/", *(str(link.get_attribute("href")) for link in links.all())]
    assert len(paths) > 8
    for path in paths:
        answer = page.goto(path)
        assert answer
        assert answer.status == 200
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_operators_pages_need_nothing_that_our_policy_refuses(a: Builders, site: Site, company: Company) -> None:
    """Django's own look, without a refused script or style (the browser's console is read at the end)."""
    a.conversation(team=[a.user(company=company)])
    operator = User.objects.create_superuser(f"operator.{company.pk}@example.com", None, name="Olga Operator")
    page = site.page_of(operator)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="All companies")).to_be_visible()
    for path in ("company/", "company/add/", f"company/{company.pk}/change/", "user/", "user/add/", "auditentry/"):
        answer = page.goto(f"/admin/accounts/{path}")
        assert answer
        assert answer.status == 200
    # another row for a number is added without leaving the page
    page.goto(f"/admin/accounts/company/{company.pk}/change/")
    page.get_by_role("button", name="Add another Sending number").click()
    page.locator("#id_sender_numbers-1-number").fill(new_number("DE"))
    page.locator("#id_sender_numbers-1-wish").fill("Hamburg")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert company.sender_numbers.filter(country="DE", wish="Hamburg").exists()
