"""A production start with settings that would expose people refuses, and says why."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def refuse_unsafe_start(
    *,
    demo: bool,
    debug: bool,
    has_own_secret: bool,
    has_own_signing_key: bool,
    has_own_token: bool,
    takes_unsigned_mail: bool,
    public_base_url: str,
    allowed_hosts: list[str],
) -> None:
    """Raises ImproperlyConfigured, naming each setting to change. The demo may be unsafe, on loopback only."""
    public = urlsplit(public_base_url)
    if demo:
        problems = (
            [] if public.hostname in {"127.0.0.1", "localhost"} else ["DEMO is on, but PUBLIC_BASE_URL is public."]
        )
    else:
        unsafe = {
            "DEBUG is on: it shows visitors our settings.": debug,
            "SECRET_KEY is missing, the demo's, or shorter than 50 characters.": not has_own_secret,
            "CONSENT_SIGNING_KEY is missing, the demo's, or not 64 hexadecimal digits: the consent ledger would prove "
            "nothing.": not has_own_signing_key,
            "TWILIO_AUTH_TOKEN is missing or the demo's: anybody could sign webhooks.": not has_own_token,
            "EMAIL_INBOUND_DOMAIN is set, and EMAIL_WEBHOOK_SECRET is missing or the demo's: anybody could post "
            "mail in a person's name.": takes_unsigned_mail,
            "PUBLIC_BASE_URL is not https://: passwords and texts would travel readable.": public.scheme != "https",
            "ALLOWED_HOSTS is open to every name.": "*" in allowed_hosts,
            "ALLOWED_HOSTS lacks the host of PUBLIC_BASE_URL.": public.hostname not in allowed_hosts
            and not any(
                public.hostname and public.hostname.endswith(host) for host in allowed_hosts if host[:1] == "."
            ),
        }
        problems = [words for words, is_so in unsafe.items() if is_so]
    if problems:
        raise ImproperlyConfigured("SmartMessage does not start. " + " ".join(problems))


def is_signing_key(text: str) -> bool:
    """Whether it is 32 bytes in hexadecimal digits."""
    return bool(re.fullmatch(r"[0-9a-fA-F]{64}", text))
