"""The provider's pages: sign in by name and password, OpenID Connect under /o/, and the stories' control."""

import json
from typing import Any

from django.contrib.auth import authenticate, login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import include, path
from django.utils.html import format_html
from oauth2_provider.models import Application

FORM = """<!doctype html><html lang="en"><title>Provider</title><h1>Sign in at the provider</h1><form method="post">
<input type="hidden" name="next" value="{}"><label>Name <input name="username"></label>
<label>Secret <input name="password" type="password"></label><button>Sign in</button></form></html>"""


def sign_in(request: HttpRequest) -> HttpResponse:
    onward = request.POST.get("next") or request.GET.get("next", "/")
    person = authenticate(request, username=request.POST.get("username"), password=request.POST.get("password"))
    if person is None:
        return HttpResponse(format_html(FORM, onward))
    login(request, person)
    return HttpResponseRedirect(onward)


def people(request: HttpRequest) -> HttpResponse:
    """Add a person, or change what is said of one."""
    told: dict[str, Any] = json.loads(request.body)
    person, _new = User.objects.get_or_create(username=told["username"])
    person.email, person.last_name = told["email"], "" if told["verified"] else "unverified"
    person.set_password(told["password"])
    person.save()
    return JsonResponse({"subject": str(person.pk)})


def clients(request: HttpRequest) -> HttpResponse:
    """Make a client known, and where its people come back to."""
    told: dict[str, Any] = json.loads(request.body)
    Application.objects.update_or_create(
        client_id=told["client_id"],
        defaults={
            "name": told["name"],
            "client_secret": told["secret"],
            "client_type": Application.CLIENT_CONFIDENTIAL,
            "authorization_grant_type": Application.GRANT_AUTHORIZATION_CODE,
            "redirect_uris": told["redirect_uri"],
            "skip_authorization": True,
            "algorithm": Application.RS256_ALGORITHM,
        },
    )
    return JsonResponse({})


urlpatterns = [
    path("sign-in/", sign_in),
    path("control/people/", people),
    path("control/clients/", clients),
    path("o/", include("oauth2_provider.urls")),
]
