"""Which of a company's numbers a conversation sends from: own country, else US, else another; then always it (Q6)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from candidates import phone_numbers
from candidates.consent_rules import Standing
from channels_sms.models import Route, SenderNumber
from inbox import sender_changes
from inbox.asking import Question, Rows, ask
from inbox.models import Conversation, Message

PAIR = ("address", "sender_number_id")
ARRIVAL = """
SELECT number.company_id, route.id, route.conversation_id, route.blocked_at IS NOT NULL
FROM channels_sms_sendernumber number
LEFT JOIN channels_sms_route route
       ON route.sender_number_id = number.id AND route.address = %(person)s AND route.released_at IS NULL
WHERE number.number = %(ours)s"""

WAYS = """
SELECT given.id, COALESCE(number.number, '') AS sender, number.retired_at IS NOT NULL AS is_retired,
       route.blocked_at IS NOT NULL AS is_blocked, COALESCE(consent.standing, 'nothing') AS standing,
       EXISTS (SELECT FROM channels_sms_sendernumber own
               WHERE own.company_id = given.company_id AND own.country = given.country AND own.retired_at IS NULL
       ) AS is_domestic
FROM unnest(%(ids)s::bigint[], %(companies)s::bigint[], %(phones)s::text[], %(countries)s::text[])
     given (id, company_id, phone, country)
LEFT JOIN channels_sms_route route
       ON route.conversation_id = given.id AND route.address = given.phone
      AND route.released_at IS NULL AND route.left_at IS NULL
LEFT JOIN channels_sms_sendernumber number ON number.id = route.sender_number_id
LEFT JOIN candidates_consent consent
       ON consent.company_id = given.company_id AND consent.channel = 'sms' AND consent.address = given.phone"""


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
    """The route by which this conversation writes to this number."""
    return (
        Route.objects.select_related("sender_number")
        .filter(conversation=conversation, address=address, released_at=None, left_at=None)
        .first()
    )


@dataclass(frozen=True)
class Way:
    """A conversation's way to its person's present number: the sender that it keeps, and where consent stands.

    `is_retired`: the next text takes another sender. `is_domestic`: the pool has a number of the phone's country.
    """

    sender: str
    is_retired: bool
    is_blocked: bool
    standing: Standing
    is_domestic: bool


def question(conversations: Sequence[Conversation]) -> Question:
    """What `ways` must know; by hand, for every page of a conversation asks it."""
    values: dict[str, Any] = {
        "ids": [each.pk for each in conversations],
        "companies": [each.company_id for each in conversations],
        "phones": [each.person.phone for each in conversations],
        "countries": [phone_numbers.country_of(each.person.phone) for each in conversations],
    }
    return Question(WAYS, values)


def ways(conversations: Sequence[Conversation], answer: Rows | None = None) -> dict[int, Way]:
    """The way of each conversation, by its id. `answer`: to the question, if it was asked."""
    rows = ask(question(conversations))[0] if answer is None else answer
    return {
        row["id"]: Way(
            row["sender"], row["is_retired"], row["is_blocked"], Standing(row["standing"]), row["is_domestic"]
        )
        for row in rows
    }


def way(conversation: Conversation) -> Way:
    return ways([conversation])[conversation.pk]


def next_senders(places: Sequence[tuple[Conversation, str]]) -> dict[int, SenderNumber]:
    """The number that a new route of each conversation to an address would take, in two queries.

    Left out is who finds that each of the pool already texts this phone. A pair that the conversation left and that
    is in use again is still its own.
    """
    if not places:
        return {}
    routes = Route.objects.filter(address__in={address for _conversation, address in places}, released_at=None)
    owners = {(address, number): owner for address, number, owner in routes.values_list(*PAIR, "conversation_id")}
    pools: dict[int, list[SenderNumber]] = defaultdict(list)
    companies = {conversation.company_id for conversation, _address in places}
    for number in SenderNumber.objects.filter(company_id__in=companies, retired_at=None).order_by("pk"):
        pools[number.company_id].append(number)
    chosen = {}
    for conversation, address in places:
        pool, own = pools[conversation.company_id], conversation.pk
        free = [number for number in pool if owners.get((address, number.pk), own) == own]
        if sender := in_order_of_preference(free, country=phone_numbers.country_of(address)):
            chosen[conversation.pk] = sender
    return chosen


def in_order_of_preference(free: list[SenderNumber], *, country: str) -> SenderNumber | None:
    """A number of the recipient's country; else a US one; else any other (Q6)."""
    for wanted in (country, "US"):
        if found := next((number for number in free if number.country == wanted), None):
            return found
    return free[0] if free else None


def reserve(conversation: Conversation, address: str) -> Route | None:
    """The conversation's route to this number, made now if there is none; None when the pool is used up.

    Two conversations that ask for the same number at once can't both have it: the second takes the next. Where the
    number was retired the conversation moves to another one and the thread says so. The conversation is locked.
    """
    former = None
    while (route := live_route(conversation, address)) is None or route.sender_number.retired_at:
        sender = next_senders([(conversation, address)]).get(conversation.pk)
        if sender is None:
            return None
        if route:
            former = route.sender_number.number
            Route.objects.filter(pk=route.pk).update(left_at=timezone.now())
        _take(conversation, sender, address)
    if former:
        sender_changes.note(conversation.pk, channel="sms", former=former, present=route.sender_number.number)
    return route


def has_left(message: Message, *, present: str) -> bool:
    """Whether a message is from a number that its conversation wrote from before it was retired; asked only where the
    `present` one is another."""
    if present in {"", message.sender}:
        return False
    left = Route.objects.filter(conversation=message.conversation_id, address=message.recipient)
    return left.filter(left_at__isnull=False, sender_number__number=message.sender).exists()


def _take(conversation: Conversation, sender: SenderNumber, address: str) -> None:
    """Make a route, or come back to the one that was left; nothing happens if another conversation was faster."""
    own = Route.objects.filter(conversation=conversation, sender_number=sender, address=address, released_at=None)
    if not own.update(left_at=None):
        Route.objects.bulk_create(
            [Route(conversation=conversation, sender_number=sender, address=address)], ignore_conflicts=True
        )
