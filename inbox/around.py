"""What stands around a conversation that is open: what it is to the user, the person's other ones, the team."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from inbox.asking import Question, Rows
from inbox.list_queries import TEAMS
from inbox.models import ComposerDraft, Conversation

MOST_OTHERS = 20

AROUND = f"""
SELECT COALESCE(mark.is_starred, FALSE) AS is_starred,
       CASE WHEN mark.snoozed_until > %(now)s THEN mark.snoozed_until END AS snoozed_until,
       ARRAY(
           SELECT json_build_array(other.id, other.title) FROM (
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
           ORDER BY other.last_message_at DESC NULLS LAST, other.id LIMIT %(most_others)s) AS others,
       ARRAY(
           SELECT json_build_array(member.id, member.name, seat.id IS NOT NULL) FROM accounts_user member
           LEFT JOIN accounts_seat seat ON seat.user_id = member.id
           WHERE member.is_active AND member.id IN (
               SELECT user_id FROM candidates_job_team WHERE job_id = %(team)s
               UNION ALL SELECT user_id FROM candidates_community_team WHERE community_id = -%(team)s)
           ORDER BY member.id) AS team,
       ARRAY(
           SELECT json_build_array(draft.channel, draft.subject, draft.body, draft.token)
           FROM inbox_composerdraft draft
           WHERE draft.user_id = %(user)s AND draft.conversation_id = %(conversation)s) AS drafts
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
    """`drafts`: what she has typed, by channel."""

    is_starred: bool
    snoozed_until: datetime | None
    others: list[Other]
    team: list[Member]
    drafts: dict[str, ComposerDraft]


def question(user: User, conversation: Conversation) -> Question:
    """All of it by hand, for it is asked whenever a conversation is opened."""
    assert user.company is not None  # who has no company sees no conversation
    values = {
        "user": user.pk,
        "company": user.company_id,
        "has_smartcrm": user.company.has_smartcrm,
        "conversation": conversation.pk,
        "person": conversation.person.pk,
        "team": conversation.team_key,
        "now": timezone.now(),
        "most_others": MOST_OTHERS,
    }
    return Question(AROUND, values)


def read(user: User, conversation: Conversation, answer: Rows) -> Around:
    """The answer to the question."""
    (row,) = answer
    drafts = [_draft(user, conversation, *draft) for draft in row["drafts"]]
    return Around(
        is_starred=row["is_starred"],
        snoozed_until=parse_datetime(row["snoozed_until"]) if row["snoozed_until"] else None,
        others=[Other(*other) for other in row["others"]],
        team=[Member(*member) for member in row["team"]],
        drafts={each.channel: each for each in drafts},
    )


def _draft(user: User, conversation: Conversation, channel: str, subject: str, body: str, token: str) -> ComposerDraft:
    return ComposerDraft(
        user=user, conversation=conversation, channel=channel, subject=subject, body=body, token=UUID(token)
    )
