"""A proof of consent on paper: what the JSON holds, for people. The digests of others' events are in the JSON only."""

from collections.abc import Iterable, Iterator
from functools import partial
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, SimpleDocTemplate, Spacer

from accounts import languages
from candidates import event_details, phone_numbers
from inbox import channels
from inbox.proof import words
from inbox.proof.scripts import EDGE, FONT, fonts, printed

PLAIN = ParagraphStyle("plain", fontName=FONT, fontSize=9, leading=13, wordWrap="LTR", splitLongWords=1)
SMALL = ParagraphStyle("small", parent=PLAIN, fontSize=7.5, leading=10.5, textColor=HexColor(0x50555C))
QUOTE = ParagraphStyle("quote", parent=PLAIN, leftIndent=5 * mm)
TITLE = ParagraphStyle("title", parent=PLAIN, fontSize=18, leading=24)
HEAD = ParagraphStyle("head", parent=PLAIN, fontSize=12, leading=18, spaceBefore=4 * mm, keepWithNext=1)
EVENT = ParagraphStyle("event", parent=PLAIN, fontSize=10.5, leading=15, spaceBefore=3 * mm, keepWithNext=1)
Facts = dict[str, Any]


def pdf_of(proof: Facts) -> bytes:
    """The proof as a PDF. What no font has a picture of is written as its number, such as [U+1F642]."""
    fonts()
    file = BytesIO()
    title = _("Proof of consent for %(number)s") % {"number": phone_numbers.display(proof["address"])}
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=EDGE,
        rightMargin=EDGE,
        topMargin=EDGE,
        bottomMargin=EDGE,
        title=title,
        author=proof["company"]["name"],
    )
    footer = partial(_footer, f"{title} · {_clock(proof['exported_at'])} UTC")
    document.build(list(_all(proof, title)), onFirstPage=footer, onLaterPages=footer)
    return file.getvalue()


def _footer(text: str, canvas: Any, document: Any) -> None:
    canvas.setFont(FONT, 7)
    canvas.drawString(EDGE, 10 * mm, text)
    canvas.drawRightString(A4[0] - EDGE, 10 * mm, str(document.page))


def _all(proof: Facts, title: str) -> Iterator[Flowable]:
    yield from printed(title, TITLE)
    told = _("%(company)s. Exported on %(at)s by %(name)s. All times are UTC.")
    by = {"company": proof["company"]["name"], "at": _clock(proof["exported_at"]), "name": proof["exported_by"]}
    yield from printed(told % by, PLAIN)
    remark = _(
        "A character that can't be printed here stands as its Unicode number in brackets. The JSON of the same export "
        "has every text to the letter, and all that is needed to check it."
    )
    yield from printed(remark, SMALL)
    for channel in proof["channels"]:
        yield from _channel(channel)
    if proof["requests_to_stop"]:
        yield from printed(_("Texts that read like a request to stop"), HEAD)
        for request in proof["requests_to_stop"]:
            yield from _request(request)
    yield from _check(proof)


def _channel(channel: Facts) -> Iterator[Flowable]:
    yield from printed(f"{_label(channel['channel'])}: {words.standing(channel['standing'])}", HEAD)
    if withheld := channel["messages_withheld"]:
        told = ngettext(
            "%(count)d message with this number is left out: who exported this doesn't read its conversation.",
            "%(count)d messages with this number are left out: who exported this doesn't read their conversations.",
            withheld,
        )
        yield from printed(told % {"count": withheld}, SMALL)
    for _at, _order, happened in sorted(_timeline(channel), key=lambda each: each[:2]):
        yield from _event(happened) if "digest" in happened else _message(happened)


def _timeline(channel: Facts) -> Iterator[tuple[str, int, Facts]]:
    """The events and what was written around them, each message once, by their times; a message before its event."""
    messages = {message["id"]: message for event in channel["events"] for message in event["messages_around"]}
    for message in messages.values():
        yield message["at"], 0, message
    for event in channel["events"]:
        yield event["at"], 1, event


def _message(message: Facts) -> Iterator[Flowable]:
    by = f" ({message['by']})" if message["by"] else ""
    told = _("%(at)s  Message from %(sender)s%(by)s to %(recipient)s. %(status)s: “%(words)s”")
    facts = {
        "at": _clock(message["at"]),
        "sender": phone_numbers.display(message["from"]),
        "by": by,
        "recipient": phone_numbers.display(message["to"]),
        "status": words.message_status(message["status"]),
        "words": message["words"],
    }
    yield from printed(told % facts, SMALL)


def _clock(at: str | None) -> str:
    """A time for people; the JSON has it to the microsecond."""
    return at[:19].replace("T", " ") if at else ""


def _event(event: Facts) -> Iterator[Flowable]:
    yield from printed(f"{_clock(event['at'])}  {words.kind(event['kind'])}", EVENT)
    if event["words"]:
        yield from printed(f"“{event['words']}”", QUOTE)
    yield from printed(_whence(event), SMALL)
    if text := event["text"]:
        told = _("The words that were seen: %(box)s, published on %(at)s.")
        yield from printed(told % {"box": words.box(text), "at": _clock(text["published_at"])}, SMALL)
        if text["words"] != event["words"]:
            yield from printed(f"“{text['words']}”", QUOTE)
    if form := event["form"]:
        yield from printed(_form(form), SMALL)
    yield from printed(_standing_of(event), SMALL)


def _form(form: Facts) -> str:
    """The form as it was sent; what of it is not known or not for this reader is left out."""
    said = _("The %(form)s, sent on %(at)s in %(language)s") % {
        "form": words.form(form["form"]),
        "at": _clock(form["sent_at"]),
        "language": languages.name_of(form["language"]),
    }
    boxes = "; ".join(words.box(each) for each in form["boxes_ticked"])
    parts = [
        _("from %(ip)s") % {"ip": form["ip"]} if form["ip"] else "",
        _("by “%(name)s”") % {"name": form["name"]} if form["name"] else "",
        _("number typed: “%(number)s”") % {"number": form["number_as_typed"]} if form["number_as_typed"] else "",
        _("boxes ticked: %(boxes)s") % {"boxes": boxes} if boxes else _("no box ticked"),
    ]
    return ", ".join([said, *filter(None, parts)]) + "."


def _whence(event: Facts) -> str:
    parts = [_("Source: %(source)s") % {"source": words.source(event["source"])}]
    if event["by"]:
        parts.append(_("by %(name)s") % {"name": event["by"]["name"]})
    parts += [f"{name}: {value}" for name, value in event_details.in_words(event["details"])]
    return ", ".join(parts)


def _standing_of(event: Facts) -> str:
    """Whether the event is what was written, in words."""
    said = {
        "as written": _("As it was written."),
        "erased": _("The content was erased, as the law demands it; its digest stands."),
        "changed": _("CHANGED SINCE IT WAS WRITTEN: the content doesn't have this digest."),
    }[event["state"]]
    seal = _("Seal %(seal)s, position %(position)s.") % event if event["seal"] else _("Not sealed yet.")
    return f"{said} {seal} SHA-256 {event['digest']}"


def _request(request: Facts) -> Iterator[Flowable]:
    decided = [words.outcome(request["outcome"]), _clock(request["decided_at"]), request["decided_by"]]
    line = f"{_clock(request['at'])}  {_label(request['channel'])}: {', '.join(each for each in decided if each)}"
    yield from printed(line, EVENT)
    if request["words"]:
        yield from printed(f"“{request['words']}”", QUOTE)


def _check(proof: Facts) -> Iterator[Flowable]:
    yield from printed(_("How to check this"), HEAD)
    for number, step in enumerate(proof["how_to_check"], start=1):
        yield from printed(f"{number}. {step}", SMALL)
    yield Spacer(1, 2 * mm)
    yield from printed(_("The keys are published at %(url)s") % {"url": proof["keys_are_published_at"]}, SMALL)
    for key in proof["keys"]:
        yield from printed(f"{key['name']}: {key['algorithm']} {key['public_key']}", SMALL)
    yield HRFlowable(width="100%", spaceBefore=2 * mm, spaceAfter=2 * mm)
    for seal in _worth_printing(proof["chain"]):
        said = (
            _("Seal %(number)s of %(sealed_at)s, events: %(events)s, key %(key)s. Root %(root)s. Link %(link)s.") % seal
        )
        yield from printed(f"{said} {_('Signature')} {seal['signature']}", SMALL)


def _worth_printing(chain: list[Facts]) -> Iterable[Facts]:
    """The seals that hold an event of this address, and the newest."""
    return [seal for seal in chain if "digests" in seal or seal is chain[-1]]


def _label(channel: str) -> str:
    registered = channels.registered().get(channel)
    return str(registered.label) if registered else channel
