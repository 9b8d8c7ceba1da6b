"""SMS as rules: when a person is reachable, what the invitation says, how often it may go."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from candidates.consent_rules import Standing
from inbox.outcomes import Reason

CHARACTERS = 1600  # Q8
WEEK = timedelta(days=7)
VALID_FOR = timedelta(hours=1)  # a recruiter's text is stale after an hour in the carrier's queue
INVITATION_VALID_FOR = timedelta(hours=4)


@dataclass(frozen=True)
class Facts:
    """What is known of one person's way by SMS.

    `former_sender`: the number that was kept and is out of use. `is_domestic`: the pool has one of her country.
    """

    phone_typed: str
    phone: str
    standing: Standing
    sender: str
    sender_blocked: bool
    former_sender: str = ""
    is_domestic: bool = True


TOLL_FREE = ("+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888")


def usual_pace(number: str, *, country: str) -> float:
    """Segments a second that the carriers take from a long code, by where it is from (twilio.md §11)."""
    if number.startswith(TOLL_FREE):
        return 3
    return 1 if country in {"US", "CA"} else 10


def lock_reason(facts: Facts) -> Reason | None:
    """Why no text may go, the first that counts; None: reachable (F6, O3, O6)."""
    if not facts.phone_typed:
        return Reason.NO_NUMBER
    if not facts.phone:
        return Reason.BAD_NUMBER
    by_standing = {
        Standing.NOTHING: Reason.NO_CONSENT,
        Standing.FIRST_CONSENT: Reason.NEVER_INVITED,
        Standing.INVITED: Reason.INVITED,
        Standing.OPTED_OUT: Reason.OPTED_OUT,
    }
    if reason := by_standing.get(facts.standing):
        return Reason.NO_SENDER if reason == Reason.NEVER_INVITED and not facts.sender else reason
    if facts.sender_blocked:
        return Reason.SENDER_BLOCKED
    return None if facts.sender else Reason.NO_SENDER


def invitation_text(*, company: str, about: str) -> str:
    """The SMS invitation (O3). The words YES and STOP are what the person may answer."""
    return _(
        "%(company)s would like to text you about %(about)s. Reply YES to receive texts, or STOP at any time to "
        "end them. Message and data rates may apply."
    ) % {"company": company, "about": about}


def may_be_handed_over(*, is_invitation: bool, standing: Standing) -> Reason | None:
    """Judged at the hand-over, by the standing that is locked for it (I2, I5)."""
    if standing == Standing.OPTED_OUT:
        return Reason.OPTED_OUT
    if is_invitation:
        return {Standing.NOTHING: Reason.NO_CONSENT, Standing.OPTED_IN: Reason.OPTED_IN}.get(standing)
    return None if standing == Standing.OPTED_IN else Reason.NO_CONSENT
