"""The company that made-up messages belong to: its recruiters, its sending numbers, and the words that it uses."""

import json
import random
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from accounts.models import Company, Seat, User
from candidates.models import ConsentText, Purpose
from candidates.public import consent_texts
from channels_sms import rules as sms
from channels_sms.models import SenderNumber
from channels_whatsapp import rules as whatsapp
from channels_whatsapp import templates
from channels_whatsapp.models import Template, TemplateState, WhatsAppSender
from smartmessage.generation import words

PASSWORD = "smartmessage-demo"
OURS = {"US": ("+1206", 7), "GB": ("+4471", 8), "DE": ("+4915", 9)}  # how our numbers begin, and digits after that
EACH = 2  # numbers in a country, so that a person's two conversations run side by side (Q6)
ABOUT = "{about}"  # where a title stands in an invitation


@dataclass(frozen=True)
class Made:
    """A company without people yet, and what its rows refer to. `recruiters`: the busiest first."""

    company: Company
    recruiters: list[User]
    numbers: list[SenderNumber]
    whatsapp: WhatsAppSender
    invitation: str
    template: Template
    agreed: dict[str, ConsentText]

    def handover(self) -> str:
        """What the WhatsApp invitation hands over, as JSON with a place for the title."""
        values = whatsapp.variables(self.template.body, company=self.company.name, about=ABOUT)
        return json.dumps({"content_sid": self.template.content_sid, "variables": values})

    def whatsapp_invitation(self) -> str:
        return whatsapp.filled_in(self.template.body, company=self.company.name, about=ABOUT)


def make(name: str, *, recruiters: int, chance: random.Random, now: datetime) -> Made:
    """A company with both text channels and communities. All sign in with the demo's password."""
    company = Company.objects.create(
        name=name,
        country="US",
        has_smartmessage=True,
        has_smartcrm=True,
        texts_by_sms=True,
        texts_by_whatsapp=True,
        seats_bought=recruiters,
    )
    sender = WhatsAppSender.objects.create(company=company, number=f"+1208{company.pk:07d}")
    template = Template.objects.create(
        sender=sender,
        language="en",
        body=templates.usual_words(),
        content_sid=f"HX{sender.pk:032x}",
        state=TemplateState.APPROVED,
    )
    return Made(
        company=company,
        recruiters=_users(company, recruiters, chance),
        numbers=_numbers(company),
        whatsapp=sender,
        invitation=sms.invitation_text(company=name, about=ABOUT),
        template=template,
        agreed={
            "sms": consent_texts.current(company, Purpose.SMS, settings.LANGUAGE_CODE),
            "whatsapp": consent_texts.current(company, Purpose.WHATSAPP, settings.LANGUAGE_CODE),
        },
    )


def _users(company: Company, count: int, chance: random.Random) -> list[User]:
    """Recruiters, each with a seat, and an admin without one."""
    place, password = f"{slugify(company.name)}.example", make_password(PASSWORD)
    names = [f"{chance.choice(words.FIRST_NAMES)} {chance.choice(words.LAST_NAMES)}" for _ in range(count)]
    made = [
        User(email=f"recruiter{number}@{place}", name=name, company=company, password=password)
        for number, name in enumerate(names, start=1)
    ]
    User.objects.bulk_create(made)
    Seat.objects.bulk_create([Seat(company=company, user=user) for user in made])
    User.objects.create(
        email=f"admin@{place}", name="Ada Admin", company=company, password=password, is_company_admin=True
    )
    return made


def _numbers(company: Company) -> list[SenderNumber]:
    return SenderNumber.objects.bulk_create(
        SenderNumber(company=company, country=country, number=f"{begins}{company.pk * EACH + each:0{digits}d}")
        for country, (begins, digits) in OURS.items()
        for each in range(EACH)
    )
