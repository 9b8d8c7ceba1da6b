"""WhatsApp's senders and invitations, all of them, for the operator."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.sites import admin_of
from candidates import phone_numbers
from channels_whatsapp import rules, templates
from channels_whatsapp.admin.words import WordsField
from channels_whatsapp.models import Template, WhatsAppSender
from twilio_gateway.content import NotAnswered


class SenderForm(forms.ModelForm):
    class Meta:
        model = WhatsAppSender
        fields = ("company", "number", "per_second")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["per_second"] = rules.USUAL_PACE

    def clean_number(self) -> str:
        try:
            return phone_numbers.parse(self.cleaned_data["number"]).e164
        except phone_numbers.BadNumber as bad:
            raise ValidationError(bad.sentence()) from bad


@admin.register(WhatsAppSender)
class Senders(admin.ModelAdmin):
    """The platform's own sender has no company; it relays for all that have none of their own (W3)."""

    form = SenderForm
    list_display = ("number", "whose")
    list_select_related = ("company",)

    @admin.display(description=gettext_lazy("Whose"))
    def whose(self, sender: WhatsAppSender) -> str:
        return str(sender.company or _("The platform's, for all companies"))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["help_texts"] = {"company": _("Empty: the platform's own, for every company without one.")}
        return super().get_form(request, obj, change, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: WhatsAppSender | None = None) -> bool:
        return False


class TemplateForm(forms.ModelForm):
    class Meta:
        model = Template
        fields = ("sender", "language", "body", "content_sid")
        field_classes: ClassVar = {"body": WordsField}


@admin.register(Template)
class Templates(admin.ModelAdmin):
    """The invitation in each language, as WhatsApp approves it (W3, W4)."""

    form = TemplateForm
    list_display = ("language", "sender", "state", "problem", "content_sid")
    list_filter = ("state", "language")
    list_select_related = ("sender",)
    fields = ("sender", "language", "body", "preview", "content_sid", "state", "problem", "asked_at")
    readonly_fields = ("preview", "state", "problem", "asked_at")
    actions = ("submit", "ask")

    @admin.display(description=gettext_lazy("Preview"))
    def preview(self, template: Template) -> str:
        if not template.pk:
            return _("Shown once it is saved.")
        return rules.filled_in(template.body, company="Northwind Robotics", about="Field Robotics Engineer")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"body": templates.usual_words(), "language": "en"}

    def save_model(self, request: HttpRequest, obj: Template, form: Any, change: bool) -> None:
        templates.save(obj, by=admin_of(request))

    @admin.action(description=gettext_lazy("Hand in at Twilio and file with WhatsApp"))
    def submit(self, request: HttpRequest, queryset: QuerySet[Template]) -> None:
        for template in queryset:
            try:
                templates.submit(template, by=admin_of(request))
                messages.success(request, _("%(name)s was filed. WhatsApp judges it now.") % {"name": template})
            except templates.CannotBeFiled as why:
                messages.error(request, str(why))

    @admin.action(description=gettext_lazy("Ask WhatsApp how it stands"))
    def ask(self, request: HttpRequest, queryset: QuerySet[Template]) -> None:
        for template in queryset.exclude(content_sid=""):
            try:
                templates.ask(template)
                words = {"name": template, "state": template.get_state_display()}
                messages.success(request, _("%(name)s: %(state)s.") % words)
            except NotAnswered as why:
                messages.error(request, str(why))

    def has_delete_permission(self, request: HttpRequest, obj: Template | None = None) -> bool:
        return False
