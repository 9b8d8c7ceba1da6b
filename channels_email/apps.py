from django.apps import AppConfig


class ChannelsEmailConfig(AppConfig):
    """Email as a channel: letters out and in, reply addresses, files, returned mail, the mail webhooks."""

    name = "channels_email"
    verbose_name = "Email"

    def ready(self) -> None:
        from channels_email.channel import EmailChannel
        from inbox import channels

        channels.register(EmailChannel())
