"""Files that came by mail: kept under a name of ours, shown to the record's team only, never run by a browser.

The file comes before its row, under a name that follows from the mail: whatever is killed in between, the next try
finds the same place.
"""

from collections.abc import Iterable
from io import BytesIO
from uuid import UUID, uuid5

from accounts.models import User
from channels_email.models import MailFile, StoredLetter, place_of_file
from channels_email.reading import Attachment
from inbox.models import Conversation

NAMES = UUID("6d61696c-2066-496c-9573-206f66206f75")  # the name space of our files' names
LARGEST_SHOWN = 5 * 1024 * 1024  # bytes of a picture within a text
PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
# What a browser may be told about a file that it saves; everything else is only bytes.
HARMLESS = {
    *PICTURES,
    "application/pdf",
    "application/zip",
    "application/rtf",
    "application/msword",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "text/plain",
    "text/csv",
    "text/calendar",
}


def keep(letter: StoredLetter, attachments: Iterable[Attachment], *, origin: str) -> list[MailFile]:
    """Write the files of a mail, and make their rows. `origin` tells apart what is stored of it in different places."""
    kept = []
    for index, each in enumerate(attachments):
        file = MailFile(
            uuid=uuid5(NAMES, f"{origin} {index}"),
            letter=letter,
            name=each.name,
            content_type=each.content_type[:255],
            size=each.size,
            role=each.role,
            is_shown=each.is_inline and is_picture(each.content) and each.size <= LARGEST_SHOWN,
        )
        file.file.name = place_of_file(file, file.name)
        _write(file, each.content)
        kept.append(file)
    return kept


def is_picture(content: bytes) -> bool:
    """By its content, for a name proves nothing; no SVG, which may hold scripts."""
    is_one = any(content.startswith(mark) for mark in PICTURES.values())
    return is_one and (not content.startswith(b"RIFF") or content[8:12] == b"WEBP")


def visible_to(user: User, uuid: UUID) -> MailFile | None:
    """The file, for members of the record's team (A2, A4)."""
    seen = Conversation.objects.visible_to(user).values("pk")
    return MailFile.objects.filter(uuid=uuid, letter__message__conversation__in=seen).first()


def content_type(file: MailFile) -> str:
    """What its answer says that it is: no page, no script, no drawing that may hold one."""
    return file.content_type if file.content_type in HARMLESS else "application/octet-stream"


def _write(file: MailFile, content: bytes) -> None:
    """Once: what an earlier try wrote whole stays, what it left half written goes."""
    storage, name = file.file.storage, file.file.name
    assert name is not None
    if storage.exists(name):
        if storage.size(name) == len(content):
            return
        storage.delete(name)
    storage.save(name, BytesIO(content))
