"""Simplified elements without what only takes room: empty elements, rows of blank lines, blanks around the whole."""

from channels_email.reading.markup import Element
from channels_email.reading.wording import SPACES

Child = Element | str
SHOWN = {"img", "hr", "td", "th"}  # also when they hold nothing
BLANK_LINES = 2  # `<br>`s in a row: a line's end and one blank line
CONTAINERS = {"div", "p", "blockquote"}


def tidy(children: list[Child]) -> list[Child]:
    """The same to read, pleasant to see."""
    kept = _tidied(children)
    _trim(kept, -1)
    _trim(kept, 0)
    return kept


def _tidied(children: list[Child]) -> list[Child]:
    kept: list[Child] = []
    blanks = 0
    for child in children:
        if isinstance(child, str):
            blanks = 0 if child.strip() else blanks
            _add_words(kept, child)
            continue
        if child.tag not in {"pre", "br", *SHOWN}:
            child.children = _tidied(child.children)
        if child.tag == "br" or (child.tag in CONTAINERS and _is_blank(child)):
            blanks += 1 if child.tag == "br" else BLANK_LINES
            if blanks <= BLANK_LINES:
                kept.append(child if child.tag == "br" else Element("div", {}, [Element("br")]))
        elif child.children or child.tag in SHOWN or "data-src" in child.attributes:
            blanks = 0
            _drop_space_before(kept, child)
            kept.append(child)
    return kept


def _add_words(kept: list[Child], words: str) -> None:
    """Blanks and line ends count as one blank, and as none where a block begins or ends, as in a browser."""
    words = SPACES.sub(" ", words)
    last = kept[-1] if kept else None
    if last is None or _is_block(last) or (isinstance(last, str) and last.endswith(" ")):
        words = words.lstrip(" ")
    if words:
        kept.append(words)


def _drop_space_before(kept: list[Child], child: Element) -> None:
    if kept and kept[-1] == " " and child.is_block:
        kept.pop()


def _is_block(child: Child) -> bool:
    return isinstance(child, Element) and (child.is_block or child.tag == "br")


def _is_blank(child: Child) -> bool:
    """Whether nothing is seen of it."""
    if isinstance(child, str):
        return not child.strip()
    return child.tag not in SHOWN and "data-src" not in child.attributes and all(map(_is_blank, child.children))


def _trim(children: list[Child], end: int) -> None:
    """Take away what is blank at the beginning (0) or the end (-1), also within the first or last block."""
    while children:
        while children and _is_blank(children[end]):
            children.pop(end)
        last = children[end] if children else None
        children = last.children if isinstance(last, Element) and last.tag in CONTAINERS else []
