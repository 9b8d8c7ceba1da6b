"""EMAIL_URL: a mail server, a provider or a local outbox; what names none of them is refused with a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from smartmessage.mail_services import mail_settings


def test_a_mail_server() -> None:
    found = mail_settings("smtp+tls://maya:p%40ss@mail.example:587")
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("maya", "p@ss")
    assert "EMAIL_FILE_PATH" not in found


def test_a_local_outbox() -> None:
    assert mail_settings("filemail:///tmp/mail")["EMAIL_FILE_PATH"] == "tmp/mail"
    assert "EMAIL_FILE_PATH" not in mail_settings("filemail://"), "the settings have one"


@pytest.mark.parametrize(
    ("url", "backend", "known"),
    [
        (
            "mailgun://key-1@mg.example?region=eu",
            "mailgun",
            {
                "MAILGUN_API_KEY": "key-1",
                "MAILGUN_SENDER_DOMAIN": "mg.example",
                "MAILGUN_API_URL": "https://api.eu.mailgun.net/v3",
            },
        ),
        ("sendgrid://SG.a%2Fb@", "sendgrid", {"SENDGRID_API_KEY": "SG.a/b"}),
        ("postmark://0-1@", "postmark", {"POSTMARK_SERVER_TOKEN": "0-1"}),
    ],
)
def test_a_provider(url: str, backend: str, known: dict[str, str]) -> None:
    found = mail_settings(url)
    assert found["EMAIL_BACKEND"] == f"anymail.backends.{backend}.EmailBackend"
    assert known.items() <= found["ANYMAIL"].items()


@pytest.mark.parametrize(
    "url",
    ["mailgun://mg.example", "mailgun://key@", "mailgun://k@mg.example?region=moon", "postmark://", "sendgrid://"],
)
def test_what_lacks_something_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail_settings(url)


def test_what_nobody_knows_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured):
        mail_settings("pigeon://loft")
