from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Conversations, messages, the outbox and its dispatch, notifications, live updates; the Messages tab."""

    name = "inbox"
