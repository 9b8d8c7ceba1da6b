"""Two administrations: the operator's over all companies, and each company's own at /settings/."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


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


company_site = CompanySite(name="settings")
