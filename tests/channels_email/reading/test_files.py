"""Attachments: names that can't deceive, winmail.dat unpacked, a big file read without copies."""

import os
import struct
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_email.reading import Problem, tnef
from channels_email.reading.files import safe_name
from channels_email.reading.mail import Role
from tests.channels_email.reading.post import delivered, mail, with_file
from tests.channels_email.reading.soundness import FORBIDDEN_IN_NAMES

pytestmark = pytest.mark.requirement("Q4")
MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("CV.pdf", "CV.pdf"),
        ("Lebenslauf Änne Groß.pdf", "Lebenslauf Änne Groß.pdf"),
        ("履歴書.docx", "履歴書.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Anna\\cv.pdf", "cv.pdf"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("cv\u2066\u200b.pdf", "cv.pdf"),
        ("a\r\nb\x00c.txt", "a bc.txt"),
        ("  spaced   out .pdf ", "spaced out.pdf"),
        (".htaccess", "htaccess"),
        ("..", "attachment.pdf"),
        ("", "attachment.pdf"),
        ("\u202e", "attachment.pdf"),
        ("NUL", "_NUL"),
        ("com1.txt", "_com1.txt"),
        ('what?<is>"this"|*.pdf', "what__is__this___.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("x" * 300, "x" * 120),
    ],
)
def test_a_name_is_safe_to_show_and_to_save(name: str, safe: str) -> None:
    assert safe_name(name, "application/pdf") == safe


@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    safe = safe_name(name, "application/pdf")
    assert 0 < len(safe) <= 130
    assert not FORBIDDEN_IN_NAMES.search(safe)
    assert safe not in {".", ".."}
    assert safe_name(safe, "application/pdf") == safe


def test_winmail_gives_its_files_with_their_long_names() -> None:
    found = mail("winmail").attachments
    assert [(each.name, each.content_type) for each in found] == [
        ("Lebenslauf Karl.pdf", "application/pdf"),
        ("foto.png", "image/png"),
    ]
    assert found[0].content.startswith(b"%PDF-")
    assert found[1].content_id == "foto@karl"


def test_winmail_alone_gives_its_text_too() -> None:
    whole = delivered(b"Content-Type: application/ms-tnef\n\n" + of(attribute(0x800C, b"Guten Tag\x00")))
    assert whole.text == "Guten Tag"
    assert whole.attachments == ()


def test_a_file_that_claims_to_be_winmail_is_kept_as_it_is() -> None:
    found = delivered(
        with_file(
            b"no such thing", disposition='attachment; filename="winmail.dat"', content_type="application/ms-tnef"
        )
    )
    assert [(each.name, each.content) for each in found.attachments] == [("winmail.dat", b"no such thing")]
    assert found.problems == (Problem.UNREADABLE_FILE,)


def attribute(name: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", 1, name, 6, len(value)) + value + b"\x00\x00"


def of(*attributes: bytes) -> bytes:
    return struct.pack("<IH", tnef.SIGNATURE, 1) + b"".join(attributes)


@pytest.mark.parametrize("missing", [1, 3, 10])
def test_a_winmail_that_ends_too_soon_is_refused_and_not_cut(missing: int) -> None:
    with pytest.raises(tnef.NotTnef):
        tnef.unpack(of(attribute(0x9002, bytes(14)), attribute(0x800F, b"a file of some length"))[: -2 - missing])


@given(st.lists(st.tuples(st.sampled_from([0x800C, 0x9002, 0x8010, 0x800F, 0x9005, 0x9007]), st.binary(max_size=60))))
def test_any_attributes_are_read_or_refused(attributes: list[tuple[int, bytes]]) -> None:
    try:
        tnef.unpack(of(*(attribute(name, value) for name, value in attributes)))
    except tnef.NotTnef:
        assert any(name in {0x9005, 0x9007} for name, _ in attributes)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_as_tnef_or_refused(content: bytes) -> None:
    for start in (b"", of()):
        try:
            tnef.unpack(start + content)
        except tnef.NotTnef:
            continue


@given(st.data())
def test_a_damaged_winmail_is_read_or_refused(data: st.DataObject) -> None:
    content = of(attribute(0x9002, bytes(14)), attribute(0x800F, b"file"), attribute(0x9005, PROPERTIES))
    place, put = data.draw(st.integers(0, len(content))), data.draw(st.binary(max_size=6))
    try:
        tnef.unpack(content[:place] + put + content[place + len(put) :])
    except tnef.NotTnef:
        return


NAME = "Foto.png\x00".encode("utf-16-le") + b"\x00\x00"
PROPERTIES = struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, 18) + NAME


def test_a_big_file_is_read_without_a_second_copy() -> None:
    # given a mail with 25 MB of a file, as it comes 34 MB long
    content = os.urandom(25 * MEGABYTE)
    big = with_file(content, disposition='attachment; filename="film.mp4"', content_type="video/mp4")
    # when
    tracemalloc.start()
    found = delivered(big)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # then
    assert found.attachments[0].content == content
    assert found.text == "Here it is."
    assert peak < 27 * MEGABYTE, "beside the mail as it came, the file itself and next to nothing"


def test_a_damaged_file_is_kept_as_far_as_it_can_be_read() -> None:
    found = mail("broken-base64")
    assert found.attachments[0].content.startswith(b"\x89PNG")
    assert Problem.DAMAGED in found.problems


def test_the_same_calendar_entry_is_not_shown_twice() -> None:
    assert [each.role for each in mail("invite-google").attachments] == [Role.CALENDAR]
