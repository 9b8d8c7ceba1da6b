"""A proof of consent on paper: what the JSON holds, for people. The digests of others' events are in the JSON only."""

from collections.abc import Iterable, Iterator
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate, Spacer

from candidates import event_details, phone_numbers
from inbox import channels
from inbox.proof import words

FONT = "Noto Sans"
EDGE = 18 * mm
FILE = Path(__file__).with_name("NotoSans-Regular.ttf")  # Noto Sans 2.15; its licence (OFL 1.1) lies beside it
PLAIN = ParagraphStyle("plain", fontName=FONT, fontSize=9, leading=13, wordWrap="LTR", splitLongWords=1)
SMALL = ParagraphStyle("small", parent=PLAIN, fontSize=7.5, leading=10.5, textColor=HexColor(0x50555C))
QUOTE = ParagraphStyle("quote", parent=PLAIN, leftIndent=5 * mm)
TITLE = ParagraphStyle("title", parent=PLAIN, fontSize=18, leading=24)
HEAD = ParagraphStyle("head", parent=PLAIN, fontSize=12, leading=18, spaceBefore=4 * mm)
EVENT = ParagraphStyle("event", parent=PLAIN, fontSize=10.5, leading=15, spaceBefore=3 * mm)
Facts = dict[str, Any]


def pdf_of(proof: Facts) -> bytes:
    """The proof as a PDF. What the font has no picture of is written as its number, such as [U+1F642]."""
    _font()
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


@cache
def _font() -> TTFont:
    font = TTFont(FONT, str(FILE))
    pdfmetrics.registerFont(font)
    return font


def shown(text: object) -> str:
    """A text as the font can show it, escaped."""
    has = _font().face.charToGlyph
    letters = (each if ord(each) in has or each == "\n" else f"[U+{ord(each):04X}]" for each in str(text))
    return escape("".join(letters)).replace("\n", "<br/>")


def _footer(text: str, canvas: Any, document: Any) -> None:
    canvas.setFont(FONT, 7)
    canvas.drawString(EDGE, 10 * mm, text)
    canvas.drawRightString(A4[0] - EDGE, 10 * mm, str(document.page))


def _all(proof: Facts, title: str) -> Iterator[Flowable]:
    yield Paragraph(shown(title), TITLE)
    told = _("%(company)s. Exported on %(at)s by %(name)s. All times are UTC.")
    by = {"company": proof["company"]["name"], "at": _clock(proof["exported_at"]), "name": proof["exported_by"]}
    yield Paragraph(shown(told % by), PLAIN)
    remark = _(
        "A character that can't be printed here stands as its Unicode number in brackets. The JSON of the same export "
        "has every text to the letter, and all that is needed to check it."
    )
    yield Paragraph(shown(remark), SMALL)
    for channel in proof["channels"]:
        yield from _channel(channel)
    if proof["requests_to_stop"]:
        yield Paragraph(shown(_("Texts that read like a request to stop")), HEAD)
        for request in proof["requests_to_stop"]:
            yield from _request(request)
    yield from _check(proof)


def _channel(channel: Facts) -> Iterator[Flowable]:
    yield Paragraph(shown(f"{_label(channel['channel'])}: {words.standing(channel['standing'])}"), HEAD)
    if withheld := channel["messages_withheld"]:
        told = ngettext(
            "%(count)d message with this number is left out: who exported this doesn't read its conversation.",
            "%(count)d messages with this number are left out: who exported this doesn't read their conversations.",
            withheld,
        )
        yield Paragraph(shown(told % {"count": withheld}), SMALL)
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
    told = _("%(at)s  Message from %(sender)s%(by)s to %(recipient)s, %(status)s: %(words)s")
    facts = {
        "at": _clock(message["at"]),
        "sender": phone_numbers.display(message["from"]),
        "by": by,
        "recipient": phone_numbers.display(message["to"]),
        "status": message["status"],
        "words": message["words"],
    }
    yield Paragraph(shown(told % facts), SMALL)


def _clock(at: str | None) -> str:
    """A time for people; the JSON has it to the microsecond."""
    return at[:19].replace("T", " ") if at else ""


def _event(event: Facts) -> Iterator[Flowable]:
    yield Paragraph(shown(f"{_clock(event['at'])}  {words.kind(event['kind'])}"), EVENT)
    if event["words"]:
        yield Paragraph(shown(f"“{event['words']}”"), QUOTE)
    yield Paragraph(shown(_whence(event)), SMALL)
    if text := event["text"]:
        told = _("The words that were seen: version %(version)s, in %(language)s, published on %(at)s.")
        yield Paragraph(shown(told % {**text, "at": _clock(text["published_at"])}), SMALL)
        yield Paragraph(shown(f"“{text['words']}”"), QUOTE)
    if form := event["form"]:
        told = _("The form: %(form)s, sent on %(at)s from %(ip)s, in %(language)s; number typed: %(number_as_typed)s.")
        yield Paragraph(shown(told % {**form, "at": _clock(form["sent_at"])}), SMALL)
    yield Paragraph(shown(_standing_of(event)), SMALL)


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
    decided = [request["outcome"], _clock(request["decided_at"]), request["decided_by"]]
    line = f"{_clock(request['at'])}  {_label(request['channel'])}: {', '.join(each for each in decided if each)}"
    yield Paragraph(shown(line), EVENT)
    if request["words"]:
        yield Paragraph(shown(f"“{request['words']}”"), QUOTE)


def _check(proof: Facts) -> Iterator[Flowable]:
    yield Paragraph(shown(_("How to check this")), HEAD)
    for number, step in enumerate(proof["how_to_check"], start=1):
        yield Paragraph(shown(f"{number}. {step}"), SMALL)
    yield Spacer(1, 2 * mm)
    yield Paragraph(shown(_("The keys are published at %(url)s") % {"url": proof["keys_are_published_at"]}), SMALL)
    for key in proof["keys"]:
        yield Paragraph(shown(f"{key['name']}: {key['algorithm']} {key['public_key']}"), SMALL)
    yield HRFlowable(width="100%", spaceBefore=2 * mm, spaceAfter=2 * mm)
    for seal in _worth_printing(proof["chain"]):
        said = (
            _("Seal %(number)s of %(sealed_at)s, events: %(events)s, key %(key)s. Root %(root)s. Link %(link)s.") % seal
        )
        yield Paragraph(shown(f"{said} {_('Signature')} {seal['signature']}"), SMALL)


def _worth_printing(chain: list[Facts]) -> Iterable[Facts]:
    """The seals that hold an event of this address, and the newest."""
    return [seal for seal in chain if "digests" in seal or seal is chain[-1]]


def _label(channel: str) -> str:
    registered = channels.registered().get(channel)
    return str(registered.label) if registered else channel
