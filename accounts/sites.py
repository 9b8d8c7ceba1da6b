"""Two administrations: the operator's over all companies, and each company's own at /settings/."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin, display
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet, TextChoices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, include, path, re_path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import signed_out_with_text
from accounts.models import Company, ConsentStyle, User
from accounts.seats import Meter
from accounts.settings_forms import Refused

View = Callable[..., HttpResponseBase]


class GuardedSite(AdminSite):
    """One door for everybody: the throttled sign-in page. Who is signed in and has no business here sees nothing."""

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        allowed: View = super().admin_view(view, cacheable)

        @wraps(allowed)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if self.has_permission(request):
                return allowed(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise Http404
            return signed_out_with_text(request) if request.method == "POST" else self.login(request)

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        query = urlencode({"next": request.GET.get("next", request.get_full_path())})
        return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{query}")


class PlatformSite(GuardedSite):
    """The operator's administration of our own rooms; what libraries keep in their tables is not edited by hand."""

    rooms = frozenset(
        {"accounts", "candidates", "inbox", "twilio_gateway", "channels_sms", "channels_whatsapp", "channels_email"}
    )
    site_title = site_header = _("SmartMessage operator")
    index_title = _("All companies")
    site_url = None  # the operator has no other pages

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label in self.rooms]
        super().register(ours, admin_class, **options)


class Heading(TextChoices):
    """The parts of the sidebar, in their order."""

    SETTINGS = "settings", _("Settings / Admin")
    PERMISSION = "permission", _("Permission")
    RECRUITING = "recruiting", _("Recruiting")
    MESSAGING = "messaging", _("Messaging")


@dataclass(frozen=True)
class Entry:
    """A link of the sidebar; `count` is how much waits there."""

    label: str
    url: str
    icon: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Group:
    key: str
    label: str
    entries: list[Entry] = field(default_factory=list)


class CompanySite(GuardedSite):
    """A company's own administration; every list in it is filtered to that company (S4)."""

    site_title = site_header = _("Settings / Admin")
    index_title = _("Your company")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_authenticated and user.is_active and user.is_company_admin and user.company_id)

    def get_urls(self) -> list[Any]:
        """The pages that were registered, and nothing else of Django's administration."""
        urls: list[Any] = [path("", self.admin_view(self.index), name="index")]
        for model, page in self._registry.items():
            urls.append(path(f"{model._meta.app_label}/{model._meta.model_name}/", include(page.get_urls())))
        return [*urls, re_path(r"(?P<url>.*)$", self.admin_view(self.catch_all_view))]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"navigation": self.navigation(request), "company": company_of(request), "site_title": self.site_title}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Where to find what; and how the company stands."""
        company = company_of(request)
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "seats": Meter.of(company),
            "box_gives_no_whatsapp": box_gives_no_whatsapp(company),
            "newest": company.audit_entries.select_related("by", "about")[:6],
        }
        return TemplateResponse(request, "settings/index.html", context)

    def navigation(self, request: HttpRequest) -> list[Group]:
        """The sidebar: what this company has, under its headings."""
        groups = {heading: Group(heading.value, str(heading.label)) for heading in Heading}
        pages = [page for page in self._registry.values() if isinstance(page, CompanyModelAdmin)]
        for page in sorted(pages, key=lambda page: page.position):
            if page.heading and page.is_offered(request):
                groups[page.heading].entries.append(page.entry(request))
        return [group for group in groups.values() if group.entries]


def box_gives_no_whatsapp(company: Company) -> bool:
    """Whether the company texts by WhatsApp and never asks for it: a single box gives no WhatsApp consent (O2)."""
    return company.consent_style == ConsentStyle.SINGLE and "whatsapp" in company.texting_channels()


def company_of(request: HttpRequest) -> Company:
    """The admin's company. Only the company's own site asks, and it lets nobody else in."""
    assert isinstance(request.user, User)
    assert request.user.company is not None
    return request.user.company


def admin_of(request: HttpRequest) -> User:
    """Who is at work in the settings."""
    assert isinstance(request.user, User)
    return request.user


class SettingsList(ChangeList):
    """A list of the settings: its head as our table draws it."""

    model_admin: "CompanyModelAdmin"

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = self.model_admin.dressed(request, list(self.result_list))

    def headers(self) -> Iterator[dict[str, Any]]:
        """Each column's words, and the link that sorts by it."""
        for name, header in zip(self.list_display, result_headers(self), strict=True):
            yield {**header, "name": name, "is_wide": name in self.model_admin.wide_columns}

    def url_of(self, row: Model) -> str:
        """The row's own page, which knows the way back to the list as it is now."""
        return self.model_admin.url("change", row.pk) + self.query_string()

    def query_string(self) -> str:
        """What the list was narrowed to; empty for all of it."""
        query = self.get_query_string()
        return query if len(query) > 1 else ""


def column(words: Any, *, ordering: str | None = None) -> Callable[[Any, Any], str]:
    """A column's head, and what sorts by it; its cells are the template's."""

    @display(description=words, ordering=ordering)
    def cell(page: Any, row: Any) -> str:
        return ""

    return cell


class RefusingAdmin(ModelAdmin):
    """Forms that an action may refuse: they come back with the reason and all that was typed."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        object_id = None if object_id is None else str(object_id)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:  # nothing of it is stored
            request.refusal = refused  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form


class CompanyModelAdmin(RefusingAdmin):
    """A page of Settings / Admin: the rows of the admin's own company and no others (S4).

    `company_path` leads from a row to its company, as in a filter. What another company has isn't there: its
    rows answer like rows that don't exist. `heading`, `label`, `icon` and `position` are the sidebar's; a page
    without a heading has no link there. Deletion and Django's own history are not offered: what is over is closed,
    and the audit trail tells of it.
    """

    company_path = "company"
    heading: ClassVar[Heading | None] = None
    label: Any = ""
    icon = "settings"
    position = 0
    wide_columns: ClassVar[frozenset[str]] = frozenset()
    change_list_template = "settings/list.html"
    change_form_template = "settings/form.html"
    list_per_page = 50
    show_full_result_count = False
    actions: Any = ()
    view_on_site = False
    rows_have_pages: ClassVar[bool] = True

    # --- what is offered to whom ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(**{self.company_path: company_of(request)})

    def is_offered(self, request: HttpRequest) -> bool:
        """Whether this company has such a page at all; where not, its addresses are those of nothing."""
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the page's own filters ask; Django would compare any column, a password's hash too."""
        return lookup in {getattr(each, "parameter_name", None) for each in self.list_filter}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Plain controls: those of Django's administration need its scripts."""
        return db_field.formfield(**kwargs)

    # --- addresses ---

    def get_urls(self) -> list[URLPattern]:
        """The list; the form for a new row, and each row's page, if they have any."""
        urls = [*self.more_urls(), self.at("", self.changelist_view, "changelist")]
        if self.rows_have_pages:
            urls += [
                self.at("add/", self.add_view, "add"),
                self.at("<int:object_id>/change/", self.change_view, "change"),
            ]
        return urls

    def more_urls(self) -> list[URLPattern]:
        """Pages of this model's own."""
        return []

    def at(self, route: str, view: View, name: str) -> URLPattern:
        """An address of this page; nobody gets past whom the site refuses, or whose company has no such page."""

        @wraps(view)
        def offered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.is_offered(request):
                raise Http404
            try:
                return view(request, *args, **kwargs)
            except PermissionDenied as nobody_may:
                raise Http404 from nobody_may

        return path(
            route, self.admin_site.admin_view(offered), name=f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        )

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"settings:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def entry(self, request: HttpRequest) -> Entry:
        """Its link in the sidebar."""
        url = self.url("changelist")
        return Entry(str(self.label), url, self.icon, self.waiting(request), request.path.startswith(url))

    def waiting(self, request: HttpRequest) -> int:
        """How much there is to do on this page."""
        return 0

    # --- pages ---

    def dressed(self, request: HttpRequest, rows: list[Any]) -> list[Any]:
        """The rows of one page of the list, with what only this page shows of them."""
        return rows

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SettingsList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"title": self.label, "page": self, **self.list_context(request), **(extra_context or {})}
        try:
            return super().changelist_view(request, context)
        except Refused as refused:  # by a bulk action: what was chosen stays chosen
            chosen = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
            cl = self.get_changelist_instance(request)
            return self.page_of(
                request, self.change_list_template, **context, cl=cl, refusal=refused, chosen_ids=chosen
            )

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        """What the list's page shows besides its rows."""
        return {"bulk": [(name, words) for name, words in self.get_action_choices(request) if name]}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return super().changeform_view(request, object_id, form_url, {"page": self, **(extra_context or {})})

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        raise Http404

    def list_beside(self, request: HttpRequest) -> ChangeList | None:
        """The list beside a row's form; the address carries what it was narrowed to."""
        try:
            return self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return None

    def back_to_list(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(self.url("changelist") + (f"?{query}" if query else ""))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.back_to_list(request)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self.back_to_list(request)

    def page_of(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        """A page of this model's own, in the frame of the settings."""
        context = {"title": self.label, **self.admin_site.each_context(request), "page": self, **context}
        return TemplateResponse(request, template, context)

    # --- an action saves everything, in `save_model` ---

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        raise NotImplementedError

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        return None

    # --- the audit trail tells what was done, in the words of the action that did it ---

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None


company_site = CompanySite(name="settings")
