"""Search over people, records and texts, with PostgreSQL's own means.

A conversation's document holds the words of its person, its record and its messages, and a token for its company, so
that the index itself keeps to that. Words are compared without case and accents.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from inbox import channels
from inbox.models import Conversation, Direction, Kind

MOST_CHARACTERS = 20_000  # of one message; a search document is for finding, not for keeping
LONGEST_WORD = 60
WORD = re.compile(r"[^\W_]+")

HEAD = """
SELECT conversation.company_id, person.name || ' ' || person.email || ' ' || person.phone || ' '
       || COALESCE(job.title, community.name)
FROM inbox_conversation conversation
LEFT JOIN candidates_application application ON application.id = conversation.application_id
LEFT JOIN candidates_job job ON job.id = application.job_id
LEFT JOIN candidates_prospect prospect ON prospect.id = conversation.prospect_id
LEFT JOIN candidates_community community ON community.id = prospect.community_id
JOIN candidates_candidate person ON person.id = COALESCE(application.candidate_id, prospect.candidate_id)
WHERE conversation.id = %s"""
ADD = """
INSERT INTO inbox_searchdocument (conversation_id, words) VALUES (%s, array_to_tsvector(%s::text[]))
ON CONFLICT (conversation_id) DO UPDATE SET words = inbox_searchdocument.words || excluded.words"""


EXCERPTS = """
SELECT said.* FROM unnest(%s::bigint[]) listed (id) CROSS JOIN LATERAL (
    SELECT conversation_id, id, channel, created_at, body FROM inbox_message message
    WHERE message.conversation_id = listed.id AND (direction <> 'note' OR kind = 'note') AND left(body, 20000) ~* %s
    ORDER BY message.id DESC LIMIT 1
) said"""
LONGEST_EXCERPT = 240
AROUND = 20  # characters before the first hit in an excerpt


@dataclass(frozen=True)
class Excerpt:
    """The newest message that holds a word of the search, with the words marked."""

    message_id: int
    channel: str
    at: datetime
    html: SafeString


def words_of(text: str) -> list[str]:
    """The words as both sides of a search compare them: without case, accents and signs, each once."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in decomposed if not unicodedata.combining(each))
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in WORD.findall(bare)))


def company_token(company_id: int) -> str:
    """What stands for a company in a document: no word, so that nobody can write it into a message."""
    return f"@{company_id}"


def add(conversation_id: int, *bodies: str) -> None:
    """Make the words of messages findable; part of the transaction that stores them."""
    with connection.cursor() as cursor:
        cursor.execute(HEAD, [conversation_id])
        company_id, head = cursor.fetchone()
        words = words_of(" ".join([head, *(body[:MOST_CHARACTERS] for body in bodies)]))
        cursor.execute(ADD, [conversation_id, [company_token(company_id), *words]])


def write_anew(conversation_id: int) -> None:
    """Read the whole document from the messages: for one that was moved or taken back."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM inbox_searchdocument WHERE conversation_id = %s", [conversation_id])
    conversation = Conversation.objects.with_record().get(pk=conversation_id)
    said = list(conversation.messages.filter(~Q(direction=Direction.NOTE) | Q(kind=Kind.NOTE)))
    for message in said:
        message.conversation = conversation
    subjects = [letter.subject for letter in channels.letters_of(said).values()]
    add(conversation_id, *subjects, *(message.body for message in said))


def condition(words: Iterable[str], *, company_id: int | None) -> str:
    """A tsquery: each word, the last one as a beginning, in a conversation of this company."""
    *whole, last = [f"'{word}'" for word in words]
    return " & ".join([*whole, f"{last}:*", f"'{company_token(company_id or 0)}'"])


def excerpts(conversation_ids: Sequence[int], words: Sequence[str]) -> dict[int, Excerpt]:
    """Of each conversation the newest message with one of the words; who was found by name has none."""
    pattern = r"\m(" + "|".join(re.escape(word) for word in words) + ")"
    with connection.cursor() as cursor:
        cursor.execute(EXCERPTS, [list(conversation_ids), pattern])
        rows = cursor.fetchall()
    return {pk: Excerpt(message, channel, at, highlighted(body, words)) for pk, message, channel, at, body in rows}


def highlighted(text: str, words: Sequence[str]) -> SafeString:
    """A piece of the text around the first hit, escaped, with each hit marked."""
    hits = list(re.finditer(r"\b(" + "|".join(re.escape(word) for word in words) + r")\w*", text, re.IGNORECASE))
    if not hits:
        return SafeString(escape(text[:LONGEST_EXCERPT]))
    begin = max(0, hits[0].start() - AROUND)
    piece, at = ["…" if begin else ""], begin
    for hit in hits:
        if hit.start() > begin + LONGEST_EXCERPT:
            break
        piece += [escape(text[at : hit.start()]), "<mark>", escape(hit[0]), "</mark>"]
        at = hit.end()
    piece.append(escape(text[at : begin + LONGEST_EXCERPT]))
    return mark_safe("".join(piece))  # noqa: S308 - each part is escaped
