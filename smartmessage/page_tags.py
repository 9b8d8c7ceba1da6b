"""Tags and filters that every page may use without loading them."""

from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from candidates import phone_numbers
from inbox import channels, pauses, search
from inbox.models import Conversation, SendingPause
from inbox.next_steps import Offer, Page
from inbox.querysets import NOTES
from inbox.thread import Entry

register = template.Library()

ON_PAGE = "failures_on_page"
HUES = 8
DAYS_WITH_NAMES = 7


@register.simple_tag
def icon(name: str, *, size: str = "", extra: str = "", label: str = "") -> SafeString:
    """A glyph of the sprite; with a label it is an image with a name, else decoration."""
    return _icon(name, size, extra, str(label))


@lru_cache(maxsize=1_000)
def _icon(name: str, size: str, extra: str, label: str) -> SafeString:
    classes = " ".join(filter(None, ["icon", size and f"icon--{size}", extra]))
    role = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html('<svg class="{}" {}><use href="{}#{}"/></svg>', classes, SafeString(role), _sprite(), name)


@cache
def _sprite() -> str:
    return static("icons.svg")


@register.simple_tag(takes_context=True)
def next_step(context: dict[str, Any], entry: Entry) -> Offer:
    """What is offered below a failed text, on a page with a conversation."""
    assert entry.failure
    return _page(context).offer(entry.message, entry.failure)


@register.simple_tag(takes_context=True)
def may_send_again(context: dict[str, Any], entry: Entry) -> bool:
    """Whether the button that sends an unconfirmed or canceled text again would do so for this user."""
    return entry.may_send_again and _page(context).may_send_again(entry.message)


def _page(context: dict[str, Any]) -> Page:
    """What is known for all failed texts of this page."""
    page = context.get(ON_PAGE)
    if page is None:
        reaches = {line.key: line.reach for line in context["lines"]}
        page = Page(context["request"].user, context["conversation"], reaches)
        context.dicts[0][ON_PAGE] = page  # type: ignore[attr-defined] # for the others
    assert isinstance(page, Page)
    return page


@register.simple_tag
def paused(conversation: Conversation, channel: str) -> SendingPause | None:
    """The pause that holds what is sent on this channel."""
    return pauses.of(conversation, channel)


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


@register.filter
def hue(pk: int) -> int:
    """One of the eight calm hues, so that a face keeps its colour."""
    return (pk or 0) % HUES + 1


@register.filter
def phone(e164: str) -> str:
    """A number as people write it."""
    return phone_numbers.display(e164)


@register.filter
def channel_label(key: str) -> str:
    """A channel's name for people."""
    known = channels.registered().get(key)
    return str(known.label) if known else key


@register.filter
def channel_icon(key: str) -> str:
    """The name of a channel's glyph."""
    known = channels.registered().get(key)
    return known.icon if known else {NOTES: "pencil"}.get(key, "mail")


@register.filter
def first_word(name: str) -> str:
    return name.split(" ", 1)[0]


@register.filter
def list_time(moment: datetime | None) -> str:
    """As short as a list needs it: the clock today, the weekday this week, then the day, then the year too."""
    if moment is None:
        return ""
    there, today = timezone.localtime(moment), timezone.localdate()
    age = (today - there.date()).days
    if age <= 0:
        return date_format(there, "G:i")
    if age < DAYS_WITH_NAMES:
        return date_format(there, "D")
    return date_format(there, "j M" if there.year == today.year else "j M Y")


@register.filter
def marked(text: str, words: str) -> SafeString:
    """A name or title with the words of a search marked in it."""
    sought = search.words_of(words or "")
    return search.highlighted(text, sought) if sought else conditional_escape(text)
