"""A text that is too long for one, sent as several: cut at ends of sentences, shown before, stored together (Q8)."""

from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import ngettext

from accounts.models import User
from inbox import channels, sending
from inbox.channels import Channel
from inbox.models import Conversation
from inbox.outcomes import Reason, Refused, Sent
from inbox.rules import length, normalised
from inbox.segments import MOST_PARTS, split


def of(text: str, most: int) -> list[str]:
    """The texts of at most `most` UTF-16 units each that this one makes; empty where they would be too many."""
    found = split(normalised(text), most)
    return found if len(found) <= MOST_PARTS else []


@transaction.atomic
def send(
    *, conversation_id: int, author: User, channel_key: str, body: str, count: int, client_token: UUID
) -> Sent | Refused:
    """Store a long text as `count` messages in their order, all or none; the answer is the first of them.

    `count` is what the author was shown: another number is refused, so that nothing goes out that she hasn't seen.
    Each part has a client token that follows from the text's own, so a repeated request finds the same messages.
    """
    conversation = Conversation.objects.visible_to(author).with_record().filter(pk=conversation_id).first()
    if refusal := sending.may_not_write(author, conversation, channel_key):
        return refusal
    assert conversation is not None
    channel = channels.get(channel_key)
    texts = of(body, room(channel, conversation))
    if len(texts) != count:
        return _otherwise(len(texts), channel)
    outcomes = []
    for index, text in enumerate(texts):
        outcome = sending.send_message(
            conversation_id=conversation_id,
            author=author,
            channel_key=channel_key,
            body=text,
            client_token=token_of_part(client_token, index),
        )
        if isinstance(outcome, Refused):
            transaction.set_rollback(True)
            return outcome
        outcomes.append(outcome)
    return outcomes[0]


def room(channel: Channel, conversation: Conversation) -> int:
    """UTF-16 units that can be typed in one text: what each begins with counts too (W5)."""
    return channel.characters - length(channel.worded(conversation, "x")) + 1


def token_of_part(client_token: UUID, index: int) -> UUID:
    """The first part has the text's own token, so that the text can't go out whole as well."""
    return uuid5(client_token, str(index)) if index else client_token


def _otherwise(count: int, channel: Channel) -> Refused:
    if not count:
        return sending.unfit("x" * (channel.characters + 1), channel) or Refused(Reason.TOO_LONG)
    sentence = ngettext(
        "This is %(count)d text by now, and nothing was sent. Look at it, then send it.",
        "These are %(count)d texts by now, and nothing was sent. Look at them, then send them.",
        count,
    )
    return Refused(Reason.TOO_LONG, sentence % {"count": count})
