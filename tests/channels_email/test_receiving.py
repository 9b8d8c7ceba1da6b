"""A mail that comes in: whose conversation it is, once however often it comes, and what it says of itself (I3, I7)."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from channels_email import letters, requests
from channels_email.models import MailRequest, ReplyAddress, RequestState, StoredLetter
from inbox.models import Conversation, Direction, Kind, Message, Notice, UnmatchedReply
from inbox.rules import Status
from tests.builders import Builders
from tests.channels_email import post, steps

Outbox = list[EmailMessage]


def inbound(chat: Conversation) -> list[Message]:
    return list(chat.messages.filter(direction=Direction.IN).order_by("pk"))


@pytest.mark.requirement("Q4", "N1", "I7")
def test_an_answer_is_in_the_conversation_it_was_sent_to(a: Builders, client: Client, mailoutbox: Outbox) -> None:
    # given Maya wrote, and her colleague didn't
    maya = a.user()
    jonas = a.user(company=maya.company, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas])
    steps.send(chat, maya, subject="Your application")
    (mail,) = mailoutbox

    # when Anna answers to the address that the mail names
    words = "Thursday works.\n\nOn Mon, 5 Jan 2026 at 10:00, Maya Chen <maya@example.com> wrote:\n> Hi"
    answer = post.letter(sender=f"Anna Bauer <{chat.person.email}>", text=words)
    assert post.deliver(client, answer, to=mail.reply_to[0]) == 200

    # then it is there, its history folded, and Maya is told
    (message,) = inbound(chat)
    assert (message.body, message.kind, message.status) == ("Thursday works.", Kind.TEXT, Status.RECEIVED)
    letter = steps.letter_of(message)
    assert letter.subject == "Re: Your application"
    assert "Hi" in letter.quoted
    assert (letter.remark, letter.tone) == ("", "")
    assert [notice.user for notice in Notice.objects.all()] == [maya]
    chat.refresh_from_db()
    assert (chat.needs_reply, chat.last_heard_channel) == (True, "email")
    # nothing answers by itself
    assert len(mailoutbox) == 1


@pytest.mark.requirement("Q4")
def test_the_next_letter_stands_in_the_thread_of_the_answer(a: Builders, client: Client, mailoutbox: Outbox) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    steps.send(chat, maya, subject="Your application")
    first = steps.on_the_wire(mailoutbox[0])["Message-ID"]
    steps.answers(client, chat, message_id="<hers@example.com>", In_Reply_To=first, References=first)
    steps.send(chat, maya)
    seen = steps.on_the_wire(mailoutbox[1])
    assert seen["Subject"] == "Re: Your application"
    assert seen["In-Reply-To"] == "<hers@example.com>"
    assert seen["References"] == f"{first} <hers@example.com>"


# --- where it belongs ---

Way = Callable[[Conversation, str], dict[str, Any]]
SOMEBODY = "hello@reply.smartmessage.example"
WAYS: dict[str, Way] = {
    "in capitals": lambda chat, _id: {"to": steps.address_of(chat).upper().replace("R-", "r-", 1)},
    "in the To alone": lambda chat, _id: {"to": SOMEBODY, "header_to": f"Maya <{steps.address_of(chat)}>"},
    "among other recipients": lambda chat, _id: {"to": f"x@y.example, {steps.address_of(chat)}"},
    "by In-Reply-To": lambda _chat, ours: {"to": SOMEBODY, "In_Reply_To": ours},
    "by References": lambda _chat, ours: {"to": SOMEBODY, "References": f"<a@b.example> {ours} <c@d.example>"},
}


@pytest.mark.requirement("I7")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_it_finds_its_conversation(a: Builders, client: Client, mailoutbox: Outbox, way: Way) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    steps.send(chat, maya)
    mail = way(chat, steps.on_the_wire(mailoutbox[0])["Message-ID"])
    to = mail.pop("to")
    assert post.deliver(client, post.letter(to=mail.pop("header_to", to.split(",")[0]), **mail), to=to) == 200
    assert len(inbound(chat)) == 1


@pytest.mark.requirement("I7", "A4")
def test_a_token_leads_to_its_own_company_whatever_else_the_mail_names(
    a: Builders, client: Client, mailoutbox: Outbox
) -> None:
    # given the same person at two companies, each of which wrote to her
    maya, nora = a.user(), a.user(name="Nora Quinn")
    ours, theirs = a.conversation(team=[maya]), a.conversation(team=[nora])
    for chat, user in ((ours, maya), (theirs, nora)):
        steps.send(chat, user)
    of_theirs = steps.on_the_wire(mailoutbox[1])["Message-ID"]
    # when she answers ours, and names theirs in every header that she can
    raw = post.letter(to=steps.address_of(theirs), Cc=steps.address_of(theirs), In_Reply_To=of_theirs)
    assert post.deliver(client, raw, to=steps.address_of(ours)) == 200
    # then theirs never hears of it
    assert len(inbound(ours)) == 1
    assert inbound(theirs) == []
    assert not Notice.objects.filter(user=nora).exists()


@pytest.mark.requirement("I7", "A4")
@pytest.mark.parametrize(
    "to",
    [
        "anna@reply.smartmessage.example",
        "r-@reply.smartmessage.example",
        f"r-{'a' * 32}@reply.smartmessage.example",
        f"r-{'a' * 31}%@reply.smartmessage.example",
        "{token}@reply.smartmessage.example",
        "r-{token}@reply.smartmessage.example.evil.example",
        "r-{token}@evil.example",
        "r-{token}x@reply.smartmessage.example",
        "",
    ],
)
def test_what_fits_no_conversation_is_the_operators_and_no_companys(a: Builders, client: Client, to: str) -> None:
    # given a person who is known at exactly one company
    chat = a.conversation(team=[a.user()])
    steps.address_of(chat)
    to = to.format(token=ReplyAddress.objects.get().token)
    # when she writes to an address that leads nowhere
    raw = post.letter(sender=chat.person.email, to="x@y.example", subject="Hello?", text="Anybody there?")
    assert post.deliver(client, raw, to=to) == 200
    # then it is in the operator's tray
    kept = UnmatchedReply.objects.get()
    assert (kept.company, kept.channel, kept.subject, kept.body) == (None, "email", "Hello?", "Anybody there?")
    assert kept.sender == chat.person.email
    assert inbound(chat) == []


@pytest.mark.requirement("I7", "A4")
@pytest.mark.parametrize("named", ["<{uuid}@smartmessage.example>", "<x@y.example>", "{uuid}", "<>", "<{uuid}>"])
def test_ids_that_are_not_ours_lead_nowhere(a: Builders, client: Client, named: str) -> None:
    a.conversation(team=[a.user()])
    raw = post.letter(In_Reply_To=named.format(uuid=uuid4()))
    assert post.deliver(client, raw, to=SOMEBODY) == 200
    assert UnmatchedReply.objects.count() == 1


# --- once ---


@pytest.mark.requirement("I3")
def test_the_same_mail_again_changes_nothing(a: Builders, client: Client) -> None:
    chat = a.conversation(team=[a.user()])
    raw = post.letter(files=[("cv.pdf", "application/pdf", b"%PDF-1.7 ...")])
    to = steps.address_of(chat)
    other_server = b"Received: from a by b; Mon, 1 Jan 2026 00:00:00 +0000\r\n" + raw
    for each in (raw, raw, other_server, raw.replace(b"\r\n", b"\n")):
        assert post.deliver(client, each, to=to) == 200
    assert post.deliver(client, raw, to="hello@reply.smartmessage.example") == 200
    assert len(inbound(chat)) == 1
    assert StoredLetter.objects.get().files.count() == 1


@pytest.mark.requirement("I3", "I7")
def test_a_mail_to_two_conversations_is_in_both_once(a: Builders, client: Client) -> None:
    maya = a.user()
    chats = [a.conversation(team=[maya]) for _ in range(2)]
    both = ", ".join(steps.address_of(chat) for chat in chats)
    raw = post.letter(to=both)
    for to in (*map(steps.address_of, chats), both):
        assert post.deliver(client, raw, to=to) == 200
    assert [len(inbound(chat)) for chat in chats] == [1, 1]


@pytest.mark.requirement("I3")
def test_the_same_words_in_another_mail_are_another_message(a: Builders, client: Client) -> None:
    chat = a.conversation(team=[a.user()])
    for _ in range(2):
        steps.answers(client, chat, "Yes")
    assert len(inbound(chat)) == 2


# --- what fails is kept, and tried again ---


@pytest.mark.requirement("I3")
def test_a_meaning_that_fails_leaves_the_mail_and_is_tried_again(
    a: Builders, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = a.conversation(team=[a.user()])
    with monkeypatch.context() as broken:
        broken.setattr(letters, "keep", lambda *_: 1 / 0)
        assert post.deliver(client, post.letter(), to=steps.address_of(chat)) == 200
    row = MailRequest.objects.get()
    assert (row.state, row.problem, inbound(chat)) == (RequestState.FAILED, "ZeroDivisionError", [])
    assert row.try_again_at
    assert requests.try_failed_again(row.try_again_at) == 1
    row.refresh_from_db()
    assert (row.state, row.tries, len(inbound(chat))) == (RequestState.DONE, 2, 1)
    assert requests.try_failed_again(row.try_again_at) == 0


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe", b"no mail", b"Subject: \xff\x00\r\n\r\n\x00", b"\r\n" * 100])
def test_whatever_comes_to_a_conversation_is_in_it(a: Builders, client: Client, raw: bytes) -> None:
    chat = a.conversation(team=[a.user()])
    assert post.deliver(client, raw, to=steps.address_of(chat)) == 200
    assert len(inbound(chat)) == 1
    assert MailRequest.objects.get().state == RequestState.DONE


@pytest.mark.requirement("I3")
def test_what_is_understood_is_let_go_of_after_a_month_and_what_waits_is_not(a: Builders, client: Client) -> None:
    chat = a.conversation(team=[a.user()])
    steps.answers(client, chat)
    assert post.deliver(client, post.letter(), to=SOMEBODY) == 200
    understood, stray = MailRequest.objects.order_by("pk")
    later = understood.received_at + requests.KEPT_FOR
    assert requests.let_go(later) == 0
    for _ in range(2):
        requests.let_go(later.replace(year=later.year + 1))
    understood.refresh_from_db()
    stray.refresh_from_db()
    assert (bytes(understood.raw), bool(understood.let_go_at)) == (b"", True)
    assert bytes(stray.raw)
    assert len(inbound(chat)) == 1


@pytest.mark.requirement("Q4")
def test_an_answer_by_calendar_says_what_it_answers(a: Builders, client: Client) -> None:
    chat = a.conversation(team=[a.user()])
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Interview\r\nDTSTART:20261203T090000Z\r\n"
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    raw = (
        "From: anna@example.com\r\nSubject: Accepted: Interview\r\nMessage-ID: <a@b.example>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/calendar; method=REPLY\r\n\r\n{calendar}"
    )
    assert post.deliver(client, raw.encode(), to=steps.address_of(chat)) == 200
    (message,) = inbound(chat)
    assert (message.body, message.kind) == ("Accepted: Interview", Kind.TEXT)


# --- who wrote ---


@pytest.mark.requirement("I7")
def test_a_sender_who_may_be_forged_is_marked(a: Builders, client: Client) -> None:
    chat = a.conversation(team=[a.user()])
    letter = steps.letter_of(steps.answers(client, chat, authentication="fail"))
    assert letter.tone == "bad"
    assert str(letter.remark).startswith("This email may be forged.")
    assert chat.person.email in str(letter.remark)


@pytest.mark.requirement("I7")
def test_somebody_else_who_answers_is_shown_with_his_address(a: Builders, client: Client) -> None:
    chat = a.conversation(team=[a.user()], name="Anna Bauer")
    message = steps.answers(client, chat, sender="Bert <bert@elsewhere.example>")
    letter = steps.letter_of(message)
    assert letter.tone == "warn"
    assert letter.remark == "Sent from bert@elsewhere.example, which is not the address of Anna that is known here."
    assert message.sender == "bert@elsewhere.example"


def test_a_server_that_says_nothing_of_the_sender_marks_nobody(a: Builders, client: Client) -> None:
    chat = a.conversation(team=[a.user()])
    assert steps.letter_of(steps.answers(client, chat, authentication="")).remark == ""


# --- machines ---


@pytest.mark.requirement("N1")
def test_an_automatic_answer_is_shown_and_waits_for_nobody(a: Builders, client: Client, mailoutbox: Outbox) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    steps.send(chat, maya)
    message = steps.answers(client, chat, "I am away.", Auto_Submitted="auto-replied")
    assert (message.kind, message.body) == (Kind.AUTO_REPLY, "I am away.")
    assert str(steps.letter_of(message).remark).startswith("An automatic reply.")
    chat.refresh_from_db()
    assert not chat.needs_reply
    assert not Notice.objects.exists()
    assert len(mailoutbox) == 1, "and nothing answers it"
