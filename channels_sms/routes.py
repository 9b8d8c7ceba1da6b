"""Which of a company's numbers a conversation sends from: own country, else US, else another; then always it (Q6)."""

from dataclasses import dataclass

from django.db import connection

from candidates import phone_numbers
from channels_sms.models import Route, SenderNumber
from inbox.models import Conversation

ARRIVAL = """
SELECT number.company_id, route.id, route.conversation_id, route.blocked_at IS NOT NULL
FROM channels_sms_sendernumber number
LEFT JOIN channels_sms_route route
       ON route.sender_number_id = number.id AND route.address = %(person)s AND route.released_at IS NULL
WHERE number.number = %(ours)s"""


@dataclass(frozen=True)
class Arrival:
    """Where a text to one of our numbers arrives: at a company and, by a live route, in a conversation."""

    company_id: int
    route_id: int | None
    conversation_id: int | None
    is_blocked: bool


def arrival(*, ours: str, person: str) -> Arrival | None:
    """None for a number that is no customer's. One query by hand, for every reply asks it."""
    with connection.cursor() as cursor:
        cursor.execute(ARRIVAL, {"ours": ours, "person": person})
        row = cursor.fetchone()
    return Arrival(*row) if row else None


def live_route(conversation: Conversation, address: str) -> Route | None:
    """The route that this conversation keeps to this number."""
    return (
        Route.objects.select_related("sender_number")
        .filter(conversation=conversation, address=address, released_at=None)
        .first()
    )


def next_sender(conversation: Conversation, address: str) -> SenderNumber | None:
    """The number that a new route would take; None when each of the pool already texts this phone."""
    taken = Route.objects.filter(address=address, released_at=None).values("sender_number")
    free = SenderNumber.objects.filter(company_id=conversation.company_id).exclude(pk__in=taken).order_by("pk")
    return in_order_of_preference(list(free), country=phone_numbers.country_of(address))


def in_order_of_preference(free: list[SenderNumber], *, country: str) -> SenderNumber | None:
    """A number of the recipient's country; else a US one; else any other (Q6)."""
    for wanted in (country, "US"):
        if found := next((number for number in free if number.country == wanted), None):
            return found
    return free[0] if free else None


def reserve(conversation: Conversation, address: str) -> Route | None:
    """The conversation's route to this number, made now if there is none; None when the pool is used up.

    Two conversations that ask for the same number at once can't both have it: the second takes the next.
    """
    while (route := live_route(conversation, address)) is None:
        sender = next_sender(conversation, address)
        if sender is None:
            return None
        Route.objects.bulk_create(
            [Route(conversation=conversation, sender_number=sender, address=address)], ignore_conflicts=True
        )
    return route
