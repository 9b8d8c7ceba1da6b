"""Snippets: chosen while writing, and the section of one's own account that keeps them. HTTP in, HTML out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, signed_in
from inbox import channels, sending, views
from inbox.placeholders import Place
from inbox.querysets import EVERYTHING
from inbox.segments import measure
from inbox.snippets import actions, filling
from inbox.snippets.forms import BookingLinkForm, SnippetForm
from inbox.snippets.models import Snippet


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedInRequest, pk: int, channel: str) -> HttpResponse:
    """The snippets for a message, filled: a list for the composer, or a page whose buttons put one into the draft.

    A POST without `snippet` keeps what is typed before the page opens.
    """
    conversation = views.visible_conversation(request.user, pk)
    if channel not in channels.registered():
        raise Http404
    offers = filling.offers(request.user, conversation)
    if request.htmx:
        return _fragment(request, "inbox/snippets/_options.html", {"offers": offers})
    shown = EVERYTHING if (request.POST or request.GET).get("shown") == EVERYTHING else channel
    back = views.address(conversation, shown, channel)
    if request.method != "POST":
        context = {"offers": offers, "person": conversation.person, "back": back, "shown": shown, "nav": "inbox"}
        return render(request, "inbox/snippets/choose.html", context)
    draft = sending.draft_of(request.user, conversation, channel)
    chosen = next((each for each in offers if each.snippet.pk == views.number(request, "snippet")), None)
    typed: dict[str, Any] = {"body": draft.body, "subject": draft.subject, "client_token": draft.token}
    if chosen and not chosen.problem:
        typed["body"] = f"{draft.body.rstrip()}\n{chosen.text}" if draft.body.strip() else chosen.text
        sending.keep_draft(request.user, conversation, channel, **typed)
        return HttpResponseRedirect(f"{back}#body")
    if "body" in request.POST:
        typed = {
            "body": request.POST["body"][: views.MOST_KEPT],
            "subject": request.POST.get("subject", ""),
            "client_token": views.token_of(request),
        }
        sending.keep_draft(request.user, conversation, channel, **typed)
    return HttpResponseRedirect(f"{request.path}?{urlencode({'shown': shown})}")


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def snippets(request: SignedInRequest) -> HttpResponse:
    """All that the user may use, and her booking link."""
    form = BookingLinkForm(request.POST or None, initial={"booking_link": request.user.booking_link})
    if form.is_valid():
        request.user.booking_link = form.cleaned_data["booking_link"]
        request.user.save(update_fields=["booking_link"])
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("snippets"))
    editable = Snippet.objects.editable_by(request.user)
    context = {
        "form": form,
        "snippets": Snippet.objects.visible_to(request.user).kept().select_related("job", "community"),
        "editable": set(editable.kept().values_list("pk", flat=True)),
        "deleted": editable.filter(pk=views.number(request, "deleted")).exclude(deleted_at=None).first(),
    }
    return render(request, "inbox/snippets/snippets.html", context, status=422 if form.is_bound else 200)


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """A new snippet, or one that may be changed; `preview` shows what it becomes and stores nothing."""
    snippet = _editable(request, pk, kept=True) if pk else Snippet(company=request.user.company, author=request.user)
    form = SnippetForm(request.POST or None, user=request.user, snippet=snippet)
    wants_preview = "preview" in request.POST
    if form.is_valid() and not wants_preview:
        actions.save(snippet, by=request.user, **form.chosen())
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("snippets"))
    context: dict[str, Any] = {"form": form, "snippet": snippet, "places": Place}
    if form.is_bound and form.is_valid():
        chosen = form.chosen()
        values = filling.example_values(request.user, chosen["team"])
        context["preview"] = filling.offer(Snippet(body=chosen["body"]), values)
        context["size"] = measure(context["preview"].text)
    return render(request, "inbox/snippets/edit.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    actions.delete(_editable(request, pk))
    return HttpResponseRedirect(f"{reverse('snippets')}?{urlencode({'deleted': pk})}")


@signed_in
@require_POST
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    actions.restore(_editable(request, pk))
    return HttpResponseRedirect(reverse("snippets"))


def _editable(request: SignedInRequest, pk: int, *, kept: bool = False) -> Snippet:
    """The snippet, if the user may change it; else the same 404 as for none (A4). `kept`: not if it is deleted."""
    found = Snippet.objects.editable_by(request.user).filter(pk=pk).first()
    if found is None or (kept and found.deleted_at):
        raise Http404
    return found


def _fragment(request: SignedInRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "no-store"
    return response
