"""Links of strangers: where they may go, and whether their text says so."""

import re
from urllib.parse import parse_qs, urlsplit

MOST_OF_ADDRESS = 4000
SAFE = re.compile(r"(?:https?://[^\s/]|mailto:[^\s]|tel:[+0-9])", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff\\]")
# A domain in a text, with at least two letters at its end: "www.example.com/cv", not "3.5" or "CV.pdf" in a sentence.
DOMAIN = re.compile(r"\s*(?:https?://)?((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?=[/:?#\s]|$)", re.IGNORECASE)
ADDRESS = re.compile(r"\s*[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})\s*", re.IGNORECASE)
FILE_ENDINGS = {"pdf", "doc", "docx", "txt", "html", "htm", "jpg", "png", "zip", "xlsx", "pptx", "js", "css", "php"}
# Mail servers and Google put their own address before the real one; compared is the real one.
WRAPPERS = {"safelinks.protection.outlook.com": "url", "www.google.com": "q"}


def safe_address(address: str) -> str:
    """A link's address if it is a full one of the web, of mail or of a phone; else empty."""
    spaced = address[:MOST_OF_ADDRESS].strip()
    cleaned = CONTROLS.sub("", spaced if spaced[:4].lower() == "tel:" else spaced.replace(" ", "%20"))
    if len(address) > MOST_OF_ADDRESS or not SAFE.match(cleaned):
        return ""
    return cleaned if not cleaned.lower().startswith("http") or host_of(cleaned) else ""


def goes_elsewhere(address: str, text: str) -> str:
    """The domain that a link goes to, if its text shows another one, or the address pretends one; else empty."""
    shown = (DOMAIN.match(text[:500]) or ADDRESS.fullmatch(text[:500])) if text else None
    if address.lower().startswith(("mailto:", "tel:")):
        target = address.partition(":")[2].partition("?")[0].rpartition("@")[2].lower()
    else:
        target = host_of(unwrapped(address))
    if not address.lower().startswith(("mailto:", "tel:")) and "@" in urlsplit(address).netloc:
        return target  # "https://bank.example@other.example/"
    if shown is None or address.lower().startswith("tel:"):
        return ""
    host = _without_www(shown[1].lower())
    is_file = host.rpartition(".")[2] in FILE_ENDINGS and "://" not in text
    real = _without_www(target)
    if is_file or real == host or real.endswith(f".{host}") or _ascii(host) == _ascii(real):
        return ""
    return target


def host_of(address: str) -> str:
    """The host in lower case; empty for none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def unwrapped(address: str) -> str:
    """The address that another one leads on to, for the few services that show it in theirs."""
    host = host_of(address)
    for wrapper, parameter in WRAPPERS.items():
        if host == wrapper or host.endswith(f".{wrapper}"):
            try:
                values = parse_qs(urlsplit(address).query, max_num_fields=20).get(parameter, [])
            except ValueError:
                return address
            return next((value for value in values if host_of(value)), address)
    return address


def _without_www(host: str) -> str:
    return host.removeprefix("www.")


def _ascii(host: str) -> str:
    if host.isascii() or len(host) > 253:
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
