"""Invite many at once: who will get it, the run, and what came of it."""

from uuid import UUID, uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, signed_in
from inbox import channels, sending
from inbox.invitations import choosing, runs
from inbox.models import Conversation, InvitationRun, InvitationRunItem
from inbox.views import STATUS_OF_REFUSAL


@signed_in
@require_POST
def preview(request: SignedInRequest) -> HttpResponse:
    """Of the chosen records: who will get the invitation, who is skipped and why, and the words."""
    keys = request.POST.getlist("record")
    if problem := unfit(keys):
        return refused(request, problem)
    conversations, channel_key = chosen(request, keys)
    if refusal := sending.may_not_write(request.user, conversations[0], channel_key):
        return refused(request, refusal.sentence, status=STATUS_OF_REFUSAL.get(refusal.reason, 422))
    context = {
        "choice": choosing.judge(conversations, channel_key),
        "channel": channels.get(channel_key),
        "token": uuid4(),
        "back": back_of(request),
    }
    return render(request, "invitations/preview.html", context)


@signed_in
@require_POST
def start(request: SignedInRequest) -> HttpResponse:
    """Invite those who were shown as getting it. A repeated click is the same run."""
    keys = request.POST.getlist("record")
    try:
        token = UUID(request.POST.get("token", ""))
    except ValueError:
        raise Http404 from None
    if problem := unfit(keys):
        return refused(request, problem)
    conversations, channel_key = chosen(request, keys)
    if refusal := sending.may_not_write(request.user, conversations[0], channel_key):
        return refused(request, refusal.sentence, status=STATUS_OF_REFUSAL.get(refusal.reason, 422))
    run = runs.start(conversations, by=request.user, channel_key=channel_key, token=token)
    return HttpResponseRedirect(reverse("invitation-run", args=[run.pk]))


@signed_in
@require_safe
def run(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far a run is, and what came of each person; for the user who asked for it."""
    found = InvitationRun.objects.filter(pk=pk, user=request.user, company=request.user.company_id).first()
    if found is None:
        raise Http404
    items = list(runs.visible_items(found, request.user))
    people = Conversation.objects.with_record().in_bulk([item.conversation_id for item in items])
    by_state: dict[str, list[tuple[Conversation, str]]] = {state: [] for state in InvitationRunItem.State}
    for item in items:
        by_state[item.state].append((people[item.conversation_id], item.reason))
    groups = {conversation.record.group for conversation in people.values()}
    context = {
        "run": found,
        "group": groups.pop() if len(groups) == 1 else None,
        "is_running": found.finished_at is None,
        "total": len(items),
        "done": len(items) - len(by_state["waiting"]),
        "channel": channels.get(found.channel),
        **by_state,
    }
    response = render(request, "invitations/_run.html" if request.htmx else "invitations/run.html", context)
    response["Vary"], response["Cache-Control"] = "HX-Request", "no-store"
    return response


def unfit(keys: list[str]) -> str:
    """Why these can't be invited at once, whoever they are; empty if they can."""
    if not keys:
        return _("Nobody was chosen. Go back and tick the people whom you want to invite.")
    if len(keys) > choosing.MOST:
        words = _("You chose %(count)d people, and at most %(most)d can be invited at once. Choose fewer.")
        return words % {"count": len(keys), "most": choosing.MOST}
    return ""


def chosen(request: SignedInRequest, keys: list[str]) -> tuple[list[Conversation], str]:
    """The conversations, and the channel: the form's, or the company's first. 404 where the user may see nobody."""
    conversations = choosing.chosen_conversations(request.user, keys)
    if not conversations:
        raise Http404
    texting = conversations[0].company.texting_channels()
    first = next((key for key in texting if key in channels.registered()), "")
    return conversations, request.POST.get("channel") or first


def refused(request: SignedInRequest, sentence: str, *, status: int = 422) -> HttpResponse:
    context = {"problem": sentence, "back": back_of(request)}
    return render(request, "invitations/refused.html", context, status=status)


def back_of(request: SignedInRequest) -> str:
    """The page that it began on, if that is one of ours."""
    back = request.POST.get("back", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("home")
