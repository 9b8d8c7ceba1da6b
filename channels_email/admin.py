"""Mail as it came, and addresses that mail comes back from, for the operator."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_email.models import BouncedAddress, MailRequest

MOST_SHOWN = 50_000  # bytes of a mail


@admin.register(MailRequest)
class MailRequestAdmin(admin.ModelAdmin):
    """Those that failed are tried again by themselves; those that were kept aside wait for a look."""

    list_display = ("received_at", "kind", "provider", "state", "problem", "tries", "size")
    list_filter = ("state", "kind", "provider")
    ordering = ("-pk",)
    fields = ("received_at", "provider", "kind", "recipients", "size", "state", "problem", "tries", "content")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("as it came"))
    def content(self, row: MailRequest) -> str:
        if row.let_go_at:
            return _("No longer kept: it was understood long ago.")
        return bytes(row.raw)[:MOST_SHOWN].decode("utf-8", "replace")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: MailRequest | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MailRequest | None = None) -> bool:
        return False


@admin.register(BouncedAddress)
class BouncedAddressAdmin(admin.ModelAdmin):
    """Deleting one opens the address again, should a mail server have been wrong."""

    list_display = ("at", "company", "address", "code")
    list_filter = (("company", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("company",)
    search_fields = ("address",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: BouncedAddress | None = None) -> bool:
        return False
