"""The form of the webhook for a person's WhatsApp message: all that Twilio tells about it. No geography."""

import json
from collections.abc import Mapping

from simulator.addresses import PREFIX
from simulator.directory import Phone
from simulator.messages import API_VERSION, Message
from simulator.whatsapp_parts import Parts


def whatsapp_form(
    message: Message, phone: Phone, *, account_sid: str, own_url: str, answered: Message | None
) -> dict[str, str]:
    """The parameters of one message; `own_url` is where its media are, `answered` the message that it replies to."""
    parts = Parts.of(message)
    name = phone.name if parts.profile_name is None else parts.profile_name
    is_withheld = phone.user_id is not None and (phone.number_withheld or phone.user_id == phone.number)
    wa_id = "" if is_withheld else phone.wa_id or phone.number.removeprefix("+")
    context = {"ProfileName": name, "WaId": wa_id}
    values = {
        "MessageSid": message.sid, "SmsSid": message.sid, "SmsMessageSid": message.sid, "AccountSid": account_sid,
        "ApiVersion": API_VERSION, "SmsStatus": "received", "NumSegments": "1", "NumMedia": str(len(parts.media)),
        "From": message.sender or "", "To": message.recipient, "WaId": wa_id,
        "ProfileName": name, "MessageType": parts.kind, "Body": message.text, "Forwarded": "false",
        "FrequentlyForwarded": "false", "ReferralNumMedia": "0",
        "ChannelMetadata": json.dumps({"type": "whatsapp", "data": {"context": context}}, separators=(",", ":")),
    }  # fmt: skip
    if phone.user_id:
        values["ExternalUserId"] = PREFIX + phone.user_id
    if parts.button:
        values |= {"ButtonText": parts.button["text"], "ButtonPayload": parts.button["payload"]}
    if parts.reply_to:
        sender = answered.sender if answered and answered.sender else message.recipient
        values |= {"OriginalRepliedMessageSid": parts.reply_to, "OriginalRepliedMessageSender": sender}
    media = f"{own_url}/{API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}/Media"
    for number, each in enumerate(parts.media):
        values |= {f"MediaContentType{number}": each.content_type, f"MediaUrl{number}": f"{media}/{each.sid}"}
    return values | _place(parts.location or {})


def _place(location: Mapping[str, object]) -> dict[str, str]:
    return {name.capitalize(): str(value) for name, value in location.items()}
