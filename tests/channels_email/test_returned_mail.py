"""Mail that comes back, and what providers report: found, said in plain words, never answered (N1, I4)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from channels_email.models import BouncedAddress, MailRequest, RequestState
from inbox import channels
from inbox.channels import Locked, Reachable
from inbox.models import Conversation, DeliveryAttempt, Direction, Kind, Message, Notice, NoticeKind, UnmatchedReply
from inbox.outcomes import Reason, Refused
from inbox.rules import Status
from tests.builders import Builders
from tests.channels_email import post, steps

Outbox = list[EmailMessage]
SOMEBODY = "hello@reply.smartmessage.example"
REFUSED = "The receiving mail server refused the email."


@pytest.fixture
def sent(a: Builders, mailoutbox: Outbox) -> Message:
    """A letter of Maya's to Anna, on its way."""
    maya = a.user()
    return steps.send(a.conversation(team=[maya]), maya)


def our_id(message: Message) -> str:
    return f"<{message.attempts.latest('pk').uuid}@smartmessage.example>"


def comes_back(client: Client, message: Message, *, to: str = "", **report: Any) -> None:
    told = {"message_id": our_id(message), "address": message.recipient, **report}
    assert post.deliver(client, post.returned(**told), to=to or steps.address_of(message.conversation)) == 200
    message.refresh_from_db()


def why(message: Message) -> str:
    return str(channels.get("email").failure(message.attempts.latest("pk")).sentence)


@pytest.mark.requirement("N1", "I4")
@pytest.mark.parametrize("to", ["", SOMEBODY])
def test_a_mail_that_comes_back_fails_its_message_and_locks_the_address(
    sent: Message, mailoutbox: Outbox, client: Client, to: str
) -> None:
    # when
    comes_back(client, sent, to=to)
    # then the message says why, Maya is told once, and the report stands in the thread as what it is
    assert (sent.status, why(sent)) == (Status.FAILED, "This mailbox doesn't exist.")
    assert [(each.user, each.kind, each.message) for each in Notice.objects.all()] == [
        (sent.author, NoticeKind.FAILED, sent)
    ]
    chat = sent.conversation
    returned = chat.messages.get(direction=Direction.IN)
    assert returned.kind == Kind.BOUNCE
    assert str(steps.letter_of(returned).remark) == "Returned mail: a mail server couldn't deliver an email of yours."
    assert steps.letter_of(returned).tone == "bad"
    chat.refresh_from_db()
    assert (chat.needs_reply, chat.has_problem) == (False, True)
    # and the address is locked, whoever asks
    lock = steps.reach(chat)
    assert isinstance(lock, Locked)
    assert (lock.reason, len(mailoutbox)) == (Reason.BOUNCED, 1)


@pytest.mark.requirement("P3", "Q1")
def test_it_locks_the_persons_other_records_too_and_their_pages_hear_of_it(
    a: Builders, client: Client, sent: Message
) -> None:
    assert sent.author
    other = a.conversation(team=[sent.author], person=sent.conversation.person)
    elsewhere = a.conversation(team=[a.user()])
    type(elsewhere.person).objects.filter(pk=elsewhere.person.pk).update(email=sent.recipient)
    comes_back(client, sent)
    version = other.version
    other.refresh_from_db()
    assert other.version > version
    assert isinstance(steps.reach(other), Locked)
    assert isinstance(steps.reach(elsewhere), Reachable), "what one company learns is no other's"


@pytest.mark.requirement("I3", "N1")
def test_the_same_report_again_changes_nothing(client: Client, sent: Message) -> None:
    raw = post.returned(our_id(sent), sent.recipient)
    for _ in range(3):
        assert post.deliver(client, raw, to=steps.address_of(sent.conversation)) == 200
    assert Notice.objects.count() == 1
    assert sent.conversation.messages.filter(direction=Direction.IN).count() == 1


def test_a_report_without_our_id_is_about_the_last_letter_to_that_address(
    a: Builders, client: Client, sent: Message
) -> None:
    assert sent.author
    second = steps.send(sent.conversation, sent.author)
    comes_back(client, second, message_id="<x@y.example>")
    sent.refresh_from_db()
    assert (sent.status, second.status) == (Status.SENT, Status.FAILED)


def test_a_late_mail_is_shown_and_is_no_failure(client: Client, sent: Message) -> None:
    comes_back(client, sent, action="delayed", status="4.4.1", said="Connection timed out")
    assert sent.status == Status.SENT
    assert not BouncedAddress.objects.exists()
    assert not Notice.objects.exists()
    late = sent.conversation.messages.get(direction=Direction.IN)
    assert late.kind == Kind.AUTO_REPLY
    assert str(steps.letter_of(late).remark).startswith("A mail server is still trying")


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ({"status": "5.2.2", "said": "552 Mailbox full"}, "This mailbox is full."),
        ({"status": "5.7.1", "said": "554 No"}, f"{REFUSED[:-1]}, by its rules or as unwanted."),
        ({"status": "5.0.0", "said": "554 No"}, REFUSED),
        ({"address": "elsewhere@example.com"}, "The receiving mail server doesn't take email for this address."),
    ],
)
def test_what_says_nothing_of_the_address_leaves_it_open(
    client: Client, sent: Message, report: dict[str, str], sentence: str
) -> None:
    comes_back(client, sent, **report)
    assert (sent.status, why(sent)) == (Status.FAILED, sentence)
    assert isinstance(steps.reach(sent.conversation), Reachable)


@pytest.mark.requirement("I7", "A4")
def test_a_report_cannot_reach_into_another_conversation(a: Builders, client: Client, sent: Message) -> None:
    """Whoever knows one reply address can claim anything, and harms no other conversation with it."""
    maya = a.user()
    other = a.conversation(team=[maya])
    told = post.returned(our_id(sent), sent.recipient)
    assert post.deliver(client, told, to=steps.address_of(other)) == 200
    sent.refresh_from_db()
    assert sent.status == Status.SENT
    assert not BouncedAddress.objects.exists()


def test_a_report_on_no_mail_of_ours_is_the_operators(db: None, client: Client) -> None:
    raw = post.returned(f"<{uuid4()}@smartmessage.example>", "x@y.example")
    assert post.deliver(client, raw, to=SOMEBODY) == 200
    kept = UnmatchedReply.objects.get()
    assert (kept.kind, kept.company) == (Kind.BOUNCE, None)


# --- an address that works again ---


@pytest.mark.requirement("P3")
@pytest.mark.parametrize(("authentication", "is_open"), [("pass", True), ("", True), ("fail", False)])
def test_a_mail_from_the_address_opens_it_unless_it_may_be_forged(
    client: Client, sent: Message, authentication: str, is_open: bool
) -> None:
    comes_back(client, sent)
    steps.answers(client, sent.conversation, authentication=authentication)
    assert isinstance(steps.reach(sent.conversation), Reachable) == is_open


def test_a_mail_from_somebody_else_opens_nothing(client: Client, sent: Message) -> None:
    comes_back(client, sent)
    steps.answers(client, sent.conversation, sender="other@example.com")
    assert isinstance(steps.reach(sent.conversation), Locked)
    assert isinstance(steps.try_to_write(sent.conversation, sent.author), Refused)  # type: ignore[arg-type]


# --- a provider's own reports ---

Event = Callable[[Message], dict[str, Any]]


def about(message: Message, event: str, **more: Any) -> dict[str, Any]:
    attempt = message.attempts.latest("pk")
    return {
        "event": event,
        "id": uuid4().hex,
        "recipient": message.recipient,
        "user-variables": {"attempt": str(attempt.uuid)},
        "message": {"headers": {"message-id": f"{attempt.uuid}@smartmessage.example"}},
        **more,
    }


@pytest.mark.requirement("N1")
def test_a_provider_that_reports_a_failure_is_believed(client: Client, sent: Message) -> None:
    failed = about(
        sent, "failed", severity="permanent", reason="bounce", **{"delivery-status": {"message": "5.1.1 no mailbox"}}
    )
    assert post.report(client, failed) == 200
    sent.refresh_from_db()
    assert (sent.status, why(sent)) == (Status.FAILED, "This mailbox doesn't exist.")
    assert BouncedAddress.objects.get().address == sent.recipient


@pytest.mark.requirement("I4")
@pytest.mark.parametrize(
    "event",
    [
        lambda message: about(message, "delivered"),
        lambda message: about(message, "opened"),
        lambda message: about(message, "failed", severity="temporary", reason="generic"),
        lambda message: about(message, "invented"),
    ],
)
def test_other_reports_are_kept_and_change_nothing_shown(client: Client, sent: Message, event: Event) -> None:
    assert post.report(client, event(sent)) == 200
    sent.refresh_from_db()
    assert sent.status == Status.SENT
    assert sent.attempts.get().reports.count() == 1


@pytest.mark.requirement("I4")
def test_a_failure_after_a_delivery_is_shown(client: Client, sent: Message) -> None:
    """The next server took it, and returned it later."""
    assert post.report(client, about(sent, "delivered")) == 200
    comes_back(client, sent)
    assert sent.status == Status.FAILED


def test_a_report_is_found_by_the_message_id_too(client: Client, sent: Message) -> None:
    failed = about(sent, "failed", severity="permanent", reason="bounce", **{"user-variables": {}})
    assert post.report(client, failed) == 200
    sent.refresh_from_db()
    assert sent.status == Status.FAILED


@pytest.mark.parametrize("event", [{"event": "failed"}, {"event": "failed", "user-variables": {"attempt": "x"}}])
def test_a_report_on_the_platforms_own_mail_is_nothing_to_a_conversation(
    client: Client, sent: Message, event: dict[str, Any]
) -> None:
    assert post.report(client, event) == 200
    sent.refresh_from_db()
    assert sent.status == Status.SENT


def test_a_report_that_nobody_understands_is_kept_aside(db: None, client: Client) -> None:
    assert post.report(client, {}) == 200
    row = MailRequest.objects.get()
    assert (row.state, row.problem) == (RequestState.ASIDE, "No report could be read from it: KeyError.")


@pytest.mark.requirement("I1", "I4")
def test_a_report_settles_what_nobody_knew(a: Builders, client: Client, sent: Message) -> None:
    """The provider had it, and its answer was lost."""
    DeliveryAttempt.objects.filter(message=sent).update(status="unknown", rank=-1, trace_at=timezone.now())
    comes_back(client, sent)
    assert sent.status == Status.FAILED
    assert Conversation.objects.get().messages.count() == 2
    assert sent.attempts.get().claimed_at > timezone.now() - timedelta(hours=1)
