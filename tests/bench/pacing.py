"""10,000 texts due at once over 20 numbers, half of them one team's, and single texts of others beside them.

How much of the numbers' pace the product uses, and how soon a single text starts that has to share its number with the
burst; beside the same on idle numbers.
"""

import json
import time
import urllib.request
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle, islice
from uuid import uuid4

from django.utils import timezone

from channels_sms.models import SenderNumber
from inbox import sending
from inbox.models import Message
from inbox.outcomes import Sent
from smartmessage.stack.programs import is_true_within
from tests.bench import crowd
from tests.bench.crowd import Team
from tests.bench.figures import Rates, Times
from tests.bench.scene import Chat
from tests.builders import Builders

TEXTS, NUMBERS, SINGLES = 10_000, 20, 20
A_SECOND = 1.0  # of each number: what carriers take from a long code in the United States
OTHERS = 10  # teams that share the other half
PATIENCE = 2.0  # so much longer than the pace would need, and it is no measurement any more

Arrivals = dict[str, float]  # when a text came to the provider, by the phone that it was for


def measure(provider: str) -> tuple[Rates, Times]:
    a = Builders()
    company = a.company(sender_countries=["US"] * NUMBERS, seats_bought=100)
    numbers = list(SenderNumber.objects.filter(company=company))
    burst, *others = (crowd.team(a, company) for _ in range(1 + OTHERS))
    singles = [crowd.team(a, company) for _ in range(2 * SINGLES)]
    half = crowd.chats(burst, list(islice(cycle(numbers), TEXTS // 2)))
    rest = [(team, crowd.chats(team, list(islice(cycle(numbers), TEXTS // 2 // OTHERS)))) for team in others]
    alone = [(team, crowd.chats(team, [number])[0]) for team, number in zip(singles, cycle(numbers), strict=False)]
    SenderNumber.objects.filter(company=company).update(per_second=A_SECOND)
    when_idle = [took(provider, sent_at, phone) for sent_at, phone in map(send, alone[:SINGLES])]

    due_at = timezone.now() + timedelta(seconds=3)
    began = time.perf_counter() + 3
    texts = [each for team, chats in [(burst, half), *rest] for each in crowd.due(team, chats, at=due_at)]
    Message.objects.bulk_create(texts, crowd.BATCH)
    arrivals, sent = follow(provider, alone[SINGLES:], begins=began)
    in_a_crowd = [arrivals[phone] - at for phone, at in sent.items()]
    lasted = max(arrivals.values()) - began
    ideal = (TEXTS + SINGLES) / (NUMBERS * A_SECOND)
    pace = Rates(f"{TEXTS} texts due at once, {NUMBERS} numbers", "the pace that the numbers allow", aim=0.95)
    pace.product_a_second.append(len(arrivals) / lasted)
    pace.baseline_a_second.append(len(arrivals) / ideal)
    name = f"a single text beside a burst of {TEXTS // 2} on its number"
    return pace, Times(name, "on an idle number", product=in_a_crowd, bare=when_idle, aim=2.0)


def follow(provider: str, singles: Sequence[tuple[Team, Chat]], *, begins: float) -> tuple[Arrivals, Arrivals]:
    """When each text came to the provider, and when each single one was sent, spread over the first half."""
    arrivals, sent = Arrivals(), Arrivals()
    lasts = TEXTS / (NUMBERS * A_SECOND)
    waiting = list(singles)
    while len(arrivals) < TEXTS + len(singles):
        now = time.perf_counter()
        assert now < begins + lasts * PATIENCE, f"{len(arrivals)} of {TEXTS} texts came"
        if waiting and now > begins + lasts / 2 * (len(sent) + 1) / (len(singles) + 1):
            at, phone = send(waiting.pop())
            sent[phone] = at
        came = new_arrivals(provider)
        assert not came.keys() & arrivals.keys(), "a text came twice"
        arrivals |= came
        time.sleep(0.25)
    return arrivals, sent


def send(single: tuple[Team, Chat]) -> tuple[float, str]:
    """A recruiter sends one text: when that was, and to whom."""
    team, chat = single
    at = time.perf_counter()
    outcome = sending.send_message(
        conversation_id=chat.conversation.pk,
        author=team.recruiter,
        channel_key="sms",
        body="Would Tuesday at ten suit you?",
        client_token=uuid4(),
    )
    assert isinstance(outcome, Sent), outcome
    return at, chat.theirs


def took(provider: str, sent_at: float, phone: str) -> float:
    """How long one text took that is alone."""
    arrivals = Arrivals()

    def came() -> bool:
        arrivals.update(new_arrivals(provider))
        return phone in arrivals

    assert is_true_within(30, came), "a text did not come"
    return arrivals[phone] - sent_at


def new_arrivals(provider: str) -> Arrivals:
    """What came since the last question."""
    with urllib.request.urlopen(f"{provider}/arrivals") as answer:
        found = [(to, float(at)) for at, to in json.load(answer)]
    assert len(found) == len(dict(found)), "a text came twice"
    return dict(found)
