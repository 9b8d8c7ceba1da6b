"""What a reader must know of a letter: who may not have written it, which machine did, what couldn't be read."""

from django.utils.translation import gettext as _

from candidates.models import Candidate
from channels_email.models import StoredLetter
from channels_email.reading import Kind, Mark, Problem, Verdict
from channels_email.reading.mail import TrustReason

BAD, WARNING = "bad", "warn"


def about(letter: StoredLetter, person: Candidate) -> tuple[str, str]:
    """The remark and its tone, the gravest first; both empty where there is nothing to say."""
    said = [*_of_kind(letter, person), *_of_sender(letter, person)]
    said += [(str(Problem(each).label), WARNING) for each in letter.problems]
    tones = {tone for _words, tone in said}
    tone = next((each for each in (BAD, WARNING) if each in tones), "")
    graver = sorted(said, key=lambda each: (BAD, WARNING, "").index(each[1]))
    return " ".join(words for words, _tone in graver), tone


def _of_kind(letter: StoredLetter, person: Candidate) -> list[tuple[str, str]]:
    match letter.kind:
        case Kind.BOUNCE:
            return [(_("Returned mail: a mail server couldn't deliver an email of yours."), BAD)]
        case Kind.DELAYED:
            words = _("A mail server is still trying to deliver an email of yours. There is nothing to do yet.")
            return [(words, WARNING)]
        case Kind.AUTO_REPLY:
            words = _("An automatic reply. %(name)s may not have read your email yet.")
            return [(words % {"name": person.first_name}, "")]
        case Kind.RECEIPT:
            return [(_("A receipt, sent by a mail program by itself."), "")]
        case Kind.BULK:
            return [(_("A newsletter or notice, sent by a program."), "")]
    return []


def _of_sender(letter: StoredLetter, person: Candidate) -> list[tuple[str, str]]:
    """A mail server that returns mail is nobody's address."""
    if letter.kind in {Kind.BOUNCE, Kind.DELAYED}:
        return []
    said = []
    address = letter.from_address
    if letter.verdict == Verdict.FAIL:
        words = _("This email may be forged. %(reason)s It names %(address)s as its sender.")
        said.append((words % {"reason": TrustReason(letter.reason).label, "address": address}, BAD))
    elif letter.verdict == Verdict.UNKNOWN and letter.reason != TrustReason.NOT_CHECKED:
        said.append((str(TrustReason(letter.reason).label), ""))
    if address.lower() != person.email.lower():
        words = _("Sent from %(address)s, which is not the address of %(name)s that is known here.")
        said.append((words % {"address": address or _("no address"), "name": person.first_name}, WARNING))
    said += [(f"{Mark(each).label}.", WARNING) for each in letter.marks if each != Mark.REPLY_ELSEWHERE]
    return said
