"""What answers by itself: a person who is away, and a mailbox that does not exist."""

from email.message import EmailMessage

import pytest

from tests.simulator.mail_stage import ANNA_MAIL, TOKEN_ADDRESS, mail, mailbox, posted, put, subjects
from tests.simulator.stage import Product, Simulator, until


def switch(simulator: Simulator, **switches: bool) -> None:
    simulator.control(f"mailboxes/{ANNA_MAIL}", **switches)


def test_who_is_away_says_so_once_to_each_sender(simulator: Simulator, product: Product) -> None:
    # given
    switch(simulator, out_of_office=True)
    other = mail(subject="From somebody else", sender="Sam <sam@quill.example>", reply_to="sam@quill.example")
    # when
    put(simulator.mail_dir, mail(message_id="<one@northwind.example>"), mail(), other)
    # then
    by_recipient = {each.form["recipient"]: each for each in posted(product, 2)}
    assert set(by_recipient) == {TOKEN_ADDRESS, "sam@quill.example"}
    first = by_recipient[TOKEN_ADDRESS]
    message = first.message
    assert (message["Auto-Submitted"], message["In-Reply-To"]) == ("auto-replied", "<one@northwind.example>")
    assert message["Subject"] == "Automatic reply: Your application"
    assert (first.form["sender"], message["From"]) == ("", f"Anna Bauer <{ANNA_MAIL}>")
    assert len(subjects(simulator)) == 3
    assert [each["kind"] for each in mailbox(simulator)["sent"]] == ["out_of_office", "out_of_office"]


def test_who_goes_away_again_says_so_again(simulator: Simulator, product: Product) -> None:
    # given
    switch(simulator, out_of_office=True)
    put(simulator.mail_dir, mail())
    posted(product)
    # when
    switch(simulator, out_of_office=False)
    put(simulator.mail_dir, mail())
    assert len(subjects(simulator)) == 2
    switch(simulator, out_of_office=True)
    put(simulator.mail_dir, mail())
    # then
    posted(product, 2)
    assert len(mailbox(simulator)["sent"]) == 2


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"}, {"List_Id": "<news>"}, {"Return_Path": "<>"}],
)
def test_nobody_answers_what_is_automatic_itself(
    simulator: Simulator, product: Product, headers: dict[str, str]
) -> None:
    # given
    switch(simulator, out_of_office=True)
    # when
    put(simulator.mail_dir, mail(**headers))
    # then
    assert len(subjects(simulator)) == 1
    assert mailbox(simulator)["sent"] == []


def test_a_mailbox_that_does_not_exist_returns_every_mail(simulator: Simulator, product: Product) -> None:
    # given
    switch(simulator, bounces=True)
    # when
    put(simulator.mail_dir, mail(message_id="<one@northwind.example>", text="Hi Anna"), mail(subject="Another"))
    # then nobody has them
    assert (subjects(simulator), mailbox(simulator)["unread"]) == ([], 0)
    assert subjects(simulator, what="returned") == ["Your application", "Another"]
    # and each is reported where answers go, from nobody
    (first,) = [each for each in posted(product, 2) if b"<one@northwind.example>" in each.raw]
    assert (first.form["recipient"], first.form["sender"]) == (TOKEN_ADDRESS, "")
    assert "MAILER-DAEMON@example.com" in first.form["from"]
    message = first.message
    assert (message.get_content_type(), message.get_param("report-type")) == ("multipart/report", "delivery-status")
    words, status, original = message.iter_parts()
    assert "User unknown" in words.get_content()
    of_mail, of_recipient = (part for part in status.get_payload() if isinstance(part, EmailMessage))
    assert of_mail["Reporting-MTA"] == "dns; mail.example.com"
    assert of_recipient["Final-Recipient"] == f"rfc822; {ANNA_MAIL}"
    assert (of_recipient["Action"], of_recipient["Status"]) == ("failed", "5.1.1")
    inner = original.get_payload(0)
    assert isinstance(inner, EmailMessage)
    assert inner["Message-ID"] == "<one@northwind.example>"
    assert "Hi Anna" in inner.get_content()


def test_what_answers_by_itself_survives_a_kill_and_answers_once(
    own_simulator: Simulator, shared_product: Product
) -> None:
    # given
    switch(own_simulator, out_of_office=True)
    put(own_simulator.mail_dir, mail())
    posted(shared_product)
    until(lambda: mailbox(own_simulator)["sent"][0]["webhook_status"] == 200, "that it was taken")
    # when
    own_simulator.kill()
    own_simulator.start()
    put(own_simulator.mail_dir, mail())
    # then
    until(lambda: len(subjects(own_simulator)) == 2, "both mails")
    assert mailbox(own_simulator)["out_of_office"] is True
    assert len(mailbox(own_simulator)["sent"]) == 1
