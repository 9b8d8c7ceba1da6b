"""Steps of the stories about public forms: open one, fill it in, look at the ledger."""

import re
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Company, OutgoingMail
from candidates import phone_numbers
from candidates.models import Community, ConsentEvent, ConsentText, Job, Purpose, Submission
from candidates.public import consent_texts, robots, submissions
from candidates.public.submissions import Filled
from tests.builders import Builders

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"


def job_of(company: Company, **fields: Any) -> Job:
    return Job.objects.create(company=company, **{"title": f"Field Engineer {uuid4().hex[:6]}", **fields})


def community_of(company: Company, **fields: Any) -> Community:
    return Community.objects.create(company=company, **{"name": f"Alumni {uuid4().hex[:6]}", **fields})


def texts_for(company: Company, *purposes: Purpose, language: str = "en") -> list[ConsentText]:
    return [consent_texts.current(company, purpose, language) for purpose in purposes]


def filled(company: Company, *purposes: Purpose, phone: str = "", **fields: Any) -> Filled:
    """A form as the actions get it; `purposes` are the boxes that were ticked."""
    known: dict[str, Any] = {
        "name": "Anna Weiß",
        "email": f"anna.{uuid4().hex[:8]}@example.com",
        "ip": "203.0.113.7",
        "language": "en",
        "phone": phone_numbers.parse(phone) if phone else None,
        "agreed": texts_for(company, *purposes),
    }
    return Filled(**known | fields)


def apply(group: Job | Community, *purposes: Purpose, phone: str = "", **fields: Any) -> Submission:
    return submissions.submit(group, filled(group.company, *purposes, phone=phone, **fields))


def old_stamp(group: Job | Community) -> str:
    """As if the form had been open for a minute."""
    with patch("django.core.signing.time.time", return_value=timezone.now().timestamp() - 60):
        return robots.stamp(group.slug)


def answers(group: Job | Community, *ticked: Purpose, **fields: Any) -> dict[str, Any]:
    """What a browser posts: the words beside each box are those that are shown now."""
    posted: dict[str, Any] = {
        "stamp": old_stamp(group),
        "name": "Anna Weiß",
        "email": f"anna.{uuid4().hex[:8]}@example.com",
        "phone": "",
    }
    for purpose in consent_texts.purposes_of(group.company):
        posted[f"text_{purpose.value}"] = str(consent_texts.current(group.company, purpose, "en").pk)
    for purpose in ticked:
        posted[f"agree_{purpose.value}"] = "on"
    return posted | fields


def send(client: Client, group: Job | Community, *ticked: Purpose, **fields: Any) -> HttpResponse:
    cache.clear()  # what other stories sent doesn't count
    return client.post(group.form_url(), answers(group, *ticked, **fields))  # type: ignore[return-value]


def a_file(name: str = "resume.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def ledger(company: Company) -> list[ConsentEvent]:
    return list(ConsentEvent.objects.filter(consent__company=company).select_related("consent", "text"))


def mails_to(email: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(to=email).order_by("pk"))


def link_in(mail: OutgoingMail) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.body)
    assert found, mail.body
    return found[1]


def company_with(a: Builders, style: str, **fields: Any) -> Company:
    return a.company(consent_style=style, **{"texts_by_whatsapp": True, "has_smartcrm": True, **fields})
