"""Plain text bodies: flowed lines joined (RFC 3676), the history told from the new words."""

from collections.abc import Iterator

from channels_email.reading.history import Line, Quoting, history_of

MOST_CHARACTERS = 1_000_000
MOST_LINES = 20_000
SIGNATURE = "-- "


def fold(text: str, *, is_forward: bool, has_files: bool = False) -> tuple[str, str]:
    """The new words, and the history or an empty text."""
    rows = text.split("\n", MOST_LINES)
    lines = [Line(row.strip(), Quoting.CITED if row.startswith(">") else Quoting.NONE) for row in rows]
    history = history_of(lines, is_forward=is_forward, has_files=has_files)
    new = [row for row, is_old in zip(rows, history, strict=True) if not is_old]
    old = [row for row, is_old in zip(rows, history, strict=True) if is_old]
    return trimmed(new), trimmed(old)


def trimmed(rows: list[str]) -> str:
    """Lines without blanks at their ends, without blank lines around them, and at most two of those in a row."""
    kept: list[str] = []
    for row in rows:
        row = row.rstrip()
        if row or (kept and (kept[-1] or kept[-2:-1] != [""])):
            kept.append(row)
    return "\n".join(kept).strip("\n")


def unflowed(text: str, *, deletes_space: bool) -> str:
    """Text of `format=flowed` with its soft line ends gone. `deletes_space`: the blank before them goes too (DelSp)."""
    return "\n".join(_unflowed(text, deletes_space))


def _unflowed(text: str, deletes_space: bool) -> Iterator[str]:
    paragraph: list[str] = []
    depth = 0
    for row in text.split("\n"):
        words = row.lstrip(">")
        quotes = len(row) - len(words)
        words = words.removeprefix(" ")  # stuffed
        if paragraph and (quotes != depth or words == SIGNATURE):
            yield _row(paragraph, depth)
            paragraph = []
        depth = quotes
        is_soft = words.endswith(" ") and words != SIGNATURE
        paragraph.append(words[:-1] if is_soft and deletes_space else words)
        if not is_soft:
            yield _row(paragraph, depth)
            paragraph = []
    if paragraph:
        yield _row(paragraph, depth)


def _row(paragraph: list[str], depth: int) -> str:
    return (">" * depth + " " if depth else "") + "".join(paragraph)
