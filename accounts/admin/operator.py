"""Users of all companies, for the platform's operator: made, changed and closed by the same actions as anywhere."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations, users
from accounts.models import User
from accounts.settings_forms import Refused
from accounts.sites import RefusingAdmin, admin_of


class OperatorsUserForm(forms.ModelForm):
    """Whom to invite, or what is known of her. A password is hers alone to choose."""

    refusal: Refused | None = None

    class Meta:
        model = User
        fields = ("company", "name", "email", "is_company_admin")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        return email

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            self.add_error(self.refusal.field, self.refusal.sentence)
        return cleaned


@admin.register(User)
class OperatorsUsers(RefusingAdmin):
    form = OperatorsUserForm
    list_display = ("name", "email", "company", "is_company_admin", "is_active")
    list_filter = ("is_active", "is_company_admin", ("company", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("company",)
    search_fields = ("name", "email")
    ordering = ("company__name", "name")
    actions = ("deactivate", "reactivate", "invite_again")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The platform's own accounts are made and changed on its own machines."""
        return obj is None or obj.company_id is not None

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Nobody guesses a password's hash by filtering for it."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("company", "is_active", "date_joined", "last_login") if obj else ()

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        known = ("company", "name", "email", "is_company_admin")
        return (*known, "is_active", "date_joined", "last_login") if obj else known

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "company" in form.base_fields:
            form.base_fields["company"].required = True
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        typed, by = form.cleaned_data, admin_of(request)
        is_admin = typed["is_company_admin"]
        try:
            if change:
                users.change(
                    obj, name=typed["name"], email=typed["email"], is_company_admin=is_admin, has_seat=None, by=by
                )
            else:
                invited = invitations.invite(
                    typed["company"], email=typed["email"], name=typed["name"], is_company_admin=is_admin, by=by
                )
                obj.pk = invited.pk
        except users.EmailTaken as taken:
            raise Refused(str(taken), "email") from taken

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """An action saved everything."""

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> User:
        user: User = form.instance
        return user

    @admin.action(description=gettext_lazy("Deactivate: end their sessions, free their seats"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        people = list(queryset.exclude(company=None))
        for user in people:
            users.deactivate(user, by=admin_of(request))
        messages.success(request, _("Deactivated: %(count)s.") % {"count": len(people)})

    @admin.action(description=gettext_lazy("Reactivate, without a seat"))
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        people = list(queryset.exclude(company=None))
        for user in people:
            users.reactivate(user, by=admin_of(request))
        messages.success(request, _("Reactivated: %(count)s.") % {"count": len(people)})

    @admin.action(description=gettext_lazy("Send the invitation again"))
    def invite_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.select_related("company"):
            try:
                invitations.send_again(user, by=admin_of(request))
            except invitations.NotInvited as needless:
                messages.warning(request, str(needless))
            else:
                messages.success(request, _("Invited again: %(name)s.") % {"name": user.name})
