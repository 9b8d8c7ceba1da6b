"""What a request says of a visitor who isn't signed in: her language, her address, whether our page sent it."""

from collections.abc import Sequence

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation.trans_real import parse_accept_lang_header


def language(accepted: str, offered: Sequence[str]) -> str:
    """The first language that the browser asks for and the company's forms speak, else the company's first one.

    `accepted`: the header Accept-Language. "de-AT" is content with "de".
    """
    known = {code.lower(): code for code in offered}
    for wanted, _weight in parse_accept_lang_header(accepted.lower()):
        for code in (wanted, wanted.split("-")[0]):
            if code in known:
                return known[code]
    return offered[0] if offered else "en"


def address(request: HttpRequest) -> str | None:
    """The visitor's IP address, by the rules that count sign-ins; None where it can't be told."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return None


def came_from_our_page(request: HttpRequest) -> bool:
    """Django's own check of the form's token; asked by the view, so that a refusal loses nothing of what was typed."""
    return _Check(_nothing).process_view(request, _nothing, (), {}) is None


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)
