"""Mailboxes: what the product sends lies in them, each mail once, whatever its file looks like."""

import os
import time
from itertools import islice
from pathlib import Path

import pytest

from simulator.database import open_database
from simulator.mail.outbox import Outbox
from simulator.mail.store import MailStore
from tests.simulator.mail_stage import ANNA_MAIL, END, GRACE_MAIL, TOKEN_ADDRESS, mail, mailbox, put, subjects, write
from tests.simulator.stage import ANNA, Simulator, until


def test_a_mail_lies_in_its_readers_mailbox_with_all_that_is_in_it(simulator: Simulator) -> None:
    # given
    message = mail(subject="Grüße", text="Grüße: https://example.com/a?b=1&c=2", html="<p>Grüße</p>")
    message.add_attachment(b"%PDF" * 250, maintype="application", subtype="pdf", filename="Role.pdf")
    # when
    put(simulator.mail_dir, message)
    # then
    (received,) = mailbox(simulator)["received"]
    assert received["from"] == '"Maya Chen, Northwind Robotics" <conversations@mail.northwind.example>'
    assert (received["subject"], received["reply_to"]) == ("Grüße", TOKEN_ADDRESS)
    assert received["text"].strip() == "Grüße: https://example.com/a?b=1&c=2"
    assert received["html"].strip() == "<p>Grüße</p>"
    assert received["attachments"] == [{"name": "Role.pdf", "content_type": "application/pdf", "bytes": 1000}]
    assert received["message_id"] == message["Message-ID"]
    assert mailbox(simulator)["unread"] == 1


def test_it_arrives_by_itself(simulator: Simulator) -> None:
    # when
    put(simulator.mail_dir, mail())
    # then the page is told, and nobody had to ask for it
    until(lambda: [line for line in phones(simulator) if line["number"] == ANNA and line["unread"]], "the new mail")


def phones(simulator: Simulator) -> list[dict[str, object]]:
    found: list[dict[str, object]] = simulator.http.get("/handset/state").json()["phones"]
    return found


def test_a_file_holds_several_mails_and_may_grow(simulator: Simulator) -> None:
    # given
    file = put(simulator.mail_dir, mail(subject="One"), mail(subject="Two"))
    assert subjects(simulator) == ["One", "Two"]
    # when a third one is being written
    third = mail(subject="Three").as_bytes()
    with file.open("ab") as stream:
        stream.write(third[:100])
        stream.flush()
        assert subjects(simulator) == ["One", "Two"]
        stream.write(third[100:] + END)
    # then
    assert subjects(simulator) == ["One", "Two", "Three"]


def test_a_line_of_dashes_in_a_mail_ends_nothing(simulator: Simulator) -> None:
    # when
    put(simulator.mail_dir, mail(text="Above\n" + "-" * 79 + "\nbelow it goes on"), mail(subject="Next"))
    # then
    first, second = mailbox(simulator)["received"]
    assert "below it goes on" in first["text"]
    assert second["subject"] == "Next"


def test_one_mail_to_two_people_is_in_both_mailboxes(simulator: Simulator) -> None:
    # when
    put(simulator.mail_dir, mail(to=f"Anna Bauer <{ANNA_MAIL.upper()}>, new.person@example.org", Cc=GRACE_MAIL))
    # then
    for address in (ANNA_MAIL, "new.person@example.org", GRACE_MAIL):
        assert subjects(simulator, address) == ["Your application"]
    known = {each["address"]: each["name"] for each in simulator.look("mailboxes")["mailboxes"]}
    assert (known["new.person@example.org"], known[GRACE_MAIL]) == ("", "Grace Turner")


@pytest.mark.parametrize(
    "broken",
    [
        b"no header at all\n\nand no text",
        b'From: "\nTo: anna.bauer@example.com\nSubject: =?utf-8?q?=ff=fe?=\n'
        b"Content-Type: text/plain; charset=nonsense\n\n\xff\xfe",
        b"To: anna.bauer@example.com\nContent-Type: multipart/mixed\n\nno parts",
    ],
)
def test_a_mail_that_is_none_holds_up_no_other(simulator: Simulator, broken: bytes) -> None:
    put(simulator.mail_dir, broken, mail(subject="After it"))
    assert subjects(simulator)[-1] == "After it"
    assert simulator.http.get("/mail").status_code == 200
    assert simulator.http.get(f"/mail/{ANNA_MAIL}").status_code == 200


def test_every_mail_is_there_once_after_a_kill(own_simulator: Simulator) -> None:
    # given a file that grows while nobody looks
    file = put(own_simulator.mail_dir, mail(subject="Before"))
    assert subjects(own_simulator) == ["Before"]
    own_simulator.kill()
    put(own_simulator.mail_dir, mail(subject="Meanwhile"), name=file.name)
    put(own_simulator.mail_dir, mail(subject="And in another file"))
    # when
    own_simulator.start()
    # then
    until(lambda: len(subjects(own_simulator)) >= 3, "the other mails")
    assert sorted(subjects(own_simulator)) == ["And in another file", "Before", "Meanwhile"]


def test_a_conversation_holds_together_by_references(simulator: Simulator) -> None:
    # given
    first = mail(message_id="<one@northwind.example>")
    put(simulator.mail_dir, first, mail(subject="Something else"))
    answer = write(simulator, in_reply_to="<one@northwind.example>", references=["<one@northwind.example>"])[
        "message_id"
    ]
    # when the product answers, and names only Anna's mail
    put(simulator.mail_dir, mail(subject="Re: Your application", In_Reply_To=answer))
    # then
    box = mailbox(simulator)
    first_thread, other_thread, last_thread = [each["thread"] for each in box["received"]]
    assert first_thread == last_thread == box["sent"][0]["thread"]
    assert other_thread != first_thread


def test_a_reset_empties_the_mailboxes_that_are_named(simulator: Simulator) -> None:
    # given
    put(simulator.mail_dir, mail(), mail(to=GRACE_MAIL))
    simulator.control("mailboxes/" + ANNA_MAIL, out_of_office=True)
    # when
    simulator.control("reset", scope={"mailboxes": [ANNA_MAIL]})
    # then
    assert (mailbox(simulator)["received"], mailbox(simulator)["out_of_office"]) == ([], False)
    assert subjects(simulator, GRACE_MAIL) == ["Your application"]
    # when
    put(simulator.mail_dir, mail(to=GRACE_MAIL))
    simulator.control("reset")
    # then what was sent before does not come back
    assert subjects(simulator, GRACE_MAIL) == []


def outbox_of(folder: Path) -> Outbox:
    return Outbox(folder / "mail", MailStore(open_database(folder)))


def test_many_mails_are_taken_in_small_portions(tmp_path: Path) -> None:
    # given
    names = [put(tmp_path / "mail", mail(), mail()).name for _ in range(10)]
    outbox = outbox_of(tmp_path)
    # when it stops in the middle of a file, again and again
    found: list[str] = []
    for _ in range(7):
        for each in islice(outbox.new(), 3):
            found.append(each.file)
            outbox.take(each)
    # then
    assert found == sorted([*names, *names])
    assert list(outbox.new()) == []


def test_a_look_that_finds_nothing_lists_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given mails that are an hour old
    hour_ago = time.time() - 3600
    file = put(tmp_path / "mail", mail())
    for path in (file, file.parent):
        os.utime(path, (hour_ago, hour_ago))
    outbox = outbox_of(tmp_path)
    for each in outbox.new():
        outbox.take(each)
    lists: list[Path] = []
    scandir = os.scandir

    def noted(folder: Path) -> object:
        lists.append(folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", noted)
    # when
    assert list(outbox.new()) == []
    # then
    assert lists == []
    # when there is another
    put(tmp_path / "mail", mail())
    # then
    assert len(list(outbox.new())) == 1
    assert lists != []
