"""Settings / Admin, User Management: who is here, who may send, and who manages the company (S1-S4)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts import invitations, seats, second_factor, users
from accounts.models import Seat, User
from accounts.settings_forms import Refused, SettingsForm
from accounts.sites import CompanyModelAdmin, Heading, admin_of, column, company_of, company_site

ROLES = [("member", _lazy("Member")), ("admin", _lazy("Admin"))]
INVITED = Q(last_login=None, password__startswith=UNUSABLE_PASSWORD_PREFIX)  # as `invitations.is_waiting` says


class UserForm(SettingsForm):
    """A user of the company, as her admin sees her; also who is invited."""

    role = forms.ChoiceField(label=_lazy("Role"), choices=ROLES)
    has_seat = forms.BooleanField(label="SmartMessage", required=False)

    class Meta:
        model = User
        fields = ("name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: User = self.instance
        self.fields["role"].initial = "admin" if user.is_company_admin else "member"
        if "has_seat" in self.fields:  # a company without SmartMessage has no seats to give
            self.fields["has_seat"].initial = bool(user.pk) and user.has_seat()
        for field in ("name", "email"):
            self.fields[field].widget.attrs["autocomplete"] = "off"

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        other = User.objects.filter(email=email).exclude(pk=self.instance.pk).first()
        if other and other.company_id == self.instance.company_id:
            raise forms.ValidationError(_("%(name)s has this email.") % {"name": other.name})
        if other:
            raise forms.ValidationError(_("This email can't be used here. Choose another one."))
        return email


class SeatFilter(admin.SimpleListFilter):
    title, parameter_name = _lazy("Seat"), "seat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("yes", _("With a seat")), ("no", _("Reads only"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(seat__isnull=self.value() == "no") if self.value() in {"yes", "no"} else queryset


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = _lazy("State"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [
            ("active", _("Active")),
            ("invited", _("Invited")),
            ("closed", _("Deactivated")),
            ("admin", _("Admins")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        match self.value():
            case "active":
                return queryset.filter(is_active=True).exclude(INVITED)
            case "invited":
                return queryset.filter(INVITED, is_active=True)
            case "closed":
                return queryset.filter(is_active=False)
            case "admin":
                return queryset.filter(is_company_admin=True)
        return queryset


class UserManagement(CompanyModelAdmin):
    heading, label, icon, position = Heading.PERMISSION, _lazy("User Management"), "community", 10
    form = UserForm
    change_list_template = change_form_template = "settings/users.html"
    list_display = ("person", "role", "smartmessage", "last_text", "do")
    list_filter = (SeatFilter, StateFilter)
    search_fields = ("name", "email")
    ordering = ("-is_active", "name", "pk")
    list_per_page = 50
    list_max_show_all = 1000
    wide_columns = frozenset({"role", "last_text"})
    actions = ("give_seats", "take_seats")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        holds = Exists(Seat.objects.filter(user=OuterRef("pk")))
        people: QuerySet[Any] = super().get_queryset(request).annotate(holds_seat=holds)
        return people

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def more_urls(self) -> list[URLPattern]:
        return [
            self.at("reassign/", self.reassign_view, "reassign"),
            self.at("<int:object_id>/do/", self.do_view, "do"),
        ]

    # --- the list ---

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return self.list_display if company_of(request).has_smartmessage else ("person", "role", "do")

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        return self.list_filter if company_of(request).has_smartmessage else (StateFilter,)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """All of them move seats."""
        return dict(super().get_actions(request)) if company_of(request).has_smartmessage else {}

    person = column(_lazy("User"), ordering="name")
    role = column(_lazy("Role"), ordering="is_company_admin")
    smartmessage = column("SmartMessage", ordering="holds_seat")
    last_text = column(_lazy("Last text sent"))
    do = column(_lazy("Action"))

    def dressed(self, request: HttpRequest, rows: list[User]) -> list[User]:
        return with_last_texts(rows)

    def list_context(self, request: HttpRequest) -> dict[str, Any]:
        company = company_of(request)
        return {
            **super().list_context(request),
            "seats": seats.Meter.of(company),
            "count": company.users.count(),
            "sells_seats": company.has_smartmessage,
        }

    # --- one user, beside the list ---

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if not company_of(request).has_smartmessage:
            del form.base_fields["has_seat"]
        return form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        user: User | None = context["original"]
        context = {
            **context,
            **self.list_context(request),
            "cl": self.list_beside(request),
            "person": user,
            "is_invited": user is not None and invitations.is_waiting(user),
            "has_second_factor": user is not None and second_factor.has_one(user),
            "refused": getattr(request, "refusal", None),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        typed = form.cleaned_data
        is_admin = typed["role"] == "admin"
        wants_seat: bool | None = typed.get("has_seat")
        try:
            if change:
                users.change(
                    obj,
                    name=typed["name"],
                    email=typed["email"],
                    is_company_admin=is_admin,
                    has_seat=wants_seat if obj.is_active else None,
                    by=admin_of(request),
                )
                words = _("Saved: %(name)s.")
            else:
                self._invite(request, obj, is_admin=is_admin, wants_seat=bool(wants_seat))
                words = _("Invited: %(name)s. The link in the email works once.")
        except (seats.SeatsFull, seats.NotAUser) as full:
            raise Refused(str(full), "has_seat") from full
        except users.LastAdmin as last:
            raise Refused(str(last), "role") from last
        except users.EmailTaken as taken:
            raise Refused(str(taken), "email") from taken
        messages.success(request, words % {"name": obj.name})

    def _invite(self, request: HttpRequest, obj: User, *, is_admin: bool, wants_seat: bool) -> None:
        invited = invitations.invite(
            company_of(request), email=obj.email, name=obj.name, is_company_admin=is_admin, by=admin_of(request)
        )
        if wants_seat:
            seats.give(invited, by=admin_of(request))

    def do_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """One of the buttons under a user's form."""
        user = self.get_queryset(request).filter(pk=object_id).first()
        if user is None or request.method != "POST":
            raise Http404
        by = admin_of(request)
        try:
            words = self._do(request.POST.get("what", ""), user, by=by)
        except (users.LastAdmin, invitations.NotInvited) as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, words % {"name": user.name})
        return HttpResponseRedirect(self.url("change", user.pk))

    def _do(self, what: str, user: User, *, by: User) -> str:
        match what:
            case "again":
                invitations.send_again(user, by=by)
                return _("%(name)s gets another email with a link. Earlier links work until one is used.")
            case "forget":
                second_factor.forget(user, by=by)
                return _("The second factor of %(name)s is gone, and every session of it has ended.")
            case "deactivate":
                users.deactivate(user, by=by)
                return _("%(name)s is deactivated: signed out everywhere, and the seat is free.")
            case "reactivate":
                users.reactivate(user, by=by)
                return _("%(name)s can sign in again, without a seat.")
        raise Http404

    # --- many at once ---

    @admin.action(description=_lazy("Give a seat"))
    def give_seats(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._reassign(request, give_to=ids_of(queryset))

    @admin.action(description=_lazy("Take the seat"))
    def take_seats(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._reassign(request, take_from=ids_of(queryset))

    def _reassign(self, request: HttpRequest, *, take_from: Iterable[int] = (), give_to: Iterable[int] = ()) -> None:
        """All of it or nothing (S2); says what was done."""
        company, by = company_of(request), admin_of(request)
        try:
            moved = seats.reassign(company.pk, take_from=take_from, give_to=give_to, by=by)
        except (seats.SeatsFull, seats.NotAUser) as full:
            raise Refused(str(full)) from full
        taken, given = len(moved.taken), len(moved.given)
        words = [
            ngettext("%(n)s seat taken.", "%(n)s seats taken.", taken) % {"n": taken} if taken else "",
            ngettext("%(n)s seat given.", "%(n)s seats given.", given) % {"n": given} if given else "",
        ]
        messages.success(request, " ".join(filter(None, words)) or _("Nothing changed: it was so already."))

    def reassign_view(self, request: HttpRequest) -> HttpResponse:
        """Choose who loses a seat, then who gets one; both happen at once, or neither."""
        company = company_of(request)
        if not company.has_smartmessage:
            raise Http404
        take_from, give_to = chosen(request, "from"), chosen(request, "to")
        context: dict[str, Any] = {"seats": seats.Meter.of(company), "chosen_ids": give_to, "from_ids": take_from}
        if request.method == "POST" and request.POST.get("step") == "move":
            try:
                self._reassign(request, take_from=take_from, give_to=give_to)
                return HttpResponseRedirect(self.url("changelist"))
            except Refused as refused:
                context["refusal"] = refused
        people = self.get_queryset(request).filter(is_active=True).order_by("name", "pk")
        holders = with_last_texts(list(people.filter(holds_seat=True)))
        if request.method == "POST" and request.POST.get("step") != "back":
            losing = [user for user in holders if user.pk in take_from]
            context.update(
                step=2, losing=losing, people=people.filter(holds_seat=False), free=context["seats"].free + len(losing)
            )
        else:
            context.update(step=1, people=holders)
        return self.page_of(request, "settings/reassign.html", **context)


def with_last_texts(rows: list[User]) -> list[Any]:
    """The users, each with the day of her last text in words; one question for all of them."""
    last, today = seats.last_texts(user.pk for user in rows), timezone.localdate()
    for user in rows:
        user.last_text_words = days_ago(last.get(user.pk), today=today)  # type: ignore[attr-defined]
        user.is_invited = invitations.is_waiting(user)  # type: ignore[attr-defined]
    return rows


def days_ago(at: datetime | None, *, today: date) -> str:
    """ "Today", "Yesterday", "82 days ago", in the company's days; empty for never."""
    if at is None:
        return ""
    days = (today - timezone.localdate(at)).days
    if days < 2:
        return _("Yesterday") if days == 1 else _("Today")
    return _("%(days)s days ago") % {"days": days}


def ids_of(queryset: QuerySet[User]) -> list[int]:
    return list(queryset.values_list("pk", flat=True))


def chosen(request: HttpRequest, name: str) -> set[int]:
    """The ids that a form's boxes sent; what is no id was sent by no form of ours."""
    sent = [text for text in request.POST.getlist(name) if text.isascii() and text.isdigit() and len(text) < 19]
    return {int(text) for text in sent}


company_site.register(User, UserManagement)
