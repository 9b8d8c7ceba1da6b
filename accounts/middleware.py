"""What each request of a signed-in user passes: her company's time zone, its demand of a second factor, and a note
that she is here."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts import attendance, second_factor


class CompanyTimeZoneMiddleware:
    """Times are shown in the company's time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/webhooks/") or not request.user.is_authenticated or not request.user.company:
            return self.get_response(request)
        with timezone.override(ZoneInfo(request.user.company.time_zone)):
            return self.get_response(request)


class LastSeenMiddleware:
    """Who asks for a page is here; what an open page asks for by itself says nothing of her."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and not request.headers.get("HX-Request") and request.user.is_authenticated:
            attendance.note(request.user)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Who owes a second factor is led to setting one up, whatever she asked for; any new page is closed to her too.

    Who isn't signed in (a person at a public form, Twilio at a webhook) owes none.
    """

    OPEN = frozenset(
        {
            "mfa_index",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "account_reauthenticate",
            "logout",
            "healthz",
            "livez",
        }
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not second_factor.is_owed(request.user):
            return None
        request.owes_second_factor = True  # type: ignore[attr-defined]  # templates leave out what is closed
        if request.resolver_match is not None and request.resolver_match.view_name in self.OPEN:
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return HttpResponseRedirect(reverse("mfa_index"))
