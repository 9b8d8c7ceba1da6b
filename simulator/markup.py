"""HTML in which only what is made here is markup: every text that comes in is escaped."""

import html
from collections.abc import Iterable, Mapping

VOID = frozenset({"br", "input", "hr"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def h(tag: str, attributes: Mapping[str, str | bool | None] | None = None, *children: str | None) -> Markup:
    """An element: True is an attribute without a value, False and None are left out, and so are children of None."""
    written = "".join(_attribute(name, value) for name, value in (attributes or {}).items())
    start = f"<{tag}{written}>"
    return Markup(start if tag in VOID else f"{start}{join(children)}</{tag}>")


def join(children: Iterable[str | None]) -> Markup:
    return Markup("".join(escaped(each) for each in children if each is not None))


def escaped(text: str) -> Markup:
    return text if isinstance(text, Markup) else Markup(html.escape(text))


def icon(name: str, size: str = "") -> Markup:
    kind = f"icon icon--{size}" if size else "icon"
    return h("svg", {"class": kind, "aria-hidden": "true"}, h("use", {"href": f"/static/icons.svg#{name}"}))


def _attribute(name: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{html.escape(value)}"'
