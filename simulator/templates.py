"""Templates: WhatsApp's rules for their words and values, and the store of those that the account has made."""

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from simulator.addresses import bare, is_user_id

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
STATUSES = ("unsubmitted", "received", "pending", "approved", "rejected", "paused", "disabled")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
UNUSABLE = {"rejected": 63040, "paused": 63041, "disabled": 63042}
LONGEST_VALUE, LONGEST_TEXT = 255, 1024  # characters
LONGEST_KEY, MOST_PLACES = 16, 100
NOT_IN_A_VALUE = re.compile(r"[\n\r\t]| {5}")


@dataclass(frozen=True)
class Template:
    """A text with numbered places. `approved_at` is when a pending one is or was approved; None: never by itself."""

    sid: str
    name: str
    language: str
    body: str
    examples: str
    category: str
    status: str
    rejection_reason: str
    approved_at: float | None
    created: float
    updated: float

    def status_at(self, now: float) -> str:
        is_due = self.status == "pending" and self.approved_at is not None and self.approved_at <= now
        return "approved" if is_due else self.status

    def filled(self, values: Mapping[str, str]) -> str:
        """The text as it arrives; a place without a value stays as it is written."""
        return PLACE.sub(lambda found: values.get(found[1], found[0]), self.body)

    def as_api(self, account_sid: str, base_url: str) -> dict[str, Any]:
        """The Content resource as Twilio's library reads it."""
        url = f"{base_url}v1/Content/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "friendly_name": self.name,
            "language": self.language,
            "variables": json.loads(self.examples),
            "types": {"twilio/text": {"body": self.body}},
            "url": url,
            "links": {
                "approval_create": f"{url}/ApprovalRequests/whatsapp",
                "approval_fetch": f"{url}/ApprovalRequests",
            },
            "date_created": iso_seconds(self.created),
            "date_updated": iso_seconds(self.updated),
        }

    def approval(self, now: float) -> dict[str, Any]:
        """How WhatsApp has judged it so far."""
        return {
            "name": self.name,
            "category": self.category,
            "content_type": "twilio/text",
            "status": self.status_at(now),
            "rejection_reason": self.rejection_reason,
            "allow_category_change": True,
        }


def places(body: str) -> list[str]:
    """The names of the places in a text, each once, in order."""
    return list(dict.fromkeys(PLACE.findall(body)))


def fault_of_words(body: str) -> str | None:
    """Why WhatsApp would not take these words as a template; None: it would (twilio.md §9)."""
    found = places(body)
    text = body.strip()
    if not text:
        return "The body is empty."
    if PLACE.match(text) or re.search(rf"{PLACE.pattern}\Z", text):
        return "The body starts or ends with a placeholder."
    if re.search(rf"{PLACE.pattern}\s*{PLACE.pattern}", body):
        return "Two placeholders stand beside each other."
    if "\n" in body or "\r" in body:
        return "There is a line break in the body."
    if len(found) > MOST_PLACES or any(len(name) > LONGEST_KEY for name in found):
        return f"There are more than {MOST_PLACES} placeholders, or one is named with more than {LONGEST_KEY} letters."
    if sorted(found) != sorted(str(number) for number in range(1, len(found) + 1)):
        return "The placeholders are not numbered from 1 without gaps."
    return None


def fault_of_use(template: Template, values: Mapping[str, str], *, recipient: str, now: float) -> int | None:
    """The code with which a template sent with these values fails later; None: it goes out.

    One that was never approved does not fail here: it counts as free text, which the window decides about.
    """
    needed = places(template.body)
    if template.status_at(now) in UNUSABLE:
        return UNUSABLE[template.status_at(now)]
    if any(name not in values for name in needed):
        return 63028
    if any(_is_bad(values[name]) for name in needed):
        return 63013
    if len(template.filled(values)) > LONGEST_TEXT:
        return 63021
    is_american = recipient.startswith("whatsapp:+1") or (is_user_id(recipient) and bare(recipient).startswith("US."))
    return 63049 if template.category == "MARKETING" and is_american else None


def _is_bad(value: str) -> bool:
    return not value.strip() or len(value) > LONGEST_VALUE or NOT_IN_A_VALUE.search(value) is not None


class TemplateStore:
    """The only door to the rows of templates."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, template: Template) -> Template:
        """Store a new one, or a known one's new state."""
        self._db.execute(
            """INSERT INTO templates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (sid) DO UPDATE SET name = excluded.name, language = excluded.language,
                body = excluded.body, category = excluded.category, status = excluded.status,
                rejection_reason = excluded.rejection_reason, approved_at = excluded.approved_at,
                updated = excluded.updated""",
            (template.sid, template.name, template.language, template.body, template.examples, template.category,
             template.status, template.rejection_reason, template.approved_at, template.created, template.updated),
        )  # fmt: skip
        return template

    def get(self, sid: str) -> Template | None:
        row = self._db.execute("SELECT * FROM templates WHERE sid = ?", (sid,)).fetchone()
        return Template(*row) if row else None

    def all(self) -> list[Template]:
        return [Template(*row) for row in self._db.execute("SELECT * FROM templates ORDER BY created, rowid")]

    def forget(self) -> None:
        self._db.execute("DELETE FROM templates")


def iso_seconds(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
