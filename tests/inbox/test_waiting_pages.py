"""The pages of what leaves later: who sees it and may do what with it, the times on offer, forms without JavaScript."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from inbox import right_time, scheduling, waiting
from inbox.models import Conversation, ScheduledMessage, ScheduledState, WaitsFor
from inbox.outcomes import Scheduled
from tests.any_hour import judging
from tests.builders import Builders

HTMX = {"HX-Request": "true"}


@pytest.fixture
def maya(a: Builders, client: Client) -> User:
    user = a.user(company=a.company(sender_countries=["DE"], time_zone="Europe/Paris"))
    client.force_login(user)
    return user


@pytest.fixture
def chat(a: Builders, maya: User) -> Conversation:
    """Anna has a landline in Berlin."""
    return a.conversation(team=[maya], country="DE")


def keep(client: Client, chat: Conversation, body: str = "See you!", **fields: str) -> HttpResponse:
    known = {"body": body, "token": str(uuid4()), **fields}
    return client.post(reverse("schedule", args=[chat.pk, fields.pop("channel", "sms")]), known)  # type: ignore[return-value]


def row_of(chat: Conversation) -> ScheduledMessage:
    return ScheduledMessage.objects.filter(conversation=chat).latest("pk")


def page_of(client: Client, chat: Conversation, **query: str) -> str:
    return client.get(chat.record.messages_url(), query).content.decode()


def act(client: Client, what: str, row: ScheduledMessage, **fields: str) -> HttpResponse:
    return client.post(reverse(f"scheduled-{what}", args=[row.pk]), fields)  # type: ignore[return-value]


@pytest.mark.requirement("V1")
def test_the_times_on_offer_are_the_persons_own(chat: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    # given 22:40 in Berlin, on the evening before summer time begins
    now = datetime(2026, 3, 28, 21, 40, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(right_time, "judged", judging.real)
    found = {offer.word: offer for offer in waiting.offers(chat, "sms")}
    # then
    assert found["later"].moment == now + timedelta(hours=2)
    assert found["tomorrow"].moment == datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert found["tomorrow"].label == "Tomorrow, 9:00 (Berlin time)"
    assert found["good"].moment == datetime(2026, 3, 30, 6, tzinfo=UTC)
    assert "good" not in {offer.word for offer in waiting.offers(chat, "email")}
    # and what is typed is by her clock, too
    typed = waiting.moment_of(chat, "sms", word="at", typed="2026-04-01T10:30")
    assert typed == datetime(2026, 4, 1, 8, 30, tzinfo=UTC)
    for bad in ("", "soon", "2026-04-31T10:00", "2026-04-01T10:30+05:00"):
        assert waiting.moment_of(chat, "sms", word="at", typed=bad) is None
    assert waiting.moment_of(chat, "sms", word="never", typed="") is None


@pytest.mark.requirement("V1")
def test_where_the_zone_is_not_known_times_are_the_companys(a: Builders, maya: User) -> None:
    mobile = a.conversation(team=[maya], country="US")
    without = a.conversation(team=[maya], phone="")
    assert {waiting.clock_of(each).zone for each in (mobile, without)} == {ZoneInfo("Europe/Paris")}


@pytest.mark.requirement("V1")
def test_where_she_may_be_in_several_zones_the_morning_is_morning_in_all_of_them(
    a: Builders, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a mobile from the United States, when it is evening there on a Tuesday
    marcus = a.conversation(team=[maya], country="US")
    now = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(right_time, "judged", judging.real)
    # then tomorrow begins when it is nine in the last zone
    found = {offer.word: offer for offer in waiting.offers(marcus, "sms")}
    assert found["tomorrow"].moment == datetime(2026, 3, 4, 17, tzinfo=UTC)
    assert found["tomorrow"].label == "9:00–12:00 Wed for Anna"
    assert found["good"].label.endswith("Wed for Anna")
    # and the same where it is tomorrow already in the first zone, and not yet in the last
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=4))
    assert {offer.word: offer.moment for offer in waiting.offers(marcus, "sms")}["tomorrow"] == found["tomorrow"].moment


@pytest.mark.requirement("V1")
def test_a_button_means_the_time_that_it_names_however_late_it_is_pressed(
    client: Client, chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a page that was opened just before midnight in Berlin
    now = datetime(2026, 3, 10, 22, 59, tzinfo=UTC)
    monkeypatch.setattr(right_time, "judged", judging.real)
    monkeypatch.setattr(timezone, "now", lambda: now)
    found = {offer.word: offer.value for offer in waiting.offers(chat, "sms")}
    # when a button is pressed after midnight
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=5))
    for word, at in (("tomorrow", 8), ("good", 7)):
        assert waiting.moment_of(chat, "sms", word=found[word], typed="") == datetime(2026, 3, 11, at, tzinfo=UTC)
    assert waiting.kind_of(found["good"]) == WaitsFor.GOOD_HOUR
    # and when its time has passed, or it is nonsense
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=9))
    answer = keep(client, chat, "My words", when=found["good"])
    assert answer.status_code == 422
    assert "This time has passed. Choose a later one, or send it now." in answer.content.decode()
    for word in ("good@", "good@soon", "good@" + "9" * 30):
        assert waiting.moment_of(chat, "email", word=word, typed="") is None


@pytest.mark.requirement("V1")
def test_a_time_that_the_clocks_jump_over_is_refused_and_stands_there_still(
    client: Client, chat: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    monkeypatch.setattr("inbox.waiting.timezone.now", lambda: now)
    told = "There is no 2:30 Sun 29 Mar in Berlin: the clocks go forward then. Choose another time."
    # when it is chosen
    answer = keep(client, chat, "My words", when="at", at="2026-03-29T02:30")
    # then
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert 'name="at" type="datetime-local" value="2026-03-29T02:30"' in page
    assert "data-menu open" in page
    assert not chat.scheduled.exists()
    # and in an edit
    keep(client, chat, when="at", at="2026-03-29T03:30")
    row = row_of(chat)
    assert told in act(client, "edit", row, body="x", at="2026-03-29T02:30", seen=str(row.version)).content.decode()


@pytest.mark.requirement("V1")
def test_a_time_counts_by_the_clock_that_stood_beside_it(client: Client, chat: Conversation) -> None:
    # given a text for 10:00 in Berlin
    day = (timezone.now() + timedelta(days=2)).date().isoformat()
    keep(client, chat, when="at", at=f"{day}T10:00", zone="Europe/Berlin")
    row = row_of(chat)
    assert row.due_at
    # when a page is still open on which Anna lived in New York, then its other words move nothing
    there = waiting.clock_named(chat, "America/New_York")
    act(client, "edit", row, body="x", at=there.field(row.due_at), zone="America/New_York", seen=str(row.version))
    assert row_of(chat).body == "x"
    assert row_of(chat).due_at == row.due_at
    # and its times are those of New York; nonsense is no clock
    keep(client, chat, when="at", at=f"{day}T10:00", zone="America/New_York")
    due = row_of(chat).due_at
    assert due
    assert due.astimezone(there.zone).hour == 10
    assert waiting.clock_named(chat, "../etc").zone == ZoneInfo("Europe/Berlin")


@pytest.mark.requirement("V1")
@pytest.mark.parametrize(
    ("at", "is_wall", "told"),
    [
        ("2026-03-11T03:00", False, "Goes out at 3:00 Wed, Berlin time. A text before 8:00 can be unwelcome"),
        ("2026-03-14T10:00", False, "Goes out at 10:00 Sat, Berlin time. That is on the weekend for Anna."),
        ("2026-03-11T03:00", True, "so it leaves at the next good time: 8:00 Wed, Berlin time."),
        ("2026-03-11T10:00", True, "Goes out at 10:00 Wed, Berlin time.</span>"),
    ],
)
def test_a_time_that_is_bad_for_the_person_says_so_below_the_text(
    client: Client, chat: Conversation, monkeypatch: pytest.MonkeyPatch, at: str, is_wall: bool, told: str
) -> None:
    monkeypatch.setattr("inbox.waiting.timezone.now", lambda: datetime(2026, 3, 10, 12, tzinfo=UTC))
    monkeypatch.setattr(right_time, "judged", judging.real)
    type(chat.company).objects.filter(pk=chat.company_id).update(hours_are_wall=is_wall)
    assert keep(client, chat, when="at", at=at).status_code == 302
    assert told in page_of(client, chat)


def test_a_text_is_kept_edited_canceled_restored_and_sent_by_plain_forms(client: Client, chat: Conversation) -> None:
    # given
    at = (timezone.now() + timedelta(days=2)).astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%dT10:30")
    answer = keep(client, chat, when="at", at=at)
    assert answer["Location"].endswith("?channel=sms#later")
    row = row_of(chat)
    # then
    page = page_of(client, chat)
    assert "Goes out at 10:30" in page
    assert "Berlin time." in page
    assert f'value="{at}"' in page
    assert re.search(r'<textarea id="body"[^>]*>\n</textarea>', page), "the composer is empty"
    # when bad words are saved, then they stand in the form, with why
    bad = act(client, "edit", row, body="x" * 1601, seen=str(row.version), at=at)
    assert bad.status_code == 422
    assert "1 character too many" in bad.content.decode()
    assert "x" * 1601 in bad.content.decode()
    bad = act(client, "edit", row, body="Fine", seen=str(row.version), at="soon")
    assert "This is no date and time" in bad.content.decode()
    # when good ones, then they wait
    assert act(client, "edit", row, body="Other words", seen=str(row.version), at=at).status_code == 302
    row.refresh_from_db()
    assert row.body == "Other words"
    # when canceled, then the way back stands there
    answer = act(client, "cancel", row)
    assert f"canceled={row.pk}" in answer["Location"]
    page = client.get(answer["Location"]).content.decode()
    assert "Canceled. It won’t go out." in page
    assert act(client, "restore", row).status_code == 302
    # when sent, then it is a text
    assert act(client, "send", row).status_code == 302
    assert chat.messages.get().body == "Other words"
    assert "Goes out" not in page_of(client, chat)


def test_an_edit_that_comes_too_late_loses_no_words(client: Client, chat: Conversation) -> None:
    keep(client, chat, when="later")
    row = row_of(chat)
    act(client, "send", row)
    answer = act(client, "edit", row, body="My new words", seen=str(row.version))
    assert answer.status_code == 422
    assert "waiting any more" in answer.content.decode()
    assert "\nMy new words</textarea>" in answer.content.decode()


def test_words_are_kept_where_no_time_was_chosen(client: Client, chat: Conversation) -> None:
    for when in ("at", "", "whenever"):
        answer = keep(client, chat, "My words", when=when)
        assert answer.status_code == 422
        assert "Choose a date and a time first." in answer.content.decode()
        assert "\nMy words</textarea>" in answer.content.decode()


@pytest.mark.requirement("O3", "W1", "F6")
def test_the_lock_offers_to_write_now_and_is_back_once_it_is_kept(a: Builders, maya: User, client: Client) -> None:
    # given
    chat = a.conversation(team=[maya], sms="first consent")
    page = page_of(client, chat)
    assert "Write now, it leaves when Anna says yes" in page
    assert "Send Invite" in page
    # when she writes
    page = page_of(client, chat, later="1")
    assert "leaves by itself when Anna says “Yes”" in page
    assert 'data-state="later"' in page
    answer = keep(client, chat, when="answer", later="1")
    # then the lock is back, and the text is there
    page = client.get(answer["Location"]).content.decode()
    assert "Send Invite" in page
    assert "Goes out when Anna says “Yes”." in page
    assert row_of(chat).waits_for == WaitsFor.OPT_IN
    # and too long a text keeps the composer, with the words
    answer = keep(client, chat, "x" * 1601, when="answer", later="1")
    assert answer.status_code == 422
    assert "x" * 1601 in answer.content.decode()
    assert 'data-state="later"' in answer.content.decode()
    # and there is no such way where no answer opens anything
    for sms in ("nothing", "opted out"):
        page = page_of(client, a.conversation(team=[maya], sms=sms), later="1")
        assert "Write now" not in page
        assert 'data-state="later"' not in page


@pytest.mark.requirement("A2", "A3", "A4")
def test_the_whole_team_sees_it_and_each_may_do_his_own(
    a: Builders, maya: User, client: Client, chat: Conversation
) -> None:
    # given
    company = maya.company
    priya, jonas = a.user(company=company, name="Priya Rao"), a.user(company=company, seat=False, name="Jonas Weber")
    sam = a.user(company=company, name="Sam Stranger")
    chat.record.job.team.add(priya, jonas)  # type: ignore[attr-defined]
    keep(client, chat, when="later")
    row = row_of(chat)
    buttons = {name: f'id="{name}-{row.pk}"' for name in ("edit", "cancel", "send-now", "stop")}
    allowed = {maya: {"edit", "cancel", "send-now"}, priya: {"stop"}, jonas: set[str]()}
    # then
    for user, expected in allowed.items():
        client.force_login(user)
        page = page_of(client, chat)
        assert "See you!" in page
        assert {name for name, button in buttons.items() if button in page} == expected
    # and crafted requests do no more
    client.force_login(sam)
    for what in ("edit", "send", "cancel", "restore", "stop"):
        assert act(client, what, row, body="x", seen=str(row.version)).status_code == 404
    client.force_login(jonas)
    assert act(client, "stop", row).status_code == 403
    assert act(client, "send", row).status_code == 422
    # when Priya stops it, then all see why
    client.force_login(priya)
    assert act(client, "stop", row).status_code == 302
    row.refresh_from_db()
    assert row.state == ScheduledState.HELD_BACK
    assert "Held back. Priya Rao stopped it." in page_of(client, chat)
    client.force_login(maya)
    tray = client.get(reverse("tray")).content.decode()
    assert "Your SMS to Anna Bauer was held back" in tray
    assert "Priya Rao stopped it." in tray


def test_a_patch_brings_it_and_the_way_back(client: Client, chat: Conversation) -> None:
    fields = {"body": "See you!", "token": str(uuid4()), "when": "later", "version": "0", "shown": "all"}
    patch = client.post(reverse("schedule", args=[chat.pk, "sms"]), fields, headers=HTMX).content.decode()
    row = row_of(chat)
    assert f'id="s{row.pk}"' in patch
    patch = client.post(reverse("scheduled-cancel", args=[row.pk]), {"version": "0"}, headers=HTMX).content.decode()
    assert f'id="s{row.pk}"' not in patch
    assert reverse("scheduled-restore", args=[row.pk]) in patch
    # and an edit that came too late brings its words for the composer
    fields = {"body": "My words", "seen": "1", "version": "0"}
    patch = client.post(reverse("scheduled-edit", args=[row.pk]), fields, headers=HTMX).content.decode()
    assert 'data-taken="My words"' in patch


def test_what_waits_costs_a_page_one_query_and_other_pages_none(
    a: Builders, maya: User, client: Client, chat: Conversation
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            page_of(client, chat)
        return len(context)

    queries()
    before = queries()
    for _ in range(3):
        outcome = scheduling.schedule(
            conversation_id=chat.pk,
            author=maya,
            channel_key="sms",
            body="x",
            client_token=uuid4(),
            when=timezone.now() + timedelta(hours=1),
        )
        assert isinstance(outcome, Scheduled)
    assert queries() == before + 1
