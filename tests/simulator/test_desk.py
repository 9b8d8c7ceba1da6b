"""The pages beside the phones: people's mail, and the provider's shop for numbers."""

from email.message import EmailMessage
from pathlib import Path

from simulator.desk import mails
from tests.simulator.stage import Simulator


def put(folder: Path, *bodies: str) -> None:
    """Mails as Django's file backend leaves them: one file, a line of dashes after each."""
    folder.mkdir(exist_ok=True)
    written = ""
    for number, body in enumerate(bodies):
        message = EmailMessage()
        message["To"], message["Subject"] = "ada@example.com", f"Mail {number}"
        message["Date"] = f"Tue, 24 Nov 2026 10:0{number}:00 +0000"
        message.set_content(body)
        written += message.as_string() + "\n" + "-" * 79 + "\n"
    (folder / "1.log").write_text(written)


def test_mail_is_read_with_the_newest_first(tmp_path: Path) -> None:
    put(tmp_path / "mail", "one\n-- \nAda", "Grüße: https://example.com/a?b=1&c=2")
    found = mails(tmp_path / "mail")
    assert [each.subject for each in found] == ["Mail 1", "Mail 0"]
    assert found[0].body.strip() == "Grüße: https://example.com/a?b=1&c=2"
    assert mails(tmp_path / "nothing") == []


def test_a_number_that_was_bought_is_the_accounts(simulator: Simulator) -> None:
    answer = simulator.http.post("/numbers", data={"number": "+1 (212) 555-0177", "label": "Fir Labs"})
    assert answer.status_code in {200, 303}
    assert "+1 212 555 0177" in simulator.http.get("/numbers").text


def test_what_is_no_number_is_refused_with_the_reason(simulator: Simulator) -> None:
    answer = simulator.http.post("/numbers", data={"number": "212 <b>", "label": ""})
    assert answer.status_code == 422
    assert "international code" in answer.text
    assert "<b>" not in answer.text.split("</form>")[0].split("<form")[1].replace("<b>+", "")


def test_the_mail_page_shows_nothing_as_html(simulator: Simulator) -> None:
    answer = simulator.http.get("/mail")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
