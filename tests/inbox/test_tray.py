"""The tray's rows: one for each conversation, news first; and what each page counts (O5, N1, N2)."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from inbox import notices, tray
from inbox.models import Conversation, Notice, NoticeSettings
from inbox.outcomes import Rejected
from tests import steps
from tests.builders import Builders
from tests.conftest import Twilio


@pytest.fixture
def maya(a: Builders) -> User:
    return a.user(company=a.company(sender_countries=["US", "US"]))


def names(user: User) -> list[tuple[str, bool]]:
    """Whom the tray shows, and whether that is news."""
    return [(row.notice.conversation.person.name, row.is_unread) for row in tray.rows(user)]


@pytest.mark.requirement("N1")
def test_one_row_a_conversation_with_its_newest_news_in_words(
    a: Builders, maya: User, twilio: Twilio, client: Client
) -> None:
    # given Anna opts in, and writes twice
    chat = a.conversation(team=[maya], sms="invited")
    for text in ("Yes", "One", "Two"):
        steps.says(twilio, chat, text)
    # then one row says the newest, and what else there is
    [row] = tray.rows(maya)
    assert (row.more, row.more_kinds) == (2, ("opted in",))
    client.force_login(maya)
    shown = client.get(reverse("tray")).content.decode()
    assert "<b>Anna Bauer</b> replied <q>Two</q>" in shown
    assert re.search(r"and 2 more</b>: opted in", shown)
    assert "One" not in shown
    assert tray.bell(maya).count == 1
    # and a page whose tray is shut gets the count alone
    counted = client.get(reverse("tray"), {"count": ""}, headers={"HX-Request": "true"}).content.decode()
    assert counted == '<p data-unread-notices="1"></p>'
    # and when it was read, nothing is "more"
    notices.mark_read(maya, chat.pk)
    [row] = tray.rows(maya)
    assert (row.is_unread, row.more) == (False, 0)
    assert tray.bell(maya).count == 0


@pytest.mark.requirement("N1")
def test_what_is_new_stands_first_and_both_parts_go_by_time(a: Builders, maya: User, twilio: Twilio) -> None:
    chats = {name: a.conversation(team=[maya], name=name) for name in ("Anna", "Ben", "Cleo", "Dora")}
    for chat in chats.values():
        steps.says(twilio, chat, "Hello")
    for name in ("Dora", "Anna"):
        notices.mark_read(maya, chats[name].pk)
    assert names(maya) == [("Cleo", True), ("Ben", True), ("Dora", False), ("Anna", False)]
    # when Anna writes again
    steps.says(twilio, chats["Anna"], "Still there?")
    assert names(maya) == [("Anna", True), ("Cleo", True), ("Ben", True), ("Dora", False)]
    assert tray.bell(maya).count == 3


@pytest.mark.requirement("O5", "N1")
def test_each_row_leads_to_where_it_was_said(a: Builders, maya: User, twilio: Twilio, client: Client) -> None:
    chat = a.conversation(team=[maya])
    steps.says(twilio, chat, "Hello")
    [row] = tray.rows(maya)
    assert row.url == f"{chat.record.messages_url()}?channel=sms"
    client.force_login(maya)
    assert client.get(row.url).status_code == 200
    assert tray.bell(maya).count == 0, "and there it is read"


@pytest.mark.requirement("N1")
def test_a_failure_says_why_until_a_retry_is_under_way(a: Builders, maya: User) -> None:
    chat = a.conversation(team=[maya])
    message = steps.write(chat, maya)
    steps.hand_over(message, Rejected(30008))
    [row] = tray.rows(maya)
    assert str(row.reason) == "The carrier gave no reason."
    message.status = "queued"
    message.save()
    [row] = tray.rows(maya)
    assert row.reason == ""


def test_the_tray_is_as_long_as_one_reads_and_counts_all(a: Builders, maya: User) -> None:
    person = a.person(maya.company)  # type: ignore[arg-type]
    for _n in range(tray.MOST_ROWS + 5):
        chat = a.conversation(team=[maya], person=person)
        message = chat.messages.create(
            channel="sms", direction="in", body="Hello", status="received", created_version=1, version=1
        )
        Notice.objects.create(user=maya, conversation=chat, message=message, kind="reply")
    assert len(tray.rows(maya)) == tray.MOST_ROWS
    assert tray.bell(maya).count == tray.MOST_ROWS + 5


@pytest.mark.requirement("N1", "O5")
def test_every_page_shows_the_count_in_its_icon_and_title(
    a: Builders, maya: User, twilio: Twilio, client: Client
) -> None:
    client.force_login(maya)
    assert 'href="/static/favicon.svg"' in client.get(reverse("home")).content.decode()
    chat = a.conversation(team=[maya])
    steps.says(twilio, chat, "Hello")
    page = client.get(reverse("people")).content.decode()
    assert 'href="/static/favicon-news.svg"' in page
    assert re.search(r"<span data-count>1</span>", page)


# --- how one wants to hear ---


@pytest.fixture
def with_news(a: Builders, maya: User, twilio: Twilio) -> Conversation:
    chat = a.conversation(team=[maya], name="Marcus Hill")
    steps.says(twilio, chat, "My salary is 93000")
    return chat


def desktop_of(client: Client) -> str:
    """What the tray hands to desktop notifications."""
    shown = client.get(reverse("tray"), headers={"HX-Request": "true"}).content.decode()
    return " ".join(re.findall(r'data-(?:desktop|headline|words)="[^"]*"', shown))


def test_desktop_notifications_are_off_until_asked_for_and_say_no_more_than_wished(
    maya: User, with_news: Conversation, client: Client
) -> None:
    client.force_login(maya)
    assert desktop_of(client) == ""
    save(client, desktop="on")
    assert 'data-headline="Marcus Hill replied"' in desktop_of(client)
    assert "93000" not in desktop_of(client)
    save(client, desktop="on", desktop_shows_text="on")
    assert 'data-words="My salary is 93000"' in desktop_of(client)
    # and never for what was read
    notices.mark_all_read(maya)
    assert desktop_of(client) == ""


def save(client: Client, *, digest: str = "daily", **boxes: str) -> None:
    answer = client.post(reverse("notice-settings"), {"digest": digest, **boxes})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("notice-settings")


def test_ones_own_settings_hold_and_nobody_elses_change(a: Builders, maya: User, client: Client) -> None:
    # given the defaults
    jonas = a.user(company=maya.company, name="Jonas Weber")
    client.force_login(maya)
    page = client.get(reverse("notice-settings")).content.decode()
    assert 'id="digest-daily" name="digest" value="daily" checked' in page
    assert 'data-shortcuts="on"' in page
    assert re.search(r'id="shortcuts" name="shortcuts" checked', page)
    # when Maya chooses
    save(client, digest="hourly", desktop="on")
    # then her pages heed it
    page = client.get(reverse("notice-settings")).content.decode()
    assert 'id="digest-hourly" name="digest" value="hourly" checked' in page
    assert 'data-shortcuts="off"' in page
    assert "Saved." in page
    # and Jonas' don't
    client.force_login(jonas)
    assert 'data-shortcuts="on"' in client.get(reverse("home")).content.decode()
    assert NoticeSettings.objects.get().user == maya


def test_a_choice_that_isnt_there_is_refused_and_changes_nothing(maya: User, client: Client) -> None:
    client.force_login(maya)
    assert client.post(reverse("notice-settings"), {"digest": "every second"}).status_code == 422
    assert not NoticeSettings.objects.exists()


# --- when she was last here ---


def last_seen(user: User) -> float | None:
    """How many minutes ago."""
    user.refresh_from_db()
    return None if user.last_seen_at is None else round((timezone.now() - user.last_seen_at).total_seconds() / 60)


def test_a_page_that_she_asks_for_says_that_she_is_here_and_what_pages_do_by_themselves_does_not(
    maya: User, with_news: Conversation, client: Client
) -> None:
    client.force_login(maya)
    since = reverse("since", args=[with_news.pk, "sms"])
    for url in (reverse("tray"), f"{since}?version=0", reverse("presence", args=[with_news.pk])):
        client.get(url, headers={"HX-Request": "true"})
    client.post(reverse("seen", args=[with_news.pk]))
    assert last_seen(maya) is None
    client.get(reverse("home"))
    assert last_seen(maya) == 0
    # and it is written down every five minutes at most
    for minutes, expected in ((4, 4), (6, 0)):
        User.objects.filter(pk=maya.pk).update(last_seen_at=timezone.now() - timedelta(minutes=minutes))
        client.get(reverse("home"))
        assert last_seen(maya) == expected
    # and by a page that is being used
    User.objects.filter(pk=maya.pk).update(last_seen_at=F("last_seen_at") - timedelta(hours=1))
    client.post(reverse("presence", args=[with_news.pk]), {"state": "reading", "tab": "a"})
    assert last_seen(maya) == 0


@pytest.mark.requirement("N1", "N2")
def test_many_failures_for_one_reason_are_one_row(a: Builders, maya: User, twilio: Twilio, client: Client) -> None:
    # given texts that failed in five conversations: four for one reason, of which one has other news too
    chats = [a.conversation(team=[maya]) for _ in range(5)]
    for chat, code in zip(chats, (30034, 30034, 30034, 30034, 30003), strict=True):
        steps.hand_over(steps.write(chat, maya), Rejected(code))
    steps.says(twilio, chats[0], "Hello")
    # then three are one row, which leads to the list of problems
    rows = tray.rows(maya)
    assert sorted(row.together for row in rows) == [1, 1, 4]
    [together] = [row for row in rows if row.together > 1]
    assert together.headline == "SMS was not delivered in 4 conversations"
    assert together.reason == "Our number is not registered for this country."
    client.force_login(maya)
    assert "SMS was not delivered in 4 conversations</b>. Our number" in client.get(reverse("tray")).content.decode()
    assert client.get(together.url).status_code == 200
    # and where one is read, so few are told one by one
    notices.mark_read(maya, chats[1].pk)
    assert {row.together for row in tray.rows(maya)} == {1}
