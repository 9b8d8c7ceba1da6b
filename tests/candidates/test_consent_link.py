"""The consent link (O15), and taking consent back without the phone (O11, O13)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.consent_rules import Standing
from candidates.models import ConsentLink, ContactProposal, Purpose, Record, Submission
from candidates.public import consent_texts, links, withdrawals
from inbox import delivery
from inbox.models import Conversation
from tests import steps
from tests.builders import Builders, new_number
from tests.candidates import form_steps as forms
from tests.conftest import Twilio


def posted(record: Record, *ticked: Purpose, phone: str) -> dict[str, str]:
    company = record.candidate.company
    fields = {"phone": phone}
    for purpose in consent_texts.purposes_of(company):
        fields[f"text_{purpose.value}"] = str(consent_texts.current(company, purpose, "en").pk)
    return fields | {f"agree_{purpose.value}": "on" for purpose in ticked}


@pytest.fixture
def chat(a: Builders) -> Conversation:
    """A candidate who agreed to nothing, and whose team is a reader without a seat."""
    company = forms.company_with(a, "separated")
    return a.conversation(team=[a.user(company=company, seat=False)], sms="nothing")


@pytest.fixture
def address(chat: Conversation) -> str:
    """Of the page behind the link, as it was mailed."""
    maya = chat.record.team.get()
    assert isinstance(links.ask_for_consent(chat.record, by=maya), ConsentLink)
    return forms.link_in(forms.mails_to(chat.person.email)[-1])


@pytest.mark.requirement("O15")
def test_who_agrees_by_the_link_has_given_first_consent_once(chat: Conversation, address: str, client: Client) -> None:
    # given mail programs that look at every link
    for _ in range(3):
        page = client.get(address).content.decode()
        client.head(address)
    assert f'value="{chat.person.phone_typed}"' in page
    assert "checked" not in page
    assert steps.standing(chat) == Standing.NOTHING
    # when
    answer = client.post(address, posted(chat.record, Purpose.SMS, Purpose.PRIVACY, phone=chat.person.phone))
    # then
    assert answer.status_code == 302
    assert steps.standing(chat) == Standing.FIRST_CONSENT
    (event,) = forms.ledger(chat.company)
    assert event.details["form"] == "link"
    assert event.text is not None
    assert "Thank you" in client.get(answer.headers["Location"]).content.decode()
    # and it is used up
    again = client.post(address, posted(chat.record, Purpose.WHATSAPP, Purpose.PRIVACY, phone=chat.person.phone))
    assert again.status_code == 410
    assert "ask for a new link" in client.get(address).content.decode()
    assert len(forms.ledger(chat.company)) == 1


@pytest.mark.requirement("O15")
def test_a_refused_answer_does_not_use_the_link_up(chat: Conversation, address: str, client: Client) -> None:
    for fields in (
        posted(chat.record, Purpose.PRIVACY, phone=chat.person.phone),
        posted(chat.record, Purpose.SMS, phone=chat.person.phone),
        posted(chat.record, Purpose.SMS, Purpose.PRIVACY, phone=""),
        posted(chat.record, Purpose.SMS, Purpose.PRIVACY, phone="12 CALL"),
    ):
        answer = client.post(address, fields)
        assert answer.status_code == 422
        assert "Not sent yet" in answer.content.decode()
    assert ConsentLink.objects.get().used_at is None
    assert not Submission.objects.exists()


@pytest.mark.requirement("P3", "O10")
def test_another_number_gets_the_consent_and_is_proposed(chat: Conversation, address: str, client: Client) -> None:
    old, new = chat.person.phone, new_number("GB")
    client.post(address, posted(chat.record, Purpose.SMS, Purpose.PRIVACY, phone=new))
    assert steps.standing(chat) == Standing.NOTHING
    assert [event.consent.address for event in forms.ledger(chat.company)] == [new]
    assert ContactProposal.objects.get().value == new
    chat.person.refresh_from_db()
    assert chat.person.phone == old


def test_a_link_ends_with_time_and_with_the_email_that_it_went_to(
    chat: Conversation, address: str, client: Client
) -> None:
    ConsentLink.objects.update(expires_at=timezone.now())
    assert client.get(address).status_code == 410
    ConsentLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert client.get(address).status_code == 200
    chat.person.email = "corrected@example.com"
    chat.person.save()
    assert client.get(address).status_code == 410
    assert client.get(reverse("consent-link", args=["x" * 43])).status_code == 404


def test_only_the_digest_of_a_link_is_kept(address: str) -> None:
    token = address.strip("/").split("/")[-1]
    assert token.encode() not in bytes(ConsentLink.objects.get().digest)


@pytest.mark.requirement("O15", "A2", "A4")
def test_any_member_of_the_team_asks_at_most_thrice_a_week(a: Builders, chat: Conversation, client: Client) -> None:
    # given
    reader = chat.record.team.get()
    ask = reverse("application-ask-consent", args=[chat.application_id])
    client.force_login(a.user(company=chat.company))
    assert client.post(ask).status_code == 404
    client.force_login(reader)
    page = client.get(chat.record.messages_url()).content.decode()
    assert "Ask for consent by email" in page
    # when
    for _ in range(4):
        assert client.post(ask).headers["Location"] == chat.record.messages_url()
    # then
    assert len(forms.mails_to(chat.person.email)) == 3
    page = client.get(chat.record.messages_url()).content.decode()
    assert "Maya Chen asked by email on" in page
    assert "The next email is possible on" in page
    assert "Ask for consent by email" not in page
    # and a week later again
    ConsentLink.objects.update(sent_at=timezone.now() - links.WEEK)
    client.post(ask)
    assert len(forms.mails_to(chat.person.email)) == 4


@pytest.mark.requirement("O15")
def test_without_an_email_address_the_lock_says_what_helps(a: Builders, client: Client) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="nothing")
    chat.person.email = ""
    chat.person.save()
    client.force_login(maya)
    page = client.get(chat.record.messages_url()).content.decode()
    assert "add an address with Edit Contact Info" in page
    assert "Ask for consent by email" not in page
    assert isinstance(links.ask_for_consent(chat.record, by=maya), links.NotAsked)


# Taking it back


def my_page(submission: Submission) -> str:
    return forms.link_in(forms.mails_to(submission.email)[-1])


def applied(a: Builders, **fields: str) -> tuple[Conversation, Submission]:
    """She applied with both boxes; the team has looked at her Messages."""
    company = forms.company_with(a, "separated")
    maya = a.user(company=company)
    job = forms.job_of(company)
    job.team.add(maya)
    submission = forms.apply(job, Purpose.SMS, Purpose.WHATSAPP, Purpose.PRIVACY, phone=new_number(), **fields)
    conversation = Conversation.objects.create(company=company, application=submission.application)
    return Conversation.objects.with_record().get(pk=conversation.pk), submission


@pytest.mark.requirement("O11", "O13")
def test_who_takes_the_consent_back_is_not_texted_and_the_team_sees_it(a: Builders, client: Client) -> None:
    # given
    chat, submission = applied(a)
    page = my_page(submission)
    assert client.get(page).content.decode().count("<form") == 2
    assert steps.standing(chat) == Standing.FIRST_CONSENT
    # when
    client.post(page, {"channel": "sms"})
    # then
    assert steps.standing(chat) == Standing.NOTHING
    event = forms.ledger(chat.company)[-1]
    assert (event.kind, event.words) == ("withdrawn", "Withdraw my consent to SMS")
    assert event.details["ip"] == "127.0.0.1"
    assert "Nothing is agreed to" in client.get(page).content.decode()
    # and it changed nothing on the other channel
    assert [event.consent.channel for event in forms.ledger(chat.company)] == ["sms", "whatsapp", "sms"]
    # and the thread says it
    client.force_login(chat.record.team.get())
    thread = client.get(chat.record.messages_url()).content.decode()
    assert "took the consent to SMS back" in thread
    assert "No consent to text" in thread
    assert "took the consent to texts back" in client.get(reverse("tray")).content.decode()


@pytest.mark.requirement("O13")
def test_taking_it_back_after_the_yes_is_an_opt_out_that_no_form_lifts(
    a: Builders, twilio: Twilio, client: Client
) -> None:
    # given
    chat, submission = applied(a)
    maya = chat.record.team.get()
    waiting = steps.invite(chat, maya)
    steps.says(twilio, chat, "Yes")
    assert steps.standing(chat) == Standing.OPTED_IN
    # when
    client.post(my_page(submission), {"channel": "sms"})
    # then
    assert steps.standing(chat) == Standing.OPTED_OUT
    forms.apply(chat.record.group, Purpose.SMS, phone=chat.person.phone, email=chat.person.email)
    assert steps.standing(chat) == Standing.OPTED_OUT
    # but the phone does
    steps.says(twilio, chat, "Start")
    assert steps.standing(chat) == Standing.OPTED_IN
    assert waiting.pk


@pytest.mark.requirement("O13", "I2")
def test_an_invitation_on_its_way_does_not_go_out_after_it_was_taken_back(a: Builders, client: Client) -> None:
    chat, submission = applied(a)
    invitation = steps.invite(chat, chat.record.team.get())
    client.post(my_page(submission), {"channel": "sms"})
    assert delivery.claim(invitation.pk) is None
    invitation.refresh_from_db()
    assert invitation.status == "canceled"


@pytest.mark.requirement("O13")
def test_a_stranger_who_typed_her_number_can_not_close_what_her_phone_opened(a: Builders, client: Client) -> None:
    # given her number, confirmed from her phone
    company = forms.company_with(a, "separated")
    chat = a.conversation(team=[a.user(company=company)], sms="opted in")
    stranger = forms.apply(forms.job_of(company), Purpose.SMS, phone=chat.person.phone)
    # when
    page = my_page(stranger)
    assert "text STOP from that phone" in client.get(page).content.decode()
    client.post(page, {"channel": "sms"})
    # then
    assert steps.standing(chat) == Standing.OPTED_IN
    # nor one who gives an email of hers that we know, with another number
    own = forms.apply(forms.job_of(company), Purpose.SMS, phone=new_number(), email=chat.person.email)
    client.post(my_page(own), {"channel": "sms"})
    assert steps.standing(chat) == Standing.OPTED_IN


def test_a_link_that_was_tampered_with_is_nowhere(a: Builders, client: Client) -> None:
    _chat, submission = applied(a)
    page = my_page(submission)
    assert client.get(page[:-2] + "x/").status_code == 404
    assert client.get(reverse("my-consent", args=[str(submission.uuid)])).status_code == 404
    assert not withdrawals.withdraw(submission, "email", ip=None)


@pytest.mark.requirement("O10", "O6")
def test_taking_it_back_locks_every_record_with_that_number(a: Builders, client: Client) -> None:
    chat, submission = applied(a)
    other = a.conversation(team=[a.user(company=chat.company)], phone=chat.person.phone, sms="first consent")
    before = other.version
    client.post(my_page(submission), {"channel": "sms"})
    other.refresh_from_db()
    assert other.version > before
    assert other.messages.get().kind == "opted out"


def test_many_tries_at_a_link_are_slowed_down(address: str, client: Client) -> None:
    cache.clear()
    answers = [client.post(address, {}).status_code for _ in range(121)]
    assert answers[-1] == 429
