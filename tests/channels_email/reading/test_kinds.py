"""Who writes: a person, a program that answers, a server that gives a mail back, a calendar."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from channels_email.reading import Kind, Problem
from channels_email.reading.calendars import invitation_of, sentence
from channels_email.reading.mail import BouncedRecipient
from tests.channels_email.reading.post import delivered, mail, written

pytestmark = pytest.mark.requirement("Q4")


@pytest.mark.parametrize(
    ("name", "kind", "original", "recipients"),
    [
        ("bounce-gmail", Kind.BOUNCE, 12, {"ghost@gmail.com": ("5.1.1", True, "does not exist")}),
        (
            "bounce-exchange",
            Kind.BOUNCE,
            13,
            {"gone@contoso.example": ("5.1.10", True, "not found"), "full@contoso.example": ("4.2.2", False, "full")},
        ),
        ("bounce-postfix", Kind.BOUNCE, 14, {"nobody@kleinbetrieb.example": ("5.1.1", True, "User unknown")}),
        ("bounce-qmail", Kind.BOUNCE, 15, {"karl@altbau.example": ("5.1.1", True, "no mailbox here by that name")}),
        ("bounce-exim", Kind.BOUNCE, 16, {"old@retired.example": ("5.0.0", True, "550 No such user here")}),
        ("delayed-postfix", Kind.DELAYED, 17, {"slow@busy.example": ("4.4.1", False, "Connection timed out")}),
    ],
)
def test_a_report_says_whom_a_mail_did_not_reach_and_why(
    name: str, kind: Kind, original: int, recipients: dict[str, tuple[str, bool, str]]
) -> None:
    found = mail(name)
    assert found.kind == kind
    assert found.bounce is not None
    assert found.bounce.original_message_id == f"<msg-{original}@northwind.example>"
    assert [each.address for each in found.bounce.recipients] == list(recipients)
    for each in found.bounce.recipients:
        status, is_permanent, reason = recipients[each.address]
        assert (each.status, each.is_permanent) == (status, is_permanent)
        assert reason in each.diagnostic


def test_a_report_of_success_and_a_read_receipt_are_receipts() -> None:
    assert mail("read-receipt").kind == Kind.RECEIPT
    report = b"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0\n"
    found = delivered(b"Content-Type: message/delivery-status\n\n" + report)
    assert found.kind == Kind.RECEIPT
    assert found.bounce is not None
    assert found.bounce.recipients == (BouncedRecipient("a@b.example", "2.0.0"),)


def test_a_report_of_nobody_about_nothing_is_a_mail() -> None:
    found = delivered(b"Return-Path: <>\nFrom: ,\nSubject: Returned mail\n\nYour mail.")
    assert (found.kind, found.bounce) == (Kind.NORMAL, None)


def test_a_person_who_writes_of_a_bounce_is_a_person() -> None:
    text = "My mail to you came back: <jobs@northwind.example>: 550 5.1.1 unknown user"
    assert written(text, headers="Subject: Undelivered Mail Returned to Sender\n").kind == Kind.NORMAL


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("Auto-Submitted: auto-replied\n", Kind.AUTO_REPLY),
        ("Auto-Submitted: auto-replied; owner-email=a@b.example\n", Kind.AUTO_REPLY),
        ("Auto-Submitted: no\n", Kind.NORMAL),
        ("Auto-Submitted: auto-generated\nIn-Reply-To: <a@b.example>\n", Kind.AUTO_REPLY),
        ("Auto-Submitted: auto-generated\n", Kind.BULK),
        ("Precedence: auto_reply\n", Kind.AUTO_REPLY),
        ("Precedence: bulk\n", Kind.BULK),
        ("X-Autoreply: yes\nPrecedence: bulk\n", Kind.AUTO_REPLY),
        ("X-Autorespond: \n", Kind.NORMAL),
        ("X-Auto-Response-Suppress: All\nSubject: Abwesend: Ihre Frage\n", Kind.AUTO_REPLY),
        ("X-Auto-Response-Suppress: All\n", Kind.NORMAL),
        ("X-Auto-Response-Suppress: OOF\nSubject: My application\n", Kind.NORMAL),
        ("List-Id: <a.b.example>\n", Kind.BULK),
        ("Subject: Automatic reply: Hello\n", Kind.AUTO_REPLY),
        ("Subject: Réponse automatique : Bonjour\n", Kind.AUTO_REPLY),
        ("Subject: Automatisch antwoord: Hallo\n", Kind.AUTO_REPLY),
        ("Subject: Frånvaro: semester\n", Kind.AUTO_REPLY),
        ("Subject: Respuesta automática: Hola\n", Kind.AUTO_REPLY),
        ("Subject: Re: Out of office next week?\n", Kind.NORMAL),
    ],
)
def test_programs_are_told_by_their_headers_and_by_the_subject_only_in_the_end(headers: str, kind: Kind) -> None:
    assert written("Words", headers=headers).kind == kind


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "invite-google",
            "Anna Lindqvist invites to “Coffee, then the tour”, Tuesday, 10 March 2026, 09:00–09:30 (UTC), "
            "at: Cafe Mollan, Lund.",
        ),
        (
            "invite-outlook-cancelled",
            "Thomas Weber cancels “Gespräch”, Tuesday, 31 March 2026, 14:00–15:00 (Europe/Berlin), at: Raum 4.",
        ),
        ("invite-accepted", "Elin Berg accepts “Site visit”, Friday, 20 March 2026 – Saturday, 21 March 2026."),
    ],
)
def test_a_calendar_mail_is_said_in_one_sentence(name: str, said: str) -> None:
    found = mail(name)
    assert found.kind == Kind.CALENDAR
    assert found.invitation is not None
    with translation.override("en"):
        assert sentence(found.invitation) == said


def entry(*lines: str) -> bytes:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]
    ).encode()


def test_times_keep_their_zone_and_an_unknown_zone_its_name() -> None:
    known = invitation_of(entry("DTSTART:20260310T090000Z"), "", set())
    assert known is not None
    assert known.starts == datetime(2026, 3, 10, 9, tzinfo=UTC)
    own = invitation_of(entry("DTSTART;TZID=Customized Time Zone:20260310T090000", "DURATION:PT1H"), "", set())
    assert own is not None
    assert (own.starts, own.zone) == (datetime(2026, 3, 10, 9), "Customized Time Zone")  # noqa: DTZ001
    assert own.ends == datetime(2026, 3, 10, 10)  # noqa: DTZ001
    day = invitation_of(
        entry("DTSTART;VALUE=DATE:20260310", "DTEND;VALUE=DATE:20260311", "RRULE:FREQ=WEEKLY"), "", set()
    )
    assert day is not None
    assert (day.starts, day.ends, day.repeats) == (date(2026, 3, 10), date(2026, 3, 10), True)


def test_no_entry_teaches_us_a_zone() -> None:
    # given an entry that brings a definition, and a second one that only names it
    zone = "BEGIN:VTIMEZONE\r\nTZID:Taught\r\nBEGIN:STANDARD\r\nDTSTART:20100101T000000\r\nTZOFFSETFROM:+0900\r\n"
    zone += "TZOFFSETTO:+0900\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    content = entry("DTSTART;TZID=Taught:20260310T090000")
    invitation_of(content.replace(b"BEGIN:VEVENT", zone.encode() + b"BEGIN:VEVENT"), "", set())
    # when, then
    later = invitation_of(content, "", set())
    assert later is not None
    assert later.starts == datetime(2026, 3, 10, 9)  # noqa: DTZ001


@pytest.mark.parametrize(
    "content", [b"no calendar", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:never\r\n", b"x" * 300_000]
)
def test_an_entry_that_cannot_be_read_is_a_file_with_a_note(content: bytes) -> None:
    found = delivered(b"Content-Type: text/calendar; method=REQUEST\n\n" + content)
    assert found.problems == (Problem.UNREADABLE_FILE,)
    assert found.kind == Kind.NORMAL
    assert found.attachments[0].name == "invite.ics"


def test_an_entry_sent_along_with_words_stays_a_mail() -> None:
    found = delivered(
        b"Content-Type: text/calendar\n\n" + entry("SUMMARY:Fair").replace(b"METHOD:REQUEST", b"METHOD:PUBLISH")
    )
    assert found.kind == Kind.NORMAL
    assert found.invitation is not None
