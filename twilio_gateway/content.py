"""Templates at Twilio (twilio.md §9): made with the Content API, approved by WhatsApp, and asked how they stand."""

from dataclasses import dataclass

import requests
from twilio.base.exceptions import TwilioException
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from twilio_gateway.client import client

UTILITY = "UTILITY"  # as MARKETING no phone in the US would get it


class NotAnswered(Exception):
    """Twilio can't be asked, or said no; the text says what it said."""


@dataclass(frozen=True)
class Approval:
    """How WhatsApp judged a template: its word for the state, and why it refused, if it did."""

    state: str
    reason: str


def create(*, name: str, language: str, body: str, examples: dict[str, str]) -> str:
    """Make a template of these words, with an example for each numbered place; its content id."""
    request = ContentList.ContentCreateRequest(
        {
            "friendly_name": name,
            "language": language,
            "variables": examples,
            "types": {"twilio/text": {"body": body}},
        }
    )
    try:
        return str(client().content.v1.contents.create(content_create_request=request).sid)
    except (TwilioException, requests.RequestException) as error:
        raise NotAnswered(_words(error)) from error


def ask_for_approval(content_sid: str, *, name: str) -> Approval:
    """File a template with WhatsApp, as a message that serves the person (UTILITY)."""
    request = ApprovalCreateList.ContentApprovalRequest({"name": name, "category": UTILITY})
    try:
        made = client().content.v1.contents(content_sid).approval_create.create(content_approval_request=request)
    except (TwilioException, requests.RequestException) as error:
        raise NotAnswered(_words(error)) from error
    return Approval(str(made.status), str(made.rejection_reason or ""))


def approval_of(content_sid: str) -> Approval:
    """How WhatsApp has judged a template so far."""
    try:
        found = client().content.v1.contents(content_sid).approval_fetch().fetch().whatsapp or {}
    except (TwilioException, requests.RequestException) as error:
        raise NotAnswered(_words(error)) from error
    return Approval(str(found.get("status") or "unsubmitted"), str(found.get("rejection_reason") or ""))


def _words(error: Exception) -> str:
    """What Twilio said, for an admin; of a failed connection only that it failed, for its words name addresses."""
    return str(getattr(error, "msg", "")) or "Twilio did not answer."
