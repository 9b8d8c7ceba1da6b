"""What Twilio tells of a WhatsApp message (twilio.md §5), put into our words: text, kind, what came with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from channels_whatsapp import rules
from inbox.models import Kind
from inbox.receiving import Attachment
from twilio_gateway import webhooks

MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=16/{0}/{1}"
COORDINATE = re.compile(r"-?\d{1,3}(\.\d{1,10})?")
WITHOUT_MEDIA = {"contacts", "sticker", "audio", "image", "video", "document", "unsupported"}
"""Types of a message that may come without a file; something of it was there all the same."""


@dataclass(frozen=True)
class InboundWhatsApp:
    """One message. `names` are those by which WhatsApp knows the person, the one that she wrote from first;
    `answers`: the sid of the message that she replied to, empty for none."""

    names: list[str]
    sender_as_written: str
    ours: str
    body: str
    kind: Kind
    message_sid: str
    attachments: list[Attachment]
    answers: str


def read_request(parameters: Mapping[str, str]) -> InboundWhatsApp:
    """Any parameter may be missing or odd; nothing of it is lost."""
    names = [
        rules.from_wire(parameters.get("From", "")),
        rules.from_wire(parameters.get("ExternalUserId", "")),
        _number_of(parameters.get("WaId", "")),
    ]
    kind = parameters.get("MessageType", "").strip().lower()
    attachments = _attachments(parameters, kind)
    return InboundWhatsApp(
        names=list(dict.fromkeys(name for name in names if name)),
        sender_as_written=parameters.get("From", "").strip(),
        ours=rules.from_wire(parameters.get("To", "")) or parameters.get("To", "").strip(),
        body=_words(parameters),
        kind=Kind.REACTION if kind == "reaction" else Kind.TEXT,
        message_sid=parameters.get("MessageSid", "") or parameters.get("SmsSid", ""),
        attachments=attachments,
        answers=parameters.get("OriginalRepliedMessageSid", "").strip(),
    )


def _number_of(wa_id: str) -> str:
    """WhatsApp's id of a number: its digits, usually but not always those that are dialled."""
    return f"+{wa_id}" if rules.is_number(f"+{wa_id}") else ""


def _words(parameters: Mapping[str, str]) -> str:
    """The text; of a button its label, of a list its entry, of a place its name and a link to a map."""
    body = parameters.get("Body", "")
    if not body:
        body = parameters.get("ButtonText", "") or parameters.get("ListTitle", "")
    latitude, longitude = parameters.get("Latitude", ""), parameters.get("Longitude", "")
    if COORDINATE.fullmatch(latitude) and COORDINATE.fullmatch(longitude):
        named = [parameters.get("Label", ""), parameters.get("Address", "")]
        body = "\n".join([part for part in (body, *named) if part] + [MAP.format(latitude, longitude)])
    return body


def _attachments(parameters: Mapping[str, str], kind: str) -> list[Attachment]:
    """Files by what WhatsApp calls them; what is announced without a file is noted as well."""
    is_special = kind in {"sticker", "document", "contacts"}
    files = [
        Attachment(kind if is_special else main_type, content_type, url)
        for main_type, content_type, url in webhooks.media(parameters)
    ]
    has_words = bool(parameters.get("Body") or parameters.get("Latitude"))
    if not files and kind in WITHOUT_MEDIA and not has_words:
        return [Attachment(kind)]
    return files


def said_of_reaction(emoji: str) -> str:
    return _("Reacted with %(emoji)s") % {"emoji": emoji} if emoji else _("Took a reaction back")
