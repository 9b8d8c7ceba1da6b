"""What a mailbox looks like: the list of its conversations, one of them, and a mail being written.

Each is one `<section data-mail>`, which stands in a page of its own, or in a phone on the page with the phones.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from simulator.mail.reading import File, own_words
from simulator.mail.store import Mail, Mailbox
from simulator.markup import Markup, h, icon, join

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?')\]]")
ADDRESS = re.compile(r"^\s*\"?(?P<name>[^\"<]*?)\"?\s*<(?P<address>[^<>]+)>\s*$")
NOTES = {
    "returned": "Returned to its sender: there is no such mailbox",
    "forged": "Forged: it only claims to come from here",
    "out_of_office": "Sent by itself, because of the absence",
    "bounce": "Sent by the mail system, because there is no such mailbox",
}


def path(address: str, *parts: str | int) -> str:
    return "/".join(["/mail", quote(address, safe="@+"), *map(str, parts)])


def size_of(count: int) -> str:
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def moment(at: float, *, now: float) -> Markup:
    """The time on this machine's own clock: of today the hour alone, else with the day."""
    here, today = (datetime.fromtimestamp(each, UTC).astimezone() for each in (at, now))
    day = here.date()
    words = f"{here:%H:%M}"
    if day == today.date() - timedelta(days=1):
        words = f"Yesterday {words}"
    elif day != today.date():
        words = f"{here:%a} {here.day} {here:%b} {words}"
    return h("time", {"datetime": here.isoformat(timespec="seconds")}, words)


def linked(text: str) -> Markup:
    """The text with its web addresses as links."""
    pieces: list[str] = []
    end = 0
    for found in LINK.finditer(text):
        pieces += [text[end : found.start()], h("a", {"href": found[0], "rel": "noopener"}, found[0])]
        end = found.end()
    return join([*pieces, text[end:]])


def who(display: str) -> str:
    """The name in front of an address, or else the address."""
    found = ADDRESS.match(display)
    return (found["name"] or found["address"]) if found else display


def screen(mailbox: Mailbox, *content: str | None, is_draft: bool = False) -> Markup:
    attributes: dict[str, str | bool | None] = {
        "class": "mail",
        "data-mail": True,
        "data-draft": is_draft,
        "data-channel": "mail",
        "aria-label": f"Mail of {mailbox.title}",
    }
    return h("section", attributes, *content)


def inbox(mailbox: Mailbox, mails: list[Mail], *, now: float) -> Markup:
    """The conversations, each with its newest mail, the most recent first."""
    threads: dict[str, list[Mail]] = {}
    for each in mails:
        threads.setdefault(each.thread, []).append(each)
    newest_first = sorted(threads.values(), key=lambda thread: thread[-1].id, reverse=True)
    write = h(
        "a", {"class": "icon-btn", "href": path(mailbox.address, "write"), "aria-label": "Write a mail"}, icon("pencil")
    )
    head = h(
        "header",
        {"class": "mail__head"},
        h("div", None, h("h3", None, "Mail"), h("p", None, mailbox.address)),
        write,
    )
    none = h(
        "div",
        {"class": "mail__none"},
        h("span", None, icon("mail")),
        h("b", None, "No mail yet"),
        h("p", None, "What the product sends to this address arrives here by itself."),
    )
    rows = h("ul", {"class": "mail__list"}, *(_row(mailbox, thread, now=now) for thread in newest_first))
    return screen(mailbox, head, _switches(mailbox), rows if newest_first else none)


def conversation(mailbox: Mailbox, mails: list[Mail], texts: dict[int, str], *, now: float) -> Markup:
    """The mails of one conversation, the oldest first; `texts` are their words by number, with what they quote."""
    subject = mails[0].subject or "(no subject)"
    received = [each for each in mails if each.kind == "received"]
    answered = received[-1] if received else None
    foot = None
    if answered:
        reply = path(mailbox.address, "write") + f"?answer={answered.id}"
        foot = h(
            "footer", {"class": "mail__foot"}, h("a", {"class": "btn btn--send", "href": reply}, icon("reply"), "Reply")
        )
    letters = [_letter(each, texts.get(each.id, each.text), now=now) for each in mails]
    return screen(
        mailbox,
        h("header", {"class": "mail__head"}, back_link(mailbox, "All mail"), h("div", None, h("h3", None, subject))),
        h("div", {"class": "mail__letters", "tabindex": "0", "role": "log", "aria-label": subject}, *letters),
        foot,
    )


def arrived(mail: Mail, *, now: float) -> Markup:
    """One mail in the list of everybody's."""
    thread = path(mail.mailbox, "thread", mail.id)
    return h(
        "article",
        {"class": "desk__mail"},
        h("header", None, h("b", None, mail.subject or "(no subject)"),
          h("small", None, f"to {mail.mailbox} from {who(mail.sender)} · ", moment(mail.at, now=now),
            " · returned: no such mailbox" if mail.kind == "returned" else None)),
        h("p", None, linked(mail.text)),
        _files(mail.id, mail.attachments),
        h("footer", None, h("a", {"href": thread}, "Open the mailbox")),
    )  # fmt: skip


def _row(mailbox: Mailbox, thread: list[Mail], *, now: float) -> Markup:
    last = thread[-1]
    unread = sum(not each.seen for each in thread)
    badge = h("span", {"class": "badge"}, str(unread), h("span", {"class": "vh"}, " new")) if unread else None
    their = next((each for each in reversed(thread) if not each.is_own), last)
    words = " ".join(last.text.split())[:120] or "(no text)"
    return h(
        "li",
        {"data-unread": bool(unread)},
        h("a", {"href": path(mailbox.address, "thread", last.id)},
          h("span", {"class": "avatar", "data-channel": "mail", "aria-hidden": "true"}, icon("mail")),
          h("span", None, h("b", None, who(their.recipient if their.is_own else their.sender)),
            h("span", {"class": "mail__subject"}, thread[0].subject or "(no subject)"),
            h("small", None, f"{'You: ' if last.is_own else ''}{words}")),
          h("span", {"class": "chats__end"}, moment(last.at, now=now), badge)),
    )  # fmt: skip


def _letter(mail: Mail, text: str, *, now: float) -> Markup:
    words, quotation = own_words(text)
    note = NOTES.get(mail.kind)
    folded = h("details", None, h("summary", None, "What it quotes"), h("p", None, linked(quotation)))
    return h(
        "article",
        {"class": "letter", "data-mine": mail.is_own, "aria-label": f"{who(mail.sender)}: {mail.subject}"},
        h("header", None, h("b", None, who(mail.sender)), moment(mail.at, now=now),
          h("small", None, f"to {who(mail.recipient)}")),
        h("p", {"class": "letter__note"}, note) if note else None,
        h("p", {"class": "letter__words"}, linked(words)),
        folded if quotation else None,
        _files(mail.id, mail.attachments),
        h("footer", None, _state(mail) if mail.is_own else None,
          h("a", {"href": f"/mail/source/{mail.id}"}, "Show original")),
    )  # fmt: skip


def _state(mail: Mail) -> Markup:
    """How the product took an own mail."""
    answer = "did not answer" if mail.hook_status is None else f"answered {mail.hook_status}"
    if mail.hook_status is not None and 200 <= mail.hook_status < 300:
        state, glyph, words = "delivered", "ticks", "Delivered"
    elif mail.attempts == 0:
        state, glyph, words = "sending", "clock", "Sending"
    elif mail.due is not None:
        state, glyph, words = "failed", "clock", f"The product {answer}; it is sent again"
    else:
        state, glyph, words = "failed", "alert-circle", f"Not delivered: the product {answer}"
    return h("span", {"class": "phone__tick", "data-state": state}, icon(glyph, "sm"), words)


def _files(mail_id: int, files: Iterable[File]) -> Markup | None:
    rows = [
        h("li", None, h("a", {"href": f"/mail/file/{mail_id}/{each.place}", "download": each.name},
          icon("doc"), h("span", None, each.name, h("small", None, f"{each.content_type}, {size_of(each.size)}"))))
        for each in files
    ]  # fmt: skip
    return h("ul", {"class": "letter__files"}, *rows) if rows else None


def _switches(mailbox: Mailbox) -> Markup:
    """Two buttons, each of which turns what it says into its opposite."""
    rows = (
        ("out_of_office", "clock", mailbox.out_of_office, f"Out of office: {'on' if mailbox.out_of_office else 'off'}"),
        ("bounces", "ban", mailbox.bounces, f"Mailbox exists: {'no' if mailbox.bounces else 'yes'}"),
    )
    buttons = []
    for name, glyph, is_on, words in rows:
        value, pressed = ("0", "true") if is_on else ("1", "false")
        about = {"type": "submit", "name": name, "value": value, "aria-pressed": pressed}
        buttons.append(h("button", about, icon(glyph, "sm"), words))
    action = path(mailbox.address, "switches")
    return h("form", {"class": "mail__switches", "method": "post", "action": action}, *buttons)


def back_link(mailbox: Mailbox, label: str, href: str = "") -> Markup:
    attributes = {"class": "icon-btn", "href": href or path(mailbox.address), "aria-label": label}
    return h("a", attributes, icon("chevron-left"))
