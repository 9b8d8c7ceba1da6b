"""The consent ledger, to be read by the operator; nobody writes it by hand (O11)."""

from django.contrib import admin
from django.http import HttpRequest

from candidates.models import ConsentEvent


@admin.register(ConsentEvent)
class ConsentEventAdmin(admin.ModelAdmin):
    list_display = ("at", "consent", "kind", "source", "by_user")
    list_filter = ("kind", "source")
    list_select_related = ("consent", "by_user")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ConsentEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ConsentEvent | None = None) -> bool:
        return False
