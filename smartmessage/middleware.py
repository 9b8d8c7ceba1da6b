"""The composition root's part of each request's way."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve


class WebhooksFirst:
    """Webhooks go straight to their views: a machine has no session, language or frame to look after."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/webhooks/"):
            return self.get_response(request)
        try:
            found = resolve(request.path_info)
        except Http404:
            return self.get_response(request)  # whose page says so
        request.resolver_match = found
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response
