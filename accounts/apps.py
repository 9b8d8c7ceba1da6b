from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Companies, subscriptions, users and seats; sign-in."""

    name = "accounts"
