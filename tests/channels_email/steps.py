"""Steps that several stories of email take: a user writes, a worker hands over."""

from email import message_from_bytes, policy
from email.message import EmailMessage as ReadMail
from uuid import UUID, uuid4

from django.core.mail import EmailMessage

from accounts.models import User
from inbox import channels, delivery
from inbox.channels import Reach
from inbox.models import Conversation, Message
from inbox.outcomes import Sent
from inbox.sending import send_message

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


def on_the_wire(mail: EmailMessage) -> ReadMail:
    """What the person's mail server gets to see, read by the standard library."""
    return message_from_bytes(mail.message().as_bytes(), policy=policy.default)
