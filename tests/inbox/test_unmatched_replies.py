"""Texts that fit no conversation: found by that company's admin, attached once, and by nobody else (I7, A5)."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from inbox.models import Conversation, UnmatchedReply
from tests.builders import Builders, new_number
from tests.conftest import Twilio

LIST = "/settings/inbox/unmatchedreply/"


def signed_in(user: User) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def ada(a: Builders) -> User:
    return a.user(name="Ada Novak", seat=False, is_company_admin=True)


@pytest.fixture
def stray(a: Builders, ada: User, twilio: Twilio) -> UnmatchedReply:
    """A stranger's text to one of the company's numbers."""
    assert ada.company
    ours = ada.company.sender_numbers.get().number
    assert twilio.text(sender=new_number(), recipient=ours, body="Is the job still open?", sid="SMstray") == 200
    return UnmatchedReply.objects.get()


@pytest.mark.requirement("I7")
def test_an_admin_finds_a_stray_reply_and_attaches_it_once(a: Builders, ada: User, stray: UnmatchedReply) -> None:
    # given a conversation of the company that it belongs to
    chat = a.conversation(team=[a.user(company=ada.company)])
    client = signed_in(ada)
    assert "Is the job still open?" in client.get(LIST).content.decode()

    # when the admin attaches it, and does so again
    for _ in range(2):
        client.post(f"{LIST}{stray.pk}/change/", {"record": f"application-{chat.application_id}"})

    # then it is in that thread, once
    stray.refresh_from_db()
    assert stray.attached_to == chat
    assert [message.body for message in chat.messages.all()] == ["Is the job still open?"]


@pytest.mark.requirement("I7", "A4")
def test_nobody_elses_admin_sees_or_takes_it(a: Builders, stray: UnmatchedReply) -> None:
    # given the admin of another company, with a conversation there
    other = a.user(name="Otto Other", is_company_admin=True)
    theirs = a.conversation(team=[other])
    client = signed_in(other)

    # then the list is empty, the page isn't there for him, and nothing moves
    assert "Is the job still open?" not in client.get(LIST).content.decode()
    client.post(f"{LIST}{stray.pk}/change/", {"record": f"application-{theirs.application_id}"})
    stray.refresh_from_db()
    assert stray.attached_to is None
    assert not theirs.messages.exists()


@pytest.mark.requirement("I7", "A4")
def test_a_reply_cannot_be_attached_to_another_companys_thread(a: Builders, ada: User, stray: UnmatchedReply) -> None:
    theirs = a.conversation(team=[a.user()])
    signed_in(ada).post(f"{LIST}{stray.pk}/change/", {"record": f"application-{theirs.application_id}"})
    assert not theirs.messages.exists()


@pytest.mark.requirement("A4")
def test_who_is_no_admin_learns_nothing(a: Builders, stray: UnmatchedReply) -> None:
    for user in (a.user(), a.user(seat=False)):
        response = signed_in(user).get(LIST, follow=True)
        assert response.status_code == 404
    assert Conversation.objects.count() == 0
