"""Texts as a PDF can show them: each script in its own font, and what runs from right to left in the order of the eye.

The files are Noto Sans 2.15, Noto Sans Arabic 2.5 and Noto Sans Hebrew 3.0; their licence (OFL 1.1) lies beside them.
"""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from unicodedata import bidirectional
from xml.sax.saxutils import escape

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_display
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

EDGE = 18 * mm
FRAME = A4[0] - 2 * EDGE - 12  # what reportlab leaves of a page's width, less its padding of 6 points a side
FONT = "Noto Sans"
FILES = {FONT: "NotoSans", "Noto Sans Arabic": "NotoSansArabic", "Noto Sans Hebrew": "NotoSansHebrew"}
RIGHT_TO_LEFT = {"R", "AL"}
SHAPER = ArabicReshaper({"delete_harakat": False})


def printed(text: object, style: ParagraphStyle) -> Iterator[Paragraph]:
    """A paragraph of it; of what has words from right to left one for each line, for those are broken here."""
    said = printable(str(text))
    if not any(bidirectional(each) in RIGHT_TO_LEFT for each in said):
        yield Paragraph(shown(said), style)
        return
    for number, line in enumerate(_lines(SHAPER.reshape(said), style)):
        is_rtl = _begins_at_the_right(line)
        look = ParagraphStyle(
            style.name,
            parent=style,
            alignment=TA_RIGHT if is_rtl else TA_LEFT,
            spaceBefore=0 if number else style.spaceBefore,
        )
        yield Paragraph(shown(get_display(line, base_dir="R" if is_rtl else "L")), look)


def shown(text: str) -> str:
    """A text as reportlab's markup, each run in a font that has it; a character that none has, as its number."""
    return "".join(_in_font(font, run) for font, run in _runs(printable(text))).replace("\n", "<br/>")


def printable(text: str) -> str:
    """The text with the number of each character that no font has, such as [U+1F642]."""
    return "".join(each if each == "\n" or _font_of(each) else f"[U+{ord(each):04X}]" for each in text)


@cache
def fonts() -> dict[str, TTFont]:
    """By their names, the usual one first; registered with reportlab."""
    found = {name: TTFont(name, str(Path(__file__).with_name(f"{file}-Regular.ttf"))) for name, file in FILES.items()}
    for font in found.values():
        pdfmetrics.registerFont(font)
    return found


def _font_of(character: str) -> str:
    """The first that has it; empty if none does."""
    return next((name for name, font in fonts().items() if ord(character) in font.face.charToGlyph), "")


def _runs(text: str) -> Iterator[tuple[str, str]]:
    for font, run in groupby(text, lambda each: _font_of(each) or FONT):
        yield font, "".join(run)


def _in_font(font: str, run: str) -> str:
    return escape(run) if font == FONT else f'<font name="{font}">{escape(run)}</font>'


def _begins_at_the_right(line: str) -> bool:
    """By its first letter, as UAX #9 has it."""
    strong = (bidirectional(each) for each in line)
    return next((each for each in strong if each in {"L", *RIGHT_TO_LEFT}), "L") in RIGHT_TO_LEFT


def _lines(text: str, style: ParagraphStyle) -> Iterator[str]:
    """Broken at blanks, and within a word that is longer than a line."""
    room = FRAME - style.leftIndent - 1
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and _width(longer, style) > room:
                yield line
                longer = word
            while _width(longer, style) > room:
                fits = next(end for end in range(len(longer), 0, -1) if _width(longer[:end], style) <= room)
                yield longer[:fits]
                longer = longer[fits:]
            line = longer
        yield line


def _width(text: str, style: ParagraphStyle) -> float:
    """In points."""
    return sum(float(pdfmetrics.stringWidth(run, font, style.fontSize)) for font, run in _runs(text))
