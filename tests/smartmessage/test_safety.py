"""A production start with settings that would expose people refuses, and says why."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from smartmessage.safety import refuse_unsafe_start

SAFE = {
    "demo": False,
    "debug": False,
    "has_own_secret": True,
    "has_own_signing_key": True,
    "has_own_token": True,
    "takes_unsigned_mail": False,
    "public_base_url": "https://texts.example",
    "allowed_hosts": ["texts.example"],
}
DEMO = {
    "demo": True,
    "debug": True,
    "has_own_secret": False,
    "has_own_signing_key": False,
    "has_own_token": False,
    "takes_unsigned_mail": True,
    "public_base_url": "http://127.0.0.1:8000",
    "allowed_hosts": ["*"],
}


def problem(**settings: object) -> str:
    """What the start is refused for; empty if it isn't."""
    try:
        refuse_unsafe_start(**settings)  # type: ignore[arg-type]
    except ImproperlyConfigured as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"debug": True}, "DEBUG is on"),
        ({"has_own_secret": False}, "SECRET_KEY is missing"),
        ({"has_own_signing_key": False}, "CONSENT_SIGNING_KEY is missing"),
        ({"has_own_token": False}, "TWILIO_AUTH_TOKEN is missing"),
        ({"takes_unsigned_mail": True}, "EMAIL_WEBHOOK_SECRET is missing"),
        ({"public_base_url": "http://texts.example"}, "PUBLIC_BASE_URL is not https://"),
        ({"public_base_url": "texts.example"}, "PUBLIC_BASE_URL is not https://"),
        ({"public_base_url": ""}, "PUBLIC_BASE_URL is not https://"),
        ({"public_base_url": "https://127.0.0.1", "allowed_hosts": ["texts.example"]}, "ALLOWED_HOSTS lacks"),
        ({"allowed_hosts": ["*"]}, "ALLOWED_HOSTS is open to every name"),
        ({"allowed_hosts": []}, "ALLOWED_HOSTS lacks the host"),
        ({"allowed_hosts": ["other.example"]}, "ALLOWED_HOSTS lacks the host"),
        ({"allowed_hosts": ["xts.example"]}, "ALLOWED_HOSTS lacks the host"),
        ({"allowed_hosts": [".texts.example.evil.example"]}, "ALLOWED_HOSTS lacks the host"),
    ],
)
def test_each_unsafe_setting_is_named(change: dict[str, object], says: str) -> None:
    words = problem(**{**SAFE, **change})
    assert words.startswith("SmartMessage does not start. ")
    assert says in words


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"allowed_hosts": ["texts.example", "127.0.0.1"]},
        {"allowed_hosts": [".example"]},
        {"public_base_url": "https://texts.example:8443"},
    ],
)
def test_a_safe_start_is_none_of_its_business(change: dict[str, object]) -> None:
    assert problem(**{**SAFE, **change}) == ""


def test_all_that_is_wrong_is_said_at_once() -> None:
    words = problem(**{**DEMO, "demo": False})
    for name in ("DEBUG", "SECRET_KEY", "TWILIO_AUTH_TOKEN", "PUBLIC_BASE_URL", "ALLOWED_HOSTS"):
        assert name in words


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:1"])
def test_the_demo_may_be_unsafe_on_this_machine(url: str) -> None:
    assert problem(**{**DEMO, "public_base_url": url}) == ""


@pytest.mark.parametrize("url", ["https://texts.example", "http://127.0.0.1.evil.example", "http://0.0.0.0", ""])
def test_the_demo_is_never_public(url: str) -> None:
    assert "DEMO is on" in problem(**{**DEMO, "public_base_url": url})
