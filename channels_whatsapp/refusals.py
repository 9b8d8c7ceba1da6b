"""What WhatsApp's refusals mean for an invitation, and what an admin can do about them (W4).

Sources: twilio.md §9 and §10; Twilio's error dictionary and "Message template approvals and statuses", read 2026-11.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twilio_gateway import error_codes

NOT_APPROVED_THERE = 63016

NEW_WORDS = gettext_lazy("Write other words, then hand them in.")
FILE_ANEW = gettext_lazy("Change a word and hand it in: that files it anew.")
HELPS: dict[int, Promise] = {
    63013: gettext_lazy("Write plainly why you get in touch, without advertising, then hand it in."),
    NOT_APPROVED_THERE: gettext_lazy(
        "We ask WhatsApp how it stands. If it isn't approved any more, write other words."
    ),
    63021: gettext_lazy("Shorten it: with both places filled in WhatsApp takes 1024 characters."),
    63027: FILE_ANEW,
    63028: FILE_ANEW,
    63040: NEW_WORDS,
    63041: gettext_lazy("Too many people blocked or reported it. A pause ends by itself; if it comes back, reword it."),
    63042: NEW_WORDS,
    63049: gettext_lazy(
        "Now and then that is WhatsApp's choice for one phone. If it happens often, or to every number in the United "
        "States, WhatsApp takes the invitation for advertising: reword it, so that it only asks for a reply."
    ),
    21654: FILE_ANEW,
    21655: FILE_ANEW,
    21656: FILE_ANEW,
}
"""By the code of a refused message that says something of its template: what helps."""

OF_TEMPLATES = {  # where the recruiter's sentence is about a text, and the template is meant
    NOT_APPROVED_THERE: gettext_lazy("WhatsApp took it for free text, so these words aren't approved there."),
    63013: gettext_lazy("It is against WhatsApp's policy."),
    63021: gettext_lazy("WhatsApp refused the content: it is too long."),
}
NOT_TAKEN = gettext_lazy("WhatsApp didn't take the invitation as an approved one; your admin can see why.")
"""The same to the recruiter."""
REASONS = {
    "INVALID_FORMAT": gettext_lazy("WhatsApp can't read the places to fill in, or something is malformed."),
    "TAG_CONTENT_MISMATCH": gettext_lazy("The words aren't in the language that was chosen, or read like advertising."),
    "INCORRECT_CATEGORY": gettext_lazy("WhatsApp takes the words for advertising."),
    "PROMOTIONAL": gettext_lazy("WhatsApp takes the words for advertising."),
    "ABUSIVE_CONTENT": gettext_lazy("WhatsApp takes the words for abusive."),
    "SCAM": gettext_lazy("WhatsApp takes the words for a fraud."),
}


def of_message(code: int, *, at: datetime) -> str:
    """What happened to a message with the template, what it means, and what helps; for a code of HELPS."""
    meaning = OF_TEMPLATES.get(code, error_codes.explain(code).sentence)
    return _("A message with it was refused on %(day)s. %(meaning)s %(help)s (Code %(code)d)") % {
        "day": date_format(timezone.localtime(at), "j M Y"),
        "meaning": meaning,
        "help": HELPS[code],
        "code": code,
    }


def in_words(reason: str) -> str:
    """WhatsApp's one-word reason for a rejection as a sentence; empty for anything else, which speaks for itself."""
    return str(REASONS.get(reason.strip().upper(), ""))
