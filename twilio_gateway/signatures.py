"""Whether a request is Twilio's (twilio.md §7): the URL that Twilio called, its parameters, our auth token."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from twilio.request_validator import RequestValidator


def is_signed(request: HttpRequest, parameters: "MultiValueDict[str, str]") -> bool:
    """Whether the account's token signed this request, the present token or, while it is rotated, the former.

    The URL is the public one, also behind a proxy; the number that was texted plays no part. The comparison is
    the library's, in constant time.
    """
    url = settings.PUBLIC_BASE_URL + request.get_full_path()
    signature = request.headers.get("X-Twilio-Signature", "")
    tokens = filter(None, [settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FORMER_AUTH_TOKEN])
    return any(RequestValidator(token).validate(url, parameters, signature) for token in tokens)
