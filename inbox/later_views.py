"""What has not left yet: taken back. HTTP in, one action, a page or a patch out."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, signed_in
from inbox import taking_back
from inbox.models import Conversation, Message
from inbox.outcomes import Refused
from inbox.querysets import EVERYTHING
from inbox.views import address, after, patch, visible_conversation


@signed_in
@require_POST
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo: the words are in the composer again."""
    visible = Conversation.objects.visible_to(request.user).values("pk")
    message = Message.objects.filter(pk=pk, author=request.user, conversation__in=visible).first()
    if message is None:
        raise Http404
    outcome = taking_back.take_back(message_id=pk, author=request.user)
    conversation = visible_conversation(request.user, message.conversation_id)
    if isinstance(outcome, Refused):
        return after(request, conversation, message.channel, outcome)
    shown = EVERYTHING if request.POST.get("shown") == EVERYTHING else message.channel
    if request.htmx:
        return patch(request, conversation, shown, on=message.channel, taken=outcome)
    return HttpResponseRedirect(f"{address(conversation, shown, message.channel)}#body")
