"""Unmatched replies, for the company's admin, who attaches them, and for the operator, who reads them (I7).

For the operator also: what admins were told of, and pauses in sending."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.sites import CompanyModelAdmin, Heading, admin_of, column, company_of, company_site
from inbox import pauses, unmatched
from inbox.hours_admin import HoursPage
from inbox.models import OptOutHold, ProblemReport, SendingHours, SendingPause, UnmatchedReply
from inbox.views import conversation_of

READ_ONLY = ("channel", "kind", "sender", "is_doubtful", "recipient", "subject", "body", "attachments", "attached")


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("State"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("waiting", _("Waiting")), ("attached", _("Attached"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[UnmatchedReply]) -> QuerySet[UnmatchedReply]:
        waits = {"waiting": True, "attached": False}.get(self.value() or "")
        return queryset if waits is None else queryset.filter(attached_to__isnull=waits)


class UnmatchedReplies(CompanyModelAdmin):
    """Everything of it stays as it came; choosing a record puts it into that conversation, once."""

    heading, label, icon, position = Heading.MESSAGING, gettext_lazy("Unmatched replies"), "question", 40
    change_list_template = "settings/unmatched.html"
    list_display = ("when", "sender_shown", "text", "state", "do")
    list_filter = (StateFilter,)
    wide_columns = frozenset({"state"})

    when = column(gettext_lazy("When"), ordering="pk")
    sender_shown = column(gettext_lazy("From"), ordering="sender")
    text = column(gettext_lazy("Text"))
    state = column(gettext_lazy("State"))
    do = column(gettext_lazy("Action"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnmatchedReply]:
        related = ("attached_to__application__job", "attached_to__prospect__community")
        held = OptOutHold.objects.open().filter(reply=OuterRef("pk"), company=company_of(request))
        found: QuerySet[UnmatchedReply] = super().get_queryset(request).select_related(*related)
        return found.annotate(is_held=Exists(held))

    def waiting(self, request: HttpRequest) -> int:
        return UnmatchedReply.objects.filter(company=company_of(request), attached_to=None).count()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The reply, and the records it may belong to, the most likely first."""
        reply = self.get_queryset(request).filter(pk=object_id).first()
        if reply is None:
            raise Http404
        company, words, problem = company_of(request), request.GET.get("q", "").strip()[:100], ""
        if request.method == "POST":
            record = unmatched.record_of(request.POST.get("record", ""), company)
            if record is not None:
                if unmatched.attach(reply, conversation_of(record), by=admin_of(request)):
                    messages.success(request, _("Attached. The team of that record sees it now."))
                else:
                    messages.warning(request, _("Somebody attached it before you. Nothing was changed."))
                return self.back_to_list(request)
            problem = _("Choose the record that it belongs to.")
        return self.page_of(
            request,
            "settings/unmatched_reply.html",
            reply=reply,
            words=words,
            likely=unmatched.likely_records(reply, company),
            found=unmatched.records_called(words, company),
            problem=problem,
        )


class ProblemsOfACompany(CompanyModelAdmin):
    """What users told the admins of: why texts fail that nobody of the team can mend."""

    heading, label, icon, position = Heading.MESSAGING, gettext_lazy("Sending problems"), "alert-circle", 50
    change_list_template = "settings/problems.html"
    rows_have_pages = False
    list_display = ("when", "channel_shown", "why", "who")

    when = column(gettext_lazy("When"), ordering="pk")
    channel_shown = column(gettext_lazy("Channel"), ordering="channel")
    why = column(gettext_lazy("Why texts fail"), ordering="code")
    who = column(gettext_lazy("Told by"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProblemReport]:
        return super().get_queryset(request).select_related("reported_by")

    def more_urls(self) -> list[URLPattern]:
        return [self.at("try-now/", self.try_now_view, "try")]

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        """A pause stands above what was told, for an admin is seldom on the team whose thread says so."""
        texting = set(company_of(request).texting_channels())
        paused = [each for each in pauses.open_ones() if texting & set(each.channels)]
        return super().list_context(request) | {"paused": paused}

    def try_now_view(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            pauses.try_now()
            messages.success(request, _("It is tried now. Once it works, sending goes on by itself."))
        return HttpResponseRedirect(self.url("changelist"))


@admin.register(UnmatchedReply)
class OperatorsUnmatchedReplies(admin.ModelAdmin):
    """Texts that are meant for no single company are here to be given to one, whose admin attaches them (W5);
    all others to be read."""

    list_display = ("received_at", "company", "channel", "sender", "recipient", "attached")
    list_filter = (("company", admin.RelatedOnlyFieldListFilter), ("attached_to", admin.EmptyFieldListFilter))
    list_select_related = ("company",)
    fields = ("received_at", "company", *READ_ONLY)
    readonly_fields = ("received_at", *READ_ONLY)

    @admin.display(boolean=True, description=gettext_lazy("attached"))
    def attached(self, reply: UnmatchedReply) -> bool:
        return reply.attached_to_id is not None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: UnmatchedReply | None = None) -> bool:
        return obj is None or (obj.company_id is None and obj.attached_to_id is None)

    def save_model(self, request: HttpRequest, obj: UnmatchedReply, form: Any, change: bool) -> None:
        if obj.company is not None and not unmatched.give_to(obj, obj.company, by=admin_of(request)):
            messages.warning(request, _("Somebody gave it to a company before you. Nothing was changed."))

    def has_delete_permission(self, request: HttpRequest, obj: UnmatchedReply | None = None) -> bool:
        return False


class ToBeRead(admin.ModelAdmin):
    """What happened: nobody writes it by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ProblemReport)
class ProblemReports(ToBeRead):
    """Failures that users told their admins of."""

    list_display = ("at", "company", "channel", "code", "reported_by")
    list_filter = (("company", admin.RelatedOnlyFieldListFilter), "channel")
    list_select_related = ("company", "reported_by")


@admin.register(SendingPause)
class SendingPauses(ToBeRead):
    """When an account took nothing; an open one can be tried at once."""

    list_display = ("account", "code", "began_at", "probes", "probe_at", "ended_at")
    actions = ("try_now",)

    @admin.action(description=gettext_lazy("Try now whether it works again"))
    def try_now(self, request: HttpRequest, queryset: QuerySet[SendingPause]) -> None:
        pauses.try_now()
        messages.success(request, _("It is tried now. Once it works, sending goes on by itself."))


company_site.register(UnmatchedReply, UnmatchedReplies)
company_site.register(ProblemReport, ProblemsOfACompany)
company_site.register(SendingHours, HoursPage)
