"""Steps of the stories about WhatsApp: a person writes to our sender, a user writes or invites, time passes."""

from datetime import timedelta
from uuid import uuid4

from accounts.models import User
from candidates import consents
from candidates.consent_rules import Standing
from channels_whatsapp.senders import sender_of
from inbox import channels, sending
from inbox.channels import Reach
from inbox.models import Conversation, Message
from inbox.outcomes import Accepted, Refused, Sent
from tests import steps
from tests.conftest import Twilio

KEY = "whatsapp"


def ours(chat: Conversation) -> str:
    sender = sender_of(chat.company_id)
    assert sender is not None
    return sender.number


def says(twilio: Twilio, chat: Conversation, body: str, **fields: str) -> str:
    """The person writes; the message's sid."""
    sid = steps.new_sid()
    known = {"sender": chat.person.phone, "recipient": ours(chat), **fields}
    assert twilio.whatsapp(body=body, sid=sid, **known) == 200
    return sid


def reach(chat: Conversation) -> Reach:
    chat = Conversation.objects.with_record().get(pk=chat.pk)
    return channels.get(KEY).reachability(chat)


def try_to_write(chat: Conversation, author: User, body: str = "Hello!") -> Sent | Refused:
    return steps.try_to_write(chat, author, body, channel=KEY)


def write(chat: Conversation, author: User, body: str = "Hello!") -> Message:
    outcome = try_to_write(chat, author, body)
    assert isinstance(outcome, Sent), outcome
    return outcome.message


def try_to_invite(chat: Conversation, author: User) -> Sent | Refused:
    return sending.send_invitation(conversation_id=chat.pk, author=author, channel_key=KEY, client_token=uuid4())


def invite(chat: Conversation, author: User, *, delivered: bool = True) -> Message:
    outcome = try_to_invite(chat, author)
    assert isinstance(outcome, Sent), outcome
    if delivered:
        steps.hand_over(outcome.message, Accepted(steps.new_sid(), "delivered"))
    return outcome.message


def open_window(twilio: Twilio, chat: Conversation, author: User) -> str:
    """Invited and answered: free texting is open. The answer's sid."""
    invite(chat, author)
    return says(twilio, chat, "Hi")


def hours_pass(chat: Conversation, hours: float) -> None:
    """All that was said here is so much older."""
    for message in chat.messages.all():
        Message.objects.filter(pk=message.pk).update(created_at=message.created_at - timedelta(hours=hours))


def standing(chat: Conversation, address: str = "") -> Standing:
    return consents.standing_of(company_id=chat.company_id, channel=KEY, address=address or chat.person.phone)
