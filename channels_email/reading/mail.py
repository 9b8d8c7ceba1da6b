"""What a mail says, once it is read. All text here is valid Unicode without NUL, so the database takes it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """Who or what writes, as far as the page and the rules care."""

    NORMAL = "normal", _("Email")
    AUTO_REPLY = "auto_reply", _("Automatic reply")
    BOUNCE = "bounce", _("Not delivered")
    DELAYED = "delayed", _("Delivery delayed")
    RECEIPT = "receipt", _("Receipt")
    CALENDAR = "calendar", _("Calendar")
    BULK = "bulk", _("Newsletter or notice")


class Problem(TextChoices):
    """What couldn't be read. The key is stored, the label shown."""

    CHARSET = "charset", _("Some characters may be wrong: the email doesn't say rightly how it was written.")
    DAMAGED = "damaged", _("Part of the email arrived damaged.")
    TRUNCATED = "truncated", _("The email ends in the middle: its last part may be missing.")
    TOO_DEEP = "too_deep", _("The email is nested too deeply; the innermost part is kept as a file.")
    TOO_MANY_PARTS = "too_many_parts", _("The email has too many parts; the last ones weren't read.")
    HEADERS_CUT = "headers_cut", _("The email's headers are too long; their end wasn't read.")
    TEXT_CUT = "text_cut", _("The email's text is too long to show; all of it is attached as a file.")
    ENCRYPTED = "encrypted", _("The email is encrypted, so its text can't be shown. Ask for it without encryption.")
    UNREADABLE_FILE = "unreadable_file", _("An attached file couldn't be opened; it is kept as it came.")
    UNREADABLE = "unreadable", _("The email couldn't be read.")


class Role(TextChoices):
    """What an attachment is to the mail."""

    FILE = "file", _("File")
    PICTURE = "picture", _("Picture in the text")
    CALENDAR = "calendar", _("Calendar entry")
    MESSAGE = "message", _("Attached email")
    TEXT = "text", _("The text, in full")
    SMIME_SIGNATURE = "smime_signature", _("Digital signature (S/MIME)")
    PGP_SIGNATURE = "pgp_signature", _("Digital signature (PGP)")
    ENCRYPTED = "encrypted", _("Encrypted content")
    REPORT = "report", _("Delivery report")


class Verdict(TextChoices):
    """Whether the sender's domain vouches for this mail, as our own mail server judged it on arrival."""

    PASS = "pass", _("The sender is proved")
    FAIL = "fail", _("The sender may be forged")
    UNKNOWN = "unknown", _("The sender isn't proved")


class TrustReason(TextChoices):
    """Why a verdict is what it is."""

    NOT_CHECKED = "not_checked", _("Our mail server didn't say whether the sender is real.")
    DMARC_PASS = "dmarc_pass", _("The sender's domain confirms this email (DMARC).")
    DMARC_FAIL = (
        "dmarc_fail",
        _("The sender's domain disowns this email (DMARC). Somebody else may have sent it."),
    )
    DKIM_PASS = "dkim_pass", _("The email carries a valid signature of the sender's domain (DKIM).")
    SPF_PASS = "spf_pass", _("The email came from a server of the sender's domain (SPF).")
    SPF_FAIL = "spf_fail", _("The email came from a server that the sender's domain doesn't use (SPF).")
    NO_PROOF = "no_proof", _("Nothing proves that the email is from the sender's domain.")
    SEVERAL_SENDERS = "several_senders", _("The email names several senders, so none of them is proved.")
    NO_SENDER = "no_sender", _("The email doesn't say who sent it.")


class Mark(TextChoices):
    """What looks odd about a sender, whatever the verdict."""

    SEVERAL_SENDERS = "several_senders", _("Names several senders")
    NAME_IS_OTHER_ADDRESS = "name_is_other_address", _("The sender's name shows another address than the real one")
    REPLY_ELSEWHERE = "reply_elsewhere", _("A reply would go to another domain than the sender's")


@dataclass(frozen=True)
class Trust:
    verdict: Verdict = Verdict.UNKNOWN
    reason: TrustReason = TrustReason.NOT_CHECKED
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Attachment:
    """A file of the mail. `name` is safe to show and to save; `content_id` is empty, or what `<img data-cid>` names.

    `is_inline`: a picture that the HTML shows (or the HTML of its history), so a list of files may leave it out.
    """

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False
    role: Role = Role.FILE

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


@dataclass(frozen=True)
class BouncedRecipient:
    """One address that a mail didn't reach. `status` as in RFC 3463 ("5.1.1"), empty if the report has none."""

    address: str
    status: str = ""
    diagnostic: str = ""

    @property
    def is_permanent(self) -> bool:
        """Whether trying again is pointless, as the report tells it. Without a status: yes, for it gave up."""
        return not self.status.startswith("4")


@dataclass(frozen=True)
class Bounce:
    """A report that a mail was not delivered, or not yet. `original_message_id` is the reported mail's, or empty."""

    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str = ""


@dataclass(frozen=True)
class Invitation:
    """A calendar entry that came by mail (RFC 5546). `method` is REQUEST, CANCEL, REPLY, COUNTER, PUBLISH …

    Times are aware; naive where the zone is unknown, which then stands in `zone`; dates for whole days, the last one
    included. `answer`: what the attendee says in a REPLY (ACCEPTED, DECLINED, TENTATIVE), else empty.
    """

    method: str
    title: str
    starts: datetime | date | None
    ends: datetime | date | None
    zone: str
    location: str
    organizer: str
    attendees: tuple[str, ...]
    answer: str
    repeats: bool


@dataclass(frozen=True)
class Mail:
    """A mail, read. Empty text stands for what it doesn't have.

    message_id, in_reply_to, references: with their angle brackets, as written. References oldest first.
    sent_at: what the sender's Date says, aware; None if it says nothing readable.
    to: every address it was meant for or came through, in order, each once: To and Cc are the sender's claim.
    fingerprint: the same for the same mail, see `fingerprints`.
    text, quoted: the new words, and the history below them, as plain text; signatures stay with the words.
    html, quoted_html: the same as safe HTML; both empty where the mail had only plain text.
    """

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    from_address: str
    from_name: str
    to: tuple[str, ...]
    reply_to: str
    fingerprint: str
    text: str
    quoted: str
    html: str
    quoted_html: str
    attachments: tuple[Attachment, ...]
    kind: Kind
    trust: Trust
    problems: tuple[Problem, ...]
    bounce: Bounce | None = None
    invitation: Invitation | None = None
