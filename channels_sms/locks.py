"""What the page says where SMS is locked: what is so, why, and the one thing that helps (DESIGN.md, Voice)."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates import phone_numbers
from candidates.models import Candidate
from candidates.public.links import Asked, asked_often_enough
from inbox.channels import Locked, Remedy
from inbox.outcomes import Reason

EMAIL: tuple[Remedy, ...] = (Remedy.WRITE_EMAIL,)
EDIT = (Remedy.EDIT_CONTACT, Remedy.WRITE_EMAIL)
INVITE: tuple[Remedy, ...] = (Remedy.INVITE, Remedy.WRITE_EMAIL)
INVITED_TEXT = "Your invite has been sent but the candidate has not yet opted-in."  # verbatim (O4)


def locked(
    reason: Reason,
    *,
    person: Candidate,
    company: str,
    sender: str,
    invitation: str = "",
    next_invitation: datetime | None = None,
    is_candidate: bool = True,
    asked: Asked | None = None,
) -> Locked:
    """The lock for a reason. `next_invitation`: when another one may go, None for now (O16).

    `is_candidate`: the record is an application, so there was a form. `asked`: when consent was last asked for by
    email (O15).
    """
    name = person.first_name
    match reason:
        case Reason.NO_NUMBER:
            text = _("Add %(name)s's number to text. Consent starts with the number.") % {"name": name}
            return Locked(reason, _("No phone number"), text, _("No number"), glyph="phone", remedies=EDIT)
        case Reason.BAD_NUMBER:
            return Locked(
                reason,
                _("This number can't receive texts"),
                phone_numbers.flaw_of(person.phone_typed),
                _("Fix number"),
                glyph="alert",
                tone="warn",
                remedies=EDIT,
            )
        case Reason.NO_CONSENT:
            return _nothing_agreed(person, asked, is_candidate=is_candidate)
        case Reason.NEVER_INVITED | Reason.INVITED:
            return _not_opted_in(reason, name, invitation, next_invitation)
        case Reason.OPTED_OUT:
            text = _("SMS to %(name)s is closed. It opens again when %(name)s texts “Start”. Email still works.")
            title = _("%(name)s opted out of SMS") % {"name": name}
            return Locked(reason, title, text % {"name": name}, _("Opted out"), glyph="ban", tone="bad", remedies=EMAIL)
        case Reason.SENDER_BLOCKED:
            text = _(
                "%(name)s opted in again, but from another of our numbers, and the carrier still blocks %(sender)s. "
                "Texting opens when %(name)s texts START to %(sender)s. Email works."
            ) % {"name": name, "sender": phone_numbers.display(sender)}
            title = _("The carrier blocks this number")
            return Locked(reason, title, text, _("Blocked"), glyph="ban", tone="bad", remedies=EMAIL)
        case _other:
            text = _(
                "Each of %(company)s's numbers already texts %(name)s in another conversation, or there is none. "
                "Your admin can release one that is no longer needed, or have one added. Email works."
            ) % {"name": name, "company": company}
            return Locked(
                Reason.NO_SENDER,
                _("No sending number is free"),
                text,
                _("No number free"),
                glyph="alert",
                tone="warn",
                remedies=EMAIL,
            )


def _not_opted_in(reason: Reason, name: str, invitation: str, next_invitation: datetime | None) -> Locked:
    if reason == Reason.NEVER_INVITED and not next_invitation:
        return Locked(
            reason,
            _("%(name)s has not opted in to SMS") % {"name": name},
            _("Send an invitation. Texting opens when %(name)s replies “Yes”.") % {"name": name},
            _("Not invited"),
            remedies=INVITE,
            preview=invitation,
        )
    text, remedies = _(INVITED_TEXT), INVITE
    if next_invitation:
        when = date_format(timezone.localtime(next_invitation), "D j M, H:i")
        text += " " + _("It was sent as often as a week allows. The next invite is possible on %(when)s.") % {
            "when": when
        }
        invitation, remedies = "", EMAIL
    return Locked(
        reason,
        _("Waiting for %(name)s") % {"name": name},
        text,
        _("Invited"),
        glyph="hourglass",
        tone="warn",
        remedies=remedies,
        preview=invitation,
    )


def _nothing_agreed(person: Candidate, asked: Asked | None, *, is_candidate: bool) -> Locked:
    """No first consent, so nothing to confirm: an email can ask for it, and says here when it did (O15)."""
    if is_candidate:
        text = _(
            "%(name)s didn't agree to texts on the application form, so there is nothing to confirm by invitation."
        )
    else:
        text = _("%(name)s was never asked to agree to texts, so there is nothing to confirm by invitation.")
    text = text % {"name": person.first_name}
    title, label = _("No consent to text"), _("No consent")
    if not person.email:
        text += " " + _("To ask by email, add an address with Edit Contact Info.")
        return Locked(Reason.NO_CONSENT, title, text, label, remedies=(Remedy.EDIT_CONTACT,))
    if asked:
        when = date_format(timezone.localtime(asked.at), "D j M, H:i")
        text += " " + _("%(colleague)s asked by email on %(when)s.") % {"colleague": asked.by, "when": when}
        if asked.next_at:
            text += " " + asked_often_enough(asked.next_at)
            return Locked(Reason.NO_CONSENT, title, text, label, remedies=EMAIL)
    else:
        text += " " + _("Ask by email: it carries a link.")
    return Locked(Reason.NO_CONSENT, title, text, label, remedies=(Remedy.ASK_BY_EMAIL, Remedy.WRITE_EMAIL))
