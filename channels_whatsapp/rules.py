"""WhatsApp as rules: when free text may go, what the invitation says, how an address is written."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from candidates.consent_rules import Standing
from inbox.outcomes import Reason

CHARACTERS = 1600  # Q8
TEMPLATE_CHARACTERS = 1024  # after filling in (twilio.md §9)
VALUE_CHARACTERS = 255
WINDOW = timedelta(hours=24) - timedelta(minutes=2)  # W2: for the clocks' sake
SILENT_AFTER = timedelta(hours=12)  # O8
WEEK = timedelta(days=7)
VALID_FOR = timedelta(hours=1)
INVITATION_VALID_FOR = timedelta(hours=4)
USUAL_PACE = 80.0  # messages a second that WhatsApp takes from a sender, unless it was asked for more (twilio.md §11)
PREFIX = "whatsapp:"
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
USER_ID = re.compile(r"[A-Z]{2}(\.ENT)?\.[0-9A-Za-z]{1,128}")
PLACE = re.compile(r"\{(\w*)\}")
PLACES = ("company", "about")


@dataclass(frozen=True)
class Window:
    """Whether free text may go, and until when."""

    is_open: bool
    closes_at: datetime | None


def window(last_heard: datetime | None, *, now: datetime) -> Window:
    """The window that the person's last message opened in this conversation (W2).

    Times are aware. None: she has never written here, so only the invitation may go (W1). Raises TypeError for a
    naive time, which is our mistake and not the user's.
    """
    if last_heard is None:
        return Window(is_open=False, closes_at=None)
    closes_at = last_heard + WINDOW
    return Window(is_open=now < closes_at, closes_at=closes_at)


@dataclass(frozen=True)
class Facts:
    """What is known of one person's way by WhatsApp.

    `refused_at`: when WhatsApp last said that the window is shut. `invited_at`: when the last invitation went out.
    `silent_since`: since when our last text has not arrived, as far as WhatsApp says.
    """

    phone_typed: str
    address: str
    sender: str
    standing: Standing
    last_heard: datetime | None = None
    refused_at: datetime | None = None
    invited_at: datetime | None = None
    silent_since: datetime | None = None


def open_window(facts: Facts, *, now: datetime) -> Window:
    """The window, corrected by a refusal of WhatsApp's own that came after the person's last message (63016)."""
    found = window(facts.last_heard, now=now)
    if facts.last_heard and facts.refused_at and facts.refused_at > facts.last_heard:
        return Window(is_open=False, closes_at=facts.refused_at)
    return found


def lock_reason(facts: Facts, *, now: datetime) -> Reason | None:
    """Why no free text may go, the first that counts; None: it may (F6, W1, W2, O12).

    A person who writes first may be answered within the window; that is no consent, so it ends with the window.
    """
    if not facts.address:
        return Reason.BAD_NUMBER if facts.phone_typed else Reason.NO_NUMBER
    if not facts.sender:
        return Reason.NOT_SET_UP
    if facts.standing == Standing.OPTED_OUT:
        return Reason.OPTED_OUT
    if open_window(facts, now=now).is_open:
        return None
    if facts.standing == Standing.NOTHING:
        return Reason.NO_CONSENT
    is_unanswered = facts.invited_at and (facts.last_heard is None or facts.invited_at > facts.last_heard)
    return Reason.AWAITING_REPLY if is_unanswered else Reason.WINDOW_CLOSED


def may_be_handed_over(*, is_invitation: bool, standing: Standing, is_open: bool, is_approved: bool) -> Reason | None:
    """Judged at the hand-over, by the standing that is locked for it and committed messages only (I2, I5)."""
    if standing == Standing.OPTED_OUT:
        return Reason.OPTED_OUT
    if not is_invitation:
        return None if is_open else Reason.WINDOW_CLOSED
    if standing == Standing.NOTHING:
        return Reason.NO_CONSENT
    return None if is_approved else Reason.NO_TEMPLATE


def has_consent(standing: Standing) -> bool:
    """Whether the person agreed to WhatsApp: the box on the form is enough, no second "Yes" is asked (O2, F5)."""
    return standing in {Standing.FIRST_CONSENT, Standing.INVITED, Standing.OPTED_IN}


def to_wire_language(code: str) -> str:
    """A language as WhatsApp writes it. Portuguese it knows only by country. Source: Meta's "Supported languages"."""
    return {"pt": "pt_PT"}.get(code, code.replace("-", "_"))


def to_wire(address: str) -> str:
    """An address as Twilio writes it: `whatsapp:+14155550142`, or `whatsapp:US.1349120865`."""
    return f"{PREFIX}{address}"


def from_wire(text: str) -> str:
    """The number in E.164, or the user id; empty for what is neither."""
    address = text.strip().removeprefix(PREFIX)
    return address if NUMBER.fullmatch(address) or USER_ID.fullmatch(address) else ""


def is_number(address: str) -> bool:
    return bool(NUMBER.fullmatch(address))


def prefix_of(company: str) -> str:
    """What free texts through the shared sender begin with, for the person can't tell companies apart (W5)."""
    return f"{company}: "


def fitted(value: str) -> str:
    """A template's value as WhatsApp takes it: on one line, single blanks, not too long."""
    line = " ".join(value.split())
    return line if len(line) <= VALUE_CHARACTERS else line[: VALUE_CHARACTERS - 1].rstrip() + "…"


def filled_in(body: str, *, company: str, about: str) -> str:
    """The invitation as it arrives."""
    values = {"company": fitted(company), "about": fitted(about)}
    return PLACE.sub(lambda place: values[place[1]], body)


def numbered(body: str) -> tuple[str, list[str]]:
    """The words with WhatsApp's numbered places, `{{1}}` for the first name, and the names in their order."""
    names = list(dict.fromkeys(place[1] for place in PLACE.finditer(body)))
    return PLACE.sub(lambda place: f"{{{{{names.index(place[1]) + 1}}}}}", body), names


def variables(body: str, *, company: str, about: str) -> dict[str, str]:
    """The values of the numbered places."""
    values = {"company": fitted(company), "about": fitted(about)}
    return {str(number): values[name] for number, name in enumerate(numbered(body)[1], start=1)}


class Flaw(ValueError):
    """WhatsApp would refuse these words; `key` names the rule that they break (twilio.md §9)."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(key)
        self.key, self.detail = key, detail


def check_words(body: str) -> None:
    """Raises Flaw for words that WhatsApp refuses in a template.

    Its own rules: it neither begins nor ends with a place, no two places touch, no line break, at most 1024
    characters once filled in. Ours: it names the company and what it is about (W3).
    """
    if "    " in body or any(blank in body for blank in "\n\r\t"):
        raise Flaw("line break")
    rest, names = PLACE.sub("", body), [place[1] for place in PLACE.finditer(body)]
    if "{" in rest or "}" in rest:
        raise Flaw("brace")
    if unknown := next((name for name in names if name not in PLACES), None):
        raise Flaw("unknown place", unknown)
    if missing := next((name for name in PLACES if name not in names), None):
        raise Flaw("missing place", missing)
    if body.startswith("{") or body.endswith("}"):
        raise Flaw("edge")
    if re.search(r"\}\s*\{", body):
        raise Flaw("adjacent")
    if len(rest) + VALUE_CHARACTERS * len(names) > TEMPLATE_CHARACTERS:
        raise Flaw("too long")
