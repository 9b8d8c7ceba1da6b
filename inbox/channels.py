"""The interface that each channel implements. A channel registers itself when its app is ready (architecture)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from candidates.consent_rules import Standing
from inbox.outcomes import Draft, Outcome, Reason, Refused

if TYPE_CHECKING:
    from inbox.models import Conversation, DeliveryAttempt, Message

Words = str | Promise


class Remedy(Enum):
    """The one thing that helps where a channel is locked."""

    INVITE = "invite"
    EDIT_CONTACT = "edit contact"
    WRITE_EMAIL = "write email"
    ASK_BY_EMAIL = "ask by email"


@dataclass(frozen=True)
class Reachable:
    """A text may go now. `label` and `detail` are its line on the reach card."""

    sender: str
    label: Words
    detail: Words


@dataclass(frozen=True)
class Locked:
    """No text may go: what is so, why, and what helps. `label` and `detail` are its line on the reach card."""

    reason: Reason
    title: Words
    text: Words
    label: Words
    detail: Words = ""
    glyph: str = "lock"
    tone: str = ""
    remedies: tuple[Remedy, ...] = (Remedy.WRITE_EMAIL,)
    preview: str = ""  # the invitation as it will arrive


Reach = Reachable | Locked


class Channel(Protocol):
    @property
    def key(self) -> str:
        """One word, for URLs and rows."""

    @property
    def label(self) -> Words:
        """Its name, for people."""

    @property
    def icon(self) -> str:
        """Its glyph's name."""

    @property
    def characters(self) -> int:
        """How many a text may have."""

    def reachability(self, conversation: "Conversation") -> Reach:
        """May a text go now, and if not, why and what helps."""

    def reachabilities(self, conversations: "Sequence[Conversation]") -> dict[int, Reach]:
        """The same of many, by their ids, with as many queries as of one."""

    def address(self, conversation: "Conversation") -> str:
        """The person's present address on this channel; empty if there is none."""

    def compose(self, conversation: "Conversation", body: str) -> Draft | Refused:
        """What will go out, with the sender reserved for this conversation. Call it in a transaction."""

    def invitation(self, conversation: "Conversation") -> Draft | Refused:
        """The invitation that may go now. Call it in a transaction, with the consent locked."""

    def refusal(self, message: "Message", standing: Standing) -> Reason | None:
        """Judges a message once more at its hand-over, by the standing that is locked for it (I5)."""

    def deliver(self, attempt: "DeliveryAttempt") -> Outcome:
        """Hands the text to the provider. Outside any transaction; ends within the call's deadline."""

    def trace(self, attempt: "DeliveryAttempt") -> Outcome:
        """Looks at the provider's for a text whose hand-over had no answer. Unknown: no trace of it
        (yet); TryLater: the provider can't be asked."""

    def failure(self, attempt: "DeliveryAttempt") -> "Failure":
        """The attempt's error in plain words, and what helps."""

    def refused_by_provider(self, attempt: "DeliveryAttempt") -> None:
        """The provider failed an attempt: what it knows of consent is truth here too (O13)."""


def invitation_in(reach: Reach) -> str | Refused:
    """The words of the invitation that may go where this is so, or why none may (O3, O16).

    The one place that says so: for a single invitation, and for many that were chosen at once.
    """
    if isinstance(reach, Reachable):
        return Refused(Reason.OPTED_IN, _("No invitation is needed: texting is open."))
    if reach.preview:
        return reach.preview
    was_invited = reach.reason in {Reason.NEVER_INVITED, Reason.INVITED}
    return Refused(Reason.INVITED_TOO_OFTEN if was_invited else reach.reason, f"{reach.title}. {reach.text}")


@dataclass(frozen=True)
class Failure:
    """Why a text did not arrive, for the recruiter."""

    sentence: Words
    may_retry: bool
    may_edit_number: bool
    code: int | None


_registered: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    _registered[channel.key] = channel


def get(key: str) -> Channel:
    """The channel of that key; KeyError for one that nobody registered."""
    return _registered[key]


def registered() -> dict[str, Channel]:
    return dict(_registered)
