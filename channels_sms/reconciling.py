"""Texts whose webhook never reached us, for the pool of sending numbers."""

from datetime import datetime

from channels_sms.models import SenderNumber
from twilio_gateway import reconciling
from twilio_gateway.models import WebhookKind


def fetch_missed_texts(now: datetime) -> int:
    """Ask for what each of our numbers received, and take in what is unknown. Returns how many were missed."""
    numbers = SenderNumber.objects.values_list("number", flat=True)
    return reconciling.fetch_missed_texts(numbers, WebhookKind.SMS, now=now)
