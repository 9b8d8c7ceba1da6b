"""How one hears of news: the section of one's own account, and the way out of the digests."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, signed_in
from accounts.models import MOST_UNDO_SECONDS
from inbox import digests, tray
from inbox.models import Digest, NoticeSettings


class NoticeSettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    undo_seconds = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_UNDO_SECONDS,
        label=gettext_lazy("Seconds to undo a message"),
        error_messages={
            key: format_lazy(gettext_lazy("Write a whole number from 0 to {most}."), most=MOST_UNDO_SECONDS)
            for key in ("invalid", "min_value", "max_value")
        },
    )

    class Meta:
        model = NoticeSettings
        fields = ("desktop", "desktop_shows_text", "digest", "shortcuts")

    @transaction.atomic
    def save(self, commit: bool = True) -> NoticeSettings:
        user, seconds = self.instance.user, self.cleaned_data["undo_seconds"]
        if seconds is not None:
            user.undo_seconds = seconds
            user.save(update_fields=["undo_seconds"])
        saved: NoticeSettings = super().save(commit)
        return saved


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: SignedInRequest) -> HttpResponse:
    """One's own settings: seconds to undo a message, desktop notifications, digests, keyboard shortcuts."""
    known = tray.settings_of(request.user)
    form = NoticeSettingsForm(request.POST or None, instance=known, initial={"undo_seconds": request.user.undo_seconds})
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("notice-settings"))
    context = {"form": form, "most_undo": MOST_UNDO_SECONDS, "rhythms": Digest, "hour": digests.EVERY_MORNING_AT}
    return render(request, "inbox/notice_settings.html", context, status=422 if form.is_bound else 200)


@csrf_exempt  # a mail program posts it, without a session; the token says whose digests end (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def digest_off(request: HttpRequest, token: str) -> HttpResponse:
    """The way out of the digests, from the mail: a page that asks, for mail scanners follow links; a POST does it."""
    user = digests.reader_of(token)
    if user is None:
        raise Http404
    if request.method == "POST":
        digests.end(user)
    is_off = tray.settings_of(user).digest == Digest.NEVER
    return render(request, "inbox/digest_off.html", {"is_off": is_off})
