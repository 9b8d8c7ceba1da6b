"""Who may see and do what, in detail; every address is in docs/access.md, and asked over HTTP (A1-A4, F2)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from candidates.models import Application, Prospect
from inbox.models import Conversation, Message, Notice, NoticeKind
from inbox.rules import Status
from tests import steps
from tests.builders import Builders


@dataclass(frozen=True)
class Place:
    """What the addresses are about: an application and a prospect of one company, each with its conversation."""

    owner: User
    application: Application
    prospect: Prospect
    chat: Conversation
    message: Message


@dataclass(frozen=True)
class Address:
    """One named address. `seat`: whether a member needs one; `htmx`: as a page asks for a fragment."""

    path: Callable[[Place], str]
    method: str = "get"
    ok: int = 200
    needs_seat: bool = False


def page_of(kind: str, name: str) -> Address:
    return Address(lambda place: reverse(f"{kind}-{name}", args=[getattr(place, kind).pk]))


def of_chat(name: str, method: str, ok: int, *, needs_seat: bool = False, query: str = "") -> Address:
    def path(place: Place) -> str:
        arguments = [place.chat.pk] if name in OF_WHOLE_CHATS else [place.chat.pk, "sms"]
        return reverse(name, args=arguments) + query.format(message=place.message.pk)

    return Address(path, method, ok, needs_seat)


def of_text(name: str, method: str, ok: int, *more: str, needs_seat: bool = False) -> Address:
    return Address(lambda place: reverse(name, args=[place.message.pk, *more]), method, ok, needs_seat)


OF_WHOLE_CHATS = {"seen", "presence", "meanwhile", "conversation", "row", "done", "star", "unread", "snooze"}
OF_WHOLE_CHATS = {
    "seen",
    "mentionable",
    "presence",
    "meanwhile",
    "conversation",
    "row",
    "done",
    "star",
    "unread",
    "snooze",
}
OF_RECORDS = {
    **{f"{kind}-{name}": page_of(kind, name) for kind in ("application", "prospect") for name in ("profile", "emails")},
    **{
        f"{kind}-{name}": page_of(kind, name)
        for kind in ("application", "prospect")
        for name in ("contact", "messages")
    },
    "send": of_chat("send", "post", 302, needs_seat=True),
    "send-parts": of_chat("send-parts", "post", 422, needs_seat=True),  # her text fits into one
    "invite": of_chat("invite", "post", 422, needs_seat=True),  # she has opted in already
    "draft": of_chat("draft", "post", 409),
    "since": of_chat("since", "get", 200),
    "older": of_chat("older", "get", 200, query="?before={message}"),
    "seen": of_chat("seen", "post", 204),
    "presence": of_chat("presence", "get", 200),
    "meanwhile": of_chat("meanwhile", "get", 200),
    "choose-snippet": of_chat("choose-snippet", "get", 200),
    "mentionable": of_chat("mentionable", "get", 200),
    "conversation": of_chat("conversation", "get", 200),
    "row": of_chat("row", "get", 200),
    **{name: of_chat(name, "post", 302) for name in ("done", "star", "unread", "snooze")},
    "history": of_text("history", "get", 200),
    "carry": of_text("carry", "post", 302, "email"),
    "to-new-address": of_text("to-new-address", "post", 422, needs_seat=True),  # it is the same one
    "tell-admin": of_text("tell-admin", "post", 302),
    "again": Address(lambda place: reverse("again", args=[place.message.pk]), "post", 302, True),
}
OF_EACH_USER = {"home": 200, "inbox": 200, "new-message": 200, "tray": 200, "tray-read": 302}


@pytest.fixture
def place(a: Builders) -> Place:
    company = a.company(has_smartcrm=True, sender_countries=["US", "US"])
    owner = a.user(company=company)
    chat = a.conversation(team=[owner], sms="opted in")
    message = steps.refused_attempt(chat, owner, code=30008).message
    Message.objects.filter(pk=message.pk).update(status=Status.FAILED)
    prospect = a.prospect(chat.person, [owner])
    assert chat.application
    return Place(owner, chat.application, prospect, chat, message)


def ask(client: Client, address: Address, place: Place, *, htmx: bool = False) -> HttpResponse:
    path = address.path(place)
    headers = {"HX-Request": "true"} if htmx else {}
    if address.method == "post":
        return client.post(path, {"body": "Hello!", "token": str(uuid4())}, headers=headers)  # type: ignore[return-value]
    return client.get(path, headers=headers)  # type: ignore[return-value]


def plain(response: HttpResponse) -> str:
    """The body, without what is new in each answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def join(place: Place, user: User) -> User:
    place.application.job.team.add(user)
    place.prospect.community.team.add(user)
    return user


ALL = pytest.mark.parametrize("name", OF_RECORDS)


@pytest.mark.requirement("A1", "A2", "F1")
@ALL
def test_the_owner_may(place: Place, client: Client, name: str) -> None:
    client.force_login(place.owner)
    assert ask(client, OF_RECORDS[name], place).status_code == OF_RECORDS[name].ok


@pytest.mark.requirement("A2", "A3")
@ALL
def test_a_member_without_a_seat_reads_and_does_not_send(a: Builders, place: Place, client: Client, name: str) -> None:
    address = OF_RECORDS[name]
    client.force_login(join(place, a.user(company=place.owner.company, seat=False, name="Jonas Weber")))
    count = Message.objects.count()
    assert ask(client, address, place).status_code == (403 if address.needs_seat else address.ok)
    assert ask(client, address, place, htmx=True).status_code in (
        {403} if address.needs_seat else {200, 204, address.ok}
    )
    assert Message.objects.count() == count


def the_colleague(a: Builders, place: Place) -> User:
    return a.user(company=place.owner.company, name="Carl Colleague")


def the_admin(a: Builders, place: Place) -> User:
    return a.user(company=place.owner.company, is_company_admin=True, name="Dana Ortiz")


def a_stranger(a: Builders, place: Place) -> User:
    return a.user(company=a.company(has_smartcrm=True), name="Sam Stranger")


def who_was_moved_to_another_company(a: Builders, place: Place) -> User:
    return join(place, a_stranger(a, place))


def who_left_the_team(a: Builders, place: Place) -> User:
    user = join(place, a.user(company=place.owner.company))
    steps.write(place.chat, user)
    place.application.job.team.remove(user)
    place.prospect.community.team.remove(user)
    return user


STRANGERS = [the_colleague, the_admin, a_stranger, who_was_moved_to_another_company, who_left_the_team]


@pytest.mark.requirement("A4", "A1")
@pytest.mark.parametrize("stranger", STRANGERS)
def test_who_is_not_on_the_team_learns_nothing(
    a: Builders, place: Place, client: Client, stranger: Callable[[Builders, Place], User]
) -> None:
    """The same answer, to the byte, as for a record that doesn't exist."""
    client.force_login(stranger(a, place))
    nowhere = Place(
        place.owner,
        Application(pk=10**12),
        Prospect(pk=10**12),
        Conversation(pk=10**12),
        Message(pk=10**12),
    )
    count = Message.objects.count()
    for name, address in OF_RECORDS.items():
        for htmx in (False, True):
            there, not_there = (ask(client, address, each, htmx=htmx) for each in (place, nowhere))
            assert (there.status_code, not_there.status_code) == (404, 404), name
            assert plain(there) == plain(not_there), name
            assert set(there.headers) == set(not_there.headers)
            assert place.chat.person.name not in plain(there)
    assert Message.objects.count() == count
    assert place.chat.person.name not in client.get(reverse("home")).content.decode()


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("pk", ["0", "9223372036854775807", "9223372036854775808", "9" * 40, "9" * 5_000])
def test_an_odd_number_of_a_record_is_no_fault_of_ours(a: Builders, client: Client, pk: str) -> None:
    client.force_login(a.user())
    for path in (f"/applications/{pk}/", f"/applications/{pk}/messages/", f"/conversations/{pk}/since/sms/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/messages/{pk}/again/").status_code == 404


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("name", [*OF_RECORDS, *OF_EACH_USER])
@pytest.mark.parametrize("who", ["anonymous", "inactive"])
def test_who_is_not_signed_in_is_sent_to_the_door(place: Place, client: Client, name: str, who: str) -> None:
    if who == "inactive":
        client.force_login(place.owner)
        User.objects.filter(pk=place.owner.pk).update(is_active=False)
    address = OF_RECORDS.get(name) or Address(lambda _place: reverse(name))
    count = Message.objects.count()
    answer = ask(client, address, place)
    if address.method == "get":
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/login/")
    else:
        assert answer.status_code == 401
        assert "Hello!" in answer.content.decode(), "what was typed is not lost"
    assert ask(client, address, place, htmx=True).status_code == 401
    assert Message.objects.count() == count


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("name", [*OF_RECORDS, *OF_EACH_USER])
def test_the_platforms_operator_reads_no_thread(place: Place, client: Client, name: str) -> None:
    operator = User.objects.create_superuser("operator@platform.example", "x", name="Olga Operator")
    join(place, operator)
    client.force_login(operator)
    address = OF_RECORDS.get(name) or Address(lambda _place: reverse(name))
    answer = ask(client, address, place)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert place.chat.person.name not in answer.content.decode()


@pytest.mark.parametrize(("name", "status"), OF_EACH_USER.items())
def test_each_user_has_pages_of_her_own(a: Builders, client: Client, name: str, status: int) -> None:
    client.force_login(a.user())
    assert (client.post if name == "tray-read" else client.get)(reverse(name)).status_code == status


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("name", OF_RECORDS)
def test_an_address_takes_its_own_method_only(place: Place, client: Client, name: str) -> None:
    client.force_login(place.owner)
    address = OF_RECORDS[name]
    if address.method == "post":
        assert client.get(address.path(place)).status_code == 405
    elif not name.endswith(("profile", "emails", "contact", "presence", "choose-snippet")):
        assert client.post(address.path(place)).status_code == 405
    assert client.delete(address.path(place)).status_code in {200, 405}


# --- querysets: the doors themselves ---


@pytest.mark.requirement("A2", "A4", "F2")
def test_the_querysets_show_what_a_user_may_see(a: Builders, place: Place) -> None:
    reader = join(place, a.user(company=place.owner.company, seat=False))
    for user in (place.owner, reader):
        assert list(Application.objects.visible_to(user)) == [place.application]
        assert list(Prospect.objects.visible_to(user)) == [place.prospect]
        assert list(Conversation.objects.visible_to(user)) == [place.chat]
    inactive = User.objects.get(pk=reader.pk)
    inactive.is_active = False
    operator = User(is_superuser=True, is_staff=True, pk=reader.pk)
    for user in (*(stranger(a, place) for stranger in STRANGERS), inactive, operator):
        assert not Application.objects.visible_to(user).exists()
        assert not Prospect.objects.visible_to(user).exists()
        assert not Conversation.objects.visible_to(user).exists()


@pytest.mark.requirement("F2", "Q3")
def test_without_smartcrm_there_are_no_prospects(a: Builders, place: Place, client: Client) -> None:
    # given a conversation and a notice about a prospect, from the time of the subscription
    person = place.prospect.candidate
    chat = Conversation.objects.create(company=person.company, prospect=place.prospect)
    message = steps.write(chat, place.owner)
    Notice.objects.create(user=place.owner, conversation=chat, kind=NoticeKind.FAILED, message=message)
    client.force_login(place.owner)
    assert place.prospect.title in client.get(reverse("home")).content.decode()
    assert place.prospect.title in client.get(reverse("tray")).content.decode()
    # when it ends
    type(person.company).objects.update(has_smartcrm=False)
    # then
    assert not Prospect.objects.visible_to(User.objects.get(pk=place.owner.pk)).exists()
    assert not Conversation.objects.visible_to(place.owner).filter(pk=chat.pk).exists()
    for name in ("home", "tray"):
        assert place.prospect.title not in client.get(reverse(name)).content.decode()
    for name in ("profile", "emails", "messages", "contact"):
        assert client.get(reverse(f"prospect-{name}", args=[place.prospect.pk])).status_code == 404


@pytest.mark.requirement("A1")
def test_a_text_stays_with_its_record_for_good(a: Builders, place: Place) -> None:
    steps.write(place.chat, place.owner)
    for row in (place.application, place.chat, place.owner):
        with pytest.raises(ProtectedError):
            row.delete()
