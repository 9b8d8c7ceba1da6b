"""The mail providers whose webhooks we take: anymail checks and reads them; a mail is kept to the byte where it can be.

    mailgun     signs each request with a key
    postmark    posts to https://USER:PASSWORD@our.host/…; so does
    sendgrid    (inbound parse, and event webhook)

EMAIL_WEBHOOK_SECRET is Mailgun's "HTTP webhook signing key", or USER:PASSWORD.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks import mailgun, postmark, sendgrid
from django.conf import settings

from channels_email.models import RequestKind
from channels_email.posted import Posted

SIGNATURE_LASTS = 12 * 60 * 60  # seconds; Mailgun posts again for eight hours


class NotSigned(Exception):
    """It isn't from the provider, as far as one can tell."""


@dataclass(frozen=True)
class Delivered:
    """A mail that a provider took in for us, and the addresses that it came to."""

    raw: bytes
    recipients: list[str]


@dataclass(frozen=True)
class Provider:
    """`whole_mail`: the mail to the byte where the provider posts it so, else None. `signs`: it signs each request,
    and doesn't only name itself. `servers`: under which names its servers write what they found out about a sender.
    """

    name: str
    views: dict[RequestKind, Callable[..., Any]]
    whole_mail: Callable[[Posted], Delivered | None]
    signs: bool = False
    is_fresh: Callable[[Posted], bool] = lambda _posted: True
    servers: frozenset[str] = frozenset()

    def view(self, kind: RequestKind) -> Any:
        secret = settings.EMAIL_WEBHOOK_SECRET
        if self.signs:
            return self.views[kind](webhook_signing_key=secret, webhook_secret=[])
        return self.views[kind](webhook_secret=[secret])

    def check(self, posted: Posted, kind: RequestKind) -> None:
        """Raises NotSigned. Without a secret of ours nothing is signed."""
        try:
            if not settings.EMAIL_WEBHOOK_SECRET or not self.is_fresh(posted):
                raise NotSigned
            self.view(kind).run_validators(posted)
        except (AnymailWebhookValidationFailure, ValueError, KeyError, TypeError) as why:
            raise NotSigned from why

    def mail(self, posted: Posted) -> Delivered:
        """Raises whatever anymail raises for what it can't read."""
        if whole := self.whole_mail(posted):
            return whole
        (event,) = self.view(RequestKind.MAIL).parse_events(posted)
        recipient = event.message.envelope_recipient
        return Delivered(_bytes_of(event.message), [str(recipient)] if recipient else [])


def _bytes_of(message: Any) -> bytes:
    try:
        return bytes(message.as_bytes())
    except (UnicodeError, LookupError, ValueError):
        return str(message.as_string()).encode("utf-8", "replace")


def _of_mailgun(posted: Posted) -> Delivered | None:
    raw = posted.fields.get("body-mime")
    return None if raw is None else Delivered(raw, _addresses(posted.POST.get("recipient", "")))


def _of_postmark(posted: Posted) -> Delivered | None:
    event = json.loads(posted.body)
    raw = event.get("RawEmail")
    if not raw:
        return None
    return Delivered(raw.encode("utf-8", "surrogateescape"), _addresses(event.get("OriginalRecipient") or ""))


def _of_sendgrid(posted: Posted) -> Delivered | None:
    raw = posted.fields.get("email")
    if raw is None:
        return None
    envelope = json.loads(posted.POST.get("envelope") or "{}")
    return Delivered(raw, [str(each) for each in envelope.get("to", [])])


def _addresses(text: str) -> list[str]:
    return [each for part in str(text).split(",") if (each := part.strip())]


def _is_fresh_at_mailgun(posted: Posted) -> bool:
    """Its signature says nothing about the mail, so one that was seen somewhere must not serve for ever."""
    if posted.content_type == "application/json":
        signed_at = json.loads(posted.body)["signature"]["timestamp"]
    else:
        signed_at = posted.POST["timestamp"]
    return abs(time.time() - int(signed_at)) < SIGNATURE_LASTS


PROVIDERS = {
    each.name: each
    for each in (
        Provider(
            "mailgun",
            {
                RequestKind.MAIL: mailgun.MailgunInboundWebhookView,
                RequestKind.REPORT: mailgun.MailgunTrackingWebhookView,
            },
            _of_mailgun,
            signs=True,
            is_fresh=_is_fresh_at_mailgun,
            servers=frozenset({f"mx{letter}.{region}mailgun.org" for letter in "ab" for region in ("", "eu.")}),
        ),
        Provider(
            "postmark",
            {
                RequestKind.MAIL: postmark.PostmarkInboundWebhookView,
                RequestKind.REPORT: postmark.PostmarkTrackingWebhookView,
            },
            _of_postmark,
        ),
        Provider(
            "sendgrid",
            {
                RequestKind.MAIL: sendgrid.SendGridInboundWebhookView,
                RequestKind.REPORT: sendgrid.SendGridTrackingWebhookView,
            },
            _of_sendgrid,
        ),
    )
}
