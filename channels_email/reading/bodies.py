"""Which parts of a mail are its words, and which are files."""

import html
from dataclasses import dataclass, field

from channels_email.reading.charsets import declared_in_html, decode
from channels_email.reading.files import attachment_of, is_winmail, unpacked
from channels_email.reading.mail import Attachment, Problem, Role
from channels_email.reading.markup import MOST_CHARACTERS as MOST_OF_HTML
from channels_email.reading.plain import MOST_CHARACTERS as MOST_OF_TEXT
from channels_email.reading.plain import unflowed
from channels_email.reading.structure import Part

MOST_BODIES = 50
ENCRYPTED = ("application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
PGP = "-----BEGIN PGP MESSAGE-----"


@dataclass
class Body:
    """Words in two tellings, of which either may be missing: pieces of plain text and of HTML, in order."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)


@dataclass
class Contents:
    """What a mail holds. `calendars`: the parts that are calendar entries, for the summary."""

    plain: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    calendars: list[Part] = field(default_factory=list)


def contents_of(whole: Part, problems: set[Problem]) -> Contents:
    reader = _Reader(problems)
    body = reader.read(whole)
    contents = reader.contents
    contents.plain = "\n\n".join(body.plain[:MOST_BODIES]).strip("\n") or contents.plain
    contents.html = "\n".join(body.html[:MOST_BODIES])
    if contents.plain.lstrip().startswith(PGP):
        problems.add(Problem.ENCRYPTED)
    return contents


class _Reader:
    def __init__(self, problems: set[Problem]) -> None:
        self.problems, self.contents = problems, Contents()

    def read(self, part: Part) -> Body:
        """The words of a part and all within; its files are gathered on the way."""
        if part.content_type == "multipart/alternative":
            return self._alternatives(part)
        if part.children:
            if part.content_type == "multipart/encrypted":
                self.problems.add(Problem.ENCRYPTED)
            return _joined([self.read(child) for child in part.children])
        if _is_words(part):
            return self._words(part)
        self._file(part)
        return Body()

    def _alternatives(self, part: Part) -> Body:
        """The same words told several times; the last telling is the best that the sender could (RFC 2046, 5.1.4)."""
        best = Body()
        for body in [self.read(child) for child in part.children]:
            best.plain = body.plain if any(text.strip() for text in body.plain) else best.plain
            best.html = body.html or best.html
        return best

    def _words(self, part: Part) -> Body:
        is_html = part.content_type == "text/html"
        charset = part.headers.parameter("content-type", "charset")
        if is_html and not charset:
            charset = declared_in_html(part.content)
        if part.is_damaged:
            self.problems.add(Problem.DAMAGED)
        most = MOST_OF_HTML if is_html else MOST_OF_TEXT
        text = decode(part.content[: 4 * most], charset, self.problems)
        if len(text) > most:
            self.problems.add(Problem.TEXT_CUT)
            self.contents.attachments.append(whole_text(part, self.problems))
        if is_html:
            return Body(html=[text[:most]])
        if part.headers.parameter("content-type", "format").lower() == "flowed":
            delsp = part.headers.parameter("content-type", "delsp").lower() == "yes"
            text = unflowed(text[:most], deletes_space=delsp)
        return Body(plain=[text[:most]])

    def _file(self, part: Part) -> None:
        if part.content_type in ENCRYPTED and part.headers.parameter("content-type", "smime-type") != "signed-data":
            self.problems.add(Problem.ENCRYPTED)
        if is_winmail(part):
            files, text = unpacked(part, self.problems)
            self.contents.attachments += files
            self.contents.plain = text
            return
        attachment = attachment_of(part, self.problems)
        if attachment.content or part.headers.file_name:
            self.contents.attachments.append(attachment)
        if attachment.role == Role.CALENDAR:
            self.contents.calendars.append(part)


def whole_text(part: Part, problems: set[Problem]) -> Attachment:
    """A body that is too long to show, as a file."""
    kept = attachment_of(part, problems)
    return Attachment(kept.name, kept.content_type, kept.content, role=Role.TEXT)


def _is_words(part: Part) -> bool:
    """Text is, unless it is given as a file. Some phones give the words a name and nothing else."""
    if part.content_type not in {"text/plain", "text/html"}:
        return False
    return not part.headers.disposition or (part.headers.disposition == "inline" and not part.headers.file_name)


def _joined(bodies: list[Body]) -> Body:
    """Words one after the other. Where one is HTML only the others must be, too, and the other way round not at all."""
    is_html = any(body.html for body in bodies)
    joined = Body()
    for body in bodies:
        joined.plain += body.plain
        joined.html += body.html or [as_html(text) for text in body.plain if is_html]
    return joined


def as_html(text: str) -> str:
    return f"<div>{html.escape(text, quote=False).replace(chr(10), '<br>')}</div>" if text.strip() else ""
