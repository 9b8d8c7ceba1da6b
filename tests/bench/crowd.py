"""Texts by the thousand that are due at once: rows by the batch, as the actions would have left them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import Company, User
from candidates.consent_rules import Standing
from candidates.models import Application, Candidate, Consent, Job
from channels_sms.models import Route, SenderNumber
from inbox.models import Conversation, Message
from inbox.rules import Status
from tests.bench.scene import Chat, text_of
from tests.builders import Builders, new_number

BATCH = 1000


@dataclass(frozen=True)
class Team:
    """One recruiter, and the job that her team hires for."""

    recruiter: User
    job: Job


def team(a: Builders, company: Company) -> Team:
    recruiter = a.user(company=company)
    job = Job.objects.create(company=company, title="Field Engineer")
    job.team.set([recruiter])
    return Team(recruiter, job)


def chats(team: Team, numbers: Sequence[SenderNumber]) -> list[Chat]:
    """A conversation by each of these numbers, with a person of its own who is opted in."""
    company = team.job.company
    phones = [new_number() for _ in numbers]
    people = Candidate.objects.bulk_create(
        [Candidate(company=company, name="Anna Bauer", phone_typed=phone, phone=phone) for phone in phones], BATCH
    )
    Consent.objects.bulk_create(
        [Consent(company=company, channel="sms", address=phone, standing=Standing.OPTED_IN) for phone in phones], BATCH
    )
    records = Application.objects.bulk_create([Application(candidate=each, job=team.job) for each in people], BATCH)
    conversations = Conversation.objects.bulk_create(
        [Conversation(company=company, application=each, team_key=team.job.pk) for each in records], BATCH
    )
    made = list(zip(conversations, numbers, phones, strict=True))
    Route.objects.bulk_create(
        [Route(conversation=chat, sender_number=number, address=phone) for chat, number, phone in made], BATCH
    )
    return [Chat(chat, number.number, phone) for chat, number, phone in made]


def due(team: Team, found: Sequence[Chat], *, at: datetime) -> Iterator[Message]:
    """A text in each of them, to leave at that time."""
    for chat in found:
        yield Message(
            **text_of(chat, team.recruiter),
            status=Status.QUEUED,
            due_at=at,
            asked_at=at - settings.ASK_AGAIN_AFTER,
        )
