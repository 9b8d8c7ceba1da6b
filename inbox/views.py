"""The Messages tab, the home page and the tray: HTTP in, one action, a page or a patch out.

A patch is a piece of HTML whose elements take the place of those with the same id, so nothing is shown twice.
"""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, signed_in
from accounts.models import User
from candidates import people
from candidates.models import Record
from candidates.records import visible_record
from candidates.views import page_number
from inbox import channels, facts, ledger, moving, notices, sending, thread, waiting, writing
from inbox.facts import Facts
from inbox.models import Conversation, Message
from inbox.notes.panel import panel as notes_panel
from inbox.outcomes import Reason, Refused, Sent
from inbox.querysets import EVERYTHING, NOTES
from inbox.tray import bell, rows
from inbox.writing import Drafts

MOST_KEPT, MOST_OF_A_SUBJECT = 100_000, 255  # characters of a draft
STATUS_OF_REFUSAL = {Reason.NOT_ON_TEAM: 404, Reason.NO_SEAT: 403}


@signed_in
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """The user's records, the most recent conversation first."""
    page = page_number(request)
    found, has_more = people.page_of_records(request.user, number=page)
    context = {"rows": found, "page": page, "has_more": has_more, "nav": "people"}
    return render(request, "inbox/home.html", context)


@signed_in
@require_safe
def messages(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    conversation = conversation_of(visible_record(request.user, kind, pk))
    notices.mark_read(request.user, conversation.pk)
    return page(request, conversation, request.GET.get("channel", ""))


@signed_in
@require_safe
def emails(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    conversation = conversation_of(visible_record(request.user, kind, pk))
    notices.mark_read(request.user, conversation.pk)
    return page(request, conversation, channels.EMAIL)


@signed_in
@require_POST
def send(request: SignedInRequest, pk: int, channel: str) -> HttpResponse:
    conversation = visible_conversation(request.user, pk)
    body = request.POST.get("body", "")
    outcome = sending.send_message(
        conversation_id=pk,
        author=request.user,
        channel_key=channel,
        body=body,
        subject=request.POST.get("subject", "")[:MOST_OF_A_SUBJECT],
        client_token=token_of(request),
        knows_the_hour=request.POST.get("hour") != "good",
    )
    return after(request, conversation, channel, outcome, typed=body)


@signed_in
@require_POST
def invite(request: SignedInRequest, pk: int, channel: str) -> HttpResponse:
    conversation = visible_conversation(request.user, pk)
    outcome = sending.send_invitation(
        conversation_id=pk, author=request.user, channel_key=channel, client_token=token_of(request)
    )
    return after(request, conversation, channel, outcome)


@signed_in
@require_POST
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Retry, or Send again."""
    visible = Conversation.objects.visible_to(request.user).values("pk")
    message = Message.objects.filter(pk=pk, conversation__in=visible).first()
    if message is None:
        raise Http404
    outcome = sending.send_again(message_id=pk, author=request.user)
    return after(request, visible_conversation(request.user, message.conversation_id), message.channel, outcome)


@signed_in
@require_POST
def move(request: SignedInRequest, pk: int) -> HttpResponse:
    """A message without reference belongs to another conversation (W5)."""
    visible = Conversation.objects.visible_to(request.user).values("pk")
    message = Message.objects.filter(pk=pk, conversation__in=visible).first()
    if message is None:
        raise Http404
    origin = visible_conversation(request.user, message.conversation_id)
    outcome = moving.move(message_id=pk, to=number(request, "to"), by=request.user)
    if isinstance(outcome, Sent) and not request.htmx:
        return HttpResponseRedirect(f"{address(origin, message.channel, message.channel)}")
    return after(request, origin, message.channel, outcome)


@signed_in
@require_POST
def draft(request: SignedInRequest, pk: int, channel: str) -> HttpResponse:
    """Keep what is being typed; 409 where a text has gone out from the same draft meanwhile, so the page keeps it."""
    conversation = visible_conversation(request.user, pk)
    is_kept = sending.keep_draft(
        request.user,
        conversation,
        channel,
        body=request.POST.get("body", "")[:MOST_KEPT],
        subject=request.POST.get("subject", "")[:MOST_OF_A_SUBJECT],
        client_token=token_of(request),
    )
    return HttpResponse(status=204 if is_kept else 409)


@signed_in
@require_safe
def since(request: SignedInRequest, pk: int, channel: str) -> HttpResponse:
    """What changed since the version that a page has; of the whole thread where `channel` is `EVERYTHING`."""
    return patch(request, visible_conversation(request.user, pk), channel)


@signed_in
@require_safe
def older(request: SignedInRequest, pk: int, channel: str) -> HttpResponse:
    """The page of the thread above a message, and that message anew: it may have lost its day's heading."""
    conversation = visible_conversation(request.user, pk)
    before = conversation.messages.shown_on(channel).filter(pk=number(request, "before")).first()
    if before is None:
        raise Http404
    found, has_more = thread.newest(conversation, channel, before_pk=before.pk)
    entries = thread.entries([*found, before], before=thread.above(found[0], channel) if found else None)
    context = on_page(request, conversation, channel) | {"entries": entries, "has_more": has_more}
    context["homes"] = moving.other_homes(request.user, conversation, found)
    return render(request, "inbox/_older.html", context)


@signed_in
@require_POST
def seen(request: SignedInRequest, pk: int) -> HttpResponse:
    """The user has the conversation in front of her: its notices are read (N2)."""
    visible_conversation(request.user, pk)
    notices.mark_read(request.user, pk)
    return HttpResponse(status=204)


@signed_in
@require_safe
def tray(request: SignedInRequest) -> HttpResponse:
    """What is new; for a page whose tray is shut, only how much."""
    if request.htmx and "count" in request.GET:
        response = HttpResponse(format_html('<p data-unread-notices="{}"></p>', bell(request.user).count))
    else:
        context = {"rows": rows(request.user), "nav": "tray"}
        response = render(request, "inbox/_tray.html" if request.htmx else "inbox/tray.html", context)
    response["Vary"] = "HX-Request"
    return response


@signed_in
@require_POST
def tray_read(request: SignedInRequest) -> HttpResponse:
    notices.mark_all_read(request.user)
    return HttpResponseRedirect(reverse("tray"))


def conversation_of(record: Record) -> Conversation:
    """The record's one conversation, made when somebody first looks (Q1)."""
    conversation, _is_new = Conversation.objects.get_or_create(
        **{record.kind: record}, defaults={"company_id": record.candidate.company_id}
    )
    return Conversation.objects.with_record().get(pk=conversation.pk)


def visible_conversation(user: User, pk: int) -> Conversation:
    """The conversation, if the user is on its team; else the same 404 as for none (A4)."""
    conversation = Conversation.objects.visible_to(user).with_record().filter(pk=pk).first()
    if conversation is None:
        raise Http404
    return conversation


def after(
    request: SignedInRequest,
    conversation: Conversation,
    channel: str,
    outcome: Sent | Refused,
    *,
    typed: str | None = None,
) -> HttpResponse:
    """Answer a form: with a patch where a page asked for one, else with the page that it stands on.

    `typed`: what stood in the composer, where that is the form; else it keeps its draft.
    """
    shown = EVERYTHING if request.POST.get("shown") == EVERYTHING else channel
    conversation.refresh_from_db(fields=["version", "done_at", "has_scheduled"])
    if isinstance(outcome, Sent):
        if request.htmx:
            return patch(request, conversation, shown, on=channel)
        return HttpResponseRedirect(f"{address(conversation, shown, channel)}#m{outcome.message.pk}")
    status = STATUS_OF_REFUSAL.get(outcome.reason, 422)
    if status == 404:
        raise Http404
    sentence = outcome.sentence or str(outcome.reason.label)
    if request.htmx:
        return patch(request, conversation, shown, on=channel, problem=sentence, status=status)
    return page(request, conversation, channel, problem=sentence, typed=typed, status=status)


def address(conversation: Conversation, shown: str, channel: str, *, canceled: int | None = None) -> str:
    """Where this part of the conversation stands: in the Inbox, on the record's Emails tab or on its Messages tab.

    `canceled`: a scheduled message that was, for which the page offers the way back.
    """
    undo = {"canceled": canceled} if canceled else {}
    if shown == EVERYTHING:
        return f"{reverse('conversation', args=[conversation.pk])}?{urlencode({'on': channel, **undo})}"
    if channel == channels.EMAIL:
        return conversation.record.emails_url() + (f"?{urlencode(undo)}" if undo else "")
    return f"{conversation.record.messages_url()}?{urlencode({'channel': channel, **undo})}"


def page(
    request: SignedInRequest,
    conversation: Conversation,
    channel: str,
    *,
    on: str = "",
    problem: str = "",
    typed: str | None = None,
    status: int = 200,
    more: dict[str, Any] | None = None,
    later: bool = False,
) -> HttpResponse:
    """The Messages or the Emails tab with the newest page of a channel's thread, or the page before a message.

    `more`: what this answer says beside it. `later`: its composer is for what waits for an answer.
    """
    context = thread_context(request, conversation, channel, on=on, later=later) | (more or {})
    if problem:
        context["writing"].problem, context["writing"].typed = problem, typed
    context["tab"] = "emails" if channel == channels.EMAIL else "messages"
    return render(request, "inbox/messages.html", context, status=status)


def thread_context(
    request: SignedInRequest,
    conversation: Conversation,
    shown: str,
    *,
    on: str = "",
    later: bool = False,
    drafts: Drafts | None = None,
    known: Facts | None = None,
) -> dict[str, Any]:
    """What stands on a page with a thread: the newest page of it, or the page before a message."""
    before_pk = number(request, "before") or None
    context = on_page(request, conversation, shown, on=on, drafts=drafts, later=later, known=known)
    found, has_more = thread.newest(conversation, context["shown"], before_pk=before_pk)
    context["homes"] = moving.other_homes(request.user, conversation, found)
    return context | {"entries": thread.entries(found), "has_more": has_more, "is_newest": before_pk is None}


def patch(
    request: SignedInRequest,
    conversation: Conversation,
    shown: str,
    *,
    on: str = "",
    problem: str = "",
    status: int = 200,
    more: dict[str, Any] | None = None,
    later: bool = False,
) -> HttpResponse:
    """All that a page at `version` lacks, each part with the id of what it replaces.

    `more`: what this answer says beside it, such as words that were taken back. `later`: as in `page`.
    """
    context = on_page(request, conversation, shown, on=on, later=later) | (more or {})
    changed = thread.changed_since(
        conversation, context["shown"], number(request, "version"), waiting=waiting_on_page(request)
    )
    context |= {"entries": changed or [], "reload": changed is None}
    context["homes"] = moving.other_homes(request.user, conversation, [entry.message for entry in changed or []])
    context["writing"].problem = problem
    response = render(request, "inbox/_patch.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def on_page(
    request: SignedInRequest,
    conversation: Conversation,
    shown: str,
    *,
    on: str = "",
    drafts: Drafts | None = None,
    later: bool = False,
    known: Facts | None = None,
) -> dict[str, Any]:
    """What a page and a patch have in common. The conversation's version was read first: what comes later is asked for
    again.

    `shown` is the channel whose part of the thread is shown, or `EVERYTHING`; `on`, the channel to write on, or
    `NOTES`; `drafts`, the user's, and what is `known` of the channels, where that was asked already.
    """
    on, later = on or request.GET.get("on", ""), later or request.GET.get("later") == "1"
    known = known or facts.of(conversation)
    lines = writing.lines(conversation, known)
    keys = [line.key for line in lines]
    texting = conversation.company.texting_channels()
    if shown == EVERYTHING:
        channel = on if on in keys else writing.best_channel(conversation, lines)
    else:
        shown = channel = shown if shown in keys else (texting[0] if texting else "")
    here = next((line for line in lines if line.key == channel), None)
    panel = (
        writing.panel(request.user, conversation, here, drafts, later=later)
        if here
        else writing.panel_without_channel()
    )
    note = notes_panel(request.user, conversation, drafts) if here and on == NOTES else None
    return {
        "record": conversation.record,
        "person": conversation.person,
        "conversation": conversation,
        "shown": shown,
        "channel": channel,
        "lines": lines,
        "here": here,
        "panel": panel,
        "note": note,
        "writing": note or panel,
        "waiting": waiting.shown(request.user, conversation, shown),
        "canceled": number(request, "canceled"),
        "proof": ledger.shown(known.ledger, channel),
        "team": conversation.record.team.select_related("seat"),
        "here_url": address(conversation, shown, channel),
        "later_url": f"{address(conversation, shown, channel)}&later=1#body",
        "email_url": address(conversation, shown, channels.EMAIL),
    }


def waiting_on_page(request: HttpRequest) -> list[int]:
    """The messages that the page shows as waiting for their turn; at most so many, whatever is asked."""
    words = request.GET.get("waiting", "").split(",")[: thread.MOST_WAITING]
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 18]


def token_of(request: HttpRequest) -> UUID:
    """The form's client token; one of its own for a request without any, so that nothing is mistaken for it."""
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid4()


def number(request: HttpRequest, name: str) -> int:
    """A whole number from the query or the form; 0 for anything else."""
    text = request.GET.get(name) or request.POST.get(name) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
