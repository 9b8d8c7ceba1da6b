"""Settings / Admin, Sending hours: the preset, whether it is a wall, and each country's hours with their source."""

from dataclasses import dataclass
from typing import Any

import phonenumbers
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.hours import HoursPreset
from accounts.sites import CompanyModelAdmin, Heading, admin_of, company_of
from candidates import phone_numbers
from inbox import own_hours
from inbox.sending_hours import Policy, Rule, in_words, on_each_kind_of_day, shipped, spans_from

STATES = {
    "US-CT": "Connecticut",
    "US-FL": "Florida",
    "US-KY": "Kentucky",
    "US-LA": "Louisiana",
    "US-MA": "Massachusetts",
    "US-MD": "Maryland",
    "US-MN": "Minnesota",
    "US-MS": "Mississippi",
    "US-NM": "New Mexico",
    "US-NV": "Nevada",
    "US-OK": "Oklahoma",
    "US-RI": "Rhode Island",
    "US-TX": "Texas",
    "US-UT": "Utah",
    "US-WA": "Washington",
    "US-WY": "Wyoming",
}
PRESETS = [(preset.value, preset.label) for preset in HoursPreset]


class PolicyForm(forms.Form):
    """What holds everywhere."""

    preset = forms.ChoiceField(
        label=gettext_lazy("Good hours, by the recipient's clock"), choices=PRESETS, widget=forms.RadioSelect
    )
    are_wall = forms.TypedChoiceField(
        label=gettext_lazy("At other hours"),
        choices=[
            ("no", gettext_lazy("Advise: the sender is told, and decides")),
            ("yes", gettext_lazy("Let no text go: it can be sent at the next good time")),
        ],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )


class OwnHoursForm(forms.Form):
    """Hours of one country or state; what is left empty has no rule of its own."""

    weekdays = forms.CharField(label=gettext_lazy("Monday to Friday"), required=False, max_length=60)
    saturday = forms.CharField(label=gettext_lazy("Saturday"), required=False, max_length=60)
    sunday = forms.CharField(label=gettext_lazy("Sunday"), required=False, max_length=60)
    holidays = forms.CharField(label=gettext_lazy("Public holidays"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "input"
            field.validators.append(readable)
            if name in self.errors:
                field.widget.attrs["autofocus"] = True

    def days(self) -> dict[str, str]:
        return {kind: written.strip() for kind, written in self.cleaned_data.items() if written.strip()}


def readable(written: str) -> None:
    try:
        spans_from(written)
    except ValueError as error:
        words = _("These hours can't be read. Write them like 9:00-20:00, or 10:00-13:00, 14:00-20:00, or never.")
        raise ValidationError(words) from error


@dataclass(frozen=True)
class Row:
    """A line of the table: what is good there, and why."""

    key: str
    name: str
    rule: Rule
    hours: list[str]


class HoursPage(CompanyModelAdmin):
    heading, label, icon, position = Heading.MESSAGING, gettext_lazy("Sending hours"), "clock", 15

    def is_offered(self, request: HttpRequest) -> bool:
        return company_of(request).has_smartmessage

    def get_urls(self) -> list[URLPattern]:
        return [
            self.at("", self.hours_view, "changelist"),
            self.at("country/", self.choose_country_view, "choose"),
            self.at("<slug:key>/", self.country_view, "change"),
        ]

    def hours_view(self, request: HttpRequest) -> HttpResponse:
        """The preset, and the table of what it comes to."""
        company = company_of(request)
        known = {"preset": company.hours_preset, "are_wall": "yes" if company.hours_are_wall else "no"}
        form = PolicyForm(request.POST if request.method == "POST" else None, initial=known)
        if form.is_valid():
            own_hours.choose(company.pk, by=admin_of(request), **form.cleaned_data)
            messages.success(request, _("Saved. It holds at once, on pages that are open too."))
            return HttpResponseRedirect(self.url("changelist"))
        policy = Policy.of(company)
        return self.page_of(request, "settings/hours.html", form=form, rows=rows_of(policy), countries=countries())

    def choose_country_view(self, request: HttpRequest) -> HttpResponse:
        """From the list of countries to the hours of one."""
        key = request.GET.get("key", "")
        return HttpResponseRedirect(self.url("change", key) if is_key(key) else self.url("changelist"))

    def country_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """The company's own hours for a country or state, in place of the shipped ones."""
        if not is_key(key):
            raise Http404
        company, rule = company_of(request), shipped().get(key)
        written = company.own_hours.get(key)
        usual = written if written is not None else shipped_hours(rule)
        form = OwnHoursForm(request.POST if request.method == "POST" else None, initial=usual)
        wants_shipped = request.POST.get("do") == "shipped"
        if wants_shipped or form.is_valid():
            days = {} if wants_shipped else form.days()
            own_hours.keep(company.pk, key, days, by=admin_of(request))
            messages.success(request, _("Saved. It holds at once, on pages that are open too."))
            return HttpResponseRedirect(self.url("changelist"))
        back = self.url("changelist")
        facts = {"title": name_of(key), "rule": rule, "is_own": written is not None, "back": back, "form": form}
        return self.page_of(request, "settings/hours_of_country.html", **facts)


def is_key(key: str) -> bool:
    """A country of the phone world, or a state that has hours of its own."""
    return key in phonenumbers.SUPPORTED_REGIONS or key in STATES


def name_of(key: str) -> str:
    country = phone_numbers.country_name(key.partition("-")[0])
    return f"{country}: {STATES[key]}" if key in STATES else country


def shipped_hours(rule: Rule | None) -> dict[str, str]:
    return {kind: in_words(spans) for kind, spans in rule.days.items()} if rule else {}


def rows_of(policy: Policy) -> list[Row]:
    """All countries and states that have a rule, shipped or own."""
    rules = {**shipped(), **policy.own}
    found = []
    for key in sorted(rules, key=name_of):
        hours = [in_words(spans) for spans in on_each_kind_of_day(policy, rules[key]).values()]
        found.append(Row(key, name_of(key), rules[key], hours))
    return found


def countries() -> list[tuple[str, str]]:
    named = ((code, phone_numbers.country_name(code)) for code in phonenumbers.SUPPORTED_REGIONS)
    return sorted(named, key=lambda country: country[1])
