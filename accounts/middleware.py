"""Times are shown in the company's time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class CompanyTimeZoneMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/webhooks/") or not request.user.is_authenticated or not request.user.company:
            return self.get_response(request)
        with timezone.override(ZoneInfo(request.user.company.time_zone)):
            return self.get_response(request)
