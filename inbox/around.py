"""What stands around a conversation that is open: what it is to the user, the person's other ones, the team."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.models import User
from inbox.list_queries import TEAMS
from inbox.models import ComposerDraft, Conversation

MOST_OTHERS = 20

AROUND = f"""
SELECT COALESCE(mark.is_starred, FALSE), CASE WHEN mark.snoozed_until > %(now)s THEN mark.snoozed_until END,
       COALESCE(mark.is_unread, FALSE) OR EXISTS (
           SELECT FROM inbox_notice notice
           WHERE notice.user_id = %(user)s AND notice.conversation_id = %(conversation)s AND notice.read_at IS NULL),
       ARRAY(
           SELECT json_build_array(other.id, other.title)::text FROM (
               SELECT conversation.*, job.title FROM candidates_application record
               JOIN inbox_conversation conversation ON conversation.application_id = record.id
               JOIN candidates_job job ON job.id = record.job_id
               WHERE record.candidate_id = %(person)s
               UNION ALL
               SELECT conversation.*, community.name FROM candidates_prospect record
               JOIN inbox_conversation conversation ON conversation.prospect_id = record.id
               JOIN candidates_community community ON community.id = record.community_id
               WHERE record.candidate_id = %(person)s
           ) other
           WHERE other.id <> %(conversation)s AND other.company_id = %(company)s AND other.team_key IN ({TEAMS})
           ORDER BY other.last_message_at DESC NULLS LAST, other.id LIMIT %(most)s),
       ARRAY(
           SELECT json_build_array(member.id, member.name, seat.id IS NOT NULL)::text FROM accounts_user member
           LEFT JOIN accounts_seat seat ON seat.user_id = member.id
           WHERE member.is_active AND member.id IN (
               SELECT user_id FROM candidates_job_team WHERE job_id = %(team)s
               UNION ALL SELECT user_id FROM candidates_community_team WHERE community_id = -%(team)s)
           ORDER BY member.id),
       ARRAY(
           SELECT json_build_array(draft.channel, draft.subject, draft.body, draft.token)::text
           FROM inbox_composerdraft draft
           WHERE draft.user_id = %(user)s AND draft.conversation_id = %(conversation)s)
FROM (SELECT) this
LEFT JOIN inbox_conversationmark mark ON mark.user_id = %(user)s AND mark.conversation_id = %(conversation)s"""


@dataclass(frozen=True)
class Member:
    """One of the team, and whether she holds a seat."""

    pk: int
    name: str
    seat: bool


@dataclass(frozen=True)
class Other:
    """Another conversation with the same person, by the title of its record."""

    pk: int
    title: str


@dataclass(frozen=True)
class Around:
    """`has_news`: it is unread, or a notice of it is. `drafts`: what she has typed, by channel."""

    is_starred: bool
    snoozed_until: datetime | None
    has_news: bool
    others: list[Other]
    team: list[Member]
    drafts: dict[str, ComposerDraft]


def around(user: User, conversation: Conversation) -> Around:
    """All of it in one query by hand, for it is asked whenever a conversation is opened."""
    assert user.company is not None  # who has no company sees no conversation
    values = {
        "user": user.pk,
        "company": user.company_id,
        "has_smartcrm": user.company.has_smartcrm,
        "conversation": conversation.pk,
        "person": conversation.person.pk,
        "team": conversation.team_key,
        "now": timezone.now(),
        "most": MOST_OTHERS,
    }
    with connection.cursor() as cursor:
        cursor.execute(AROUND, values)
        is_starred, snoozed_until, has_news, others, team, drafts = cursor.fetchone()
    return Around(
        is_starred,
        snoozed_until,
        has_news,
        [Other(*json.loads(other)) for other in others],
        [Member(*json.loads(member)) for member in team],
        {each.channel: each for each in (_draft(user, conversation, *json.loads(draft)) for draft in drafts)},
    )


def _draft(user: User, conversation: Conversation, channel: str, subject: str, body: str, token: str) -> ComposerDraft:
    return ComposerDraft(
        user=user, conversation=conversation, channel=channel, subject=subject, body=body, token=UUID(token)
    )
