"""The window in the product: what may go when, judged by committed messages, and again at the hand-over (W1-W5)."""

import pytest

from accounts.models import Company
from candidates.consent_rules import Standing
from channels_whatsapp.models import Template, TemplateState
from inbox import delivery, sending, unmatched
from inbox.channels import Locked, Reachable
from inbox.models import Kind, Notice, NoticeKind, UnmatchedReply
from inbox.outcomes import Accepted, Reason, Refused, Rejected
from inbox.rules import Status
from tests import steps
from tests.builders import Builders
from tests.channels_whatsapp import steps as wa
from tests.conftest import Twilio


@pytest.fixture
def company(a: Builders) -> Company:
    a.whatsapp_sender()
    return a.company(texts_by_whatsapp=True, name="Northwind Robotics")


def lock(reach: object) -> Locked:
    assert isinstance(reach, Locked), reach
    return reach


@pytest.mark.requirement("W1", "W2", "W3", "W4", "F5", "N1")
def test_only_the_invitation_goes_until_she_answers_and_then_free_text_for_a_day(
    a: Builders, twilio: Twilio, company: Company
) -> None:
    # given Sophie ticked the box and has never written
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya], name="Sophie Dekker")
    shut = lock(wa.reach(chat))
    assert (shut.reason, shut.is_opted_in) == (Reason.WINDOW_CLOSED, True)
    assert shut.preview.startswith("SmartRecruiters would like to reach you on behalf of Northwind Robotics about ")
    refused = wa.try_to_write(chat, maya)
    assert isinstance(refused, Refused)
    assert refused.reason == Reason.WINDOW_CLOSED

    # when Maya invites her, then the words are a template's, and it is waited for
    invitation = wa.invite(chat, maya)
    assert invitation.kind == Kind.INVITATION
    assert invitation.handover["variables"] == {"1": "Northwind Robotics", "2": "Field Engineer"}
    assert lock(wa.reach(chat)).reason == Reason.AWAITING_REPLY

    # when she answers, then free texting is open, and Maya hears of it
    wa.says(twilio, chat, "Sure, what is it about?")
    reach = wa.reach(chat)
    assert isinstance(reach, Reachable)
    assert reach.is_opted_in
    assert reach.open_until is not None
    assert Notice.objects.get(user=maya).kind == NoticeKind.ANSWERED
    sent = wa.write(chat, maya, "A robot!")
    assert sent.body == "Northwind Robotics: A robot!"

    # and a day later it is shut again
    wa.hours_pass(chat, 24)
    assert lock(wa.reach(chat)).reason == Reason.WINDOW_CLOSED


@pytest.mark.requirement("W2", "I5")
def test_a_text_that_the_window_shut_on_is_kept_and_goes_after_the_answer(
    a: Builders, twilio: Twilio, company: Company
) -> None:
    # given a text that waits for a worker when the day is over
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya])
    wa.open_window(twilio, chat, maya)
    message = wa.write(chat, maya)
    wa.hours_pass(chat, 24)

    # when a worker takes it, then it is not sent, and says why
    assert delivery.claim(message.pk) is None
    message.refresh_from_db()
    assert (message.status, message.refusal) == (Status.CANCELED, Reason.WINDOW_CLOSED)

    # and once she has written, Maya sends it with a click, once
    assert isinstance(sending.send_again(message_id=message.pk, author=maya), Refused)
    wa.says(twilio, chat, "I am back")
    assert not isinstance(sending.send_again(message_id=message.pk, author=maya), Refused)
    message.refresh_from_db()
    steps.hand_over(message, Accepted(steps.new_sid(), "sent"))
    message.refresh_from_db()
    assert message.status == Status.SENT
    assert isinstance(sending.send_again(message_id=message.pk, author=maya), Refused)


@pytest.mark.requirement("O2", "W2", "F5")
def test_who_writes_first_may_be_answered_within_the_window_and_that_is_no_consent(
    a: Builders, twilio: Twilio, company: Company
) -> None:
    # given Anna never agreed, and writes on her own account to the company's own sender
    a.whatsapp_sender(company)
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya], whatsapp="nothing")
    assert lock(wa.reach(chat)).reason == Reason.NO_CONSENT
    wa.says(twilio, chat, "Is the job still open?")

    # when the admin puts it into her conversation
    stray = UnmatchedReply.objects.get(company=company)
    assert unmatched.attach(stray, chat, by=maya)

    # then it may be answered, without the check mark
    reach = wa.reach(chat)
    assert isinstance(reach, Reachable)
    assert not reach.is_opted_in
    wa.write(chat, maya, "It is!")
    # and what she writes next comes here by itself
    wa.says(twilio, chat, "Great")
    assert list(chat.messages.filter(direction="in").values_list("body", flat=True)) == [
        "Is the job still open?",
        "Great",
    ]
    # and after a day nothing may go, not even the invitation
    wa.hours_pass(chat, 24)
    assert lock(wa.reach(chat)).reason == Reason.NO_CONSENT
    assert isinstance(wa.try_to_invite(chat, maya), Refused)


@pytest.mark.requirement("O12", "I2")
def test_stop_locks_and_start_opens_and_yes_is_an_ordinary_word(a: Builders, twilio: Twilio, company: Company) -> None:
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya])
    wa.invite(chat, maya)
    wa.says(twilio, chat, "Yes")
    assert wa.standing(chat) == Standing.INVITED
    waiting = wa.write(chat, maya)
    wa.says(twilio, chat, " stop! ")
    assert wa.standing(chat) == Standing.OPTED_OUT
    assert lock(wa.reach(chat)).title == "Anna opted out of WhatsApp"
    assert delivery.claim(waiting.pk) is None
    wa.says(twilio, chat, "Start")
    assert wa.standing(chat) == Standing.OPTED_IN
    assert isinstance(wa.reach(chat), Reachable)


@pytest.mark.requirement("O8", "O16")
def test_silence_says_what_it_may_mean_and_invitations_have_a_limit(a: Builders, company: Company) -> None:
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya])
    for _ in range(3):
        wa.invite(chat, maya)
    waiting = lock(wa.reach(chat))
    assert "Silence may also mean that Anna has blocked the business" in str(waiting.text)
    assert "The next invitation is possible on" in str(waiting.text)
    assert isinstance(wa.try_to_invite(chat, maya), Refused)


@pytest.mark.requirement("O8")
def test_a_text_that_stays_at_sent_for_half_a_day_brings_the_hint(
    a: Builders, twilio: Twilio, company: Company
) -> None:
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya])
    wa.open_window(twilio, chat, maya)
    steps.hand_over(wa.write(chat, maya), Accepted(steps.new_sid(), "sent"))
    reach = wa.reach(chat)
    assert isinstance(reach, Reachable)
    assert not reach.hint
    wa.hours_pass(chat, 13)
    reach = wa.reach(chat)
    assert isinstance(reach, Reachable)
    assert "That may mean a block" in str(reach.hint)


@pytest.mark.requirement("W4")
def test_without_an_approved_invitation_none_goes_and_a_refused_one_is_told_to_the_admin(
    a: Builders, company: Company
) -> None:
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya])
    invitation = wa.invite(chat, maya, delivered=False)
    steps.hand_over(invitation, Rejected(63041))
    template = Template.objects.get(content_sid=invitation.handover["content_sid"])
    assert (template.state, "63041" in template.problem) == (TemplateState.PAUSED, True)
    assert "there is none" in str(lock(wa.reach(chat)).text)
    assert isinstance(wa.try_to_invite(chat, maya), Refused)


@pytest.mark.requirement("W2")
def test_whatsapp_s_own_refusal_shuts_the_window(a: Builders, twilio: Twilio, company: Company) -> None:
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya])
    wa.open_window(twilio, chat, maya)
    steps.hand_over(wa.write(chat, maya), Rejected(63016))
    assert lock(wa.reach(chat)).reason == Reason.WINDOW_CLOSED
    wa.says(twilio, chat, "Still here")
    assert isinstance(wa.reach(chat), Reachable)


@pytest.mark.requirement("W3", "W4")
def test_the_invitation_goes_out_in_her_language_where_it_is_approved(a: Builders) -> None:
    sender = a.whatsapp_sender()
    a.whatsapp_template(
        sender, "de", body="SmartRecruiters schreibt Ihnen für {company} wegen {about}. Bitte antworten."
    )
    company = a.company(texts_by_whatsapp=True, languages=["de", "en"], name="Nordwind")
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya])
    assert (
        lock(wa.reach(chat)).preview
        == "SmartRecruiters schreibt Ihnen für Nordwind wegen Field Engineer. Bitte antworten."
    )
