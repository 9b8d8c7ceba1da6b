"""What an action or a hand-over can end in. Results, not exceptions: each has words for the person who asked."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from inbox.models import Message, ScheduledMessage


class Reason(TextChoices):
    """Why no text may go. The label is what a canceled message says after its "Not sent:"."""

    NO_NUMBER = "no number", _("there is no phone number.")
    BAD_NUMBER = "bad number", _("the phone number can't receive texts.")
    NUMBER_CHANGED = "number changed", _("the phone number was changed a moment before.")
    NO_ADDRESS = "no address", _("there is no email address.")
    ADDRESS_CHANGED = "address changed", _("the email address was changed a moment before.")
    BOUNCED = "bounced", _("email to this address comes back.")
    NO_CONSENT = "no consent", _("there is no consent to text.")
    NEVER_INVITED = "never invited", _("the person has not opted in.")
    INVITED = "invited", _("the person has not answered the invitation.")
    INVITED_TOO_OFTEN = "invited too often", _("the person was invited often enough for now.")
    OPTED_OUT = "opted out", _("the person opted out a moment before.")
    OPTED_IN = "opted in", _("the person has already opted in.")
    HELD = "held", _("the person wrote what reads like a request to stop.")
    DECIDED = "decided", _("somebody has decided about this message already.")
    NO_SENDER = "no sender", _("no sending number is free for this conversation.")
    SENDER_BLOCKED = "sender blocked", _("the carrier blocks texts from this number.")
    NOT_SET_UP = "not set up", _("this channel isn't set up.")
    WINDOW_CLOSED = "window closed", _("the 24 hours for free texting ended a moment before.")
    AWAITING_REPLY = "awaiting reply", _("the person has not replied to the invitation.")
    NO_TEMPLATE = "no template", _("there is no approved invitation.")
    NO_SEAT = "no seat", _("the author no longer holds a SmartMessage seat.")
    NOT_ON_TEAM = "not on team", _("the author is no longer on the team.")
    NO_SUBSCRIPTION = "no subscription", _("the company doesn't text on this channel.")
    EMPTY = "empty", _("the text is empty.")
    TOO_LONG = "too long", _("the text is too long.")
    UNFILLED = "unfilled", _("a place in the text is not filled.")
    UNREADABLE = "unreadable", _("the text contains characters that can't be sent.")
    ALREADY_SENT = "already sent", _("another text was sent from this draft.")
    BAD_HOUR = "bad hour", _("it is no good time where the person is.")
    NOT_MENTIONABLE = "not mentionable", _("somebody is mentioned who is not on the team.")
    NOT_MOVABLE = "not movable", _("this message can't be moved.")
    TAKEN_BACK = "taken back", _("its author took it back.")
    NOT_WAITING = "not waiting", _("this message isn't waiting any more.")
    NO_SUCH_TIME = "no such time", _("the time is not one that can be kept.")
    STOPPED = "stopped", _("a colleague stopped it.")
    HAS_LEFT = "has left", _("this message has left already.")
    NOT_RETRYABLE = "not retryable", _("this text is not waiting for another try.")


@dataclass(frozen=True)
class Refused:
    """Nothing was stored. `sentence` says what happened, what it means and what to do now."""

    reason: Reason
    sentence: str = ""


@dataclass(frozen=True)
class Sent:
    """The message is stored and will be handed over, whatever is killed from here on."""

    message: "Message"


@dataclass(frozen=True)
class Scheduled:
    """It is kept, and leaves when it may."""

    row: "ScheduledMessage"


@dataclass(frozen=True)
class TakenBack:
    """A message won't go out; its words are in the author's draft again, and here."""

    channel: str
    words: str
    subject: str = ""


@dataclass(frozen=True)
class Draft:
    """What will go out, and between which addresses; `handover` is what the channel needs beside the body."""

    body: str
    sender: str
    recipient: str
    handover: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """The provider took the text over."""

    provider_id: str
    status: str


@dataclass(frozen=True)
class Rejected:
    """The provider said no, for good. `code` is its own, None where it gave none."""

    code: int | None


@dataclass(frozen=True)
class TryLater:
    """Nothing was taken; the same text may go again. `pause`: the provider's wish, if it had one."""

    pause: timedelta | None = None


@dataclass(frozen=True)
class AccountProblem:
    """Nothing was taken, and no other text would have been: the account itself must be mended first.

    `code` is the provider's own, None where it gave none.
    """

    code: int | None


@dataclass(frozen=True)
class Unknown:
    """No answer. It may have been taken, so no machine ever sends it again."""

    why: str = field(default="", compare=False)


@dataclass(frozen=True)
class Reported:
    """Where a text stands at the provider's, in its own word."""

    word: str
    error_code: int | None


Outcome = Accepted | Rejected | TryLater | AccountProblem | Unknown
