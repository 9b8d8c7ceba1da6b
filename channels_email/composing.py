"""The mail of a message: from the company with the user's name, in its thread, as plain text and simple HTML."""

from anymail.message import AnymailMessage
from django.conf import settings

from channels_email import addresses, rules
from channels_email.formatting import as_html
from inbox.channels import EMAIL
from inbox.models import DeliveryAttempt, Direction, Message
from inbox.rules import RANKS, AttemptStatus
from inbox.standing import MACHINES

PAGE = '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{}</body></html>'
LETTERS_LOOKED_AT = 50  # of a conversation, for its thread


def mail_of(attempt: DeliveryAttempt) -> AnymailMessage:
    """Everything that the person's mail program will see.

    Mail servers return what can't be delivered to the envelope's sender, so that is the conversation's own address,
    too; providers with an API use theirs, and report by webhook.
    """
    message = attempt.message
    conversation, author = message.conversation, message.author
    assert author is not None  # what goes out was written by somebody
    shown = rules.sender_shown(author=author.name, company=conversation.company.name, address=message.sender)
    reply_to = addresses.reply_address(conversation)
    headers = {"From": shown, "Message-ID": addresses.message_id(attempt)}
    if earlier := thread_ids(message):
        headers |= {"In-Reply-To": earlier[-1], "References": " ".join(earlier)}
    mail = AnymailMessage(
        subject=subject_of(message),
        body=message.body,
        from_email=reply_to or message.sender,
        to=[message.recipient],
        reply_to=[reply_to or author.email],
        headers=headers,
    )
    mail.attach_alternative(PAGE.format(as_html(message.body)), "text/html")
    if has_provider_api():
        del mail.extra_headers["From"]
        mail.from_email = shown
        mail.metadata = {"attempt": str(attempt.uuid)}
    return mail


def has_provider_api() -> bool:
    """Whether mail goes out by a provider's API, and not by SMTP or into a local outbox."""
    return settings.EMAIL_BACKEND.startswith("anymail.")


def subject_of(message: Message) -> str:
    """The subject of a letter, sent or received."""
    if message.is_out:
        return str(message.handover.get("subject", ""))
    letter = getattr(message, "letter", None)
    return letter.subject if letter else ""


def thread_ids(message: Message) -> list[str]:
    """The ids of the letters before this one that have its subject, oldest first: a new subject begins a thread.

    What a machine answered belongs to no thread.
    """
    earlier = (
        message.conversation.messages.filter(channel=EMAIL, pk__lt=message.pk)
        .exclude(direction=Direction.NOTE)
        .exclude(kind__in=MACHINES)
        .select_related("letter")
        .prefetch_related("attempts")
        .order_by("-pk")[:LETTERS_LOOKED_AT]
    )
    bare = rules.bare_subject(subject_of(message))
    ids: list[str] = []
    for each in reversed(earlier):
        if rules.bare_subject(subject_of(each)) == bare:
            ids += _ids_of(each)
    return rules.references(ids)


def _ids_of(message: Message) -> list[str]:
    """Of a letter of ours, its id once it went out; of one that came in, also those that it names."""
    if message.is_out:
        attempt = message.newest_attempt()
        if attempt is None or attempt.rank < RANKS[AttemptStatus.UNKNOWN] or attempt.status == AttemptStatus.FAILED:
            return []
        return [addresses.message_id(attempt)]
    letter = getattr(message, "letter", None)
    return [*letter.references, letter.mail_id] if letter else []


def last_subject(conversation_ids: list[int]) -> dict[int, str]:
    """The subject of each conversation's newest letter, sent or received by a person."""
    newest = (
        Message.objects.filter(conversation__in=conversation_ids, channel=EMAIL)
        .exclude(direction=Direction.NOTE)
        .exclude(kind__in=MACHINES)
        .select_related("letter")
        .order_by("conversation", "-pk")
        .distinct("conversation")
    )
    return {each.conversation_id: subject_of(each) for each in newest}
