"""A route is given up by an admin, or when nobody used it for long; where a pool is used up people hear it (Q6, I7)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditAction, AuditEntry
from channels_sms import releasing
from channels_sms.models import Route
from channels_sms.releasing import UNUSED_FOR
from inbox.models import Conversation, UnmatchedReply
from inbox.outcomes import Reason, Refused
from tests import steps
from tests.builders import Builders
from tests.conftest import Twilio

ROUTES, NUMBERS = "/settings/channels_sms/route/", "/settings/channels_sms/sendernumber/"
DAY = timedelta(days=1)


@pytest.mark.requirement("Q6", "I7", "A5")
def test_an_admin_releases_a_number_for_another_conversation(a: Builders, client: Client, twilio: Twilio) -> None:
    # given one number, and a second conversation with Anna that finds none
    company = a.company()
    maya = a.user(company=company)
    anna = a.person(company)
    first, second = (a.conversation(team=[maya], person=anna) for _ in range(2))
    ours = steps.write(first, maya).sender
    refused = steps.try_to_write(second, maya)
    assert isinstance(refused, Refused)
    assert refused.reason == Reason.NO_SENDER
    assert "Your admin can release one that is no longer needed" in refused.sentence
    # when the admin hears of it on the pages of numbers, and releases the first
    client.force_login(a.user(company=company, seat=False, is_company_admin=True))
    for page in (NUMBERS, ROUTES):
        assert "For 1 phone no number is free." in client.get(page).content.decode()
    route = Route.objects.get()
    confirming = client.get(f"{ROUTES}{route.pk}/change/").content.decode()
    assert "Release this number" in confirming
    assert "Anna" not in confirming
    client.post(f"{ROUTES}{route.pk}/change/")
    # then the second texts, and her reply is there
    assert steps.write(second, maya).sender == ours
    steps.says(twilio, second, "Hello second", to=ours)
    assert [message.body for message in second.messages.filter(direction="in")] == ["Hello second"]
    assert not first.messages.filter(direction="in").exists()
    entry = AuditEntry.objects.get(company=company, action=AuditAction.ROUTE_RELEASED)
    assert entry.words == first.record.title
    # and a second click changes nothing
    client.post(f"{ROUTES}{route.pk}/change/")
    assert AuditEntry.objects.filter(action=AuditAction.ROUTE_RELEASED).count() == 1


@pytest.mark.requirement("S4", "A4")
def test_routes_of_another_company_are_not_there(a: Builders, client: Client) -> None:
    maya = a.user()
    steps.write(a.conversation(team=[maya]), maya)
    route = Route.objects.get()
    client.force_login(a.user(seat=False, is_company_admin=True))
    assert route.address not in client.get(ROUTES).content.decode().replace(" ", "")
    assert client.post(f"{ROUTES}{route.pk}/change/").status_code == 404
    route.refresh_from_db()
    assert route.released_at is None


def test_a_route_is_found_by_its_phone(a: Builders, client: Client) -> None:
    maya = a.user()
    chats = [a.conversation(team=[maya]) for _ in range(2)]
    for chat in chats:
        steps.write(chat, maya)
    client.force_login(a.user(company=maya.company, seat=False, is_company_admin=True))
    page = client.get(ROUTES, {"q": chats[0].person.phone_typed}).content.decode().replace(" ", "")
    assert [each.person.phone in page for each in chats] == [True, False]


def close(chat: Conversation) -> None:
    chat.record.group.closed_at = timezone.now()
    chat.record.group.save()


def withdraw(chat: Conversation) -> None:
    chat.record.withdrawn_at = timezone.now()
    chat.record.save()


@pytest.mark.requirement("Q6", "I7")
@pytest.mark.parametrize("ends", [close, withdraw])
def test_what_nobody_used_on_a_closed_record_is_released(a: Builders, twilio: Twilio, ends: object) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya])
    ours = steps.write(chat, maya).sender
    later = timezone.now() + UNUSED_FOR
    # when it stays open, nothing happens, however long
    assert releasing.release_unused(later + 1000 * DAY) == 0
    # when it is closed
    ends(chat)  # type: ignore[operator]
    assert releasing.release_unused(later - DAY) == 0
    assert releasing.release_unused(later + DAY) == 1
    # then a reply goes to the company's tray
    steps.says(twilio, chat, "Still there?", to=ours)
    assert UnmatchedReply.objects.get().company == chat.company


@pytest.mark.requirement("Q6")
def test_a_reply_keeps_a_route_alive(a: Builders, twilio: Twilio) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    steps.write(chat, maya)
    close(chat)
    Route.objects.update(made_at=timezone.now() - 2 * UNUSED_FOR)
    Conversation.objects.update(last_message_at=timezone.now() - 2 * UNUSED_FOR)
    steps.says(twilio, chat, "I am back")
    assert releasing.release_unused(timezone.now()) == 0


def test_a_pool_is_not_used_up_while_a_number_is_free(a: Builders) -> None:
    company = a.company(sender_countries=["US", "US"])
    maya = a.user(company=company)
    anna = a.person(company)
    chats = [a.conversation(team=[maya], person=anna) for _ in range(3)]
    found = []
    for chat in chats[:2]:
        steps.write(chat, maya)
        found.append(releasing.used_up(company))
    assert found == [[], [anna.phone]]
    assert releasing.used_up(a.company()) == []
