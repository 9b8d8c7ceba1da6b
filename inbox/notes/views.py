"""Notes: written, deleted and had back; whom one can mention. HTTP in, one action, a page or a patch out."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, signed_in
from inbox import views
from inbox.channels import EMAIL
from inbox.models import Conversation, Message
from inbox.notes import actions, rules
from inbox.outcomes import Reason, Refused, Sent
from inbox.querysets import EVERYTHING, NOTES


@signed_in
@require_POST
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    conversation = views.visible_conversation(request.user, pk)
    body = request.POST.get("body", "")
    outcome = actions.write(conversation_id=pk, author=request.user, body=body, client_token=views.token_of(request))
    return _after(request, conversation, outcome, on=NOTES, typed=body)


@signed_in
@require_POST
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    conversation = _conversation_of_note(request, pk)
    return _after(request, conversation, actions.delete(note_id=pk, by=request.user))


@signed_in
@require_POST
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    conversation = _conversation_of_note(request, pk)
    return _after(request, conversation, actions.restore(note_id=pk, by=request.user))


@signed_in
@require_safe
def mentionable(request: SignedInRequest, pk: int) -> HttpResponse:
    """The others on the team, as the list in the composer shows them."""
    team = views.visible_conversation(request.user, pk).record.team.filter(is_active=True).order_by("name", "pk")
    people = [(label, user) for label, user in rules.labels(team).items() if user.pk != request.user.pk]
    response = render(request, "inbox/notes/_people.html", {"people": people})
    response["Cache-Control"] = "no-store"
    return response


def _conversation_of_note(request: SignedInRequest, pk: int) -> Conversation:
    visible = Conversation.objects.visible_to(request.user).values("pk")
    note = Message.objects.filter(pk=pk, conversation__in=visible, author=request.user).first()
    if note is None:
        raise Http404
    return views.visible_conversation(request.user, note.conversation_id)


def _after(
    request: SignedInRequest, conversation: Conversation, outcome: Sent | Refused, *, on: str = "", typed: str = ""
) -> HttpResponse:
    """As `views.after`; `shown` says on which part of the thread the form stood, `on` that a note is being written."""
    shown = request.POST.get("shown", EVERYTHING)
    conversation.refresh_from_db(fields=["version", "done_at"])
    problem = ""
    if isinstance(outcome, Refused):
        if outcome.reason == Reason.NOT_ON_TEAM:
            raise Http404
        problem = outcome.sentence
    if request.htmx:
        return views.patch(request, conversation, shown, on=on, problem=problem, status=422 if problem else 200)
    if isinstance(outcome, Sent):
        place = views.address(conversation, shown, on if shown == EVERYTHING else shown)
        return HttpResponseRedirect(f"{place}#m{outcome.message.pk}")
    tab = next(iter(conversation.company.texting_channels()), EMAIL) if shown == EVERYTHING else shown
    return views.page(request, conversation, tab, on=on, problem=problem, typed=typed, status=422)
