from django.apps import AppConfig


class TwilioGatewayConfig(AppConfig):
    """The one wrapper around the `twilio` library: client, signatures, webhooks as they came, error codes."""

    name = "twilio_gateway"
    verbose_name = "Twilio"
