"""The buttons below a failed text: HTTP in, one action, a page or a patch out."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, signed_in
from inbox import channels, problems, repairs
from inbox.models import Message
from inbox.outcomes import Sent
from inbox.querysets import EVERYTHING
from inbox.views import address, after, visible_conversation


@signed_in
@require_POST
def carry(request: SignedInRequest, pk: int, channel: str) -> HttpResponse:
    """Use another channel, or change the text: its words are in that composer."""
    message = text_of(request, pk)
    conversation = visible_conversation(request.user, message.conversation_id)
    if channel not in channels.of(conversation.company) or channel not in channels.registered():
        raise Http404
    repairs.carry(message, to=channel, by=request.user)
    shown = EVERYTHING if request.POST.get("shown") == EVERYTHING else channel
    return HttpResponseRedirect(f"{address(conversation, shown, channel)}#body")


@signed_in
@require_POST
def to_new_address(request: SignedInRequest, pk: int) -> HttpResponse:
    message = text_of(request, pk)
    outcome = repairs.send_to_new_address(pk, by=request.user)
    return after(request, visible_conversation(request.user, message.conversation_id), message.channel, outcome)


@signed_in
@require_POST
def tell_admin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where it was told already, the page says when: that is the answer too."""
    message = text_of(request, pk)
    conversation = visible_conversation(request.user, message.conversation_id)
    problems.tell_admins(message, by=request.user)
    return after(request, conversation, message.channel, Sent(message))


def text_of(request: SignedInRequest, pk: int) -> Message:
    message = repairs.visible_text(request.user, pk)
    if message is None:
        raise Http404
    return message
