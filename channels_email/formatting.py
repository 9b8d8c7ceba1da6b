"""What a user types as HTML: paragraphs, lists, links, **bold**, *italic*. The thread shows what the person reads."""

import re
from itertools import groupby

from django.utils.html import format_html
from django.utils.safestring import SafeString

from inbox.links import linkify

BULLET = re.compile(r"^[ \t]{0,3}[-*•][ \t]+(?=\S)")
NUMBER = re.compile(r"^[ \t]{0,3}(\d{1,4})[.)][ \t]+(?=\S)")
LINK = re.compile(r"<a .*?</a>")
KEPT = re.compile("\x00(\\d+)\x00")  # no text has a NUL (sending.unfit)
BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])(.+?)(?<=[^\s*])\*\*(?![\w*])", re.DOTALL)
ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?![\w*])")


def as_html(body: str) -> SafeString:
    """Everything is escaped but these few elements. A line that begins with "- " or "1. " is an item of a list."""
    return SafeString("".join(_block(kind, list(lines)) for kind, lines in groupby(body.split("\n"), key=_kind)))


def _kind(line: str) -> str:
    if BULLET.match(line):
        return "ul"
    if NUMBER.match(line):
        return "ol"
    return "p" if line.strip() else ""


def _block(kind: str, lines: list[str]) -> str:
    if kind == "":
        return ""
    if kind == "p":
        text = "\n".join(lines)
        return f'<p dir="auto">{_inline(text)}</p>'
    mark = BULLET if kind == "ul" else NUMBER
    items = "".join(f'<li dir="auto">{_inline(mark.sub("", line))}</li>' for line in lines)
    first = NUMBER.match(lines[0]) if kind == "ol" else None
    start = format_html(' start="{}"', first[1]) if first and first[1] != "1" else ""
    return f"<{kind}{start}>{items}</{kind}>"


def _inline(text: str) -> str:
    """Links first: a star within an address marks nothing."""
    links: list[str] = []

    def keep(link: "re.Match[str]") -> str:
        links.append(link[0])
        return f"\x00{len(links) - 1}\x00"

    html = LINK.sub(keep, linkify(text.replace("\x00", "")))
    html = ITALIC.sub(r"<em>\1</em>", BOLD.sub(r"<strong>\1</strong>", html))
    return KEPT.sub(lambda place: links[int(place[1])], html)
