"""WhatsApp through the real processes: who has it, what comes with a message, and how an invitation is approved."""

import uuid
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from accounts.models import Company, User
from channels_whatsapp import templates
from channels_whatsapp.models import Template, TemplateState, WhatsAppSender
from inbox import receiving
from inbox.receiving import Inbound
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, on_the_wire, until, violations
from tests.flows.faults import Clicks, Texting


@pytest.fixture
def company(a: Builders, platform: WhatsAppSender) -> Company:
    return a.company(texts_by_whatsapp=True)


@pytest.fixture
def maya(a: Builders, company: Company) -> User:
    return a.user(company=company)


@pytest.mark.requirement("F4", "Q5")
@pytest.mark.parametrize(
    ("switches", "tabs"),
    [
        ({"texts_by_sms": True, "texts_by_whatsapp": False}, ["SMS"]),
        ({"texts_by_sms": False, "texts_by_whatsapp": True}, ["WhatsApp"]),
        ({"texts_by_sms": True, "texts_by_whatsapp": True}, ["SMS", "WhatsApp"]),
    ],
)
def test_a_company_has_the_channels_that_it_bought_in_pages_and_in_crafted_requests(
    a: Builders, site: Site, stack: Stack, platform: WhatsAppSender, switches: dict[str, Any], tabs: list[str]
) -> None:
    # given a person who opted in to both, and a window that is open
    maya = a.user(company=a.company(**switches))
    chat = a.conversation(team=[maya])
    a.consent(chat.company, chat.person.phone, "first consent", channel="whatsapp")
    with transaction.atomic():
        inbound = Inbound("whatsapp", chat.person.phone, platform.number, "Hi", f"SM{uuid.uuid4().hex}")
        receiving.receive(chat.pk, inbound)

    # then the page has those tabs, and a request for the others sends nothing
    page = site.open(maya, chat)
    expect(page.get_by_role("tablist", name="Channel").get_by_role("tab")).to_have_text(tabs)
    keys = {tab.lower() for tab in tabs}
    clicks = Clicks(stack, maya)
    for channel in ("sms", "whatsapp"):
        answer = clicks.send(chat, f"by {channel}", channel=channel)
        assert answer.status_code == (302 if channel in keys else 422), channel
    sent = chat.messages.filter(direction="out").values_list("channel", flat=True)
    assert set(sent) == keys


@pytest.mark.requirement("Q7", "W2")
def test_a_picture_and_a_place_and_a_quoted_answer_are_told_in_the_thread(
    a: Builders, site: Site, simulator: Simulator, platform: WhatsAppSender, maya: User
) -> None:
    # given an invitation that arrived
    chat = a.whatsapp_conversation(team=[maya])
    phone = Texting(maya, chat, on_the_wire("whatsapp", platform.number), simulator, "whatsapp")
    page = site.open(maya, chat, channel="whatsapp")
    page.get_by_role("button", name="Send invitation").click()
    [arrived] = until(lambda: simulator.arrived(phone.phone))
    log = page.get_by_role("log", name="Messages with Anna Bauer")

    # when Anna answers it by name with a picture, and sends a place
    picture = {"content_type": "image/jpeg", "bytes": 2_200_000}
    phone.says("My robot", media=[picture], reply_to=arrived["sid"])
    phone.says("", location={"latitude": "52.5", "longitude": "13.4", "label": "Café Robot"})

    # then the picture is noted with its kind and size, and what it answers; the place is a link
    expect(log).to_contain_text("Picture, 2.1\xa0MB. Not supported by text, so it isn't shown.")
    expect(log.locator(".msg__quote")).to_contain_text("SmartRecruiters would like to reach you")
    expect(log.get_by_role("link", name="https://www.openstreetmap.org/?mlat=52.5&mlon=13.4")).to_be_visible()
    assert violations(page) == []


@pytest.mark.requirement("W4")
def test_an_invitation_is_handed_in_and_approved(a: Builders, simulator: Simulator, platform: WhatsAppSender) -> None:
    # given the operator's words in another language
    body = "SmartRecruiters schreibt für {company} wegen {about}. Bitte antworten Sie."
    language = f"de-{uuid.uuid4().hex[:5]}"
    template = Template.objects.create(sender=platform, language=language, body=body)
    operator = User.objects.create_superuser(f"{uuid.uuid4().hex}@platform.example", "x", name="Olga Operator")

    # when they are handed in, then WhatsApp has them, and after a while has approved them
    templates.submit(template, by=operator)
    assert template.content_sid.startswith("HX")

    def is_approved() -> bool:
        templates.ask(template)
        return template.state == TemplateState.APPROVED

    until(is_approved)
    listed = simulator.control("GET", "templates")["templates"]
    (known,) = [each for each in listed if each["sid"] == template.content_sid]
    words = body.replace("{company}", "{{1}}").replace("{about}", "{{2}}")
    assert (known["category"], known["body"]) == ("UTILITY", words)
