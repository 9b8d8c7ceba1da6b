"""What a person gets after a form: a mail with what she agreed to, for which number, and how to take it back.

Nothing that was typed goes into it but the number, so that nobody can send words of his own to others through us.
"""

from django.utils.translation import gettext as _

from accounts import mail
from candidates import phone_numbers
from candidates.models import Submission, SubmissionKind
from candidates.public import withdrawals


def post(submission: Submission) -> None:
    """Have the receipt sent once this transaction is committed."""
    names = {"company": submission.company.name, "about": submission.record.title}
    lines = [_opening(submission) % names, "", _("What you agreed to, to the letter:")]
    for text in submission.texts.order_by("pk"):
        lines += ["", *(f"  {line}" for line in text.words.splitlines())]
    if given := withdrawals.given_by(submission):
        number = phone_numbers.display(given[0].address)
        lines += ["", _("This is about the number %(number)s.") % {"number": number}]
        lines += [
            "",
            _("You can take it back at any time: reply STOP to any of the texts, or open this link:"),
            withdrawals.link_for(submission),
        ]
    lines += ["", _("If this wasn't you, you can ignore this mail.")]
    mail.post(submission.email, _subject(submission) % names, "\n".join(lines))


def _subject(submission: Submission) -> str:
    return {
        SubmissionKind.APPLICATION: _("Your application to %(company)s: %(about)s"),
        SubmissionKind.JOIN: _("%(company)s: you joined %(about)s"),
        SubmissionKind.LINK: _("%(company)s: what you agreed to"),
    }[SubmissionKind(submission.kind)]


def _opening(submission: Submission) -> str:
    return {
        SubmissionKind.APPLICATION: _("%(company)s has your application for %(about)s."),
        SubmissionKind.JOIN: _("You are now in “%(about)s” at %(company)s."),
        SubmissionKind.LINK: _("%(company)s has your answer about %(about)s."),
    }[SubmissionKind(submission.kind)]
