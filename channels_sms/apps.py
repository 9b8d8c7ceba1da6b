from django.apps import AppConfig


class ChannelsSmsConfig(AppConfig):
    """Texting by SMS: the pool of sending numbers, routes, the invitation, the webhook."""

    name = "channels_sms"
    verbose_name = "SMS"

    def ready(self) -> None:
        from channels_sms.channel import SmsChannel
        from inbox import channels

        channels.register(SmsChannel())
