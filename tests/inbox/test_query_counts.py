"""Pages ask the database as often for much as for little (lesson 25)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates import consents
from candidates.consent_rules import EventKind, Source
from inbox import marks, notices, receiving, tray
from inbox.models import Conversation, ConversationMark, Message, NoticeKind
from inbox.outcomes import Accepted, Rejected
from inbox.receiving import Attachment, Inbound
from tests import steps
from tests.builders import Builders
from tests.channels_email import steps as mails

PICTURE = Attachment("image", "image/png")


def queries(client: Client, url: str) -> int:
    client.get(url)  # the first look makes what a page makes once
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)


def test_home_asks_as_often_for_thirty_records_as_for_one(a: Builders, client: Client) -> None:
    company = a.company(has_smartcrm=True)
    maya = a.user(company=company)
    client.force_login(maya)

    def add() -> None:
        chat = a.conversation(team=[maya], sms="opted in")
        a.prospect(chat.person, [maya])

    add()
    few = queries(client, reverse("home"))
    for _ in range(14):
        add()
    assert queries(client, reverse("home")) == few


def some_texts(a: Builders, chat: Conversation, count: int) -> None:
    """Every sort of message, `count` of each."""
    maya = chat.record.team.first()
    assert maya
    consent = steps.consent_of(chat)
    ours = steps.our_number(chat)
    for n in range(count):
        delivered, failed = steps.write(chat, maya, f"text {n}"), steps.write(chat, maya, f"lost {n}")
        steps.hand_over(delivered, Accepted(steps.new_sid(), "delivered"))
        steps.hand_over(failed, Rejected(30008))
        inbound = Inbound(
            "sms", chat.person.phone, ours, f"answer {n}", steps.new_sid(), [Attachment("image", "image/png")]
        )
        receiving.receive(chat.pk, inbound)
        for kind in (EventKind.OPTED_OUT, EventKind.OPTED_IN):
            event = consents.record(consent, kind, words="x", source=Source.PROVIDER, details={})
            receiving.announce_consent(event, channel="sms", conversation_ids=[chat.pk], heard_in=chat.pk)


def test_a_page_asks_as_often_for_sixty_messages_as_for_some(a: Builders, client: Client) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    client.force_login(maya)

    def each() -> dict[str, int]:
        since, older = (reverse(name, args=[chat.pk, "sms"]) for name in ("since", "older"))
        newest = Message.objects.latest("pk").pk
        urls = [chat.record.messages_url(), f"{since}?version=0", f"{older}?before={newest}", reverse("tray")]
        return {url.split("?")[0]: queries(client, url) for url in urls}

    # when
    some_texts(a, chat, 2)
    few = each()
    some_texts(a, chat, 10)
    assert chat.messages.count() >= 60
    # then
    assert each() == few
    assert max(few.values()) < 30


@pytest.mark.requirement("F3")
def test_the_inbox_asks_little_even_at_the_first_look(a: Builders, client: Client) -> None:
    """No look stores anything, and none costs more than the next."""
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    steps.hand_over(steps.write(chat, maya, "Hello"), Accepted(steps.new_sid(), "delivered"))
    client.force_login(maya)
    client.get(reverse("tray"))  # once in a while any page notes that she was here
    for url, most, by_htmx in (
        (reverse("inbox"), 4, False),
        (reverse("conversation", args=[chat.pk]), 5, True),
        (reverse("conversation", args=[chat.pk]), 7, False),
    ):
        with CaptureQueriesContext(connection) as context:
            assert client.get(url, headers={"hx-request": "true"} if by_htmx else {}).status_code == 200
        assert len(context) <= most, "\n".join(each["sql"][:90] for each in context)
        assert all(each["sql"].lstrip().startswith(("SELECT", "WITH")) for each in context)


@pytest.mark.requirement("N2")
@pytest.mark.parametrize(("by_htmx", "most"), [(True, 6), (False, 8)], ids=["beside the list", "with the list"])
def test_news_failures_and_letters_cost_one_query_more(a: Builders, client: Client, by_htmx: bool, most: int) -> None:
    # given an answer by mail with a file, one by text, and a text that failed: all of it news
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    mails.send(chat, maya)
    mails.answers(client, chat, files=[("cv.pdf", "application/pdf", b"%PDF-1.7")])
    receiving.receive(
        chat.pk, Inbound("sms", chat.person.phone, steps.our_number(chat), "Thursday?", steps.new_sid(), [PICTURE])
    )
    steps.hand_over(steps.write(chat, maya), Rejected(30008))
    client.force_login(maya)
    client.get(reverse("tray"))
    marks.set_unread(maya, chat.pk)
    assert tray.bell(maya).count == 1
    # when
    with CaptureQueriesContext(connection) as context:
        answer = client.get(reverse("conversation", args=[chat.pk]), headers={"hx-request": "true"} if by_htmx else {})
    # then
    assert len(context) <= most, "\n".join(each["sql"][:90] for each in context)
    for words in ("cv.pdf", "Thursday?", "Thursday works."):
        assert words in answer.content.decode()
    assert tray.bell(maya).count == 0
    assert not ConversationMark.objects.filter(user=maya, is_unread=True).exists()


@pytest.mark.parametrize("name", ["profile", "messages"])
def test_a_page_asks_as_often_for_a_large_team_as_for_one(a: Builders, client: Client, name: str) -> None:
    company = a.company()
    maya = a.user(company=company)
    chat = a.conversation(team=[maya], sms="opted in")
    client.force_login(maya)
    url = reverse(f"application-{name}", args=[chat.record.pk])
    few = queries(client, url)
    team = [a.user(company=company, seat=n % 2 == 0, name=f"Member {n}") for n in range(10)]
    chat.record.job.team.add(*team)  # type: ignore[attr-defined]
    assert queries(client, url) == few


def test_telling_a_team_asks_as_often_for_ten_as_for_one(a: Builders) -> None:
    company = a.company()
    counts = []
    for size in (1, 10):
        team = [a.user(company=company) for _ in range(size)]
        chat = a.conversation(team=team, sms="opted in")
        message = steps.write(chat, team[0])
        with CaptureQueriesContext(connection) as context:
            notices.announce(chat, version=1, notice=NoticeKind.REPLY, message=message)
        counts.append(len(context))
    assert counts[0] == counts[1]
