"""Letters in the thread: safe and pleasant, with their files for the team and for nobody else (A2, A4)."""

import base64
import re
import struct
import zlib

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from channels_email.models import MailFile
from inbox.models import Message
from tests.builders import Builders
from tests.channels_email import post, steps


def png() -> bytes:
    head, body = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0), zlib.compress(b"\0\0\0\0")
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def signed_in(user: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def with_file(a: Builders, name: str, content_type: str, content: bytes) -> tuple[User, MailFile]:
    maya = a.user()
    steps.answers(Client(), a.conversation(team=[maya]), files=[(name, content_type, content)])
    return maya, MailFile.objects.latest("pk")


def with_picture(a: Builders, picture: bytes) -> Message:
    """A mail whose page shows a picture that came with it."""
    head = (
        "From: anna@example.com\r\nMessage-ID: <a@x>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; boundary="b"\r\n\r\n'
        '--b\r\nContent-Type: text/html\r\n\r\n<p>See <img src="cid:pic" alt="my &gt; robot"></p>\r\n'
        "--b\r\nContent-Type: image/png\r\nContent-ID: <pic>\r\nContent-Disposition: inline; filename=robot.png\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    raw = head.encode() + base64.encodebytes(picture) + b"\r\n--b--\r\n"
    chat = a.conversation(team=[a.user()])
    assert post.deliver(Client(), raw, to=steps.address_of(chat)) == 200
    return chat.messages.get()


@pytest.mark.requirement("Q4")
def test_a_strangers_page_is_made_safe_and_loads_nothing_by_itself(a: Builders, client: Client) -> None:
    html = (
        '<p onclick="x()">Hello <b>Maya</b></p><script>alert(1)</script>'
        '<img src="https://spy.example/p.gif" width=1 height=1>'
        '<img src="https://cdn.example/big.png" alt="our office"><style>p{color:red}</style><form action="https://x"><input>'
        '<a href="javascript:alert(1)">a</a><a href="https://ok.example/">b</a><iframe src="https://x"></iframe>'
    )
    letter = steps.letter_of(steps.answers(client, a.conversation(team=[a.user()]), html=html))
    assert "<b>Maya</b>" in letter.html
    assert "https://ok.example/" in letter.html
    assert "our office" in letter.html
    for evil in ("script", "onclick", "javascript", "spy.example", "style", "<form", "<input", "iframe", " src="):
        assert evil not in letter.html


@pytest.mark.requirement("Q4")
def test_a_picture_that_came_with_it_is_shown_in_its_place(a: Builders) -> None:
    message = with_picture(a, png())
    file = MailFile.objects.get()
    letter = steps.letter_of(message)
    place = reverse("mail-file", args=[file.uuid])
    assert f'<img src="{place}" alt="my &gt; robot" loading="lazy">' in letter.html
    assert letter.files == ()


@pytest.mark.parametrize("content", [b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', b"RIFF....AVI ", b"x"])
def test_what_is_no_picture_is_a_file_in_the_list(a: Builders, content: bytes) -> None:
    letter = steps.letter_of(with_picture(a, content))
    assert "<img" not in letter.html
    assert [each.name for each in letter.files] == ["robot.png"]


@pytest.mark.requirement("A2")
def test_the_team_saves_a_file_and_no_browser_opens_it(a: Builders) -> None:
    # given
    maya, file = with_file(a, "CV – Anna.pdf", "application/pdf", b"%PDF-1.7 my life")
    (listed,) = steps.letter_of(file.letter.message).files
    assert (listed.name, listed.content_type, listed.size) == ("CV – Anna.pdf", "application/pdf", 16)
    # when
    answer = signed_in(maya).get(listed.url)
    # then
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 my life"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''CV%20%E2%80%93%20Anna.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"


COULD_RUN = ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/javascript"]


@pytest.mark.parametrize("content_type", COULD_RUN)
def test_what_could_run_is_told_to_be_bytes(a: Builders, content_type: str) -> None:
    maya, file = with_file(a, "page.html", content_type, b"<script>alert(1)</script>")
    answer = signed_in(maya).get(reverse("mail-file", args=[file.uuid]))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


NAMES = [
    "../../etc/passwd",
    "C:\\evil.exe",
    'a"; filename="b.html',
    "a Set-Cookie: x=1",
    "\u202efdp.exe",
    "." * 300,
    "",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_deceives_nobody(a: Builders, name: str) -> None:
    maya, file = with_file(a, name, "application/pdf", b"%PDF")
    answer = signed_in(maya).get(reverse("mail-file", args=[file.uuid]))
    assert answer.status_code == 200
    assert not re.search(r"[/\\\r\n\u202e]", file.name)
    assert file.file.name == f"mail/{file.uuid}"


@pytest.mark.requirement("A4", "A5")
def test_a_stranger_gets_the_answer_for_what_does_not_exist(a: Builders) -> None:
    # given
    maya, file = with_file(a, "cv.pdf", "application/pdf", b"%PDF")
    there, nowhere = (reverse("mail-file", args=[each]) for each in (file.uuid, "00000000-0000-0000-0000-000000000000"))
    jonas = a.user(company=maya.company, seat=False, name="Jonas Weber")
    file.letter.message.conversation.record.job.team.add(jonas)  # type: ignore[attr-defined]
    assert signed_in(jonas).get(there).status_code == 200, "a reader needs no seat (A2)"
    # then
    strangers = [a.user(), a.user(company=maya.company), a.user(company=maya.company, is_company_admin=True)]
    for stranger in strangers:
        answers = [signed_in(stranger).get(each) for each in (there, nowhere)]
        assert [each.status_code for each in answers] == [404, 404]
        assert "cv.pdf" not in answers[0].content.decode()
    assert Client().get(there).status_code == 302


def test_a_file_that_is_gone_is_not_there(a: Builders) -> None:
    maya, file = with_file(a, "cv.pdf", "application/pdf", b"%PDF")
    file.file.storage.delete(file.file.name or "")
    assert signed_in(maya).get(reverse("mail-file", args=[file.uuid])).status_code == 404


@pytest.mark.requirement("Q4")
def test_what_the_user_wrote_is_shown_as_the_person_reads_it(a: Builders) -> None:
    maya = a.user()
    message = steps.write(a.conversation(team=[maya]), maya, "See **you**", subject="Thursday")
    letter = steps.letter_of(message)
    assert (letter.subject, letter.html) == ("Thursday", '<p dir="auto">See <strong>you</strong></p>')
