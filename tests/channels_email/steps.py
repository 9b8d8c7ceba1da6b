"""Steps that several stories of email take: a user writes, a worker hands over."""

from email import message_from_bytes, policy
from email.message import EmailMessage as ReadMail
from typing import Any
from uuid import UUID, uuid4

from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import User
from channels_email import addresses
from inbox import channels, delivery
from inbox.channels import Letter, Reach
from inbox.models import Conversation, Direction, Message
from inbox.outcomes import Sent
from inbox.sending import send_message
from tests.channels_email import post

KEY = "email"


def reach(chat: Conversation) -> Reach:
    return channels.get(KEY).reachability(Conversation.objects.with_record().get(pk=chat.pk))


def try_to_write(
    chat: Conversation, author: User, body: str = "Hello!", *, subject: str = "", token: UUID | None = None
) -> object:
    return send_message(
        conversation_id=chat.pk,
        author=author,
        channel_key=KEY,
        body=body,
        subject=subject,
        client_token=token or uuid4(),
    )


def write(chat: Conversation, author: User, body: str = "Hello!", *, subject: str = "") -> Message:
    outcome = try_to_write(chat, author, body, subject=subject)
    assert isinstance(outcome, Sent), outcome
    return outcome.message


def send(chat: Conversation, author: User, body: str = "Hello!", *, subject: str = "") -> Message:
    """The user writes, and a worker hands it over to whatever mail server the test has."""
    message = write(chat, author, body, subject=subject)
    delivery.deliver_message(message.pk)
    message.refresh_from_db()
    return message


def address_of(chat: Conversation) -> str:
    """Where answers to the conversation's mail go."""
    return addresses.reply_address(chat)


def answers(client: Client, chat: Conversation, text: str | None = "Thursday works.", **mail: Any) -> Message:
    """The person answers from her own address; the message that it became."""
    mail = {"sender": f"{chat.person.name} <{chat.person.email}>", "text": text, **mail}
    assert post.deliver(client, post.letter(**mail), to=address_of(chat)) == 200
    return chat.messages.filter(direction=Direction.IN).latest("pk")


def letter_of(message: Message) -> Letter:
    """What the thread shows of it beside its words."""
    return channels.get(KEY).letters([message])[message.pk]


def on_the_wire(mail: EmailMessage) -> ReadMail:
    """What the person's mail server gets to see, read by the standard library."""
    return message_from_bytes(mail.message().as_bytes(), policy=policy.default)
