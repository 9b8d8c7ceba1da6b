"""How big a file is that came in and can't be shown (Q7): the provider is asked afterwards, never by the webhook."""

from django.db import transaction

from accounts import work
from inbox import notices
from inbox.live import next_version
from inbox.models import Message
from twilio_gateway import media

MEASURE = "channels_whatsapp.measure_attachments"


def ask(message_id: int) -> None:
    """Once this transaction is committed, have a worker ask. If that is lost, the kind alone is shown."""
    work.ask(MEASURE, message_id)


def measure_attachments(message_id: int) -> None:
    """Write down the sizes that the provider tells. Call it as often as you like."""
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        return
    sizes = [
        each["size"] if each["size"] is not None or not each["url"] else media.size_of(each["url"])
        for each in message.attachments
    ]
    if all(size is None for size in sizes):
        return
    with transaction.atomic():
        message = Message.objects.select_related("conversation").get(pk=message_id)
        message.version = next_version(message.conversation_id)
        message.attachments = [{**each, "size": size} for each, size in zip(message.attachments, sizes, strict=True)]
        message.save(update_fields=["version", "attachments"])
        notices.announce(message.conversation, version=message.version)
