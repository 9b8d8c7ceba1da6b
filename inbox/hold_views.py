"""The two buttons at a text that reads like a request to stop."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, signed_in
from inbox import deciding
from inbox.models import Message
from inbox.outcomes import Refused, Sent
from inbox.views import after, visible_conversation


@signed_in
@require_POST
def opt_out(request: SignedInRequest, pk: int) -> HttpResponse:
    return _answered(request, pk, deciding.opt_out)


@signed_in
@require_POST
def release(request: SignedInRequest, pk: int) -> HttpResponse:
    return _answered(request, pk, deciding.release)


def _answered(request: SignedInRequest, pk: int, decide: Callable[..., Sent | Refused]) -> HttpResponse:
    message = Message.objects.filter(pk=pk).first()
    if message is None:
        raise Http404
    conversation = visible_conversation(request.user, message.conversation_id)
    return after(request, conversation, message.channel, decide(message_id=pk, by=request.user))
