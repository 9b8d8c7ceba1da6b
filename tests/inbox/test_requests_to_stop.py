"""A text that reads like an opt-out holds texting until somebody decides what it was (O9)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing
from candidates.models import Consent
from channels_sms.models import SenderNumber
from inbox import deciding, delivery, live, moving, receiving, sending, unmatched, writing
from inbox.invitations import choosing
from inbox.models import Conversation, HoldOutcome, Kind, Message, Notice, NoticeKind, OptOutHold, UnmatchedReply
from inbox.outcomes import Reason, Refused, Sent
from inbox.rules import Status
from tests import steps
from tests.builders import Builders, new_number
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


def request_of(hold: OptOutHold) -> Message:
    """The person's text that holds, as it is now."""
    return Message.objects.get(hold=hold)


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
    assert isinstance(deciding.release(message_id=request_of(hold).pk, by=maya), Sent)
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
    lock = writing.lines(Conversation.objects.with_record().get(pk=second.pk))[-1].locked
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
    locks = {line.key: line.locked and line.locked.reason for line in writing.lines(_anew(chat))}
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
    assert isinstance(deciding.opt_out(message_id=request_of(hold).pk, by=tom), Sent)
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
    assert isinstance(deciding.release(message_id=request_of(hold).pk, by=maya), Sent)
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
            outcome = decide(message_id=request_of(hold).pk, by=stranger)
            assert isinstance(outcome, Refused)
            assert outcome.reason == Reason.NOT_ON_TEAM
    assert refusal(deciding.release(message_id=request_of(hold).pk, by=reader)) == Reason.NO_SEAT
    hold.refresh_from_db()
    assert hold.outcome == ""


@pytest.mark.requirement("O9")
def test_an_opt_out_counts_after_a_release_and_a_release_not_after_an_opt_out(
    a: Builders, maya: User, twilio: Twilio
) -> None:
    chat = a.conversation(team=[maya])
    hold = held(chat, twilio)
    assert isinstance(deciding.release(message_id=request_of(hold).pk, by=maya), Sent)
    assert refusal(deciding.release(message_id=request_of(hold).pk, by=maya)) == Reason.DECIDED
    assert isinstance(deciding.opt_out(message_id=request_of(hold).pk, by=maya), Sent)
    assert refusal(deciding.release(message_id=request_of(hold).pk, by=maya)) == Reason.DECIDED
    assert refusal(deciding.opt_out(message_id=request_of(hold).pk, by=maya)) == Reason.DECIDED
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
    request = request_of(hold)
    assert request.version > request.created_version, "open pages draw it anew"
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
    assert isinstance(deciding.opt_out(message_id=request_of(hold).pk, by=maya), Sent)
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
    response: Any = client.post(reverse("release", args=[request_of(hold).pk]), {"shown": "sms"}, follow=True)
    # then
    page = response.content.decode()
    assert "Maya Chen released the texts" in page
    assert "data-composer" in page
    # when it was one after all
    page = client.post(reverse("opt-out", args=[request_of(hold).pk]), {"shown": "sms"}, follow=True).content.decode()
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
        assert reverse("opt-out", args=[request_of(hold).pk]) in page
        assert reverse("release", args=[request_of(hold).pk]) not in page


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
    assert link(f"{messages}?channel=sms") == f"#m{request_of(hold).pk}"
    assert link(reverse("conversation", args=[chat.pk]) + "?on=whatsapp") == f"#m{request_of(hold).pk}"
    assert link(f"{messages}?channel=whatsapp") == f"{messages}?channel=sms#m{request_of(hold).pk}"


@pytest.mark.requirement("A4", "O9")
def test_a_stranger_finds_no_button(a: Builders, maya: User, twilio: Twilio, client: Client) -> None:
    hold = held(a.conversation(team=[maya]), twilio)
    client.force_login(a.user(company=maya.company))
    assert client.post(reverse("opt-out", args=[request_of(hold).pk])).status_code == 404
    assert client.post(reverse("release", args=[request_of(hold).pk])).status_code == 404
    assert client.post(reverse("release", args=[0])).status_code == 404


@pytest.mark.requirement("O9", "W5")
def test_a_message_that_is_moved_takes_its_hold_along(a: Builders, maya: User, twilio: Twilio) -> None:
    # given
    chat = a.conversation(team=[maya])
    second = a.conversation(team=[maya], person=chat.person)
    hold = held(chat, twilio)
    Message.objects.filter(pk=request_of(hold).pk).update(is_guess=True)
    # when
    assert isinstance(moving.move(message_id=request_of(hold).pk, to=second.pk, by=maya), Sent)
    # then
    lock = writing.lines(_anew(second))[-1].locked
    assert lock is not None
    assert "stop texting" in str(lock.text)
    assert isinstance(deciding.opt_out(message_id=request_of(hold).pk, by=maya), Sent)


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


# --- in the tray ---


def stray_text(twilio: Twilio, chat: Conversation, words: str) -> UnmatchedReply:
    """The person texts a number of the company that has no conversation with her."""
    other = SenderNumber.objects.filter(company=chat.company).exclude(number=steps.our_number(chat)).latest("pk")
    assert steps.says(twilio, chat, words, to=other.number) == 200
    return UnmatchedReply.objects.get(body=words)


@pytest.mark.requirement("O9", "I2", "I7")
def test_a_request_in_the_tray_holds_at_once_and_goes_along_when_it_is_attached(
    a: Builders, maya: User, twilio: Twilio, client: Client
) -> None:
    # given a text that waits, and the same phone at another company
    chat = a.conversation(team=[maya])
    elsewhere = a.conversation(team=[a.user()], phone=chat.person.phone)
    waiting = steps.write(chat, maya)
    # when the person writes to a number that has no conversation with her
    reply = stray_text(twilio, chat, ASKS)
    # then
    assert delivery.claim(waiting.pk) is None
    waiting.refresh_from_db()
    assert (waiting.status, waiting.refusal) == (Status.CANCELED, Reason.HELD)
    assert refusal(steps.try_to_write(chat, maya)) == Reason.HELD
    assert isinstance(steps.try_to_write(elsewhere, elsewhere.record.team.get()), Sent)
    client.force_login(maya)
    page = client.get(chat.record.messages_url()).content.decode()
    assert "fits no conversation reads like a request to stop" in page
    assert "stop texting" not in page, "what it says, the tray alone says"
    assert "Asked to stop?" in client.get(reverse("inbox")).content.decode()
    # and the admin sees why it matters
    admin = a.user(company=maya.company, is_company_admin=True, seat=False)
    client.force_login(admin)
    assert (
        "Asked to stop? Holds texts" in client.get(reverse("settings:inbox_unmatchedreply_changelist")).content.decode()
    )
    url = reverse("settings:inbox_unmatchedreply_change", args=[reply.pk])
    assert "sends no texts to this phone" in client.get(url).content.decode()
    # when it is attached
    assert unmatched.attach(reply, chat, by=admin)
    # then it is the same hold, and the team decides
    hold = OptOutHold.objects.get()
    assert (hold.message.body if hold.message else "", hold.reply) == (ASKS, None)
    assert refusal(steps.try_to_write(chat, maya)) == Reason.HELD
    assert isinstance(deciding.release(message_id=request_of(hold).pk, by=maya), Sent)
    assert isinstance(steps.try_to_write(chat, maya), Sent)


@pytest.mark.requirement("O9", "O7", "O6")
@pytest.mark.parametrize("by_stray", [True, False])
@pytest.mark.parametrize(("keyword", "outcome"), [("START", HoldOutcome.LIFTED), ("STOP", HoldOutcome.OPTED_OUT)])
def test_the_persons_own_word_ends_what_lies_in_the_tray(
    a: Builders, maya: User, twilio: Twilio, keyword: str, outcome: HoldOutcome, by_stray: bool
) -> None:
    # given
    chat = a.conversation(team=[maya])
    reply = stray_text(twilio, chat, ASKS)
    # when
    if by_stray:
        stray_text(twilio, chat, keyword)
    else:
        steps.says(twilio, chat, keyword)
    # then
    assert OptOutHold.objects.get().outcome == outcome
    assert isinstance(steps.try_to_write(chat, maya), Sent) == (outcome == HoldOutcome.LIFTED)
    # and who attaches it late opens nothing anew
    unmatched.attach(reply, chat, by=a.user(company=maya.company, is_company_admin=True))
    hold = OptOutHold.objects.get()
    assert hold.outcome == outcome
    assert hold.message is not None


@pytest.mark.requirement("O9")
def test_a_stranger_and_an_ordinary_text_in_the_tray_hold_nothing(a: Builders, maya: User, twilio: Twilio) -> None:
    chat = a.conversation(team=[maya])
    stray_text(twilio, chat, "Stop by at 5?")
    unknown = a.person(maya.company)  # type: ignore[arg-type]
    assert twilio.text(sender=unknown.phone, body=ASKS, sid=steps.new_sid(), recipient=steps.our_number(chat)) == 200
    assert not OptOutHold.objects.exists()
    assert not Consent.objects.filter(address=unknown.phone).exists()


@pytest.mark.requirement("O9", "W5")
def test_what_several_companies_may_be_asked_holds_at_each_until_the_operator_knows(
    a: Builders, twilio: Twilio, client: Client
) -> None:
    # given two companies that wrote to the same person through the platform's sender
    a.whatsapp_sender()
    users = [a.user(company=a.company(texts_by_whatsapp=True)) for _ in range(2)]
    first = a.whatsapp_conversation(team=[users[0]])
    second = a.whatsapp_conversation(team=[users[1]], phone=first.person.phone)
    chats = [first, second]
    for chat, user in zip(chats, users, strict=True):
        wa.invite(chat, user)
        Message.objects.filter(conversation=chat).update(status=Status.SENT)
    # when
    wa.says(twilio, first, "Please stop messaging me")
    # then it is shown to neither, and holds at both
    reply = UnmatchedReply.objects.get()
    assert reply.company is None
    held_at = OptOutHold.objects.open().filter(reply=reply).values_list("company", flat=True)
    assert set(held_at) == {chat.company_id for chat in chats}
    for chat, user in zip(chats, users, strict=True):
        assert refusal(steps.try_to_write(chat, user, channel="whatsapp")) == Reason.HELD
    client.force_login(users[0])
    page = client.get(f"{first.record.messages_url()}?channel=whatsapp").content.decode()
    assert "a number that several companies use" in page
    # when the operator gives it to the second
    operator = User.objects.create_superuser("op@platform.example", "x", name="Op")
    assert unmatched.give_to(reply, chats[1].company, by=operator)
    # then it holds there alone
    assert set(held_at.all()) == {chats[1].company_id}
    outcome = OptOutHold.objects.get(company=chats[0].company).outcome
    assert outcome == HoldOutcome.ELSEWHERE


# --- open pages of others ---


@pytest.mark.requirement("O9", "N2")
@pytest.mark.parametrize("end", ["release", "start", "opt out"])
def test_open_pages_of_another_team_learn_that_it_ended(
    a: Builders,
    maya: User,
    twilio: Twilio,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    end: str,
) -> None:
    # given Tom's text to the same phone was kept back by what the person wrote to Maya
    tom = a.user(company=maya.company, name="Tom Reed")
    chat = a.conversation(team=[maya])
    second = a.conversation(team=[tom], phone=chat.person.phone)
    kept_back = steps.write(second, tom)
    hold = held(chat, twilio)
    delivery.claim(kept_back.pk)
    client.force_login(tom)
    page_is_at = Conversation.objects.get(pk=second.pk).version
    published: list[dict[str, Any]] = []
    monkeypatch.setattr(live, "_publish", published.append)
    # when it ends
    with django_capture_on_commit_callbacks(execute=True):
        if end == "start":
            steps.says(twilio, chat, "START")
        else:
            decide = deciding.release if end == "release" else deciding.opt_out
            assert isinstance(decide(message_id=request_of(hold).pk, by=maya), Sent)
    # then Tom's page is told, and what it asks for draws the text anew
    assert any(each["conversation"] == second.pk and tom.pk in each["users"] for each in published)
    patch = client.get(reverse("since", args=[second.pk, "sms"]) + f"?version={page_is_at}").content.decode()
    assert f'id="m{kept_back.pk}"' in patch
    assert (f'id="again-{kept_back.pk}"' in patch) is (end != "opt out")


@pytest.mark.requirement("O9", "N2")
def test_a_request_under_a_former_number_ends_on_its_own_page_too(
    a: Builders,
    maya: User,
    twilio: Twilio,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    # given the person's number was changed after she asked
    chat = a.conversation(team=[maya])
    hold = held(chat, twilio)
    former = chat.person.phone
    type(chat.person).objects.filter(pk=chat.person.pk).update(phone=new_number())
    before = Conversation.objects.get(pk=chat.pk).version
    # when she takes it back from the old phone, on no conversation's way
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        consent = consents.locked(company_id=chat.company_id, channel="sms", address=former)
        event = consents.record(consent, EventKind.OPTED_IN, words="START", source=Source.MESSAGE, details={})
        receiving.announce_consent(event, channel="sms", conversation_ids=set(), heard_in=None)
    # then
    hold.refresh_from_db()
    assert hold.outcome == HoldOutcome.LIFTED
    assert request_of(hold).version > before
    assert Conversation.objects.get(pk=chat.pk).version == request_of(hold).version
