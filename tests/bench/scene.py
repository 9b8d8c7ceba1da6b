"""The product with something in it: conversations that are opted in, each with a team of two and a number of ours."""

import itertools
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from accounts.models import Company, User
from channels_sms import routes
from inbox.models import Conversation, Direction, Kind, Message
from inbox.rules import Status
from smartmessage.stack.ports import LOOPBACK
from smartmessage.stack.programs import Program, StartError, is_true_within
from smartmessage.stack.supervisor import ROOT, Stack, _resolved
from tests.bench import load
from tests.builders import Builders

WEBHOOK = "/webhooks/twilio/sms/"
_texts = itertools.count(1)


@dataclass(frozen=True)
class Chat:
    """A conversation with its two numbers."""

    conversation: Conversation
    ours: str
    theirs: str


@dataclass(frozen=True)
class Scene:
    stack: Stack
    company: Company
    team: list[User]
    chats: list[Chat]
    bare_port: int

    def webhooks(self, port: int, count: int) -> list[bytes]:
        """So many signed texts, each new, all conversations in turn, as requests to a server."""
        chats = itertools.islice(itertools.cycle(self.chats), count)
        return [webhook(port, chat, f"Text {next(_texts)}: I can start on Monday, is that fine?") for chat in chats]


def webhook(port: int, chat: Chat, body: str) -> bytes:
    """A person's text, signed, with the parameters that Twilio sends."""
    sid = f"SM{next(_texts):032x}"
    fields = {
        "ToCountry": "US",
        "ToState": "CA",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "CA",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": body,
        "FromCountry": "US",
        "To": chat.ours,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "From": chat.theirs,
        "ApiVersion": "2010-04-01",
    }
    validator = RequestValidator(settings.TWILIO_AUTH_TOKEN)
    signature = validator.compute_signature(settings.PUBLIC_BASE_URL + WEBHOOK, fields)
    return load.post(port, WEBHOOK, urlencode(fields), signature=signature)


def build(stack: Stack, *, conversations: int, bare_port: int) -> Scene:
    """Conversations in which the first of the team has sent the invitation, and the person has opted in."""
    a = Builders()
    company = a.company(sender_countries=["US"], seats_bought=5_000)
    team = [a.user(company=company, name=name) for name in ("Maya Chen", "Priya Nair")]
    return Scene(stack, company, team, [chat(a, team) for _ in range(conversations)], bare_port)


def chat(a: Builders, team: Sequence[User]) -> Chat:
    conversation = a.conversation(team=team)
    theirs = conversation.person.phone
    route = routes.reserve(conversation, theirs)
    assert route is not None
    made = Chat(conversation, route.sender_number.number, theirs)
    Message.objects.create(**text_of(made, team[0]), kind=Kind.INVITATION, status=Status.DELIVERED)
    return made


def text_of(chat: Chat, author: User) -> dict[str, object]:
    """The fields of a text that goes out."""
    return {
        "conversation": chat.conversation,
        "channel": "sms",
        "direction": Direction.OUT,
        "author": author,
        "body": "Would Tuesday at ten suit you?",
        "sender": chat.ours,
        "recipient": chat.theirs,
        "created_version": 0,
        "version": 0,
    }


def cookie_of(user: User) -> str:
    """A signed-in user's cookie, as a header has it."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def running(
    stack: Stack, name: str, command: Sequence[str], *, port: int, env: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Another program beside the product's, until the block ends."""
    folder: Path = stack.data_dir.path
    program = Program(
        name=name,
        command=_resolved(command),
        env={**stack.environment, **(env or {})},
        folder=ROOT,
        log_file=folder / "logs" / f"{name}.log",
        pid_file=folder / "run" / f"{name}.pid",
    )
    program.start()
    try:
        if not is_true_within(30, lambda: listens(port)):
            raise StartError(f"{name} did not start.\n{program.tail()}")
        yield
    finally:
        program.stop()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
