from django.apps import AppConfig


class ChannelsWhatsAppConfig(AppConfig):
    """Texting by WhatsApp: senders, templates, the 24-hour window, the invitation, the webhook."""

    name = "channels_whatsapp"
    verbose_name = "WhatsApp"

    def ready(self) -> None:
        from channels_whatsapp.channel import WhatsAppChannel
        from inbox import channels

        channels.register(WhatsAppChannel())
