"""What has not left yet: taken back, kept for later, edited, sent, canceled, stopped. HTTP in, an action, HTML out."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, signed_in
from inbox import good_hours, scheduling, sending, taking_back, waiting
from inbox.models import Conversation, Message, ScheduledMessage
from inbox.outcomes import Reason, Refused, Scheduled, Sent, TakenBack
from inbox.querysets import EVERYTHING
from inbox.views import (
    MOST_OF_A_SUBJECT,
    STATUS_OF_REFUSAL,
    address,
    number,
    page,
    patch,
    token_of,
    visible_conversation,
)
from inbox.waiting import ANSWER, AT, Edited


@signed_in
@require_POST
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo: the words are in the composer again. What waits for a good hour a colleague stops, too."""
    visible = Conversation.objects.visible_to(request.user).values("pk")
    message = Message.objects.filter(pk=pk, conversation__in=visible).first()
    if message is None or (message.author_id != request.user.pk and not good_hours.waits(message)):
        raise Http404
    channel = message.channel
    if good_hours.waits(message):
        outcome = good_hours.call_off(message_id=pk, by=request.user)
    else:
        outcome = taking_back.take_back(message_id=pk, author=request.user)
    more = {"taken": outcome} if isinstance(outcome, TakenBack) and outcome.words else {}
    return answer(request, message.conversation_id, channel, outcome, more=more, anchor="body")


@signed_in
@require_POST
def schedule(request: SignedInRequest, pk: int, channel: str) -> HttpResponse:
    """Keep what is in the composer until a time, or until the answer that opens the channel."""
    conversation = visible_conversation(request.user, pk)
    word, body = request.POST.get("when", ""), request.POST.get("body", "")
    clock = waiting.clock_named(conversation, request.POST.get("zone", ""))
    at = request.POST.get("at", "") if word == AT else ""
    when, chosen = waiting.moment_of(conversation, channel, word=word, typed=at, clock=clock), {"typed_at": at}
    if when is None and word != ANSWER:
        why = waiting.why_skipped(clock, at) or _("Choose a date and a time first. Your words are kept here.")
        return answer(request, pk, channel, Refused(Reason.NO_SUCH_TIME, why), more=chosen, typed=body)
    outcome = scheduling.schedule(
        conversation_id=pk,
        author=request.user,
        channel_key=channel,
        body=body,
        subject=request.POST.get("subject", "")[:MOST_OF_A_SUBJECT],
        client_token=token_of(request),
        when=when,
        waits_for=waiting.kind_of(word),
    )
    return answer(request, pk, channel, outcome, more=chosen, typed=body, anchor="later")


@signed_in
@require_POST
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Other words or another time; what can't be kept stands in the form again, or in the composer."""
    row = visible_row(request, pk)
    body, at = request.POST.get("body", ""), request.POST.get("at", "")
    subject = request.POST.get("subject", "")[:MOST_OF_A_SUBJECT]
    clock = waiting.clock_named(row.conversation, request.POST.get("zone", ""))
    when = waiting.moment_typed(clock, at)
    if at and when is None:
        why = waiting.why_skipped(clock, at) or _("This is no date and time. Choose it again.")
        outcome: Scheduled | Refused = Refused(Reason.NO_SUCH_TIME, why)
    else:
        same = row.due_at is not None and at == clock.field(row.due_at)
        outcome = scheduling.edit(
            scheduled_id=pk,
            by=request.user,
            body=body,
            subject=subject,
            version=number(request, "seen"),
            when=None if same else when,
        )
    more: dict[str, Any] = {}
    if isinstance(outcome, Refused) and outcome.reason == Reason.NOT_WAITING:
        taken = TakenBack(row.channel, body, subject)
        sending.put_into_draft(request.user, row.conversation, taken)
        more = {"taken": taken}
    elif isinstance(outcome, Refused):
        more = {"edited": Edited(pk, body, subject, at, outcome.sentence or str(outcome.reason.label))}
    return answer(request, row.conversation_id, row.channel, outcome, more=more, anchor="later")


@signed_in
@require_POST
def send_now(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_row(request, pk)
    outcome = scheduling.send_now(scheduled_id=pk, by=request.user)
    return answer(request, row.conversation_id, row.channel, outcome)


@signed_in
@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """The author's Cancel, or Delete of what was held back; the answer has the way back."""
    row = visible_row(request, pk)
    outcome = scheduling.cancel(scheduled_id=pk, by=request.user)
    more = {"canceled": pk} if isinstance(outcome, Scheduled) else {}
    return answer(request, row.conversation_id, row.channel, outcome, more=more, anchor="later")


@signed_in
@require_POST
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    row = visible_row(request, pk)
    outcome = scheduling.restore(scheduled_id=pk, by=request.user)
    return answer(request, row.conversation_id, row.channel, outcome, anchor="later")


@signed_in
@require_POST
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    """A colleague holds it back."""
    row = visible_row(request, pk)
    outcome = scheduling.stop(scheduled_id=pk, by=request.user)
    return answer(request, row.conversation_id, row.channel, outcome, anchor="later")


def visible_row(request: SignedInRequest, pk: int) -> ScheduledMessage:
    """A scheduled message of a conversation that the user sees; whose it is, the action asks."""
    visible = Conversation.objects.visible_to(request.user).values("pk")
    row = ScheduledMessage.objects.filter(pk=pk, conversation__in=visible).first()
    if row is None:
        raise Http404
    row.conversation = visible_conversation(request.user, row.conversation_id)
    return row


def answer(
    request: SignedInRequest,
    conversation_id: int,
    channel: str,
    outcome: Sent | Scheduled | TakenBack | Refused,
    *,
    more: dict[str, Any] | None = None,
    typed: str | None = None,
    anchor: str = "thread",
) -> HttpResponse:
    """A patch where a page asked for one, else the page on which the form stands; `anchor`: the part to look at."""
    conversation = visible_conversation(request.user, conversation_id)
    shown = EVERYTHING if request.POST.get("shown") == EVERYTHING else channel
    more = more or {}
    if not isinstance(outcome, Refused):
        if request.htmx:
            return patch(request, conversation, shown, on=channel, more=more)
        return HttpResponseRedirect(f"{address(conversation, shown, channel, canceled=more.get('canceled'))}#{anchor}")
    if (status := STATUS_OF_REFUSAL.get(outcome.reason, 422)) == 404:
        raise Http404
    problem = outcome.sentence or str(outcome.reason.label)
    if edited := more.pop("edited", None):
        problem, more["waiting"] = "", waiting.shown(request.user, conversation, shown, edited=edited)
    later = request.POST.get("later") == "1"
    if request.htmx:
        return patch(request, conversation, shown, on=channel, problem=problem, status=status, more=more, later=later)
    return page(request, conversation, channel, problem=problem, typed=typed, status=status, more=more, later=later)
