"""Strangers' HTML as a small tree, in one pass that only moves forward.

Nothing here makes HTML safe: `pages` does, through nh3, a real HTML5 parser. It must not see a stranger's markup as it
came, though. HTML5's own rules make trees grow: 22 kB of unclosed `<b>` became 10 MB in nh3, and 100,000 nested
`<blockquote>` kept it busy for 32 s; Python's own parser is quadratic in unclosed tags before 3.13.6. This tree is
flat enough, and closed everywhere, so what is written from it costs nh3 no more than its length.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_CHARACTERS = 1_000_000
MOST_ELEMENTS = 25_000
MOST_DEPTH = 100  # a thread of thirty answers, each in its quote; deeper elements lose themselves, not their text

SPACE = " \t\n\r\f"
OPENING = re.compile(r"<(?:!--|[!?]|/?[a-zA-Z]|/)")
NAME = re.compile(rf"<(/?)([a-zA-Z][^{SPACE}/>]*)")
ATTRIBUTE = re.compile(
    rf"[{SPACE}/]*([^{SPACE}/>][^{SPACE}/>=]*)(?:[{SPACE}]*=[{SPACE}]*(?:\"([^\"]*)\"|'([^']*)'|([^{SPACE}>]*)))?"
)
TAG_END = re.compile(rf"[{SPACE}/]*>")
COMMENT_END = re.compile(r"-->|--!>")

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
NOT_TEXT = {  # what they hold is for programs, and may look like tags
    name: re.compile(rf"</{name}(?=[{SPACE}/>])", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp")
}
BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl"),
    *("dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
    *("menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    "ul",
}
TABLE_PARTS = {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"}
CELLS = {"td", "th", "caption"}
GROUPS = {"thead", "tbody", "tfoot"}
# What a start tag ends before it begins, and what it doesn't look beyond.
ENDS: dict[str, tuple[set[str], set[str]]] = {
    "li": ({"li"}, {"ul", "ol", "menu", *CELLS}),
    "dt": ({"dt", "dd"}, {"dl", *CELLS}),
    "dd": ({"dt", "dd"}, {"dl", *CELLS}),
    "a": ({"a"}, CELLS),
    "td": (CELLS, {"table", "tr"}),
    "th": (CELLS, {"table", "tr"}),
    "tr": ({"tr", *CELLS}, {"table", *GROUPS}),
    **{group: ({*GROUPS, "tr", *CELLS}, {"table"}) for group in GROUPS},
}


@dataclass(slots=True)
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def classes(self) -> list[str]:
        return self.get("class").lower().split()

    @property
    def is_block(self) -> bool:
        return self.tag in BLOCKS


def parse(text: str) -> tuple[Element, bool]:
    """The tree of a page or a piece of one, and whether it was too long to be read to its end."""
    builder = _Builder()
    for token in _tokens(text[:MOST_CHARACTERS]):
        if builder.elements >= MOST_ELEMENTS:
            return builder.root, True
        match token:
            case str():
                builder.current.children.append(token)
            case Element():
                builder.start(token)
            case _End(tag):
                builder.end(tag)
    return builder.root, len(text) > MOST_CHARACTERS


@dataclass(slots=True)
class _End:
    tag: str


class _Builder:
    """Puts elements into one another. Where HTML5 would move or double them, these just end."""

    def __init__(self) -> None:
        self.root = Element("div")
        self.open, self.elements = [self.root], 0
        self.opened: Counter[str] = Counter()  # how many of each tag are open, so that nothing is sought in vain
        self.too_deep: Counter[str] = Counter()

    @property
    def current(self) -> Element:
        return self.open[-1]

    def start(self, element: Element) -> None:
        self.elements += 1
        if element.is_block:
            self._close({"p"}, until={*CELLS, "table"})
        if element.tag in ENDS:
            tags, until = ENDS[element.tag]
            self._close(tags, until=until)
        if element.tag in VOID:
            self.current.children.append(element)
        elif len(self.open) < MOST_DEPTH:
            self.current.children.append(element)
            self.open.append(element)
            self.opened[element.tag] += 1
        else:
            self.too_deep[element.tag] += 1

    def end(self, tag: str) -> None:
        if self.too_deep[tag]:
            self.too_deep[tag] -= 1
        elif tag == "br":
            self.start(Element("br"))
        else:
            self._close({tag}, until={"table"} if tag in TABLE_PARTS - {"table"} else CELLS - {tag}, is_nearest=True)

    def _close(self, tags: set[str], *, until: set[str], is_nearest: bool = False) -> None:
        """End the outermost (or nearest) open element with one of these tags, and all within it."""
        if not any(self.opened[tag] for tag in tags):
            return
        found = 0
        for place in range(len(self.open) - 1, 0, -1):
            tag = self.open[place].tag
            if tag in tags:
                found = place
                if is_nearest:
                    break
            elif tag in until:
                break
        while found and len(self.open) > found:
            self.opened[self.open.pop().tag] -= 1


def _tokens(text: str) -> Iterator["str | Element | _End"]:
    position = begun = 0
    while found := OPENING.search(text, position):
        opening = found.start()
        if opening > begun:
            yield unescape(text[begun:opening])
        if name := NAME.match(text, opening):
            attributes, position = _attributes(text, name.end())
            tag = name[2].lower()
            if name[1]:
                yield _End(tag)
            elif tag in NOT_TEXT:
                end = NOT_TEXT[tag].search(text, position)
                position = end.start() if end else len(text)
            else:
                yield Element(tag, attributes)
        else:
            is_comment = found[0] == "<!--"
            end = COMMENT_END.search(text, opening + 2) if is_comment else re.compile(">").search(text, opening)
            position = end.end() if end else len(text)
        begun = position
    if begun < len(text):
        yield unescape(text[begun:])


def _attributes(text: str, position: int) -> tuple[dict[str, str], int]:
    """The attributes from here to the tag's end, and where that is. Of two with one name the first counts (HTML5)."""
    attributes: dict[str, str] = {}
    while True:
        if end := TAG_END.match(text, position):
            return attributes, end.end()
        found = ATTRIBUTE.match(text, position)
        if not found or found.end() == position:
            return attributes, len(text)
        name = found[1].lower()
        if name not in attributes and len(attributes) < 50:
            attributes[name] = unescape(next((value for value in found.groups()[1:] if value is not None), ""))
        position = found.end()


def unescape(text: str) -> str:
    """Text with its `&…;` read. Python gives up on numbers of thousands of digits; such text stays as it is."""
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:
        return text
