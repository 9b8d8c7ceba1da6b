"""Who is here, and what was sent meanwhile: small fragments that an open conversation asks for."""

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import attendance
from accounts.access import SignedInRequest, signed_in
from inbox import presence
from inbox.presence import State
from inbox.views import address, number, visible_conversation

TAB = re.compile(r"[0-9a-z]{1,16}")


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def who_is_here(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who else has the conversation in front of them. A POST says that the user has, or has it no more."""
    conversation = visible_conversation(request.user, pk)
    if request.method != "POST":
        colleagues = presence.others(conversation, request.user)
    else:
        tab, state = request.POST.get("tab", ""), request.POST.get("state", "")
        tab = tab if TAB.fullmatch(tab) else "0"
        if state == "gone":
            presence.leave(conversation, request.user, tab=tab)
            return HttpResponse(status=204)
        attendance.note(request.user)  # a page says so only while it is used
        known = State(state) if state in State.values else State.READING
        colleagues = presence.come(conversation, request.user, tab=tab, state=known)
    context = {
        "conversation": conversation,
        "colleagues": colleagues,
        "here": presence.words(colleagues),
        "is_typing": any(each.is_typing for each in colleagues),
    }
    return render(request, "inbox/_presence.html", context)


@never_cache
@signed_in
@require_safe
def meanwhile(request: SignedInRequest, pk: int) -> HttpResponse:
    """What colleagues sent since the user began to write, for the line above her text."""
    conversation = visible_conversation(request.user, pk)
    found = presence.meanwhile(conversation, request.user, since=number(request, "since"))
    context: dict[str, object] = {"conversation": conversation, "meanwhile": found}
    if found:
        channel = found.newest.channel
        context["place"] = f"{address(conversation, channel, channel)}#m{found.newest.pk}"
    return render(request, "inbox/_meanwhile.html", context)
