"""What holds for every mail that was read, whatever it was."""

import dataclasses
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from channels_email.reading import Attachment, Mail
from channels_email.reading.pages import ALLOWED, GATE
from channels_email.reading.structure import MOST_PARTS

ATTRIBUTES = {
    "a": {"href", "rel", "class", "data-host", "dir"},
    "img": {"alt", "data-cid"},
    "span": {"class", "data-src", "dir"},
    "td": {"colspan", "rowspan", "dir"},
    "th": {"colspan", "rowspan", "dir"},
}
ADDRESS = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
LONG = 300_000
FORBIDDEN_IN_NAMES = re.compile(r"[\x00-\x1f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f]")


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def assert_sound(mail: Mail) -> None:
    for text in texts(mail):
        text.encode("utf-8")
        assert "\x00" not in text
    assert len(mail.attachments) <= MOST_PARTS * 2
    for attachment in mail.attachments:
        assert attachment.name
        assert not FORBIDDEN_IN_NAMES.search(attachment.name)
        assert attachment.name not in {".", ".."}
        assert len(attachment.name) <= 130
    for html in (mail.html, mail.quoted_html):
        assert_safe(html, {each.content_id for each in mail.attachments})
    assert mail.sent_at is None or mail.sent_at.utcoffset() is not None


def assert_safe(html: str, content_ids: set[str]) -> None:
    """Nothing of a stranger's but words and structure; and nh3 has nothing left to take away."""
    for tag, attributes in Elements(html).found:
        assert tag in ALLOWED
        assert attributes.keys() <= ATTRIBUTES.get(tag, {"dir"})
        assert attributes.get("class", "") in {"", "mail-image", "mail-odd-link"}
        assert ADDRESS.match(attributes.get("href", "tel:"))
        assert attributes.get("data-src", "https://")[:4].lower() == "http"
        assert attributes.get("data-cid") in {None, *content_ids}
    if len(html) < LONG:  # nh3 is quadratic in the `&`s of one text
        assert Elements(GATE.clean(html)).found == Elements(html).found


def texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case tuple():
            for each in value:
                yield from texts(each)
        case Attachment():
            yield from (value.name, value.content_type, value.content_id)
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from texts(getattr(value, field.name))
