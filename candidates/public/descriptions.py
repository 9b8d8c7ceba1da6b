"""A job's description: plain text, shown as headings, paragraphs and lists. Nothing of it is ever HTML."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

BULLET = re.compile(r"^\s*[-*•–]\s+(?=\S)")
LONGEST_HEADING = 60


@dataclass
class Block:
    """A piece of the description. `kind`: "heading", "paragraph" or "list"; a paragraph's lines are broken as typed."""

    kind: str
    lines: list[str] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """Lines that begin with a dash, a star or a dot are a list; a short line right above a list is its heading."""
    found: list[Block] = []
    for line in [*text.splitlines(), ""]:
        _add(found, line.strip())
    shown = [block for block in found if block.lines]
    for above, below in pairwise(shown):
        if below.kind == "list" and _is_heading(above):
            above.kind, above.lines = "heading", [above.lines[0].removesuffix(":")]
    return shown


def _add(found: list[Block], line: str) -> None:
    if not line:
        found.append(Block("paragraph"))
        return
    kind = "list" if BULLET.match(line) else "paragraph"
    if kind == "list":
        line = BULLET.sub("", line)
    last = _last_with_lines(found) if kind == "list" else (found[-1] if found else None)
    if last is None or last.kind != kind:
        last = Block(kind)
        found.append(last)
    last.lines.append(line)


def _last_with_lines(found: Iterable[Block]) -> Block | None:
    """A blank line between two points of a list doesn't end it."""
    return next((block for block in reversed(list(found)) if block.lines), None)


def _is_heading(block: Block) -> bool:
    only = block.lines[0] if len(block.lines) == 1 else ""
    return block.kind == "paragraph" and 0 < len(only) <= LONGEST_HEADING and only[-1] not in ".!?…;,"
