"""What became of a message, step by step: a page, or the fragment that the thread opens in place."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, signed_in
from inbox import history as steps
from inbox import repairs
from inbox.views import address, visible_conversation


@signed_in
@require_safe
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    message = repairs.visible_text(request.user, pk)
    if message is None:
        raise Http404
    conversation = visible_conversation(request.user, message.conversation_id)
    context = {"steps": steps.of(message), "message": message, "person": conversation.person}
    context["back"] = f"{address(conversation, message.channel, message.channel)}#m{pk}"
    response = render(request, "inbox/_history.html" if request.htmx else "inbox/history.html", context)
    response["Vary"] = "HX-Request"
    response["Cache-Control"] = "no-store"
    return response
