"""Error pages. One page for "there is no such thing" and "it isn't yours to see" (A4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_SORRY, status=500)


_SORRY = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Something failed on our side</title>
<h1>Something failed on our side</h1><p>What you saw last is still there. Go back and try again in a minute.</p>"""
