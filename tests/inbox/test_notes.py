"""Notes: for the team alone, and never for anybody's phone; who is mentioned in one is told (A2, A4)."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingMail, Seat, User
from inbox import delivery, digests, listing, search, sending, standing, tray
from inbox.models import Conversation, ConversationMark, DeliveryAttempt, Direction, Kind, Message, Notice, NoticeKind
from inbox.notes import actions, rules
from inbox.notes.models import DeletedNote, Mention
from inbox.outcomes import Reason, Refused, Sent
from inbox.rules import Status
from tests import steps
from tests.builders import Builders


def try_to_note(chat: Conversation, author: User, body: str, *, token: UUID | None = None) -> Sent | Refused:
    return actions.write(conversation_id=chat.pk, author=author, body=body, client_token=token or uuid4())


def note(chat: Conversation, author: User, body: str = "She prefers mornings.") -> Message:
    outcome = try_to_note(chat, author, body)
    assert isinstance(outcome, Sent), outcome
    return outcome.message


def team_of(chat: Conversation) -> Any:
    assert chat.application
    return chat.application.job.team


@pytest.fixture
def maya(a: Builders) -> User:
    return a.user()


@pytest.fixture
def priya(a: Builders, maya: User) -> User:
    return a.user(company=maya.company, seat=False, name="Priya Nair")


@pytest.fixture
def chat(a: Builders, maya: User, priya: User) -> Conversation:
    return a.conversation(team=[maya, priya])


# --- it never leaves ---


@pytest.mark.requirement("Q7", "I1")
def test_no_channel_ever_hands_a_note_over(chat: Conversation, maya: User) -> None:
    # given
    written = note(chat, maya)
    # then no worker claims it, nobody sends it again, and no sweep asks for it
    assert delivery.claim(written.pk) is None
    outcome = sending.send_again(message_id=written.pk, author=maya)
    assert isinstance(outcome, Refused)
    delivery.deliver_message(written.pk)
    assert not DeliveryAttempt.objects.exists()
    written.refresh_from_db()
    assert (written.status, written.recipient) == (Status.RECEIVED, "")


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.QUEUED},
        {"status": Status.SENDING},
        {"recipient": "+14151234567"},
        {"channel": "sms"},
        {"direction": Direction.OUT},
        {"direction": Direction.OUT, "channel": "sms", "status": Status.QUEUED},
        {"kind": Kind.TEXT, "direction": Direction.OUT, "status": Status.QUEUED},
        {"author": None},
    ],
)
def test_the_database_lets_no_note_become_a_text(chat: Conversation, maya: User, change: dict[str, Any]) -> None:
    written = note(chat, maya)
    with pytest.raises(IntegrityError, match=r"a_note_never_leaves|a_colleagues_note"), transaction.atomic():
        Message.objects.filter(pk=written.pk).update(**change)


def test_a_system_note_cannot_be_queued_either(chat: Conversation, maya: User) -> None:
    written = note(chat, maya)
    change = {"kind": Kind.MOVED, "channel": "sms", "status": Status.QUEUED}
    with pytest.raises(IntegrityError, match="a_note_never_leaves"), transaction.atomic():
        Message.objects.filter(pk=written.pk).update(**change)


# --- who writes and reads it ---


@pytest.mark.requirement("A2", "A4")
def test_the_team_writes_and_reads_notes_without_a_seat_and_nobody_else_does(
    a: Builders, chat: Conversation, maya: User, priya: User, client: Client
) -> None:
    # given Priya holds no seat
    note(chat, priya, "Called her.")
    # then each of the team reads it on every part of the thread
    for user in (maya, priya):
        client.force_login(user)
        for url in (chat.record.messages_url(), chat.record.emails_url(), reverse("conversation", args=[chat.pk])):
            assert "Called her." in client.get(url).content.decode()
    # and a colleague of another team, an admin, or another company neither reads nor writes
    for user in (a.user(company=maya.company), a.user(company=maya.company, is_company_admin=True), a.user()):
        client.force_login(user)
        assert client.post(reverse("note", args=[chat.pk]), {"body": "Hi"}).status_code == 404
        assert client.get(reverse("mentionable", args=[chat.pk])).status_code == 404
        assert try_to_note(chat, user, "Hi") == Refused(Reason.NOT_ON_TEAM)
    assert chat.messages.count() == 1


@pytest.mark.requirement("F4", "Q4")
def test_a_company_without_smartmessage_has_notes_too(a: Builders, client: Client) -> None:
    maya = a.user(company=a.company(has_smartmessage=False), seat=False)
    chat = a.conversation(team=[maya], sms="nothing")
    client.force_login(maya)
    page = client.get(reverse("conversation", args=[chat.pk]) + "?on=note").content.decode()
    assert 'aria-label="Note for the team"' in page
    answer = client.post(reverse("note", args=[chat.pk]), {"body": "Nice CV.", "shown": "all"})
    assert answer.status_code == 302
    assert "Nice CV." in client.get(chat.record.emails_url()).content.decode()


def test_the_same_click_twice_is_one_note(chat: Conversation, maya: User) -> None:
    token = uuid4()
    first, again = (try_to_note(chat, maya, "Once.", token=token) for _click in range(2))
    assert first == again
    other = try_to_note(chat, maya, "Twice.", token=token)
    assert isinstance(other, Refused)
    assert other.reason == Reason.ALREADY_SENT
    assert chat.messages.count() == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("  ", Reason.EMPTY),
        ("x" * 5001, Reason.TOO_LONG),
        ("a\x00b", Reason.UNREADABLE),
        ("\ud800", Reason.UNREADABLE),
    ],
)
def test_what_cannot_be_kept_is_refused(chat: Conversation, maya: User, body: str, reason: Reason) -> None:
    outcome = try_to_note(chat, maya, body)
    assert isinstance(outcome, Refused)
    assert outcome.reason == reason


# --- what it does to the list ---


@pytest.mark.requirement("Q4")
def test_a_note_moves_nothing_in_the_list_and_answers_nobody(
    chat: Conversation, maya: User, priya: User, twilio: Any
) -> None:
    # given the person waits for a reply
    steps.says(twilio, chat, "When do we talk?")
    kept = ("last_message_id", "last_message_at", "last_channel", "last_sent_id", "needs_reply", "done_at")
    before = Conversation.objects.values(*kept).get(pk=chat.pk)
    # when
    note(chat, maya)
    # then
    assert Conversation.objects.values(*kept).get(pk=chat.pk) == before
    standing.count_anew(chat.pk)
    assert Conversation.objects.values(*kept).get(pk=chat.pk) == before
    assert before["needs_reply"]


def found(user: User, words: str) -> list[int]:
    page = listing.page(user, listing.Choice(words=words))
    return [row.pk for row in page.rows]


@pytest.mark.requirement("A4")
def test_search_finds_a_note_for_the_team_alone(a: Builders, chat: Conversation, maya: User, priya: User) -> None:
    steps.write(chat, maya)
    written = note(chat, maya, "Prefers Kubernetes.")
    assert found(priya, "kubernetes") == [chat.pk]
    assert found(a.user(company=maya.company), "kubernetes") == []
    search.write_anew(chat.pk)
    assert found(priya, "kubernetes") == [chat.pk]
    actions.delete(note_id=written.pk, by=maya)
    assert found(priya, "kubernetes") == []


# --- mentions ---


def notices_of(user: User) -> list[str]:
    return list(Notice.objects.visible_to(user).unread().values_list("kind", flat=True))


@pytest.mark.requirement("N1")
def test_who_is_mentioned_is_told_also_without_having_taken_part(
    a: Builders, chat: Conversation, maya: User, priya: User
) -> None:
    # given Maya took part, Priya didn't, and Jonas is on the team too
    steps.write(chat, maya)
    jonas = a.user(company=maya.company, name="Jonas Weber")
    team_of(chat).add(jonas)
    # when
    written = note(chat, maya, "@priya nair, can you call her? (@Maya Chen wrote)")
    # then Priya is told, and she alone; it is unread for her
    assert (notices_of(priya), notices_of(jonas), notices_of(maya)) == ([NoticeKind.MENTIONED], [], [])
    assert ConversationMark.objects.filter(user=priya, conversation=chat, is_unread=True).exists()
    assert not ConversationMark.objects.filter(user=jonas, is_unread=True).exists()
    [row] = tray.rows(priya)
    assert row.headline == "Maya Chen mentioned you about Anna Bauer"
    assert row.url == f"/inbox/{chat.pk}/#m{written.pk}"
    # and it is kept by whom it means, not by a name
    assert set(Mention.objects.values_list("user", flat=True)) == {maya.pk, priya.pk}


@pytest.mark.requirement("A4")
def test_who_leaves_the_team_hears_no_more_of_it(chat: Conversation, maya: User, priya: User) -> None:
    note(chat, maya, "@Priya Nair?")
    team_of(chat).remove(priya)
    assert notices_of(priya) == []
    assert tray.rows(priya) == []


def test_the_digest_tells_of_a_mention(chat: Conversation, maya: User, priya: User) -> None:
    note(chat, maya, "@Priya Nair, secret words")
    Notice.objects.update(at=timezone.now() - timedelta(days=2))
    digests.send_due(timezone.now())
    mail = OutgoingMail.objects.get(to=priya.email)
    assert "mentioned you" in mail.body
    assert "secret" not in mail.body


def test_a_mention_shows_the_name_that_she_has_now(chat: Conversation, maya: User, priya: User, client: Client) -> None:
    note(chat, maya, "Ask @Priya Nair <b> at https://example.com/x")
    priya.name = "Priya O'Neil"
    priya.save()
    client.force_login(maya)
    page = client.get(chat.record.messages_url()).content.decode()
    assert '<b class="mention">@Priya O&#x27;Neil</b> &lt;b&gt;' in page
    assert 'href="https://example.com/x"' in page


def test_nobody_outside_the_team_can_be_mentioned(a: Builders, chat: Conversation, maya: User) -> None:
    carl = a.user(company=maya.company, name="Carl Colleague")
    outcome = try_to_note(chat, maya, "@Carl Colleague should see this")
    assert isinstance(outcome, Refused)
    assert outcome == Refused(
        Reason.NOT_MENTIONABLE,
        "Carl Colleague isn't on this team, so this note can't mention them. Nothing was kept; take the @ away.",
    )
    # who is of another company is a word like any other
    a.user(name="Sam Stranger")
    note(chat, maya, "Ask @Sam Stranger or write to carl@colleague.example, @home")
    assert not Mention.objects.exists()
    assert notices_of(carl) == []


def test_two_of_the_same_name_are_told_apart(
    a: Builders, chat: Conversation, maya: User, priya: User, client: Client
) -> None:
    # given
    other = a.user(company=maya.company, name="Priya Nair")
    team_of(chat).add(other)
    local = {user: user.email.partition("@")[0] for user in (priya, other)}
    labels = {f"Priya Nair ({local[priya]})", f"Priya Nair ({local[other]})"}
    assert set(rules.labels([maya, priya, other])) == {"Maya Chen", *labels}
    # then the list puts in what names one of them
    client.force_login(maya)
    page = client.get(reverse("mentionable", args=[chat.pk])).content.decode()
    assert all(f'data-text="@{label} "' in page for label in labels)
    note(chat, maya, f"@priya nair ({local[other]}), please")
    assert (notices_of(priya), notices_of(other)) == ([], [NoticeKind.MENTIONED])
    # and the thread says which one
    page = client.get(f"/inbox/{chat.pk}/").content.decode()
    assert f'<b class="mention">@Priya Nair ({local[other]})</b>, please' in page


def test_the_whole_email_tells_where_less_does_not() -> None:
    people = [User(name="Jo Li", email=f"jo@{place}.example") for place in "ab"]
    people.append(User(name="jo li", email="li@a.example"))
    assert list(rules.labels(people)) == ["Jo Li (jo@a.example)", "Jo Li (jo@b.example)", "jo li (li)"]


@pytest.mark.parametrize("body", ["@Priya Nair, please", "Ask (@priya nair)", "@Priya Nair (whoever)"])
def test_a_name_that_two_share_is_not_kept_as_if_it_told_somebody(
    a: Builders, chat: Conversation, maya: User, priya: User, client: Client, body: str
) -> None:
    # given
    other = a.user(company=maya.company, name="Priya Nair")
    team_of(chat).add(other)
    # when
    client.force_login(maya)
    fields = {"body": body, "token": str(uuid4()), "shown": "all"}
    answer = client.post(reverse("note", args=[chat.pk]), fields, headers={"HX-Request": "true"})
    # then it says why, and how to name one of them
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "2 people on this team are called" in page
    assert f"@Priya Nair ({other.email.partition('@')[0]})" in page
    assert not chat.messages.exists()
    # and without the @ it is a name like any other
    note(chat, maya, "Priya Nair knows")
    assert not Mention.objects.exists()


def test_of_two_names_the_longer_one_counts(a: Builders) -> None:
    ann, anna = (User(pk=pk, name=name) for pk, name in ((1, "Ann Lee"), (2, "Ann Lee-Smith")))
    known = rules.labels([ann, anna])
    assert rules.mentioned("@Ann Lee-Smith and @Ann Lee.", known) == {"Ann Lee-Smith": anna, "Ann Lee": ann}
    assert rules.mentioned("@Ann Leeway x@Ann Lee", known) == {}


# --- deleted, and had back ---


def test_its_author_deletes_it_and_has_it_back(chat: Conversation, maya: User, priya: User, client: Client) -> None:
    # given a note that mentions Priya
    steps.write(chat, maya)
    written = note(chat, maya, "Secret, @Priya Nair")
    # when somebody else tries, there is nothing
    client.force_login(priya)
    assert client.post(reverse("delete-note", args=[written.pk])).status_code == 404
    # when Maya deletes it, then its words are gone from the thread, the search and the tray
    client.force_login(maya)
    assert client.post(reverse("delete-note", args=[written.pk]), {"shown": "sms"}).status_code == 302
    page = client.get(chat.record.messages_url()).content.decode()
    assert "Secret" not in page
    assert "Maya Chen deleted a note." in page
    assert notices_of(priya) == []
    client.force_login(priya)
    assert reverse("restore-note", args=[written.pk]) not in client.get(chat.record.messages_url()).content.decode()
    # and Undo brings it back
    client.force_login(maya)
    assert reverse("restore-note", args=[written.pk]) in page
    client.post(reverse("restore-note", args=[written.pk]), {"shown": "sms"})
    assert "Secret" in client.get(chat.record.messages_url()).content.decode()
    assert found(priya, "secret") == [chat.pk]


def test_after_an_hour_it_is_erased(chat: Conversation, maya: User) -> None:
    written = note(chat, maya)
    actions.delete(note_id=written.pk, by=maya)
    assert actions.forget_deleted(timezone.now()) == 0
    assert actions.forget_deleted(timezone.now() + 2 * actions.MAY_COME_BACK_FOR) == 1
    assert not DeletedNote.objects.exists()
    outcome = actions.restore(note_id=written.pk, by=maya)
    assert isinstance(outcome, Refused)
    assert outcome.sentence == "This note is gone for good. Write it once more."


@pytest.mark.requirement("A4")
def test_who_left_the_team_no_longer_deletes(chat: Conversation, maya: User) -> None:
    written = note(chat, maya)
    team_of(chat).remove(maya)
    assert actions.delete(note_id=written.pk, by=maya) == Refused(Reason.NOT_ON_TEAM)


def test_a_note_in_between_changes_nothing_about_texting(chat: Conversation, maya: User) -> None:
    # given a text that waits behind a note
    note(chat, maya)
    message = steps.write(chat, maya)
    assert delivery.claim(message.pk) is not None
    Seat.objects.filter(user=maya).delete()
    assert isinstance(try_to_note(chat, maya, "Still mine"), Sent)
