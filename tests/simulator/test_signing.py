"""The signature: worked examples, computed by hand and by Twilio's library, and what arrives on the wire."""

from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator

from simulator.signing import signature
from tests.simulator.stage import MARCUS, OURS, TOKEN, Product, Simulator

KEY = "0123456789abcdef0123456789abcdef"
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


@pytest.mark.parametrize(
    ("url", "form", "expected"),
    [
        ("https://text.example.com/hooks/twilio/inbound?c=7f3a", INBOUND, "oA4ju3Lq9ewCB+YjT2LzduV0b6U="),
        ("https://text.example.com:443/hooks/twilio/inbound?c=7f3a", INBOUND, "csTegmYCit6f7T1st/qTypXThXI="),
        (
            "https://text.example.com:8443/hooks/twilio/inbound?c=7f3a",
            INBOUND,
            "RskRDJwJA574mTOsjvC4hy9tCBM=",
        ),
        (
            "https://text.example.com/hooks/twilio/inbound?c=7f3a#rc=3",
            INBOUND,
            "oA4ju3Lq9ewCB+YjT2LzduV0b6U=",
        ),
        ("https://h.example/x", "A=2&A=1&A=1&B=", "BXd9u+ZTOopnKWyzJ2njLKEhAMY="),
        ("https://h.example/x", "b=1&A=2&a=3&B=4", "CFfu/u/z0bnxjI5II1/IVkeub/8="),
        ("https://h.example/x?From=%2B1&To=%2B2", "", "ecz/0HN+16zd3itOuRDz4CLH4+g="),
        (
            "https://text.example.com/hooks/twilio/status?m=0191e180-7d60-7000-aded-7d8b151cbd5b",
            STATUS,
            "n2E3bAJx2SsK4Wm/uIT/GFmFEE0=",
        ),
    ],
)
def test_the_worked_examples(url: str, form: str, expected: str) -> None:
    params = parse_qsl(form, keep_blank_values=True)
    assert signature(url=url, params=params, token=KEY) == expected


def test_the_newer_algorithm() -> None:
    params = parse_qsl(INBOUND, keep_blank_values=True)
    url = "https://text.example.com/hooks/twilio/inbound?c=7f3a"
    assert (
        signature(url=url, params=params, token=KEY, digest="sha256") == "WymoY7y/KRdFJVc1YlHnCo4J3ZGnpibwkQKGh1308To="
    )


@pytest.mark.parametrize(("mode", "is_valid"), [("good", True), ("port", True), ("wrong", False), ("missing", False)])
def test_the_library_validates_what_arrives(simulator: Simulator, product: Product, mode: str, is_valid: bool) -> None:
    # when
    simulator.control("inbound", **{"from": MARCUS, "to": OURS, "body": "Yes 👍\n“ok”"}, signature=mode)
    # then
    (heard,) = product.heard
    given = heard.headers.get("X-Twilio-Signature", "")
    assert RequestValidator(TOKEN).validate(product.url + heard.path, heard.form, given) is is_valid
    assert bool(given) is (mode != "missing")
