"""A message that named nothing it answers, put into the conversation that it was meant for (W5)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from inbox import notices, receiving, search, standing
from inbox.live import next_version
from inbox.models import Conversation, Direction, Kind, Message, Notice, NoticeKind
from inbox.outcomes import Reason, Refused, Sent
from inbox.querysets import ConversationQuerySet
from inbox.rules import Status


def other_homes(user: User, conversation: Conversation, messages: Iterable[Message]) -> list[Conversation]:
    """Where one of these messages may be moved; nothing is asked where none of them is a guess."""
    if not any(message.is_guess for message in messages):
        return []
    return list(_homes(user, conversation).order_by("-last_message_at", "pk"))


@transaction.atomic
def move(*, message_id: int, to: int, by: User) -> Sent | Refused:
    """Move a message "without reference" to another conversation with the same phone, of a team that the user is on
    too (W5). A note in its old place says where it went; a keyword in it counted when it came."""
    visible = Conversation.objects.visible_to(by)
    message = Message.objects.filter(pk=message_id, conversation__in=visible).first()
    if message is None:
        return Refused(Reason.NOT_ON_TEAM)
    receiving.lock_conversations([message.conversation_id, to])
    message.refresh_from_db()
    origin = visible.with_record().filter(pk=message.conversation_id).first()
    if origin is None:
        return Refused(Reason.NOT_ON_TEAM)
    target = _homes(by, origin).filter(pk=to).first()
    if not message.is_guess or target is None:
        return Refused(
            Reason.NOT_MOVABLE, _("This message stays here. Somebody moved it, or the other team isn't yours.")
        )
    _leave_note(message, origin, target, by=by)
    version = next_version(target.pk)
    message.conversation, message.is_guess, message.reply_to = target, False, None
    message.created_version = message.version = version
    message.save(update_fields=["conversation", "is_guess", "reply_to", "created_version", "version"])
    Notice.objects.filter(message=message).delete()  # they lead to the old place, and maybe to people of another team
    for each in (origin, target):
        standing.count_anew(each.pk)
        search.write_anew(each.pk)
    notices.announce(target, version=version, notice=NoticeKind.REPLY, message=message, already_told=[by.pk])
    return Sent(message)


def _homes(user: User, conversation: Conversation) -> ConversationQuerySet:
    """The other conversations with the same phone that the user sees."""
    person = conversation.person
    visible = Conversation.objects.visible_to(user).with_record().exclude(pk=conversation.pk)
    return visible.with_phone_of(person)


def _leave_note(message: Message, origin: Conversation, target: Conversation, *, by: User) -> None:
    version = next_version(origin.pk)
    now = timezone.now()
    note = Message.objects.create(
        conversation=origin,
        channel=message.channel,
        direction=Direction.NOTE,
        kind=Kind.MOVED,
        author=by,
        body=_("%(name)s moved a message to %(title)s.") % {"name": by.name, "title": target.record.title},
        handover={"moved": message.pk},
        moved_to=target,
        status=Status.RECEIVED,
        created_at=now,
        created_version=version,
        version=version,
    )
    notices.announce(origin, version=version, message=note)
