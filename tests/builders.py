"""The smallest valid things, for stories: `a.user()`, `a.conversation(sms="opted in")`. Each number is new."""

import itertools
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.models import Company, Seat, User
from candidates import consents, phone_numbers
from candidates.consent_rules import EventKind, Source
from candidates.models import Application, Candidate, Community, Consent, Job, Prospect
from channels_sms.models import SenderNumber
from channels_whatsapp import templates
from channels_whatsapp.models import Template, TemplateState, WhatsAppSender
from inbox.models import Conversation

PASSWORD = "smartmessage-demo"
_count = itertools.count(1)
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

HISTORY = {  # what the ledger holds for each standing
    "nothing": [],
    "first consent": [EventKind.FIRST_CONSENT],
    "invited": [EventKind.FIRST_CONSENT, EventKind.INVITED],
    "opted in": [EventKind.FIRST_CONSENT, EventKind.INVITED, EventKind.OPTED_IN],
    "opted out": [EventKind.FIRST_CONSENT, EventKind.INVITED, EventKind.OPTED_IN, EventKind.OPTED_OUT],
}
NATIONAL = {"US": "+1415", "DE": "+4930", "GB": "+44163", "FR": "+3393", "SE": "+467", "CA": "+1613"}
DIGITS = {"US": 7, "DE": 9, "GB": 7, "FR": 7, "SE": 8, "CA": 7}


def new_number(country: str = "US") -> str:
    """A number that nobody else has in this run, E.164."""
    digits = DIGITS[country]
    return f"{NATIONAL[country]}{(_worker + 1) * 10 ** (digits - 2) + next(_count):0{digits}d}"


@dataclass
class Builders:
    """Builds into the database. `numbers` are the sending numbers it made, for the simulator to know them."""

    numbers: list[str] = field(default_factory=list)

    def company(self, *, sender_countries: Sequence[str] = ("US",), **fields: Any) -> Company:
        fields = {"has_smartmessage": True, "texts_by_sms": True, "seats_bought": 50, **fields}
        company = Company.objects.create(name=fields.pop("name", f"Company {uuid.uuid4().hex[:8]}"), **fields)
        for country in sender_countries:
            self.sender_number(company, country)
        return company

    def sender_number(self, company: Company, country: str = "US") -> SenderNumber:
        number = new_number(country)
        self.numbers.append(number)
        return SenderNumber.objects.create(company=company, number=number, country=country)

    def user(
        self, *, company: Company | None = None, seat: bool = True, name: str = "Maya Chen", **fields: Any
    ) -> User:
        """Whose texts leave at once, unless the story gives her seconds to undo."""
        company = company or self.company()
        email = f"{name.split()[0].lower()}.{uuid.uuid4().hex[:8]}@example.com"
        fields = {"undo_seconds": 0, **fields}
        user = User.objects.create_user(email, PASSWORD, name=name, company=company, **fields)
        if seat:
            Seat.objects.create(company=company, user=user)
        return user

    def person(
        self, company: Company, *, name: str = "Anna Bauer", phone: str | None = None, country: str = "US"
    ) -> Candidate:
        """A candidate; `phone` as typed, "" for none, or a new number of that country."""
        typed = phone_numbers.display(new_number(country)) if phone is None else phone
        try:
            e164 = phone_numbers.parse(typed).e164
        except phone_numbers.BadNumber:
            e164 = ""
        email = f"{name.split()[0].lower()}.{next(_count)}@example.com"
        return Candidate.objects.create(company=company, name=name, email=email, phone_typed=typed, phone=e164)

    def application(self, person: Candidate, team: Sequence[User], *, title: str = "Field Engineer") -> Application:
        job = Job.objects.create(company=person.company, title=title)
        job.team.set(team)
        return Application.objects.create(candidate=person, job=job)

    def prospect(self, person: Candidate, team: Sequence[User], *, name: str = "Alumni") -> Prospect:
        community = Community.objects.create(company=person.company, name=name)
        community.team.set(team)
        return Prospect.objects.create(candidate=person, community=community)

    def conversation(
        self, *, team: Sequence[User], sms: str = "opted in", person: Candidate | None = None, **person_fields: Any
    ) -> Conversation:
        """A candidate's application with its conversation; `sms` is where her number stands."""
        company = team[0].company
        assert company is not None
        person = person or self.person(company, **person_fields)
        application = self.application(person, team)
        if person.phone:
            self.consent(company, person.phone, sms)
        conversation = Conversation.objects.create(company=company, application=application)
        return Conversation.objects.with_record().get(pk=conversation.pk)

    def whatsapp_sender(self, company: Company | None = None) -> WhatsAppSender:
        """The platform's own sender, or a company's, with the usual invitation approved in English."""
        sender = WhatsAppSender.objects.filter(company=company).first()
        if sender is None:
            sender = WhatsAppSender.objects.create(company=company, number=new_number())
            self.whatsapp_template(sender)
        return sender

    def whatsapp_template(self, sender: WhatsAppSender, language: str = "en", **fields: Any) -> Template:
        known = {"body": templates.usual_words(), "state": TemplateState.APPROVED, **fields}
        return Template.objects.create(sender=sender, language=language, content_sid=f"HX{uuid.uuid4().hex}", **known)

    def whatsapp_conversation(
        self, *, team: Sequence[User], whatsapp: str = "first consent", **person_fields: Any
    ) -> Conversation:
        """A conversation of a person who ticked the box for WhatsApp."""
        chat = self.conversation(team=team, sms="nothing", **person_fields)
        self.consent(chat.company, chat.person.phone, whatsapp, channel="whatsapp")
        return chat

    @transaction.atomic
    def consent(self, company: Company, address: str, standing: str, *, channel: str = "sms") -> Consent:
        """Bring an address to a standing, by the events that lead there."""
        consent = consents.locked(company_id=company.pk, channel=channel, address=address)
        for kind in HISTORY[standing][consent.events.count() :]:
            source = Source.MESSAGE if kind in {EventKind.OPTED_IN, EventKind.OPTED_OUT} else Source.FORM
            consents.record(consent, kind, words=str(kind.label), source=source, details={})
        return consent
