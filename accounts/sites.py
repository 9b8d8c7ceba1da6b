"""Two administrations: the operator's over all companies, and each company's own at /settings/."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User


class GuardedSite(AdminSite):
    """One door for everybody: the throttled sign-in page. Who is signed in and has no business here sees nothing."""

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        query = urlencode({"next": request.GET.get("next", request.get_full_path())})
        return HttpResponseRedirect(f"{reverse('account_login')}?{query}")


class PlatformSite(GuardedSite):
    site_title = site_header = _("SmartMessage operator")
    index_title = _("All companies")


class CompanySite(GuardedSite):
    """A company's own administration; every list in it is filtered to that company (S4)."""

    site_title = site_header = _("Settings / Admin")
    index_title = _("Your company")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_authenticated and user.is_active and user.is_company_admin and user.company_id)


def company_of(request: HttpRequest) -> Company:
    """The admin's company. Only the company's own site asks, and it lets nobody else in."""
    assert isinstance(request.user, User)
    assert request.user.company is not None
    return request.user.company


class CompanyModelAdmin(ModelAdmin):
    """A page of Settings / Admin: the rows of the admin's own company and no others (S4).

    `company_path` leads from a row to its company, as in a filter. What another company has isn't there: its
    rows answer like rows that don't exist.
    """

    company_path = "company"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(**{self.company_path: company_of(request)})

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


company_site = CompanySite(name="settings")
