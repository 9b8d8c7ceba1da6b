"""What the ledger holds on the person of a conversation, as a page shows it (O11)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from candidates.consent_rules import EventKind, Source
from inbox import channels
from inbox.asking import Question, Rows
from inbox.channels import EMAIL, Words
from inbox.models import Conversation

MOST = 20  # that a page shows of a channel

LEDGER = """
SELECT consent.channel, consent.id AS consent_id, event.kind, event.at, event.words, event.source, event.details,
       author.name AS by_name, text.version
FROM unnest(%(ledger_channels)s::text[], %(ledger_addresses)s::text[]) known (channel, address)
JOIN candidates_consent consent
  ON consent.company_id = %(company)s AND consent.channel = known.channel AND consent.address = known.address
CROSS JOIN LATERAL (
    SELECT * FROM candidates_consentevent event WHERE event.consent_id = consent.id
    ORDER BY event.id DESC LIMIT %(most_events)s
) event
LEFT JOIN accounts_user author ON author.id = event.by_user_id
LEFT JOIN candidates_consenttext text ON text.id = event.text_id
ORDER BY event.id DESC"""


@dataclass(frozen=True)
class Line:
    """An event of consent. `by_name`: the user who did it; `version`: of the words that were agreed to."""

    channel: str
    consent_id: int
    kind: EventKind
    at: datetime
    words: str
    source: Source
    details: Mapping[str, Any]
    by_name: str | None
    version: int | None

    @property
    def kind_words(self) -> Words:
        return self.kind.label

    @property
    def source_words(self) -> Words:
        return self.source.label


def question(conversation: Conversation) -> Question:
    """Of the person's present address on each channel."""
    known = {key: channel.address(conversation) for key, channel in channels.registered().items()}
    values = {
        "company": conversation.company_id,
        "ledger_channels": [key for key, address in known.items() if address],
        "ledger_addresses": [address for address in known.values() if address],
        "most_events": MOST,
    }
    return Question(LEDGER, values)


def read(answer: Rows) -> list[Line]:
    """The newest first."""
    found = []
    for row in answer:
        kind, source = EventKind(row.pop("kind")), Source(row.pop("source"))
        found.append(Line(kind=kind, source=source, at=datetime.fromisoformat(row.pop("at")), **row))
    return found


def shown(lines: Iterable[Line], channel: str) -> list[Line]:
    """Those of a channel; beside emails, of which the ledger holds nothing, those of all."""
    return [line for line in lines if channel in {line.channel, EMAIL}][:MOST]
