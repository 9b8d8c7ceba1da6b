"""CVs: judged by what is in them, kept under a name of ours, shown to the record's team only.

The row comes before the file, and the file before the application: whatever is killed in between leaves a row
without an application, which the sweep takes away a day later together with its file.
"""

import re
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import transaction
from django.http import HttpRequest

from accounts.models import Company, User
from candidates.models import Application, Cv, place_of_cv

MOST_BYTES = 5 * 1024 * 1024
KEPT_FOR = timedelta(days=1)  # a file whose form was never sent
REFERENCE_LASTS = KEPT_FOR - timedelta(hours=1)  # so that no sweep takes a file while its form is being sent
BATCH = 200

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "txt": "text/plain; charset=utf-8",
}
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # the container of Word before 2007, and of Excel's and PowerPoint's files
TEXT_CONTROLS = "\t\n\r\f"


class NotACv(ValueError):
    """A file that we don't take."""


class OneSmallFile(FileUploadHandler):
    """Reads past what is too big, and past a second file, without keeping it; the rest of the form counts."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.files, self.was_too_big = 0, False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        if self.files > 1:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > MOST_BYTES:
            self.was_too_big = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def kind_of(content: bytes) -> str:
    """What a file is by its content, as its usual extension. Raises NotACv; a name proves nothing."""
    tests: dict[str, Callable[[bytes], bool]] = {
        "pdf": lambda start: b"%PDF-" in start[:1024],
        "rtf": lambda start: start.startswith(b"{\\rtf"),
        "doc": lambda start: start.startswith(OLE) and "WordDocument".encode("utf-16-le") in start,
        "docx": _is_docx,
        "odt": _is_odt,
        "txt": _is_text,
    }
    for kind, is_it in tests.items():
        if is_it(content):
            return kind
    raise NotACv


def keep(company: Company, upload: "UploadedFile[bytes]") -> Cv:
    """Store a file that isn't any application's yet. Raises NotACv."""
    content = upload.read()
    if not content or len(content) > MOST_BYTES:
        raise NotACv
    kind = kind_of(content)
    cv = Cv(company=company, name=shown_name(upload.name or "", kind), size=len(content))
    cv.file.name = place_of_cv(cv, cv.name)
    cv.save()
    cv.file.storage.save(place_of_cv(cv, cv.name), BytesIO(content))
    return cv


def shown_name(name: str, kind: str) -> str:
    """The name that the person gave the file, without what could deceive; its ending is that of its content."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(c for c in last if c.isprintable() and unicodedata.category(c) != "Cf")
    stem = re.sub(r"\s+", " ", PurePosixPath(seen).stem).strip(" .") if seen else ""
    return f"{stem[:100] or 'cv'}.{kind}"


def reference(cv: Cv) -> str:
    """For a hidden field, so that a form that was refused needn't be given the file again."""
    return signing.dumps([cv.company_id, str(cv.uuid)], salt="kept cv")


def kept(company: Company, text: str) -> Cv | None:
    """The file that a form refers to, if it is waiting at this company."""
    try:
        company_id, uuid = signing.loads(text, salt="kept cv", max_age=REFERENCE_LASTS)
    except signing.BadSignature:
        return None
    if company_id != company.pk:
        return None
    return Cv.objects.filter(company=company, uuid=UUID(uuid), application=None).first()


def attach(cv: Cv, application: Application) -> None:
    """Part of the form's own transaction. A file that another form took meanwhile stays where it is."""
    Cv.objects.filter(pk=cv.pk, application=None).update(application=application)


def visible_to(user: User, uuid: UUID) -> Cv | None:
    """The file, for members of the application's team (A4)."""
    applications = Application.objects.visible_to(user).values("pk")
    return Cv.objects.filter(uuid=uuid, company=user.company, application__in=applications).first()


def content_type(cv: Cv) -> str:
    return CONTENT_TYPES.get(PurePosixPath(cv.name).suffix.removeprefix("."), "application/octet-stream")


def sweep(now: datetime) -> int:
    """Take away files that no application took within a day. Returns how many."""
    left = Cv.objects.filter(application=None, uploaded_at__lte=now - KEPT_FOR).order_by("pk")
    with transaction.atomic():
        found = list(left.select_for_update(skip_locked=True, of=("self",))[:BATCH])
        for cv in found:
            cv.file.storage.delete(place_of_cv(cv, cv.name))  # the row stays until it is gone
            cv.delete()
    return len(found)


def _zip_names(content: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return set()


def _is_docx(content: bytes) -> bool:
    """A Word document without macros."""
    names = _zip_names(content) if content.startswith(b"PK") else set()
    return {"[Content_Types].xml", "word/document.xml"} <= names and "word/vbaProject.bin" not in names


def _is_odt(content: bytes) -> bool:
    """The type is the archive's first entry, not compressed, so it stands readable at its beginning."""
    is_named = b"mimetypeapplication/vnd.oasis.opendocument.text" in content[:128]
    return content.startswith(b"PK") and is_named and "content.xml" in _zip_names(content)


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(c) == "Cc" and c not in TEXT_CONTROLS for c in text)
    return False
