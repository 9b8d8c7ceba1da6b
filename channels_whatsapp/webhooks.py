"""The WhatsApp webhook: a doorway. Signature, storage and repeats are `twilio_gateway.webhooks`'s."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from channels_whatsapp.receiving import receive_whatsapp
from twilio_gateway import webhooks
from twilio_gateway.models import WebhookKind, WebhookRequest


@csrf_exempt
@require_POST
def whatsapp(request: HttpRequest) -> HttpResponse:
    return webhooks.receive(request, WebhookKind.WHATSAPP, key_of=webhooks.message_sid)


def understand(row: WebhookRequest) -> None:
    receive_whatsapp(row.parameters, reference=f"webhook {row.pk}")
