"""Links in what people wrote (Q7)."""

from __future__ import annotations

import re

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

# Blanks, control characters, quotes and angle brackets end a link; so do marks of writing direction and
# zero-width characters, with which a link could be made to read differently from where it leads.
INSIDE = r"[^\s\x00-\x1f\x7f<>\"`“”„«»\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
BEGINNING = r"(?:(?<![A-Za-z0-9])https?://|(?<![A-Za-z0-9@._/-])www\.)(?=\w)"
URL = re.compile(BEGINNING + INSIDE + "+", re.IGNORECASE)
PUNCTUATION = ".,:;!?…'‘’"
BRACKETS = {")": "(", "]": "[", "}": "{"}
LINE_END = re.compile(r"\r\n|\r|\n")


def linkify(text: str) -> SafeString:
    """The text as HTML: escaped, a link on each http(s):// and www. address, `<br>` for each line end.

    No other scheme becomes a link. Punctuation behind an address and brackets without a partner in it stay
    outside. Not Django's `urlize`: that reads the plain text "?job=5&region=de" as an HTML entity and links
    to "?job=5®ion=de", and it links email addresses too.
    """
    html, end_of_last = [], 0
    for match in URL.finditer(text):
        end = _end_of_url(text, match.start(), match.end())
        html += [_escaped(text[end_of_last : match.start()]), _link(text[match.start() : end])]
        end_of_last = end
    html.append(_escaped(text[end_of_last:]))
    return SafeString("".join(html))  # each piece was escaped above


def linkify_marked(text: str, phrase: str) -> SafeString:
    """The same, with the first place of a phrase marked; one that isn't there marks nothing."""
    before, found, behind = text.partition(phrase)
    if not found:
        return linkify(text)
    return format_html("{}<mark>{}</mark>{}", linkify(before), linkify(found), linkify(behind))


def _link(url: str) -> str:
    href = url if url.lower().startswith("http") else f"https://{url}"
    return format_html('<a href="{}" rel="noopener nofollow" target="_blank">{}</a>', href, url)


def _escaped(text: str) -> str:
    return LINE_END.sub("<br>", escape(text))


def _end_of_url(text: str, start: int, end: int) -> int:
    """Where the address ends that was found in text[start:end], by the rule of `linkify`.

    Brackets are counted once and not anew at each step, so a long row of them stays cheap.
    """
    url = text[start:end]
    surplus = {closing: url.count(closing) - url.count(opening) for closing, opening in BRACKETS.items()}
    while (last := text[end - 1]) in PUNCTUATION or last in BRACKETS.values() or surplus.get(last, 0) > 0:
        end -= 1
        for closing, opening in BRACKETS.items():
            surplus[closing] += (last == opening) - (last == closing)
    return end
