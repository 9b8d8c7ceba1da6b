"""Settings / Admin, Audit trail: who did what, when, about whom (S1, A5)."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAction, AuditEntry
from accounts.sites import CompanyModelAdmin, Heading, column, company_site


class KindFilter(admin.SimpleListFilter):
    title, parameter_name = _("What"), "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return AuditAction.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(action=self.value()) if self.value() in AuditAction.values else queryset


class Trail(CompanyModelAdmin):
    heading, label, icon, position = Heading.SETTINGS, _("Audit trail"), "clock", 20
    rows_have_pages = False
    change_list_template = "settings/trail.html"
    list_display = ("when", "who", "what")
    list_display_links = None
    list_select_related = ("by", "about")
    list_filter = (KindFilter,)
    search_fields = ("by__name", "about__name", "words")
    search_help_text = _("Name, job or community")
    sortable_by = ()

    when = column(_("When"))
    who = column(_("Who"))
    what = column(_("What"))


@admin.register(AuditEntry)
class OperatorsTrail(admin.ModelAdmin):
    """Of all companies, to be read."""

    list_display = ("at", "company", "by", "action", "about", "words")
    list_select_related = ("company", "by", "about")
    list_filter = ("action", ("company", admin.RelatedOnlyFieldListFilter))
    search_fields = ("by__name", "about__name", "words")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False


company_site.register(AuditEntry, Trail)
