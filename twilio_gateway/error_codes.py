"""What the provider's error codes mean, in the recruiter's words.

A table, because the codes and their meaning are "subject to change" by Twilio's own word; an unknown code is
no accident but has a row of its own. "Permanent" and "transient" say whether the same text could arrive
later, not that anybody sends it again: that is the recruiter's click (I1), except for `repeats_by_itself`.

Source: N1, O13; lesson 10; Twilio's error dictionary, read 2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as LazyText

TOO_MANY_REQUESTS = 20429  # Twilio took nothing, by its own promise
OPTED_OUT = 21610
NO_REASON = 30008
OF_THE_ACCOUNT = frozenset({20003, 20005, 20008, 20404, 30002})
"""Wrong credentials, account suspended or unknown: whatever the text, nothing is taken until somebody mends it."""
USUAL_TRIES = 3


class Kind(models.TextChoices):
    PERMANENT = "permanent"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"


class Remedy(StrEnum):
    """What may help with a failed text. A row has the best one first."""

    RETRY = "try again"
    EDIT_NUMBER = "edit contact"
    EDIT_TEXT = "edit text"
    INVITE = "invite"
    OTHER_CHANNEL = "other channel"
    WRITE_EMAIL = "write email"
    ASK_ADMIN = "tell admin"


Rows: TypeAlias = "tuple[tuple[tuple[int, ...], LazyText, tuple[Remedy, ...]], ...]"


@dataclass(frozen=True)
class ErrorCode:
    """One row. `sentence` ends with a period and names no code; only the row for unknown codes does.

    `code` is None for what has no code: a failed connection, or a failure that came without one.
    """

    code: int | None
    sentence: LazyText
    kind: Kind
    helps: tuple[Remedy, ...] = ()

    @property
    def means_opt_out(self) -> bool:
        """Whether the provider says that this person has opted out of this sender (O13)."""
        return self.code == OPTED_OUT

    @property
    def may_retry(self) -> bool:
        """Whether a person's click may send it again: it could arrive later, or once an admin has seen to it."""
        return self.kind != Kind.PERMANENT or Remedy.ASK_ADMIN in self.helps

    @property
    def tries(self) -> int:
        """After how many tries in vain another one is no longer the best advice."""
        return 2 if self.code == NO_REASON else USUAL_TRIES

    @property
    def is_of_the_account(self) -> bool:
        """Whether it is no fault of the text: no other one would have been taken either."""
        return self.code in OF_THE_ACCOUNT

    @property
    def repeats_by_itself(self) -> bool:
        """Whether the worker sends again without a person's click: only where certainly nothing was taken."""
        return self.code == TOO_MANY_REQUESTS or self == CONNECTION_FAILED


def explain(code: int | None) -> ErrorCode:
    """The row of a code, or the default row, which is of unknown kind and never repeats by itself."""
    if code is None:
        return ErrorCode(None, _("The message could not be delivered."), Kind.UNKNOWN, (RETRY, EMAIL))
    return CATALOGUE.get(code) or _default(code)


def _default(code: int) -> ErrorCode:
    sentence = format_lazy(_("The message could not be delivered (code {code})."), code=code)
    return ErrorCode(code, sentence, Kind.UNKNOWN, (RETRY, EMAIL))


# --- the table: codes that mean the same to the recruiter, the sentence, and what helps ---
RETRY, NUMBER, EMAIL = Remedy.RETRY, Remedy.EDIT_NUMBER, Remedy.WRITE_EMAIL
WORDS, OTHER, ADMIN = Remedy.EDIT_TEXT, Remedy.OTHER_CHANNEL, Remedy.ASK_ADMIN

PERMANENT: Rows = (
    # refused in the answer to our request
    ((20003, 20005, 20008, 20404), _("Texting is not set up correctly."), (ADMIN,)),
    ((21211,), _("This is not a valid phone number."), (NUMBER,)),
    ((21212,), _("The sending number is invalid."), (ADMIN,)),
    ((21408,), _("Texting to this country is not switched on."), (ADMIN, OTHER, EMAIL)),
    ((21602,), _("The text is empty."), (WORDS,)),
    ((21603, 21604, 21606), _("The sending number can't text this destination."), (ADMIN, OTHER)),
    ((21608,), _("The provider account is only on trial."), (ADMIN,)),
    ((21609,), _("The address for delivery reports is wrong."), (ADMIN,)),
    ((OPTED_OUT,), _("The person opted out of texts from our number."), (EMAIL,)),
    ((21612,), _("This number can't be reached by text from our number."), (OTHER, EMAIL)),
    ((21614,), _("This number can't receive texts; it may be a landline."), (NUMBER, EMAIL)),
    ((21617,), _("The text is too long; split it into two."), (WORDS,)),
    ((21654, 21655, 21656), _("The invitation's template is set up wrongly."), (ADMIN,)),
    ((21910,), _("SMS and WhatsApp addresses were mixed up."), (ADMIN,)),
    # reported later
    ((30002,), _("The provider account is suspended."), (ADMIN,)),
    ((30004,), _("This phone takes no texts from our number."), (EMAIL,)),
    ((30005,), _("This number doesn't exist any more."), (NUMBER,)),
    ((30006,), _("This number is a landline, or its carrier takes no texts."), (NUMBER, EMAIL)),
    ((30007,), _("The carrier refused the text."), (WORDS, ADMIN)),
    ((30010,), _("The text cost more than the account allows."), (ADMIN,)),
    (
        (30018, 30024, 30032, 30033, 30034, 30035),
        _("Our number is not registered for this country."),
        (ADMIN, OTHER, EMAIL),
    ),
    ((30038,), _("The carrier took the text for a one-time code."), (WORDS,)),
    ((30453,), _("The text was stopped as possible fraud."), (EMAIL, ADMIN)),
    # WhatsApp
    ((63001, 63007, 63008), _("WhatsApp is not set up correctly."), (ADMIN,)),
    ((63003,), _("This number is not on WhatsApp."), (OTHER, EMAIL, NUMBER)),
    ((63005, 63006, 63021), _("WhatsApp refused the content."), (WORDS,)),
    ((63013,), _("The message is against WhatsApp's policy."), (WORDS, ADMIN)),
    ((63014,), _("This phone blocks the message."), (EMAIL,)),
    ((63015,), _("This phone has not joined the test line yet."), (ADMIN,)),
    ((63016,), _("WhatsApp's time for free texting is over; only the invitation can be sent."), (Remedy.INVITE,)),
    ((63020, 63022, 63051), _("The WhatsApp account has a problem or is locked."), (ADMIN,)),
    ((63024,), _("WhatsApp can't deliver to this number."), (OTHER, EMAIL)),
    ((63026,), _("WhatsApp takes our number for a sender of spam."), (ADMIN,)),
    ((63027,), _("The invitation's template lacks this language."), (ADMIN,)),
    ((63028,), _("The invitation's template got the wrong number of values."), (ADMIN,)),
    ((63032,), _("WhatsApp lets no company write to this phone first."), (OTHER, EMAIL)),
    ((63033,), _("This phone has blocked our WhatsApp number."), (EMAIL,)),
    ((63040,), _("WhatsApp has rejected the invitation's template."), (ADMIN,)),
    ((63041,), _("WhatsApp has paused the invitation's template."), (ADMIN,)),
    ((63042,), _("WhatsApp has disabled the invitation's template."), (ADMIN,)),
)

TRANSIENT: Rows = (
    (
        (11200, 11205),
        _("The provider could not hand us its report."),
        (ADMIN,),
    ),  # of a webhook, not of a text
    ((14107,), _("Too many automatic replies went out in a row."), (ADMIN,)),
    ((TOO_MANY_REQUESTS,), _("The provider is busy; the text goes out by itself."), ()),
    ((21611,), _("Too many texts are waiting on our number."), (RETRY,)),
    ((30001,), _("Too many texts went out at once."), (RETRY,)),
    ((30003,), _("The phone is off or out of reach."), (RETRY, NUMBER, EMAIL)),
    ((30008,), _("The carrier gave no reason."), (RETRY, EMAIL)),
    ((30017, 30022, 30500), _("The network is busy."), (RETRY,)),
    ((30023, 30027), _("The carrier takes no more texts today, by Pacific time."), (RETRY,)),
    ((30036,), _("The text waited too long and expired."), (RETRY,)),
    # Twilio doesn't repeat here, to avoid a second copy: the email comes first, to ask
    ((30410,), _("The carrier did not answer, and the text may have arrived."), (EMAIL, RETRY)),
    ((30450,), _("Texts to this number are held back for a while."), (RETRY,)),
    ((63009, 63010, 63012), _("WhatsApp has a fault."), (RETRY,)),
    ((63017, 63018), _("Too many WhatsApp messages went out."), (RETRY, ADMIN)),
    ((63038,), _("Today's limit of the WhatsApp account is reached."), (RETRY, ADMIN)),
)

EITHER: Rows = (
    ((30039,), _("An automatic reply was held back."), ()),  # an inbound one, of which no webhook came
    # Another day may do for this phone, but never for one in the US
    ((63049,), _("WhatsApp did not deliver this kind of message to this phone."), (OTHER, EMAIL)),
)

KINDS = ((Kind.PERMANENT, PERMANENT), (Kind.TRANSIENT, TRANSIENT), (Kind.UNKNOWN, EITHER))
CATALOGUE = {
    code: ErrorCode(code, sentence, kind, helps)
    for kind, rows in KINDS
    for codes, sentence, helps in rows
    for code in codes
}
CONNECTION_FAILED = ErrorCode(
    None, _("The provider can't be reached; the text goes out as soon as it can."), Kind.TRANSIENT
)
