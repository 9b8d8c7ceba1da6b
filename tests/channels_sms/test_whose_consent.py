"""Consent belongs to a company, a channel and a number, and only the person lifts an opt-out (O10, O13)."""

import pytest
from django.test import Client

from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing
from candidates.contact import change_contact
from candidates.models import Consent
from inbox.models import Kind, UnmatchedReply
from inbox.outcomes import Reason, Refused
from tests import steps
from tests.builders import HISTORY, Builders, new_number
from tests.conftest import Twilio


@pytest.mark.requirement("O10")
def test_a_stop_on_one_record_locks_them_all_whichever_number_was_used(a: Builders, twilio: Twilio) -> None:
    # given Anna has two applications, each texted from a number of its own
    company = a.company(sender_countries=["US", "US"])
    maya = a.user(company=company)
    anna = a.person(company)
    first, second = (a.conversation(team=[maya], person=anna, sms="opted in") for _ in range(2))
    numbers = {steps.our_number(first), steps.our_number(second)}
    assert len(numbers) == 2
    # when
    steps.says(twilio, first, "Stop")
    # then
    for chat in (first, second):
        outcome = steps.try_to_write(chat, maya)
        assert isinstance(outcome, Refused)
        assert outcome.reason == Reason.OPTED_OUT
        assert chat.messages.filter(kind=Kind.OPTED_OUT).count() == 1, "the change shows in each conversation (O6)"
    assert [m.body for m in second.messages.exclude(kind=Kind.OPTED_OUT)] == [], "the text itself is in the one"
    # and a START to the other number opens both
    steps.says(twilio, second, "Start")
    assert {steps.standing(chat) for chat in (first, second)} == {Standing.OPTED_IN}


@pytest.mark.requirement("O10", "I7")
def test_a_stop_to_a_number_of_ours_that_never_texted_her_counts(a: Builders, twilio: Twilio) -> None:
    # given
    company = a.company(sender_countries=["US", "DE"])
    chat = a.conversation(team=[a.user(company=company)], sms="opted in")
    used = steps.our_number(chat)
    other = next(number for number in a.numbers if number != used)
    # when
    steps.says(twilio, chat, "Stop", to=other)
    # then
    assert steps.standing(chat) == Standing.OPTED_OUT
    assert UnmatchedReply.objects.get(sender=chat.person.phone).company_id == company.pk
    assert [message.kind for message in chat.messages.all()] == [Kind.OPTED_OUT]


@pytest.mark.requirement("O10", "A4", "I7")
def test_another_company_hears_nothing_of_it(a: Builders, twilio: Twilio) -> None:
    # given two companies text the same phone
    here = a.conversation(team=[a.user()], sms="opted in")
    colleague = a.user()
    assert colleague.company
    there = a.conversation(team=[colleague], phone=here.person.phone, sms="opted in")
    assert there.person.phone == here.person.phone
    # when
    steps.says(twilio, here, "Stop")
    # then
    assert steps.standing(here) == Standing.OPTED_OUT
    assert steps.standing(there) == Standing.OPTED_IN
    assert not there.messages.exists()
    assert steps.write(there, colleague)


@pytest.mark.requirement("O10", "P3")
def test_another_address_starts_without_consent_and_the_old_one_keeps_its_own(a: Builders) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    old = chat.person.phone
    # when
    change_contact(chat.person, phone_typed=new_number(), email="")
    # then
    chat.refresh_from_db()
    assert steps.standing(chat) == Standing.NOTHING
    outcome = steps.try_to_write(chat, maya)
    assert isinstance(outcome, Refused)
    assert outcome.reason == Reason.NO_CONSENT
    # and back again, the old consent is there
    change_contact(chat.person, phone_typed=old, email="")
    assert steps.standing(chat) == Standing.OPTED_IN


@pytest.mark.requirement("O10", "O14")
def test_a_stop_from_an_unknown_number_is_remembered_for_that_company(a: Builders, twilio: Twilio) -> None:
    # given
    company, other_company = a.company(), a.company()
    phone, ours = new_number(), a.numbers[0]
    # when
    assert twilio.text(sender=phone, recipient=ours, body="STOP", sid=steps.new_sid()) == 200
    # then
    assert consents.standing_of(company_id=company.pk, channel="sms", address=phone) == Standing.OPTED_OUT
    assert not Consent.objects.filter(company=other_company).exists()
    assert UnmatchedReply.objects.get(sender=phone).body == "STOP"
    # and a form that is filled in later doesn't lift it
    maya = a.user(company=company)
    chat = a.conversation(team=[maya], phone=phone, sms="nothing")
    consent = consents.locked(company_id=company.pk, channel="sms", address=phone)
    consents.record(consent, EventKind.FIRST_CONSENT, words="I agree", source=Source.FORM, details={})
    outcome = steps.try_to_invite(chat, maya)
    assert isinstance(outcome, Refused)
    assert outcome.reason == Reason.OPTED_OUT


@pytest.mark.requirement("O14", "I7")
@pytest.mark.parametrize("sender", ["32665", "AMZN", "whatsapp:+14155550142", "", "+1", "anonymous"])
def test_a_sender_that_is_no_phone_number_has_no_consent(a: Builders, twilio: Twilio, sender: str) -> None:
    company = a.company()
    assert twilio.text(sender=sender, recipient=a.numbers[0], body="STOP", sid=steps.new_sid()) == 200
    assert not Consent.objects.filter(company=company).exists()
    assert UnmatchedReply.objects.get(company=company).sender == sender


@pytest.mark.requirement("O13")
@pytest.mark.parametrize("kind", [EventKind.FIRST_CONSENT, EventKind.INVITED])
def test_no_form_import_or_invitation_lifts_an_opt_out(a: Builders, kind: EventKind) -> None:
    chat = a.conversation(team=[a.user()], sms="opted out")
    for source in (Source.FORM, Source.USER):
        consents.record(steps.consent_of(chat), kind, words="I agree", source=source, details={"ip": "192.0.2.1"})
        assert steps.standing(chat) == Standing.OPTED_OUT


@pytest.mark.requirement("O13", "P3", "F6")
def test_no_click_of_a_user_lifts_an_opt_out(a: Builders, client: Client) -> None:
    # given
    maya = a.user(is_company_admin=True)
    chat = a.conversation(team=[maya], sms="opted out")
    client.force_login(maya)
    record = chat.record
    there, and_back = new_number(), chat.person.phone_typed
    # when she tries whatever the pages have
    client.post(f"/conversations/{chat.pk}/invite/sms/")
    client.post(f"/conversations/{chat.pk}/send/sms/", {"body": "START"})
    for phone in (there, "", and_back):
        client.post(record.contact_url(), {"phone": phone, "email": "anna@example.com"})
    # then
    assert steps.standing(chat) == Standing.OPTED_OUT
    assert steps.consent_of(chat).events.count() == len(HISTORY["opted out"])
    assert not chat.messages.exists()
    page = client.get(record.messages_url()).content.decode()
    assert "opted out of SMS" in page
    assert "Write an email" in page
    assert 'name="body"' not in page


@pytest.mark.requirement("O13")
@pytest.mark.parametrize(
    ("verdict", "body", "state", "becomes"),
    [
        ("STOP", "arrêtez tout", "opted in", Standing.OPTED_OUT),
        ("stop", "no more of this", "invited", Standing.OPTED_OUT),
        ("START", "ja bitte", "opted out", Standing.OPTED_IN),
        ("START", "stop", "opted out", Standing.OPTED_IN),
        ("STOP", "yes", "invited", Standing.OPTED_OUT),
        ("HELP", "help", "opted in", Standing.OPTED_IN),
        ("", "stop", "opted in", Standing.OPTED_OUT),
        ("SOMETHING NEW", "stop", "opted in", Standing.OPTED_OUT),
    ],
)
def test_the_providers_own_verdict_wins(
    a: Builders, twilio: Twilio, verdict: str, body: str, state: str, becomes: Standing
) -> None:
    chat = a.conversation(team=[a.user()], sms=state)
    steps.says(twilio, chat, body, OptOutType=verdict)
    assert steps.standing(chat) == becomes
    newest = steps.consent_of(chat).events.order_by("-pk").first()
    assert newest
    if becomes != state:
        assert (newest.words, newest.details.get("opt_out_type", "")) == (body, verdict)
