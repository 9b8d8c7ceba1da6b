"""The Inbox page: the list, a conversation beside it, and what a user does with one. HTTP in, an action, HTML out."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, signed_in
from candidates import people
from candidates.records import KINDS, visible_record
from inbox import around, asking, channels, doing, facts, listing, notices, tray
from inbox.listing import ICONS, LABELS, Choice, View
from inbox.models import Conversation
from inbox.querysets import EVERYTHING
from inbox.views import conversation_of, thread_context, visible_conversation

MOST_WORDS = 100  # characters of a search
MOST_PEOPLE = 20  # to choose from


@signed_in
@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """The list alone, with nothing open beside it."""
    choice = choice_of(request)
    context = list_context(request, choice)
    context |= beside(request)
    if request.htmx:
        return fragment(request, "inbox/_list_patch.html", context)
    return render(request, "inbox/inbox.html", context)


@signed_in
@require_safe
def conversation(request: SignedInRequest, pk: int) -> HttpResponse:
    """A conversation with all its channels, and the list beside it; or, where a page asks for it, the pane alone."""
    found = visible_conversation(request.user, pk)
    context = open_context(request, found) | {"choice": choice_of(request), "query": query_of(request)}
    if request.htmx:
        return fragment(request, "inbox/_open.html", context)
    context |= list_context(request, choice_of(request)) | beside(request)
    return render(request, "inbox/inbox.html", context)


@signed_in
@require_safe
def row(request: SignedInRequest, pk: int) -> HttpResponse:
    """One row of the list anew, and the counts; nothing of the row where it no longer belongs into this list."""
    visible_conversation(request.user, pk)
    choice = choice_of(request)
    found = None if choice.is_search else listing.row(request.user, pk, choice)
    context = {"row": found, "pk": pk, "choice": choice, "query": query_of(request)} | beside(request)
    return fragment(request, "inbox/_row_patch.html", context)


@signed_in
@require_safe
def new_message(request: SignedInRequest) -> HttpResponse:
    """Whom to write to: the people of the user's teams, by name, email or number."""
    words = request.GET.get("q", "").strip()[:MOST_WORDS]
    rows, _has_more = people.page_of_records(request.user, words=words)
    context = {"rows": rows[:MOST_PEOPLE], "words": words, "nav": "inbox"}
    if request.htmx:
        return fragment(request, "inbox/_people.html", context)
    return render(request, "inbox/new_message.html", context)


@signed_in
@require_safe
def of_record(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """The conversation of a record, in the Inbox."""
    if kind not in KINDS:
        raise Http404
    found = conversation_of(visible_record(request.user, kind, pk))
    return HttpResponseRedirect(reverse("conversation", args=[found.pk]))


@signed_in
@require_POST
def done(request: SignedInRequest, pk: int) -> HttpResponse:
    found = visible_conversation(request.user, pk)
    is_done = request.POST.get("done") != "no"
    doing.set_done(found, is_done=is_done, by=request.user)
    words = _("Done with %(name)s") if is_done else _("%(name)s is open again")
    return acted(request, found, words % {"name": found.person.name}, undo={"done": "no" if is_done else "yes"})


@signed_in
@require_POST
def star(request: SignedInRequest, pk: int) -> HttpResponse:
    found = visible_conversation(request.user, pk)
    is_starred = request.POST.get("starred") != "no"
    doing.set_starred(request.user, found, is_starred=is_starred)
    words = _("%(name)s is starred") if is_starred else _("%(name)s is no longer starred")
    return acted(request, found, words % {"name": found.person.name}, undo={"starred": "no" if is_starred else "yes"})


@signed_in
@require_POST
def unread(request: SignedInRequest, pk: int) -> HttpResponse:
    found = visible_conversation(request.user, pk)
    is_unread = request.POST.get("unread") != "no"
    doing.set_unread(request.user, found, is_unread=is_unread)
    words = _("%(name)s is unread") if is_unread else _("%(name)s is read")
    return acted(request, found, words % {"name": found.person.name}, undo={"unread": "no" if is_unread else "yes"})


@signed_in
@require_POST
def snooze(request: SignedInRequest, pk: int) -> HttpResponse:
    """Out of the user's list until a time; `until` names it, or nothing ends it."""
    found = visible_conversation(request.user, pk)
    until = time_of(request.POST.get("until", ""))
    doing.snooze(request.user, found, until=until)
    if until is None:
        words = _("%(name)s is back in your Inbox") % {"name": found.person.name}
        return acted(request, found, words, undo={})
    words = _("%(name)s comes back %(time)s, or with a reply") % {
        "name": found.person.name,
        "time": doing.said_time(until),
    }
    return acted(request, found, words, undo={"until": ""})


def time_of(word: str) -> datetime | None:
    """When a snooze ends: one of the named times, or one that was typed; None: now."""
    named = {key: at for key, _label, at in doing.snooze_times(timezone.now())}
    if word in named:
        return named[word]
    typed = parse_datetime(word) if word else None
    if typed is None:
        return None
    aware = timezone.make_aware(typed) if timezone.is_naive(typed) else typed
    return aware if timezone.now() < aware < timezone.now() + timedelta(days=400) else None


def acted(request: SignedInRequest, found: Conversation, words: str, *, undo: dict[str, str]) -> HttpResponse:
    """Say what was done, with the way back; without htmx, lead back to where the user was."""
    if request.htmx:
        context = {"words": words, "undo": undo, "action": request.path, "pk": found.pk}
        return fragment(request, "inbox/_toast.html", context)
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if is_ours and back else reverse("inbox"))


def choice_of(request: SignedInRequest) -> Choice:
    """What the address asks for; what it says wrongly is as if it weren't said."""
    asked = request.GET
    views = {view.value: view for view in View}
    group = asked.get("group", "")
    key = group[1:] if group.startswith("-") else group
    channel = asked.get("channel", "")
    return Choice(
        view=views.get(asked.get("view", ""), View.OPEN),
        team_key=int(group) if key.isascii() and key.isdigit() and len(key) < 16 else None,
        channel=channel if channel in channels.registered() else "",
        words=asked.get("q", "").strip()[:MOST_WORDS],
        after=place_of(asked.get("after", "")),
    )


def place_of(text: str) -> tuple[datetime, int] | None:
    """The place of a list's last row, as `Row.place` writes it."""
    at, _tilde, pk = text.partition("~")
    moment = parse_datetime(at) if at else None
    is_place = moment is not None and timezone.is_aware(moment) and pk.isascii() and pk.isdigit() and len(pk) < 18
    return (moment, int(pk)) if moment and is_place else None


def query_of(request: SignedInRequest, **more: str) -> str:
    """The part of the address that says what is listed, to go on with it on the next page."""
    kept = {key: request.GET[key] for key in ("view", "group", "channel", "q") if request.GET.get(key)} | more
    return f"?{urlencode(kept)}" if kept else ""


def list_context(request: SignedInRequest, choice: Choice) -> dict[str, Any]:
    found = listing.page(request.user, choice)
    return {
        "choice": choice,
        "page": found,
        "query": query_of(request),
        "next": query_of(request, after=found.rows[-1].place) if found.has_more else "",
        "title": _("Results") if choice.is_search else LABELS[choice.view],
        "channels": [channels.get(key) for key in channels.of(request.user.company)] if request.user.company else [],
        "nav": "inbox",
    }


def beside(request: SignedInRequest) -> dict[str, Any]:
    """The views with their counts, and the user's jobs and communities."""
    counted, rung = asking.ask(listing.beside_question(request.user), tray.question(request.user))
    found, bell = listing.beside(counted), tray.bell_of(request.user, rung)
    views = [(view, LABELS[view], ICONS[view], found.counts.of(view)) for view in View]
    return {
        "views": views,
        "teams": found.teams,
        "most_counted": listing.MOST_COUNTED,
        "unread_notices": bell.count,
        "notice_settings": bell.settings,
    }


def open_context(request: SignedInRequest, found: Conversation) -> dict[str, Any]:
    """The conversation that is open, and seen by that; with its other records and what is personal about it."""
    user = request.user
    questions = (notices.seeing(user, found.pk), around.question(user, found))
    known, (seen, what) = facts.ask(found, *questions)
    notices.was_seen(user, found.pk, seen)
    mine = around.read(user, found, what)
    context = thread_context(request, found, EVERYTHING, drafts=mine.drafts, known=known)
    return context | {
        "open": found,
        "mine": mine,
        "others": mine.others,
        "team": mine.team,
        "snooze_times": doing.snooze_times(timezone.now()),
    }


def fragment(request: SignedInRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "no-store"
    return response
