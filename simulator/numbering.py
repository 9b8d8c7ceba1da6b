"""Numbers as people write them. Good for showing only: nothing is validated here."""

from simulator.addresses import bare
from simulator.demo import AS_TYPED

COUNTRIES = {
    "1": "US", "44": "GB", "33": "FR", "49": "DE", "43": "AT", "31": "NL", "46": "SE", "61": "AU",
}  # fmt: skip
CANADIAN_AREAS = frozenset({
    "204", "226", "236", "249", "250", "289", "306", "343", "365", "367", "403", "416", "418", "431", "437",
    "438", "450", "506", "514", "519", "548", "579", "581", "587", "604", "613", "639", "647", "672", "705",
    "709", "778", "780", "782", "807", "819", "825", "867", "873", "902", "905",
})  # fmt: skip


def country(number: str) -> str:
    """The two letters for a number's calling code; empty where the product offers no numbers."""
    code = _calling_code(number)
    if code == "1" and number[2:5] in CANADIAN_AREAS:
        return "CA"
    return COUNTRIES.get(code, "")


def spaced(address: str) -> str:
    """`+14155550142` as `+1 415 555 0142`; what is not E.164 stays as it is, the demo's as it is known.

    Of a WhatsApp address only the number or user id is shown.
    """
    number = bare(address)
    if number in AS_TYPED or not number.startswith("+"):
        return AS_TYPED.get(number, number)
    code = _calling_code(number)
    rest = number[1 + len(code) :]
    if code == "1" and len(rest) == 10:
        return f"+1 {rest[:3]} {rest[3:6]} {rest[6:]}"
    groups = [rest[i : i + 3] for i in range(0, len(rest), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return " ".join([f"+{code}", *groups])


def shortened(address: str) -> str:
    """Only the end of a number, for lists that are read over somebody's shoulder."""
    number = bare(address)
    return f"…{number[-3:]}" if number.startswith("+") else number


def _calling_code(number: str) -> str:
    digits = number[1:]
    return next((code for code in COUNTRIES if digits.startswith(code)), digits[:2])
