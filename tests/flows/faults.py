"""What the campaigns of faults share: a conversation seen from both its ends, clicks without a browser, a lock at
which a process can be caught, and the stand-in's memory of what was handed over."""

import os
import signal
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import psycopg
from django.conf import settings
from django.db import connections
from django.db.models import Model, QuerySet
from psycopg import sql

from accounts.models import User
from candidates.models import Consent
from channels_sms import routes
from channels_sms.models import SenderNumber
from inbox import sending, unmatched
from inbox.models import Conversation, DeliveryAttempt, Direction, Message, UnmatchedReply
from inbox.outcomes import Refused, Sent
from inbox.rules import Status
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, on_the_wire, session_of, until

T = TypeVar("T")
ENDS = {Status.DELIVERED, Status.READ, Status.FAILED, Status.CANCELED}
CHANNELS = ("sms", "whatsapp")
CSRF = "c" * 32
OPENING = "Hi"


@dataclass(frozen=True)
class Texting:
    """A user and a person who text each other, and what the provider saw of it."""

    user: User
    conversation: Conversation
    ours: str
    simulator: Simulator
    channel: str = "sms"

    @property
    def phone(self) -> str:
        """The person's address, as Twilio writes it."""
        return on_the_wire(self.channel, self.conversation.person.phone)

    @property
    def consent(self) -> Consent:
        address = self.conversation.person.phone
        return Consent.objects.get(company=self.conversation.company, channel=self.channel, address=address)

    def send(self, body: str) -> Message:
        outcome = self.try_to_send(body)
        assert isinstance(outcome, Sent), outcome
        return outcome.message

    def try_to_send(self, body: str) -> Sent | Refused:
        return sending.send_message(
            conversation_id=self.conversation.pk,
            author=self.user,
            channel_key=self.channel,
            body=body,
            client_token=uuid.uuid4(),
        )

    def invite(self) -> Message:
        outcome = sending.send_invitation(
            conversation_id=self.conversation.pk,
            author=self.user,
            channel_key=self.channel,
            client_token=uuid.uuid4(),
        )
        assert isinstance(outcome, Sent), outcome
        return outcome.message

    def send_again(self, message: Message) -> None:
        outcome = sending.send_again(message_id=message.pk, author=self.user)
        assert isinstance(outcome, Sent), outcome

    def fault(self, **rule: Any) -> int:
        """Let the provider behave badly towards this phone; the rule's id."""
        return int(self.simulator.control("POST", "rules", to=self.phone, **rule)["id"])

    def says(self, body: str, **more: Any) -> Any:
        """The person texts; what our webhook answered."""
        return self.simulator.text(body, sender=self.phone, recipient=self.ours, **more)

    def received(self) -> list[str]:
        return self.simulator.received(self.phone)

    def handed_over(self) -> list[str]:
        """The words of each request to send that reached the provider, taken or not, in order."""
        return [line["params"]["Body"] for line in handovers(self.simulator, to=self.phone)]

    @property
    def sent(self) -> "QuerySet[Message]":
        """The texts to the person, as the thread has them."""
        return self.conversation.messages.filter(direction=Direction.OUT).order_by("pk")

    def statuses(self) -> dict[str, str]:
        """The words of each text to the person, and what the thread shows of it."""
        return dict(self.sent.values_list("body", "status"))

    def heard(self) -> list[str]:
        """What the person said, as the thread has it; without what opened it on WhatsApp."""
        said = self.conversation.messages.filter(direction=Direction.IN).exclude(body=OPENING).order_by("pk")
        return list(said.values_list("body", flat=True))


def texting(
    a: Builders, simulator: Simulator, *, how_many: int = 1, sms: str = "opted in", channel: str = "sms"
) -> list[Texting]:
    """Conversations of one user, each with another person, all of them under way on one sending number."""
    if channel == "whatsapp":
        return texting_by_whatsapp(a, simulator, how_many=how_many)
    maya = a.user()
    ours = SenderNumber.objects.get(company=maya.company).number
    chats = [Texting(maya, a.conversation(team=[maya], sms=sms), ours, simulator) for _ in range(how_many)]
    for chat in chats:
        assert routes.reserve(chat.conversation, chat.phone)
    return chats


def texting_by_whatsapp(a: Builders, simulator: Simulator, *, how_many: int) -> list[Texting]:
    """The same on WhatsApp, through the company's own sender; each person has just written."""
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    ours = own_sender(a, simulator, maya)
    chats = [Texting(maya, a.whatsapp_conversation(team=[maya]), ours, simulator, "whatsapp") for _ in range(how_many)]
    open_windows(chats)
    return chats


def own_sender(a: Builders, simulator: Simulator, user: User) -> str:
    """The WhatsApp sender of the user's company, ours at the stand-in too; as Twilio writes it."""
    ours = on_the_wire("whatsapp", a.whatsapp_sender(user.company).number)
    simulator.own(ours)
    return ours


def open_windows(chats: Iterable[Texting]) -> None:
    """Each person writes first, and it is attached: free texting is open, and what she writes now finds its thread."""
    for chat in chats:
        chat.says(OPENING)
    for chat in chats:
        stray = UnmatchedReply.objects.filter(sender=chat.conversation.person.phone, attached_to=None)
        assert unmatched.attach(stray.order_by("pk")[0], chat.conversation, by=chat.user)


def handovers(simulator: Simulator, *, to: str = "", sender: str = "") -> list[dict[str, Any]]:
    """The journal's lines of requests to send, to a phone or from one of our numbers."""
    query = {"kind": "request", **({"to": to} if to else {}), **({"from": sender} if sender else {})}
    lines = simulator.control("GET", f"journal?{httpx.QueryParams(query)}")["lines"]
    return [line for line in lines if line["what"].startswith("POST")]


def is_settled(message: Message) -> bool:
    """Nothing more will happen to it by itself: it has ended, or a person is asked."""
    message.refresh_from_db()
    attempt = DeliveryAttempt.objects.filter(message=message).order_by("-pk").first()
    return message.status in ENDS or bool(message.status == Status.UNKNOWN and attempt and attempt.given_up)


def all_settled(messages: Iterable[Message], *, within: float = 60) -> None:
    messages = list(messages)
    until(
        lambda: all(is_settled(message) for message in messages),
        within=within,
        why=f"not settled: {[str(message) for message in messages if not is_settled(message)]}",
    )


class Clicks:
    """A signed-in user's clicks: plain forms over HTTP."""

    def __init__(self, stack: Stack, user: User) -> None:
        cookies = {settings.SESSION_COOKIE_NAME: session_of(user), settings.CSRF_COOKIE_NAME: CSRF}
        self.http = httpx.Client(base_url=stack.url, timeout=30, cookies=cookies)

    def send(
        self, conversation: Conversation, body: str, *, token: uuid.UUID | None = None, channel: str = "sms"
    ) -> httpx.Response:
        fields = {"body": body, "token": str(token or uuid.uuid4()), "csrfmiddlewaretoken": CSRF}
        return self.http.post(f"/conversations/{conversation.pk}/send/{channel}/", data=fields)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Any form."""
        return self.http.post(path, data={"token": str(uuid.uuid4()), **fields, "csrfmiddlewaretoken": CSRF})

    def again(self, message: Message) -> httpx.Response:
        return self.http.post(f"/messages/{message.pk}/again/", data={"csrfmiddlewaretoken": CSRF})


class HeldRow:
    """A row in our own hands: whoever wants to lock it waits, and can be killed there."""

    def __init__(self, row: Model) -> None:
        self.connection = psycopg.connect(os.environ["DATABASE_URL"], options="-c lock_timeout=10s")
        query = sql.SQL("SELECT 1 FROM {} WHERE id = %s FOR UPDATE").format(sql.Identifier(row._meta.db_table))
        self.connection.execute(query, [row.pk])
        self.pid = self.connection.info.backend_pid

    def is_waited_for(self) -> bool:
        return is_waited_for(self.pid)

    def waiting(self) -> set[int]:
        """The backends that wait for this row, or for one of those."""
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as looking:
            query = "SELECT pid, pg_blocking_pids(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            blocked: dict[int, list[int]] = dict(looking.execute(query).fetchall())
        found: set[int] = set()
        while more := {pid for pid, by in blocked.items() if {self.pid, *found} & {*by}} - found:
            found |= more
        return found

    def let_go(self) -> None:
        self.connection.close()


def is_waited_for(pid: int) -> bool:
    """Whether somebody waits for a lock that this backend has. Asked anew each time: a transaction sees one moment."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as looking:
        query = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
        row = looking.execute(query, [pid]).fetchone()
    return bool(row and row[0])


@contextmanager
def frozen(stack: Stack, name: str) -> Iterator[None]:
    """A process that neither works nor dies: connections are taken by the system and never answered."""
    pid = stack.pid(name)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def as_owner() -> Iterator[psycopg.Connection]:
    """The database as its owner has it: to break a table on purpose."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        yield owner


def at_once(work: Callable[[Any], T], over: Iterable[Any], *, threads: int = 16) -> list[T]:
    """Do it for each in parallel; the results in order. Each call closes its thread's connection."""

    def alone(each: Any) -> T:
        try:
            return work(each)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(alone, over))
