"""Steps that several stories take: a person texts us, a user writes, a worker takes a text into its hands."""

from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from candidates import consents
from candidates.consent_rules import Standing
from candidates.models import Consent
from channels_sms import routes
from inbox import asking, delivery, listing, sending
from inbox.listing import Beside
from inbox.models import Conversation, DeliveryAttempt, Direction, Message
from inbox.outcomes import Outcome, Refused, Sent
from inbox.rules import Status
from tests.conftest import Twilio


def new_sid() -> str:
    """A message sid as Twilio makes them."""
    return f"SM{uuid4().hex}"


def our_number(chat: Conversation) -> str:
    """The number that the conversation sends from, reserved now if it had none."""
    route = routes.reserve(chat, chat.person.phone)
    assert route is not None
    return route.sender_number.number


def says(twilio: Twilio, chat: Conversation, body: str, *, to: str = "", **fields: str) -> int:
    """The person texts the conversation's number, or another one of ours; what the webhook answered."""
    known = {"sid": new_sid(), "recipient": to or our_number(chat), **fields}
    return twilio.text(sender=chat.person.phone, body=body, **known)


def standing(chat: Conversation) -> Standing:
    """Where the person's present number stands with the company."""
    return consents.standing_of(company_id=chat.company_id, channel="sms", address=chat.person.phone)


def consent_of(chat: Conversation) -> Consent:
    return Consent.objects.get(company_id=chat.company_id, channel="sms", address=chat.person.phone)


def try_to_write(
    chat: Conversation, author: User, body: str = "Hello!", *, token: UUID | None = None, channel: str = "sms"
) -> Sent | Refused:
    return sending.send_message(
        conversation_id=chat.pk, author=author, channel_key=channel, body=body, client_token=token or uuid4()
    )


def write(chat: Conversation, author: User, body: str = "Hello!") -> Message:
    """The user sends a text; it waits for a worker."""
    outcome = try_to_write(chat, author, body)
    assert isinstance(outcome, Sent), outcome
    return outcome.message


def try_to_invite(chat: Conversation, author: User) -> Sent | Refused:
    return sending.send_invitation(conversation_id=chat.pk, author=author, channel_key="sms", client_token=uuid4())


def invite(chat: Conversation, author: User) -> Message:
    outcome = try_to_invite(chat, author)
    assert isinstance(outcome, Sent), outcome
    return outcome.message


def claim(message: Message) -> DeliveryAttempt:
    """A worker takes the text into its hands."""
    attempt = delivery.claim(message.pk)
    assert attempt is not None
    return attempt


def hand_over(message: Message, outcome: Outcome) -> DeliveryAttempt:
    """A worker hands the text over, and this is how it ends."""
    attempt = claim(message)
    delivery.record_outcome(attempt, outcome)
    attempt.refresh_from_db()
    return attempt


def refused_attempt(chat: Conversation, author: User, *, code: int = 21610) -> DeliveryAttempt:
    """A text that was on the wire while things changed, and that the carrier refused."""
    message = Message.objects.create(
        conversation=chat,
        channel="sms",
        direction=Direction.OUT,
        author=author,
        body="Hello!",
        sender=our_number(chat),
        recipient=chat.person.phone,
        status=Status.SENDING,
        created_version=0,
        version=0,
    )
    return DeliveryAttempt.objects.create(message=message, lease_until=timezone.now(), error_code=code)


def beside_list(user: User) -> Beside:
    """What stands beside the user's list."""
    return listing.beside(asking.ask(listing.beside_question(user))[0])
