"""Files that came by mail, for the record's team."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, signed_in
from candidates.downloads import download
from channels_email import files


@signed_in
@require_safe
def file(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A file, to be saved: a browser never opens it here. Pictures within a letter come from here too, for an `<img>`
    doesn't ask how it is meant."""
    found = files.visible_to(request.user, uuid)
    if found is None:
        raise Http404
    return download(found.file, name=found.name, content_type=files.content_type(found))
