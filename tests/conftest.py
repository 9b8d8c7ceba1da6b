"""What all tests share: builders, and signed requests."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import hypothesis
import pytest
from django.conf import settings
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from twilio.request_validator import RequestValidator

from tests.builders import Builders

APPEND_ONLY = ("candidates_consentevent", "candidates_seal", "candidates_sealedevent", "accounts_auditentry")


def pytest_configure() -> None:
    """A busy machine fails no property for its time. A password's slow hash protects nobody here.

    The processes of the flows keep the real hash.
    """
    hypothesis.settings.register_profile("whatever the machine", deadline=None)
    hypothesis.settings.load_profile("whatever the machine")
    if not os.environ.get("FLOWS"):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def a(db: None) -> Builders:
    return Builders()


@pytest.fixture(autouse=True, scope="session")
def emptying_a_test_database_is_allowed() -> Iterator[None]:
    """Ledger and trail refuse TRUNCATE; only pytest-django, after a test that commits, may empty its own database."""
    flush = DatabaseOperations.sql_flush

    def guards(switch: str) -> list[str]:
        return [f"ALTER TABLE {table} {switch} TRIGGER USER" for table in APPEND_ONLY]

    def sql_flush(self: DatabaseOperations, *args: Any, **kwargs: Any) -> list[str]:
        return [*guards("DISABLE"), *flush(self, *args, **kwargs), *guards("ENABLE")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


class Twilio:
    """Twilio's webhooks, signed, into Django's own test client."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def post(self, path: str, fields: dict[str, str], *, token: str = "", signature: str | None = None) -> int:
        """The status of the answer. Fields that a text always has are added."""
        fields = {"AccountSid": settings.TWILIO_ACCOUNT_SID, **fields}
        url = settings.PUBLIC_BASE_URL + path
        if signature is None:
            signature = RequestValidator(token or settings.TWILIO_AUTH_TOKEN).compute_signature(url, fields)
        response = self.client.post(
            path,
            urlencode(fields),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )
        return response.status_code

    def text(self, *, sender: str, recipient: str, body: str, sid: str, **fields: str) -> int:
        """A person's text to one of our numbers."""
        known = {"MessageSid": sid, "From": sender, "To": recipient, "Body": body, "NumMedia": "0", **fields}
        return self.post("/webhooks/twilio/sms/", known)

    def whatsapp(self, *, sender: str, recipient: str, body: str, sid: str, **fields: str) -> int:
        """A person's WhatsApp message to one of our senders, as Twilio tells it."""
        known = {
            "MessageSid": sid,
            "From": f"whatsapp:{sender}",
            "To": f"whatsapp:{recipient}",
            "WaId": sender.removeprefix("+") if sender.startswith("+") else "",
            "MessageType": "text",
            "Body": body,
            "NumMedia": "0",
            **fields,
        }
        return self.post("/webhooks/twilio/whatsapp/", known)


@pytest.fixture
def twilio(client: Client) -> Twilio:
    return Twilio(client)
