"""A note in the thread, for the team alone: written, deleted, had back. It has no status that any channel looks for."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from inbox import marks, notices, search, sending
from inbox.live import next_version, signal_tray
from inbox.models import Conversation, Direction, Kind, Message, Notice, NoticeKind
from inbox.notes import rules
from inbox.notes.models import DeletedNote, Mention
from inbox.outcomes import Reason, Refused, Sent
from inbox.querysets import NOTES
from inbox.rules import Status, length, normalised

MOST_CHARACTERS = 5000
MAY_COME_BACK_FOR = timedelta(hours=1)
MOST_NAMES = 20  # words behind an "@" that are looked up


@transaction.atomic
def write(*, conversation_id: int, author: User, body: str, client_token: UUID) -> Sent | Refused:
    """Store a note and tell whom it mentions. Being on the team is enough, no seat is needed (A2).

    It moves no conversation in the list and answers nobody. The same client token is the same note, as with texts.
    """
    conversation = Conversation.objects.visible_to(author).locked().with_record().filter(pk=conversation_id).first()
    if conversation is None:
        return Refused(Reason.NOT_ON_TEAM)
    body = normalised(body).rstrip()
    if earlier := conversation.messages.filter(author=author, client_token=client_token).first():
        return Sent(earlier) if earlier.body == body else Refused(Reason.ALREADY_SENT, _already_written())
    team = list(conversation.record.team.filter(is_active=True))
    known = rules.labels(team)
    if refusal := _unfit(body) or _mentions_a_stranger(body, conversation, team) or _names_several(body, known):
        return refusal
    version = next_version(conversation.pk)
    note = Message.objects.create(
        conversation=conversation,
        channel=NOTES,
        direction=Direction.NOTE,
        kind=Kind.NOTE,
        author=author,
        body=body,
        status=Status.RECEIVED,
        client_token=client_token,
        created_version=version,
        version=version,
    )
    named = {user.pk: words for words, user in rules.mentioned(body, known).items()}
    Mention.objects.bulk_create([Mention(note=note, user_id=pk, written=words) for pk, words in named.items()])
    search.add(conversation.pk, body)
    sending.renew_draft(author, conversation, NOTES)
    others = set(named) - {author.pk}
    notices.announce(conversation, version=version, notice=NoticeKind.MENTIONED, message=note, to=others)
    if others:
        marks.make_unread(conversation.pk, others)
    return Sent(note)


@transaction.atomic
def delete(*, note_id: int, by: User) -> Sent | Refused:
    """Its author takes her note out of the thread, the search and the trays; she can have it back for an hour."""
    note = _own(note_id, by)
    if note is None:
        return Refused(Reason.NOT_ON_TEAM)
    if note.body:
        DeletedNote.objects.create(note=note, body=note.body)
        told = list(Notice.objects.filter(message=note).values_list("user", flat=True))
        Notice.objects.filter(message=note).delete()
        for user_id in told:
            signal_tray(user_id)
        _say(note, "")
        search.write_anew(note.conversation_id)
    return Sent(note)


@transaction.atomic
def restore(*, note_id: int, by: User) -> Sent | Refused:
    """Undo: the note says again what it said. Nobody is told a second time."""
    note = _own(note_id, by)
    if note is None:
        return Refused(Reason.NOT_ON_TEAM)
    if deleted := DeletedNote.objects.filter(note=note).first():
        _say(note, deleted.body)
        search.add(note.conversation_id, deleted.body)
        deleted.delete()
    return Sent(note) if note.body else Refused(Reason.EMPTY, _("This note is gone for good. Write it once more."))


def forget_deleted(now: datetime) -> int:
    """For the sweeper: what nobody can have back any more is erased. Returns how many notes that were."""
    return DeletedNote.objects.filter(at__lt=now - MAY_COME_BACK_FOR).delete()[0]


def _own(note_id: int, user: User) -> Message | None:
    """Her note, in a conversation that she may still see, with the conversation's row held."""
    visible = Conversation.objects.visible_to(user)
    place = Message.objects.filter(pk=note_id, kind=Kind.NOTE, author=user).values_list("conversation", flat=True)
    conversation = visible.locked().filter(pk__in=place).first()
    return conversation.messages.get(pk=note_id) if conversation else None


def _say(note: Message, body: str) -> None:
    note.body, note.version = body, next_version(note.conversation_id)
    note.save(update_fields=["body", "version"])
    notices.announce(note.conversation, version=note.version)


def _unfit(body: str) -> Refused | None:
    if not body.strip():
        return Refused(Reason.EMPTY, _("There is nothing to keep yet. Write a note first."))
    if "\x00" in body or any("\ud800" <= character <= "\udfff" for character in body):
        return Refused(
            Reason.UNREADABLE, _("This note contains characters that can't be kept. Remove them, then save it again.")
        )
    if (extra := length(body) - MOST_CHARACTERS) > 0:
        sentence = _("This note is %(extra)d characters too long. A note holds %(most)d. Shorten it, or write two.")
        return Refused(Reason.TOO_LONG, sentence % {"extra": extra, "most": MOST_CHARACTERS})
    return None


def _mentions_a_stranger(body: str, conversation: Conversation, team: list[User]) -> Refused | None:
    """A colleague who isn't on the team can't be called into a thread that she may not read (A4)."""
    words = rules.first_words(body)[:MOST_NAMES]
    if not words:
        return None
    begins = Q()
    for word in words:
        begins |= Q(name__istartswith=word)
    colleagues = User.objects.filter(begins, company=conversation.company_id, is_active=True)
    everybody = rules.labels([*team, *colleagues.exclude(pk__in=[user.pk for user in team])[:100]])
    members = {user.pk for user in team}
    stranger = next((user for user in rules.mentioned(body, everybody).values() if user.pk not in members), None)
    if stranger is None:
        return None
    sentence = _("%(name)s isn't on this team, so this note can't mention them. Nothing was kept; take the @ away.")
    return Refused(Reason.NOT_MENTIONABLE, sentence % {"name": stranger.name})


def _names_several(body: str, known: dict[str, User]) -> Refused | None:
    """A name that two of the team share would tell neither of them, and its author would believe that it did."""
    for words, choices in rules.ambiguous(body, known).items():
        sentence = _(
            "Nothing was kept yet: %(count)d people on this team are called %(name)s, so @%(name)s would tell none of "
            "them. Write %(choices)s, or take the @ away."
        )
        named = _(" or ").join(f"@{choice}" for choice in choices)
        return Refused(Reason.NOT_MENTIONABLE, sentence % {"count": len(choices), "name": words, "choices": named})
    return None


def _already_written() -> str:
    return _("Another note was just kept from this draft, in another tab or window. Check it, then save this one.")
