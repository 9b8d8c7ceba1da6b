"""A person applies on her phone, by a form that nobody explained to her."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from candidates import consents
from candidates.models import Application, Candidate, ConsentEvent, Cv, Purpose, Submission
from candidates.public import submissions
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders, new_number
from tests.candidates import form_steps as forms
from tests.flows.conftest import Site, at_once, violations

Visit = Callable[..., Page]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def visit(stack: Stack, browser: Browser, site: Site) -> Visit:
    """A browser of nobody in particular, on a phone's screen."""

    def open_page(path: str, **context: Any) -> Page:
        opened = browser.new_context(**{"base_url": stack.url, **PHONE, **context})
        site.contexts.append(opened)
        page = opened.new_page()
        page.on("pageerror", lambda error: site.errors.append(str(error)))
        page.goto(path)
        return page

    return open_page


def tick(page: Page, words: str) -> None:
    """By the words, as people do."""
    page.locator("label", has_text=words).click(position={"x": 3, "y": 3})


@pytest.mark.requirement("O1", "O2", "O11", "P1")
def test_a_person_applies_on_a_phone_with_separated_boxes(a: Builders, site: Site, visit: Visit) -> None:
    # given
    company = forms.company_with(a, "separated", country="DE")
    maya = a.user(company=company)
    job = forms.job_of(company, description="We build grippers.\n\nWhat you will do\n- Build\n- Test")
    job.team.add(maya)
    email = f"anna.{uuid4().hex[:8]}@example.com"
    page = visit(job.form_url())
    assert violations(page) == []
    # when she types a number as she would at home
    page.get_by_label("Name").fill("Anna Weiß")
    page.get_by_label("Phone").press_sequentially("030 2312")
    expect(page.get_by_text("The international code is missing.")).to_be_visible()
    expect(page.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Phone").fill("+49 30 23125 014")
    expect(page.get_by_role("status").filter(has_text="Germany")).to_be_visible()
    expect(page.get_by_label("Phone")).to_have_attribute("aria-invalid", "false")
    page.get_by_label("CV").set_input_files({"name": "cv.pdf", "mimeType": "application/pdf", "buffer": forms.PDF})
    tick(page, "I agree to receive text messages")
    page.get_by_role("button", name="Apply").click()
    # then what is missing is said, and nothing is lost
    expect(page.get_by_role("alert")).to_contain_text("Please write your email address")
    expect(page.get_by_label("Email")).to_be_focused()
    expect(page.get_by_text("cv.pdf is attached")).to_be_visible()
    assert violations(page) == []
    # when
    page.get_by_label("Email").fill(email)
    tick(page, "I have read the privacy policy")
    page.get_by_role("button", name="Apply").click()
    # then
    expect(page.get_by_role("heading", name="Your application is here")).to_be_visible()
    expect(page.get_by_text("+49 30 23125014")).to_be_visible()
    expect(page.get_by_text("I agree to receive text messages")).to_be_visible()
    assert violations(page) == []
    anna = Candidate.objects.get(company=company, email=email)
    application = Application.objects.get(candidate=anna)
    assert Cv.objects.get(application=application).name == "cv.pdf"
    assert [event.consent.channel for event in forms.ledger(company)] == ["sms"]
    # and the recruiter finds her, with the proof, ready to be invited
    team = site.page_of(maya)
    team.goto(application.messages_url())
    expect(team.get_by_role("button", name="Send Invite")).to_be_visible()
    expect(team.get_by_role("region", name="Proof of consent")).to_contain_text(
        "application form, version 1 of the words"
    )


@pytest.mark.requirement("O1", "O2")
def test_the_form_works_without_javascript_and_one_box_gives_sms_only(a: Builders, visit: Visit) -> None:
    # given
    company = forms.company_with(a, "single")
    page = visit(forms.job_of(company).form_url(), java_script_enabled=False)
    number = new_number()
    # when
    page.get_by_label("Name").fill("Marcus Reed")
    page.get_by_label("Email").fill("marcus@example.com")
    page.get_by_label("Phone").fill("415 CALL ME")
    tick(page, "I agree to the privacy policy")
    page.get_by_role("button", name="Apply").click()
    # then
    expect(page.get_by_text("contains the letter").first).to_be_visible()
    expect(page.get_by_label("Phone")).to_have_value("415 CALL ME")
    # when
    page.get_by_label("Phone").fill(number)
    page.get_by_role("button", name="Apply").click()
    if page.get_by_text("One more click").is_visible():  # a test types as fast as a robot
        page.get_by_role("button", name="Yes, send my application").click()
    # then
    expect(page.get_by_role("heading", name="Your application is here")).to_be_visible()
    assert [(event.consent.channel, event.consent.address) for event in forms.ledger(company)] == [("sms", number)]


def test_who_looks_like_a_robot_clicks_once_more(a: Builders, visit: Visit) -> None:
    company = forms.company_with(a, "separated")
    page = visit(forms.job_of(company).form_url())
    page.get_by_label("Name").fill("Quick Typist")
    page.get_by_label("Email").fill("quick@example.com")
    page.locator("[name=homepage]").fill("https://casino.example", force=True)
    tick(page, "I have read the privacy policy")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("One more click, please")).to_be_visible()
    expect(page.get_by_role("button", name="Yes, send my application")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your application is here")).to_be_visible()


def test_forms_at_the_same_instant_make_one_candidate_and_lose_nothing(a: Builders) -> None:
    """Two browsers, two jobs, one email: in each round the four forms start together."""
    company = forms.company_with(a, "separated")
    jobs = [forms.job_of(company), forms.job_of(company)]
    for round_ in range(20):
        number, name = new_number(), f"anna{round_}"
        each = [
            forms.filled(company, Purpose.SMS, Purpose.WHATSAPP, phone=number, email=f"{spelling}@example.com")
            for spelling in (name, name.upper(), name.title(), name)
        ]
        at_once(*(partial(submissions.submit, jobs[index % 2], form) for index, form in enumerate(each)))
        (anna,) = Candidate.objects.filter(company=company, email__iexact=f"anna{round_}@example.com")
        assert anna.applications.count() == 2
        assert Submission.objects.filter(application__candidate=anna).count() == 4
        events = ConsentEvent.objects.filter(consent__company=company, consent__address=anna.phone)
        assert events.count() == 8
        assert consents.standing_of(company_id=company.pk, channel="sms", address=anna.phone) == "first consent"
