"""The forms of the door."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import identity_providers
from accounts.models import User


class SignInForm(LoginForm):
    """Email and password. Who must use her company's provider learns it here, once she has shown who she is."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if isinstance(self.user, User) and identity_providers.must_use(self.user):
            raise forms.ValidationError(identity_providers.why_no_other_way(self.user), code="provider")
        return cleaned


class CompanyEmailForm(forms.Form):
    """Whose provider? Only the domain is looked at."""

    email = forms.EmailField(label=_("Email"))
