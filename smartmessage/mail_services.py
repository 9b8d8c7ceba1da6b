"""What EMAIL_URL means: SMTP and local outboxes as django-environ has them, and providers' APIs by anymail.

smtp+tls://user:password@host:587      mailgun://key@sending.domain (?region=eu)
smtp+ssl://user:password@host:465      postmark://server-token@
filemail://                            sendgrid://key@
"""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

MAILGUN_HOSTS = {"us": "https://api.mailgun.net/v3", "eu": "https://api.eu.mailgun.net/v3"}


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings for a mail server or provider. Raises ImproperlyConfigured for a URL that names none."""
    parts = urlsplit(url)
    secret = unquote(parts.username or "")
    match parts.scheme:
        case "mailgun":
            region = parse_qs(parts.query).get("region", ["us"])[0]
            if not secret or not parts.hostname or region not in MAILGUN_HOSTS:
                raise ImproperlyConfigured("EMAIL_URL for Mailgun is mailgun://key@sending.domain, and ?region=eu.")
            known = {"API_KEY": secret, "SENDER_DOMAIN": parts.hostname, "API_URL": MAILGUN_HOSTS[region]}
            return _of_provider("mailgun", known)
        case "postmark" | "sendgrid" if not secret:
            raise ImproperlyConfigured(f"EMAIL_URL lacks the secret: {parts.scheme}://secret@")
        case "postmark":
            keep_id = {"extra_headers": {"X-PM-KeepID": "true"}}  # else Postmark gives each mail an id of its own
            return _of_provider("postmark", {"SERVER_TOKEN": secret, "SEND_DEFAULTS": keep_id})
        case "sendgrid":
            return _of_provider("sendgrid", {"API_KEY": secret})
    found: dict[str, Any] = environ.Env.email_url_config(url)
    if not found["EMAIL_FILE_PATH"]:
        del found["EMAIL_FILE_PATH"]  # the settings have one
    return found


def _of_provider(name: str, known: dict[str, Any]) -> dict[str, Any]:
    anymail = {f"{name.upper()}_{key}": value for key, value in known.items()}
    return {"EMAIL_BACKEND": f"anymail.backends.{name}.EmailBackend", "ANYMAIL": anymail}
