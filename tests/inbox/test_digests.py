"""The digest: who gets one, when, of what, once; and the way out of it, from any mail program (RFC 8058)."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import mail
from accounts.models import OutgoingMail, User
from inbox import digests, notices
from inbox.models import Conversation, Digest, Notice, NoticeKind, NoticeSettings
from tests.builders import Builders

BERLIN = ZoneInfo("Europe/Berlin")


def at(clock: str, *, day: int = 4) -> datetime:
    """That time of a day in Berlin; the 4th is a Wednesday."""
    hour, minute = clock.split(":")
    return datetime(2026, 3, day, int(hour), int(minute), tzinfo=BERLIN)


@pytest.fixture
def maya(a: Builders) -> User:
    company = a.company(time_zone="Europe/Berlin", sender_countries=["US", "US"])
    return a.user(company=company)


@pytest.fixture
def chat(a: Builders, maya: User) -> Conversation:
    return a.conversation(team=[maya], name="Marcus Hill")


def news(chat: Conversation, user: User, when: datetime, kind: NoticeKind = NoticeKind.REPLY) -> Notice:
    """Something happened, of which the user was told."""
    message = chat.messages.create(
        channel="sms", direction="in", body="My salary is 93000", status="received", created_version=1, version=1
    )
    return Notice.objects.create(user=user, conversation=chat, message=message, kind=kind, at=when)


def was_here(user: User, when: datetime) -> None:
    User.objects.filter(pk=user.pk).update(last_seen_at=when)


def choose(user: User, rhythm: Digest) -> None:
    NoticeSettings.objects.update_or_create(user=user, defaults={"digest": rhythm})


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.order_by("pk"))


# --- when ---


def test_a_digest_goes_at_eight_of_what_came_while_she_was_away(chat: Conversation, maya: User) -> None:
    # given Maya left at six, and Marcus wrote at seven
    was_here(maya, at("18:00"))
    news(chat, maya, at("19:00"))
    # then nothing goes in the night
    for clock, day in (("20:01", 4), ("23:59", 4), ("7:59", 5)):
        assert digests.send_due(at(clock, day=day)) == 0
    # but at eight, once
    assert digests.send_due(at("8:00", day=5)) == 1
    assert digests.send_due(at("8:01", day=5)) == 0
    assert digests.send_due(at("8:00", day=6)) == 0
    assert len(mails()) == 1


def test_what_came_within_the_last_hour_waits_for_the_next_one(chat: Conversation, maya: User) -> None:
    news(chat, maya, at("7:01"))
    assert digests.send_due(at("8:00")) == 0
    assert digests.send_due(at("12:00")) == 0
    assert digests.send_due(at("8:00", day=5)) == 1


def test_a_sweeper_that_was_away_at_eight_makes_up_for_it(chat: Conversation, maya: User) -> None:
    news(chat, maya, at("19:00", day=3))
    assert digests.send_due(at("9:30")) == 1


def test_by_the_hour_one_goes_at_each_full_hour_at_most(chat: Conversation, maya: User) -> None:
    choose(maya, Digest.HOURLY)
    news(chat, maya, at("9:50"))
    assert digests.send_due(at("10:55")) == 0, "an hour old, but not at the last full hour"
    news(chat, maya, at("9:59"))
    assert digests.send_due(at("11:00")) == 1
    news(chat, maya, at("10:01"))
    assert digests.send_due(at("11:59")) == 0
    assert digests.send_due(at("12:00")) == 1


def test_who_wants_none_gets_none_and_isnt_asked_again(chat: Conversation, maya: User) -> None:
    choose(maya, Digest.NEVER)
    news(chat, maya, at("9:00"))
    digests.send_due(at("12:00"))
    assert mails() == []
    choose(maya, Digest.DAILY)
    assert digests.send_due(at("8:00", day=5)) == 0, "what was then is past"


@given(
    now=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_the_last_time_is_never_ahead_and_never_long_ago(now: datetime, zone: str) -> None:
    where = ZoneInfo(zone)
    daily, hourly = (digests.last_time(rhythm, where, now) for rhythm in (Digest.DAILY, Digest.HOURLY))
    assert now - timedelta(hours=25) < daily <= now
    assert now - timedelta(hours=1) < hourly <= now
    assert daily.astimezone(where).strftime("%H:%M") == "08:00"


# --- to whom ---


@pytest.mark.requirement("N1")
@pytest.mark.parametrize("seen", ["19:00", "21:00"])
def test_who_was_here_since_knows_and_gets_none(chat: Conversation, maya: User, seen: str) -> None:
    news(chat, maya, at("19:00"))
    was_here(maya, at(seen))
    assert digests.send_due(at("8:00", day=5)) == 0
    assert digests.send_due(at("8:00", day=6)) == 0


@pytest.mark.requirement("N1")
def test_only_what_came_after_she_left_is_told(a: Builders, chat: Conversation, maya: User) -> None:
    other = a.conversation(team=[maya], name="Anna Bauer")
    news(chat, maya, at("17:00"))
    was_here(maya, at("18:00"))
    news(other, maya, at("19:00"))
    assert digests.send_due(at("8:00", day=5)) == 1
    assert "Anna Bauer" in mails()[0].body
    assert "Marcus Hill" not in mails()[0].body


@pytest.mark.requirement("N1", "N2")
def test_what_she_has_read_is_not_told(chat: Conversation, maya: User) -> None:
    news(chat, maya, at("19:00"))
    notices.mark_read(maya, chat.pk)
    assert digests.send_due(at("8:00", day=5)) == 0


def leaves_the_team(maya: User, chat: Conversation) -> None:
    chat.record.group.team.remove(maya)


def is_deactivated(maya: User, chat: Conversation) -> None:
    User.objects.filter(pk=maya.pk).update(is_active=False)


def becomes_an_operator(maya: User, chat: Conversation) -> None:
    maya.seat.delete()
    User.objects.filter(pk=maya.pk).update(company=None)


@pytest.mark.requirement("N1", "A4")
@pytest.mark.parametrize("what", [leaves_the_team, is_deactivated, becomes_an_operator])
def test_who_may_not_see_it_any_more_is_told_nothing(chat: Conversation, maya: User, what: object) -> None:
    news(chat, maya, at("19:00"))
    assert callable(what)
    what(maya, chat)
    assert digests.send_due(at("8:00", day=5)) == 0
    assert mails() == []


# --- what it says ---


@pytest.mark.requirement("N1")
def test_it_says_who_and_what_by_conversation_and_never_what_was_written(
    a: Builders, chat: Conversation, maya: User
) -> None:
    # given much from Marcus, and something from Anna
    anna = a.conversation(team=[maya], name="Anna Bauer")
    for kind in (NoticeKind.OPTED_IN, NoticeKind.REPLY, NoticeKind.REPLY, NoticeKind.FAILED):
        news(chat, maya, at("19:00"), kind)
    news(anna, maya, at("20:00"), NoticeKind.OPTED_OUT)
    # when
    digests.send_due(at("8:00", day=5))
    # then
    [posted] = mails()
    assert (posted.to, posted.subject) == (maya.email, "News in 2 conversations")
    assert "Marcus Hill (Field Engineer): 2 replies, opted in, 1 message not delivered" in posted.body
    assert "Anna Bauer (Field Engineer): opted out" in posted.body
    assert posted.body.index("Anna Bauer") < posted.body.index("Marcus Hill"), "the newest first"
    assert "93000" not in posted.body
    assert chat.person.phone not in posted.body
    for record in (chat.record, anna.record):
        assert f"{record.messages_url()}?channel=sms" in posted.body


def test_a_crash_before_the_commit_tells_nothing_and_the_next_sweep_tells_all_once(
    chat: Conversation, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    news(chat, maya, at("19:00"))

    def killed(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mail, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            digests.send_due(at("8:00", day=5))
    assert mails() == []
    assert digests.send_due(at("8:01", day=5)) == 1
    assert digests.send_due(at("8:02", day=5)) == 0


# --- the way out ---


@pytest.fixture
def posted(chat: Conversation, maya: User) -> OutgoingMail:
    news(chat, maya, at("19:00"))
    digests.send_due(at("8:00", day=5))
    return mails()[0]


def test_the_mail_carries_the_one_click_header_and_its_row_forgets_it(posted: OutgoingMail, maya: User) -> None:
    link = digests.link_to_end(maya)
    mail.send(posted.pk)
    [sent] = outbox.outbox
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"List-Unsubscribe: <{link}>" in re.sub(r"\r?\n ", "", sent.message().as_string())
    assert link in sent.body
    posted.refresh_from_db()
    assert (posted.body, posted.headers) == ("", {})


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def test_one_click_ends_them_without_signing_in(posted: OutgoingMail, maya: User) -> None:
    # given a mail program, which has no session and no token of ours
    client = Client(enforce_csrf_checks=True)
    path = path_of(posted.headers["List-Unsubscribe"].strip("<>"))
    # when something only follows the link, then nothing changes
    page = client.get(path)
    assert "Turn these mails off" in page.content.decode()
    assert not NoticeSettings.objects.filter(digest=Digest.NEVER).exists()
    # when it posts, then they end, however often it does
    for _ in range(2):
        answer = client.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
    assert "No more mails of news" in client.get(path).content.decode()
    assert NoticeSettings.objects.get(user=maya).digest == Digest.NEVER
    # and nothing of hers is shown there
    assert maya.email not in client.get(path).content.decode()


def test_the_rest_of_her_settings_stay(maya: User) -> None:
    NoticeSettings.objects.create(user=maya, desktop=True, digest=Digest.HOURLY, shortcuts=False)
    digests.end(maya)
    kept = NoticeSettings.objects.get(user=maya)
    assert (kept.desktop, kept.digest, kept.shortcuts) == (True, Digest.NEVER, False)


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("change", [lambda token: token + "x", lambda token: "1" + token, lambda _token: "1:forged"])
def test_a_link_that_isnt_ours_ends_nothing(maya: User, client: Client, change: object) -> None:
    token = digests.link_to_end(maya).split("/")[-2]
    assert callable(change)
    path = reverse("digest-off", args=[change(token)])
    assert client.get(path).status_code == client.post(path).status_code == 404
    assert not NoticeSettings.objects.exists()


def test_the_sweeper_asks_once_for_all(a: Builders, maya: User, django_assert_num_queries: object) -> None:
    """Many users who wait for their morning cost one query, not one each."""
    for _n in range(5):
        user = a.user(company=maya.company)
        news(a.conversation(team=[user]), user, at("19:00"))
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(1):
        assert digests.send_due(at("22:00")) == 0
    assert digests.send_due(at("8:00", day=5)) == 5
