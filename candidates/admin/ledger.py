"""The consent ledger, to be read: by a company's admin her own, by the operator all of it (O11, A5)."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import AuditAction
from accounts.sites import CompanyModelAdmin, Heading, admin_of, column, company_of, company_site
from candidates import consent_export, phone_numbers
from candidates.consent_rules import EventKind, Source
from candidates.event_details import in_words
from candidates.models import ConsentEvent


class ChoicesFilter(admin.SimpleListFilter):
    choices_of: Any

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return list(self.choices_of.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConsentEvent]) -> QuerySet[ConsentEvent]:
        if self.value() not in self.choices_of.values:
            return queryset
        return queryset.filter(**{str(self.parameter_name): self.value()})


class KindFilter(ChoicesFilter):
    title, parameter_name, choices_of = _("What"), "kind", EventKind


class SourceFilter(ChoicesFilter):
    title, parameter_name, choices_of = _("Source"), "source", Source


class ChannelFilter(admin.SimpleListFilter):
    title, parameter_name = _("Channel"), "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("sms", "SMS"), ("whatsapp", "WhatsApp")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConsentEvent]) -> QuerySet[ConsentEvent]:
        return queryset.filter(consent__channel=self.value()) if self.value() else queryset


class Ledger(CompanyModelAdmin):
    """What each address agreed to or refused: no names of people, for consent belongs to the address (O10)."""

    company_path = "consent__company"
    heading, label, icon, position = Heading.MESSAGING, _("Consent events"), "eye", 30
    change_list_template = "settings/ledger.html"
    list_display = ("when", "address", "channel", "what", "whence", "by", "do")
    list_select_related = ("consent", "by_user", "text")
    list_filter = (KindFilter, ChannelFilter, SourceFilter)
    search_fields = ("consent__address",)
    search_help_text = _("Phone number")
    ordering = ("-pk",)
    sortable_by = ()
    wide_columns = frozenset({"channel", "whence", "by"})

    when = column(_("When"))
    what = column(_("What"))
    whence = column(_("Source"))
    by = column(_("By"))
    address = column(_("Address"))
    channel = column(_("Channel"))
    do = column(_("Action"))

    def more_urls(self) -> list[URLPattern]:
        return [self.at("export/", self.export_view, "export")]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By a number however it is written, or by some of its digits."""
        if not search_term.strip():
            return queryset, False
        try:
            found = Q(consent__address=phone_numbers.parse(search_term).e164)
        except phone_numbers.BadNumber:
            digits = "".join(character for character in search_term if character in "0123456789")
            found = Q(consent__address__contains=digits) if digits else Q(pk=None)
        return queryset.filter(found), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One event with all that is known of it, and those of the same address."""
        event = self.get_queryset(request).select_related(*self.list_select_related).filter(pk=object_id).first()
        if event is None or request.method == "POST":
            raise Http404
        others = event.consent.events.select_related("by_user").order_by("-pk")[:100]
        facts = {"event": event, "others": others, "details": in_words(event.details)}
        return self.page_of(request, "settings/consent_event.html", back=self.url("changelist"), **facts)

    def export_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """What the list shows now, all pages of it, as a file; the trail tells of it (A5)."""
        if request.method != "POST":
            raise Http404
        found = self.list_beside(request)
        if found is None:
            raise Http404
        events, count = found.queryset, found.result_count
        words = ngettext("%(count)s consent event", "%(count)s consent events", count) % {"count": count}
        audit.record(company_of(request), AuditAction.EXPORTED, by=admin_of(request), words=words)
        response = StreamingHttpResponse(consent_export.lines(events), content_type="text/csv; charset=utf-8")
        name = f"consent-events-{timezone.localdate():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


@admin.register(ConsentEvent)
class OperatorsLedger(admin.ModelAdmin):
    """Nobody writes it by hand."""

    list_display = ("at", "consent__company", "address", "consent__channel", "kind", "source", "by_user")
    list_filter = ("kind", "source", ("consent__company", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("consent__company", "by_user")
    ordering = ("-pk",)
    exclude = ("salt", "digest")
    show_full_result_count = False

    @admin.display(description=_("Address"))
    def address(self, event: ConsentEvent) -> str:
        return phone_numbers.display(event.consent.address)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ConsentEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ConsentEvent | None = None) -> bool:
        return False


company_site.register(ConsentEvent, Ledger)
