"""The mail webhooks: a doorway. Signature first; then what came is stored, and acted on, in one transaction."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels_email import posted, requests
from channels_email.models import RequestKind
from channels_email.posted import Posted
from channels_email.providers import PROVIDERS, NotSigned, Provider

Handler = Callable[[Provider, Posted], None]
View = Callable[[HttpRequest, str], HttpResponse]


def signed(kind: RequestKind) -> Callable[[Handler], View]:
    """404 for a provider that we don't know, 413 and 400 for what can't be read, 403 without its signature."""

    def decorated(handle: Handler) -> View:
        @csrf_exempt
        @require_http_methods(["POST", "HEAD"])  # some providers look first whether anybody is there
        @wraps(handle)
        def view(request: HttpRequest, provider: str) -> HttpResponse:
            known = PROVIDERS.get(provider)
            if known is None:
                return HttpResponse(status=404)
            if request.method == "HEAD":
                return HttpResponse()
            try:
                whole = posted.read(request)
                known.check(whole, kind)
            except posted.TooLarge:
                return HttpResponse(status=413)
            except ValueError:
                return HttpResponse(status=400)
            except NotSigned:
                return HttpResponse(status=403)
            handle(known, whole)
            return HttpResponse()

        return view

    return decorated


@signed(RequestKind.MAIL)
def inbound(provider: Provider, whole: Posted) -> None:
    """A mail came in. What can't be understood as one is kept aside: nothing signed is dropped."""
    try:
        delivered = provider.mail(whole)
    except Exception as error:  # whatever a provider may post and anymail may make of it
        requests.keep_aside(provider.name, whole.body, f"No mail could be read from it: {type(error).__name__}.")
    else:
        requests.take_in_mail(provider.name, delivered)


@signed(RequestKind.REPORT)
def report(provider: Provider, whole: Posted) -> None:
    """What became of mails of ours."""
    requests.take_in_report(provider.name, whole.body)
