"""Files that came with a message: they stay at Twilio, and are only asked how big they are."""

from urllib.parse import urlsplit

import requests
from django.conf import settings

SECONDS = 10


def size_of(url: str) -> int | None:
    """The size in bytes; None where Twilio doesn't tell. No other host is ever asked, whatever a webhook names."""
    if urlsplit(url)[:2] != urlsplit(settings.TWILIO_API_BASE_URL or "https://api.twilio.com")[:2]:
        return None
    account = (settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
    try:
        answer = requests.head(url, auth=account, timeout=SECONDS, allow_redirects=True)
    except requests.RequestException:
        return None
    length = answer.headers.get("Content-Length", "")
    return int(length) if answer.ok and length.isascii() and length.isdigit() and len(length) < 12 else None
