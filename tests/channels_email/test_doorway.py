"""The mail webhooks: what is refused and stores nothing, and what is signed and never lost (I3)."""

import base64
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings

from channels_email import posted
from channels_email.models import MailRequest, RequestState
from inbox.models import Message, UnmatchedReply
from tests.builders import Builders
from tests.channels_email import post, steps

pytestmark = pytest.mark.django_db
TO = "hello@reply.smartmessage.example"
USER, PASSWORD = "mail", "made-up-secret"


def nothing_is_stored() -> bool:
    return not any(each._default_manager.exists() for each in (MailRequest, Message, UnmatchedReply))


# --- refused ---


@pytest.mark.requirement("I3")
@pytest.mark.parametrize(
    "sign",
    [
        {},
        post.signature(key="somebody-elses-key"),
        {**post.signature(), "token": "another"},
        {**post.signature(), "timestamp": str(int(time.time()) + 1)},
        {**post.signature(), "signature": "né"},
        {**post.signature(), "token": "né"},
        {**post.signature(), "timestamp": "yesterday"},
        post.signature(at=time.time() - 24 * 3600),
        post.signature(at=time.time() + 24 * 3600),
    ],
    ids=range(9),
)
def test_without_mailguns_signature_nothing_is_stored(client: Client, sign: dict[str, str]) -> None:
    assert post.deliver(client, post.letter(), to=TO, sign=sign) == 403
    assert post.report(client, {"event": "failed"}, sign=sign) == 403
    assert nothing_is_stored()


@pytest.mark.requirement("I3")
def test_without_a_secret_of_ours_nothing_is_signed(client: Client, settings: Settings) -> None:
    settings.EMAIL_WEBHOOK_SECRET = ""
    assert post.deliver(client, post.letter(), to=TO, sign=post.signature(key="x")) == 403
    for provider in ("postmark", "sendgrid"):
        headers = {"Authorization": "Basic " + base64.b64encode(b":").decode()}
        assert client.post(f"/webhooks/email/{provider}/inbound/", headers=headers).status_code == 403
    assert nothing_is_stored()


@pytest.mark.parametrize("path", ["/webhooks/email/pigeon/inbound/", "/webhooks/email/pigeon/report/"])
def test_a_provider_that_nobody_knows_is_not_there(client: Client, path: str) -> None:
    assert client.post(path).status_code == 404


@pytest.mark.parametrize("path", [post.INBOUND, post.REPORT])
def test_only_a_post_is_a_mail_and_a_look_is_answered(client: Client, path: str) -> None:
    assert client.get(path).status_code == 405
    assert client.head(path).status_code == 200


def test_too_much_is_refused_before_it_is_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posted, "MOST_BYTES", 10_000)
    assert post.deliver(client, post.letter(text="x" * 10_000), to=TO) == 413
    assert nothing_is_stored()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"no parts"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\nnever ends"),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 3_000)),
    ],
)
def test_a_form_that_cannot_be_read_is_a_bad_request(client: Client, content_type: str, body: bytes) -> None:
    assert client.post(post.INBOUND, body, content_type=content_type).status_code == 400


# --- taken ---


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("path", [post.INBOUND, "/webhooks/email/mailgun/inbound/"])
def test_a_mail_of_many_megabytes_is_kept_to_the_byte(client: Client, path: str) -> None:
    odd = b"".join(bytes([n]) for n in range(256)) + b"\r\n--a-boundary\r\n\r\n\n\r"
    raw = post.letter(files=[("cv.pdf", "application/pdf", b"%PDF" + b"x" * 5_000_000)]) + odd
    assert post.deliver(client, raw, to=TO, path=path) == 200
    assert bytes(MailRequest.objects.get().raw) == raw


@pytest.mark.requirement("I3")
def test_a_form_in_one_piece_is_kept_to_the_byte(client: Client) -> None:
    raw = post.letter(text="Grüße") + bytes(range(256)) + b"&=%+"
    fields = {"recipient": TO, "body-mime": raw, **post.signature()}
    answer = client.post(post.INBOUND, urlencode(fields), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    row = MailRequest.objects.get()
    assert (bytes(row.raw), row.recipients) == (raw, [TO])


@pytest.mark.requirement("I3")
def test_a_mail_in_pieces_is_read_too(a: Builders, client: Client) -> None:
    """Mailgun posts it so to an address that doesn't end with "mime"."""
    chat = a.conversation(team=[a.user()])
    headers = [["From", "Anna <anna@example.com>"], ["Subject", "Hello"], ["Message-Id", "<a@b.example>"]]
    fields: dict[str, str | bytes] = {
        "recipient": steps.address_of(chat),
        "message-headers": json.dumps(headers),
        "body-plain": "Thursday works. — Anna",
        **post.signature(),
    }
    content_type = f"multipart/form-data; boundary={post.BOUNDARY}"
    answer = client.post("/webhooks/email/mailgun/inbound/", post.form(fields), content_type=content_type)
    assert answer.status_code == 200
    message = chat.messages.get()
    assert message.body == "Thursday works. — Anna"
    assert steps.letter_of(message).subject == "Hello"


@pytest.mark.requirement("I3")
def test_what_is_signed_and_no_mail_is_kept_aside(client: Client) -> None:
    """Say, Mailgun's route with "store" instead of "forward"."""
    fields: dict[str, str | bytes] = {"recipient": TO, "attachments": "[]", **post.signature()}
    content_type = f"multipart/form-data; boundary={post.BOUNDARY}"
    assert client.post(post.INBOUND, post.form(fields), content_type=content_type).status_code == 200
    row = MailRequest.objects.get()
    assert row.state == RequestState.ASIDE
    assert row.problem == "No mail could be read from it: AnymailConfigurationError."
    assert b"attachments" in bytes(row.raw)


# --- other providers ---


@pytest.fixture
def basic(settings: Settings) -> dict[str, str]:
    settings.EMAIL_WEBHOOK_SECRET = f"{USER}:{PASSWORD}"
    return {"Authorization": "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()}


def of_postmark(to: str, **fields: Any) -> dict[str, Any]:
    return {
        "FromFull": {"Email": "anna@example.com", "Name": "Anna", "MailboxHash": ""},
        "OriginalRecipient": to,
        "Subject": "Hello",
        "TextBody": "Thursday works.",
        "HtmlBody": "",
        "Headers": [{"Name": "Message-ID", "Value": "<a@b.example>"}],
        "Attachments": [],
        **fields,
    }


@pytest.mark.requirement("I3", "I7")
@pytest.mark.parametrize("is_whole", [True, False])
def test_postmark(a: Builders, client: Client, basic: dict[str, str], is_whole: bool) -> None:
    chat = a.conversation(team=[a.user()])
    whole = {"RawEmail": post.letter(subject="Hello").decode()} if is_whole else {}
    event = of_postmark(steps.address_of(chat), **whole)
    path = "/webhooks/email/postmark/inbound/"
    assert client.post(path, event, content_type="application/json").status_code == 403
    assert client.post(path, event, content_type="application/json", headers=basic).status_code == 200
    message = chat.messages.get()
    assert (message.body, steps.letter_of(message).subject) == ("Thursday works.", "Hello")


@pytest.mark.requirement("I3", "I7")
@pytest.mark.parametrize("is_whole", [True, False])
def test_sendgrid(a: Builders, client: Client, basic: dict[str, str], is_whole: bool) -> None:
    chat = a.conversation(team=[a.user()])
    envelope = json.dumps({"to": [steps.address_of(chat)], "from": "anna@example.com"})
    pieces: dict[str, str | bytes] = {"headers": "Subject: Hello\nFrom: anna@example.com", "text": "Thursday works."}
    fields = {"envelope": envelope, **({"email": post.letter(subject="Hello")} if is_whole else pieces)}
    path, content_type = "/webhooks/email/sendgrid/inbound/", f"multipart/form-data; boundary={post.BOUNDARY}"
    assert client.post(path, post.form(fields), content_type=content_type).status_code == 403
    assert client.post(path, post.form(fields), content_type=content_type, headers=basic).status_code == 200
    message = chat.messages.get()
    assert (message.body, steps.letter_of(message).subject) == ("Thursday works.", "Hello")
