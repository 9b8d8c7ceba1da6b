"""Who reads and may not send, and who learns nothing: members without a seat, and strangers."""

import re
import uuid
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings
from playwright.sync_api import APIResponse, Page, expect

from accounts.models import User
from candidates.models import ConsentEvent
from channels_sms import routes
from inbox import receiving
from inbox.models import ComposerDraft, Conversation, Message
from inbox.receiving import Inbound
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, session_of, violations

NOWHERE = 10**9  # no record, conversation or message has this id


def our_number(chat: Conversation) -> str:
    """The number of ours that this conversation keeps."""
    route = routes.reserve(chat, chat.person.phone)
    assert route is not None
    return route.sender_number.number


def seatless(a: Builders, colleague: User) -> User:
    return a.user(company=colleague.company, seat=False, name="Jonas Weber")


@pytest.mark.requirement("A2", "A3", "F6")
def test_a_member_without_a_seat_reads_everything_live(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Jonas is on Maya's team and holds no seat; both have the same conversation open
    maya = a.user()
    jonas = seatless(a, maya)
    a.user(company=maya.company, seat=False, name="Ada Novak", is_company_admin=True)
    chat = a.conversation(team=[maya, jonas])
    anna, ours = chat.person.phone, our_number(chat)
    writes, reads = site.open(maya, chat), site.open(jonas, chat)
    log = reads.get_by_role("log", name="Messages with Anna Bauer")

    # then he sees why there is no composer, and who can change it
    expect(reads.get_by_role("heading", name="You can read, but not send")).to_be_visible()
    expect(reads.locator("#writing")).to_contain_text("Your admin Ada Novak can give you one.")
    expect(reads.get_by_role("textbox", name="Message")).to_have_count(0)
    expect(reads.get_by_role("button", name=re.compile("^Send"))).to_have_count(0)
    assert violations(reads) == []

    # when Maya writes and Anna answers, then both appear for him, with their states
    writes.get_by_role("textbox", name="Message").fill("Hello Anna, is Thursday fine?")
    writes.keyboard.press("Control+Enter")
    expect(log.get_by_role("article", name="Maya Chen")).to_contain_text("Hello Anna, is Thursday fine?")
    expect(log.get_by_role("article", name="Maya Chen")).to_contain_text("Delivered")
    simulator.text("Thursday is fine", sender=anna, recipient=ours)
    expect(log.get_by_role("article", name="Anna Bauer")).to_contain_text("Thursday is fine")

    # when Anna opts out and in again, then he sees that too, and still may not send
    simulator.text("STOP", sender=anna, recipient=ours)
    expect(log).to_contain_text("Anna opted out of SMS by “STOP”")
    expect(reads.get_by_role("tab", name="SMS").get_by_role("img", name="opted in and reachable")).to_have_count(0)
    simulator.text("START", sender=anna, recipient=ours)
    expect(log).to_contain_text("Anna opted in to SMS by replying “START”")
    expect(reads.get_by_role("heading", name="You can read, but not send")).to_be_visible()
    expect(reads.get_by_role("textbox", name="Message")).to_have_count(0)


@pytest.mark.requirement("A3", "O4", "F6")
def test_a_member_without_a_seat_cannot_send_by_crafted_requests(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Jonas reads an open conversation and one that waits for an invitation, with his own session and token
    maya = a.user()
    jonas = seatless(a, maya)
    open_chat = a.conversation(team=[maya, jonas])
    uninvited = a.conversation(team=[maya, jonas], sms="first consent", name="Nina Huber")
    failed = failed_message(site, simulator, author=maya, chat=open_chat)
    page = site.open(jonas, open_chat)
    before = everything_stored(open_chat, uninvited)
    token = csrf_token(page)

    posts: list[tuple[str, dict[str, str | float | bool]]] = [
        (f"/conversations/{open_chat.pk}/send/sms/", {"body": "from Jonas", "token": str(uuid.uuid4())}),
        (f"/conversations/{uninvited.pk}/invite/sms/", {"token": str(uuid.uuid4())}),
        (f"/messages/{failed.pk}/again/", {}),
    ]

    # when he posts what the composer, the invitation and Retry would post, as a form and as a page's script does
    for as_script in (False, True):
        headers = {"X-CSRFToken": token, "Referer": page.url} | ({"HX-Request": "true"} if as_script else {})
        for path, fields in posts:
            answer = page.request.post(path, form=fields, headers=headers)

            # then he is refused, with the reason
            assert answer.status == 403, path
            assert "Texting needs a SmartMessage seat" in answer.text(), path

    # and nothing is stored, and nothing reached the provider
    assert everything_stored(open_chat, uninvited) == before
    assert simulator.received(open_chat.person.phone) == []
    assert simulator.received(uninvited.person.phone) == []
    assert not requests_to(simulator, uninvited.person.phone)

    # and where the words came by a plain form, they are given back
    plain = page.request.post(
        f"/conversations/{open_chat.pk}/send/sms/", form={"body": "from Jonas"}, headers={"X-CSRFToken": token}
    )
    assert "from Jonas" in plain.text()


@pytest.mark.requirement("A3")
def test_a_reader_is_not_offered_retry(a: Builders, site: Site, simulator: Simulator) -> None:
    # given a text of Maya's failed
    maya = a.user()
    jonas = seatless(a, maya)
    chat = a.conversation(team=[maya, jonas])
    failed = failed_message(site, simulator, author=maya, chat=chat)

    # when more texts came than a page shows, and both scroll up to it
    for _text in range(51):
        receiving.receive(chat.pk, Inbound("sms", chat.person.phone, failed.sender, "and one more", provider_id=""))
    oldest_shown = chat.messages.order_by("-pk")[49]
    older = f"/conversations/{chat.pk}/older/sms/?before={oldest_shown.pk}"
    of_maya, of_jonas = (site.open(user, chat).request.get(older).text() for user in (maya, jonas))

    # then only Maya may send it again
    assert "Are you there?" in of_maya
    assert "Are you there?" in of_jonas
    assert f"/messages/{failed.pk}/again/" in of_maya
    assert f"/messages/{failed.pk}/again/" not in of_jonas


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("stranger", ["another team", "another company", "admin of the company"])
@pytest.mark.parametrize("as_script", [False, True], ids=["page", "fragment"])
def test_a_stranger_cannot_tell_a_record_from_none(
    a: Builders, site: Site, simulator: Simulator, stranger: str, as_script: bool
) -> None:
    # given a record with a thread, and somebody who isn't on its team
    maya = a.user()
    chat = a.conversation(team=[maya])
    simulator.text("A secret", sender=chat.person.phone, recipient=our_number(chat))
    message = chat.messages.latest("pk")
    who = {
        "another team": lambda: a.user(company=maya.company, name="Priya Nair"),
        "another company": lambda: a.user(name="Nora Quinn"),
        "admin of the company": lambda: a.user(company=maya.company, name="Ada Novak", is_company_admin=True),
    }[stranger]()
    page = site.page_of(who)
    page.goto("/")
    headers = {"X-CSRFToken": csrf_token(page), "Referer": page.url} | ({"HX-Request": "true"} if as_script else {})
    before = everything_stored(chat)

    # when she asks for each of its addresses, then the answer is that for a record that doesn't exist
    for verb, address in addresses(chat, message):
        ask = getattr(page.request, verb)
        fields = {"form": {"body": "Hi", "phone": "+1 415 123 4567"}} if verb == "post" else {}
        there = ask(address, headers=headers, **fields)
        nowhere = ask(re.sub(r"\d+", str(NOWHERE), address), headers=headers, **fields)
        assert there.status == 404, address
        assert looks(there) == looks(nowhere), address
        assert "secret" not in there.text()
        assert "Anna" not in there.text()

    # and nothing happened
    assert everything_stored(chat) == before
    expect(page.get_by_role("link", name="Anna Bauer")).to_have_count(0)


@pytest.mark.requirement("A4")
def test_who_is_signed_out_learns_nothing(a: Builders, site: Site, simulator: Simulator) -> None:
    # given a record with a thread
    maya = a.user()
    chat = a.conversation(team=[maya])
    simulator.text("A secret", sender=chat.person.phone, recipient=our_number(chat))
    message = chat.messages.latest("pk")
    before = everything_stored(chat)

    # when somebody without a session asks, then it's the same sign-in page, record or none
    with httpx.Client(base_url=site.stack.url) as nobody:
        for verb, address in addresses(chat, message):
            for headers in ({}, {"HX-Request": "true"}):
                there = nobody.request(verb, address, headers=headers)
                nowhere = nobody.request(verb, re.sub(r"\d+", str(NOWHERE), address), headers=headers)
                assert there.status_code in {302, 401, 403}, address
                assert there.status_code == nowhere.status_code, address
                assert without_tokens(there.text) == without_tokens(nowhere.text), address
                assert "secret" not in there.text
    assert everything_stored(chat) == before


@pytest.mark.requirement("F2", "A4")
def test_prospects_do_not_exist_without_smartcrm(a: Builders, site: Site) -> None:
    # given a prospect of a company that gave SmartCRM up
    company = a.company(has_smartcrm=True)
    leo = a.user(company=company, name="Leo Martins")
    prospect = a.prospect(a.person(company, name="Felix Gruber"), [leo])
    page = site.page_of(leo)
    page.goto(prospect.messages_url())
    expect(page.get_by_role("heading", name="Felix Gruber", level=1)).to_be_visible()
    chat = Conversation.objects.get(prospect=prospect)
    company.has_smartcrm = False
    company.save()

    # when a member of the sourcing team asks for it, then it is as if it didn't exist
    for address in (
        prospect.messages_url(),
        prospect.emails_url(),
        prospect.contact_url(),
        prospect.get_absolute_url(),
    ):
        there, nowhere = page.request.get(address), page.request.get(re.sub(r"\d+", str(NOWHERE), address))
        assert there.status == 404
        assert looks(there) == looks(nowhere)
    assert page.request.get(f"/conversations/{chat.pk}/since/sms/").status == 404
    page.goto("/")
    expect(page.get_by_role("link", name="Felix Gruber")).to_have_count(0)


@pytest.mark.requirement("A4")
def test_a_strangers_stream_says_nothing(a: Builders, stack: Stack, simulator: Simulator) -> None:
    # given Priya follows her own stream, and Maya's conversation is none of hers
    maya = a.user()
    priya = a.user(company=maya.company, name="Priya Nair")
    chat, own = a.conversation(team=[maya]), a.conversation(team=[priya], name="Chloe Martin")
    numbers = our_number(chat), our_number(own)
    heard: list[str] = []
    with stream_of(priya, stack) as stream:
        for line in stream.iter_lines():
            # when something happens in both: once she listens, and anew if the live process only now begins to
            if line.startswith("retry:") or line == "event: resync":
                simulator.text("A secret", sender=chat.person.phone, recipient=numbers[0])
                simulator.text("STOP", sender=chat.person.phone, recipient=numbers[0])
                simulator.text("Hello", sender=own.person.phone, recipient=numbers[1])
            heard.append(line)
            if f'"id": {own.pk}' in line:
                break

    # then she hears of her own only, and an id and a version only
    assert not [line for line in heard if f'"id": {chat.pk}' in line or "secret" in line or "Hello" in line]


@pytest.mark.requirement("A4")
def test_a_stream_needs_a_session(a: Builders, stack: Stack) -> None:
    # given somebody without a session, and Maya, who was deactivated
    maya = a.user()
    cookie = {settings.SESSION_COOKIE_NAME: session_of(maya)}
    maya.is_active = False
    maya.save()
    address = f"{stack.environment['LIVE_URL']}/live/events"

    # then there is no stream for either
    for cookies in ({}, {settings.SESSION_COOKIE_NAME: "made-up"}, cookie):
        with httpx.Client(cookies=cookies) as client:
            answer = client.get(address)
        assert (answer.status_code, answer.content) == (401, b"")


def addresses(chat: Conversation, message: Message) -> list[tuple[str, str]]:
    """Every address of a record, its conversation and its messages, with the verb that it takes."""
    record, conversation = chat.record, f"/conversations/{chat.pk}"
    reading = [record.get_absolute_url(), record.emails_url(), record.contact_url(), record.messages_url()]
    reading += [f"{record.messages_url()}?channel=sms&before={message.pk}"]
    reading += [f"{conversation}/since/sms/?version=0", f"{conversation}/older/sms/?before={message.pk}"]
    writing = [f"{conversation}/{verb}/sms/" for verb in ("send", "invite", "draft")]
    writing += [f"{conversation}/seen/", f"/messages/{message.pk}/again/", record.contact_url()]
    return [*(("get", address) for address in reading), *(("post", address) for address in writing)]


def looks(answer: APIResponse) -> tuple[int, dict[str, str], str]:
    """All of an answer but its date and its tokens, which are new each time."""
    headers = {name: value for name, value in answer.headers.items() if name not in {"date", "set-cookie"}}
    return answer.status, headers, without_tokens(answer.text())


def without_tokens(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def csrf_token(page: Page) -> str:
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")


def everything_stored(*chats: Conversation) -> list[Any]:
    """What a request that is refused must leave as it is."""
    return [
        sorted(Message.objects.filter(conversation__in=chats).values_list("pk", "status", "version")),
        sorted(ConsentEvent.objects.filter(consent__company=chats[0].company).values_list("pk", flat=True)),
        sorted(ComposerDraft.objects.filter(conversation__in=chats).values_list("pk", "body")),
        [Conversation.objects.get(pk=chat.pk).person.phone for chat in chats],
    ]


def failed_message(site: Site, simulator: Simulator, *, author: User, chat: Conversation) -> Message:
    """A text of the author's that did not arrive, and may be sent again."""
    person = chat.person.phone
    simulator.control("POST", "rules", to=person, outcome={"status": "undelivered", "code": 30003}, times=1)
    page = site.open(author, chat)
    page.get_by_role("textbox", name="Message").fill("Are you there?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    page.close()
    return chat.messages.get(body="Are you there?")


def requests_to(simulator: Simulator, number: str) -> list[Any]:
    lines: list[Any] = simulator.control("GET", f"journal?kind=request&to={quote(number)}")["lines"]
    return lines


def stream_of(user: User, stack: Stack) -> Any:
    cookies = {settings.SESSION_COOKIE_NAME: session_of(user)}
    client = httpx.Client(cookies=cookies, timeout=30)
    return client.stream("GET", f"{stack.environment['LIVE_URL']}/live/events")
