"""Attachments: what a part is, what it may be called, what winmail.dat holds."""

import re
import unicodedata
from hashlib import sha256

from channels_email.reading import tnef
from channels_email.reading.charsets import clean
from channels_email.reading.headers import TYPE, words
from channels_email.reading.mail import Attachment, Problem, Role
from channels_email.reading.structure import Part

MOST_OF_NAME = 120
MOST_OF_ENDING = 12
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "message/rfc822": "eml",
    "text/calendar": "ics",
    "text/html": "html",
    "text/plain": "txt",
    "text/rfc822-headers": "txt",
    "message/delivery-status": "txt",
    "message/disposition-notification": "txt",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s",
    "application/pgp-signature": "asc",
}
TYPES = {ending: content_type for content_type, ending in ENDINGS.items()}
ROLES = {
    "application/pkcs7-signature": Role.SMIME_SIGNATURE,
    "application/x-pkcs7-signature": Role.SMIME_SIGNATURE,
    "application/pgp-signature": Role.PGP_SIGNATURE,
    "application/pgp-encrypted": Role.ENCRYPTED,
    "application/pkcs7-mime": Role.ENCRYPTED,
    "application/x-pkcs7-mime": Role.ENCRYPTED,
    "text/calendar": Role.CALENDAR,
    "application/ics": Role.CALENDAR,
    "message/rfc822": Role.MESSAGE,
    "message/delivery-status": Role.REPORT,
    "message/disposition-notification": Role.REPORT,
    "text/rfc822-headers": Role.REPORT,
}
NAMES = {
    Role.CALENDAR: "invite",
    Role.MESSAGE: "message",
    Role.REPORT: "report",
    Role.SMIME_SIGNATURE: "smime",
    Role.PGP_SIGNATURE: "signature",
    Role.ENCRYPTED: "encrypted",
}
# Names that Windows takes for devices, whatever their ending.
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
CONTENT_ID = re.compile(r"[^\s\"'<>]{1,250}")
UNSAFE = str.maketrans(dict.fromkeys(':*?"<>|', "_"))


def attachment_of(part: Part, problems: set[Problem]) -> Attachment:
    """The file that a part is."""
    if part.is_damaged:
        problems.add(Problem.DAMAGED)
    role = ROLES.get(part.content_type, Role.FILE)
    name = part.headers.file_name or _title_of(part, role)
    return Attachment(
        name=safe_name(name, part.content_type, NAMES.get(role, "attachment")),
        content_type=part.content_type,
        content=part.content,
        content_id=content_id(part.headers.get("content-id")),
        role=role,
    )


def unpacked(part: Part, problems: set[Problem]) -> tuple[list[Attachment], str]:
    """The files within winmail.dat, and the text it may hold; the file itself where it can't be read."""
    whole = attachment_of(part, problems)
    try:
        files, text = tnef.unpack(whole.content)
    except tnef.NotTnef:
        problems.add(Problem.UNREADABLE_FILE)
        return [whole], ""
    found = []
    for file in files:
        content_type = file.content_type.lower()
        name = safe_name(file.name, content_type)
        if not TYPE.fullmatch(content_type):
            content_type = TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
        found.append(Attachment(name, content_type, file.content, content_id=content_id(file.content_id)))
    return found, clean(text)


def is_winmail(part: Part) -> bool:
    return part.content_type in {"application/ms-tnef", "application/vnd.ms-tnef"} or (
        part.content_type == "application/octet-stream" and part.headers.file_name.lower() == "winmail.dat"
    )


def each_once(attachments: list[Attachment]) -> list[Attachment]:
    """Without repeated calendar entries: Google sends each invitation in the text and as a file as well."""
    seen: set[bytes] = set()
    kept = []
    for each in attachments:
        if each.role == Role.CALENDAR:
            digest = sha256(b"".join(each.content.split())).digest()
            if digest in seen:
                continue
            seen.add(digest)
        kept.append(each)
    return kept


def content_id(value: str) -> str:
    """A Content-ID without its brackets; empty for what no page could name."""
    name = value.strip().removeprefix("<").removesuffix(">")
    return name if CONTENT_ID.fullmatch(name) else ""


def safe_name(name: str, content_type: str, otherwise: str = "attachment") -> str:
    """A name without folders, controls, signs that turn the text around ("cv\\u202efdp.exe" shows as "cvexe.pdf"), or
    what Windows forbids; never empty, its ending kept when it is cut. Letters of all scripts stay."""
    line = " ".join(clean(name[:2000]).split())
    last = line.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    seen = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in {"Cf", "Cc", "Cs"})
    tidy = " ".join(seen.translate(UNSAFE).split()).strip(" .")
    if DEVICES.fullmatch(tidy):
        tidy = f"_{tidy}"
    if not tidy:
        ending = ENDINGS.get(content_type, "")
        return f"{otherwise}.{ending}" if ending else otherwise
    stem, dot, ending = tidy.rpartition(".")
    if not dot or len(ending) > MOST_OF_ENDING:
        return tidy[:MOST_OF_NAME].rstrip(" .")
    return f"{stem[: MOST_OF_NAME - len(ending) - 1].rstrip(' .') or otherwise}.{ending}"


def _title_of(part: Part, role: Role) -> str:
    """An attached mail is called by its subject, as mail programs do."""
    if role != Role.MESSAGE:
        return ""
    subject = re.search(rb"^subject:[ \t]*([^\r\n]{1,300})", part.content[:65536], re.IGNORECASE | re.MULTILINE)
    if not subject:
        return ""
    title = words(subject[1].decode("utf-8", "replace"), set()).replace("/", "-").replace("\\", "-")
    return f"{title}.eml" if title.strip() else ""
