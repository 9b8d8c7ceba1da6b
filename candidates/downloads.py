"""Files with what strangers sent, given to the team: to be saved, never shown or run by a browser here."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase


def download(file: FieldFile, *, name: str, content_type: str) -> HttpResponse:
    """The file as an answer, under its own name. Raises Http404 where it is no longer kept."""
    try:
        content = file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response: HttpResponseBase = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    return _guarded(response)  # type: ignore[return-value]


def given_out(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A file of our own making with words of strangers in it; `name` is ours too, and plain."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    _guarded(response)
    return response


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
