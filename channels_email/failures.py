"""Why a mail was not delivered, in plain words: enhanced status codes (RFC 3463, RFC 7505) and SMTP replies (RFC 5321).

An attempt keeps its reason as one number: an SMTP reply as it is (550), "5.1.1" as 5001001.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATUS = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
NO_SUCH_USER = re.compile(
    r"user unknown|unknown user|no such (user|mailbox|recipient)|(user|mailbox|account) (does not|doesn't) exist"
    r"|invalid (recipient|mailbox)|recipient not found|no mailbox|not a known user|address does not exist",
    re.IGNORECASE,
)
UNSAID = {"", "4.0.0", "5.0.0", "5.5.0"}  # statuses that leave the reason to the words


@dataclass(frozen=True)
class Cause:
    """`is_address`: the address itself is at fault, so that no other mail to it will arrive either."""

    sentence: str | Promise
    may_retry: bool = True
    is_address: bool = False


NO_REASON = Cause(_("The email could not be delivered."))
REFUSED = Cause(_("The receiving mail server refused the email."))
CAUSES = {
    "1.1": Cause(_("This mailbox doesn't exist."), may_retry=False, is_address=True),
    "1.2": Cause(_("The domain of this address takes no email."), may_retry=False, is_address=True),
    "1.3": Cause(_("This address isn't written as addresses are."), may_retry=False, is_address=True),
    "1.6": Cause(_("This mailbox has moved and left no new address."), may_retry=False, is_address=True),
    "1.10": Cause(_("The domain of this address takes no email."), may_retry=False, is_address=True),
    "2.1": Cause(_("This mailbox is closed."), may_retry=False, is_address=True),
    "2.2": Cause(_("This mailbox is full.")),
    "2.3": Cause(_("The email is too large for this mailbox.")),
    "3.4": Cause(_("The email is too large for this mailbox.")),
    "4.1": Cause(_("The receiving mail server didn't answer.")),
    "4.4": Cause(_("The domain of this address takes no email."), may_retry=False, is_address=True),
    "4.7": Cause(_("The receiving mail server couldn't be reached for too long.")),
    "7.1": Cause(_("The receiving mail server refused the email, by its rules or as unwanted.")),
}
OF_SUBJECT = {"7": CAUSES["7.1"]}
SMTP = {550: Cause(_("The receiving mail server doesn't take email for this address.")), 552: CAUSES["2.2"]}


def number_of(status: str) -> int | None:
    """The number under which an enhanced status code is kept; None for what is none."""
    found = STATUS.fullmatch(status.strip())
    return int(found[1]) * 1_000_000 + int(found[2]) * 1_000 + int(found[3]) if found else None


def status_of(number: int) -> str:
    """The enhanced status code behind a number; empty for an SMTP reply."""
    return f"{number // 1_000_000}.{number // 1_000 % 1_000}.{number % 1_000}" if number >= 1_000_000 else ""


def code_of(*, status: str = "", reply: int | None = None, words: str = "") -> int | None:
    """The number to keep of what a mail server said: its status, else one within its words, else its SMTP reply."""
    found = STATUS.search(words)
    status = found[0] if status in UNSAID and found else status
    if status in UNSAID and NO_SUCH_USER.search(words):
        status = "5.1.1"
    return number_of(status) or reply


def explain(number: int | None) -> Cause:
    """A code that isn't known is a refusal without a reason; none at all, an email that nobody took for an hour."""
    if number is None:
        return NO_REASON
    status = status_of(number)
    if not status:
        return SMTP.get(number, REFUSED)
    _class, _dot, rest = status.partition(".")
    return CAUSES.get(rest) or OF_SUBJECT.get(rest.split(".")[0], REFUSED)


def is_for_good(number: int | None) -> bool:
    """Whether the address itself is at fault, for good: a temporary status (4.x) never says that."""
    return number is not None and explain(number).is_address and not status_of(number).startswith("4")
