"""The rows themselves, from the plan: first jobs and teams, then one slice of conversations after the other."""

import json
from datetime import datetime

from django.db import connection
from psycopg import sql

from channels_email import addresses
from channels_email.rules import answered_subject, first_subject
from inbox import search
from inbox.rules import RANKS, AttemptStatus
from smartmessage.generation import messages, people, plan, traces
from smartmessage.generation.company import ABOUT, Made

LARGE = [
    "candidates_candidate",
    "candidates_application",
    "candidates_prospect",
    "candidates_consent",
    "candidates_consentevent",
    "channels_sms_route",
    "inbox_conversation",
    "inbox_message",
    "inbox_deliveryattempt",
    "inbox_conversationmark",
    "inbox_searchdocument",
    "inbox_notice",
    "channels_email_storedletter",
    "channels_email_replyaddress",
]
"""The tables that a slice adds to."""

OF_A_SLICE = [
    messages.PLAN,
    *people.PEOPLE,
    people.CONVERSATIONS,
    traces.EVENTS,
    messages.MESSAGES,
    messages.ATTEMPTS,
    messages.LETTERS,
    messages.REPLY_ADDRESSES,
    traces.DOCUMENTS,
    traces.MARKS,
    "TRUNCATE plan_message",
]
CHATS_OF_A_SLICE = "(SELECT * FROM plan_chat WHERE before >= {start} AND before < {end}) chats"

Values = dict[str, int | str]


def make_teams(values: Values) -> None:
    """The jobs and communities with their teams."""
    with connection.cursor() as cursor:
        for statement in (*people.TEAMS, messages.PLANNED):
            cursor.execute(statement.format(**values))


def make_slice(values: Values, *, start: int, end: int) -> None:
    """The conversations whose first messages are the `start`-th up to the `end`-th, with all that belongs to them."""
    chats = CHATS_OF_A_SLICE.format(start=start, end=end)
    with connection.cursor() as cursor:
        for statement in OF_A_SLICE:
            cursor.execute(statement.format(**values, start=start, end=end, chats=chats))


def slices(size: int) -> list[tuple[int, int]]:
    """Where slices of about so many messages begin and end; each at a conversation's beginning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(before) FROM plan_chat GROUP BY before / %s ORDER BY 1", [size])
        starts = [start for (start,) in cursor.fetchall()]
        cursor.execute("SELECT max(before + length) FROM plan_chat")
        return list(zip(starts, [*starts[1:], cursor.fetchone()[0]], strict=True))


def values_of(made: Made, *, seed: int, now: datetime, first: dict[str, int]) -> Values:
    """What the statements name: ids, ranks, and what is written, with a place for the title."""
    states = (AttemptStatus.UNDELIVERED, AttemptStatus.SENT, AttemptStatus.READ, AttemptStatus.DELIVERED)
    whatsapp_invitation = made.whatsapp_invitation()
    subject = answered_subject(first_subject(title=ABOUT, company=made.company.name))
    written = {
        "invitation": made.invitation,
        "whatsapp_invitation": whatsapp_invitation,
        "sms_agreed": made.agreed["sms"].words,
        "whatsapp_agreed": made.agreed["whatsapp"].words,
    }
    texts = {
        **written,
        **{f"{name}_json": json.dumps(text) for name, text in written.items()},  # as the ledger's digests read it
        "invited": " ".join(search.words_of(made.invitation)),
        "whatsapp_invited": " ".join(search.words_of(whatsapp_invitation)),
        "about": ABOUT,
        "handover": made.handover(),
        "mailbox": addresses.sender_address(),
        "subject": subject,
        "subjects": " " + " ".join(search.words_of(subject.replace(ABOUT, ""))),
        "whatsapp": made.whatsapp.number,
    }
    return {
        **first,
        **plan.places_of(plan.lists(seed)),
        **{state.value: RANKS[state] for state in states},
        **{name: sql.Literal(text).as_string() for name, text in texts.items()},
        "sms_text": made.agreed["sms"].pk,
        "whatsapp_text": made.agreed["whatsapp"].pk,
        "now": f"timestamptz '{now.isoformat()}'",
        "seed": seed,
        "company": made.company.pk,
        "recruiters": f"ARRAY{[user.pk for user in made.recruiters]}",
        "many": len(made.recruiters),
    }
