"""What the page says where free texting by WhatsApp is locked (DESIGN.md, Voice)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candidates import phone_numbers
from candidates.models import Candidate
from candidates.public.links import Asked, asked_often_enough
from channels_whatsapp import rules
from inbox.channels import Locked, Mark, Remedy
from inbox.outcomes import Reason

EMAIL: tuple[Remedy, ...] = (Remedy.WRITE_EMAIL,)
EDIT = (Remedy.EDIT_CONTACT, Remedy.WRITE_EMAIL)
INVITE: tuple[Remedy, ...] = (Remedy.INVITE, Remedy.WRITE_EMAIL)
SILENCE = gettext_lazy("Silence may mean a block: WhatsApp doesn't tell us.")
INVITATION_FIRST = Mark("clock", gettext_lazy("invitation first"))
INVITATION_SENT = Mark("hourglass", gettext_lazy("waiting for a reply"))


@dataclass(frozen=True)
class Case:
    """What a lock speaks of. `invitation`: its words, empty where none is approved; `next_invitation`: when another
    may go, None for now (O16); `box_only`: the company's forms have a single box, which gives no WhatsApp consent."""

    person: Candidate
    facts: rules.Facts
    invitation: str
    next_invitation: datetime | None
    asked: Asked | None
    is_candidate: bool
    box_only: bool


def locked(reason: Reason, case: Case) -> Locked:
    """The lock for a reason of `rules.lock_reason`."""
    name = case.person.first_name
    match reason:
        case Reason.NO_NUMBER:
            text = _("Add %(name)s's number to text. Consent starts with the number.") % {"name": name}
            return Locked(reason, _("No phone number"), text, _("No number"), glyph="phone", remedies=EDIT)
        case Reason.BAD_NUMBER:
            flaw, title = phone_numbers.flaw_of(case.person.phone_typed), _("This number can't receive texts")
            return Locked(reason, title, flaw, _("Fix number"), glyph="alert", tone="warn", remedies=EDIT)
        case Reason.OPTED_OUT:
            title = _("%(name)s opted out of WhatsApp") % {"name": name}
            text = _("WhatsApp to %(name)s is closed. It opens again when %(name)s writes “Start”. Email still works.")
            return Locked(reason, title, text % {"name": name}, _("Opted out"), glyph="ban", tone="bad", remedies=EMAIL)
        case Reason.NO_CONSENT:
            return _nothing_agreed(case)
        case Reason.AWAITING_REPLY:
            return _with_limit(_waiting(case), case)
        case Reason.WINDOW_CLOSED:
            return _with_limit(_invitation_first(case), case)
        case _other:
            text = _("Your company has WhatsApp, but no sender is connected yet. Use SMS, or write an email.")
            return Locked(Reason.NOT_SET_UP, _("WhatsApp isn't set up yet"), text, _("Not set up"), remedies=EMAIL)


def days_ago(moment: datetime) -> str:
    days = (timezone.localdate() - timezone.localtime(moment).date()).days
    return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days} if days else _("today")


def no_sign_since(name: str, moment: datetime) -> str:
    """Silence, where texting is open (O8)."""
    words = _("No sign from %(name)s's phone since %(day)s. That may mean a block: WhatsApp doesn't tell us.")
    return words % {"name": name, "day": date_format(timezone.localtime(moment), "D H:i")}


def _invitation_first(case: Case) -> Locked:
    name, heard = case.person.first_name, case.facts.last_heard
    if heard:
        title = _("%(name)s last wrote %(when)s") % {"name": name, "when": days_ago(heard)}
        if timezone.now() - heard < timedelta(hours=24):  # WhatsApp itself said that the window is shut
            title = _("WhatsApp allows no free text to %(name)s now") % {"name": name}
    else:
        title = _("%(name)s has not written yet") % {"name": name}
    text = _("After 24 hours WhatsApp allows only this invitation. Free texting opens when %(name)s replies.") % {
        "name": name
    }
    if case.facts.silent_since:
        text = f"{text} {SILENCE}"
    return Locked(
        Reason.WINDOW_CLOSED,
        title,
        text,
        _("Opted in"),
        detail=_("Invitation first"),
        glyph="clock",
        remedies=INVITE,
        preview=case.invitation,
        is_opted_in=True,
        mark=INVITATION_FIRST,
        invite=_("Send invitation"),
    )


def _waiting(case: Case) -> Locked:
    name = case.person.first_name
    text = _(
        "Free texting opens with the reply. Silence may also mean that %(name)s has blocked the business: "
        "WhatsApp doesn't tell us."
    ) % {"name": name}
    return Locked(
        Reason.AWAITING_REPLY,
        _("Waiting for %(name)s to reply") % {"name": name},
        text,
        _("Opted in"),
        detail=_("Invited, waiting for a reply"),
        glyph="hourglass",
        tone="warn",
        remedies=INVITE,
        preview=case.invitation,
        is_opted_in=True,
        mark=INVITATION_SENT,
        invite=_("Send again"),
    )


def _with_limit(lock: Locked, case: Case) -> Locked:
    """Without an approved invitation, or with too many unanswered ones, none may go; and when the next one may."""
    if not case.invitation:
        text = _(
            "WhatsApp allows only an approved invitation now, and there is none. Your admin can see why in "
            "Settings / Admin, under WhatsApp. Email works."
        )
        return replace(lock, text=text, remedies=EMAIL, mark=INVITATION_FIRST)
    if case.next_invitation:
        when = date_format(timezone.localtime(case.next_invitation), "D j M, H:i")
        limit = _("It was sent as often as a week allows. The next invitation is possible on %(when)s.")
        return replace(lock, text=f"{lock.text} {limit % {'when': when}}", remedies=EMAIL, preview="")
    return lock


def _nothing_agreed(case: Case) -> Locked:
    """Nothing was agreed to: an email can ask for it, and says here when it did (O2, O15)."""
    name, person, asked = case.person.first_name, case.person, case.asked
    if case.is_candidate and case.box_only:
        text = _("%(name)s agreed by a single box on the form. It covers SMS, not WhatsApp.")
    elif case.is_candidate:
        text = _("%(name)s didn't agree to WhatsApp on the application form.")
    else:
        text = _("%(name)s was never asked to agree to WhatsApp.")
    text = text % {"name": name}
    title, label, glyph = _("No consent to WhatsApp"), _("No consent"), "lock"
    if not person.email:
        text += " " + _("To ask by email, add an address with Edit Contact Info.")
        return Locked(Reason.NO_CONSENT, title, text, label, glyph=glyph, remedies=(Remedy.EDIT_CONTACT,))
    if asked:
        when = date_format(timezone.localtime(asked.at), "D j M, H:i")
        text += " " + _("%(colleague)s asked by email on %(when)s.") % {"colleague": asked.by, "when": when}
        if asked.next_at:
            text += " " + asked_often_enough(asked.next_at)
            return Locked(Reason.NO_CONSENT, title, text, label, glyph=glyph, remedies=EMAIL)
    else:
        text += " " + _("Ask by email: it carries a link.")
    return Locked(
        Reason.NO_CONSENT, title, text, label, glyph=glyph, remedies=(Remedy.ASK_BY_EMAIL, Remedy.WRITE_EMAIL)
    )
