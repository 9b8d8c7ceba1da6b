"""A text that reads like an opt-out holds texting until somebody decides what it was (O9)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from candidates.consent_rules import EventKind, Source, Standing
from inbox import deciding, delivery, moving, sending, thread, unmatched
from inbox.invitations import choosing
from inbox.models import Conversation, HoldOutcome, Kind, Message, Notice, NoticeKind, OptOutHold, UnmatchedReply
from inbox.outcomes import Reason, Refused, Sent
from inbox.rules import Status
from tests import steps
from tests.builders import Builders
from tests.channels_whatsapp import steps as wa
from tests.conftest import Twilio

ASKS = "Hi Maya, thanks. Please stop texting me!"


@pytest.fixture
def maya(a: Builders) -> User:
    """Of a company with two numbers, so that a phone can have two conversations (Q6)."""
    return a.user(company=a.company(sender_countries=("US", "US")))


def held(chat: Conversation, twilio: Twilio, words: str = ASKS) -> OptOutHold:
    """The person asks to be left alone."""
    assert steps.says(twilio, chat, words) == 200
    return OptOutHold.objects.get(message__conversation=chat, message__body=words)


def refusal(outcome: Sent | Refused) -> Reason:
    assert isinstance(outcome, Refused), outcome
    assert outcome.sentence
    return outcome.reason


def kinds(chat: Conversation) -> list[str]:
    return list(steps.consent_of(chat).events.order_by("pk").values_list("kind", flat=True))


@pytest.mark.requirement("O9", "N1")
def test_a_request_to_stop_holds_texts_and_tells_who_took_part(a: Builders, maya: User, twilio: Twilio) -> None:
    # given
    other = a.user(company=maya.company, name="Tom Reed")
    chat = a.conversation(team=[maya, other])
    steps.write(chat, maya)
    # when
    hold = held(chat, twilio)
    # then
    assert (hold.phrase, hold.language, hold.channel, hold.outcome) == ("stop texting", "en", "sms", "")
    assert refusal(steps.try_to_write(chat, maya)) == Reason.HELD
    assert steps.standing(chat) == Standing.OPTED_IN, "nobody has decided yet"
    assert list(Notice.objects.filter(conversation=chat).values_list("user", "kind")) == [(maya.pk, NoticeKind.HELD)]


@pytest.mark.requirement("O9", "I2", "I5")
def test_a_text_that_waits_is_refused_at_its_hand_over(a: Builders, maya: User, twilio: Twilio) -> None:
    # given a text that was accepted before the person asked
    chat = a.conversation(team=[maya])
    waiting = steps.write(chat, maya, "Are you there?")
    # when
    hold = held(chat, twilio)
    # then
    assert delivery.claim(waiting.pk) is None
    waiting.refresh_from_db()
    assert (waiting.status, waiting.refusal) == (Status.CANCELED, Reason.HELD)
    # and it is kept, to go once the texts are released
    assert refusal(_again(waiting, maya)) == Reason.HELD
    assert isinstance(deciding.release(message_id=hold.pk, by=maya), Sent)
    assert isinstance(_again(waiting, maya), Sent)
    assert delivery.claim(waiting.pk) is not None


def _again(message: Message, author: User) -> Sent | Refused:
    return sending.send_again(message_id=message.pk, author=author)


@pytest.mark.requirement("O9", "O10")
def test_the_request_is_made_to_the_whole_company(a: Builders, maya: User, twilio: Twilio) -> None:
    # given two records of the same phone, of two teams; and the phone at another company
    tom = a.user(company=maya.company, name="Tom Reed")
    chat = a.conversation(team=[maya])
    second = a.conversation(team=[tom], phone=chat.person.phone)
    elsewhere = a.conversation(team=[a.user()], phone=chat.person.phone)
    waiting = steps.write(second, tom)
    # when
    held(chat, twilio)
    # then
    assert refusal(steps.try_to_write(second, tom)) == Reason.HELD
    assert delivery.claim(waiting.pk) is None
    assert isinstance(steps.try_to_write(elsewhere, elsewhere.record.team.get()), Sent)
    # and the other team reads that it is so, not what was said (A4)
    lock = thread.lines(Conversation.objects.with_record().get(pk=second.pk))[-1].locked
    assert lock is not None
    assert "In another conversation" in str(lock.text)
    assert "stop texting" not in str(lock.text)
    assert not Notice.objects.filter(user=tom).exists()


@pytest.mark.requirement("O9")
def test_email_stays_open_and_whatsapp_does_not(a: Builders, twilio: Twilio) -> None:
    # given
    company = a.company(texts_by_whatsapp=True)
    a.whatsapp_sender(company)
    maya = a.user(company=company)
    chat = a.conversation(team=[maya])
    a.consent(company, chat.person.phone, "first consent", channel="whatsapp")
    # when
    held(chat, twilio)
    # then
    locks = {line.key: line.locked and line.locked.reason for line in thread.lines(_anew(chat))}
    assert locks["email"] is None
    assert (locks["sms"], locks["whatsapp"]) == (Reason.HELD, Reason.HELD)
    assert isinstance(steps.try_to_write(chat, maya, channel="email"), Sent)


def _anew(chat: Conversation) -> Conversation:
    return Conversation.objects.with_record().get(pk=chat.pk)


@pytest.mark.requirement("O9", "O3")
def test_no_invitation_goes_out_either(a: Builders, maya: User, twilio: Twilio) -> None:
    chat = a.conversation(team=[maya], sms="invited")
    held(chat, twilio)
    assert refusal(steps.try_to_invite(chat, maya)) == Reason.HELD
    skipped = choosing.judge([_anew(chat)], "sms").skipped
    assert ["may have asked you to stop" in each.reason for each in skipped] == [True]


@pytest.mark.requirement("O9", "O11", "O13", "N1")
def test_opting_out_is_recorded_with_the_sentence_and_only_the_person_lifts_it(
    a: Builders, maya: User, twilio: Twilio
) -> None:
    # given a colleague without a seat, for everybody on the team may do it
    tom = a.user(company=maya.company, name="Tom Reed", seat=False)
    chat = a.conversation(team=[maya, tom])
    second = a.conversation(team=[maya], phone=chat.person.phone)
    steps.write(chat, maya)
    hold = held(chat, twilio)
    # when
    assert isinstance(deciding.opt_out(message_id=hold.pk, by=tom), Sent)
    # then
    event = steps.consent_of(chat).events.get(kind=EventKind.OPTED_OUT)
    assert (event.words, event.source, event.by_user) == (ASKS, Source.USER, tom)
    assert event.details["read_as"] == "stop texting"
    hold.refresh_from_db()
    assert (hold.outcome, hold.resolved_by) == (HoldOutcome.OPTED_OUT, tom)
    assert steps.standing(chat) == Standing.OPTED_OUT
    notes = Message.objects.filter(kind=Kind.OPTED_OUT).order_by("conversation")
    assert list(notes.values_list("conversation", "body")) == [(chat.pk, ASKS), (second.pk, "")]
    told = Notice.objects.filter(kind=NoticeKind.OPTED_OUT, conversation=chat)
    assert list(told.values_list("user", flat=True)) == [maya.pk]
    # and a Yes lifts nothing, a START does
    steps.says(twilio, chat, "Yes")
    assert refusal(steps.try_to_write(chat, maya)) == Reason.OPTED_OUT
    steps.says(twilio, chat, "START")
    assert isinstance(steps.try_to_write(chat, maya), Sent)


@pytest.mark.requirement("O9", "O11")
def test_releasing_is_recorded_and_opens_nothing_that_was_shut(a: Builders, maya: User, twilio: Twilio) -> None:
    # given
    chat = a.conversation(team=[maya], sms="invited")
    hold = held(chat, twilio)
    before = steps.consent_of(chat)
    # when
    assert isinstance(deciding.release(message_id=hold.pk, by=maya), Sent)
    # then
    event = before.events.get(kind=EventKind.RELEASED)
    assert (event.words, event.source, event.by_user) == (ASKS, Source.USER, maya)
    assert (steps.consent_of(chat).standing, steps.consent_of(chat).changed_at) == (before.standing, before.changed_at)
    assert isinstance(steps.try_to_invite(chat, maya), Sent)


@pytest.mark.requirement("O9", "A3", "A4")
def test_who_may_decide(a: Builders, maya: User, twilio: Twilio) -> None:
    chat = a.conversation(team=[maya, reader := a.user(company=maya.company, seat=False)])
    hold = held(chat, twilio)
    for stranger in (a.user(company=maya.company), a.user(), a.user(company=maya.company, is_company_admin=True)):
        for decide in (deciding.opt_out, deciding.release):
            outcome = decide(message_id=hold.pk, by=stranger)
            assert isinstance(outcome, Refused)
            assert outcome.reason == Reason.NOT_ON_TEAM
    assert refusal(deciding.release(message_id=hold.pk, by=reader)) == Reason.NO_SEAT
    hold.refresh_from_db()
    assert hold.outcome == ""


@pytest.mark.requirement("O9")
def test_an_opt_out_counts_after_a_release_and_a_release_not_after_an_opt_out(
    a: Builders, maya: User, twilio: Twilio
) -> None:
    chat = a.conversation(team=[maya])
    hold = held(chat, twilio)
    assert isinstance(deciding.release(message_id=hold.pk, by=maya), Sent)
    assert refusal(deciding.release(message_id=hold.pk, by=maya)) == Reason.DECIDED
    assert isinstance(deciding.opt_out(message_id=hold.pk, by=maya), Sent)
    assert refusal(deciding.release(message_id=hold.pk, by=maya)) == Reason.DECIDED
    assert refusal(deciding.opt_out(message_id=hold.pk, by=maya)) == Reason.DECIDED
    assert kinds(chat)[-2:] == [EventKind.RELEASED, EventKind.OPTED_OUT]


@pytest.mark.requirement("O9", "O7", "O14")
@pytest.mark.parametrize(
    ("standing", "keyword", "outcome"),
    [
        ("opted in", "STOP", HoldOutcome.OPTED_OUT),
        ("opted in", "START", HoldOutcome.LIFTED),
        ("invited", "Yes", HoldOutcome.LIFTED),
        ("first consent", "START", HoldOutcome.LIFTED),
    ],
)
def test_the_persons_own_later_word_decides(
    a: Builders, maya: User, twilio: Twilio, standing: str, keyword: str, outcome: HoldOutcome
) -> None:
    # given
    chat = a.conversation(team=[maya], sms=standing)
    hold = held(chat, twilio)
    # when
    steps.says(twilio, chat, keyword)
    # then
    hold.refresh_from_db()
    assert (hold.outcome, hold.resolved_by) == (outcome, None)
    hold.message.refresh_from_db()
    assert hold.message.version > hold.message.created_version, "open pages draw it anew"
    assert isinstance(steps.try_to_write(chat, maya), Sent) == (outcome == HoldOutcome.LIFTED)


@pytest.mark.requirement("O9")
@pytest.mark.parametrize("words", ["I can't stop thinking about this offer", "Stop by at 5?", "Thursday works!", "Yes"])
def test_an_ordinary_text_holds_nothing(a: Builders, maya: User, twilio: Twilio, words: str) -> None:
    chat = a.conversation(team=[maya])
    steps.says(twilio, chat, words)
    assert not OptOutHold.objects.exists()
    assert isinstance(steps.try_to_write(chat, maya), Sent)


@pytest.mark.requirement("O9", "O6")
def test_who_is_out_already_asks_for_nothing_more(a: Builders, maya: User, twilio: Twilio) -> None:
    chat = a.conversation(team=[maya])
    steps.says(twilio, chat, "STOP")
    steps.says(twilio, chat, ASKS)
    assert not OptOutHold.objects.exists()


@pytest.mark.requirement("O9", "O12")
def test_on_whatsapp_it_is_the_same(a: Builders, twilio: Twilio) -> None:
    # given
    a.whatsapp_sender()
    company = a.company(texts_by_whatsapp=True)
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya])
    wa.invite(chat, maya)
    # when
    wa.says(twilio, chat, "Bitte keine Nachrichten mehr")
    # then
    hold = OptOutHold.objects.get()
    assert (hold.channel, hold.language, hold.addresses) == ("whatsapp", "de", [chat.person.phone])
    assert refusal(steps.try_to_write(chat, maya, channel="whatsapp")) == Reason.HELD
    assert isinstance(deciding.opt_out(message_id=hold.pk, by=maya), Sent)
    assert wa.standing(chat) == Standing.OPTED_OUT


@pytest.mark.requirement("O9")
def test_the_page_marks_the_words_and_offers_both_ways(a: Builders, maya: User, twilio: Twilio, client: Client) -> None:
    # given
    chat = a.conversation(team=[maya])
    hold = held(chat, twilio)
    client.force_login(maya)
    # when
    page = client.get(chat.record.messages_url()).content.decode()
    # then
    assert "Please <mark>stop texting</mark> me!" in page
    assert all(words in page for words in ("Opt Anna out", "It isn’t one: release", "Anna may have asked you to stop"))
    assert "Asked to stop?" in client.get(reverse("inbox")).content.decode()
    assert "may have asked to stop" in client.get(reverse("tray")).content.decode()
    # when she releases it without JavaScript
    response: Any = client.post(reverse("release", args=[hold.pk]), {"shown": "sms"}, follow=True)
    # then
    page = response.content.decode()
    assert "Maya Chen released the texts" in page
    assert "data-composer" in page
    # when it was one after all
    page = client.post(reverse("opt-out", args=[hold.pk]), {"shown": "sms"}, follow=True).content.decode()
    assert "Maya Chen opted Anna out of SMS" in page
    assert "Anna opted out of SMS" in page


@pytest.mark.requirement("A3", "O9")
def test_who_only_reads_is_offered_no_release_whichever_channel_is_open(
    a: Builders, maya: User, twilio: Twilio, client: Client
) -> None:
    reader = a.user(company=maya.company, seat=False, name="Jonas Weber")
    chat = a.conversation(team=[maya, reader])
    hold = held(chat, twilio)
    client.force_login(reader)
    for channel in ("sms", "email"):
        page = client.get(reverse("conversation", args=[chat.pk]), {"on": channel}).content.decode()
        assert reverse("opt-out", args=[hold.pk]) in page
        assert reverse("release", args=[hold.pk]) not in page


@pytest.mark.requirement("O9")
def test_the_lock_leads_to_the_message_that_it_is_about(a: Builders, twilio: Twilio, client: Client) -> None:
    # given a request by SMS, in a conversation that has two channels
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    a.whatsapp_sender()
    chat = a.conversation(team=[maya])
    a.consent(chat.company, chat.person.phone, "first consent", channel="whatsapp")
    hold = held(chat, twilio)
    client.force_login(maya)

    def link(page: str) -> str:
        html = client.get(page).content.decode()
        return html.partition('id="lock-about" href="')[2].partition('"')[0]

    # then where the message stands the link stays there, and beside WhatsApp it leads to it
    messages = chat.record.messages_url()
    assert link(f"{messages}?channel=sms") == f"#m{hold.pk}"
    assert link(reverse("conversation", args=[chat.pk]) + "?on=whatsapp") == f"#m{hold.pk}"
    assert link(f"{messages}?channel=whatsapp") == f"{messages}?channel=sms#m{hold.pk}"


@pytest.mark.requirement("A4", "O9")
def test_a_stranger_finds_no_button(a: Builders, maya: User, twilio: Twilio, client: Client) -> None:
    hold = held(a.conversation(team=[maya]), twilio)
    client.force_login(a.user(company=maya.company))
    assert client.post(reverse("opt-out", args=[hold.pk])).status_code == 404
    assert client.post(reverse("release", args=[hold.pk])).status_code == 404
    assert client.post(reverse("release", args=[0])).status_code == 404


@pytest.mark.requirement("O9", "W5")
def test_a_message_that_is_moved_takes_its_hold_along(a: Builders, maya: User, twilio: Twilio) -> None:
    # given
    chat = a.conversation(team=[maya])
    second = a.conversation(team=[maya], person=chat.person)
    hold = held(chat, twilio)
    Message.objects.filter(pk=hold.pk).update(is_guess=True)
    # when
    assert isinstance(moving.move(message_id=hold.pk, to=second.pk, by=maya), Sent)
    # then
    lock = thread.lines(_anew(second))[-1].locked
    assert lock is not None
    assert "stop texting" in str(lock.text)
    assert isinstance(deciding.opt_out(message_id=hold.pk, by=maya), Sent)


@pytest.mark.requirement("O9", "I7")
def test_a_stray_request_holds_once_it_is_attached_and_a_stray_start_lifts_nothing_newer(
    a: Builders, maya: User, twilio: Twilio
) -> None:
    # given two texts that fit no conversation yet, the START the older one
    chat = a.conversation(team=[maya])
    admin = a.user(company=maya.company, is_company_admin=True)
    start, request = (stray(chat, words, at) for words, at in (("START", 1), (ASKS, 2)))
    # when an admin attaches the request, and then the START
    assert unmatched.attach(request, chat, by=admin)
    assert refusal(steps.try_to_write(chat, maya)) == Reason.HELD
    assert unmatched.attach(start, chat, by=admin)
    # then the newer word holds
    assert refusal(steps.try_to_write(chat, maya)) == Reason.HELD


def stray(chat: Conversation, words: str, minute: int) -> UnmatchedReply:
    return UnmatchedReply.objects.create(
        company=chat.company,
        channel="sms",
        sender=chat.person.phone,
        recipient=steps.our_number(chat),
        body=words,
        provider_id=steps.new_sid(),
        received_at=timezone.now() - timedelta(hours=1) + timedelta(minutes=minute),
    )
