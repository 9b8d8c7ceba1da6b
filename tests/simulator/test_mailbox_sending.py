"""What people mail reaches the product as Mailgun would post it, and again until it is taken."""

import base64
import hashlib
import hmac
import time

import httpx
import pytest

from tests.simulator.mail_stage import ANNA_MAIL, SECRET, TOKEN_ADDRESS, mail, mailbox, posted, put, write
from tests.simulator.stage import Product, Simulator, free_port, until

PATH = "/webhooks/email/mailgun/inbound_mime/"


def signature(form: dict[str, str], secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), (form["timestamp"] + form["token"]).encode(), hashlib.sha256).hexdigest()


def test_the_form_is_mailguns(simulator: Simulator, product: Product) -> None:
    # when
    answer = write(simulator, text="Yes, gladly.\nGrüße", headers={"X-Own": "thing"})
    # then
    assert [each["status"] for each in answer["answers"]] == [200]
    (one,) = posted(product)
    assert (one.heard.path, one.heard.headers["Content-Type"]) == (PATH, "application/x-www-form-urlencoded")
    form = one.form
    assert (form["recipient"], form["sender"]) == (TOKEN_ADDRESS, ANNA_MAIL)
    assert (form["from"], form["subject"]) == (f"Anna Bauer <{ANNA_MAIL}>", "Re: Your application")
    assert (form["X-Own"], form["Message-Id"]) == ("thing", answer["message_id"])
    assert len(form["token"]) == 50
    assert abs(int(form["timestamp"]) - time.time()) < 60
    assert form["signature"] == signature(form)
    assert one.message["X-Mailgun-Incoming"] == "Yes"
    assert one.message.get_content().split() == ["Yes,", "gladly.", "Grüße"]
    assert b"\n" not in one.raw.replace(b"\r\n", b"")
    # and it is in her mailbox as sent
    (sent,) = mailbox(simulator)["sent"]
    assert (sent["message_id"], sent["webhook_status"], sent["seen"]) == (answer["message_id"], 200, True)


def test_with_an_attachment_it_comes_in_parts(simulator: Simulator, product: Product) -> None:
    # when
    write(
        simulator,
        html="<p>Here they are</p>",
        attachments=[
            {"name": "CV.pdf", "content_type": "application/pdf", "bytes": 30_000},
            {
                "name": "Zeugnis ä.txt",
                "content_type": "text/plain",
                "content_base64": base64.b64encode(b"gut").decode(),
            },
        ],
    )
    # then
    (one,) = posted(product)
    assert one.heard.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert one.form["signature"] == signature(one.form)
    cv, other = one.message.iter_attachments()
    assert (cv.get_filename(), cv.get_content_type(), len(cv.get_content())) == ("CV.pdf", "application/pdf", 30_000)
    assert (other.get_filename(), other.get_content()) == ("Zeugnis ä.txt", "gut")


def test_exact_bytes_are_posted_as_they_are(simulator: Simulator, product: Product) -> None:
    raw = b"From: Anna <anna.bauer@example.com>\nTo: x@y.example\nSubject: bytes\n\nGr\xfc\xdfe, and no newline"
    # when
    write(simulator, raw_base64=base64.b64encode(raw).decode())
    # then
    (one,) = posted(product)
    assert one.raw == raw
    assert (one.form["recipient"], one.form["subject"]) == (TOKEN_ADDRESS, "bytes")


@pytest.mark.parametrize("mode", ["wrong", "missing", "old"])
def test_a_signature_may_be_spoilt(simulator: Simulator, product: Product, mode: str) -> None:
    # given
    product.status = 400
    # when
    (answer,) = write(simulator, signature=mode)["answers"]
    # then
    assert answer["status"] == 400
    form = posted(product)[0].form
    if mode == "missing":
        assert {"signature", "token", "timestamp"}.isdisjoint(form)
    else:
        assert (form["signature"] == signature(form)) is (mode == "old")
        assert (int(form["timestamp"]) < time.time() - 80_000) is (mode == "old")
    # and it isn't Mailgun's, so nobody sends it again
    assert mailbox(simulator)["sent"][0]["next_attempt_at"] is None


@pytest.mark.parametrize("result", ["pass", "fail", "none"])
def test_the_receiving_server_says_what_it_found_out(simulator: Simulator, product: Product, result: str) -> None:
    # when
    planted = {"Authentication-Results": "mx.example.net; dmarc=pass"}
    write(simulator, authentication=result, headers=planted)
    # then its own word stands on top of what the sender wrote
    (one,) = posted(product)
    own, sendersown = one.message.get_all("Authentication-Results", [])
    assert own.startswith("mxa.mailgun.org;")
    assert f"dmarc={result} header.from=example.com" in own
    assert sendersown == "mx.example.net; dmarc=pass"


@pytest.mark.parametrize("is_parallel", [False, True])
def test_the_same_post_may_come_several_times(simulator: Simulator, product: Product, is_parallel: bool) -> None:
    # when
    answers = write(simulator, times=3, parallel=is_parallel)["answers"]
    # then
    assert [each["status"] for each in answers] == [200, 200, 200]
    assert len({one.form["token"] for one in posted(product, 3)}) == 1
    assert len(mailbox(simulator)["sent"]) == 1


def test_what_is_not_taken_is_posted_again(simulator: Simulator, product: Product) -> None:
    # given
    product.statuses = [503, 400]
    # when
    (answer,) = write(simulator)["answers"]
    # then
    assert answer["status"] == 503
    first, second, third = posted(product, 3)
    assert first.form == second.form == third.form
    until(lambda: mailbox(simulator)["sent"][0]["webhook_status"] == 200, "that it was taken")
    assert mailbox(simulator)["sent"][0]["attempts"] == 3
    lines = simulator.look("journal", kind="webhook", **{"from": ANNA_MAIL})["lines"]
    assert [(each["what"], each["status"], each["to"]) for each in lines] == [
        ("mail", status, TOKEN_ADDRESS) for status in (503, 400, 200)
    ]


def test_406_is_the_end_of_it(simulator: Simulator, product: Product) -> None:
    # given
    product.status = 406
    # when
    write(simulator)
    # then
    (sent,) = mailbox(simulator)["sent"]
    assert (sent["attempts"], sent["next_attempt_at"]) == (1, None)


def test_after_the_last_pause_it_is_given_up(simulator: Simulator, product: Product) -> None:
    # given
    product.status = 500
    # when
    write(simulator)
    # then
    until(lambda: mailbox(simulator)["sent"][0]["next_attempt_at"] is None, "the end")
    assert mailbox(simulator)["sent"][0]["attempts"] == 3
    (line,) = simulator.look("journal", kind="error")["lines"]
    assert (line["what"], line["status"], line["from"]) == ("mail given up", 500, ANNA_MAIL)


def test_it_waits_for_a_product_that_is_away(simulator: Simulator, product: Product) -> None:
    # given
    simulator.control("settings", mail_inbound_url=f"http://127.0.0.1:{free_port()}/", mail_retry_pauses_ms=[600_000])
    (answer,) = write(simulator)["answers"]
    assert (answer["status"], product.heard) == (None, [])
    # when it is back, and the pause is over
    simulator.control("settings", mail_inbound_url=None)
    simulator.control("clock", advance_s=700)
    # then
    assert len(posted(product)) == 1


def test_a_mail_under_way_is_posted_again_after_a_kill(own_simulator: Simulator, shared_product: Product) -> None:
    # given a product that got it but has not answered
    shared_product.gate.clear()
    draft = {"to": TOKEN_ADDRESS, "subject": "Hello", "words": "Hello"}
    assert own_simulator.http.post(f"/mail/{ANNA_MAIL}/write", data=draft).status_code == 303
    posted(shared_product)
    # when
    own_simulator.kill()
    shared_product.gate.set()
    own_simulator.start()
    # then
    first, second = posted(shared_product, 2)
    assert first.form == second.form
    until(lambda: mailbox(own_simulator)["sent"][0]["webhook_status"] == 200, "that it was taken")


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"from": ""}, "from"),
        ({"to": "nobody"}, "address"),
        ({"signature": "port"}, "signature"),
        ({"authentication": "maybe"}, "authentication"),
        ({"nonsense": 1}, "nonsense"),
        ({"attachments": [{"name": "x", "bytes": 99_000_000}]}, "bytes"),
        ({"headers": {"X": "a\nb"}}, ""),
    ],
)
def test_a_mistake_is_explained(simulator: Simulator, product: Product, wish: dict[str, object], word: str) -> None:
    given = {"from": ANNA_MAIL, "to": TOKEN_ADDRESS, "text": "Yes"}
    answer = simulator.http.post("/control/mail", json={**given, **wish})
    assert answer.status_code == 400
    assert word in answer.json()["error"]
    assert product.heard == []


def test_another_site_may_not_send(simulator: Simulator, product: Product) -> None:
    foreign = {"Origin": "https://elsewhere.example"}
    for path in ("write", "switches"):
        answer = httpx.post(f"{simulator.url}/mail/{ANNA_MAIL}/{path}", data={"to": "a@b.example"}, headers=foreign)
        assert answer.status_code == 403
    assert product.heard == []


def test_mail_to_any_address_of_a_person_without_a_name_goes_out(simulator: Simulator, product: Product) -> None:
    # given
    put(simulator.mail_dir, mail(to="new.person@example.org"))
    # when
    simulator.control("mail", **{"from": "new.person@example.org", "to": TOKEN_ADDRESS, "text": "Who are you?"})
    # then
    assert posted(product)[0].form["from"] == "new.person@example.org"
    assert [each["text"].strip() for each in mailbox(simulator, "new.person@example.org")["sent"]] == ["Who are you?"]
