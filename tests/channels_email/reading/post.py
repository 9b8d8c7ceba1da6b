"""Mails as tests need them: those in `mails/`, and small ones written on the spot."""

import base64
from pathlib import Path

from channels_email.reading import Mail, Problem, read

MAILS = Path(__file__).parent / "mails"
NAMES = sorted(path.stem for path in MAILS.glob("*.eml"))
OURS = "mx.northwind.example"


def raw(name: str) -> bytes:
    """As it would come over the wire: with the line ends of RFC 5322."""
    return (MAILS / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")


def mail(name: str) -> Mail:
    return delivered(raw(name))


def delivered(content: bytes) -> Mail:
    """Read, and really read: the last resort for what nothing can be made of was not needed."""
    read_mail = read(content, trusted=[OURS])
    assert Problem.UNREADABLE not in read_mail.problems
    return read_mail


def written(body: str, *, content_type: str = "text/plain", headers: str = "") -> Mail:
    """A mail with this body. `headers`: more of them, each with its line end."""
    content = (
        "From: Anna Lindqvist <anna@lindqvist.example>\nTo: reply+7f3a@mail.northwind.example\n"
        f"Message-ID: <written@lindqvist.example>\n{headers}Content-Type: {content_type}; charset=utf-8\n\n{body}"
    )
    return delivered(content.encode())


def page(html: str, *, headers: str = "") -> Mail:
    return written(html, content_type="text/html", headers=headers)


def with_file(content: bytes, *, disposition: str, content_type: str = "application/pdf") -> bytes:
    """A mail with a few words and a file."""
    return (
        b"From: anna@lindqvist.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n--b\r\n"
        + f"Content-Type: {content_type}\r\nContent-Disposition: {disposition}\r\n".encode()
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content).replace(b"\n", b"\r\n")
        + b"--b--\r\n"
    )
