"""Settings / Admin: jobs and communities with their teams. Who manages them here reads none of their records (A5)."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.settings_forms import SettingsForm
from accounts.sites import CompanyModelAdmin, Heading, admin_of, column, company_of, company_site
from candidates import groups
from candidates.models import Community, Job


class TeamField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, user: User) -> str:
        return user.name if user.is_active else _("%(name)s (deactivated)") % {"name": user.name}


class GroupForm(SettingsForm):
    team = TeamField(queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group: Any = self.instance
        may_stay = Q(is_active=True)
        if group.pk:
            may_stay |= Q(pk__in=group.team.values("pk"))
            self.fields["team"].initial = group.team.all()
        people = User.objects.filter(may_stay, company=group.company_id or self.company)
        self.fields["team"].queryset = people.order_by("-is_active", "name")  # type: ignore[attr-defined]
        self.fields["team"].label = type(group)._meta.get_field("team").verbose_name
        self.fields["description"].widget.attrs["rows"] = 12
        self.fields["description"].help_text = _(
            "Plain text. Lines that begin with a dash are a list; a short line above a list is its heading."
        )

    company: Any = None


class JobForm(GroupForm):
    class Meta:
        model = Job
        fields = ("title", "location", "description", "team")


class CommunityForm(GroupForm):
    class Meta:
        model = Community
        fields = ("name", "description", "team")


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("State"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("open", _("Open")), ("closed", _("Closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        is_open = {"open": True, "closed": False}.get(self.value() or "")
        return queryset if is_open is None else queryset.filter(closed_at__isnull=is_open)


class Groups(CompanyModelAdmin):
    """What jobs and communities have in common."""

    heading = Heading.RECRUITING
    change_list_template, change_form_template = "settings/groups.html", "settings/group.html"
    list_filter = (StateFilter,)
    wide_columns = frozenset({"team_size", "made"})
    new: ClassVar[Any]
    one: ClassVar[Any]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        on_team = Count("team", filter=Q(team__is_active=True))
        groups_of_company: QuerySet[Any] = super().get_queryset(request).annotate(members=on_team)
        return groups_of_company

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def more_urls(self) -> list[URLPattern]:
        return [self.at("<int:object_id>/do/", self.do_view, "do")]

    team_size = column(gettext_lazy("Team"), ordering="members")
    made = column(gettext_lazy("Made"), ordering="made_at")
    state = column(gettext_lazy("State"), ordering="closed_at")
    do = column(gettext_lazy("Action"))

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        addresses = {"page_url": self.url("changelist"), "add_url": self.url("add"), "new": self.new, "one": self.one}
        return {**super().list_context(request), **addresses}

    def dressed(self, request: HttpRequest, rows: list[Any]) -> list[Any]:
        for group in rows:
            group.change_url = self.url("change", group.pk)
        return rows

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.company = company_of(request)
        return form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        group = context["original"]
        more = {
            "title": group.title if group else self.new,
            "back": self.url("changelist"),
            "do_url": self.url("do", group.pk) if group else "",
            "form_address": request.build_absolute_uri(group.form_url()) if group else "",
        }
        return super().render_change_form(request, {**context, **more}, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.company = company_of(request)
        groups.save(obj, team=form.cleaned_data["team"], by=admin_of(request))
        messages.success(request, _("Saved: %(title)s.") % {"title": obj.title})

    def do_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Close it, or open it again."""
        group = self.model._default_manager.filter(company=company_of(request), pk=object_id).first()
        known = {"close": groups.close, "reopen": groups.reopen}
        action = known.get(request.POST.get("what", ""))
        if group is None or request.method != "POST" or action is None:
            raise Http404
        action(group, by=admin_of(request))
        words = _("%(title)s is closed. Its threads stay.") if group.closed_at else _("%(title)s is open again.")
        messages.success(request, words % {"title": group.title})
        return HttpResponseRedirect(self.url("change", group.pk))


class Jobs(Groups):
    label, icon, position = gettext_lazy("Jobs"), "briefcase", 10
    new, one = gettext_lazy("Add job"), gettext_lazy("Job")
    form = JobForm
    list_display = ("title", "team_size", "state", "made", "do")
    search_fields = ("title", "location")
    ordering = ("title", "pk")


class Communities(Groups):
    """For SmartCRM subscribers; for others there is no such page (F2)."""

    label, icon, position = gettext_lazy("Communities"), "community", 20
    new, one = gettext_lazy("Add community"), gettext_lazy("Community")
    form = CommunityForm
    list_display = ("name", "team_size", "state", "made", "do")
    search_fields = ("name",)
    ordering = ("name", "pk")

    def is_offered(self, request: HttpRequest) -> bool:
        return company_of(request).has_smartcrm


company_site.register(Job, Jobs)
company_site.register(Community, Communities)
