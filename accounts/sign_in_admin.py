"""Settings / Admin, Sign-in: whether everybody needs a second factor, and the company's own identity provider."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import companies, identity_providers
from accounts.identity_providers import CannotBeUsed
from accounts.models import IdentityProvider
from accounts.settings_forms import Refused, SettingsForm
from accounts.sites import CompanyModelAdmin, Entry, Heading, admin_of, company_of, company_site


class SignInForm(SettingsForm):
    """Both may be had without the other; a provider needs all of its fields."""

    demands_second_factor = forms.BooleanField(
        label=_lazy("Everybody signs in with a second factor"),
        required=False,
        help_text=_lazy("Whoever has none, you included, sets one up at the next click, before anything else."),
    )
    server_url = forms.CharField(
        label=_lazy("Address of your identity provider"),
        required=False,
        help_text=_lazy("Its issuer, as in https://login.example.com. It has to speak OpenID Connect."),
        error_messages={"invalid": _lazy("Write the whole address, for example https://login.example.com.")},
    )
    client_id = forms.CharField(label=_lazy("Client ID"), required=False, max_length=191)
    secret = forms.CharField(
        label=_lazy("Client secret"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
    )
    email_domains = forms.CharField(
        label=_lazy("Domains of your people's email addresses"),
        required=False,
        help_text=_lazy("As in example.com, with commas in between. The provider signs in nobody else."),
    )
    is_required = forms.BooleanField(
        label=_lazy("Everybody with such an address signs in there"),
        required=False,
        help_text=_lazy("Passwords and passkeys then only let admins in, so that a broken provider locks nobody out."),
    )

    class Meta:
        model = IdentityProvider
        fields = ("server_url", "client_id", "is_required")

    field_order = ("demands_second_factor", "server_url", "client_id", "secret", "email_domains", "is_required")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider: IdentityProvider = self.instance
        self.fields["demands_second_factor"].initial = provider.company.demands_second_factor
        if provider.pk:
            self.fields["secret"].help_text = _("Leave it empty to keep the one that we have.")
            self.fields["email_domains"].initial = ", ".join(provider.domains.values_list("name", flat=True))

    def names_a_provider(self) -> bool:
        """Whether one is there, or any of its fields was filled in."""
        typed = [self.cleaned_data[name] for name in ("server_url", "client_id", "secret", "email_domains")]
        return bool(self.instance.pk or any(typed))


class SignInPage(CompanyModelAdmin):
    heading, label, icon, position = Heading.PERMISSION, _lazy("Sign-in"), "lock", 20

    def get_urls(self) -> list[URLPattern]:
        return [self.at("", self.own_view, "changelist"), self.at("remove/", self.remove_view, "remove")]

    def entry(self, request: HttpRequest) -> Entry:
        url = self.url("changelist")
        return Entry(str(self.label), url, self.icon, 0, request.path == url)

    def own_view(self, request: HttpRequest) -> HttpResponse:
        provider = self._provider(request)
        form = SignInForm(request.POST or None, instance=provider)
        if request.method == "POST" and form.is_valid():
            try:
                self._save(request, form)
            except CannotBeUsed as cannot:
                form = SignInForm(request.POST, instance=self._provider(request))
                form.refusal = Refused(cannot.sentence, cannot.field)  # type: ignore[misc]
            else:
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(self.url("changelist"))
        known = provider if provider.pk else None
        callback = identity_providers.callback_url(known) if known else ""
        context = {"adminform": {"form": form}, "provider": known, "callback_url": callback}
        return self.page_of(request, "accounts/sign_in_settings.html", **context)

    def remove_view(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            raise Http404
        identity_providers.remove(company_of(request), by=admin_of(request))
        messages.success(request, _("Removed. Everybody signs in by email and password again."))
        return HttpResponseRedirect(self.url("changelist"))

    def _provider(self, request: HttpRequest) -> IdentityProvider:
        """The one that is stored, or an empty one."""
        company = company_of(request)
        return IdentityProvider.objects.filter(company=company).first() or IdentityProvider(company=company)

    def _save(self, request: HttpRequest, form: SignInForm) -> None:
        company, by, typed = company_of(request), admin_of(request), form.cleaned_data
        if form.names_a_provider():
            identity_providers.configure(
                company,
                server_url=typed["server_url"],
                client_id=typed["client_id"],
                secret=typed["secret"],
                email_domains=re.split(r"[\s,;]+", typed["email_domains"]),
                is_required=typed["is_required"],
                by=by,
            )
        company.demands_second_factor = typed["demands_second_factor"]
        companies.save(company, fields=["demands_second_factor"], by=by)


company_site.register(IdentityProvider, SignInPage)
