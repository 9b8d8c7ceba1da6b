"""Settings / Admin, Application consent: the words beside each box, by language and version (O1, O2, O11)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import languages
from accounts.models import Company
from accounts.settings_forms import SettingsForm
from accounts.sites import CompanyModelAdmin, Heading, admin_of, box_gives_no_whatsapp, column, company_of, company_site
from candidates.models import ConsentText, Purpose
from candidates.public import consent_texts


class ConsentTextForm(SettingsForm):
    """A new version of the words beside one box; those that people agreed to before stay as they read them."""

    company: Company

    class Meta:
        model = ConsentText
        fields = ("purpose", "language", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes = [(box.value, box.label) for box in consent_texts.purposes_of(self.company)]
        spoken = [(code, languages.name_of(code)) for code in self.company.languages]
        self.fields["purpose"] = forms.ChoiceField(label=_("Box"), choices=boxes)
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=spoken)
        for name in ("purpose", "language"):
            self.fields[name].widget.attrs["class"] = "input"
        self.fields["words"].widget.attrs["rows"] = 6
        self.fields["words"].help_text = _(
            "Exactly as the form shows it. The first line stands beside the box, further lines smaller beneath it."
        )
        purpose, language = self.initial.get("purpose"), self.initial.get("language")
        if purpose in dict(boxes) and language in dict(spoken):
            self.initial["words"] = consent_texts.current(self.company, Purpose(purpose), language).words


class BoxFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("Box"), "box"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return Purpose.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConsentText]) -> QuerySet[ConsentText]:
        return queryset.filter(purpose=self.value()) if self.value() in Purpose.values else queryset


class ConsentTexts(CompanyModelAdmin):
    heading, label, icon, position = Heading.MESSAGING, gettext_lazy("Application consent"), "doc", 20
    form = ConsentTextForm
    change_list_template = "settings/consent_texts.html"
    list_display = ("purpose", "language", "version", "published_at", "published_by", "do")
    list_select_related = ("published_by",)
    list_filter = (BoxFilter,)
    ordering = ("purpose", "language", "-version")
    wide_columns = frozenset({"published_at", "published_by"})

    do = column(gettext_lazy("Action"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Boxes whose words are still the platform's get them written down first, so that they can be read here."""
        company = company_of(request)
        for purpose in consent_texts.purposes_of(company):
            consent_texts.current(company, purpose, company.languages[0])
        return super().changelist_view(request, extra_context)

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        company = company_of(request)
        return {
            **super().list_context(request),
            "box_gives_no_whatsapp": box_gives_no_whatsapp(company),
            "boxes": [box.label for box in consent_texts.purposes_of(company)],
        }

    def dressed(self, request: HttpRequest, rows: list[Any]) -> list[Any]:
        company = company_of(request)
        shown = set(consent_texts.purposes_of(company))
        of_company = ConsentText.objects.filter(company=company).order_by()
        newest = of_company.values_list("purpose", "language").annotate(newest=Max("version"))
        versions = {(purpose, language): version for purpose, language, version in newest}
        for text in rows:
            is_newest = versions[text.purpose, text.language] == text.version
            text.is_current = is_newest and text.purpose in shown and text.language in company.languages
            text.language_name = languages.name_of(text.language)
        return rows

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.company = company_of(request)
        return form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        more = {"title": _("New consent text"), "back": self.url("changelist"), "save_label": _("Publish")}
        return super().render_change_form(request, {**context, **more}, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: ConsentText, form: Any, change: bool) -> None:
        typed = form.cleaned_data
        text = consent_texts.publish(
            company_of(request), Purpose(typed["purpose"]), typed["language"], typed["words"], by=admin_of(request)
        )
        messages.success(request, _("Published as version %(version)s. Forms show it now.") % {"version": text.version})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A version, to be read: what was published never changes."""
        text = self.get_queryset(request).select_related("published_by").filter(pk=object_id).first()
        if text is None or request.method == "POST":
            raise Http404
        self.dressed(request, [text])
        return self.page_of(request, "settings/consent_text.html", text=text, back=self.url("changelist"))


company_site.register(ConsentText, ConsentTexts)
