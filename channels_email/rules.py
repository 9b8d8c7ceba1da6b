"""Email as rules: subjects, threads, who it is from, where it is locked. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from channels_email import failures
from inbox.channels import Locked, Remedy
from inbox.outcomes import Reason

CHARACTERS = 100_000
MOST_OF_A_SUBJECT = 200  # characters
MOST_COMPARED = 150  # characters: an answer's mark may push the end of a long subject out
MOST_REFERENCES = 20  # of a thread: the first, which began it, and the newest

# What mail programs put before a subject that is answered or passed on, in the languages around us.
ANSWER_MARK = re.compile(r"^\s*(re|aw|sv|vs|antw|odp|ynt|rif|fw|fwd|wg|tr|rv|doorst)\s*(\[\d+\])?\s*:\s*", re.I)


@dataclass(frozen=True)
class Bounced:
    """Mail to an address came back for good: when, and with which code (`failures`)."""

    at: datetime
    code: int | None


def one_line(text: str, *, most: int = MOST_OF_A_SUBJECT) -> str:
    """For a header: on one line, spaces joined, without signs that nobody sees."""
    seen = "".join(c if c.isprintable() else " " for c in text if unicodedata.category(c) not in {"Cf", "Cs"})
    return " ".join(seen.split())[:most].rstrip()


def bare_subject(subject: str) -> str:
    """The subject without the marks of answers: what letters of one thread have in common, in lower case."""
    while (bare := ANSWER_MARK.sub("", subject, count=1)) != subject:
        subject = bare
    return one_line(subject, most=MOST_COMPARED).casefold()


def answered_subject(subject: str) -> str:
    """The subject of an answer; empty for none."""
    bare = subject
    while (shorter := ANSWER_MARK.sub("", bare, count=1)) != bare:
        bare = shorter
    return one_line(f"Re: {bare}") if bare.strip() else ""


def first_subject(*, title: str, company: str) -> str:
    """The subject where nothing was written yet: the job or the community, and the company (Q2)."""
    return one_line(_("%(title)s at %(company)s") % {"title": title, "company": company})


def sender_shown(*, author: str, company: str, address: str) -> str:
    """The From header: the person gets mail of the company, and sees who writes (Q2). ASCII, as headers are."""
    return formataddr((one_line(f"{author}, {company}"), address))


def references(ids: Sequence[str]) -> list[str]:
    """The ids for a References header, oldest first, each once; of a long thread its beginning and its end."""
    once = list(dict.fromkeys(each for each in ids if each))
    return once if len(once) <= MOST_REFERENCES else [once[0], *once[1 - MOST_REFERENCES :]]


def locked(*, name: str, address: str, bounced: Bounced | None) -> Locked | None:
    """Why no email can go, and what helps; None if one can. `name` is the person's first name."""
    if not address:
        return Locked(
            Reason.NO_ADDRESS,
            _("No email address"),
            _("Add an email address to write to %(name)s.") % {"name": name},
            _("No address"),
            glyph="mail",
            remedies=(Remedy.EDIT_CONTACT,),
        )
    if bounced is None:
        return None
    words = {
        "address": address,
        "why": failures.explain(bounced.code).sentence,
        "when": date_format(timezone.localtime(bounced.at), "D j M Y"),
    }
    return Locked(
        Reason.BOUNCED,
        _("Mail to this address comes back"),
        _(
            "An email to %(address)s came back on %(when)s: %(why)s Correct the address with Edit Contact Info; "
            "a new one starts fresh. This one opens again when an email comes from it."
        )
        % words,
        _("Comes back"),
        glyph="alert",
        tone="bad",
        remedies=(Remedy.EDIT_CONTACT,),
    )
