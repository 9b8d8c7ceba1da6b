"""A company as a whole, for its admin and for the operator: what belongs to several rooms is joined here."""

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar
from zoneinfo import available_timezones

import phonenumbers
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import companies, invitations, languages, users
from accounts.models import Company, User
from accounts.settings_forms import Refused, SettingsForm
from accounts.sites import (
    CompanyModelAdmin,
    Entry,
    Heading,
    RefusingAdmin,
    admin_of,
    box_gives_no_whatsapp,
    company_of,
    company_site,
)
from candidates import phone_numbers
from channels_sms import pool
from channels_sms.models import SenderNumber

FACTS = ("name", "time_zone", "languages", "country", "privacy_policy_url")  # what a company says of itself
BOUGHT = (
    *("has_smartrecruit", "has_smartmessage", "has_smartcrm", "texts_by_sms", "texts_by_whatsapp"),
    *("consent_style", "seats_bought", "demands_second_factor"),
)


@cache
def time_zones() -> list[tuple[str, str]]:
    """Those that have a place in their name, and UTC."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


def countries() -> list[tuple[str, str]]:
    """The nine where numbers are offered (Q9), then all others by name."""
    others = phonenumbers.SUPPORTED_REGIONS - phone_numbers.OFFERED.keys()
    named = sorted((phone_numbers.country_name(code), code) for code in others)
    return [
        *((code, phone_numbers.country_name(code)) for code in phone_numbers.OFFERED),
        *((code, name) for name, code in named),
    ]


def subscriptions_of(company: Company) -> list[str]:
    """What the company bought, by its product names (Q3)."""
    names = {
        "SmartRecruit": company.has_smartrecruit,
        "SmartMessage": company.has_smartmessage,
        "SmartCRM": company.has_smartcrm,
    }
    return [name for name, is_on in names.items() if is_on]


def channels_of(company: Company) -> list[str]:
    names = {"sms": "SMS", "whatsapp": "WhatsApp"}
    return [names[key] for key in company.texting_channels()]


class CompanyForm(SettingsForm):
    """What a company says of itself. The language of its forms comes in two fields: the first one, and others."""

    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    country = forms.ChoiceField(
        label=gettext_lazy("Country"), help_text=gettext_lazy("Whose phone numbers are shown as examples.")
    )
    first_language = forms.ChoiceField(
        label=gettext_lazy("Language of the public forms"),
        help_text=gettext_lazy("Spoken where none of the others fits the visitor."),
    )
    other_languages = forms.MultipleChoiceField(
        label=gettext_lazy("Other languages"), widget=forms.CheckboxSelectMultiple, required=False
    )

    privacy_policy_url = forms.URLField(
        label=gettext_lazy("Address of the privacy policy"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Write the whole address, for example https://example.com/privacy.")},
    )

    class Meta:
        model = Company
        fields = ("name", "time_zone", "country", "first_language", "other_languages", "privacy_policy_url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, *others = self.instance.languages or ["en"]
        known: dict[str, Any] = {
            "time_zone": time_zones(),
            "country": countries(),
            "first_language": languages.choices(),
            "other_languages": languages.choices(),
        }
        for name, choices in known.items():
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("first_language", first)
        self.initial.setdefault("other_languages", others)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if Company.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This name can't be used. Choose another one."))
        return name

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        first = self.cleaned_data.get("first_language")
        if first:
            others = [code for code in self.cleaned_data.get("other_languages", []) if code != first]
            self.instance.languages = [first, *others]
        return cleaned


def save_company(company: Company, *, fields: tuple[str, ...], by: User) -> list[str]:
    """Store it, or come back with the form and what is wrong."""
    try:
        return companies.save(company, fields=fields, by=by)
    except companies.TooFewSeats as too_few:
        raise Refused(str(too_few), "seats_bought") from too_few
    except companies.NameTaken as taken:
        raise Refused(str(taken), "name") from taken


class CompanyPage(CompanyModelAdmin):
    """Settings / Admin, Company: one form, and what the platform keeps for it."""

    heading, label, icon, position = Heading.SETTINGS, gettext_lazy("Company"), "building", 10
    form = CompanyForm
    change_form_template = "settings/company.html"

    def get_urls(self) -> list[URLPattern]:
        return [self.at("", self.own_view, "changelist")]

    def own_view(self, request: HttpRequest) -> HttpResponse:
        return self.changeform_view(request, str(company_of(request).pk))

    def get_queryset(self, request: HttpRequest) -> Any:
        return Company.objects.filter(pk=company_of(request).pk)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def entry(self, request: HttpRequest) -> Entry:
        url = self.url("changelist")
        return Entry(str(self.label), url, self.icon, 0, request.path == url)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        company = Company.objects.filter(pk=company_of(request).pk).first()  # as it is stored, not as it was typed
        assert company is not None
        more = {
            "title": self.label,
            "company": company,
            "channels": channels_of(company),
            "subscriptions": subscriptions_of(company),
            "box_gives_no_whatsapp": box_gives_no_whatsapp(company),
        }
        return super().render_change_form(request, {**context, **more}, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        save_company(obj, fields=FACTS, by=admin_of(request))
        messages.success(request, _("Saved."))


# --- the operator's ---


class OperatorsCompanyForm(CompanyForm):
    """A customer's whole set-up on one page; a new one's first admin is invited with it."""

    first_admin_name = forms.CharField(label=gettext_lazy("Name of the first admin"), max_length=120)
    first_admin_email = forms.EmailField(
        label=gettext_lazy("Email of the first admin"), help_text=gettext_lazy("Gets an email with a link to sign in.")
    )

    class Meta:
        model = Company
        fields = (
            *("name", "time_zone", "country", "first_language", "other_languages", "privacy_policy_url"),
            *BOUGHT,
            *("first_admin_name", "first_admin_email"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("class", None)  # this is Django's own look


class NumberForm(forms.ModelForm):
    """A sending number as it is typed; its country follows from it (P1, Q9)."""

    number = forms.CharField(label=gettext_lazy("Number, as people write it"), max_length=40)

    class Meta:
        model = SenderNumber
        fields = ("number", "wish", "per_second")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label  # a column's head is no label
        self.stored = self.instance.number if self.instance.pk else ""
        if self.stored:
            self.initial["number"] = phone_numbers.display(self.stored)

    def clean_number(self) -> str:
        try:
            e164 = phone_numbers.parse(self.cleaned_data["number"]).e164
        except phone_numbers.BadNumber as bad:
            raise ValidationError(bad.sentence()) from bad
        if e164 != self.stored:
            if self.stored and pool.has_history(self.instance):
                raise ValidationError(pool.stays())
            if SenderNumber.objects.filter(number=e164).exists():
                raise ValidationError(pool.taken())
        return e164


class NumberFormSet(BaseInlineFormSet):
    """The pool of one company."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields and form.instance.pk:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Take %(number)s out of the pool") % {
                "number": phone_numbers.display(form.instance.number)
            }

    @property
    def saved(self) -> list[SenderNumber]:
        """What is new or was changed; known once it was saved without committing."""
        return [*self.new_objects, *(number for number, _fields in self.changed_objects)]

    def clean(self) -> None:
        super().clean()
        if any(pool.has_history(form.instance) for form in self.deleted_forms if form.instance.pk):
            raise ValidationError(pool.stays())


class NumberInline(admin.TabularInline):
    model = SenderNumber
    form, formset = NumberForm, NumberFormSet
    extra = 2
    fields = ("number", "wish", "per_second", "country_shown")
    readonly_fields = ("country_shown",)
    verbose_name = gettext_lazy("sending number")
    verbose_name_plural = gettext_lazy("sending numbers")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.hand_clean_DELETE = lambda _form: None  # Django would list routes; ours says it in a sentence
        return formset

    @admin.display(description=gettext_lazy("Country"))
    def country_shown(self, number: SenderNumber) -> str:
        return phone_numbers.country_name(number.country) if number.country else "—"


@admin.register(Company)
class OperatorsCompanies(RefusingAdmin):
    form = OperatorsCompanyForm
    inlines: ClassVar = [NumberInline]
    list_display = ("name", "subscriptions", "channels", "seats", "time_zone")
    search_fields = ("name",)
    ordering = ("name",)

    @admin.display(description=gettext_lazy("Subscriptions"))
    def subscriptions(self, company: Company) -> str:
        return ", ".join(subscriptions_of(company))

    @admin.display(description=gettext_lazy("Channels"))
    def channels(self, company: Company) -> str:
        return ", ".join(channels_of(company)) or "—"

    @admin.display(description=gettext_lazy("Seats in use of bought"))
    def seats(self, company: Company) -> str:
        return f"{company.seats_in_use} / {company.seats_bought}"

    def has_delete_permission(self, request: HttpRequest, obj: Company | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Company | None = None) -> Any:
        known = [
            (None, {"fields": ("name", "privacy_policy_url", "time_zone", "country")}),
            (_("Language of the public forms"), {"fields": ("first_language", "other_languages")}),
            (_("Subscriptions and channels: each holds as soon as you save"), {"fields": BOUGHT[:5]}),
            (_("Consent, seats, sign-in"), {"fields": BOUGHT[5:]}),
        ]
        return known if obj else [*known, (_("First admin"), {"fields": ("first_admin_name", "first_admin_email")})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if change:  # only a new company has nobody who could invite others
            del form.base_fields["first_admin_name"], form.base_fields["first_admin_email"]
        return form

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Company:
        company: Company = form.instance
        return company

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        by, typed = admin_of(request), form.cleaned_data
        save_company(obj, fields=(*FACTS, *BOUGHT), by=by)
        if not change:
            try:
                invitations.invite(
                    obj,
                    email=typed["first_admin_email"],
                    name=typed["first_admin_name"],
                    is_company_admin=True,
                    by=by,
                )
            except users.EmailTaken as taken:
                raise Refused(str(taken), "first_admin_email") from taken

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            self.save_formset(request, form, formset, change)
        for warning in warnings_about(form.instance, formsets[0].saved):
            messages.warning(request, warning)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The pool, number by number; a number elsewhere or with conversations refuses the whole form."""
        formset.save(commit=False)
        by = admin_of(request)
        try:
            for number in formset.deleted_objects:
                pool.take_out(number, by=by)
            for number in formset.saved:
                pool.put(number, by=by)
        except pool.CannotBeKept as refused:
            raise Refused(str(refused)) from refused


def warnings_about(company: Company, numbers: list[SenderNumber]) -> Iterator[str]:
    """What the operator should hear about a set-up that is allowed and won't do what one may expect."""
    if box_gives_no_whatsapp(company):
        yield _("The single box can't give WhatsApp consent. Choose a box for each channel, or text by SMS only.")
    if company.has_smartmessage and not company.texting_channels():
        yield _("SmartMessage is on, and no channel is: nobody can text.")
    if company.has_smartmessage and not company.seats_bought:
        yield _("SmartMessage is on, and no seat is bought: nobody can send.")
    yield from (not_offered(number) for number in numbers if number.country not in phone_numbers.OFFERED)


def not_offered(number: SenderNumber) -> str:
    names = ", ".join(phone_numbers.country_name(code) for code in phone_numbers.OFFERED)
    return _(
        "%(number)s is from %(country)s. Numbers are offered in %(names)s; from elsewhere delivery isn't assured."
    ) % {
        "number": phone_numbers.display(number.number),
        "country": phone_numbers.country_name(number.country),
        "names": names,
    }


company_site.register(Company, CompanyPage)
