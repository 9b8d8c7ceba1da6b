"""The interface that each channel implements. A channel registers itself when its app is ready (architecture)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.consent_rules import Standing
from inbox.asking import Question, Rows
from inbox.outcomes import Draft, Outcome, Reason, Refused, Reported, TryLater, Unknown

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import Company
    from inbox.models import Conversation, DeliveryAttempt, Message, UnmatchedReply

EMAIL = "email"  # every company has it, whatever it subscribed to (Q4)
Words = str | Promise
SEND_INVITE = gettext_lazy("Send Invite")


class Remedy(Enum):
    """The one thing that helps where a channel is locked."""

    INVITE = "invite"
    EDIT_CONTACT = "edit contact"
    WRITE_EMAIL = "write email"
    ASK_BY_EMAIL = "ask by email"


@dataclass(frozen=True)
class Mark:
    """A glyph beside a channel's tab, with its meaning in words."""

    glyph: str
    words: Words


@dataclass(frozen=True)
class SenderAdvice:
    """What to know of the sender before a text goes out; it forbids nothing (V2).

    `instead`: the key of a channel that serves better.
    """

    head: Words
    text: Words
    glyph: str
    instead: str = ""


@dataclass(frozen=True)
class Reachable:
    """A text may go now. `label` and `detail` are its line on the reach card.

    `is_opted_in`: the person agreed to this channel, so the check mark stands (F5); one who wrote first may be
    answered without. `open_until`: when that ends by itself. `prefix`: what each text begins with. `subject`: the one
    that fits, None where messages have none.
    """

    sender: str
    label: Words
    detail: Words
    is_opted_in: bool = True
    open_until: datetime | None = None
    prefix: str = ""
    hint: Words = ""
    subject: Words | None = None
    advice: tuple[SenderAdvice, ...] = ()


@dataclass(frozen=True)
class Locked:
    """No text may go: what is so, why, and what helps. `label` and `detail` are its line on the reach card.

    `is_opted_in`: the person agreed to this channel and the invitation reaches her (F5). `mark`: the glyph and its
    words beside the channel's tab. `invite`: the words of the button that sends the invitation.
    """

    reason: Reason
    title: Words
    text: Words
    label: Words
    detail: Words = ""
    glyph: str = "lock"
    tone: str = ""
    remedies: tuple[Remedy, ...] = (Remedy.WRITE_EMAIL,)
    preview: str = ""  # the invitation as it will arrive
    is_opted_in: bool = False
    mark: "Mark | None" = None
    invite: Words = SEND_INVITE
    advice: tuple[SenderAdvice, ...] = ()  # on the invitation
    about: "Message | None" = None  # of this conversation, where somebody has to decide about it


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

    @property
    def has_segments(self) -> bool:
        """Whether a text is billed in segments, whose number depends on its characters (Q8)."""

    @property
    def needs_seat(self) -> bool:
        """Whether only who holds a SmartMessage seat sends on it (A3); else who is on the team does."""

    @property
    def account(self) -> str:
        """Whose account with a provider it sends through: channels that share one pause together."""

    def account_works(self) -> bool:
        """Asks the provider whether the account is mended. Outside any transaction; False where it can't be asked."""

    def reachability(self, conversation: "Conversation") -> Reach:
        """May a text go now, and if not, why and what helps."""

    def question(self, conversations: "Sequence[Conversation]") -> Question:
        """What must be known first; asked together with the other channels', where a page shows them all."""

    def reachabilities(self, conversations: "Sequence[Conversation]", answer: Rows | None = None) -> dict[int, Reach]:
        """The same of many, by their ids, with as many queries as of one. `answer`: to `question`, if it was asked."""

    def senders(self) -> "QuerySet[Any, Any] | None":
        """Our senders on this channel, which are `Paced`; None where nothing keeps a pace."""

    def weight(self, body: str) -> int:
        """What a text takes of its sender's pace."""

    def address(self, conversation: "Conversation") -> str:
        """The person's present address on this channel; empty if there is none."""

    def worded(self, conversation: "Conversation", body: str) -> str:
        """The text as the person will read it; nothing stays nothing."""

    def compose(self, conversation: "Conversation", body: str, *, subject: str = "") -> Draft | Refused:
        """What will go out, worded as it is, with the sender reserved for this conversation. In a transaction.

        `subject`: where the channel has one.
        """

    def invitation(self, conversation: "Conversation") -> Draft | Refused:
        """The invitation that may go now. Call it in a transaction, with the consent locked."""

    def refusal(self, message: "Message", standing: Standing) -> Reason | None:
        """Judges a message once more at its hand-over, by the standing that is locked for it (I5).

        The conversation is locked. A message whose sender is no longer in use is given the present one.
        """

    def deliver(self, attempt: "DeliveryAttempt") -> Outcome:
        """Hands the text to the provider. Outside any transaction; ends within the call's deadline."""

    def trace(self, attempt: "DeliveryAttempt") -> Outcome:
        """Looks at the provider's for a text whose hand-over had no answer. Unknown: no trace of it
        (yet); TryLater: the provider can't be asked."""

    def status_of(self, attempt: "DeliveryAttempt") -> Reported | Unknown | TryLater:
        """Asks the provider where a text that it took stands. Unknown: it doesn't know; TryLater: it can't be asked."""

    def failure(self, attempt: "DeliveryAttempt") -> "Failure":
        """The attempt's error in plain words, and what helps."""

    def letters_question(self, messages: "Sequence[Message]") -> Question | None:
        """What `letters` must know first; None where that is nothing."""

    def letters(self, messages: "Sequence[Message]", answer: Rows | None = None) -> "dict[int, Letter]":
        """What a page shows of these messages beside their words, by their ids; a text channel adds nothing.

        `answer`: to the question, if it was asked.
        """

    def names_of(self, company_id: int, address: str) -> set[str]:
        """All addresses by which this channel knows the person behind one, itself included (O10)."""

    def conversations_of(self, company_id: int, addresses: Iterable[str]) -> set[int]:
        """The company's conversations with whoever has one of these addresses (O10)."""

    def known_as(self, conversation: "Conversation", address: str) -> None:
        """An admin says that what came from this address is this conversation's person."""

    def attached(self, reply: "UnmatchedReply", message: "Message") -> None:
        """An admin put a stray reply into a thread, as this message: what else came with it comes along."""

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
    asked = {Reason.NEVER_INVITED, Reason.INVITED, Reason.WINDOW_CLOSED, Reason.AWAITING_REPLY}
    reason = Reason.INVITED_TOO_OFTEN if reach.reason in asked else reach.reason
    return Refused(reason, f"{reach.title}. {reach.text}")


class NextStep(StrEnum):
    """What a person can do about a failed text."""

    TRY_AGAIN = "try again"
    SEND_TO_NEW_ADDRESS = "send to new address"
    EDIT_CONTACT = "edit contact"
    EDIT_TEXT = "edit text"
    INVITE = "invite"
    OTHER_CHANNEL = "other channel"
    WRITE_EMAIL = "write email"
    TELL_ADMIN = "tell admin"


@dataclass(frozen=True)
class Failure:
    """Why a text did not arrive, for the recruiter.

    `steps`: what may help, the best first; `inbox.next_steps` says which of them is offered. `may_retry`: whether the
    same text may go again at all. `tries`: after how many in vain another one is no longer the best advice.
    `is_of_account`: the text is not to blame, and others would fail the same way.
    """

    sentence: Words
    steps: tuple[NextStep, ...]
    may_retry: bool
    code: int | None
    tries: int = 3
    is_of_account: bool = False


@dataclass(frozen=True)
class LetterFile:
    """A file that came with an email. `url`: where the team reads it; `size` in bytes."""

    name: str
    content_type: str
    size: int
    url: str


@dataclass(frozen=True)
class Letter:
    """An email as the thread shows it: `html` and `quoted` (the folded history) are safe by now.

    `remark`: what the reader must know of it, such as a sender that may be forged; `tone` says how serious it is.
    `writer`: who wrote it, where that isn't the conversation's person.
    """

    subject: str
    html: SafeString = field(default_factory=SafeString)
    quoted: SafeString = field(default_factory=SafeString)
    files: tuple[LetterFile, ...] = ()
    remark: Words = ""
    tone: str = ""
    writer: Words = ""


_registered: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    _registered[channel.key] = channel


def get(key: str) -> Channel:
    """The channel of that key; KeyError for one that nobody registered."""
    return _registered[key]


def registered() -> dict[str, Channel]:
    return dict(_registered)


def sharing(account: str) -> list[str]:
    """The keys of the channels that send through this account."""
    return [key for key, channel in _registered.items() if channel.account == account]


def of(company: "Company") -> list[str]:
    """The keys of the channels on which this company writes, in the order in which they are shown (F4, Q4)."""
    return [*([EMAIL] if EMAIL in _registered else []), *company.texting_channels()]


def letters_questions(messages: "Sequence[Message]") -> dict[str, Question]:
    """What channels must know of these messages before a page shows them, by the channels' keys."""
    asked = {channel.key: channel.letters_question(on_channel) for channel, on_channel in _by_channel(messages)}
    return {key: question for key, question in asked.items() if question}


def letters_of(messages: "Sequence[Message]", answers: Mapping[str, Rows] | None = None) -> dict[int, Letter]:
    """What their channels show of messages beside their words, by their ids. `answers`: to the questions, if they were
    asked."""
    found: dict[int, Letter] = {}
    for channel, on_channel in _by_channel(messages):
        found |= channel.letters(on_channel, (answers or {}).get(channel.key))
    return found


def _by_channel(messages: "Sequence[Message]") -> "list[tuple[Channel, list[Message]]]":
    split = ((channel, [each for each in messages if each.channel == key]) for key, channel in _registered.items())
    return [(channel, on_channel) for channel, on_channel in split if on_channel]
