"""Whether a sender may be forged: what our own mail server found, and what looks odd."""

import pytest

from channels_email.reading import Mark, Verdict, read
from channels_email.reading.mail import TrustReason
from tests.channels_email.reading.post import mail, raw, written

pytestmark = pytest.mark.requirement("Q4")


@pytest.mark.parametrize(
    ("results", "verdict", "reason"),
    [
        ("dmarc=pass header.from=lindqvist.example", Verdict.PASS, TrustReason.DMARC_PASS),
        ("dmarc=pass", Verdict.PASS, TrustReason.DMARC_PASS),
        ("dmarc=pass header.from=evil.example", Verdict.UNKNOWN, TrustReason.NO_PROOF),
        (
            "dmarc=fail (p=none) header.from=lindqvist.example; dkim=pass header.d=lindqvist.example",
            Verdict.FAIL,
            TrustReason.DMARC_FAIL,
        ),
        ("dkim=pass header.d=lindqvist.example", Verdict.PASS, TrustReason.DKIM_PASS),
        ("dkim=pass (good (nested; comment)) header.i=@lindqvist.example", Verdict.PASS, TrustReason.DKIM_PASS),
        (
            "dkim=pass header.d=mailer.example; spf=pass smtp.mailfrom=anna@lindqvist.example",
            Verdict.PASS,
            TrustReason.SPF_PASS,
        ),
        ("dkim=pass header.d=mailer.example", Verdict.UNKNOWN, TrustReason.NO_PROOF),
        ("dkim=pass header.d=evil.lindqvist.example", Verdict.UNKNOWN, TrustReason.NO_PROOF),
        ("dkim=pass header.d=example", Verdict.UNKNOWN, TrustReason.NO_PROOF),
        ("dkim=fail header.d=lindqvist.example", Verdict.UNKNOWN, TrustReason.NO_PROOF),
        ("dmarc=none; spf=fail smtp.mailfrom=lindqvist.example", Verdict.FAIL, TrustReason.SPF_FAIL),
        ("spf=softfail smtp.mailfrom=lindqvist.example", Verdict.UNKNOWN, TrustReason.NO_PROOF),
        ("compauth=fail reason=001", Verdict.FAIL, TrustReason.DMARC_FAIL),
        ("none", Verdict.UNKNOWN, TrustReason.NO_PROOF),
        ("spf=none (dmarc=pass) smtp.mailfrom=x.example", Verdict.UNKNOWN, TrustReason.NO_PROOF),
    ],
)
def test_our_server_decides(results: str, verdict: Verdict, reason: TrustReason) -> None:
    found = written("Words", headers=f"Authentication-Results: mx.northwind.example 1; {results}\n").trust
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(
    "sender",
    [
        "anna@lindqvist.example)<eve@evil.example>",
        "<anna@lindqvist.example><eve@evil.example>",
        "anna@lindqvist.example <eve@evil.example>",
        "eve@evil.example, anna@lindqvist.example",
        '"Anna <anna@lindqvist.example>" <eve@evil.example>',
        "=?utf-8?q?anna=40lindqvist.example?= <eve@evil.example>",
    ],
)
def test_who_proved_evil_does_not_prove_the_sender_that_we_show(sender: str) -> None:
    proved = "dkim=pass header.d=evil.example; dmarc=pass header.from=evil.example"
    results = f"Authentication-Results: mx.northwind.example; {proved}"
    found = read(f"{results}\nFrom: {sender}\n\nWords".encode(), trusted=["mx.northwind.example"])
    assert found.trust.verdict != Verdict.PASS or found.from_address == "eve@evil.example"
    assert found.trust.verdict != Verdict.PASS or found.trust.marks


def test_only_the_topmost_word_of_our_server_counts() -> None:
    assert mail("forged-dmarc-fail").trust.verdict == Verdict.FAIL


def test_the_word_of_another_server_counts_for_nothing() -> None:
    found = mail("forged-results-of-another").trust
    assert (found.verdict, found.reason) == (Verdict.UNKNOWN, TrustReason.NOT_CHECKED)


def test_without_a_server_of_ours_nobody_is_believed() -> None:
    assert read(raw("gmail-web-reply")).trust.verdict == Verdict.UNKNOWN
    assert mail("gmail-web-reply").trust.verdict == Verdict.PASS


def test_several_senders_prove_each_other_nothing() -> None:
    found = mail("several-senders").trust
    assert (found.verdict, found.reason) == (Verdict.UNKNOWN, TrustReason.SEVERAL_SENDERS)
    assert found.marks == (Mark.SEVERAL_SENDERS,)
    doubled = written(
        "Words", headers="From: eve@evil.example\nAuthentication-Results: mx.northwind.example; dmarc=pass\n"
    )
    assert doubled.trust.verdict == Verdict.UNKNOWN


def test_a_name_that_shows_another_address_is_marked() -> None:
    assert mail("name-shows-another-address").trust.marks == (Mark.NAME_IS_OTHER_ADDRESS, Mark.REPLY_ELSEWHERE)
    own = read(b'From: "anna@lindqvist.example" <Anna@Lindqvist.example>\n\nWords')
    assert own.trust.marks == ()


def test_nobody_is_not_proved() -> None:
    found = read(b"Authentication-Results: mx.northwind.example; dmarc=pass\n\nWords", trusted=["mx.northwind.example"])
    assert (found.trust.verdict, found.trust.reason) == (Verdict.UNKNOWN, TrustReason.NO_SENDER)
