"""Plain text of simplified elements, as a person would type it: paragraphs, lists, quotes, cells."""

import re

from channels_email.reading.markup import CELLS, Element

SPACES = re.compile(r"[ \t\n\r\f]+")
PARAGRAPHS = {"p", "blockquote", "ul", "ol", "dl", "pre", "table", "h4", "h5", "h6"}
LINES = {"div", "li", "dt", "dd", "tr", "thead", "tbody", "tfoot", "caption", "hr"}
MOST_QUOTES = 6  # signs before a line; deeper quotes look like the sixth


def plain_text(children: list[Element | str]) -> str:
    """The words, with a blank line between paragraphs. Pictures give their descriptions; links give their text."""
    writer = _Writer()
    writer.all(children)
    writer.end_line()
    return "\n".join(writer.lines).strip("\n")


class _Writer:
    """Puts words on lines. Blank lines that are asked for wait until there are words to stand apart."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = self.quotes_above = self.blank = self.rows = self.raw = 0
        self.sign, self.indent = "", ""

    def all(self, children: list[Element | str]) -> None:
        for child in children:
            if isinstance(child, str):
                self.words(child)
            else:
                self.element(child)

    def words(self, text: str) -> None:
        if self.raw:
            first, *others = text.split("\n")
            self._put(first)
            for other in others:
                self.end_line(is_wanted=True)
                self._put(other)
            return
        text = SPACES.sub(" ", text).replace("\xa0", " ")
        self._put(text.lstrip(" ") if not self.line or self.line[-1].endswith((" ", "\t")) else text)

    def element(self, element: Element) -> None:
        match element.tag:
            case "br":
                self.end_line(is_wanted=True)
            case "img":
                self.words(element.get("alt"))
            case "blockquote":
                self._block(element, gap=1, quotes=1)
            case "pre":
                self.raw += 1
                self._block(element, gap=1)
                self.raw -= 1
            case "ul" | "ol":
                self._list(element)
            case "tr":
                self._row(element)
            case tag if tag in PARAGRAPHS:
                self._block(element, gap=1)
            case tag if tag in LINES:
                self._block(element, gap=0)
            case _:
                self.all(element.children)

    def end_line(self, *, is_wanted: bool = False) -> None:
        """Begin a new line; an empty one stays only where it is wanted. In a row of a table all is one line."""
        words = "".join(self.line).rstrip()
        if self.rows:
            self.line.append("" if not words or self.line[-1].endswith((" ", "\t")) else " ")
        elif words:
            quotes = min(self.quotes, MOST_QUOTES)
            if self.lines and self.blank:
                self.lines.append(("> " * min(quotes, self.quotes_above)).rstrip())
            self.lines.append("> " * quotes + (self.sign or self.indent) + words)
            self.sign, self.blank, self.line, self.quotes_above = "", 0, [], quotes
        else:
            self.blank += is_wanted
            self.line = []

    def _put(self, text: str) -> None:
        if text:
            self.line.append(text)

    def _block(self, element: Element, *, gap: int, quotes: int = 0) -> None:
        self.end_line()
        self.blank += gap
        self.quotes += quotes
        self.all(element.children)
        self.end_line()
        self.quotes -= quotes
        self.blank += gap

    def _list(self, element: Element) -> None:
        self.end_line()
        outer, self.blank = self.indent, self.blank + (not self.indent)
        items = [each for each in element.children if isinstance(each, Element)]
        for number, item in enumerate(items, start=1):
            sign = f"{number}. " if element.tag == "ol" else "- "
            self.sign, self.indent = (outer + sign)[-20:], (outer + " " * len(sign))[-20:]
            self.all(item.children)
            self.end_line()
            self.sign, self.blank = "", 0
        self.indent, self.blank = outer, self.blank + (not outer)

    def _row(self, row: Element) -> None:
        self.end_line()
        blank, self.rows = self.blank, self.rows + 1
        for cell in row.children:
            if isinstance(cell, Element) and cell.tag in CELLS:
                self.line = ["".join(self.line).rstrip(" "), "\t"] if self.line else []
                self.all(cell.children)
        self.blank, self.rows = blank, self.rows - 1
        self.end_line()
