"""What a status callback about a WhatsApp message has beside an SMS's. Pure."""

import hashlib

from simulator.addresses import PREFIX, masked
from simulator.messages import Message
from simulator.refusals import failure_words
from simulator.signing import Params

EVENTS = ("delivered", "read", "undelivered")


def channel_fields(message: Message, *, status: str, error_code: int | None) -> Params:
    """The extra fields; the install is one for each of our senders, for as long as it lives."""
    sender = message.sender or ""
    install = hashlib.md5(sender.encode(), usedforsecurity=False).hexdigest()
    extras = [
        ("ChannelPrefix", PREFIX.rstrip(":")),
        ("ChannelInstallSid", f"XE{install}"),
        ("ChannelToAddress", masked(message.recipient)),
        ("StructuredMessage", "false"),
    ]
    if status in EVENTS:
        extras.append(("EventType", status.upper()))
    if error_code and status in ("failed", "undelivered"):
        extras.append(("ChannelStatusMessage", failure_words(error_code) or ""))
    return extras
