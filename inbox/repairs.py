"""What a person does about a failed text: take its words to another channel, or to the person's new address."""

from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inbox import channels, notices, sending
from inbox.channels import EMAIL
from inbox.live import next_version
from inbox.models import ComposerDraft, Conversation, Direction, Kind, Message
from inbox.next_steps import SENT_AGAIN_AS
from inbox.outcomes import Reason, Refused, Sent
from inbox.rules import Status


def visible_text(user: User, message_id: int) -> Message | None:
    """A text to a person, in a conversation that the user may see; None for any other."""
    visible = Conversation.objects.visible_to(user).values("pk")
    return Message.objects.filter(pk=message_id, conversation__in=visible, direction=Direction.OUT).first()


@transaction.atomic
def carry(message: Message, *, to: str, by: User) -> None:
    """Put the words of a failed text into the user's draft on another channel, or on the same, to be changed.

    What she has typed there stays above them; a second click adds nothing.
    """
    if message.kind != Kind.TEXT:
        return
    conversation = Conversation.objects.with_record().get(pk=message.conversation_id)
    draft = sending.locked_draft(by, conversation, to)
    words = unworded(message, conversation)
    if words in draft.body:
        return
    draft.body = f"{draft.body.rstrip()}\n\n{words}" if draft.body.strip() else words
    subject = str(message.handover.get("subject", ""))
    draft.subject = draft.subject or (subject if to == EMAIL else "")
    draft.save(update_fields=["body", "subject"])


@transaction.atomic
def send_to_new_address(message_id: int, *, by: User) -> Sent | Refused:
    """The same words to the address that the person has now. What was typed in the composer stays.

    It is a new message, not another attempt: a message is one text to one address, with that address's consent and
    route, and the thread goes on saying where the first one went. Whoever clicks, and how often: it is sent once.
    """
    message = visible_text(by, message_id)
    if message is None:
        return Refused(Reason.NOT_ON_TEAM)
    conversation = Conversation.objects.locked().with_record().get(pk=message.conversation_id)
    message.refresh_from_db(fields=["handover", "status"])
    if sent_as := message.handover.get(SENT_AGAIN_AS):
        return Sent(conversation.messages.get(pk=sent_as))
    if refusal := sending.may_not_write(by, conversation, message.channel):
        return refusal
    if message.status != Status.FAILED or message.kind != Kind.TEXT:
        return Refused(Reason.NOT_RETRYABLE, _("This text is already on its way. Nothing was sent twice."))
    draft = sending.draft_of(by, conversation, message.channel)
    address = channels.get(message.channel).address(conversation)
    if address == message.recipient:
        return Refused(Reason.NOT_RETRYABLE, _("The person's address is still the same. Edit it first."))
    outcome = sending.send_message(
        conversation_id=conversation.pk,
        author=by,
        channel_key=message.channel,
        body=unworded(message, conversation),
        subject=str(message.handover.get("subject", "")),
        client_token=uuid5(NAMESPACE_URL, f"{message.pk} {address}"),
    )
    if isinstance(outcome, Refused):
        return outcome
    ComposerDraft.objects.filter(pk=draft.pk).update(body=draft.body, subject=draft.subject)
    message.handover = {**message.handover, SENT_AGAIN_AS: outcome.message.pk}
    message.version = next_version(conversation.pk)
    message.save(update_fields=["handover", "version"])
    notices.announce(conversation, version=message.version)
    return outcome


def unworded(message: Message, conversation: Conversation) -> str:
    """The words as they were typed, without what their channel begins each text with (W5)."""
    worded = channels.get(message.channel).worded(conversation, "-")
    return message.body.removeprefix(worded.removesuffix("-"))
