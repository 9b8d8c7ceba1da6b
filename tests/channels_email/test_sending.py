"""A user writes an email: who it is from, where its answer goes, in which thread it stands (Q2, Q4, I7)."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from candidates.contact import change_contact
from channels_email.models import BouncedAddress, ReplyAddress
from inbox import channels, delivery, sending
from inbox.channels import Locked, Reachable, Remedy
from inbox.models import Conversation, Message
from inbox.outcomes import Reason, Refused
from inbox.rules import Status
from tests.builders import Builders
from tests.channels_email import steps

Outbox = list[EmailMessage]


@pytest.fixture(autouse=True)
def our_domains(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "SmartMessage <mail@smartmessage.example>"
    settings.EMAIL_INBOUND_DOMAIN = "reply.smartmessage.example"


@pytest.mark.requirement("Q2", "Q4", "A3")
def test_who_has_no_seat_writes_an_email_from_the_company(a: Builders, mailoutbox: Outbox) -> None:
    # given a company without SmartMessage, and its recruiter
    sam = a.user(company=a.company(name="Quill Books", has_smartmessage=False), seat=False, name="Sam Okafor")
    chat = a.conversation(team=[sam], name="Ben Osei", phone="")

    # when
    message = steps.send(chat, sam, "Hello Ben", subject="Your application")

    # then it is the company's, with his name, and the answer leads back to this conversation
    (mail,) = mailoutbox
    seen = steps.on_the_wire(mail)
    assert seen["From"] == '"Sam Okafor, Quill Books" <mail@smartmessage.example>'
    assert seen["To"] == chat.person.email
    assert seen["Subject"] == "Your application"
    token = ReplyAddress.objects.get(conversation=chat).token
    assert seen["Reply-To"] == f"r-{token}@reply.smartmessage.example"
    assert len(token) == 32
    assert mail.from_email == seen["Reply-To"], "what can't be delivered comes back there, too"
    assert message.status == Status.SENT


@pytest.mark.requirement("Q4")
def test_it_has_the_words_as_plain_text_and_simply_formatted(a: Builders, mailoutbox: Outbox) -> None:
    maya = a.user()
    steps.send(a.conversation(team=[maya]), maya, "Hi **Anna**,\n\n- Monday\n- Tuesday\n\nhttps://example.com/a*b*c <3")
    seen = steps.on_the_wire(mailoutbox[0])
    text, html = (seen.get_body([kind]) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert "Hi **Anna**,\n\n- Monday" in text.get_content()
    assert "<strong>Anna</strong>" in html.get_content()
    assert '<ul><li dir="auto">Monday</li><li dir="auto">Tuesday</li></ul>' in html.get_content()
    assert 'href="https://example.com/a*b*c"' in html.get_content()
    assert "&lt;3" in html.get_content()


# --- threads ---


def thread_of(mail: EmailMessage) -> tuple[Any, Any, Any]:
    seen = steps.on_the_wire(mail)
    return seen["Message-ID"], seen["In-Reply-To"], seen["References"]


@pytest.mark.requirement("Q4")
def test_letters_with_one_subject_are_one_thread(a: Builders, mailoutbox: Outbox) -> None:
    # given three letters
    maya = a.user()
    chat = a.conversation(team=[maya])
    for _ in range(3):
        steps.send(chat, maya)
    # then the second and the third answer the first, by ids that hold their attempts
    (first, nothing, no_more), (second, to_first, _), (_, to_second, references) = map(thread_of, mailoutbox)
    assert (nothing, no_more, to_first, to_second) == (None, None, first, second)
    assert references == f"{first} {second}"
    assert [mail.subject for mail in mailoutbox] == [
        f"Field Engineer at {chat.company.name}",
        *[f"Re: Field Engineer at {chat.company.name}"] * 2,
    ]
    attempts = [str(each.attempts.get().uuid) for each in chat.messages.order_by("pk")]
    assert [thread_of(mail)[0] for mail in mailoutbox] == [f"<{each}@smartmessage.example>" for each in attempts]


@pytest.mark.requirement("Q4")
def test_another_subject_begins_a_thread_of_its_own(a: Builders, mailoutbox: Outbox) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    for subject in ("The interview", "A contract", "AW: Re: the  interview"):
        steps.send(chat, maya, subject=subject)
    first, second, third = map(thread_of, mailoutbox)
    assert second[1:] == (None, None)
    assert third[1:] == (first[0], first[0])


@pytest.mark.requirement("Q1", "I7")
def test_each_conversation_has_its_own_address_and_keeps_it(a: Builders, mailoutbox: Outbox) -> None:
    maya = a.user()
    anna = a.conversation(team=[maya])
    again = a.conversation(team=[maya], person=anna.person)
    for chat in (anna, again, anna):
        steps.send(chat, maya)
    first, other, same = (mail.reply_to for mail in mailoutbox)
    assert first == same
    assert first != other


# --- headers ---


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0"])
def test_a_line_break_never_becomes_a_header(a: Builders, mailoutbox: Outbox, break_: str) -> None:
    maya = a.user(name=f'Maya" <boss@evil.example>{break_}Bcc: all@evil.example'.replace("\0", " "))
    chat = a.conversation(team=[maya])
    steps.send(chat, maya, subject=f"Hello{break_}Bcc: everybody@evil.example")
    raw = mailoutbox[0].message().as_bytes()
    head = raw.partition(b"\n\n")[0]
    assert not [line for line in head.splitlines() if line.lower().startswith(b"bcc")]
    seen = steps.on_the_wire(mailoutbox[0])
    assert seen["Subject"] == "Hello Bcc: everybody@evil.example"
    assert [each.addr_spec for each in seen["From"].addresses] == ["mail@smartmessage.example"]
    assert mailoutbox[0].recipients() == [chat.person.email]


def test_names_and_subjects_speak_every_language(a: Builders, mailoutbox: Outbox) -> None:
    maya = a.user(company=a.company(name="Bücher & Söhne"), name="陳 美玲")
    steps.send(a.conversation(team=[maya]), maya, subject="Gespräch — 面接 🎉")
    seen = steps.on_the_wire(mailoutbox[0])
    assert seen["Subject"] == "Gespräch — 面接 🎉"
    assert seen["From"].addresses[0].display_name == "陳 美玲, Bücher & Söhne"
    assert mailoutbox[0].message().as_bytes().isascii()


def test_without_inbound_mail_the_answer_goes_to_the_user(a: Builders, mailoutbox: Outbox, settings: Settings) -> None:
    settings.EMAIL_INBOUND_DOMAIN = ""
    maya = a.user()
    steps.send(a.conversation(team=[maya]), maya)
    assert mailoutbox[0].reply_to == [maya.email]
    assert mailoutbox[0].from_email == "mail@smartmessage.example"


# --- where it is locked ---


@pytest.mark.requirement("Q4", "O6")
def test_email_is_open_to_who_has_an_address_and_claims_no_consent(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted out", name="Grace Turner")
    found = steps.reach(chat)
    assert isinstance(found, Reachable)
    assert (found.sender, found.detail) == ("mail@smartmessage.example", chat.person.email)
    assert found.subject == f"Field Engineer at {chat.company.name}"
    assert not found.is_opted_in, "no check mark without an opt-in (F5)"


@pytest.mark.requirement("P3", "F6")
def test_without_an_address_it_is_locked_and_says_what_helps(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], name="Grace Turner")
    change_contact(chat.person, phone_typed="", email="")
    lock = steps.reach(chat)
    assert isinstance(lock, Locked)
    assert (lock.reason, lock.remedies) == (Reason.NO_ADDRESS, (Remedy.EDIT_CONTACT,))
    assert lock.text == "Add an email address to write to Grace."
    assert steps.try_to_write(chat, maya) == Refused(Reason.NO_ADDRESS, f"No email address. {lock.text}")


@pytest.mark.requirement("F6", "P3")
def test_an_address_that_mail_comes_back_from_is_locked_and_a_new_one_starts_fresh(a: Builders) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya])
    BouncedAddress.objects.create(company=chat.company, address=chat.person.email, code=5_001_001)
    BouncedAddress.objects.create(company=a.company(), address="new@example.com", code=5_001_001)
    # then it says so
    lock = steps.reach(chat)
    assert isinstance(lock, Locked)
    assert lock.reason == Reason.BOUNCED
    assert "This mailbox doesn't exist." in str(lock.text)
    assert isinstance(steps.try_to_write(chat, maya), Refused)
    # when the address is corrected; that another company's mail to it came back is none of ours
    change_contact(chat.person, phone_typed="", email="new@example.com")
    assert isinstance(steps.reach(chat), Reachable)


@pytest.mark.requirement("I5", "P3")
@pytest.mark.parametrize(
    ("email", "reason"), [("other@example.com", Reason.ADDRESS_CHANGED), ("", Reason.ADDRESS_CHANGED)]
)
def test_a_changed_address_cancels_what_waits(a: Builders, email: str, reason: Reason) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    message = steps.write(chat, maya)
    change_contact(chat.person, phone_typed="", email=email)
    assert delivery.claim(message.pk) is None
    message.refresh_from_db()
    assert (message.status, message.refusal) == (Status.CANCELED, reason)


@pytest.mark.requirement("I5")
def test_mail_that_came_back_meanwhile_cancels_what_waits(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    message = steps.write(chat, maya)
    BouncedAddress.objects.create(company=chat.company, address=chat.person.email.lower(), code=5_001_001)
    assert delivery.claim(message.pk) is None
    message.refresh_from_db()
    assert message.refusal == Reason.BOUNCED


@pytest.mark.requirement("A3", "A4")
def test_a_stranger_writes_to_nobody(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    assert steps.try_to_write(chat, a.user(company=maya.company)) == Refused(Reason.NOT_ON_TEAM)
    assert not Message.objects.exists()


def test_nobody_is_invited_by_email(a: Builders) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    a.consent(chat.company, chat.person.email, "nothing", channel="email")
    outcome = sending.send_invitation(conversation_id=chat.pk, author=maya, channel_key="email", client_token=uuid4())
    assert isinstance(outcome, Refused)
    assert not Message.objects.exists()


@pytest.mark.requirement("Q4")
def test_many_conversations_are_asked_with_as_many_queries_as_one(a: Builders, django_assert_num_queries: Any) -> None:
    maya = a.user()
    for _ in range(5):
        steps.send(a.conversation(team=[maya]), maya)
    chats = list(Conversation.objects.with_record())
    for some in (chats[:1], chats):
        with django_assert_num_queries(1):
            channels.get("email").reachabilities(some)
