"""Texts whose webhook never reached us: Twilio keeps them, and its list repairs the loss (twilio.md §2)."""

import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

import requests
from django.conf import settings
from django.db import transaction
from twilio.base.exceptions import TwilioException

from twilio_gateway import client, webhooks
from twilio_gateway.models import WebhookKind, WebhookRequest

logger = logging.getLogger(__name__)

LOOKS_BACK = timedelta(days=2)
MOST = 1_000


def fetch_missed_texts(addresses: Iterable[str], kind: WebhookKind, *, now: datetime) -> int:
    """Ask for what each of these addresses of ours received, and take in what is unknown. Returns how many."""
    missed = 0
    for address in addresses:
        try:
            listed = client.newest_messages(recipient=address, since=now - LOOKS_BACK, most=MOST)
        except (TwilioException, requests.RequestException):
            logger.warning("the provider's list of texts can't be read; tried again later")
            return missed
        inbound = [row for row in listed if row.direction == "inbound"]
        keys = [row.sid for row in inbound]
        known = set(WebhookRequest.objects.filter(kind=kind, key__in=keys).values_list("key", flat=True))
        for row in sorted(inbound, key=lambda each: each.created_at):
            if row.sid not in known:
                missed += _take_in(row, kind)
    return missed


@transaction.atomic
def _take_in(listed: client.Listed, kind: WebhookKind) -> bool:
    parameters = {
        "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "MessageSid": listed.sid,
        "From": listed.sender,
        "To": listed.recipient,
        "Body": listed.body,
        "NumMedia": str(listed.attachments),
    }
    return webhooks.take_in(
        WebhookRequest(kind=kind, key=listed.sid, parameters=parameters, raw=json.dumps(parameters).encode())
    )
