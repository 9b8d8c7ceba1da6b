"""Webhooks that were kept aside or failed, for the operator."""

from django.contrib import admin
from django.http import HttpRequest

from twilio_gateway.models import WebhookRequest


@admin.register(WebhookRequest)
class WebhookRequestAdmin(admin.ModelAdmin):
    list_display = ("received_at", "kind", "state", "problem", "tries", "key")
    list_filter = ("state", "kind")
    exclude = ("raw",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: WebhookRequest | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WebhookRequest | None = None) -> bool:
        return False
