"""The same thing twice, or fifty times at once, is one thing; and each reply finds its conversation."""

import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from channels_sms.models import Route, SenderNumber
from inbox.models import Conversation, DeliveryAttempt, Direction, Message, StatusReport, UnmatchedReply
from inbox.outcomes import Reason, Refused, Sent
from inbox.rules import Status
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, on_the_wire, until
from tests.flows.faults import CHANNELS, Clicks, Texting, all_settled, at_once, texting
from twilio_gateway.models import WebhookRequest, WebhookState


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("channel", CHANNELS)
def test_fifty_identical_webhooks_at_once_give_one_message(a: Builders, simulator: Simulator, channel: str) -> None:
    # given
    [chat] = texting(a, simulator, channel=channel)
    chat.send("Can you come?")
    # when
    answer = chat.says("I can", times=50, parallel=True)
    # then each is answered, and the text is there once
    assert Counter(each["status"] for each in answer["answers"]) == {200: 50}
    assert chat.heard() == ["I can"]
    # and also days later
    WebhookRequest.objects.filter(key=answer["sid"]).update(received_at=timezone.now() - timedelta(days=9))
    assert chat.says("I can", sid=answer["sid"])["answers"][0]["status"] == 200
    assert chat.heard() == ["I can"]


@pytest.mark.requirement("I3", "I6")
@pytest.mark.parametrize("channel", CHANNELS)
def test_fifty_identical_stops_at_once_are_one_opt_out(a: Builders, simulator: Simulator, channel: str) -> None:
    # given
    [chat] = texting(a, simulator, channel=channel)
    chat.send("Can you come?")
    # when
    assert {each["status"] for each in chat.says("STOP", times=50, parallel=True)["answers"]} == {200}
    # then
    assert chat.heard() == ["STOP"]
    assert chat.conversation.messages.filter(direction=Direction.NOTE).count() == 1
    assert chat.consent.events.filter(kind="opted out").count() == 1


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("channel", CHANNELS)
def test_an_unknown_text_repeated_at_once_is_kept_once(a: Builders, simulator: Simulator, channel: str) -> None:
    # given a phone that nobody wrote to
    company = a.company(texts_by_whatsapp=True)
    sms, whatsapp = SenderNumber.objects.get(company=company), a.whatsapp_sender(company)
    ours = sms.number if channel == "sms" else whatsapp.number
    stranger = a.person(company).phone
    # when
    answer = simulator.text(
        "Hello?",
        sender=on_the_wire(channel, stranger),
        recipient=on_the_wire(channel, ours),
        times=20,
        parallel=True,
    )
    # then
    assert {each["status"] for each in answer["answers"]} == {200}
    assert UnmatchedReply.objects.get(sender=stranger).company_id == company.pk


@pytest.mark.requirement("I1", "I3")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_double_click_and_a_second_tab_give_one_message(
    a: Builders, stack: Stack, simulator: Simulator, channel: str
) -> None:
    # given two tabs with the same draft
    [chat] = texting(a, simulator, channel=channel)
    tabs = [Clicks(stack, chat.user), Clicks(stack, chat.user)]
    token = uuid.uuid4()
    # when both are clicked, again and again, at the same time
    answers = at_once(lambda tab: tab.send(chat.conversation, "Hello", token=token, channel=channel), tabs * 8)
    # then each is told that it is sent, and it is there once
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.headers["location"].partition("#")[2] for answer in answers} == {f"m{chat.sent.get().pk}"}
    all_settled(chat.sent)
    assert chat.received() == chat.handed_over() == ["Hello"]
    # and other words from the same draft are refused, not lost
    refused = tabs[0].send(chat.conversation, "Other words", token=token, channel=channel)
    assert refused.status_code == 422
    assert "Other words" in refused.text
    assert list(chat.statuses()) == ["Hello"]


@pytest.mark.requirement("I1", "O4")
@pytest.mark.parametrize("channel", CHANNELS)
def test_send_again_clicked_twice_sends_once(a: Builders, stack: Stack, simulator: Simulator, channel: str) -> None:
    # given a text that was never confirmed
    [chat] = texting(a, simulator, channel=channel)
    chat.fault(answer={"type": "reset", "taken": False})
    sent = chat.send("Lost")
    all_settled([sent])
    assert sent.status == Status.UNKNOWN
    # when
    clicks = Clicks(stack, chat.user)
    answers = at_once(lambda _: clicks.again(sent).status_code, range(8))
    # then one of them counts, and the others are told that it is on its way
    assert Counter(answers) == {302: 1, 422: 7}
    all_settled([sent])
    assert chat.received() == ["Lost"]
    assert sent.attempts.count() == 2


@pytest.mark.requirement("I1", "I4")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_callback_before_the_answer_to_the_call_is_kept(a: Builders, simulator: Simulator, channel: str) -> None:
    # given a provider that calls back before it answers
    [chat] = texting(a, simulator, channel=channel)
    rule = chat.fault(answer={"type": "hold", "taken": True}, callbacks={"early": True})
    # when
    sent = chat.send("Hello")
    until(lambda: chat.statuses()["Hello"] == Status.DELIVERED, why="the callback doesn't wait for the answer")
    simulator.control("POST", "release", rule=rule)
    # then it stays so, and the attempt knows the provider's id
    until(lambda: sent.attempts.exclude(provider_id="").exists())
    all_settled([sent])
    assert sent.status == Status.DELIVERED
    assert chat.handed_over() == ["Hello"]


@pytest.mark.requirement("I4")
@pytest.mark.parametrize("channel", CHANNELS)
def test_callbacks_reversed_repeated_and_parallel_end_right(a: Builders, simulator: Simulator, channel: str) -> None:
    # given
    reversed_, repeated, failed = chats = texting(a, simulator, how_many=3, channel=channel)
    reversed_.fault(callbacks={"order": "reversed"})
    repeated.fault(callbacks={"times": 4})
    failed.fault(outcome={"status": "undelivered", "code": 30003}, callbacks={"order": "reversed", "times": 3})
    # when
    sent = [chat.send("Hello") for chat in chats]
    all_settled(sent)
    until(lambda: StatusReport.objects.filter(attempt__message__in=sent).count() == 6)
    for chat, message in zip(chats, sent, strict=True):
        sid = message.attempts.get().provider_id
        for late in ("queued", "sending", "sent", "failed"):
            simulator.control("POST", "callback", message_sid=sid, status=late, times=5, parallel=True)
        assert chat.handed_over() == ["Hello"]
    # then
    for message in sent:
        message.refresh_from_db()
    assert [message.status for message in sent] == [Status.DELIVERED, Status.DELIVERED, Status.FAILED]
    assert failed.sent.get().attempts.get().error_code == 30003


@pytest.mark.requirement("I4")
def test_a_callback_about_an_unknown_text_is_kept_aside(a: Builders, simulator: Simulator) -> None:
    # given a text that the provider knows and we don't: its reference was forgotten
    [chat] = texting(a, simulator)
    sent = chat.send("Hello")
    all_settled([sent])
    attempt = sent.attempts.get()
    DeliveryAttempt.objects.filter(pk=attempt.pk).update(uuid=uuid.uuid4(), provider_id="")
    # when
    answer = simulator.control("POST", "callback", message_sid=attempt.provider_id, status="read")
    # then
    assert [each["status"] for each in answer["answers"]] == [200]
    kept = WebhookRequest.objects.get(key__contains=f"{attempt.provider_id} read")
    assert (kept.state, kept.parameters["MessageStatus"]) == (WebhookState.ASIDE, "read")


@pytest.mark.requirement("Q6", "I7")
def test_two_conversations_with_one_phone_stay_apart_on_two_numbers(a: Builders, simulator: Simulator) -> None:
    # given one person with three applications, at a company with two numbers
    maya = a.user(company=a.company(sender_countries=("US", "US")))
    assert maya.company is not None
    person = a.person(maya.company)
    chats = [Texting(maya, a.conversation(team=[maya], person=person), "", simulator) for _ in range(3)]
    # when Maya writes in two of them
    sent = [chat.send(f"About job {number}") for number, chat in enumerate(chats[:2])]
    all_settled(sent)
    assert len({message.sender for message in sent}) == 2
    # then each answer is in the conversation that it answers
    for number in (1, 0):
        simulator.text(f"Answer {number}", sender=person.phone, recipient=sent[number].sender)
    assert [chat.heard() for chat in chats] == [["Answer 0"], ["Answer 1"], []]
    # and the third is refused with words, not misrouted
    refusal = chats[2].try_to_send("About job 2")
    assert isinstance(refusal, Refused)
    assert refusal.reason == Reason.NO_SENDER
    assert "No sending number is free" in refusal.sentence
    assert chats[2].statuses() == {}
    # and each keeps its number for as long as it lives
    assert chats[0].send("Again").sender == sent[0].sender


@pytest.mark.requirement("Q6", "I7")
def test_first_texts_at_the_same_time_never_share_a_number(a: Builders, stack: Stack, simulator: Simulator) -> None:
    # given six people with four applications each, at a company with three numbers
    maya = a.user(company=a.company(sender_countries=("US", "US", "US")))
    assert maya.company is not None
    people = [a.person(maya.company) for _ in range(6)]
    chats = [Texting(maya, a.conversation(team=[maya], person=one), "", simulator) for one in people for _ in range(4)]
    # when Maya writes in all of them at once
    outcomes = at_once(lambda chat: chat.try_to_send("Hello"), chats)
    # then each phone is texted from three numbers, and the fourth is told that none is free
    for start in range(0, len(chats), 4):
        of_one = outcomes[start : start + 4]
        sent = [outcome.message for outcome in of_one if isinstance(outcome, Sent)]
        assert len({message.sender for message in sent}) == len(sent) == 3
        assert [outcome.reason for outcome in of_one if isinstance(outcome, Refused)] == [Reason.NO_SENDER]
        all_settled(sent)
    assert Route.objects.filter(conversation__company=maya.company).count() == 18
    assert Message.objects.filter(conversation__in=Conversation.objects.filter(company=maya.company)).count() == 18
