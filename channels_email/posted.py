"""What a mail provider posted, read to its end: a mail is larger than any form of ours, and every byte of it counts."""

from collections.abc import Iterator
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict

MOST_BYTES = 60_000_000  # 25 MB of files are 34 MB in a mail, and a form may write them longer still
MOST_FIELDS = 2_000
CHUNK = 1 << 20
WHOLE_MAILS = {"body-mime", "email"}  # fields of Mailgun's and SendGrid's with a mail to the byte: no text to decode


class TooLarge(Exception):
    """Nobody sends us that much."""


class Posted(HttpRequest):
    """A request as anymail's views read it. `fields` holds the form's last value of each name, to the byte."""

    def __init__(self, *, meta: dict[str, Any], content_type: str, body: bytes) -> None:
        """`content_type`: the header, with its parameters. Raises ValueError for a form that can't be read."""
        super().__init__()
        self.method, self.META, self.whole = "POST", meta, body
        header = Message()
        header["content-type"] = content_type
        self.content_type = header.get_content_type()
        self.fields: dict[str, bytes] = {}
        form = QueryDict(mutable=True)
        for name, value in self._values(header):
            self.fields[name] = value
            if name not in WHOLE_MAILS:
                form.appendlist(name, value.decode("utf-8", "replace"))
        self.POST = form  # type: ignore[assignment] # a form that is read is immutable to nobody but the stubs

    @property
    def body(self) -> bytes:
        return self.whole

    def _values(self, header: Message) -> Iterator[tuple[str, bytes]]:
        if self.content_type == "multipart/form-data":
            yield from self._parts(str(header.get_param("boundary", "")).encode())
        elif self.content_type == "application/x-www-form-urlencoded":
            text = self.whole.decode("ascii", "replace")
            for name, value in parse_qsl(text, True, encoding="latin-1", max_num_fields=MOST_FIELDS):
                yield name, value.encode("latin-1")

    def _parts(self, boundary: bytes) -> Iterator[tuple[str, bytes]]:
        """A form in parts (RFC 7578); those with a file's name are files."""
        parts = (b"\r\n" + self.whole).split(b"\r\n--" + boundary)
        if not boundary or not 2 <= len(parts) <= MOST_FIELDS or not parts[-1].startswith(b"--"):
            raise ValueError("no form in parts")
        for part in parts[1:-1]:
            head, _blank, content = part.partition(b"\r\n\r\n")
            about = _headers(head)
            name = str(about.get_param("name", "", "content-disposition"))
            if about.get_param("filename", None, "content-disposition") is None:
                yield name, content
            else:
                file = SimpleUploadedFile(about.get_filename("file"), content, about.get_content_type())
                self.FILES.appendlist(name, file)


def read(request: HttpRequest) -> Posted:
    """Raises TooLarge, and ValueError for a form that can't be read. A server gives no more than the length that the
    request has."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not str(length).isdigit() or int(length) > MOST_BYTES:
        raise TooLarge
    body = b"".join(iter(lambda: request.read(CHUNK), b""))
    return Posted(meta=request.META, content_type=request.META.get("CONTENT_TYPE", ""), body=body)


def _headers(block: bytes) -> Message:
    found = Message()
    for line in block.decode("utf-8", "replace").splitlines():
        name, _colon, value = line.partition(":")
        if name.strip() and len(found) < 20:
            found[name.strip()] = value.strip()
    return found
