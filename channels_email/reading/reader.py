"""A mail, from its bytes."""

import binascii
import logging
from collections.abc import Collection
from dataclasses import replace
from hashlib import sha256

from channels_email.reading import folding, history, plain
from channels_email.reading.automatic import automatic_kind
from channels_email.reading.bodies import Contents, contents_of
from channels_email.reading.bounces import report_of
from channels_email.reading.calendars import ABOUT_MEETINGS, invitation_of
from channels_email.reading.files import each_once, safe_name
from channels_email.reading.fingerprints import fingerprint
from channels_email.reading.headers import Headers, addresses, message_id, message_ids, sent_at
from channels_email.reading.mail import Attachment, Invitation, Kind, Mail, Problem, Role, Trust
from channels_email.reading.markup import Element
from channels_email.reading.markup import parse as parse_html
from channels_email.reading.pages import DATA_PICTURE, Pictures, simplify, without_hidden, write
from channels_email.reading.structure import parse
from channels_email.reading.tidying import tidy
from channels_email.reading.trust import trust_of
from channels_email.reading.wording import plain_text

log = logging.getLogger(__name__)
RECIPIENTS = (
    *("to", "cc", "bcc", "resent-to", "resent-cc"),
    *("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "x-rcpt-to"),
)
MOST_DATA_PICTURES = 100


def read(raw: bytes, *, trusted: Collection[str] = ()) -> Mail:
    """What a mail says. Never raises, whatever the bytes; what couldn't be read is in `problems`.

    `trusted`: the authserv-ids (RFC 8601) of our own receiving mail servers, which take such headers of others away.
    """
    try:
        return _read(bytes(raw), trusted)
    except Exception as error:  # one bad mail must not stop the others; the caller keeps the bytes
        log.warning("A mail couldn't be read: %s", type(error).__name__)
        return _unreadable(bytes(raw))


def _read(raw: bytes, trusted: Collection[str]) -> Mail:
    problems: set[Problem] = set()
    whole = parse(raw, problems)
    headers = whole.headers
    contents = contents_of(whole, problems)
    subject = headers.text("subject")
    words = _Words(contents, history.is_forward(subject), problems)
    invitation = _invitation(contents, problems)
    report = report_of(whole, f"{words.text}\n{words.quoted}", problems)
    kind, bounce = report or (_kind(headers, subject, invitation), None)
    senders = addresses(headers.all("from"), problems) or addresses(headers.all("sender"), problems) or [("", "")]
    recipients = addresses([value for name in RECIPIENTS for value in headers.all(name)], problems)
    return Mail(
        message_id=message_id(headers.get("message-id")),
        in_reply_to=next(iter(message_ids(headers.all("in-reply-to"))), ""),
        references=message_ids(headers.all("references")),
        subject=subject,
        sent_at=sent_at(headers.get("date")),
        from_address=senders[0][1],
        from_name=senders[0][0],
        to=tuple(dict.fromkeys(address for _, address in recipients)),
        reply_to=next((address for _, address in addresses(headers.all("reply-to"), problems)), ""),
        fingerprint=fingerprint(whole),
        text=words.text,
        quoted=words.quoted,
        html=words.html,
        quoted_html=words.quoted_html,
        attachments=tuple(_with_places(each_once(words.attachments), words.shown)),
        kind=kind,
        trust=trust_of(headers, trusted, problems),
        problems=tuple(sorted(problems)),
        bounce=bounce,
        invitation=invitation,
    )


class _Words:
    """The words of a mail, cut into new and old. HTML wins over plain text where both say something: it tells the
    history best, and then text and page are the same words."""

    def __init__(self, contents: Contents, is_forward: bool, problems: set[Problem]) -> None:
        self.attachments = contents.attachments
        self.html = self.quoted_html = ""
        self.shown: set[str] = set()
        has_files = bool(self.attachments)
        if contents.html.strip():
            tree, is_cut = parse_html(contents.html)
            if is_cut:
                self._keep_whole(contents.html, problems)
            new, old = folding.fold(without_hidden(tree), is_forward=is_forward, has_files=has_files)
            self._take(new, old)
        if not (self.html or self.quoted_html):
            self.text, self.quoted = plain.fold(contents.plain, is_forward=is_forward, has_files=has_files)

    def _take(self, new: Element, old: Element | None) -> None:
        pictures = Pictures({each.content_id for each in self.attachments if each.content_id}, self._keep_picture)
        shown = tidy(simplify(new, pictures))
        below = tidy(simplify(old, pictures)) if old else []
        self.html, self.quoted_html = write(shown), write(below)
        self.text, self.quoted = plain_text(shown), plain_text(below)
        self.shown = pictures.shown

    def _keep_picture(self, source: str) -> str:
        """A picture that stands in the page itself becomes an attachment; the id that it has then."""
        found = DATA_PICTURE.match(source)
        if found is None or len(self.attachments) > MOST_DATA_PICTURES:
            return ""
        try:
            content = binascii.a2b_base64(source[found.end() :])
        except (binascii.Error, ValueError):
            return ""
        content_type = f"image/{found[1].lower().replace('jpg', 'jpeg')}"
        name = f"picture-{sha256(content).hexdigest()[:16]}"
        if all(each.content_id != name for each in self.attachments):
            file_name = safe_name("", content_type, "picture")
            self.attachments.append(Attachment(file_name, content_type, content, content_id=name))
        return name

    def _keep_whole(self, html: str, problems: set[Problem]) -> None:
        problems.add(Problem.TEXT_CUT)
        if all(each.role != Role.TEXT for each in self.attachments):
            content = html.encode("utf-8")
            self.attachments.append(Attachment("message.html", "text/html", content, role=Role.TEXT))


def _with_places(attachments: list[Attachment], shown: set[str]) -> list[Attachment]:
    """Pictures that the page shows are in the text; all other files are listed, also those that wanted to be shown."""
    return [
        replace(each, is_inline=True, role=Role.PICTURE if each.role == Role.FILE else each.role)
        if each.content_id in shown
        else each
        for each in attachments
    ]


def _invitation(contents: Contents, problems: set[Problem]) -> Invitation | None:
    for part in contents.calendars:
        charset = part.headers.parameter("content-type", "charset")
        if invitation := invitation_of(part.content, charset, problems):
            return invitation
    return None


def _kind(headers: Headers, subject: str, invitation: Invitation | None) -> Kind:
    """What no report is: an answer of a program, then an entry about a meeting, then any other program, or a person."""
    automatic = automatic_kind(headers, subject)
    if automatic != Kind.AUTO_REPLY and invitation is not None and invitation.method in ABOUT_MEETINGS:
        return Kind.CALENDAR
    return automatic or Kind.NORMAL


def _unreadable(raw: bytes) -> Mail:
    """A mail of which nothing is known but that it came; its bytes are its one attachment."""
    return Mail(
        *("", "", (), "", None, "", "", (), ""),
        fingerprint=f"0:{sha256(raw).hexdigest()}",
        text="",
        quoted="",
        html="",
        quoted_html="",
        attachments=(Attachment("message.eml", "message/rfc822", raw, role=Role.MESSAGE),),
        kind=Kind.NORMAL,
        trust=Trust(),
        problems=(Problem.UNREADABLE,),
    )
