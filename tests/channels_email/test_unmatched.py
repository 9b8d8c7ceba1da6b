"""A mail that fits no conversation: the operator gives it to a company, whose admin attaches it whole (I7, W5)."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from channels_email.models import MailFile
from inbox import unmatched
from inbox.models import Kind, Message, Notice, UnmatchedReply
from tests.builders import Builders
from tests.channels_email import post, steps

LIST = "/settings/inbox/unmatchedreply/"
TO = "jobs@reply.smartmessage.example"


def signed_in(user: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def ada(a: Builders) -> User:
    return a.user(name="Ada Novak", seat=False, is_company_admin=True)


def stray(ada: User, **mail: str) -> UnmatchedReply:
    """A mail with a file that the operator gave to Ada's company."""
    known = {
        "sender": "Anna Bauer <anna@example.com>",
        "subject": "My application",
        "text": "Is it still open?",
        **mail,
    }
    raw = post.letter(
        files=[("cv.pdf", "application/pdf", b"%PDF my life")], html="<p>Is it <b>still</b> open?</p>", **known
    )
    assert post.deliver(Client(), raw, to=TO) == 200
    reply = UnmatchedReply.objects.get()
    assert ada.company
    assert unmatched.give_to(reply, ada.company, by=ada)
    return UnmatchedReply.objects.get()


@pytest.mark.requirement("I7", "A2")
def test_an_admin_attaches_it_with_its_subject_its_page_and_its_files(a: Builders, ada: User) -> None:
    # given
    reply = stray(ada)
    maya = a.user(company=ada.company)
    chat = a.conversation(team=[maya])
    seen = signed_in(ada).get(f"{LIST}{reply.pk}/change/").content.decode()
    for words in ("My application", "Is it still open?", "anna@example.com", "cv.pdf"):
        assert words in seen

    # when, and a second time
    for _ in range(2):
        signed_in(ada).post(f"{LIST}{reply.pk}/change/", {"record": f"application-{chat.application_id}"})

    # then it is in the thread as it came, once, and the team reads its file
    message = chat.messages.get()
    letter = steps.letter_of(message)
    assert (message.body, message.attachments, letter.subject) == ("Is it still open?", [], "My application")
    assert "<b>still</b>" in letter.html
    assert [each.name for each in letter.files] == ["cv.pdf"]
    file = reverse("mail-file", args=[MailFile.objects.get().uuid])
    assert signed_in(maya).get(file).status_code == 200
    assert signed_in(ada).get(file).status_code == 404, "an admin reads threads where she is on the team (A5)"
    assert Notice.objects.get().user == maya


@pytest.mark.requirement("I7")
def test_an_admin_is_warned_of_a_sender_who_may_be_forged(ada: User) -> None:
    warning = "The sender may be forged"
    reply = stray(ada, authentication="fail")
    assert warning in signed_in(ada).get(f"{LIST}{reply.pk}/change/").content.decode()
    UnmatchedReply.objects.update(is_doubtful=False)
    assert warning not in signed_in(ada).get(f"{LIST}{reply.pk}/change/").content.decode()


@pytest.mark.requirement("I7")
def test_the_records_of_people_with_that_address_are_offered_first(a: Builders, ada: User) -> None:
    maya = a.user(company=ada.company)
    chat = a.conversation(team=[maya], name="Anna Bauer")
    a.conversation(team=[maya], name="Somebody Else")
    reply = stray(ada, sender=chat.person.email.upper())
    assert ada.company
    assert unmatched.likely_records(reply, ada.company) == [chat.record]


@pytest.mark.requirement("A4", "I7")
def test_another_company_never_sees_it(a: Builders, ada: User) -> None:
    reply = stray(ada)
    other = a.user(name="Otto Other", is_company_admin=True)
    theirs = a.conversation(team=[other])
    client = signed_in(other)
    assert "My application" not in client.get(LIST).content.decode()
    client.post(f"{LIST}{reply.pk}/change/", {"record": f"application-{theirs.application_id}"})
    assert not Message.objects.exists()


def test_a_machines_mail_stays_a_machines_when_it_is_attached(a: Builders, ada: User) -> None:
    reply = stray(ada, Auto_Submitted="auto-replied")
    chat = a.conversation(team=[a.user(company=ada.company)])
    assert unmatched.attach(reply, chat, by=ada)
    assert chat.messages.get().kind == Kind.AUTO_REPLY
    assert not Notice.objects.exists()


def test_the_list_shows_subjects(a: Builders, ada: User) -> None:
    stray(ada)
    seen = signed_in(ada).get(LIST).content.decode()
    assert "My application" in seen
    assert "anna@example.com" in seen
