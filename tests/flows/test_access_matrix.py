"""The matrix of docs/access.md, asked over HTTP: every address, by every kind of person (A1-A5, F2, S4)."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts import sealed
from accounts.models import IdentityProvider, OutgoingMail, User
from candidates.models import (
    Application,
    Consent,
    ConsentLink,
    ContactProposal,
    Cv,
    Import,
    Prospect,
    Submission,
    SubmissionKind,
)
from candidates.public import links, withdrawals
from channels_email import requests
from channels_email.addresses import reply_address
from channels_email.models import MailFile
from channels_email.providers import Delivered
from inbox import digests, receiving
from inbox.models import Conversation, InvitationRun, Message, OptOutHold, ScheduledMessage, WaitsFor
from inbox.notes import actions as notes
from inbox.outcomes import Sent
from inbox.receiving import Inbound
from inbox.rules import Status
from inbox.snippets.models import Audience, Snippet
from smartmessage.stack.supervisor import Stack
from tests import steps
from tests.builders import Builders
from tests.channels_email import post
from tests.flows.conftest import session_of

TABLE = Path(__file__).parents[2] / "docs" / "access.md"
ROLES = (
    "not signed in",
    "other company",
    "other team",
    "team, no seat",
    "team, seat",
    "company admin",
    "operator",
)
STRANGERS = ("not signed in", "other company", "other team", "company admin")
CSRF = "c" * 32
SITES = ("settings", "admin")


@dataclass(frozen=True)
class Row:
    """One address, asked one way, and the word that each role gets."""

    name: str
    method: str
    words: dict[str, str]


def rows() -> list[Row]:
    found = []
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            found.append(Row(cells[0].strip("`"), cells[1], dict(zip(ROLES, cells[2:], strict=True))))
    return found


ROWS = rows()


def named_addresses() -> Iterator[tuple[str, str]]:
    """Every address of the URL configuration: its full name (`settings:index`), and its route."""

    def walk(patterns: Any, namespace: str, prefix: str) -> Iterator[tuple[str, str]]:
        for each in patterns:
            route = prefix + str(each.pattern)
            if isinstance(each, URLPattern):
                yield f"{namespace}{each.name}", route
            else:
                yield from walk(each.url_patterns, f"{each.namespace}:" if each.namespace else namespace, route)

    yield from walk(get_resolver().url_patterns, "", "")


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    in_table = {row.name for row in ROWS} - {f"{site}:*" for site in SITES} - {"live:events"}
    configured = {name for name, _ in named_addresses() if name.split(":")[0] not in SITES}
    assert in_table == configured


@dataclass
class Place:
    """What the addresses are about: one application and one prospect, with all that can hang on them."""

    people: dict[str, User]
    application: Application
    prospect: Prospect
    chat: Conversation
    message: Message
    proposal: ContactProposal
    things: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def place(stack: Stack, committed: None) -> Place:
    """`committed`: the database is open. Built once: no cell takes anything away from the others."""
    a = Builders()
    company = a.company(has_smartcrm=True)
    maya = a.user(company=company)
    jonas = a.user(company=company, seat=False, name="Jonas Weber")
    people = {
        "other company": a.user(company=a.company(has_smartcrm=True), name="Sam Stranger"),
        "other team": a.user(company=company, name="Carl Colleague"),
        "team, no seat": jonas,
        "team, seat": maya,
        "company admin": a.user(company=company, is_company_admin=True, name="Dana Ortiz"),
        "operator": User.objects.create_superuser(f"{uuid.uuid4().hex}@platform.example", "x", name="Olga Operator"),
    }
    chat = a.conversation(team=[maya, jonas], sms="opted in", name=f"Anna {uuid.uuid4().hex}")
    message = steps.refused_attempt(chat, maya, code=30008).message
    Message.objects.filter(pk=message.pk).update(status=Status.FAILED)
    assert chat.application
    submission = Submission.objects.create(
        company=company, kind=SubmissionKind.APPLICATION, application=chat.application, language="en"
    )
    proposal = ContactProposal.objects.create(
        candidate=chat.person, submission=submission, field=ContactProposal.Field.NAME, value="Anna B."
    )
    prospect = a.prospect(chat.person, [maya, jonas])
    things = more_things(a, chat.application, prospect, maya, submission)
    return Place(people, chat.application, prospect, chat, message, proposal, things)


def more_things(
    a: Builders, application: Application, prospect: Prospect, maya: User, submission: Submission
) -> dict[str, Any]:
    """What other addresses need, by their name."""
    cv = Cv(company=application.candidate.company, application=application, name="cv.txt", size=2)
    cv.file.save("cv.txt", ContentFile(b"CV"))
    source = Import.objects.create(
        company=cv.company, job=application.job, by=maya, name="people.csv", content=b"name,email\nA,a@example.com\n"
    )
    run = InvitationRun.objects.create(company=cv.company, user=maya, channel="sms", token=uuid.uuid4())
    with transaction.atomic():  # once it is committed a worker sends it, and forgets the link
        assert isinstance(links.ask_for_consent(application, by=maya), ConsentLink)
        open_link = OutgoingMail.objects.filter(to=application.candidate.email).latest("pk")
    (consent_token,) = re.findall(r"/agree/([^/]+)/", open_link.body)
    provider = IdentityProvider.objects.create(
        company=cv.company, server_url="http://127.0.0.1:1", client_id="x", sealed_secret=sealed.seal("y")
    )
    held, consent = request_to_stop(a, prospect), proved(application)
    team: dict[str, Any] = {"audience": Audience.TEAM, "job": application.job, "company": cv.company, "author": maya}
    snippet, other_snippet = (Snippet.objects.create(title="Hello", body="Hi", **team) for _ in range(2))
    chat = Conversation.objects.get(application=application)
    kept = {f"scheduled-{what}": [kept_for_later(chat, maya)] for what in ("edit", "send", "cancel", "restore", "stop")}
    noted = notes.write(conversation_id=chat.pk, author=maya, body="A note", client_token=uuid.uuid4())
    assert isinstance(noted, Sent)
    return {
        **kept,
        "snippet": [snippet.pk],
        "delete-snippet": [other_snippet.pk],
        "restore-snippet": [other_snippet.pk],
        "delete-note": [noted.message.pk],
        "restore-note": [noted.message.pk],
        "cv": [cv.uuid],
        "mail-file": [file_by_mail(application)],
        "mail-inbound": ["mailgun"],
        "mail-report": ["mailgun"],
        "import": [source.pk],
        "import-start": [source.pk],
        "import-problems": [source.pk],
        "invitation-run": [run.pk],
        "consent-link": [consent_token],
        "my-consent": [withdrawals.link_for(submission).split("/")[-2]],
        "receipt": [submission.uuid],
        "apply": [application.job.slug],
        "join": [prospect.community.slug],
        "openid_connect_login": [provider.key],
        "openid_connect_callback": [provider.key],
        "mfa_remove_webauthn": [1],
        "opt-out": [held],
        "release": [held],
        "consent-proof-pdf": [consent],
        "consent-proof-json": [consent],
        "digest-off": [digests.link_to_end(maya).split("/")[-2]],
    }


def proved(application: Application) -> int:
    """A consent that can be proved."""
    person = application.candidate
    return int(Consent.objects.get(company=person.company, channel="sms", address=person.phone).pk)


def request_to_stop(a: Builders, prospect: Prospect) -> int:
    """A text of somebody else, which the team has to decide about."""
    chat = a.conversation(team=list(prospect.team), name="Otto Other")
    with transaction.atomic():
        receiving.receive(chat.pk, Inbound("sms", chat.person.phone, "", "please stop texting me", steps.new_sid()))
    return OptOutHold.objects.values_list("message", flat=True).get(message__conversation=chat)


def kept_for_later(chat: Conversation, author: User) -> int:
    return ScheduledMessage.objects.create(
        conversation=chat,
        author=author,
        channel="sms",
        body="Next week?",
        client_token=uuid.uuid4(),
        waits_for=WaitsFor.TIME,
        due_at=timezone.now() + timedelta(days=9),
        version=0,
    ).pk


def file_by_mail(application: Application) -> uuid.UUID:
    """A file that the person mailed."""
    chat = Conversation.objects.get(application=application)
    raw = post.letter(files=[("cv.pdf", "application/pdf", b"%PDF")])
    requests.take_in_mail("mailgun", Delivered(raw, [reply_address(chat)]))
    file: MailFile = MailFile.objects.get(letter__message__conversation=chat)
    return file.uuid


ARGUMENTS: dict[str, Callable[[Place], list[Any]]] = {
    **{
        name: lambda place: [place.chat.pk, "sms"]
        for name in ("send", "send-parts", "invite", "draft", "since", "older", "try-now", "choose-snippet", "schedule")
    },
    **{
        name: lambda place: [place.chat.pk]
        for name in ("seen", "presence", "meanwhile", "conversation", "row", "done", "star", "unread", "snooze", "note")
    },
    "mentionable": lambda place: [place.chat.pk],
    "inbox-of-record": lambda place: ["application", place.application.pk],
    **{name: lambda place: [place.message.pk] for name in ("history", "tell-admin", "to-new-address", "take-back")},
    "carry": lambda place: [place.message.pk, "email"],
    "move": lambda place: [place.message.pk],
    "again": lambda place: [place.message.pk],
    "proposal": lambda place: [place.proposal.pk],
    "job": lambda place: [place.application.job.pk],
    "job-import": lambda place: [place.application.job.pk],
    "community": lambda place: [place.prospect.community.pk],
    "community-import": lambda place: [place.prospect.community.pk],
    "account_reset_password_from_key": lambda _place: ["1", "used-up"],
}


def path_of(name: str, place: Place) -> str:
    if name.startswith(("application-", "prospect-")):
        return reverse(name, args=[getattr(place, name.split("-")[0]).pk])
    arguments = place.things[name] if name in place.things else (ARGUMENTS[name](place) if name in ARGUMENTS else [])
    query = f"?before={place.message.pk}" if name == "older" else ""
    return reverse(name, args=arguments) + query


def paths(row: Row, place: Place, stack: Stack) -> list[str]:
    """The row's addresses: one, or all of an administration."""
    if row.name == "live:events":
        return [f"{stack.environment['LIVE_URL']}/live/events"]
    if not row.name.endswith(":*"):
        return [stack.url + path_of(row.name, place)]
    site = row.name.removesuffix("*")
    return [f"{stack.url}/{filled(route)}" for name, route in named_addresses() if name.startswith(site)]


def filled(route: str) -> str:
    """A route of an administration, with numbers of rows that may be there or not."""
    route = re.sub(r"\(\?P<app_label>[^)]*\)|<\w*:?app_label>", "accounts", route)
    route = re.sub(r"\(\?P<url>.*\)|<\w*:?url>", "nowhere/", route)
    return re.sub(r"<(\w+:)?\w+>", "1", route).replace("^", "").replace("$", "")


def word_for(answer: httpx.Response) -> str:
    """What an answer is called in the table."""
    to = answer.headers.get("location", "")
    if answer.status_code == 401 or (answer.status_code == 302 and to.split("?")[0] == reverse("account_login")):
        return "door"
    if answer.status_code == 302 and to == reverse("admin:index"):
        return "admin"
    return {404: "nothing", 403: "refused"}.get(answer.status_code, "yes" if answer.status_code < 500 else "broken")


def ask(client: httpx.Client, method: str, path: str, place: Place, *, is_fragment: bool) -> tuple[str, str]:
    """The word for the answer, and what it says; a stream of events says nothing yet."""
    headers = {"HX-Request": "true"} if is_fragment else {}
    if method == "POST":
        fields = {
            "csrfmiddlewaretoken": CSRF,
            "body": "Hello!",
            "token": str(uuid.uuid4()),
            "accept": "later",
            "when": "answer",
            "record": f"application-{place.application.pk}",
        }
        answer = client.post(path, data=fields, headers=headers)
        return word_for(answer), answer.text
    with client.stream("GET", path, headers=headers) as answer:
        says = (
            "" if "event-stream" in answer.headers.get("content-type", "") else answer.read().decode(errors="replace")
        )
        return word_for(answer), says


@pytest.mark.requirement("A1", "A2", "A3", "A4", "A5", "F2", "S4")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", ROWS, ids=[f"{row.name} {row.method}" for row in ROWS])
def test_each_cell(stack: Stack, place: Place, row: Row, role: str) -> None:
    cookies = {"csrftoken": CSRF}
    if role in place.people:
        cookies[settings.SESSION_COOKIE_NAME] = session_of(place.people[role])
    expected = row.words[role]
    wide = row.name.endswith(":*") and expected == "yes"
    with httpx.Client(cookies=cookies, timeout=30) as client:
        for path in paths(row, place, stack):
            if wide and path.endswith("/logout/"):
                continue
            for is_fragment in (False, True):
                word, says = ask(client, row.method, path, place, is_fragment=is_fragment)
                if role in STRANGERS and row.words["not signed in"] != "yes":
                    assert place.chat.person.name not in says, (path, "a stranger reads the name")
                if wide:  # rows that are there or not, methods that fit or not: but never the door, never broken
                    assert word in {"yes", "admin", "nothing", "refused"}, (path, word)
                elif expected == "admin" and is_fragment:
                    assert word in {"admin", "door"}, path
                else:
                    assert word == expected, (path, "fragment" if is_fragment else "page")
