"""Whether a request is Twilio's: the worked examples of its facts sheet, and what must not pass (lessons 1, 2)."""

import pytest
from django.http import QueryDict
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from twilio_gateway.signatures import is_signed
from twilio_gateway.webhooks import read_parameters

TOKEN = "0123456789abcdef0123456789abcdef"
INBOUND = (
    "ToCountry=US&ToState=NY&SmsMessageSid=SM00000000000000000000000000000001&NumMedia=0&ToCity=&FromZip=94103"
    "&SmsSid=SM00000000000000000000000000000001&FromState=CA&SmsStatus=received&FromCity=SAN+FRANCISCO"
    "&Body=Yes+%F0%9F%91%8D&FromCountry=US&To=%2B12025550123&ToZip=&NumSegments=1"
    "&MessageSid=SM00000000000000000000000000000001&AccountSid=AC00000000000000000000000000000001"
    "&From=%2B14155550142&ApiVersion=2010-04-01"
)
STATUS = (
    "ErrorCode=30003&ApiVersion=2010-04-01&MessageStatus=undelivered&RawDlrDoneDate=2611231518"
    "&SmsSid=SM00000000000000000000000000000002&SmsStatus=undelivered&To=%2B14155550142&From=%2B12025550123"
    "&MessageSid=SM00000000000000000000000000000002&AccountSid=AC00000000000000000000000000000001"
)
EXAMPLES = {
    "inbound": (
        "https://text.example.com",
        "/hooks/twilio/inbound?c=7f3a",
        INBOUND,
        "oA4ju3Lq9ewCB+YjT2LzduV0b6U=",
    ),
    "inbound, signed with the port": (
        "https://text.example.com",
        "/hooks/twilio/inbound?c=7f3a",
        INBOUND,
        "csTegmYCit6f7T1st/qTypXThXI=",
    ),
    "inbound at another port": (
        "https://text.example.com:8443",
        "/hooks/twilio/inbound?c=7f3a",
        INBOUND,
        "RskRDJwJA574mTOsjvC4hy9tCBM=",
    ),
    "repeated values": ("https://h.example", "/x", "A=2&A=1&A=1&B=", "BXd9u+ZTOopnKWyzJ2njLKEhAMY="),
    "byte order": ("https://h.example", "/x", "b=1&A=2&a=3&B=4", "CFfu/u/z0bnxjI5II1/IVkeub/8="),
    "status": (
        "https://text.example.com",
        "/hooks/twilio/status?m=0191e180-7d60-7000-aded-7d8b151cbd5b",
        STATUS,
        "n2E3bAJx2SsK4Wm/uIT/GFmFEE0=",
    ),
}
EACH = pytest.mark.parametrize(("origin", "path", "form", "signature"), EXAMPLES.values(), ids=EXAMPLES)


def is_taken(settings: Settings, origin: str, path: str, form: str, signature: str | None) -> bool:
    settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FORMER_AUTH_TOKEN = TOKEN, ""
    settings.PUBLIC_BASE_URL = origin
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    request = RequestFactory().post(
        path, form.encode(), content_type="application/x-www-form-urlencoded", headers=headers
    )
    return is_signed(request, read_parameters(form.encode()))


@EACH
def test_each_worked_example_is_twilios(settings: Settings, origin: str, path: str, form: str, signature: str) -> None:
    assert is_taken(settings, origin, path, form, signature)


@EACH
def test_anything_changed_is_not(settings: Settings, origin: str, path: str, form: str, signature: str) -> None:
    assert not is_taken(settings, origin, path, form + "&More=1", signature)
    assert not is_taken(settings, origin, path + ("&" if "?" in path else "?") + "d=1", form, signature)
    assert not is_taken(settings, origin, path.replace("x", "y").replace("hooks", "hook"), form, signature)
    assert not is_taken(settings, origin.replace("https", "http"), path, form, signature)
    assert not is_taken(settings, origin.replace("example", "elpmaxe"), path, form, signature)
    assert not is_taken(settings, origin, path, form, signature.swapcase())
    assert not is_taken(settings, origin, path, form, "")
    assert not is_taken(settings, origin, path, form, None)


def test_the_port_that_was_signed_is_the_port_that_is_public(settings: Settings) -> None:
    _origin, path, form, signature = EXAMPLES["inbound at another port"]
    assert not is_taken(settings, "https://text.example.com", path, form, signature)


def test_behind_a_proxy_the_public_address_counts_and_not_what_the_socket_says(settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_BASE_URL = TOKEN, "https://text.example.com"
    _origin, path, form, signature = EXAMPLES["inbound"]
    request = RequestFactory().post(
        path,
        form.encode(),
        content_type="application/x-www-form-urlencoded",
        headers={"Host": "10.0.0.7:8000", "X-Forwarded-Host": "evil.example", "X-Twilio-Signature": signature},
    )
    assert is_signed(request, read_parameters(form.encode()))


@pytest.mark.parametrize("former", ["", "another-token", TOKEN])
def test_while_a_token_is_rotated_the_former_one_is_taken_too(settings: Settings, former: str) -> None:
    origin, path, form, signature = EXAMPLES["inbound"]
    request = RequestFactory().post(
        path,
        form.encode(),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )
    settings.PUBLIC_BASE_URL = origin
    settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FORMER_AUTH_TOKEN = "the-new-token", former
    assert is_signed(request, read_parameters(form.encode())) == (former == TOKEN)


def test_no_token_at_all_signs_nothing(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FORMER_AUTH_TOKEN = (
        "https://h.example",
        "",
        "",
    )
    signature = RequestValidator("").compute_signature("https://h.example/x", {"A": "1"})
    request = RequestFactory().post("/x", {"A": "1"}, headers={"X-Twilio-Signature": signature})
    assert not is_signed(request, QueryDict("A=1"))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(fields=st.dictionaries(TEXT, TEXT, max_size=8), token=st.text(st.characters(codec="ascii"), min_size=1))
def test_what_the_library_signs_is_taken(fields: dict[str, str], token: str) -> None:
    with override_settings(TWILIO_AUTH_TOKEN=token, TWILIO_FORMER_AUTH_TOKEN="", PUBLIC_BASE_URL="https://h.example"):
        signature = RequestValidator(token).compute_signature("https://h.example/x", fields)
        request = RequestFactory().post("/x", headers={"X-Twilio-Signature": signature})
        parameters = QueryDict(mutable=True)
        parameters.update(fields)
        assert is_signed(request, parameters)
        parameters["Body"] = "something else" + parameters.get("Body", "")
        assert not is_signed(request, parameters)
