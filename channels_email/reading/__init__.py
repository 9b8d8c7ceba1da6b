"""Reading a mail that came in: bytes in, plain values out. Pure: no database, no network, no clock.

Whatever the bytes, the answer is a `Mail`; what couldn't be read is named in its `problems`. The way through:

    structure    parts of the MIME tree, as places in the bytes that came
    headers      names, values, addresses, dates
    charsets     bytes to text
    bodies       which parts are words, which are files
    files        attachments, their names; `tnef` unpacks winmail.dat
    markup       strangers' HTML as a small tree; `pages` makes safe HTML of it, `wording` plain text
    history      what is new, and what only quotes earlier mails
    automatic    is it a person who writes? `bounces`, `calendars`
    trust        may the sender be forged?
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
    "Verdict",
    "read",
]
