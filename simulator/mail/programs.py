"""The mail programs that people answer with: each quotes, signs and names things in its own way.

The shapes are those that the programs' own mails have; a receiver who folds quotations has to know all three.
"""

import html
import secrets
import textwrap
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import formataddr, parseaddr

from simulator.mail.reading import header, html_of, text_of, written_at


@dataclass(frozen=True)
class Quoted:
    """The mail that is answered, as a program shows it beneath the answer."""

    sender: str
    recipient: str
    subject: str
    at: datetime
    text: str
    html: str

    @property
    def shown_sender(self) -> str:
        """Without the quotes that a comma needs in a header: `Maya Chen, Northwind <maya@…>`."""
        return _shown(self.sender)


@dataclass(frozen=True)
class Program:
    """One mail program: its words beneath an answer, as text and as HTML, and what it calls itself."""

    key: str
    label: str
    text: Callable[[str, Quoted | None], str]
    html: Callable[[str, Quoted | None], str]
    headers: Callable[[], dict[str, str]]
    message_id: Callable[[], str]
    charset: str = "utf-8"


def quoted(original: EmailMessage, *, now: float) -> Quoted:
    text = text_of(original).replace("\r\n", "\n").strip("\n")
    return Quoted(
        sender=header(original, "From"),
        recipient=header(original, "To"),
        subject=header(original, "Subject"),
        at=datetime.fromtimestamp(written_at(original) or now, UTC),
        text=text,
        html=html_of(original) or in_html(text),
    )


def in_html(text: str) -> str:
    """Plain words as HTML: escaped, a paragraph for each block, a break for each line."""
    blocks = [html.escape(block, quote=False).replace("\n", "<br>\n") for block in text.split("\n\n")]
    return "\n".join(f"<p>{block}</p>" for block in blocks)


def _prefixed(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _gmail_line(mail: Quoted) -> str:
    """With a narrow no-break space before AM and PM, as Gmail has had it for years."""
    return f"On {mail.at:%a, %b} {mail.at.day}, {mail.at.year} at {mail.at:%I:%M}\u202f{mail.at:%p}".replace(
        " at 0", " at "
    )


def _gmail_text(words: str, mail: Quoted | None) -> str:
    if mail is None:
        return f"{words}\n"
    line = "\n".join(textwrap.wrap(f"{_gmail_line(mail)} {mail.shown_sender} wrote:", 76, break_on_hyphens=False))
    quotation = "\n".join(f"> {each}".rstrip() for each in mail.text.split("\n"))
    return f"{words}\n\n{line}\n\n{quotation}\n"


def _gmail_html(words: str, mail: Quoted | None) -> str:
    answer = f'<div dir="ltr">{words}</div>'
    if mail is None:
        return answer
    name, address = parseaddr(mail.sender)
    whom = f'{html.escape(name)} &lt;<a href="mailto:{html.escape(address)}">{html.escape(address)}</a>&gt;'
    return (
        f'{answer}<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f"{_gmail_line(mail)} {whom} wrote:<br></div>"
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
        f'padding-left:1ex">{mail.html}</blockquote></div>'
    )


def _outlook_lines(mail: Quoted) -> list[tuple[str, str]]:
    sent = f"{mail.at:%A, %B} {mail.at.day}, {mail.at.year} {mail.at.hour % 12 or 12}:{mail.at:%M %p}"
    return [("From", mail.shown_sender), ("Sent", sent), ("To", _shown(mail.recipient)), ("Subject", mail.subject)]


def _outlook_text(words: str, mail: Quoted | None) -> str:
    """A rule of underscores and four lines; what is quoted has no mark of its own."""
    if mail is None:
        return f"{words}\n"
    lines = "\n".join(f"{name}: {value}" for name, value in _outlook_lines(mail))
    return f"{words}\n\n{'_' * 32}\n{lines}\n\n{mail.text}\n"


def _outlook_html(words: str, mail: Quoted | None) -> str:
    style = "font-family: Aptos, Calibri, Helvetica, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);"
    answer = f'<html><head></head><body dir="ltr"><div class="elementToProof" style="{style}">{words}</div>'
    if mail is None:
        return f"{answer}</body></html>"
    lines = "<br>".join(f"<b>{name}:</b> {html.escape(value)}" for name, value in _outlook_lines(mail))
    return (
        f'{answer}<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">'
        f"{lines}</font><div>&nbsp;</div></div><div>{mail.html}</div></body></html>"
    )


def _apple_line(mail: Quoted) -> str:
    return f"On {mail.at.day} {mail.at:%b %Y, at %H:%M}, {mail.shown_sender} wrote:"


def _apple_text(words: str, mail: Quoted | None) -> str:
    """Even the line that says who wrote it is quoted."""
    return f"{words}\n" if mail is None else f"{words}\n\n{_prefixed(_apple_line(mail))}\n> \n{_prefixed(mail.text)}\n"


def _apple_html(words: str, mail: Quoted | None) -> str:
    start = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        f'<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space;">{words}'
    )
    if mail is None:
        return f"{start}</body></html>"
    return (
        f'{start}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite">'
        f'<div>{html.escape(_apple_line(mail), quote=False)}</div><br class="Apple-interchange-newline">'
        f"<div>{mail.html}</div></blockquote></div><br></body></html>"
    )


def _shown(sender: str) -> str:
    name, address = parseaddr(sender)
    return f"{name} <{address}>" if name else formataddr(("", address))


GMAIL = Program(
    "gmail",
    "Gmail",
    _gmail_text,
    _gmail_html,
    dict,
    lambda: f"<CA{secrets.token_urlsafe(36)}@mail.gmail.com>",
)
OUTLOOK = Program(
    "outlook",
    "Outlook",
    _outlook_text,
    _outlook_html,
    lambda: {
        "Thread-Index": f"Ad{secrets.token_urlsafe(20)}==",
        "Accept-Language": "en-US",
        "Content-Language": "en-US",
    },
    lambda: f"<PH0PR07MB{secrets.token_hex(10).upper()}@PH0PR07MB8510.namprd07.prod.outlook.com>",
    "iso-8859-1",
)
APPLE = Program(
    "apple",
    "Apple Mail",
    _apple_text,
    _apple_html,
    lambda: {"X-Mailer": "Apple Mail (2.3826.700.81)"},
    lambda: f"<{str(uuid.uuid4()).upper()}@example.com>",
)
PROGRAMS = {each.key: each for each in (GMAIL, OUTLOOK, APPLE)}
