"""Template filters that every page may use without loading them."""

from django import template

from candidates import phone_numbers

register = template.Library()

HUES = 8


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
