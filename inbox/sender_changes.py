"""A conversation goes on from another sender of ours: the thread says so, from the next text on (Q6)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from candidates import phone_numbers
from inbox.live import next_version
from inbox.models import Direction, Kind, Message
from inbox.rules import Status


def note(conversation_id: int, *, channel: str, former: str, present: str) -> None:
    """Leave a note above the text that is the first from the new sender. Who stores that text tells the pages."""
    words = _("Texts now come from %(present)s, for %(former)s is no longer in use. Replies to it still arrive here.")
    version = next_version(conversation_id)
    Message.objects.create(
        conversation_id=conversation_id,
        channel=channel,
        direction=Direction.NOTE,
        kind=Kind.SENDER_CHANGED,
        body=words % {"present": phone_numbers.display(present), "former": phone_numbers.display(former)},
        status=Status.RECEIVED,
        created_at=timezone.now(),
        created_version=version,
        version=version,
    )
