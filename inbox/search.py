"""Search over people, records and texts, with PostgreSQL's own means.

A conversation's document holds the words of its person, its record and its messages, and a token for the team that
reads it, so that the index itself keeps to what a user may see. Words are compared without case and accents.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.db import connection

MOST_CHARACTERS = 20_000  # of one message; a search document is for finding, not for keeping
LONGEST_WORD = 60
WORD = re.compile(r"[^\W_]+")

HEAD = """
SELECT conversation.team_key, person.name || ' ' || person.email || ' ' || person.phone || ' '
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


def words_of(text: str) -> list[str]:
    """The words as both sides of a search compare them: without case, accents and signs, each once."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in decomposed if not unicodedata.combining(each))
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in WORD.findall(bare)))


def team_token(team_key: int) -> str:
    """What stands for a team in a document: no word, so that nobody can write it into a message."""
    return f"@{team_key}"


def add(conversation_id: int, *bodies: str) -> None:
    """Make the words of messages findable; part of the transaction that stores them."""
    with connection.cursor() as cursor:
        cursor.execute(HEAD, [conversation_id])
        team_key, head = cursor.fetchone()
        words = words_of(" ".join([head, *(body[:MOST_CHARACTERS] for body in bodies)]))
        cursor.execute(ADD, [conversation_id, [team_token(team_key), *words]])


def condition(words: Iterable[str], team_keys: Iterable[int]) -> str:
    """A tsquery: each word, the last one as a beginning, in a conversation of one of these teams."""
    *whole, last = [f"'{word}'" for word in words]
    teams = " | ".join(f"'{team_token(key)}'" for key in team_keys)
    return " & ".join([*whole, f"{last}:*", f"({teams})"])
