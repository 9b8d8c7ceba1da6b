"""Pages of the door, and of one's own account. What django-allauth has ready is in its own views (accounts/urls.py)."""

import logging

import requests
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import identity_providers, second_factor
from accounts.access import signed_out_with_text
from accounts.adapter import not_signed_in
from accounts.door_forms import CompanyEmailForm
from accounts.models import User
from accounts.openid import CompanyOAuth2Adapter

logger = logging.getLogger(__name__)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is from another session: say so, and give the words back."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401 if not request.user.is_authenticated else 403)
    return signed_out_with_text(request, status=403)


@never_cache
@require_http_methods(["GET", "POST"])
def company_sign_in(request: HttpRequest) -> HttpResponse:
    """Whose provider? The domain of an email says it; whether there is such an account, nobody learns here."""
    onward = get_next_redirect_url(request) or ""
    form = CompanyEmailForm(request.POST or None)
    context = {"form": form, "next": onward}
    if request.method == "GET" or not form.is_valid():
        return render(request, "accounts/company_sign_in.html", context, status=422 if form.is_bound else 200)
    too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="company_sign_in")
    if too_many:
        return too_many
    email: str = form.cleaned_data["email"]
    provider = identity_providers.of_email(email)
    if provider is None:
        words = _(
            "Nobody signs in this way with an address at %(domain)s. Sign in with your password, or ask your admin."
        )
        form.add_error("email", words % {"domain": identity_providers.domain_of(email)})
        return render(request, "accounts/company_sign_in.html", context, status=422)
    url = reverse("openid_connect_login", args=[provider.key]) + (f"?{urlencode({'next': onward})}" if onward else "")
    return render(request, "accounts/company_continue.html", {"company": provider.company, "url": url})


@never_cache
@require_GET
def provider_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the company's provider."""
    try:
        adapter = CompanyOAuth2Adapter(request, provider_id)
        answer: HttpResponse = OAuth2LoginView.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (requests.RequestException, OAuth2Error) as problem:
        logger.warning("a company's provider could not be asked: %s", type(problem).__name__)
        return not_signed_in(request, _("Your company's sign-in service doesn't answer. Try again in a few minutes."))
    return answer


@never_cache
@require_GET
def provider_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the company's provider, with its word for somebody."""
    try:
        adapter = CompanyOAuth2Adapter(request, provider_id)
        answer: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return answer


@never_cache
@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: password, second factor, and whose people one is."""
    user = request.user
    assert isinstance(user, User)
    context = {
        "has_second_factor": second_factor.has_one(user),
        "demands_second_factor": second_factor.is_demanded_of(user),
        "must_use_provider": identity_providers.must_use(user),
    }
    return render(request, "account/account.html", context)


@login_required
@require_GET
def to_account(request: HttpRequest) -> HttpResponse:
    """Addresses of django-allauth that are part of another page here."""
    return HttpResponseRedirect(reverse("account"))


@login_required
@require_GET
def to_second_factor(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("mfa_index"))
