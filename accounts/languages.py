"""The languages in which companies speak to people, by their names in the reader's own."""

from django.utils.translation import get_language_info

OFFERED = ("en", "de", "fr", "nl", "sv", "es", "it", "pt", "pl", "da", "nb", "fi", "cs", "tr", "uk", "ar")


def name_of(code: str) -> str:
    """ "German"; of a language that isn't known here its code."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def choices() -> list[tuple[str, str]]:
    """Those that are offered, for a form."""
    return [(code, name_of(code)) for code in OFFERED]
