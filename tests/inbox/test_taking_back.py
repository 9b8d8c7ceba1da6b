"""A short grace with Undo precedes every message: it leaves when the grace is over, or its words are back."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from inbox import delivery, listing, sending, sweeps, taking_back, worker
from inbox.listing import Choice
from inbox.models import ComposerDraft, Conversation, ConversationMark, Message
from inbox.outcomes import Reason, Refused, Sent, TakenBack, TryLater
from inbox.rules import Status
from tests import steps
from tests.builders import Builders
from tests.channels_whatsapp import steps as whatsapp
from tests.conftest import Twilio

GRACE = timedelta(seconds=5)


@pytest.fixture
def maya(a: Builders) -> User:
    return a.user(undo_seconds=5)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The messages that workers were asked for."""
    found: list[int] = []
    monkeypatch.setattr(worker, "ask_for_delivery", found.append)
    return found


def undo(message: Message, author: User) -> TakenBack | Refused:
    return taking_back.take_back(message_id=message.pk, author=author)


def let_pass(message: Message) -> None:
    """Its grace is over."""
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now(), asked_at=timezone.now() - GRACE)


def draft_of(chat: Conversation, user: User, channel: str = "sms") -> ComposerDraft:
    return ComposerDraft.objects.get(conversation=chat, user=user, channel=channel)


# --- it waits ---


@pytest.mark.requirement("I9")
def test_a_text_waits_for_its_grace_and_leaves_right_after_it(a: Builders, maya: User, asked: list[int]) -> None:
    # given
    chat = a.conversation(team=[maya])
    message = steps.write(chat, maya)
    # then nobody is asked for it, and nobody could take it
    assert asked == []
    assert delivery.claim(message.pk) is None
    assert sweeps.ask_for_waiting_texts(timezone.now() + GRACE / 2) == 0
    # and when the grace is over, the sweeper's next look asks
    assert sweeps.ask_for_waiting_texts(message.due_at) == 1
    assert asked == [message.pk]
    # and is not asked for with every look
    assert sweeps.ask_for_waiting_texts(message.due_at + settings.ASK_AGAIN_AFTER / 2) == 0
    let_pass(message)
    assert delivery.claim(message.pk)


@pytest.mark.requirement("I9")
def test_a_later_text_of_who_wants_no_grace_waits_for_the_earlier_one(a: Builders, maya: User) -> None:
    # given
    jonas = a.user(company=maya.company, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas])
    first, second = steps.write(chat, maya, "first"), steps.write(chat, jonas, "second")
    # then
    assert delivery.claim(second.pk) is None
    # and once the first was taken back, nothing holds the second up
    assert isinstance(undo(first, maya), TakenBack)
    assert delivery.claim(second.pk)


def test_who_wants_none_and_many_invitations_at_once_have_no_grace(a: Builders, maya: User, asked: list[int]) -> None:
    jonas = a.user(company=maya.company, name="Jonas Weber")
    text = steps.write(a.conversation(team=[jonas]), jonas)
    invitation = steps.invite(a.conversation(team=[maya], sms="first consent"), maya)
    assert asked == [text.pk, invitation.pk]
    # and what the ledger says for good can't be taken back
    assert isinstance(undo(invitation, maya), Refused)


# --- it is taken back ---


@pytest.mark.requirement("Q6", "I1")
def test_undo_puts_the_words_back_and_nothing_goes_out(a: Builders, maya: User) -> None:
    # given Maya wrote, and began the next text
    chat = a.conversation(team=[maya])
    token = sending.draft_of(maya, chat, "sms").token
    message = steps.write(chat, maya, "Hallo Anna")
    next_token = draft_of(chat, maya).token
    sending.keep_draft(maya, chat, "sms", body="PS: bring a pen", client_token=next_token)
    # when
    assert undo(message, maya) == TakenBack("sms", "Hallo Anna")
    # then
    let_pass(message)
    assert delivery.claim(message.pk) is None
    draft = draft_of(chat, maya)
    assert draft.body == "Hallo Anna\nPS: bring a pen"
    # and the draft's token sends a new message
    outcome = steps.try_to_write(chat, maya, draft.body, token=draft.token)
    assert isinstance(outcome, Sent)
    assert outcome.message.pk != message.pk
    assert token != draft.token == next_token


@pytest.mark.requirement("I1")
def test_a_request_that_is_repeated_after_undo_sends_nothing(a: Builders, maya: User) -> None:
    # given a weak connection: the browser will try again
    chat, token = a.conversation(team=[maya]), uuid4()
    first = steps.try_to_write(chat, maya, "Hello!", token=token)
    assert isinstance(first, Sent)
    undo(first.message, maya)
    # when
    again = steps.try_to_write(chat, maya, "Hello!", token=token)
    # then
    assert isinstance(again, Refused)
    assert again.reason == Reason.TAKEN_BACK
    assert "You took this message back" in again.sentence
    assert not chat.messages.filter(direction="out").exists()


@pytest.mark.requirement("A3", "A4", "I1")
def test_only_its_author_and_only_what_has_not_left(a: Builders, maya: User) -> None:
    # given
    jonas = a.user(company=maya.company, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas])
    message = steps.write(chat, maya)
    # then a colleague's Undo does nothing
    assert isinstance(undo(message, jonas), Refused)
    # and of two clicks the second one finds nothing
    second = steps.write(chat, maya, "second")
    assert isinstance(undo(second, maya), TakenBack)
    assert isinstance(undo(second, maya), Refused)
    # and once a worker has it, it has left, for good or not
    let_pass(message)
    attempt = delivery.claim(message.pk)
    assert attempt
    too_late = undo(message, maya)
    assert isinstance(too_late, Refused)
    assert too_late.reason == Reason.HAS_LEFT
    delivery.record_outcome(attempt, TryLater())
    assert isinstance(undo(message, maya), Refused)
    message.refresh_from_db()
    assert (message.status, message.body) == (Status.QUEUED, "Hello!")


@pytest.mark.requirement("Q4")
def test_the_list_and_the_search_are_as_before(a: Builders, maya: User, twilio: Twilio) -> None:
    # given Anna wrote, and somebody was done with it
    chat = a.conversation(team=[maya])
    assert steps.says(twilio, chat, "Is Tuesday fine?") == 200
    search_for = [Choice(words="zebra"), Choice(words="tuesday")]
    before = listing.page(maya, Choice()).rows
    # when Maya answers and takes it back
    undo(steps.write(chat, maya, "Zebra crossing, at nine"), maya)
    # then
    [row] = listing.page(maya, Choice()).rows
    assert (row.last_body, row.last_message_at, row.needs_reply) == (
        "Is Tuesday fine?",
        before[0].last_message_at,
        True,
    )
    assert [len(listing.page(maya, choice).rows) for choice in search_for] == [0, 1]
    assert not ConversationMark.objects.filter(user=maya, took_part=True).exists()


@pytest.mark.requirement("O6")
def test_who_opted_out_waits_for_no_reply_after_undo_either(a: Builders, maya: User, twilio: Twilio) -> None:
    chat = a.conversation(team=[maya])
    steps.says(twilio, chat, "Stop")
    email = steps.try_to_write(chat, maya, "As you wish.", channel="email")
    assert isinstance(email, Sent)
    undo(email.message, maya)
    chat.refresh_from_db()
    assert not chat.needs_reply


@pytest.mark.requirement("Q4")
def test_an_email_comes_back_with_its_subject_and_the_others_are_still_found(a: Builders, maya: User) -> None:
    # given an email that went out
    chat = a.conversation(team=[maya], sms="nothing")
    kept = sending.send_message(
        conversation_id=chat.pk, author=maya, channel_key="email", body="Hi", subject="Giraffe", client_token=uuid4()
    )
    assert isinstance(kept, Sent)
    let_pass(kept.message)
    delivery.claim(kept.message.pk)
    # when a second one is taken back
    second = sending.send_message(
        conversation_id=chat.pk, author=maya, channel_key="email", body="Oh", subject="Okapi", client_token=uuid4()
    )
    assert isinstance(second, Sent)
    assert undo(second.message, maya) == TakenBack("email", "Oh", "Okapi")
    # then
    assert (draft_of(chat, maya, "email").body, draft_of(chat, maya, "email").subject) == ("Oh", "Okapi")
    assert [len(listing.page(maya, Choice(words=word)).rows) for word in ("okapi", "giraffe")] == [0, 1]


@pytest.mark.requirement("W5")
def test_the_words_come_back_without_what_the_channel_puts_before_them(a: Builders, twilio: Twilio) -> None:
    # given the platform's shared sender
    maya = a.user(company=a.company(texts_by_whatsapp=True), undo_seconds=5)
    a.whatsapp_sender()
    chat = a.whatsapp_conversation(team=[maya])
    whatsapp.open_window(twilio, chat, maya)
    sent = steps.try_to_write(chat, maya, "Hi there", channel="whatsapp")
    assert isinstance(sent, Sent)
    assert sent.message.body.endswith(": Hi there")
    assert undo(sent.message, maya) == TakenBack("whatsapp", "Hi there")


# --- pages ---


def test_pages_lose_it_and_show_no_ghost(a: Builders, maya: User, client: Client) -> None:
    # given Maya's page shows it, with Undo, and Jonas' page without
    jonas = a.user(company=maya.company, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas])
    message = steps.write(chat, maya, "Zebra")
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() + timedelta(seconds=4.9))
    since = reverse("since", args=[chat.pk, "sms"]) + "?version=0"
    client.force_login(jonas)
    assert f'id="undo-{message.pk}"' not in client.get(since).content.decode()
    client.force_login(maya)
    page = client.get(since).content.decode()
    assert f'id="undo-{message.pk}"' in page
    assert re.search("Leaves in [2345] s", page)
    # when
    chat.refresh_from_db()
    undo_url, fields = reverse("take-back", args=[message.pk]), {"version": str(chat.version)}
    answer = client.post(undo_url, fields, headers={"HX-Request": "true"}).content.decode()
    # then the patch takes it away and brings the words
    assert f'id="m{message.pk}"' in answer
    assert "data-gone" in answer
    assert 'data-taken="Zebra"' in answer
    # and a new page has nothing of it but the draft
    page = client.get(chat.record.messages_url()).content.decode()
    assert f'id="m{message.pk}"' not in page
    assert "\nZebra</textarea>" in page


def test_without_javascript_undo_leads_back_to_the_words_or_tells_the_truth(
    a: Builders, maya: User, client: Client
) -> None:
    chat = a.conversation(team=[maya])
    client.force_login(maya)
    message = steps.write(chat, maya, "Zebra")
    answer = client.post(reverse("take-back", args=[message.pk]))
    assert answer.status_code == 302
    assert answer["Location"] == f"{chat.record.messages_url()}?channel=sms#body"
    # and too late
    message = steps.write(chat, maya, "Second")
    let_pass(message)
    delivery.claim(message.pk)
    sending.keep_draft(maya, chat, "sms", body="Third", client_token=draft_of(chat, maya).token)
    page = client.post(reverse("take-back", args=[message.pk]))
    assert page.status_code == 422
    assert "Too late to undo" in page.content.decode()
    assert "\nThird</textarea>" in page.content.decode()
    # and of a colleague's message it says as little as of none
    client.force_login(a.user(company=maya.company, name="Sam Stranger"))
    assert client.post(reverse("take-back", args=[message.pk])).status_code == 404


def test_grace_costs_one_query_and_only_while_something_waits(a: Builders, maya: User, client: Client) -> None:
    chat = a.conversation(team=[maya])
    client.force_login(maya)

    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            client.get(chat.record.messages_url())
        return len(context)

    gone = steps.write(chat, maya)
    Message.objects.filter(pk=gone.pk).update(status=Status.DELIVERED)
    queries()
    before = queries()
    steps.write(chat, maya)
    assert queries() == before + 1


@pytest.mark.parametrize(
    ("typed", "status", "kept"), [("0", 302, 0), ("30", 302, 30), ("31", 422, 5), ("soon", 422, 5)]
)
def test_each_user_says_how_long(a: Builders, maya: User, client: Client, typed: str, status: int, kept: int) -> None:
    client.force_login(maya)
    answer = client.post(reverse("notice-settings"), {"digest": "daily", "undo_seconds": typed})
    assert answer.status_code == status
    if status == 422:
        assert "Write a whole number from 0 to 30." in answer.content.decode()
    maya.refresh_from_db()
    assert maya.undo_seconds == kept
