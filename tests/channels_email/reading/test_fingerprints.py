"""The same mail is stored once, however it came; two mails are two, whatever they are called."""

import base64
import re

import pytest

from channels_email.reading import read
from tests.channels_email.reading.post import mail, raw

pytestmark = pytest.mark.requirement("Q4", "I3")


def test_a_mail_that_comes_by_another_way_is_the_same() -> None:
    content = raw("gmail-web-reply")
    other = b"Delivered-To: maya@northwind.example\r\nReceived: by elsewhere.example\r\nX-Spam-Score: 0\r\n" + content
    assert read(other).fingerprint == read(content).fingerprint


def test_a_mail_that_a_server_wrapped_anew_is_the_same() -> None:
    # given the same parts with another boundary, and the text in another encoding
    content = raw("outlook-desktop")
    other = content.replace(b"_004_AM0PR01MB12345678AM0PR01MB1234eurp_", b"another-boundary")
    assert other != content
    assert read(other).fingerprint == read(content).fingerprint
    plain = b"From: a@b.example\nMessage-ID: <1@b.example>\n%s\n"
    text = "Grüße aus Köln\n".encode()
    eight = plain % b"Content-Transfer-Encoding: 8bit\n" + text
    encoded = plain % b"Content-Transfer-Encoding: base64\n" + base64.encodebytes(text.replace(b"\n", b"\r\n"))
    assert read(eight).fingerprint == read(encoded).fingerprint


def test_two_mails_with_one_message_id_are_two() -> None:
    first, second = mail("same-message-id-first"), mail("same-message-id-second")
    assert first.message_id == second.message_id
    assert first.fingerprint != second.fingerprint


def test_without_a_message_id_the_same_words_later_are_another_mail() -> None:
    content = raw("without-message-id")
    later = content.replace(b"id 77; Tue, 3 Mar 2026 10:00:00", b"id 78; Tue, 3 Mar 2026 10:05:00")
    assert read(content).fingerprint == read(b"Received: by us\r\n" + content).fingerprint
    assert read(later).fingerprint != read(content).fingerprint


def test_a_changed_file_is_another_mail() -> None:
    content = raw("only-an-attachment")
    changed = re.sub(rb"\r\n\r\n(.)", rb"\r\n\r\nK", content, count=1)
    assert read(changed).fingerprint != read(content).fingerprint


def test_a_fingerprint_fits_its_column() -> None:
    assert len(mail("yahoo").fingerprint) <= 66
    assert len(read(b"").fingerprint) <= 66
