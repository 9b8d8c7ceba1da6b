"""A company with a WhatsApp number of its own, its admin, and Twilio's Content API as a fake."""

import pytest
from django.test import Client

from accounts.models import Company, User
from channels_whatsapp.models import Template, WhatsAppSender
from tests.builders import Builders
from tests.channels_whatsapp.invitation_steps import DUTCH, FakeTwilio
from twilio_gateway import content


@pytest.fixture
def twilio_content(monkeypatch: pytest.MonkeyPatch) -> FakeTwilio:
    fake = FakeTwilio()
    for name in ("create", "ask_for_approval", "approval_of"):
        monkeypatch.setattr(content, name, getattr(fake, name))
    return fake


@pytest.fixture
def company(a: Builders) -> Company:
    return a.company(name="Noordwind", texts_by_whatsapp=True, languages=["en", "nl"])


@pytest.fixture
def sender(a: Builders, company: Company) -> WhatsAppSender:
    """The company's own, with an approved invitation in English."""
    return a.whatsapp_sender(company)


@pytest.fixture
def ada(a: Builders, company: Company, client: Client) -> User:
    """The company's admin, signed in."""
    ada = a.user(company=company, name="Ada Novak", seat=False, is_company_admin=True)
    client.force_login(ada)
    return ada


@pytest.fixture
def draft(sender: WhatsAppSender) -> Template:
    return Template.objects.create(sender=sender, language="nl", body=DUTCH)
