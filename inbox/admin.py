"""Texts that fit no conversation: an admin finds them here and attaches them (I7)."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.fields.related import ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sites import company_site
from inbox import receiving
from inbox.models import Conversation, UnmatchedReply


def company_of(request: HttpRequest) -> int:
    """The admin's company. Only the company's own site asks, and it lets nobody else in."""
    assert isinstance(request.user, User)
    assert request.user.company_id is not None
    return request.user.company_id


class UnmatchedReplyAdmin(admin.ModelAdmin):
    """Everything of it stays as it came; choosing a conversation puts it there, once."""

    list_display = ("received_at", "sender", "recipient", "body_start", "attached_to")
    list_filter = (("attached_to", admin.EmptyFieldListFilter),)
    fields = ("received_at", "channel", "sender", "recipient", "body", "attachments", "attached_to")
    autocomplete_fields = ("attached_to",)

    @admin.display(description=_("text"))
    def body_start(self, reply: UnmatchedReply) -> str:
        return reply.body[:60]

    def get_readonly_fields(self, request: HttpRequest, obj: UnmatchedReply | None = None) -> list[str]:
        is_attached = obj is not None and obj.attached_to_id is not None
        return [*self.fields[:-1], *(["attached_to"] if is_attached else [])]

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if not request.user.is_superuser:
            kwargs["queryset"] = Conversation.objects.filter(company_id=company_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: UnmatchedReply, form: Any, change: bool) -> None:
        if "attached_to" in form.changed_data and obj.attached_to:
            receiving.attach(obj, obj.attached_to)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: UnmatchedReply | None = None) -> bool:
        return False


class ConversationAdmin(admin.ModelAdmin):
    """Only to be found by name when a reply is attached; an admin reads threads where he is on the team (A5)."""

    search_fields = ("application__candidate__name", "prospect__candidate__name", "application__job__title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        return Conversation.objects.with_record().order_by("pk")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Conversation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Conversation | None = None) -> bool:
        return False


class CompanyUnmatchedReplyAdmin(UnmatchedReplyAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[UnmatchedReply]:
        return super().get_queryset(request).filter(company_id=company_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: UnmatchedReply | None = None) -> bool:
        return obj is None or obj.company_id == company_of(request)

    def has_change_permission(self, request: HttpRequest, obj: UnmatchedReply | None = None) -> bool:
        return self.has_view_permission(request, obj)


class CompanyConversationAdmin(ConversationAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        return super().get_queryset(request).filter(company_id=company_of(request))

    def has_view_permission(self, request: HttpRequest, obj: Conversation | None = None) -> bool:
        return obj is None


admin.site.register(UnmatchedReply, UnmatchedReplyAdmin)
admin.site.register(Conversation, ConversationAdmin)
company_site.register(UnmatchedReply, CompanyUnmatchedReplyAdmin)
company_site.register(Conversation, CompanyConversationAdmin)
