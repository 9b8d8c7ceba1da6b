"""Steps of the stories about invitations as templates: the settings' page, and Twilio's Content API as a fake."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.test import Client

from accounts.models import AuditAction, Company
from channels_whatsapp.models import Template
from twilio_gateway.content import Approval, NotAnswered

PAGE = "/settings/channels_whatsapp/template/"
DUTCH = "Noordwind schrijft u namens {company} over {about}. Antwoord als u verder bericht wilt."


@dataclass
class FakeTwilio:
    """Twilio's Content API: what it was asked for, and what it answers.

    `noes`: what it says instead to the next calls, each once; "" for a call that it answers. `meanwhile`: happens while
    the next call is under way.
    """

    made: list[dict[str, Any]] = field(default_factory=list)
    filed: list[tuple[str, str]] = field(default_factory=list)
    verdict: Approval = field(default_factory=lambda: Approval("pending", ""))
    noes: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def create(self, **wanted: Any) -> str:
        self.made.append(wanted)
        self._answer()
        return f"HX{len(self.made):032d}"

    def ask_for_approval(self, content_sid: str, *, name: str) -> Approval:
        self.filed.append((content_sid, name))
        self._answer()
        return Approval("pending", "")

    def approval_of(self, content_sid: str) -> Approval:
        self._answer()
        return self.verdict

    def _answer(self) -> None:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        if self.noes and (said := self.noes.pop(0)):
            raise NotAnswered(said)


def page(client: Client, path: str = PAGE, **typed: str) -> str:
    """What is read there; with `typed`, after the form was sent and wherever it led."""
    answer = client.post(path, typed, follow=True) if typed else client.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def change(template: Template) -> str:
    return f"{PAGE}{template.pk}/change/"


def do(client: Client, template: Template, what: str) -> str:
    return page(client, f"{PAGE}{template.pk}/do/", what=what)


def trail(company: Company) -> list[str]:
    entries = company.audit_entries.filter(action=AuditAction.TEMPLATE_CHANGED)
    return list(entries.values_list("words", flat=True))


def fresh(template: Template) -> Template:
    template.refresh_from_db()
    return template
