"""The pool of sending numbers: a company's own, to be read; all of them, for the operator to find whose one is."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.sites import CompanyModelAdmin, Heading, company_of, company_site
from candidates import phone_numbers
from channels_sms.models import SenderNumber


class Numbers(CompanyModelAdmin):
    heading, label, icon, position = Heading.MESSAGING, _("Sending numbers"), "phone", 10
    rows_have_pages = False
    change_list_template = "settings/numbers.html"
    list_display = ("number", "country", "wish")
    list_display_links = None
    ordering = ("country", "number")
    wide_columns = frozenset({"wish"})

    def is_offered(self, request: HttpRequest) -> bool:
        return company_of(request).has_smartmessage

    def dressed(self, request: HttpRequest, rows: list[Any]) -> list[Any]:
        for number in rows:
            number.country_name = phone_numbers.country_name(number.country)
        return rows


@admin.register(SenderNumber)
class OperatorsNumbers(admin.ModelAdmin):
    """Numbers come and go on their company's page; here one finds whose a number is."""

    list_display = ("number", "country", "wish", "company")
    list_filter = ("country", ("company", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("company",)
    search_fields = ("number", "wish", "company__name")
    ordering = ("company__name", "number")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Also by a number as people write it."""
        try:
            return queryset.filter(Q(number=phone_numbers.parse(search_term).e164)), False
        except phone_numbers.BadNumber:
            return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SenderNumber | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SenderNumber | None = None) -> bool:
        return False


company_site.register(SenderNumber, Numbers)
