"""Pages of the door."""

from django.http import HttpRequest, HttpResponse

from accounts.access import signed_out_with_text


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is from another session: say so, and give the words back."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401 if not request.user.is_authenticated else 403)
    return signed_out_with_text(request, status=403)
