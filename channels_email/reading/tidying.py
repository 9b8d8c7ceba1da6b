"""Simplified elements without what only takes room: empty elements, rows of blank lines, blanks around the whole."""

from channels_email.reading.markup import Element

Child = Element | str
SHOWN = {"img", "hr", "td", "th"}
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
            kept.append(child)
            continue
        if child.tag not in {"pre", "br", *SHOWN}:
            child.children = _tidied(child.children)
        if child.tag == "br" or (child.tag in CONTAINERS and _is_blank(child)):
            blanks += 1 if child.tag == "br" else BLANK_LINES
            if blanks <= BLANK_LINES:
                kept.append(child if child.tag == "br" else Element("br"))
        elif child.children or child.tag in SHOWN or "data-src" in child.attributes:
            blanks = 0
            kept.append(child)
    return kept


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
