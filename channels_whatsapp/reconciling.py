"""Messages whose webhook never reached us, for our WhatsApp senders."""

from datetime import datetime

from channels_whatsapp import rules
from channels_whatsapp.models import WhatsAppSender
from twilio_gateway import reconciling
from twilio_gateway.models import WebhookKind


def fetch_missed_messages(now: datetime) -> int:
    """Ask for what each of our senders received, and take in what is unknown. Returns how many were missed."""
    addresses = [rules.to_wire(number) for number in WhatsAppSender.objects.values_list("number", flat=True)]
    return reconciling.fetch_missed_texts(addresses, WebhookKind.WHATSAPP, now=now)
