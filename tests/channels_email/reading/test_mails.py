"""Mails in the shapes that people's programs really write, and what each must become."""

from dataclasses import dataclass

import pytest

from channels_email.reading import Kind, Problem, read
from channels_email.reading.mail import Role
from tests.channels_email.reading.post import NAMES, OURS, delivered, mail, raw

pytestmark = pytest.mark.requirement("Q4")


@dataclass(frozen=True)
class Becomes:
    """`words` is the new text, whole. `history`: what its beginning and end are; empty for none."""

    words: str
    history: tuple[str, str] = ("", "")
    kind: Kind = Kind.NORMAL
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_html: bool = False


FORWARDED = "---------- Forwarded message ---------"
TABLE: dict[str, Becomes] = {
    "gmail-web-reply": Becomes(
        "Hi Maya,\n\nTuesday at ten works – I'll bring my certificates.\n\nBest,\nAnna\n\n"
        "--\nAnna Lindqvist\n+46 70 123 45 67",
        ("On Tue, Mar 3, 2026 at 10:02 AM Northwind Recruiting", "> Maya"),
        is_html=True,
    ),
    "gmail-mobile-german": Becomes(
        "Ja, ich möchte weitermachen. Grüße aus Köln",
        ("Northwind Recruiting <reply+88@mail.northwind.example> schrieb am Di.", "> Möchten Sie weitermachen?"),
        is_html=True,
    ),
    "outlook-desktop": Becomes(
        "Dear Ms Chen,\n\nI would like to take the job. My salary is 50 000 €.\n·    start: 1 April\n\n"
        "Kind regards\nThomas Weber\nContoso",
        ("From: Northwind Recruiting", "Dear Mr Weber, here is our offer."),
        files=("image001.png",),
        is_html=True,
    ),
    "outlook-365": Becomes(
        "I am still interested.\n\nGet Outlook for iOS",
        ("From: Northwind Recruiting", "Are you still interested?"),
        is_html=True,
    ),
    "outlook-2003-spanish": Becomes(
        "Acepto la oferta.\n\nLucía", ("-----Mensaje original-----\nDe: Northwind", "¿Acepta usted?")
    ),
    "apple-iphone": Becomes(
        "Nights are fine 👍\nSent from my iPhone", ("> On Mar 3, 2026", "> Could you work nights?"), is_html=True
    ),
    "apple-mac-picture-between": Becomes(
        "Hej,\n\nhär är bilden:\n\nHälsningar\nElin",
        ("> 3 mars 2026 kl. 16:20 skrev", "> Har du bilder?"),
        files=("Arbetsplats på bild.png",),
        is_html=True,
    ),
    "thunderbird-plain-interleaved": Becomes(
        "Op 3-3-2026 om 13:20 schreef Northwind Recruiting:\n> Wanneer kunt u beginnen?\n\n"
        "Op 1 april. Ik heb nog een maand opzegtermijn, dus eerder gaat het helaas niet.\n\n"
        "> Heeft u een rijbewijs?\n\nJa, B.\n\n--\nSanne"
    ),
    "thunderbird-html": Becomes(
        "Oui, vendredi me convient. Voici mon CV.\n\nCordialement,\nHélène",
        ("Le 04/03/2026 à 17:12, Northwind Recruiting a écrit :", "> Pouvez-vous venir vendredi ?"),
        is_html=True,
    ),
    "yahoo": Becomes("Yes please.", ("On Tuesday, March 3, 2026", "Shall we send you the details?"), is_html=True),
    "gmx-web": Becomes("Gerne morgen um 9.", ("Gesendet: Montag", "Wann passt es Ihnen?"), is_html=True),
    "out-of-office-exchange": Becomes("I am out of the office until 9 March.", kind=Kind.AUTO_REPLY, is_html=True),
    "out-of-office-gmail": Becomes("Back on Monday!", kind=Kind.AUTO_REPLY, is_html=True),
    "out-of-office-by-subject": Becomes("Ich bin bis zum 9. März nicht im Büro.", kind=Kind.AUTO_REPLY),
    "forward-gmail": Becomes(
        f"My old boss says:\n\n{FORWARDED}\nFrom: Bo Ek <bo@ek.example>\nDate: Thu, Mar 5, 2026 at 6:00 PM\n"
        "Subject: Reference for Anna\nTo: Anna Lindqvist <anna@lindqvist.example>\n\n"
        "She is the best technician I had.\n\n"
        "On Wed, Mar 4, 2026 at 5:00 PM Anna Lindqvist <anna@lindqvist.example> wrote:\n\n"
        "> Could you write me a reference?",
        is_html=True,
    ),
    "forward-apple": Becomes(
        "As promised.\n\nSent from my iPhone\n\nBegin forwarded message:\n\n"
        "> From: Welding School <office@school.example>\n> Date: March 1, 2026 at 9:00:00 AM PST\n"
        "> To: Marcus Hill\n> Subject: Certificate\n>\n> You passed with distinction.",
        is_html=True,
    ),
    "forward-outlook-german": Becomes(
        "Anbei mein Zeugnis.\n\nVon: Karl Alt <karl@altbau.example>\nGesendet: Montag, 2. März 2026 16:31\n"
        "An: Weber, Thomas <thomas.weber@contoso.example>\nBetreff: Zeugnis\n\nHerr Weber hat hervorragend gearbeitet."
    ),
    "attached-mail": Becomes("The mail is attached.", files=("Betyg för Anna.eml",)),
    "latin1-quoted-printable": Becomes(
        "Jeg søger stillingen som elektriker. Jeg kan starte når som helst, og det er ikke et problem."
    ),
    "windows-1252-unnamed": Becomes("Ich hätte „gerne“ 3 000 € – geht das?", problems=(Problem.CHARSET,)),
    "shift-jis": Becomes("よろしくお願いします。①"),
    "iso-2022-jp": Becomes("応募します。", ("2026年3月3日(火) 17:00 Northwind Recruiting", "> ご興味はありますか。")),
    "encoded-words-folded": Becomes("Dzień dobry, ile wynosi pensja?"),
    "newsletter": Becomes(
        "Welding Weekly\n\nThree torches tested\n\nRead the test.\n\nTorch\tPrice\nA\t100\nB",
        kind=Kind.BULK,
        is_html=True,
    ),
    "mailing-list": Becomes(
        f"I am one.\n\n\n{'_' * 47}\nJobs mailing list -- jobs@lists.example.org\n"
        "To unsubscribe send an email to jobs-leave@lists.example.org",
        ("On 3/2/26 9:00 PM, Maya Chen wrote:", "> Is anyone an electrician?"),
        kind=Kind.BULK,
    ),
    "without-message-id": Becomes("Yes"),
    "same-message-id-first": Becomes("The first mail."),
    "same-message-id-second": Becomes("The second mail, another one."),
    "forged-dmarc-fail": Becomes("My bank account has changed."),
    "forged-results-of-another": Becomes("My bank account has changed."),
    "name-shows-another-address": Becomes("Buy vouchers."),
    "several-senders": Becomes("From us both."),
    "smime-signed": Becomes("I sign what I write – always.", files=("smime.p7s",)),
    "pgp-signed": Becomes("Signed by me.", files=("OpenPGP_signature.asc",)),
    "pgp-encrypted": Becomes("", files=("encrypted", "encrypted.asc"), problems=(Problem.ENCRYPTED,)),
    "empty-text-part": Becomes("Only the HTML says something.", is_html=True),
    "only-an-attachment": Becomes("", files=("CV Anna.pdf",)),
    "long-references": Becomes("Still here."),
    "winmail": Becomes("Anbei mein Lebenslauf. Grüße, Karl", files=("Lebenslauf Karl.pdf", "foto.png")),
    "truncated": Becomes("Here are my papers.", files=("papers.pdf",), problems=(Problem.TRUNCATED,)),
    "broken-base64": Becomes("Grüße, das Foto!", files=("photo.png",), problems=(Problem.DAMAGED,)),
    "tricky-file-names": Becomes(
        "See the files.",
        files=(*("CVfdp.exe", "evil.dll", "Lebenslauf Änne.pdf", "Zeugnis Übersicht.png", "etc", "_con.txt", "pdf"),),
    ),
}
TOLD_ELSEWHERE = {
    "html-dangers",
    *(name for name in NAMES if name.startswith(("bounce-", "delayed-", "invite-", "read-"))),
}


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_mail_becomes_what_its_author_meant(name: str) -> None:
    becomes, found = TABLE[name], mail(name)
    assert found.text == becomes.words
    beginning, end = becomes.history
    assert found.quoted.startswith(beginning)
    assert found.quoted.endswith(end)
    assert bool(found.quoted) == bool(beginning)
    assert bool(found.html) == becomes.is_html
    assert bool(found.quoted_html) == (becomes.is_html and bool(beginning))
    assert found.kind == becomes.kind
    assert tuple(each.name for each in found.attachments) == becomes.files
    assert found.problems == becomes.problems


def test_no_mail_is_without_its_story() -> None:
    assert set(NAMES) == TABLE.keys() | TOLD_ELSEWHERE


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_make_no_difference(name: str) -> None:
    content = raw(name)
    assert read(content.replace(b"\r\n", b"\n"), trusted=[OURS]).text == mail(name).text
    assert read(content.replace(b"\r\n", b"\r"), trusted=[OURS]).text == mail(name).text
    assert read(content.replace(b"\r\n", b"\n"), trusted=[OURS]).fingerprint == mail(name).fingerprint


def test_headers_become_addresses_and_times() -> None:
    found = mail("gmail-web-reply")
    assert (found.from_name, found.from_address) == ("Anna Lindqvist", "anna@lindqvist.example")
    assert found.to == ("reply+7f3a@mail.northwind.example", "maya@northwind.example")
    assert found.message_id == "<CAKx9aB=1z_Qm@mail.gmail.com>"
    assert found.in_reply_to == "<msg-42@northwind.example>"
    assert found.references == ("<thread-41@northwind.example>", "<msg-42@northwind.example>")
    assert found.sent_at is not None
    assert found.sent_at.isoformat() == "2026-03-03T11:15:32+01:00"


def test_encoded_words_are_joined_before_they_are_read() -> None:
    found = mail("encoded-words-folded")
    assert found.subject == "Odpowiedź na ogłoszenie – pytanie o wynagrodzeń i termin"
    assert found.from_name == "Łukasz Kowalczyk"
    assert found.to[1:] == ("maya@northwind.example", "a@team.example", "b@team.example")
    assert mail("shift-jis").subject == "面接の件①"
    assert mail("iso-2022-jp").from_name == "佐藤 花子"


def test_an_empty_telling_does_not_replace_the_words() -> None:
    parts = b"--a\n\nWords\n--a\nContent-Type: text/plain\n\n \n--a--\n"
    assert delivered(b"Content-Type: multipart/alternative; boundary=a\n\n" + parts).text == "Words"


def test_a_name_that_lacks_its_quotes_stays_one_name() -> None:
    assert mail("out-of-office-exchange").from_name == "Weber, Thomas"


def test_of_long_references_the_beginning_and_the_newest_stay() -> None:
    references = mail("long-references").references
    assert len(references) == 100
    assert (references[0], references[-1]) == ("<thread-0@northwind.example>", "<thread-249@northwind.example>")


def test_signatures_are_shown_as_what_they_are() -> None:
    assert mail("smime-signed").attachments[0].role == Role.SMIME_SIGNATURE
    assert mail("pgp-signed").attachments[0].role == Role.PGP_SIGNATURE
    assert mail("attached-mail").attachments[0].role == Role.MESSAGE
