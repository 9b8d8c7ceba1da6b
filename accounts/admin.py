"""Companies, users and seats, for the operator."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Company, Seat, User


class UserForm(forms.ModelForm):
    """A new password can be typed; the present one can't be seen."""

    new_password = forms.CharField(required=False, widget=forms.PasswordInput, min_length=12)

    class Meta:
        model = User
        fields = ("email", "name", "company", "is_company_admin", "is_active")


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ("name", "has_smartmessage", "has_smartcrm", "seats_bought")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    form = UserForm
    list_display = ("name", "email", "company", "is_active")
    list_filter = ("company",)
    search_fields = ("name", "email")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if password := form.cleaned_data.get("new_password"):
            obj.set_password(password)
        elif not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Seat)
class SeatAdmin(admin.ModelAdmin):
    list_display = ("user", "company", "given_at")
    list_filter = ("company",)
