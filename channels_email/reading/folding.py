"""The tree of an HTML mail, cut in two: the new words, and the history. Each mail program marks its quotes its own way.

Seen in: Gmail, Outlook (desktop, web, mobile), Apple Mail, Yahoo, Thunderbird, Proton, GMX, Zoho, Zimbra, Samsung.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels_email.reading.history import Line, Quoting, history_of
from channels_email.reading.markup import CELLS, Element

Leaf = Element | str

OPENS_HISTORY = {"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "zwchr", "replysplit"}
OPENS_HISTORY_CLASSES = {"ms-outlook-mobile-reference-message", "outlookmessageheader"}
INTRODUCES_CLASSES = {"gmail_attr", "moz-cite-prefix"}
CITED_CLASSES = {"gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra"}
CITED_IDS = re.compile(r"(isreplycontent|yahoo_quoted|replymessage)")
OUTLOOK_LINE = re.compile(r"border-top:\s?solid #[0-9a-f]{6} 1(\.0)?pt;\s?padding:3", re.IGNORECASE)
PICTURE = "\ufffc"


@dataclass
class _HtmlLine:
    """A line, with the places of its leaves among all leaves."""

    first: int
    quoting: Quoting
    introduces: bool
    opens_history: bool
    pieces: list[str] = field(default_factory=list)
    after: int = 0


@dataclass
class _State:
    quoting: Quoting = Quoting.NONE
    in_gmail: bool = False
    introduces: bool = False
    opens_history: bool = False


def fold(root: Element, *, is_forward: bool, has_files: bool = False) -> tuple[Element, Element | None]:
    """The new part, and the history or None. Every text and picture is in one of the two."""
    lines = _Lines(root).lines
    read = [
        Line(" ".join("".join(line.pieces).split()), line.quoting, line.introduces, line.opens_history)
        for line in lines
    ]
    history = history_of(read, is_forward=is_forward, has_files=has_files)
    if not any(history):
        return root, None
    is_old: list[bool] = []
    for line, old in zip(lines, history, strict=True):
        is_old += [old] * (line.after - line.first)
    new, quoted = _only(root, iter([not old for old in is_old])), _only(root, iter(is_old))
    return new or Element("div"), quoted


class _Lines:
    """Walks the tree and breaks it into lines, as a browser would show them."""

    def __init__(self, root: Element) -> None:
        self.lines: list[_HtmlLine] = []
        self.leaves = 0
        self.is_open = False
        self._walk(root, _State())

    def _walk(self, element: Element, state: _State) -> None:
        state = _state_in(element, state)
        if element.is_block:
            self.is_open = False
        for child in element.children:
            if isinstance(child, str):
                self._leaf(child, state)
            elif is_leaf(child):
                self._leaf({"img": PICTURE}.get(child.tag, ""), _state_in(child, state))
                self.is_open = self.is_open and child.tag not in {"br", "hr"}
            else:
                self._walk(child, state)
        if element.is_block:
            self.is_open = False

    def _leaf(self, text: str, state: _State) -> None:
        if not self.is_open:
            self.lines.append(_HtmlLine(self.leaves, state.quoting, state.introduces, state.opens_history))
            self.is_open = True
        self.leaves += 1
        line = self.lines[-1]
        line.pieces.append(text)
        line.after = self.leaves
        if line.quoting is not Quoting.CITED and text.strip():
            line.quoting, line.introduces = state.quoting, line.introduces or state.introduces
        line.opens_history = line.opens_history or state.opens_history


def is_leaf(element: Element) -> bool:
    return element.tag in {"br", "hr", "img"}


def _state_in(element: Element, state: _State) -> _State:
    classes, name = set(element.classes), element.get("id").lower()
    in_gmail = state.in_gmail or bool(classes & {"gmail_quote", "gmail_quote_container", "gmail_extra"})
    quoting = state.quoting
    if _is_cited(element, classes, name, in_gmail):
        quoting = Quoting.CITED
    elif element.tag == "blockquote" and quoting is Quoting.NONE:
        quoting = Quoting.INDENTED
    return _State(
        quoting,
        in_gmail,
        introduces=state.introduces or bool(classes & INTRODUCES_CLASSES),
        opens_history=state.opens_history or _opens_history(element, classes, name),
    )


def _opens_history(element: Element, classes: set[str], name: str) -> bool:
    return (
        name in OPENS_HISTORY
        or bool(classes & OPENS_HISTORY_CLASSES)
        or OUTLOOK_LINE.search(element.get("style")[:300]) is not None
    )


def _is_cited(element: Element, classes: set[str], name: str, in_gmail: bool) -> bool:
    if element.tag == "blockquote":
        return in_gmail or element.get("type").lower() == "cite" or bool(classes & CITED_CLASSES)
    return (
        bool(classes & (CITED_CLASSES - {"gmail_quote"}))
        or CITED_IDS.match(name) is not None
        or element.get("name") == "quote"
    )


def _only(element: Element, kept: Iterator[bool]) -> Element | None:
    """A copy with those leaves only, or None if it holds none. A row keeps its empty cells, or columns would shift."""
    children: list[Leaf] = []
    holds_something = False
    for child in element.children:
        if isinstance(child, str) or is_leaf(child):
            if next(kept):
                children.append(child)
                holds_something = True
        elif inner := _only(child, kept):
            children.append(inner)
            holds_something = True
        elif child.tag in CELLS:
            children.append(Element(child.tag, child.attributes))
    return Element(element.tag, element.attributes, children) if holds_something else None
