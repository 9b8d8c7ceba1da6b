"""How many parts a text is billed as. GSM-7 if every character fits, else UCS-2 for the whole text."""

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = frozenset("^{}\\[~]|€\f")  # each travels behind an escape character


def utf16_units(text: str) -> int:
    """The length as JavaScript counts it: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def segments(text: str) -> int:
    """Parts of 160 or 153 GSM-7 characters, or of 70 or 67 UTF-16 units; an empty text is one."""
    if all(letter in GSM_BASIC or letter in GSM_DOUBLE for letter in text):
        length = len(text) + sum(letter in GSM_DOUBLE for letter in text)
        return 1 if length <= 160 else -(-length // 153)
    length = utf16_units(text)
    return 1 if length <= 70 else -(-length // 67)
