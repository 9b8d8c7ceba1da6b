"""Email from end to end: out through a worker, into a person's mailbox, and back by the provider's webhook."""

from typing import Any

import httpx
import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from channels_email.models import MailFile, MailRequest
from inbox import channels
from inbox.channels import Letter, Locked, Reachable
from inbox.models import Conversation, Direction, Kind, Message, Notice
from inbox.rules import Status
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, session_of, until
from tests.flows.faults import Clicks


class Mailing:
    """A user and a person who write each other emails."""

    def __init__(self, a: Builders, stack: Stack, simulator: Simulator) -> None:
        self.simulator, self.stack = simulator, stack
        self.user = a.user(company=a.company(has_smartmessage=False), seat=False, name="Sam Okafor")
        self.chat = a.conversation(team=[self.user], phone="", name="Ben Osei")
        self.address = self.chat.person.email

    def send(self, body: str) -> Message:
        """A click on Send; the message, once a worker handed it over."""
        answer = Clicks(self.stack, self.user).send(self.chat, body, channel="email")
        assert answer.status_code == 302, answer.text
        message = self.chat.messages.filter(direction=Direction.OUT).latest("pk")
        until(lambda: Message.objects.filter(pk=message.pk, status=Status.SENT).exists(), why="it was never sent")
        return message

    def mailbox(self, **switches: bool) -> Any:
        method = "POST" if switches else "GET"
        return self.simulator.control(method, f"mailboxes/{self.address}", **switches)

    def received(self) -> list[dict[str, Any]]:
        return list(self.mailbox()["received"])

    def answer(self, mail: dict[str, Any], text: str, **more: Any) -> list[int]:
        """The person answers a mail as her program would; how our webhook answered, each time."""
        letter = {
            "from": f"Ben Osei <{self.address}>",
            "to": mail["reply_to"],
            "subject": f"Re: {mail['subject']}",
            "in_reply_to": mail["message_id"],
            "text": text,
            **more,
        }
        return [each["status"] for each in self.simulator.control("POST", "mail", **letter)["answers"]]

    def heard(self) -> list[Message]:
        return list(self.chat.messages.filter(direction=Direction.IN).order_by("pk"))

    def letter(self, message: Message) -> Letter:
        return channels.get("email").letters([message])[message.pk]

    def is_locked(self) -> bool:
        chat = Conversation.objects.with_record().get(pk=self.chat.pk)
        return isinstance(channels.get("email").reachability(chat), Locked)


@pytest.fixture
def mailing(a: Builders, stack: Stack, simulator: Simulator) -> Mailing:
    return Mailing(a, stack, simulator)


def client_of(stack: Stack, user: User) -> httpx.Client:
    cookies = {settings.SESSION_COOKIE_NAME: session_of(user)}
    return httpx.Client(base_url=stack.url, timeout=30, cookies=cookies)


@pytest.mark.requirement("Q2", "Q4", "N1", "I7")
def test_a_letter_goes_out_and_its_answer_comes_back(mailing: Mailing) -> None:
    # given a company without SmartMessage
    mailing.send("Hello **Ben**, would you come by on Saturday?")

    # then Ben has it, from the company
    (mail,) = mailing.received()
    assert mail["from"].startswith(f'"Sam Okafor, {mailing.chat.company.name}" <')
    assert mail["subject"] == f"Field Engineer at {mailing.chat.company.name}"
    assert "<strong>Ben</strong>" in mail["html"]

    # when he answers
    assert mailing.answer(mail, "With pleasure. At eleven?\n") == [200]

    # then it is in the thread, and Sam is told
    (message,) = mailing.heard()
    assert (message.body, message.kind) == ("With pleasure. At eleven?", Kind.TEXT)
    assert Notice.objects.get(conversation=mailing.chat).user == mailing.user
    # and the next letter stands in the same thread
    mailing.send("Eleven it is.")
    assert len({each["thread"] for each in mailing.received()}) == 1


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("parallel", [True, False])
def test_fifty_deliveries_of_a_mail_are_one_message(mailing: Mailing, parallel: bool) -> None:
    mailing.send("Hello")
    (mail,) = mailing.received()
    files = [{"name": "cv.pdf", "content_type": "application/pdf", "bytes": 100_000}]
    assert mailing.answer(mail, "Yes", times=50, parallel=parallel, attachments=files) == [200] * 50
    assert [message.body for message in mailing.heard()] == ["Yes"]
    assert Notice.objects.filter(conversation=mailing.chat).count() == 1
    assert MailFile.objects.filter(letter__message__conversation=mailing.chat).count() == 1


@pytest.mark.requirement("I3")
def test_what_is_not_signed_or_is_signed_wrongly_is_refused(mailing: Mailing) -> None:
    mailing.send("Hello")
    (mail,) = mailing.received()
    before = MailRequest.objects.count()
    for signature in ("wrong", "missing", "old"):
        assert mailing.answer(mail, "Yes", signature=signature) == [403]
    assert (mailing.heard(), MailRequest.objects.count()) == ([], before)


@pytest.mark.requirement("A2", "A4")
def test_a_large_file_comes_whole_and_is_the_teams_alone(a: Builders, stack: Stack, mailing: Mailing) -> None:
    # given
    mailing.send("Please send me your portfolio.")
    (mail,) = mailing.received()
    files = [{"name": "portfolio.pdf", "content_type": "application/pdf", "bytes": 20_000_000}]
    # when
    assert mailing.answer(mail, "Here it is.", attachments=files) == [200]
    # then
    (message,) = mailing.heard()
    (file,) = mailing.letter(message).files
    assert (file.name, file.size) == ("portfolio.pdf", 20_000_000)
    saved = client_of(stack, mailing.user).get(file.url)
    assert (saved.status_code, len(saved.content)) == (200, 20_000_000)
    assert client_of(stack, a.user()).get(file.url).status_code == 404
    nowhere = reverse("mail-file", args=["00000000-0000-0000-0000-000000000000"])
    assert client_of(stack, mailing.user).get(nowhere).status_code == 404


@pytest.mark.requirement("N1", "F6", "P3")
def test_a_mailbox_that_does_not_exist_fails_the_letter_and_locks_the_address(mailing: Mailing) -> None:
    # given
    mailing.mailbox(bounces=True)
    # when
    answer = Clicks(mailing.stack, mailing.user).send(mailing.chat, "Anybody there?", channel="email")
    assert answer.status_code == 302
    # then it comes back, and the message says why
    sent = mailing.chat.messages.get(direction=Direction.OUT)
    until(lambda: Message.objects.filter(pk=sent.pk, status=Status.FAILED).exists(), why="it never came back")
    failure = channels.get("email").failure(sent.attempts.get())
    assert failure.sentence == "This mailbox doesn't exist."
    until(mailing.heard)
    assert [message.kind for message in mailing.heard()] == [Kind.BOUNCE]
    assert mailing.is_locked()
    assert Notice.objects.get(conversation=mailing.chat).message == sent
    # and once mail comes from it, it is open again
    mailing.mailbox(bounces=False)
    (returned,) = mailing.mailbox()["returned"]
    assert mailing.answer(returned, "I'm back.") == [200]
    assert not mailing.is_locked()


@pytest.mark.requirement("N1")
def test_who_is_away_says_so_by_machine_and_no_machine_answers(mailing: Mailing) -> None:
    mailing.mailbox(out_of_office=True)
    mailing.send("Hello")
    (message,) = until(mailing.heard)
    assert message.kind == Kind.AUTO_REPLY
    assert not Notice.objects.filter(conversation=mailing.chat).exists()
    assert len(mailing.received()) == 1


@pytest.mark.requirement("I7")
def test_a_forged_sender_is_marked(mailing: Mailing) -> None:
    mailing.send("Hello")
    (mail,) = mailing.received()
    assert mailing.answer(mail, "Send me the money.", authentication="fail") == [200]
    (message,) = mailing.heard()
    letter = mailing.letter(message)
    assert (letter.tone, str(letter.remark).split(".")[0]) == ("bad", "This email may be forged")


@pytest.mark.requirement("I3")
def test_a_mail_comes_although_the_web_process_was_killed(mailing: Mailing) -> None:
    """The provider tries again, and what it got an answer for is stored."""
    mailing.send("Hello")
    (mail,) = mailing.received()
    mailing.stack.kill("web")
    assert mailing.answer(mail, "Yes") == [None]
    mailing.stack.start("web")
    mailing.stack.wait_until_healthy()
    until(mailing.heard, why="it was never posted again")
    assert [message.body for message in mailing.heard()] == ["Yes"]
    assert isinstance(channels.get("email").reachability(mailing.chat), Reachable)
