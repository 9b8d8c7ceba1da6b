"""What a text is judged by when a worker claims it (I2, I5, A3, F2): read at once, by hand, for every text asks it.

It is read after the locks are held and by statements that begin then: one that waits for a row sees only that row as
its last holder left it, and all others as they were when it began.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from accounts.models import Company
from candidates.consent_rules import Standing
from candidates.models import Application, Candidate, Prospect
from inbox import channels, holds, notices
from inbox.asking import Question, ask, instance
from inbox.holds import HELD
from inbox.models import Conversation, Message
from inbox.notices import Member
from inbox.outcomes import Reason
from inbox.pacing import UNDER_WAY

WAITS = """
message.id = %(message)s AND message.status = 'queued'
AND NOT EXISTS (SELECT FROM inbox_sendingpause pause
                WHERE pause.ended_at IS NULL AND message.channel = ANY(pause.channels))"""
PLACE = f"""
SELECT message.conversation_id, conversation.company_id, message.channel, message.recipient
FROM inbox_message message JOIN inbox_conversation conversation ON conversation.id = message.conversation_id
WHERE {WAITS}"""
TEXT = f"""
SELECT message.id AS message__id, message.conversation_id AS message__conversation_id,
       message.channel AS message__channel, message.direction AS message__direction, message.kind AS message__kind,
       message.author_id AS message__author_id, message.body AS message__body, message.handover AS message__handover,
       message.sender AS message__sender, message.recipient AS message__recipient, message.status AS message__status,
       message.refusal AS message__refusal, message.version AS message__version,
       message.created_at AS message__created_at, message.due_at AS message__due_at,
       conversation.id AS conversation__id, conversation.company_id AS conversation__company_id,
       conversation.application_id AS conversation__application_id,
       conversation.prospect_id AS conversation__prospect_id,
       COALESCE(application.id, prospect.id) AS record__id,
       person.id AS person__id, person.company_id AS person__company_id, person.name AS person__name,
       person.email AS person__email, person.phone AS person__phone,
       person.time_zone AS person__time_zone,
       company.id AS company__id, company.name AS company__name, company.has_smartmessage AS company__has_smartmessage,
       company.has_smartcrm AS company__has_smartcrm, company.texts_by_sms AS company__texts_by_sms,
       company.texts_by_whatsapp AS company__texts_by_whatsapp, company.hours_preset AS company__hours_preset,
       company.hours_are_wall AS company__hours_are_wall, company.own_hours AS company__own_hours,
       {HELD} AS is_held, {UNDER_WAY.format(later="message")} AS is_behind
FROM inbox_message message
JOIN inbox_conversation conversation ON conversation.id = message.conversation_id
JOIN accounts_company company ON company.id = conversation.company_id
LEFT JOIN candidates_application application ON application.id = conversation.application_id
LEFT JOIN candidates_prospect prospect ON prospect.id = conversation.prospect_id
JOIN candidates_candidate person ON person.id = COALESCE(application.candidate_id, prospect.candidate_id)
WHERE {WAITS} AND message.due_at <= %(now)s AND message.recipient = %(recipient)s"""


@dataclass(frozen=True)
class Place:
    """Where a text waits: what must be locked before anything else of it is believed."""

    conversation_id: int
    company_id: int
    channel: str
    recipient: str


@dataclass(frozen=True)
class Judged:
    """A text that waits, with its conversation, as far as channels look at it; the rest is loaded where it is needed.

    `is_behind`: an earlier text of its thread is under way (I9). `is_held`: what the person wrote reads like a request
    to stop. `team`: of its record, as it is now.
    """

    message: Message
    team: list[Member]
    is_behind: bool
    is_held: bool

    @property
    def author(self) -> Member | None:
        """Who wrote it, if she is still on the team (A2)."""
        return next((member for member in self.team if member.user_id == self.message.author_id), None)

    def refusal(self, standing: Standing) -> Reason | None:
        """Why it may not go: first what the inbox judges, then its channel. `standing`: as it is locked."""
        message, channel = self.message, channels.get(self.message.channel)
        conversation = message.conversation
        if channel.key not in channels.of(conversation.company):
            return Reason.NO_SUBSCRIPTION
        if self.is_held and holds.is_texting(channel.key):
            return Reason.HELD
        is_no_customers = conversation.prospect_id is not None and not conversation.company.has_smartcrm
        if self.author is None or is_no_customers:
            return Reason.NOT_ON_TEAM
        if channel.needs_seat and not self.author.has_seat:
            return Reason.NO_SEAT
        return channel.refusal(message, standing)


def place_of(message_id: int) -> Place | None:
    """None: it doesn't wait, or its channel is paused."""
    with connection.cursor() as cursor:
        cursor.execute(PLACE, {"message": message_id})
        row = cursor.fetchone()
    return Place(*row) if row else None


def read(message_id: int, place: Place, *, now: datetime) -> Judged | None:
    """What a text is judged by; None: it doesn't wait any more, or not yet. Consent and conversation must be locked."""
    values = {
        "message": message_id,
        "recipient": place.recipient,
        "now": now,
        "held_since": now - settings.UNKNOWN_HOLDS_UP,
    }
    texts, team = ask(Question(TEXT, values), notices.team_question(place.conversation_id))
    if not texts:
        return None
    [row] = texts
    message, conversation = instance(Message, row, "message__"), instance(Conversation, row, "conversation__")
    person = instance(Candidate, row, "person__")
    if conversation.application_id is not None:
        conversation.application = instance(Application, row, "record__")
        conversation.application.candidate = person
    else:
        conversation.prospect = instance(Prospect, row, "record__")
        conversation.prospect.candidate = person
    conversation.company = person.company = instance(Company, row, "company__")
    message.conversation = conversation
    return Judged(message, notices.team_in(team), row["is_behind"], row["is_held"])
