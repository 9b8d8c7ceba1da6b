"""Error pages. One page for "there is no such thing" and "it isn't yours to see" (A4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Made without the database or a template: either may be what failed."""
    title = _("Something failed on our side")
    text = _("What you saw last is still there. Go back and try again in a minute.")
    page = '<!doctype html><html lang="{}"><meta charset="utf-8"><title>{}</title><h1>{}</h1><p>{}</p></html>'
    return HttpResponse(format_html(page, get_language(), title, title, text), status=500)
