"""Reading a mail that came in: bytes in, plain values out. Pure: no database, no network, no clock.

Whatever the bytes, the answer is a `Mail`; what couldn't be read is named in its `problems`. The way through:

    structure     the MIME tree, as places in the bytes that came; `headers`, `charsets`
    bodies        which parts are words, which are files; `plain` for plain text
    files         attachments and their names; `tnef` unpacks winmail.dat
    markup        strangers' HTML as a small tree
    history       what is new, what only quotes earlier mails; `folding` cuts the tree in two
    pages         safe HTML of a tree; `links`, `tidying`; `wording` makes plain text of it
    automatic     is it a person who writes? `bounces`, `calendars`
    trust         may the sender be forged?
    fingerprints  is it a mail that was here before?
"""

from channels_email.reading.mail import (
    Attachment,
    Bounce,
    BouncedRecipient,
    Invitation,
    Kind,
    Mail,
    Mark,
    Problem,
    Role,
    Trust,
    TrustReason,
    Verdict,
)
from channels_email.reading.reader import read

__all__ = [
    "Attachment",
    "Bounce",
    "BouncedRecipient",
    "Invitation",
    "Kind",
    "Mail",
    "Mark",
    "Problem",
    "Role",
    "Trust",
    "TrustReason",
    "Verdict",
    "read",
]
