"""The mailboxes as people use them: on a phone, and on pages of their own that need no JavaScript."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from simulator.mail.reading import text_of
from tests.simulator.mail_stage import ANNA_MAIL, GRACE_MAIL, TOKEN_ADDRESS, mail, mailbox, posted, put, subjects, write
from tests.simulator.stage import ANNA, Product, Simulator, until
from tests.simulator.test_handset import act, line_of


@pytest.fixture
def plain(browser: Browser, simulator: Simulator) -> Iterator[Page]:
    """A browser without JavaScript."""
    context = browser.new_context(base_url=simulator.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def mail_of(opened: Page, number: str, name: str) -> Locator:
    opened.goto(f"/?phone={number.replace('+', '%2B').replace('@', '%40')}")
    phone = opened.get_by_role("region", name=name, exact=False).first
    expect(phone).to_be_visible()
    return phone


def to_mail(phone: Locator) -> None:
    phone.get_by_role("button", name="Mail").click()


def test_a_person_reads_and_replies_on_her_phone(opened: Page, simulator: Simulator, product: Product) -> None:
    # given
    put(simulator.mail_dir, mail(message_id="<one@northwind.example>"))
    anna = mail_of(opened, ANNA, "Anna Bauer")
    expect(anna.get_by_role("button", name="Mail 1 new")).to_be_visible()
    # when
    to_mail(anna)
    anna.get_by_role("link", name="Maya Chen, Northwind Robotics").click()
    # then
    letters = anna.get_by_role("log", name="Your application")
    expect(letters).to_contain_text("could we talk on Thursday?")
    expect(anna.get_by_role("button", name="Mail", exact=True)).to_be_visible()
    # when
    anna.get_by_role("link", name="Reply").click()
    expect(anna.get_by_label("To", exact=True)).to_have_value(TOKEN_ADDRESS)
    expect(anna.get_by_label("Subject")).to_have_value("Re: Your application")
    expect(anna.get_by_label("Mail as Anna")).to_be_focused()
    anna.get_by_label("Mail as Anna").fill("Thursday is fine.")
    anna.get_by_text("Program, attachment, forgery").click()
    anna.get_by_label("Written with").select_option("Outlook")
    anna.get_by_label("Attachment").select_option("A small picture")
    anna.get_by_role("button", name="Send as Anna").click()
    # then
    expect(letters).to_contain_text("Thursday is fine.")
    expect(letters).to_contain_text("Delivered")
    message = posted(product)[0].message
    assert (message["In-Reply-To"], message["References"]) == ("<one@northwind.example>", "<one@northwind.example>")
    assert [each.get_filename() for each in message.iter_attachments()] == ["picture.png"]
    assert "________________________________ From: Maya Chen" in " ".join(text_of(message).split())
    assert opened.url.endswith(ANNA.removeprefix("+"))


def test_what_comes_shows_by_itself_and_disturbs_nobody_who_writes(opened: Page, simulator: Simulator) -> None:
    # given
    put(simulator.mail_dir, mail(message_id="<one@northwind.example>"))
    anna = mail_of(opened, ANNA, "Anna Bauer")
    to_mail(anna)
    anna.get_by_role("link", name="Maya Chen").click()
    # when
    put(simulator.mail_dir, mail(subject="Re: it", text="One more thing", In_Reply_To="<one@northwind.example>"))
    # then it is there, and read
    expect(anna.get_by_role("log")).to_contain_text("One more thing")
    until(lambda: mailbox(simulator)["unread"] == 0, "that it is read")
    # given
    anna.get_by_role("link", name="Reply").click()
    anna.get_by_label("Mail as Anna").fill("Half a sen")
    # when
    put(simulator.mail_dir, mail(subject="Something else"))
    expect(anna.get_by_role("button", name="Mail 1 new")).to_be_visible()
    # then
    expect(anna.get_by_label("Mail as Anna")).to_have_value("Half a sen")
    # when
    anna.get_by_role("link", name="Conversation").click()
    anna.get_by_role("link", name="All mail").click()
    # then
    expect(anna.get_by_role("link", name="Something else")).to_be_visible()


def test_a_slow_answer_takes_nobody_back(opened: Page, simulator: Simulator) -> None:
    # given a list that is asked for anew, and a slow answer
    put(simulator.mail_dir, mail())
    anna = mail_of(opened, ANNA, "Anna Bauer")
    to_mail(anna)
    expect(anna.get_by_role("link", name="Your application")).to_be_visible()
    held: list[Route] = []
    opened.route(re.compile(r"/mail/anna\.bauer(@|%40)example\.com$"), lambda route: held.append(route))
    put(simulator.mail_dir, mail(subject="Something else"))
    expect(anna.get_by_role("button", name="Mail 2 new")).to_be_visible()
    # when she has gone on before it comes
    anna.get_by_role("link", name="Your application").click()
    expect(anna.get_by_role("log", name="Your application")).to_be_visible()
    with opened.expect_response(held[0].request.url):
        held[0].continue_()
    opened.evaluate("new Promise(requestAnimationFrame)")
    # then
    expect(anna.get_by_role("log", name="Your application")).to_be_visible()


def test_the_switches_turn_what_they_say(opened: Page, simulator: Simulator) -> None:
    # given somebody who has mail and no phone number
    grace = mail_of(opened, GRACE_MAIL, "Grace Turner")
    # when
    grace.get_by_role("button", name="Out of office: off").click()
    # then
    expect(grace.get_by_role("button", name="Out of office: on")).to_be_focused()
    assert mailbox(simulator, GRACE_MAIL)["out_of_office"] is True
    # when
    grace.get_by_role("button", name="Mailbox exists: yes").click()
    expect(grace.get_by_role("button", name="Mailbox exists: no")).to_be_visible()
    put(simulator.mail_dir, mail(to=GRACE_MAIL))
    # then
    grace.get_by_role("link", name="Your application").click()
    expect(grace.get_by_role("log")).to_contain_text("Returned to its sender: there is no such mailbox")
    # and the page for texts has nothing to say about her
    expect(opened.get_by_role("heading", name="What happens to the next text")).to_be_hidden()


def test_texts_and_mail_are_one_click_apart(opened: Page, simulator: Simulator) -> None:
    # given
    simulator.send(body="By text")
    put(simulator.mail_dir, mail(subject="By mail"))
    anna = mail_of(opened, ANNA, "Anna Bauer")
    expect(anna.get_by_role("log")).to_contain_text("By text")
    # when
    to_mail(anna)
    # then
    expect(anna.get_by_role("link", name="By mail")).to_be_visible()
    expect(anna.get_by_role("textbox", name="Reply as Anna")).to_be_hidden()
    # when
    anna.get_by_role("button", name="Texts").click()
    # then
    expect(anna.get_by_role("textbox", name="Reply as Anna")).to_be_visible()
    expect(anna.get_by_role("link", name="By mail")).to_be_hidden()


def test_everything_works_without_javascript(plain: Page, simulator: Simulator, product: Product) -> None:
    # given
    put(simulator.mail_dir, mail(text="Look at https://example.com/a?b=1&c=2."))
    # when
    plain.goto("/mail")
    article = plain.get_by_role("article").filter(has_text=f"to {ANNA_MAIL}")
    assert article.get_by_role("link").first.get_attribute("href") == "https://example.com/a?b=1&c=2"
    article.get_by_role("link", name="Open the mailbox").click()
    plain.get_by_role("link", name="Reply").click()
    plain.get_by_label("Mail as Anna").fill("Gladly")
    plain.get_by_text("Program, attachment, forgery").click()
    plain.get_by_label("Or one of your files").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8" * 50}
    )
    plain.get_by_role("button", name="Send as Anna").click()
    # then
    expect(plain.get_by_role("log")).to_contain_text("Gladly")
    (file,) = posted(product)[0].message.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), len(file.get_content())) == ("photo.jpg", "image/jpeg", 100)
    # and she writes first, to a mailbox that nobody knew
    plain.goto("/mail")
    plain.get_by_label("Another mailbox").fill("New.Person@example.org")
    plain.get_by_role("button", name="Open").click()
    plain.get_by_role("link", name="Write a mail").click()
    plain.get_by_label("To", exact=True).fill("nobody")
    plain.get_by_role("button", name="Send as new.person").click()
    expect(plain.get_by_role("alert")).to_contain_text("Write the address")
    plain.get_by_label("To", exact=True).fill(TOKEN_ADDRESS)
    plain.get_by_role("button", name="Send as new.person").click()
    assert posted(product, 2)[1].form["sender"] == "new.person@example.org"


def test_a_forged_mail_says_so_here_and_fails_there(simulator: Simulator, product: Product) -> None:
    # when
    draft = {"to": TOKEN_ADDRESS, "subject": "Bank details", "words": "Send money", "forged": "1"}
    page = simulator.http.post(f"/mail/{ANNA_MAIL}/write", data=draft, follow_redirects=True)
    # then
    assert "Forged: it only claims to come from here" in page.text
    (one,) = posted(product)
    assert one.form["from"] == f"Anna Bauer <{ANNA_MAIL}>"
    assert one.form["sender"] == "bounces@mail.attacker.example"
    assert "dmarc=fail" in one.message["Authentication-Results"]


def test_an_attachment_and_the_original_can_be_had(simulator: Simulator) -> None:
    # given
    message = mail(subject="<b>bold</b>", text="<script>alert(1)</script>")
    message.add_attachment(b"<script>", maintype="text", subtype="html", filename='ä "quoted".html')
    put(simulator.mail_dir, message)
    (received,) = mailbox(simulator)["received"]
    # when
    page = simulator.http.get(f"/mail/{ANNA_MAIL}/thread/{received['id']}")
    # then nothing of it is HTML here
    assert "<b>bold" not in page.text
    assert "<script>alert" not in page.text
    href = re.search(r'href="(/mail/file/[^"]+)"', page.text)
    assert href is not None
    file = simulator.http.get(href[1])
    assert (file.content, file.headers["content-type"]) == (b"<script>", "application/octet-stream")
    assert file.headers["content-disposition"].startswith("attachment;")
    original = simulator.http.get(f"/mail/source/{received['id']}")
    assert original.headers["content-type"].startswith("text/plain")
    assert "Reply-To: " in original.text


def test_what_is_not_there_is_not_found(simulator: Simulator) -> None:
    for path in (f"{ANNA_MAIL}/thread/999", "source/999", "file/999/0", f"{ANNA_MAIL}/write?answer=999"):
        assert simulator.http.get(f"/mail/{path}").status_code == 404


def test_how_the_product_took_it_stands_beside_the_mail(simulator: Simulator, product: Product) -> None:
    # given
    product.statuses = [406]
    write(simulator)
    (sent,) = mailbox(simulator)["sent"]
    # then
    page = simulator.http.get(f"/mail/{ANNA_MAIL}/thread/{sent['id']}")
    assert "Not delivered: the product answered 406" in page.text


def test_mail_counts_as_new_on_the_phone_until_it_is_looked_at(simulator: Simulator) -> None:
    # given
    put(simulator.mail_dir, mail(), mail(subject="Another"))
    assert len(subjects(simulator)) == 2
    assert (line_of(simulator, ANNA)["unread"], line_of(simulator, ANNA)["new_texts"]) == (2, 0)
    # when
    first = mailbox(simulator)["received"][0]["id"]
    simulator.http.get(f"/mail/{ANNA_MAIL}/thread/{first}")
    # then
    assert line_of(simulator, ANNA)["unread"] == 1


def test_a_person_is_added_with_her_address(simulator: Simulator) -> None:
    # when
    both = act(simulator, "phones", name="Kim Lee", number="+44 7700 900417", email="Kim@example.com")
    mail_only = act(simulator, "phones", name="Lou Ray", number="", email="lou@example.com")
    # then
    assert both.json() == {"number": "+447700900417"}
    assert line_of(simulator, "+447700900417")["mail"]["address"] == "kim@example.com"
    assert mail_only.json() == {"number": "lou@example.com"}
    assert line_of(simulator, "lou@example.com")["has_texts"] is False
    assert act(simulator, "phones", name="X", number="", email="x at y").status_code == 400


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_mailboxes_can_be_used_by_everybody(opened: Page, simulator: Simulator, scheme: Any) -> None:
    # given a conversation with all there is
    message = mail(message_id="<one@northwind.example>")
    message.add_attachment(b"x" * 900, maintype="application", subtype="pdf", filename="Role.pdf")
    put(simulator.mail_dir, message)
    write(
        simulator, in_reply_to="<one@northwind.example>", references=["<one@northwind.example>"], authentication="fail"
    )
    number = mailbox(simulator)["received"][0]["id"]
    opened.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for path in ("", f"/{ANNA_MAIL}", f"/{ANNA_MAIL}/thread/{number}", f"/{ANNA_MAIL}/write?answer={number}"):
        # when
        opened.set_viewport_size({"width": 1440, "height": 900})
        opened.goto(f"/mail{path}")
        for details in opened.locator("details summary").all():
            details.click()
        # then
        assert [each["id"] for each in Axe().run(opened).response["violations"]] == []
        opened.set_viewport_size({"width": 390, "height": 844})
        assert opened.evaluate("document.documentElement.scrollWidth") == 390
    # and on a phone
    anna = mail_of(opened, ANNA, "Anna Bauer")
    to_mail(anna)
    for name in ("Your application", "Reply"):
        anna.get_by_role("link", name=name).click()
        expect(anna.get_by_role("link", name="All mail" if name != "Reply" else "Conversation")).to_be_visible()
        assert [each["id"] for each in Axe().run(opened).response["violations"]] == []
        assert opened.evaluate("document.documentElement.scrollWidth") == 390
