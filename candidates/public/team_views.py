"""What the team has of the public forms: asking for consent by email, and the CVs."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, signed_in
from candidates.downloads import download
from candidates.public import cvs, links
from candidates.records import visible_record


@signed_in
@require_POST
def ask_for_consent(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """Email the person a consent link (O15). The lock on the page says when it was sent, or why it wasn't."""
    record = visible_record(request.user, kind, pk)
    links.ask_for_consent(record, by=request.user)
    return HttpResponseRedirect(record.messages_url())


@signed_in
@require_safe
def cv(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """A CV, to be saved; a browser never shows or runs it here."""
    found = cvs.visible_to(request.user, uuid)
    if found is None:
        raise Http404
    return download(found.file, name=found.name, content_type=cvs.content_type(found))
