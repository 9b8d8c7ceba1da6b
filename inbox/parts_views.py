"""A long text as several: HTTP in, one action, a page or a patch out."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, signed_in
from inbox import parts, views


@signed_in
@require_POST
def send_parts(request: SignedInRequest, pk: int, channel: str) -> HttpResponse:
    conversation = views.visible_conversation(request.user, pk)
    body = request.POST.get("body", "")
    outcome = parts.send(
        conversation_id=pk,
        author=request.user,
        channel_key=channel,
        body=body,
        count=views.number(request, "parts"),
        client_token=views.token_of(request),
    )
    return views.after(request, conversation, channel, outcome, typed=body)
