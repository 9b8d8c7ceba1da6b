"""The Inbox's list: what is in it, in which order, for whom; and what a search finds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from inbox import delivery, doing, listing, marks, moving, receiving, search, standing
from inbox.listing import Choice, View
from inbox.models import Conversation, ConversationMark, Message
from inbox.outcomes import Accepted, Reason, Refused, Rejected, Sent, Unknown
from inbox.receiving import Inbound
from tests import steps
from tests.builders import Builders, new_number


def hear(chat: Conversation, body: str = "Hello there") -> Message:
    return receiving.receive(chat.pk, Inbound("sms", chat.person.phone, steps.our_number(chat), body, steps.new_sid()))


def listed(user: User, view: View = View.OPEN, **more: object) -> list[int]:
    return [row.pk for row in listing.page(user, Choice(view=view, **more)).rows]  # type: ignore[arg-type]


@pytest.mark.requirement("Q4", "F3")
def test_the_most_recent_conversation_comes_first_whatever_the_job(a: Builders) -> None:
    # given
    maya = a.user(company=a.company(has_smartcrm=True, sender_countries=["US", "US"]))
    first, second = a.conversation(team=[maya]), a.conversation(team=[maya])
    prospect = a.prospect(first.person, [maya])
    third = Conversation.objects.create(company=first.company, prospect=prospect)
    silent = a.conversation(team=[maya])
    # when
    for chat in (first, second, third):
        steps.write(chat, maya)
    hear(second)
    # then
    assert listed(maya) == [second.pk, third.pk, first.pk]
    assert silent.pk not in listed(maya)


@pytest.mark.requirement("A4", "F2")
def test_nobody_lists_finds_or_counts_what_is_not_of_her_team(a: Builders) -> None:
    # given a conversation of Maya's, and a text that tries to look like another team's token
    company = a.company(has_smartcrm=True)
    maya, priya = a.user(company=company), a.user(company=company, name="Priya Nair")
    sam = a.user(company=a.company(), name="Sam Okafor")
    chat, hers = a.conversation(team=[maya]), a.conversation(team=[priya], name="Chloe Martin")
    hear(chat, f"zeppelin @{hers.team_key} {search.company_token(company.pk)}")
    # then only Maya knows of it
    assert listed(maya, words="zeppelin") == [chat.pk]
    for stranger in (priya, sam):
        assert listed(stranger) == listed(stranger, words="zeppelin") == listed(stranger, View.UNREAD) == []
        assert steps.beside_list(stranger).counts == listing.Counts(0, 0, 0, 0, 0)
        assert listing.row(stranger, chat.pk, Choice()) is None
    # and when she leaves the team, neither does she
    chat.record.group.team.remove(maya)
    assert listed(maya) == listed(maya, words="zeppelin") == listed(maya, View.UNREAD) == []


@pytest.mark.requirement("F2")
def test_communities_are_listed_for_subscribers_only(a: Builders) -> None:
    company = a.company(has_smartcrm=True)
    maya = a.user(company=company)
    person = a.person(company)
    a.consent(company, person.phone, "opted in")
    chat = Conversation.objects.create(company=company, prospect=a.prospect(person, [maya]))
    hear(chat)
    assert listed(maya) == [chat.pk]
    company.has_smartcrm = False
    company.save()
    maya.refresh_from_db()
    assert listed(User.objects.get(pk=maya.pk)) == []


@pytest.mark.requirement("F3")
def test_who_spoke_last_decides_who_waits(a: Builders) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya])
    steps.write(chat, maya, "Can you come?")
    assert listed(maya, View.NEEDS_REPLY) == []
    # when the person answers, then Maya does
    hear(chat, "When?")
    assert listed(maya, View.NEEDS_REPLY) == [chat.pk]
    steps.write(chat, maya, "At ten")
    assert listed(maya, View.NEEDS_REPLY) == []


@pytest.mark.requirement("F3", "O6")
def test_who_opted_out_waits_for_no_reply(a: Builders, twilio: object) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    steps.write(chat, maya)
    steps.says(twilio, chat, "STOP")  # type: ignore[arg-type]
    assert listed(maya, View.NEEDS_REPLY) == []
    assert [row.has_opted_out for row in listing.page(maya, Choice()).rows] == [True]


@pytest.mark.requirement("F3")
def test_done_is_the_teams_and_a_new_message_undoes_it(a: Builders) -> None:
    # given
    maya = a.user()
    jonas = a.user(company=maya.company, seat=False, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas])
    hear(chat)
    # when
    doing.set_done(chat, is_done=True, by=jonas)
    # then it is done for both
    for user in (maya, jonas):
        assert (listed(user), listed(user, View.DONE)) == ([], [chat.pk])
        assert steps.beside_list(user).counts.open == 0
    # until the person writes
    hear(chat, "One more thing")
    assert (listed(maya), listed(maya, View.DONE)) == ([chat.pk], [])


@pytest.mark.requirement("F3", "N1")
def test_a_failure_is_a_problem_until_the_next_text_and_undoes_done(a: Builders) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya])
    message = steps.write(chat, maya)
    attempt = delivery.claim(message.pk)
    assert attempt
    doing.set_done(chat, is_done=True, by=maya)
    # when
    delivery.record_outcome(attempt, Rejected(30008))
    # then
    assert listed(maya, View.PROBLEMS) == listed(maya) == [chat.pk]
    steps.write(chat, maya, "Once more")
    assert listed(maya, View.PROBLEMS) == []


@pytest.mark.requirement("F3", "I7")
def test_an_old_text_that_is_attached_late_does_not_sink_its_conversation(a: Builders) -> None:
    # given
    maya = a.user(company=a.company(sender_countries=["US"] * 2))
    chat, other = a.conversation(team=[maya]), a.conversation(team=[maya])
    hear(other)
    hear(chat)
    # when
    old = Inbound("sms", chat.person.phone, steps.our_number(chat), "From last week", steps.new_sid())
    receiving.receive(chat.pk, replace(old, received_at=timezone.now() - timedelta(days=7)))
    # then
    assert listed(maya) == [chat.pk, other.pk]


@pytest.mark.requirement("F3", "W5")
@pytest.mark.parametrize("ending", ["failed", "canceled", "given up", "delivered"])
def test_what_is_counted_anew_is_what_was_kept(a: Builders, ending: str) -> None:
    # given a text that ended in one way or another, then an answer
    maya = a.user()
    chat = a.conversation(team=[maya])
    message = steps.write(chat, maya)
    attempt = delivery.claim(message.pk)
    assert attempt
    if ending == "canceled":
        delivery.cancel(message, Reason.NO_SEAT)
    elif ending == "given up":
        delivery.record_outcome(attempt, Unknown())
        delivery.give_up(attempt.pk)
    else:
        delivery.record_outcome(attempt, Rejected(30008) if ending == "failed" else Accepted("SM1", "delivered"))
    hear(chat)
    fields = [field.name for field in Conversation._meta.concrete_fields]
    kept = Conversation.objects.filter(pk=chat.pk).values(*fields).get()
    assert kept["has_problem"] == (ending != "delivered")
    # when
    standing.count_anew(chat.pk)
    # then
    assert Conversation.objects.filter(pk=chat.pk).values(*fields).get() == kept


@pytest.mark.requirement("F3")
def test_star_snooze_and_unread_are_a_users_own(a: Builders) -> None:
    # given two who read the same
    maya = a.user()
    jonas = a.user(company=maya.company, seat=False, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas])
    hear(chat)
    assert listed(maya, View.UNREAD) == listed(jonas, View.UNREAD) == [chat.pk]
    # when
    marks.read(maya, chat.pk)
    doing.set_starred(maya, chat, is_starred=True)
    doing.snooze(maya, chat, until=timezone.now() + timedelta(hours=2))
    # then nothing of it shows at Jonas's
    assert (listed(maya), listed(maya, View.SNOOZED), listed(maya, View.STARRED)) == ([], [chat.pk], [chat.pk])
    assert (listed(jonas), listed(jonas, View.SNOOZED), listed(jonas, View.STARRED)) == ([chat.pk], [], [])
    assert (steps.beside_list(maya).counts.unread, steps.beside_list(jonas).counts.unread) == (0, 1)


@pytest.mark.requirement("F3")
def test_what_was_put_off_comes_back_by_itself_or_with_a_reply(a: Builders) -> None:
    maya = a.user()
    chat, other = a.conversation(team=[maya]), a.conversation(team=[maya])
    for each in (chat, other):
        hear(each)
        doing.snooze(maya, each, until=timezone.now() + timedelta(hours=2))
    assert listed(maya) == []
    hear(chat, "Still there?")
    assert listed(maya) == [chat.pk]
    ConversationMark.objects.filter(conversation=other).update(snoozed_until=timezone.now() - timedelta(seconds=1))
    assert set(listed(maya)) == {chat.pk, other.pk}


@pytest.mark.requirement("F3")
def test_a_search_knows_no_case_and_no_accents_and_marks_what_it_found(a: Builders) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], name="Björn Åkesson")
    other = a.conversation(team=[maya], name="Anna Bauer")
    hear(chat, "The <b>Gripper</b> portfolio is at https://example.com/p")
    hear(other, "Good morning")
    # then by name, by a word's beginning, by two words, by the number
    for words in ("bjorn", "Åkes", "gripper portf", chat.person.phone):
        assert listed(maya, words=words) == [chat.pk], words
    assert listed(maya, words="gripper morning") == []
    row = listing.page(maya, Choice(words="gripper")).rows[0]
    assert row.excerpt is not None
    assert "&lt;b&gt;<mark>Gripper</mark>&lt;/b&gt;" in row.excerpt.html


@pytest.mark.requirement("F3")
@pytest.mark.parametrize("words", ["'", "a'b:*|!&", "((", "\\", ":*", "<script>", "%", "日本", "ß", "\x00x"])
def test_no_search_breaks_on_its_words(a: Builders, client: Client, words: str) -> None:
    maya = a.user()
    hear(a.conversation(team=[maya]))
    client.force_login(maya)
    assert client.get(reverse("inbox"), {"q": words}).status_code == 200


@pytest.mark.requirement("F3")
@pytest.mark.parametrize(
    "query",
    ["after=x", "after=2026-01-01~1", "after=2026-01-01T00:00:00%2B00:00~" + "9" * 30, "group=--3", "view=none"],
)
def test_a_strange_address_is_as_if_it_said_nothing(a: Builders, client: Client, query: str) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    hear(chat)
    client.force_login(maya)
    answer = client.get(f"{reverse('inbox')}?{query}")
    assert answer.status_code == 200
    assert chat.person.name in answer.content.decode()


@pytest.mark.requirement("F3", "A4")
@pytest.mark.parametrize("view", [View.OPEN, View.NEEDS_REPLY, View.UNREAD])
@pytest.mark.parametrize("few", [0, 400], ids=["of many teams", "of few teams"])
@pytest.mark.parametrize("looked_through", [2, 5, 2000])
def test_pages_follow_each_other_without_gap_or_repeat(
    a: Builders, monkeypatch: pytest.MonkeyPatch, view: View, few: int, looked_through: int
) -> None:
    # given conversations of Maya's, of others of her company, and of another company
    monkeypatch.setattr(listing, "PAGE", 3)
    monkeypatch.setattr(listing, "FEW_TEAMS", few)
    monkeypatch.setattr(listing, "FEW_MARKS", few)
    monkeypatch.setattr(listing, "LOOKED_THROUGH", looked_through)
    maya = a.user(company=a.company(sender_countries=["US"] * 2))
    teams = [[maya], [a.user(company=maya.company)], [maya], [a.user(company=a.company())]]
    chats = [a.conversation(team=team) for team in teams * 3]
    for chat in chats:
        hear(chat)
    # and some wrote at the same instant
    Conversation.objects.filter(pk__in=[chat.pk for chat in chats[2:9]]).update(last_message_at=timezone.now())
    hers = [chat.pk for chat in chats[::2]]
    in_order = Conversation.objects.filter(pk__in=hers).order_by("-last_message_at", "-pk")
    # when
    found: list[int] = []
    after = None
    while True:
        page = listing.page(maya, Choice(view=view, after=after))
        found += [row.pk for row in page.rows]
        if not page.has_more:
            break
        last = page.rows[-1]
        assert last.last_message_at
        after = (last.last_message_at, last.pk)
    # then
    assert found == list(in_order.values_list("pk", flat=True))


@pytest.mark.parametrize("address", ["inbox", "search", "conversation"])
def test_the_inbox_asks_as_often_for_thirty_as_for_one(a: Builders, client: Client, address: str) -> None:
    # given
    maya = a.user(company=a.company(sender_countries=["US"] * 2))
    first = a.conversation(team=[maya])
    hear(first)
    client.force_login(maya)
    url = {
        "inbox": reverse("inbox"),
        "search": f"{reverse('inbox')}?q=hello",
        "conversation": reverse("conversation", args=[first.pk]),
    }[address]

    def queries() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as context:
            assert client.get(url).status_code == 200
        return len(context)

    few = queries()
    for _ in range(12):
        chat = a.conversation(team=[maya])
        hear(chat)
        steps.write(chat, maya)
    assert queries() == few


def a_guess(a: Builders, team: list[User]) -> tuple[Conversation, Conversation, Message]:
    """Two conversations with one phone; a message without reference in the first."""
    phone = new_number()
    here = a.conversation(team=team, phone=phone)
    there = a.conversation(team=team, phone=phone, person=here.person)
    inbound = Inbound("whatsapp", phone, "+14155550199", "Is it still open?", steps.new_sid(), is_guess=True)
    return here, there, receiving.receive(here.pk, inbound)


@pytest.mark.requirement("W5", "A1")
def test_who_is_on_both_teams_moves_a_message_without_reference(a: Builders) -> None:
    # given
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    here, there, message = a_guess(a, [maya])
    assert moving.other_homes(maya, here, [message]) == [there]
    # when
    outcome = moving.move(message_id=message.pk, to=there.pk, by=maya)
    # then it is there, once, and a note in its old place says so
    assert outcome == Sent(message)
    assert list(there.messages.values_list("body", flat=True)) == ["Is it still open?"]
    note = here.messages.get()
    assert note.moved_to == there
    assert there.record.title in note.body
    assert (listed(maya), listed(maya, View.NEEDS_REPLY)) == ([there.pk], [there.pk])
    assert listed(maya, words="still open") == [there.pk]
    # and it isn't moved twice
    assert isinstance(moving.move(message_id=message.pk, to=here.pk, by=maya), Refused)


@pytest.mark.requirement("W5", "A4")
@pytest.mark.parametrize("who", ["one team", "other company", "another person"])
def test_nobody_else_moves_it(a: Builders, who: str) -> None:
    company = a.company(texts_by_whatsapp=True)
    maya = a.user(company=company)
    here, there, message = a_guess(a, [maya])
    chosen: dict[str, Callable[[], tuple[User, int]]] = {
        "one team": lambda: (_member(a, here), there.pk),
        "other company": lambda: (a.user(company=a.company()), there.pk),
        "another person": lambda: (maya, a.conversation(team=[maya], name="Someone Else").pk),
    }
    user, to = chosen[who]()
    assert isinstance(moving.move(message_id=message.pk, to=to, by=user), Refused)
    assert here.messages.get() == message


def _member(a: Builders, chat: Conversation) -> User:
    user = a.user(company=chat.company, name="Jonas Weber")
    chat.record.group.team.add(user)
    return user
