"""How notes stand in the thread: mentions marked, under the names that people have now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from inbox.links import linkify
from inbox.models import Kind, Message
from inbox.notes import rules
from inbox.notes.models import DeletedNote, Mention


@dataclass(frozen=True)
class Note:
    """`may_come_back`: it is deleted, and its author can still undo that."""

    html: SafeString
    may_come_back: bool = False


def shown(messages: Sequence[Message]) -> dict[int, Note]:
    """The notes among these messages, by their ids. Where there are none, nothing is asked."""
    notes = [message for message in messages if message.kind == Kind.NOTE]
    mentions = defaultdict(list)
    if notes:
        for mention in Mention.objects.filter(note__in=notes).select_related("user"):
            mentions[mention.note_id].append(mention)
    gone = [note.pk for note in notes if not note.body]
    restorable = set(DeletedNote.objects.filter(pk__in=gone).values_list("pk", flat=True)) if gone else set()
    return {note.pk: Note(html(note.body, mentions[note.pk]), note.pk in restorable) for note in notes}


def html(body: str, mentions: Sequence[Mention]) -> SafeString:
    """The note's words, safe, with its links and its mentions."""
    if not mentions:
        return linkify(body)
    names = {mention.written.casefold(): _name(mention) for mention in mentions}
    pieces, at = [], 0
    for match in rules.pattern(names).finditer(body):
        pieces.append(linkify(body[at : match.start()]))
        pieces.append(format_html('<b class="mention">@{}</b>', names[match[1].casefold()]))
        at = match.end()
    pieces.append(linkify(body[at:]))
    return mark_safe("".join(pieces))  # noqa: S308 - each piece is escaped


def _name(mention: Mention) -> str:
    """With the part of the email by which the author of the note told her from another one."""
    name, email = mention.user.name, mention.user.email.casefold()
    told = mention.written.casefold().removesuffix(")").rpartition(" (")[2]
    return f"{name} ({told})" if told in {email, email.partition("@")[0]} else name
