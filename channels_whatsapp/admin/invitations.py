"""Settings / Admin, WhatsApp: the number that a company writes from, and its invitations with their approval (W3, W4).

A company with a sender of its own keeps its invitations here; another one reads those of the platform, whose operator
keeps them.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import languages
from accounts.models import Company
from accounts.settings_forms import SettingsForm
from accounts.sites import CompanyModelAdmin, Heading, admin_of, company_of, company_site
from channels_whatsapp import rules, senders, templates
from channels_whatsapp.admin import shown
from channels_whatsapp.admin.words import WordsField
from channels_whatsapp.models import Template, TemplateState
from twilio_gateway.content import NotAnswered

WITH_WHATSAPP = {TemplateState.RECEIVED, TemplateState.PENDING, TemplateState.APPROVED}


class InvitationForm(SettingsForm):
    class Meta:
        model = Template
        fields = ("language", "body")
        field_classes: ClassVar = {"body": WordsField}

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = self.fields["body"]
        body.label, body.widget.attrs["rows"] = _("Words"), 6
        body.help_text = _(
            "{company} becomes your company's name, {about} the title of the job or the name of the community. Use "
            "both, on one line, neither first nor last."
        )
        template: Template = self.instance
        if template.content_sid:
            del self.fields["language"]  # WhatsApp knows it by its language
            return
        others = Template.objects.filter(sender=template.sender_id).exclude(pk=template.pk)
        taken = set(others.values_list("language", flat=True))
        free = [(code, name) for code, name in languages.choices() if code not in taken]
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"),
            choices=sorted(free, key=lambda choice: choice[0] not in company.languages),  # its own come first
            help_text=_("People get it who filled in a form of yours in this language. Your forms speak %(languages)s.")
            % {"languages": ", ".join(map(languages.name_of, company.languages))},
            error_messages={"invalid_choice": already_there()},
            widget=forms.Select(attrs={"class": "input"}),
        )


def already_there() -> str:
    return _("There is an invitation in this language. Change that one, or choose another language.")


class Invitations(CompanyModelAdmin):
    heading, label, icon, position = Heading.MESSAGING, gettext_lazy("WhatsApp"), "whatsapp", 15
    change_list_template = "settings/whatsapp.html"
    list_display = ("language",)
    ordering = ("language",)

    # --- what is offered to whom ---

    def is_offered(self, request: HttpRequest) -> bool:
        return "whatsapp" in company_of(request).texting_channels()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Template]:
        """Those that go out for this company: of its own sender, or of the platform's."""
        sender = senders.sender_of(company_of(request).pk)
        return Template.objects.filter(sender=sender.pk if sender else None).select_related("sender")

    def own(self, request: HttpRequest) -> QuerySet[Template]:
        """Those that this company keeps itself."""
        return self.get_queryset(request).filter(sender__company=company_of(request))

    def waiting(self, request: HttpRequest) -> int:
        return self.own(request).filter(state__in=shown.NEEDS_SOMEBODY).count()

    def more_urls(self) -> list[URLPattern]:
        return [self.at("<int:object_id>/do/", self.do_view, "do")]

    # --- all of them ---

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        company = company_of(request)
        sender = senders.sender_of(company.pk)
        return {
            **super().list_context(request),
            "sender": sender,
            "prefix": rules.prefix_of(company.name),
            "example": shown.example_of(company),
            "can_invite": sender is not None and bool(templates.approved([sender.pk])),
        }

    def dressed(self, request: HttpRequest, rows: list[Any]) -> list[Any]:
        company = company_of(request)
        example = shown.example_of(company)
        found = [shown.invitation(template, company, example=example) for template in rows]
        return sorted(found, key=lambda each: each.language)

    # --- one of them ---

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        sender = senders.sender_of(company_of(request).pk)
        if sender is None or sender.is_shared:
            raise Http404
        return self.form_view(request, Template(sender=sender, body=templates.usual_words()))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        template = self.own(request).filter(pk=object_id).first()
        if template is None:
            raise Http404
        return self.form_view(request, template)

    def form_view(self, request: HttpRequest, template: Template) -> HttpResponse:
        """The words, and beneath them how they will arrive: those that were typed, saved or not.

        Of what WhatsApp has already, other words are handed in as they are saved: the old ones can't be sent from
        then on, so no time is lost.
        """
        company = company_of(request)
        example = shown.example_of(company)
        before = shown.invitation(template, company, example=example) if template.pk else None
        hands_in = before is not None and template.state in WITH_WHATSAPP
        form = InvitationForm(request.POST or None, instance=template, company=company)
        then = request.POST.get("then", "")
        if request.method == "POST" and form.is_valid() and then != "look":
            try:
                return self.save(request, template, hands_in=hands_in or then == "hand in")
            except IntegrityError:  # a colleague was faster
                form.add_error("language", already_there())
        return self.page_of(
            request,
            "settings/whatsapp_invitation.html",
            title=_("Invitation in %(language)s") % {"language": before.language} if before else _("Add invitation"),
            back=self.url("changelist"),
            adminform={"form": form},
            save_label=_("Save and hand in") if hands_in else _("Save"),
            invitation=before,
            hands_in=hands_in,
            instead=shown.instead_of(template, company) if hands_in else "",
            preview="" if form.errors.get("body") else shown.preview(template.body, company, example=example),
            example=example,
            looks_first=then == "look" and not form.errors,
        )

    def save(self, request: HttpRequest, template: Template, *, hands_in: bool) -> HttpResponse:
        is_changed = templates.save(template, by=admin_of(request))
        if hands_in and (is_changed or templates.may_be_handed_in(template, now=timezone.now())):
            return self.hand_in(request, template)
        if is_changed:
            messages.success(request, _("Saved. Read the preview, then hand it in."))
        elif hands_in:
            messages.warning(request, _("Nothing was changed, so nothing was handed in: WhatsApp has these words."))
        else:
            messages.success(request, _("Nothing was changed."))
        return HttpResponseRedirect(self.url("change", template.pk))

    # --- what is asked of WhatsApp ---

    def do_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Hand an invitation in, or ask how it stands."""
        template = self.own(request).filter(pk=object_id).first()
        action = {"submit": self.hand_in, "ask": self.ask}.get(request.POST.get("what", ""))
        if template is None or action is None or request.method != "POST":
            raise Http404
        return action(request, template)

    def hand_in(self, request: HttpRequest, template: Template) -> HttpResponse:
        try:
            templates.submit(template, by=admin_of(request))
        except templates.CannotBeFiled as why:
            messages.error(request, str(why))
            return HttpResponseRedirect(self.url("change", template.pk))
        words = _("The invitation in %(language)s was handed in. WhatsApp judges it now.")
        messages.success(request, words % {"language": languages.name_of(template.language)})
        return HttpResponseRedirect(self.url("changelist"))

    def ask(self, request: HttpRequest, template: Template) -> HttpResponse:
        if not template.content_sid:
            raise Http404
        words = {"language": languages.name_of(template.language)}
        try:
            templates.ask(template)
        except NotAnswered as error:
            words["words"] = str(error)
            messages.error(request, _("WhatsApp can't be asked about %(language)s now: %(words)s") % words)
        else:
            words["state"] = str(TemplateState(template.state).label)
            messages.success(request, _("The invitation in %(language)s: %(state)s.") % words)
        return HttpResponseRedirect(self.url("changelist"))


company_site.register(Template, Invitations)
