"""The doorway for webhooks: what is refused, what is kept; nothing signed is ever lost (I3; lessons 1, 7, 11)."""

import logging
from datetime import timedelta
from urllib.parse import quote_from_bytes, urlencode
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from channels_sms import receiving
from inbox import delivery
from inbox.models import Direction, Message, StatusReport, UnmatchedReply
from inbox.outcomes import Accepted
from tests import steps
from tests.builders import Builders
from tests.conftest import Twilio
from twilio_gateway import webhooks
from twilio_gateway.models import WebhookKind, WebhookRequest, WebhookState

SMS, STATUS = "/webhooks/twilio/sms/", "/webhooks/twilio/status/"
BOTH = pytest.mark.parametrize("path", [SMS, STATUS])
FORM = "application/x-www-form-urlencoded"
SECRET_WORDS = "I earn 93000 and my child is ill"
EVERYTHING_KEPT = (Message, UnmatchedReply, WebhookRequest, StatusReport)


def is_empty() -> bool:
    return not any(model._default_manager.exists() for model in EVERYTHING_KEPT)


def raw_post(client: Client, path: str, body: bytes, *, signature: str | None = None) -> "HttpResponse":
    """A POST to the byte, signed as Twilio signs what the body says, if it says anything."""
    if signature is None:
        try:
            signature = RequestValidator(django_settings.TWILIO_AUTH_TOKEN).compute_signature(
                django_settings.PUBLIC_BASE_URL + path, webhooks.read_parameters(body)
            )
        except ValueError:
            signature = "whatever"
    response = client.post(path, body, content_type=FORM, headers={"X-Twilio-Signature": signature})
    assert isinstance(response, HttpResponse)
    return response


# --- refused ---


@pytest.mark.requirement("I3")
@BOTH
@pytest.mark.parametrize("signature", ["", "bm90IHRoZSBzaWduYXR1cmU=", "né", "x" * 10_000])
def test_without_twilios_signature_nothing_is_stored(a: Builders, twilio: Twilio, path: str, signature: str) -> None:
    a.company()
    fields = {"MessageSid": steps.new_sid(), "From": "+14155550142", "To": a.numbers[0], "Body": "STOP"}
    assert twilio.post(path, fields, signature=signature) == 403
    assert is_empty()


@BOTH
def test_a_request_without_the_header_is_refused(db: None, client: Client, path: str) -> None:
    assert client.post(path, "Body=Yes", content_type=FORM).status_code == 403
    assert is_empty()


@BOTH
def test_a_signature_by_another_token_is_refused(db: None, twilio: Twilio, path: str) -> None:
    assert twilio.post(path, {"Body": "Yes"}, token="somebody-elses-token") == 403
    assert is_empty()


def test_a_signature_for_the_other_webhook_is_refused(db: None, twilio: Twilio) -> None:
    url, fields = django_settings.PUBLIC_BASE_URL + STATUS, {"AccountSid": django_settings.TWILIO_ACCOUNT_SID}
    signature = RequestValidator(django_settings.TWILIO_AUTH_TOKEN).compute_signature(url, fields)
    assert twilio.post(SMS, {}, signature=signature) == 403


@BOTH
@pytest.mark.parametrize("body", [b"Body=\xff", b"Body=%FF", b"\xc3(=1", b"Body=%ED%A0%80", b"%C3%28=1"])
def test_bytes_that_are_not_utf8_are_a_bad_request(db: None, client: Client, path: str, body: bytes) -> None:
    assert raw_post(client, path, body).status_code == 400
    assert is_empty()


@BOTH
def test_too_many_fields_are_a_bad_request(db: None, client: Client, path: str) -> None:
    assert raw_post(client, path, urlencode({f"f{n}": "" for n in range(2_001)}).encode()).status_code == 400


@BOTH
@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options", "patch"])
def test_only_a_post_is_a_webhook(db: None, client: Client, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405


@BOTH
def test_a_path_without_its_slash_is_no_redirect(db: None, client: Client, path: str) -> None:
    """Twilio follows a redirect as GET, without the form."""
    assert client.post(path.rstrip("/")).status_code == 404


# --- taken ---


@pytest.mark.requirement("I3")
@BOTH
def test_the_answer_is_empty_twiml(db: None, client: Client, path: str) -> None:
    """A text/plain body would be texted to the person."""
    response = raw_post(client, path, urlencode({"AccountSid": django_settings.TWILIO_ACCOUNT_SID}).encode())
    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml"
    assert response.content == b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
    assert "Set-Cookie" not in response.headers


def test_the_former_token_still_signs_while_it_is_rotated(a: Builders, twilio: Twilio, settings: Settings) -> None:
    a.company()
    settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FORMER_AUTH_TOKEN = "the-new-token", django_settings.TWILIO_AUTH_TOKEN
    fields = {"MessageSid": steps.new_sid(), "From": "+14155550142", "To": a.numbers[0], "Body": "Yes"}
    assert twilio.post(SMS, fields, token=settings.TWILIO_FORMER_AUTH_TOKEN) == 200
    assert twilio.post(SMS, fields, token=settings.TWILIO_AUTH_TOKEN) == 200
    assert UnmatchedReply.objects.count() == 1


def test_behind_a_proxy_the_public_address_is_what_was_signed(a: Builders, twilio: Twilio, settings: Settings) -> None:
    a.company()
    settings.PUBLIC_BASE_URL = "https://texts.example"
    fields = {"MessageSid": steps.new_sid(), "From": "+14155550142", "To": a.numbers[0], "Body": "Yes"}
    assert twilio.post(SMS, fields) == 200
    assert twilio.post(f"{SMS}?route=a%2Fb&x=~", {**fields, "MessageSid": steps.new_sid()}) == 200
    assert UnmatchedReply.objects.count() == 2


@pytest.mark.requirement("I3")
def test_a_text_that_comes_again_is_there_once(a: Builders, twilio: Twilio) -> None:
    chat = a.conversation(team=[a.user()], sms="opted in")
    sid = steps.new_sid()
    for body in ("Hello", "Hello", "Hello, with other words"):
        assert steps.says(twilio, chat, body, sid=sid) == 200
    assert [message.body for message in chat.messages.all()] == ["Hello"]
    assert WebhookRequest.objects.filter(key=sid).count() == 1


@pytest.mark.requirement("I3")
def test_a_keyword_that_comes_again_counts_once(a: Builders, twilio: Twilio) -> None:
    chat = a.conversation(team=[a.user()], sms="opted in")
    stop = steps.new_sid()
    steps.says(twilio, chat, "Stop", sid=stop)
    steps.says(twilio, chat, "Start")
    steps.says(twilio, chat, "Stop", sid=stop)  # Twilio repeats the old one, late
    assert steps.standing(chat) == "opted in"


@pytest.mark.requirement("I7")
def test_a_number_that_is_no_customers_is_the_operators(a: Builders, twilio: Twilio) -> None:
    a.company()
    assert twilio.text(sender="+14155550142", recipient="+12025550199", body="Hi", sid=steps.new_sid()) == 200
    kept = UnmatchedReply.objects.get()
    assert (kept.company, kept.body, kept.recipient) == (None, "Hi", "+12025550199")


@pytest.mark.requirement("I7")
def test_a_messaging_service_changes_nothing(a: Builders, twilio: Twilio) -> None:
    chat = a.conversation(team=[a.user()], sms="opted in")
    assert steps.says(twilio, chat, "Hi", MessagingServiceSid="MG" + "0" * 32) == 200
    assert chat.messages.get().body == "Hi"


@pytest.mark.requirement("I3")
def test_a_request_for_another_account_is_kept_aside(a: Builders, twilio: Twilio) -> None:
    chat = a.conversation(team=[a.user()], sms="opted in")
    for account in ("AC" + "9" * 32, ""):
        assert steps.says(twilio, chat, "STOP", AccountSid=account) == 200
    assert steps.standing(chat) == "opted in"
    assert not chat.messages.exists()
    states = WebhookRequest.objects.values_list("state", "problem")
    assert list(states) == [(WebhookState.ASIDE, "It is for another account.")] * 2


@pytest.mark.requirement("I3")
def test_a_report_about_no_text_of_ours_is_kept_aside(a: Builders, twilio: Twilio) -> None:
    for query in ("", f"?m={uuid4()}", "?m=nonsense", "?m=%00"):
        fields = {"MessageSid": steps.new_sid(), "MessageStatus": "delivered"}
        assert twilio.post(STATUS + query, fields) == 200
    kept = WebhookRequest.objects.filter(kind=WebhookKind.STATUS)
    assert [row.state for row in kept] == [WebhookState.ASIDE] * 4


def thread_of_odd_texts(a: Builders, twilio: Twilio, **fields: str) -> Message:
    chat = a.conversation(team=[a.user()], sms="opted in")
    assert steps.says(twilio, chat, **{"body": "Hello", **fields}) == 200
    return chat.messages.get(direction=Direction.IN)


@pytest.mark.requirement("Q7")
def test_an_attachment_is_noted(a: Builders, twilio: Twilio) -> None:
    media = {"NumMedia": "2", "MediaContentType0": "image/jpeg", "MediaUrl0": "https://a.example/1"}
    message = thread_of_odd_texts(a, twilio, body="", **media)
    assert (message.body, [each["content_type"] for each in message.attachments]) == ("", ["image/jpeg", ""])


@pytest.mark.parametrize("count", ["-1", "1e9", "", "x", "٣", "0", " 2"])
def test_an_odd_number_of_attachments_is_none(a: Builders, twilio: Twilio, count: str) -> None:
    assert thread_of_odd_texts(a, twilio, NumMedia=count).attachments == []


@pytest.mark.parametrize("count", ["99999", "9" * 5_000])
def test_more_attachments_than_there_can_be_are_some(a: Builders, twilio: Twilio, count: str) -> None:
    assert len(thread_of_odd_texts(a, twilio, NumMedia=count).attachments) <= 20


@pytest.mark.requirement("I3")
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("x" * 100_000, "x" * 100_000),
        ("a\x00b", "a\ufffdb"),
        ("\r\n outer blanks \t", "\r\n outer blanks \t"),
        ("👩‍👩‍👧 \u202egnp", "👩‍👩‍👧 \u202egnp"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("", ""),
    ],
)
def test_an_odd_body_is_in_the_thread(a: Builders, twilio: Twilio, sent: str, kept: str) -> None:
    assert thread_of_odd_texts(a, twilio, body=sent).body == kept


@pytest.mark.requirement("I3")
def test_a_text_without_body_or_anything_else_is_kept(a: Builders, client: Client, twilio: Twilio) -> None:
    chat = a.conversation(team=[a.user()], sms="opted in")
    ours = steps.our_number(chat)
    assert twilio.post(SMS, {"MessageSid": steps.new_sid(), "From": chat.person.phone, "To": ours}) == 200
    assert chat.messages.get().body == ""
    assert twilio.post(SMS, {}) == 200
    assert UnmatchedReply.objects.get().body == ""
    assert raw_post(client, SMS, b"").status_code == 200
    assert WebhookRequest.objects.filter(state=WebhookState.ASIDE).count() == 1


@pytest.mark.requirement("I3")
def test_a_text_without_a_sid_is_known_by_its_bytes(a: Builders, twilio: Twilio) -> None:
    chat = a.conversation(team=[a.user()], sms="opted in")
    fields = {"From": chat.person.phone, "To": steps.our_number(chat)}
    for body in ("one", "two", "one"):
        assert twilio.post(SMS, {**fields, "Body": body}) == 200
    assert [message.body for message in chat.messages.order_by("pk")] == ["one", "two"]


def test_unknown_parameters_are_kept_with_the_rest(a: Builders, twilio: Twilio) -> None:
    chat = a.conversation(team=[a.user()], sms="opted in")
    sid = steps.new_sid()
    steps.says(twilio, chat, "Hi", sid=sid, NewInSpring="2027", ChannelMetadata='{"a":[1]}')
    row = WebhookRequest.objects.get(key=sid)
    assert row.parameters["NewInSpring"] == "2027"
    assert b"NewInSpring=2027" in bytes(row.raw)


NAMES = st.sampled_from(
    [
        *("MessageSid", "SmsSid", "From", "To", "Body", "NumMedia", "MediaContentType0", "OptOutType", "AccountSid"),
        *("MessageStatus", "SmsStatus", "ErrorCode", "RawDlrDoneDate"),
    ]
)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["+14155550142", "STOP", "yes", "99999999999999999999", "-1", "delivered", "failed", "21610", "\x00", "SM" * 300]
)
MANY = hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.requirement("I3")
@MANY
@given(fields=st.dictionaries(NAMES | VALUES, VALUES, max_size=12), path=st.sampled_from([SMS, STATUS]), data=st.data())
def test_whatever_is_signed_is_taken_once_and_understood(
    a: Builders, twilio: Twilio, fields: dict[str, str], path: str, data: st.DataObject
) -> None:
    # given a conversation whose numbers the request may name
    maya = a.user()
    chat = a.conversation(team=[maya], sms=data.draw(st.sampled_from(["invited", "opted in", "opted out"])))
    known = {"From": chat.person.phone, "To": steps.our_number(chat)}
    fields |= data.draw(st.sampled_from([{}, known, {"To": known["To"]}]))
    attempt = steps.refused_attempt(chat, maya)
    if path == STATUS:
        path += data.draw(st.sampled_from(["", f"?m={attempt.uuid}", "?m=%ff%00", "?m=" + "a" * 600]))
    before = WebhookRequest.objects.count()
    # when it comes, and comes again
    first, second = twilio.post(path, fields), twilio.post(path, fields)
    # then
    assert (first, second) == (200, 200)
    assert WebhookRequest.objects.count() <= before + 1
    assert not WebhookRequest.objects.filter(state=WebhookState.FAILED).exists()


@MANY
@given(body=st.binary(max_size=200) | st.binary(max_size=60).map(lambda raw: quote_from_bytes(raw, safe="=&").encode()))
def test_whatever_bytes_come_there_is_a_clear_answer(db: None, body: bytes) -> None:
    client = Client(raise_request_exception=True)
    assert raw_post(client, SMS, body).status_code in {200, 400}
    assert raw_post(client, SMS, body, signature="wrong").status_code in {400, 403}


# --- a meaning that fails ---


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Our own bug: it raises, with the person's words in its message."""

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"could not read: {SECRET_WORDS} +14155550142")

    monkeypatch.setattr(receiving, "receive_sms", fail)
    monkeypatch.setattr("channels_sms.webhooks.receive_sms", fail)
    return monkeypatch


@pytest.mark.requirement("I3")
def test_a_meaning_that_fails_is_kept_answered_and_repaired(
    a: Builders, twilio: Twilio, failing: pytest.MonkeyPatch
) -> None:
    # given
    chat = a.conversation(team=[a.user()], sms="opted in")
    sid = steps.new_sid()
    # when
    assert steps.says(twilio, chat, SECRET_WORDS, sid=sid) == 200
    # then
    row = WebhookRequest.objects.get(key=sid)
    assert (row.state, row.problem, row.tries) == (WebhookState.FAILED, "RuntimeError", 1)
    assert not chat.messages.exists()
    # and while our bug is there, the sweeper tries in vain
    later = timezone.now() + timedelta(minutes=1)
    assert webhooks.try_failed_again(timezone.now()) == 0, "not yet due"
    assert webhooks.try_failed_again(later) == 1
    row.refresh_from_db()
    assert (row.state, row.tries) == (WebhookState.FAILED, 2)
    # and once it is mended, the text arrives, once
    failing.undo()
    assert webhooks.try_failed_again(later) == 1
    assert webhooks.try_failed_again(later) == 0
    row.refresh_from_db()
    assert row.state == WebhookState.DONE
    assert [message.body for message in chat.messages.all()] == [SECRET_WORDS]


@pytest.mark.requirement("I3")
def test_what_was_half_done_is_undone(a: Builders, twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    """The consent's event and the message stand or fall together."""

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    chat = a.conversation(team=[a.user()], sms="opted in")
    monkeypatch.setattr("inbox.receiving.announce_consent", fail)
    assert steps.says(twilio, chat, "Stop") == 200
    assert steps.standing(chat) == "opted in"
    assert not chat.messages.exists()
    monkeypatch.undo()
    webhooks.try_failed_again(timezone.now() + timedelta(minutes=1))
    assert steps.standing(chat) == "opted out"


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("tries", [1, 10, 46, 47, 1_000, 32_767])
def test_it_is_tried_for_good(a: Builders, twilio: Twilio, failing: pytest.MonkeyPatch, tries: int) -> None:
    """However often it failed, the sweeper survives it, and asks again within ten minutes."""
    chat = a.conversation(team=[a.user()], sms="opted in")
    steps.says(twilio, chat, "Hi")
    WebhookRequest.objects.update(tries=tries)
    now = timezone.now() + timedelta(minutes=1)
    assert webhooks.try_failed_again(now) == 1
    row = WebhookRequest.objects.get()
    assert row.state == WebhookState.FAILED
    assert row.try_again_at
    assert row.try_again_at <= timezone.now() + timedelta(minutes=10)


# --- what is written to the logs ---


def test_no_log_has_a_body_or_a_number(
    a: Builders, twilio: Twilio, client: Client, failing: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # given
    caplog.set_level(logging.DEBUG)
    chat = a.conversation(team=[a.user()], sms="opted in")
    ours, theirs = steps.our_number(chat), chat.person.phone
    fields = {"MessageSid": steps.new_sid(), "From": theirs, "To": ours, "Body": SECRET_WORDS}
    # when all sorts of requests come
    twilio.post(SMS, fields)  # fails
    webhooks.try_failed_again(timezone.now() + timedelta(minutes=1))
    failing.undo()
    webhooks.try_failed_again(timezone.now() + timedelta(minutes=1))
    twilio.post(SMS, fields)  # a repeat
    twilio.post(SMS, {**fields, "MessageSid": steps.new_sid(), "Body": "STOP"})
    twilio.post(SMS, {**fields, "MessageSid": steps.new_sid(), "To": "+12025550199"})
    twilio.post(SMS, {**fields, "AccountSid": "AC" + "9" * 32, "MessageSid": steps.new_sid()})
    twilio.post(SMS, fields, signature="wrong")
    twilio.post(STATUS, {**fields, "MessageStatus": "delivered", "ErrorCode": "30003"})
    raw_post(client, SMS, urlencode(fields).encode() + b"&x=%FF")
    # then
    assert "its meaning failed" in caplog.text
    for secret in (SECRET_WORDS, theirs.removeprefix("+"), ours.removeprefix("+"), "12025550199"):
        assert secret not in logged(caplog), secret


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that a handler would write, tracebacks too; the test's own database queries apart."""
    formatter = logging.Formatter()
    return "\n".join(formatter.format(record) for record in caplog.records if record.name != "django.db.backends")


# --- statuses ---


@pytest.mark.requirement("I4")
def test_a_report_finds_its_attempt_by_our_reference_or_by_twilios(a: Builders, twilio: Twilio) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    by_reference, by_sid = (steps.write(chat, maya, str(n)) for n in range(2))
    first = steps.claim(by_reference)
    sid = steps.new_sid()
    # a callback that comes before the answer to our call
    assert twilio.post(f"{STATUS}?m={first.uuid}", {"MessageSid": sid, "MessageStatus": "sent"}) == 200
    delivery.record_outcome(first, Accepted(sid, "queued"))
    by_reference.refresh_from_db()
    assert by_reference.status == "sent"
    second = steps.hand_over(by_sid, Accepted(steps.new_sid(), "queued"))
    assert twilio.post(STATUS, {"SmsSid": second.provider_id, "SmsStatus": "delivered"}) == 200
    by_sid.refresh_from_db()
    assert by_sid.status == "delivered"
    states = set(WebhookRequest.objects.filter(kind=WebhookKind.STATUS).values_list("state", flat=True))
    assert states == {WebhookState.DONE}
