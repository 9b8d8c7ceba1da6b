"""The pool of sending numbers, for the operator."""

from typing import Any

from django import forms
from django.contrib import admin

from candidates import phone_numbers
from channels_sms.models import SenderNumber


class SenderNumberForm(forms.ModelForm):
    """The number as typed; its country follows from it (Q9)."""

    class Meta:
        model = SenderNumber
        fields = ("company", "number")

    def clean_number(self) -> str:
        try:
            return phone_numbers.parse(self.cleaned_data["number"]).e164
        except phone_numbers.BadNumber as bad:
            raise forms.ValidationError(bad.sentence()) from bad

    def save(self, commit: bool = True) -> Any:
        self.instance.country = phone_numbers.country_of(self.instance.number)
        return super().save(commit)


@admin.register(SenderNumber)
class SenderNumberAdmin(admin.ModelAdmin):
    form = SenderNumberForm
    list_display = ("number", "country", "company")
    list_filter = ("company", "country")
