"""What a provider with an API reports on mails of ours, instead of returning them."""

from typing import Any
from uuid import UUID

from anymail.signals import EventType

from channels_email import addresses, failures
from channels_email.models import RequestKind
from channels_email.posted import Posted
from channels_email.providers import Provider
from inbox import delivery
from inbox.rules import AttemptStatus

FAILED = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
NO_REASON = 550  # the provider knows that the address took nothing, and not why


def heed(provider: Provider, body: bytes) -> None:
    """Bring each attempt that a report names forward. Mails of the platform's own are reported too, and none of ours.

    That the next mail server took a mail isn't shown as delivered: it may still return it. The word is kept.
    """
    posted = Posted(meta={}, content_type="application/json", body=body)
    for event in provider.view(RequestKind.REPORT).parse_events(posted):
        attempt = _attempt_of(event)
        if attempt is None:
            continue
        words = f"{event.mta_response or ''} {event.description or ''}"
        if event.event_type in FAILED:
            code = failures.code_of(words=words) or NO_REASON
            delivery.report_status(
                attempt_uuid=attempt, provider_id="", word=AttemptStatus.FAILED.value, error_code=code
            )
        else:
            delivery.report_status(
                attempt_uuid=attempt, provider_id="", word=f"mail {event.event_type}", error_code=None
            )


def _attempt_of(event: Any) -> UUID | None:
    """By the attempt that we gave with the mail; else by its Message-ID."""
    given = str((event.metadata or {}).get("attempt", ""))
    try:
        return UUID(given)
    except ValueError:
        named = addresses.attempts_of([str(event.message_id or "")])
        return named[0].uuid if named else None
