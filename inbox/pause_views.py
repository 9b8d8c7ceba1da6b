"""Try now: an admin has a paused account asked at once whether it works again."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, signed_in
from inbox import pauses
from inbox.querysets import EVERYTHING
from inbox.views import address, patch, visible_conversation


@signed_in
@require_POST
def try_now(request: SignedInRequest, pk: int, channel: str) -> HttpResponse:
    conversation = visible_conversation(request.user, pk)
    if not request.user.is_company_admin:
        raise Http404
    pauses.try_now()
    shown = EVERYTHING if request.POST.get("shown") == EVERYTHING else channel
    if request.htmx:
        return patch(request, conversation, shown, on=channel)
    return HttpResponseRedirect(address(conversation, shown, channel))
