"""The pool of sending numbers: a company's own, to be read; all of them, for the operator to find whose one is."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.sites import CompanyModelAdmin, Heading, admin_of, column, company_of, company_site
from candidates import phone_numbers
from channels_sms import pool, releasing
from channels_sms.models import Route, SenderNumber
from inbox.backlog import backlogs


class Numbers(CompanyModelAdmin):
    heading, label, icon, position = Heading.MESSAGING, _("Sending numbers"), "phone", 10
    rows_have_pages = False
    change_list_template = "settings/numbers.html"
    list_display = ("number", "country", "state", "pace", "wish")
    list_display_links = None
    ordering = ("country", "number")
    wide_columns = frozenset({"wish"})

    state = column(_("State"), ordering="retired_at")
    pace = column(_("Texts a second"), ordering="per_second")

    def is_offered(self, request: HttpRequest) -> bool:
        return company_of(request).has_smartmessage

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().list_context(request) | {"used_up": releasing.used_up(company_of(request))}

    def dressed(self, request: HttpRequest, rows: list[Any]) -> list[Any]:
        waiting = backlogs("sms", [number.number for number in rows])
        for number in rows:
            number.country_name = phone_numbers.country_name(number.country)
            number.backlog = waiting.get(number.number)
        return rows


class RouteFilter(admin.SimpleListFilter):
    title, parameter_name = _("State"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("live", _("In use")), ("released", _("Released"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Route]) -> QuerySet[Route]:
        is_live = {"live": True, "released": False}.get(self.value() or "")
        return queryset if is_live is None else queryset.filter(released_at__isnull=is_live)


class Routes(CompanyModelAdmin):
    """Which number texts which phone, for what; nothing of what was said. One is released on its own page."""

    company_path = "sender_number__company"
    heading, label, icon, position = Heading.MESSAGING, _("Numbers in use"), "link", 12
    change_list_template = "settings/routes.html"
    list_display = ("phone", "ours", "about", "last", "state", "do")
    list_filter = (RouteFilter,)
    search_fields = ("address",)
    search_help_text = _("Phone number")
    ordering = ("-pk",)
    wide_columns = frozenset({"about", "last", "state"})

    phone = column(_("Phone"), ordering="address")
    ours = column(_("Our number"), ordering="sender_number__number")
    about = column(_("For"))
    last = column(_("Last message"), ordering="conversation__last_message_at")
    state = column(_("State"), ordering="released_at")
    do = column(_("Action"))

    def is_offered(self, request: HttpRequest) -> bool:
        return company_of(request).has_smartmessage

    def get_queryset(self, request: HttpRequest) -> QuerySet[Route]:
        records = ("conversation__application__job", "conversation__prospect__community")
        return super().get_queryset(request).select_related("sender_number", *records)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By a number as people write it, whole or in part."""
        digits = "".join(character for character in search_term if character.isdigit())
        return (queryset.filter(address__contains=digits) if digits else queryset), False

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().list_context(request) | {"used_up": releasing.used_up(company_of(request))}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        route = self.get_queryset(request).filter(pk=object_id).first()
        if route is None:
            raise Http404
        if request.method == "POST":
            if releasing.release(route, by=admin_of(request)):
                messages.success(request, _("Released. Another conversation can use this number now."))
            else:
                messages.warning(request, _("It was released before. Nothing was changed."))
            return self.back_to_list(request)
        return self.page_of(request, "settings/route.html", route=route)


@admin.register(SenderNumber)
class OperatorsNumbers(admin.ModelAdmin):
    """Numbers come and go on their company's page; here one finds whose a number is, and takes it out of use."""

    list_display = ("number", "country", "wish", "company", "retired_at")
    actions = ("retire", "bring_back")
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

    @admin.action(description=_("Take out of use: conversations move on with their next text"))
    def retire(self, request: HttpRequest, queryset: QuerySet[SenderNumber]) -> None:
        changed = sum(pool.retire(number, by=admin_of(request)) for number in queryset)
        words = ngettext(
            "%d number is out of use. Replies to it arrive where they did.",
            "%d numbers are out of use. Replies to them arrive where they did.",
            changed,
        )
        messages.success(request, words % changed)

    @admin.action(description=_("Bring back into use"))
    def bring_back(self, request: HttpRequest, queryset: QuerySet[SenderNumber]) -> None:
        changed = sum(pool.bring_back(number, by=admin_of(request)) for number in queryset)
        messages.success(
            request, ngettext("%d number is in use again.", "%d numbers are in use again.", changed) % changed
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SenderNumber | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SenderNumber | None = None) -> bool:
        return False


company_site.register(SenderNumber, Numbers)
company_site.register(Route, Routes)
