"""The Inbox in companies of growing size: the server's time for a page and its queries, size beside size.

The companies live in one database and are asked in turns, so what else the machine does falls on all of them.
"""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import Company, User
from inbox import listing
from inbox.models import Conversation
from smartmessage.generation import words
from smartmessage.stack.supervisor import Stack
from tests.bench.figures import percentile

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
USUAL_MOST = 1_000_000  # BENCH_MESSAGES=10000000 measures the largest as well, which takes ten minutes more
ROUNDS, WARM_UP = 40, 4
RARE = re.compile(r"Ask for (\w+)\.")


@dataclass
class Asked:
    """One kind of page in one company: milliseconds of each answer, and how many queries the dearest took."""

    page: str
    messages: int
    most_ms: float | None = None
    milliseconds: list[float] = field(default_factory=list)
    queries: int = 0

    @property
    def p50(self) -> float:
        return percentile(self.milliseconds, 50)

    @property
    def p95(self) -> float:
        return percentile(self.milliseconds, 95)


@dataclass
class Sizes:
    """What all sizes took, and how fast their messages were made."""

    asked: list[Asked] = field(default_factory=list)
    made_a_second: dict[int, float] = field(default_factory=dict)

    def ratio(self, one: Asked) -> float:
        """To the smallest company's same page."""
        smallest = next(each for each in self.asked if each.page == one.page)
        return median(one.milliseconds) / median(smallest.milliseconds)


@dataclass(frozen=True)
class Busiest:
    """The recruiter with the most conversations of a company, signed in, and what she looks at."""

    messages: int
    user: User
    client: Client
    conversations: list[int]
    rare: list[str]

    def pages(self, number: int) -> Iterator[tuple[str, str, bool, float | None]]:
        """Each page that is measured, with its address, whether htmx asks for it, and the most milliseconds."""
        pk = self.conversations[number % len(self.conversations)]
        day = words.DAYS[number % len(words.DAYS)]
        first, last = (names[number % len(names)] for names in (words.FIRST_NAMES, words.LAST_NAMES))
        yield "list", "/inbox/", False, 50
        yield "list, needs reply", "/inbox/?view=needs-reply", False, 50
        yield "list, unread", "/inbox/?view=unread", False, 50
        yield "unread counts, as a live page asks", f"/inbox/{pk}/row/", True, 50
        yield "conversation, beside the list", f"/inbox/{pk}/", True, 50
        yield "conversation and list", f"/inbox/{pk}/", False, None
        yield "search, a rare word", f"/inbox/?q={self.rare[number % len(self.rare)]}", False, 150
        yield "search, a common word", f"/inbox/?q={day}", False, 150
        yield "search, a name", f"/inbox/?q={first}+{last}", False, 150


def measure(stack: Stack) -> Sizes:
    most = int(os.environ.get("BENCH_MESSAGES", USUAL_MOST))
    found = Sizes()
    recruiters = []
    for messages in (size for size in SIZES if size <= most):
        began = time.monotonic()
        make(stack, messages)
        found.made_a_second[messages] = messages / (time.monotonic() - began)
        recruiters.append(busiest(messages))
    kept: dict[tuple[str, int], Asked] = {}
    for number in range(WARM_UP + ROUNDS):
        for recruiter in recruiters if number % 2 else reversed(recruiters):
            for page, url, by_htmx, most_ms in recruiter.pages(number):
                figure = kept.setdefault((page, recruiter.messages), Asked(page, recruiter.messages, most_ms))
                ask(recruiter.client, url, by_htmx=by_htmx, into=figure if number >= WARM_UP else None)
    found.asked = sorted(kept.values(), key=lambda each: each.messages)
    return found


def make(stack: Stack, messages: int) -> None:
    """A company with so many messages, by the command that anyone can run."""
    stack.run("python", "manage.py", "generate_messages", "--messages", str(messages), "--company", name_of(messages))


def name_of(messages: int) -> str:
    return f"Of {messages:,} messages"


def busiest(messages: int) -> Busiest:
    company = Company.objects.get(name=name_of(messages))
    user = User.objects.filter(company=company).order_by("pk")[0]
    client = Client(headers={"host": settings.PUBLIC_BASE_URL.partition("://")[2]})
    client.force_login(user)
    newest = Conversation.objects.visible_to(user).filter(last_message_at__isnull=False).order_by("-last_message_at")
    conversations = list(newest.values_list("pk", flat=True)[: listing.PAGE * 5 : 5])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body FROM inbox_message WHERE body LIKE '%%Ask for %%' AND conversation_id = ANY(%s) LIMIT 40",
            [list(newest.values_list("pk", flat=True)[:2000])],
        )
        rare = [found[1] for (body,) in cursor.fetchall() if (found := RARE.search(body))]
    return Busiest(messages, user, client, conversations, rare)


def ask(client: Client, url: str, *, by_htmx: bool, into: Asked | None) -> None:
    queries = 0

    def counted(execute, sql, params, many, context):  # type: ignore[no-untyped-def] # as Django calls it
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        began = time.perf_counter()
        answer = client.get(url, headers={"hx-request": "true"} if by_htmx else {})
        took = time.perf_counter() - began
    assert answer.status_code == 200, (url, answer.status_code)
    if into:
        into.milliseconds.append(took * 1000)
        into.queries = max(into.queries, queries)
