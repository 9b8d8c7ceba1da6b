"""What is posted is what django-anymail takes for Mailgun's: its own view checks the signature and reads the mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import inbound
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from django.test import RequestFactory

from tests.simulator.mail_stage import ANNA_MAIL, SECRET, TOKEN_ADDRESS, Posted, mail, posted, put, write
from tests.simulator.stage import Product, Simulator


@contextmanager
def listening() -> Iterator[list[Any]]:
    events: list[Any] = []

    def note(sender: object, event: Any, **kwargs: object) -> None:
        events.append(event)

    inbound.connect(note, weak=False)
    yield events
    inbound.disconnect(note)


def read(one: Posted) -> Any:
    """The mail, as anymail's view understands the request."""
    heard = one.heard
    request = RequestFactory().generic("POST", heard.path, heard.raw, content_type=heard.headers["Content-Type"])
    view = MailgunInboundWebhookView.as_view(webhook_signing_key=SECRET)
    with listening() as events:
        assert view(request).status_code == 200
    (event,) = events
    assert event.event_id == one.form["token"]
    return event.message


@pytest.mark.parametrize("attachments", [[], [{"name": "CV.pdf", "content_type": "application/pdf", "bytes": 5000}]])
def test_anymail_reads_what_a_person_mails(
    simulator: Simulator, product: Product, attachments: list[dict[str, Any]]
) -> None:
    # when
    write(simulator, text="Grüße\nAnna", html="<p>Grüße<br>Anna</p>", attachments=attachments)
    # then
    message = read(posted(product)[0])
    assert (message.envelope_sender, message.envelope_recipient) == (ANNA_MAIL, TOKEN_ADDRESS)
    assert (message.from_email.addr_spec, message.to[0].addr_spec) == (ANNA_MAIL, TOKEN_ADDRESS)
    assert message.subject == "Re: Your application"
    assert (message.text.strip(), message.html.strip()) == ("Grüße\nAnna", "<p>Grüße<br>Anna</p>")
    assert [len(each.get_content_bytes()) for each in message.attachments] == [each["bytes"] for each in attachments]


@pytest.mark.parametrize("program", ["gmail", "outlook", "apple"])
def test_anymail_reads_what_every_mail_program_writes(simulator: Simulator, product: Product, program: str) -> None:
    # given
    put(simulator.mail_dir, mail(text="Könnten wir reden?"))
    number = simulator.look(f"mailboxes/{ANNA_MAIL}")["received"][0]["id"]
    # when
    draft = {"answer": number, "to": TOKEN_ADDRESS, "subject": "Re: x", "words": "Ja, gern – Anna", "program": program}
    simulator.http.post(f"/mail/{ANNA_MAIL}/write", data=draft)
    # then
    message = read(posted(product)[0])
    assert message.text.startswith("Ja, gern – Anna")
    assert "Könnten wir reden?" in message.text
    assert "Könnten wir reden?" in message.html


@pytest.mark.parametrize("switches", [{"out_of_office": True}, {"bounces": True}])
def test_anymail_reads_what_answers_by_itself(
    simulator: Simulator, product: Product, switches: dict[str, bool]
) -> None:
    # given
    simulator.control(f"mailboxes/{ANNA_MAIL}", **switches)
    # when
    put(simulator.mail_dir, mail())
    # then
    message = read(posted(product)[0])
    assert message.envelope_sender == ""
    assert message["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize("mode", ["wrong", "missing"])
def test_anymail_refuses_a_spoilt_signature(simulator: Simulator, product: Product, mode: str) -> None:
    # when
    write(simulator, signature=mode)
    # then
    with pytest.raises(AnymailWebhookValidationFailure):
        read(posted(product)[0])
