"""What a provider with an API reports on mails of ours, instead of returning them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from anymail.signals import EventType

from channels_email import addresses, bounces, failures
from channels_email.models import RequestKind
from channels_email.posted import Posted
from channels_email.providers import Provider
from inbox import delivery, receiving
from inbox.models import DeliveryAttempt
from inbox.rules import AttemptStatus

FAILED = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
NO_REASON = 550  # the provider knows that the address took nothing, and not why


class Unreadable(Exception):
    """A report that nobody understands; its words say why."""


def heed(provider: Provider, body: bytes) -> None:
    """Bring each attempt that a report names forward. Mails of the platform's own are reported too, and none of ours.

    That the next mail server took a mail isn't shown as delivered: it may still return it. The word is kept.
    """
    told = [(attempt, event) for event in _events(provider, body) if (attempt := _attempt_of(event))]
    receiving.lock_conversations(_concerned_by(attempt for attempt, _event in told))
    for attempt, event in told:
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


def _events(provider: Provider, body: bytes) -> list[Any]:
    """Raises Unreadable for what anymail doesn't understand, now or later."""
    posted = Posted(meta={}, content_type="application/json", body=body)
    try:
        return list(provider.view(RequestKind.REPORT).parse_events(posted))
    except Exception as error:
        raise Unreadable(f"No report could be read from it: {type(error).__name__}.") from error


def _concerned_by(attempts: Iterable[UUID]) -> set[int]:
    """The conversations of these attempts, and all others with their recipients: whose pages may change."""
    places = DeliveryAttempt.objects.filter(uuid__in=list(attempts)).values_list(
        "message__conversation", "message__conversation__company", "message__recipient"
    )
    others = {pk for _own, company_id, address in places for pk in bounces.conversations_with(company_id, address)}
    return {own for own, _company_id, _address in places} | others


def _attempt_of(event: Any) -> UUID | None:
    """By the attempt that we gave with the mail; else by its Message-ID."""
    given = str((event.metadata or {}).get("attempt", ""))
    try:
        return UUID(given)
    except ValueError:
        named = addresses.attempts_of([str(event.message_id or "")])
        return named[0].uuid if named else None
