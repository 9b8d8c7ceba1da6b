"""Safe, plain HTML of a stranger's page. Structure stays; styles, scripts, forms and everything remote go.

Two steps. `simplify` makes a new tree of few elements and of our own attributes only; `write` puts it out and sends it
through nh3, which lets nothing else pass, whatever the first step overlooked. What the page may rely on:

- `<span class="mail-image" data-src="https://…">description</span>`: a picture that is loaded only if the reader asks;
- `<img data-cid="…">`: a picture of the mail itself; it has no source until the page gives it the attachment's;
- `<a class="mail-odd-link" data-host="…">`: the text shows another domain than `data-host`, where the link goes;
- links have rel="noopener noreferrer nofollow" and no target; headings begin at h4, below those of our page.
"""

import html
import re
from collections.abc import Callable

import nh3

from channels_email.reading.links import goes_elsewhere, safe_address
from channels_email.reading.markup import CELLS, GROUPS, Element

HIDDEN = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|!|$)|font-size:0(?:px|pt|em|%)?(?:;|!|$)"
    r"|max-height:0(?:px)?(?:;|!|$))"
)
TINY = re.compile(r"(?:^|;)(?:max-)?(width|height):([0-9.]{1,8})(?:px|pt)?(?:;|!|$)")
MOST_OF_PIXEL = 3  # a picture as small as that is there to tell that the mail was opened

SAME = {
    *("p", "br", "hr", "div", "b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "code", "pre"),
    *(
        "blockquote",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
    ),
}
RENAMED = {
    "strike": "s",
    "tt": "code",
    "kbd": "code",
    "samp": "code",
    "menu": "ul",
    "dir": "ul",
    "h1": "h4",
    "h2": "h5",
    **{f"h{n}": "h6" for n in range(3, 7)},
    **dict.fromkeys(("address", "article", "aside", "center", "details", "fieldset", "figure"), "div"),
    **dict.fromkeys(("footer", "form", "header", "main", "nav", "section", "summary", "figcaption"), "div"),
}
ALLOWED = {*SAME, *(set(RENAMED.values())), "a", "img", "span"}
DROPPED = {"select", "option", "datalist", "audio", "video"}  # what they hold is for those who can use them
DIRECTIONS = {"ltr", "rtl", "auto"}
MOST_SPAN = 100
# nh3 copies a text for each `&` in it (a million took minutes). A comment, which nh3 drops, makes two texts of one.
PIECE = 10_000
DATA_PICTURE = re.compile(r"data:image/(png|jpe?g|gif|webp);base64,", re.IGNORECASE)
REMOTE = re.compile(r"https?://[^\s\"'<>\\]{3,2000}", re.IGNORECASE)

Keep = Callable[[str], str]  # the content id of a picture in a data: address, kept as an attachment; or empty


class Pictures:
    """The pictures that a mail brings, by their content ids; `shown` gathers those that its HTML shows."""

    def __init__(self, content_ids: set[str], keep: Keep) -> None:
        self.content_ids, self.keep = content_ids, keep
        self.shown: set[str] = set()


def without_hidden(element: Element) -> Element:
    """The tree without what its author hid: preheaders, and words meant for filters only."""
    kept: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str):
            kept.append(child)
        elif not _is_hidden(child):
            kept.append(without_hidden(child))
    return Element(element.tag, element.attributes, kept)


def simplify(root: Element, pictures: Pictures) -> list[Element | str]:
    """What of a tree is shown, as few new elements."""
    return [each for child in root.children for each in _child(child, pictures)]


def _simplified(element: Element, pictures: Pictures) -> list[Element | str]:
    if element.tag in DROPPED:
        return []
    inner = simplify(element, pictures)
    if element.tag == "table" and _is_layout(element):
        return _as_blocks(inner)
    tag = RENAMED.get(element.tag, element.tag)
    if tag == "p" and any(name.startswith("mso") for name in element.classes):
        tag = "div"  # Word's paragraphs have no space between them; its blank lines are empty paragraphs
    if tag == "a":
        return _link(element, inner)
    if tag not in SAME and tag not in RENAMED.values():
        return inner
    attributes = {"dir": element.get("dir").lower()} if element.get("dir").lower() in DIRECTIONS else {}
    if tag in {"td", "th"}:
        attributes |= {name: span for name in ("colspan", "rowspan") if (span := _span(element.get(name)))}
    return [Element(tag, attributes, inner)]


def write(children: list[Element | str]) -> str:
    """Safe HTML of simplified elements; empty if they show nothing."""
    return GATE.clean("".join(_written(child) for child in children)).strip()


def _child(child: Element | str, pictures: Pictures) -> list[Element | str]:
    if isinstance(child, str):
        return [child]
    return _picture(child, pictures) if child.tag == "img" else _simplified(child, pictures)


def _is_hidden(element: Element) -> bool:
    if "hidden" in element.attributes:
        return True
    style = "".join(element.get("style")[:2000].split()).lower()
    return bool(style) and HIDDEN.search(style) is not None


def _picture(image: Element, pictures: Pictures) -> list[Element | str]:
    source, alt = image.get("src").strip(), " ".join(image.get("alt").split())[:300]
    if _is_pixel(image):
        return []
    name = source[4:].strip("<>") if source[:4].lower() == "cid:" else ""
    if DATA_PICTURE.match(source):
        name = pictures.keep(source)
        pictures.content_ids |= {name} - {""}
    if name in pictures.content_ids:
        pictures.shown.add(name)
        return [Element("img", {"data-cid": name, "alt": alt})]
    if REMOTE.fullmatch(source):
        return [Element("span", {"class": "mail-image", "data-src": source}, [alt])]
    return [alt] if alt else []


def _is_pixel(image: Element) -> bool:
    style = "".join(image.get("style")[:2000].split()).lower()
    sizes = {name: float(size) for name, size in TINY.findall(style) if size.replace(".", "", 1).isdigit()}
    for name in ("width", "height"):
        if (value := image.get(name).strip().removesuffix("px")) and value.isascii() and value.isdigit():
            sizes[name] = float(value[:6])
    return any(size <= MOST_OF_PIXEL for size in sizes.values())


def _link(element: Element, inner: list[Element | str]) -> list[Element | str]:
    address = safe_address(element.get("href"))
    if not address:
        return inner
    attributes = {"href": address}
    if host := goes_elsewhere(address, text_of(inner)):
        attributes |= {"class": "mail-odd-link", "data-host": host}
    return [Element("a", attributes, inner)]


def text_of(children: list[Element | str]) -> str:
    """All text within, as it stands there."""
    return "".join(child if isinstance(child, str) else text_of(child.children) for child in children)


def _is_layout(table: Element) -> bool:
    """Whether a table only puts things on a page: it says so, holds another, or has one column or one row."""
    if table.get("role").lower() in {"presentation", "none"} or _has_table(table):
        return True
    rows = [row for row in _rows(table) if row.children]
    widest = max(
        (sum(isinstance(cell, Element) and cell.tag in CELLS for cell in row.children) for row in rows), default=0
    )
    return len(rows) < 2 or widest < 2


def _has_table(element: Element) -> bool:
    return any(isinstance(child, Element) and (child.tag == "table" or _has_table(child)) for child in element.children)


def _rows(table: Element) -> list[Element]:
    found = []
    for child in table.children:
        if isinstance(child, Element):
            found += [child] if child.tag == "tr" else _rows(child) if child.tag in GROUPS else []
    return found


def _as_blocks(children: list[Element | str]) -> list[Element | str]:
    """A table's cells one below the other."""
    blocks: list[Element | str] = []
    for child in children:
        if isinstance(child, str) or child.tag not in {*GROUPS, *CELLS, "tr"}:
            blocks.append(child)
        elif child.tag in CELLS:
            blocks.append(Element("div", {}, child.children))
        else:
            blocks += _as_blocks(child.children)
    return blocks


def _span(value: str) -> str:
    value = value.strip()
    return value if value.isascii() and value.isdigit() and 1 < int(value[:4]) <= MOST_SPAN and len(value) < 4 else ""


def _written(child: Element | str) -> str:
    if isinstance(child, str):
        pieces = [child[start : start + PIECE] for start in range(0, len(child), PIECE)]
        return "<!---->".join(html.escape(piece, quote=False) for piece in pieces)
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in child.attributes.items())
    if child.tag in {"br", "hr", "img"}:
        return f"<{child.tag}{attributes}>"
    return f"<{child.tag}{attributes}>{''.join(_written(each) for each in child.children)}</{child.tag}>"


def _only_ours(tag: str, name: str, value: str) -> str | None:
    """The last look at each attribute; whatever isn't exactly of our making goes."""
    good = {
        ("a", "href"): lambda: bool(safe_address(value)),
        ("span", "data-src"): lambda: REMOTE.fullmatch(value) is not None,
        ("td", "colspan"): lambda: bool(_span(value)),
        ("td", "rowspan"): lambda: bool(_span(value)),
        ("th", "colspan"): lambda: bool(_span(value)),
        ("th", "rowspan"): lambda: bool(_span(value)),
    }.get((tag, name))
    if name == "dir":
        return value if value in DIRECTIONS else None
    return value if good is None or good() else None


GATE = nh3.Cleaner(
    tags=ALLOWED,
    attributes={
        "a": {"href", "data-host"},
        "img": {"alt", "data-cid"},
        "span": {"data-src"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "*": {"dir"},
    },
    tag_attribute_values={"span": {"class": {"mail-image"}}, "a": {"class": {"mail-odd-link"}}},
    attribute_filter=_only_ours,
    link_rel="noopener noreferrer nofollow",
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
)
