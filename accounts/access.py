"""The door: who isn't signed in gets the sign-in page, or a 401 where a page asked for a fragment."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts.models import User

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request of a user who is signed in; `htmx` is true where a page asks for a fragment."""

    user: User
    htmx: bool


View = Callable[Concatenate[SignedInRequest, P], HttpResponse]


def signed_in(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Only for users of a company. A form that was posted without a session loses nothing of what was typed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated and request.user.company_id:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("admin:index"))
        if getattr(request, "htmx", False):
            return HttpResponse(status=401)
        if request.method == "POST":
            return signed_out_with_text(request)
        return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", guarded)


def signed_out_with_text(request: HttpRequest, status: int = 401) -> HttpResponse:
    """The session ended while the user was writing: say so, and give the words back."""
    context = {"typed": request.POST.get("body", ""), "next": request.POST.get("back", "/")}
    return render(request, "accounts/signed_out.html", context, status=status)
