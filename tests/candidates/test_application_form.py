"""What an application form does to people, records and consent (O1, O2, O11, O13, P1, P3)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates import consents, records
from candidates.consent_rules import EventKind, Standing
from candidates.models import Application, Candidate, ConsentText, ContactProposal, Purpose, Submission
from candidates.public import consent_texts
from tests import steps
from tests.builders import Builders, new_number
from tests.candidates import form_steps as forms
from tests.conftest import Twilio

CHANNEL_OF = {Purpose.SINGLE: "sms", Purpose.SMS: "sms", Purpose.WHATSAPP: "whatsapp"}


@pytest.mark.requirement("O1", "O11")
def test_the_ledger_says_what_was_read_in_which_version_on_which_form_from_where_and_when(
    a: Builders, client: Client
) -> None:
    # given
    company = forms.company_with(a, "separated")
    ada = a.user(company=company, is_company_admin=True)
    consent_texts.publish(company, Purpose.SMS, "en", "Yes to texts.\nSTOP ends them.", by=ada)
    job, number = forms.job_of(company), new_number("DE")
    before = timezone.now()
    # when
    answer = forms.send(client, job, Purpose.SMS, Purpose.PRIVACY, phone=f" {number[:3]} ({number[3:5]}) {number[5:]} ")
    # then
    submission = Submission.objects.get(company=company)
    assert answer.headers["Location"] == reverse("receipt", args=[submission.uuid])
    (event,) = forms.ledger(company)
    assert (event.kind, event.source, event.words) == ("first consent", "form", "Yes to texts.\nSTOP ends them.")
    assert (event.consent.channel, event.consent.address) == ("sms", number)
    assert event.text is not None
    assert event.text.version == 2
    assert before <= event.at <= timezone.now()
    assert event.details == {
        "form": "application",
        "submission": str(submission.uuid),
        "ip": "127.0.0.1",
        "language": "en",
        "job": job.pk,
    }
    assert {text.purpose for text in submission.texts.all()} == {"sms", "privacy"}


@pytest.mark.requirement("O1", "O2")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    style=st.sampled_from(["single", "separated"]),
    by_sms=st.booleans(),
    by_whatsapp=st.booleans(),
    has_number=st.booleans(),
    ticked=st.sets(st.sampled_from(list(Purpose))),
    joins=st.booleans(),
)
def test_exactly_what_was_ticked_is_given_and_one_box_never_gives_whatsapp(
    a: Builders,
    style: str,
    by_sms: bool,
    by_whatsapp: bool,
    has_number: bool,
    ticked: set[Purpose],
    joins: bool,
) -> None:
    company = forms.company_with(a, style, texts_by_sms=by_sms, texts_by_whatsapp=by_whatsapp)
    group = forms.community_of(company) if joins else forms.job_of(company)
    boxes = ticked & set(consent_texts.purposes_of(company))
    number = new_number("FR") if has_number else ""
    # when
    forms.apply(group, *boxes, phone=number)
    # then
    given_channels = sorted(event.consent.channel for event in forms.ledger(company))
    assert given_channels == sorted(CHANNEL_OF[box] for box in boxes - {Purpose.PRIVACY} if has_number)
    assert all(event.kind == EventKind.FIRST_CONSENT for event in forms.ledger(company))
    if style == "single":
        assert "whatsapp" not in given_channels


@pytest.mark.requirement("O2")
def test_a_single_box_is_no_whatsapp_consent_even_for_a_form_that_claims_it(a: Builders, client: Client) -> None:
    company = forms.company_with(a, "single")
    whatsapp = consent_texts.current(company, Purpose.WHATSAPP, "en")
    # when
    forms.send(
        client,
        forms.job_of(company),
        Purpose.SINGLE,
        Purpose.WHATSAPP,
        phone=new_number(),
        text_whatsapp=str(whatsapp.pk),
    )
    # then
    assert [event.consent.channel for event in forms.ledger(company)] == ["sms"]


@pytest.mark.requirement("F4", "O1")
def test_boxes_are_those_of_the_company_and_never_ticked(a: Builders, client: Client) -> None:
    for style, fields, boxes in (
        ("single", {}, ["agree_single"]),
        ("separated", {}, ["agree_sms", "agree_whatsapp", "agree_privacy"]),
        ("separated", {"texts_by_whatsapp": False}, ["agree_sms", "agree_privacy"]),
        ("separated", {"has_smartmessage": False}, ["agree_privacy"]),
        ("single", {"has_smartmessage": False}, ["agree_privacy"]),
    ):
        page = client.get(forms.job_of(forms.company_with(a, style, **fields)).form_url()).content.decode()
        shown = [name for name in boxes if f'name="{name}"' in page]
        assert shown == boxes
        assert page.count('type="checkbox"') == len(boxes)
        assert "checked" not in page.split("<form", 1)[1]


@pytest.mark.requirement("P1")
def test_a_bad_number_is_refused_with_the_example_and_nothing_typed_is_lost(a: Builders, client: Client) -> None:
    company = forms.company_with(a, "separated", country="DE")
    # when
    answer = forms.send(
        client, forms.job_of(company), Purpose.SMS, Purpose.PRIVACY, phone="030 123487007", name="Ånna <b>"
    )
    # then
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The international code is missing. For Germany, write it like +49 30 123487007." in page
    assert 'value="030 123487007"' in page
    assert 'value="Ånna &lt;b&gt;"' in page
    assert page.count("checked") == 2
    assert not Submission.objects.exists()


def test_what_is_missing_is_said_in_one_place_and_the_first_field_has_the_focus(a: Builders, client: Client) -> None:
    job = forms.job_of(forms.company_with(a, "separated"))
    # when
    page = forms.send(client, job, Purpose.SMS, name="", email="no").content.decode()
    # then
    summary = page.split('role="alert"', 1)[1].split("</ul>", 1)[0]
    for sentence in ("write your name", "not an email address", "we need your number", "Please tick this box"):
        assert sentence in summary
    assert page.count("autofocus") == 1
    assert "autofocus" in page.split('id="id_name"', 1)[1].split(">", 1)[0]


@pytest.mark.requirement("P3")
def test_who_applies_again_is_one_candidate_and_what_differs_is_a_proposal(a: Builders) -> None:
    # given
    company = forms.company_with(a, "separated")
    first, second = forms.job_of(company), forms.job_of(company)
    old, new = new_number(), new_number("GB")
    forms.apply(first, Purpose.SMS, phone=old, email="Anna@Example.com", name="Anna Weiß")
    # when
    forms.apply(second, Purpose.SMS, phone=new, email="anna@example.com", name="Anna Black")
    forms.apply(second, Purpose.SMS, phone=old, email="ANNA@example.com", name="ANNA WEISS")
    # then
    anna = Candidate.objects.get(company=company)
    assert (anna.name, anna.phone) == ("Anna Weiß", old)
    assert Application.objects.filter(candidate=anna).count() == 2
    open_proposals = ContactProposal.objects.filter(candidate=anna, decided_at=None)
    assert set(open_proposals.values_list("field", "value")) == {("name", "Anna Black"), ("phone", new)}
    for number in (old, new):  # consent is of the number that was typed
        standing = consents.standing_of(company_id=company.pk, channel="sms", address=number)
        assert standing == Standing.FIRST_CONSENT


@pytest.mark.requirement("P3")
def test_a_number_is_filled_in_where_the_record_has_none(a: Builders) -> None:
    company = forms.company_with(a, "separated")
    forms.apply(forms.job_of(company), email="anna@example.com")
    number = new_number()
    forms.apply(forms.job_of(company), email="anna@example.com", phone=number)
    anna = Candidate.objects.get(company=company)
    assert anna.phone == number
    assert not ContactProposal.objects.filter(candidate=anna).exists()


def test_nobody_learns_whether_we_know_an_email(a: Builders, client: Client) -> None:
    # given
    company = forms.company_with(a, "separated")
    job = forms.job_of(company)
    forms.apply(job, email="known@example.com", name="Known Person", phone=new_number())
    # when
    known, new = (
        forms.send(client, job, Purpose.PRIVACY, email=f"{who}@example.com", name="Somebody Else")
        for who in ("known", "new")
    )
    # then
    assert known.status_code == new.status_code == 302
    pages = []
    for answer, who in ((known, "known"), (new, "new")):
        page = client.get(answer.headers["Location"]).content.decode()
        assert "Known Person" not in page
        pages.append(page.replace(f"{who}@example.com", "…"))
    assert pages[0] == pages[1]
    bodies = [forms.mails_to(f"{who}@example.com")[-1] for who in ("known", "new")]
    assert bodies[0].body == bodies[1].body
    assert bodies[0].subject == bodies[1].subject


@pytest.mark.requirement("O13")
def test_no_form_lifts_a_stop(a: Builders, client: Client) -> None:
    # given
    company = forms.company_with(a, "separated")
    maya = a.user(company=company)
    chat = a.conversation(team=[maya], sms="opted out")
    # when
    forms.send(client, forms.job_of(company), Purpose.SMS, Purpose.PRIVACY, phone=chat.person.phone)
    # then
    assert steps.standing(chat) == Standing.OPTED_OUT
    assert forms.ledger(company)[-1].kind == EventKind.FIRST_CONSENT


@pytest.mark.requirement("O10")
def test_consent_shows_on_every_open_page_of_that_number(a: Builders) -> None:
    company = forms.company_with(a, "separated")
    maya = a.user(company=company)
    hers, his = (a.conversation(team=[maya], sms="nothing") for _ in range(2))
    before = hers.version, his.version
    forms.apply(forms.job_of(company), Purpose.SMS, phone=hers.person.phone)
    for chat in (hers, his):
        chat.refresh_from_db()
    assert hers.version > before[0]
    assert his.version == before[1]


@pytest.mark.requirement("O10")
def test_the_same_number_at_two_companies_is_two_consents(a: Builders, twilio: Twilio) -> None:
    # given she applies at both, with one number
    number = new_number()
    chats = []
    for _ in range(2):
        company = forms.company_with(a, "separated")
        maya = a.user(company=company)
        chat = a.conversation(team=[maya], phone=number, sms="nothing")
        forms.apply(chat.record.group, Purpose.SMS, email=chat.person.email, name=chat.person.name, phone=number)
        steps.invite(chat, maya)
        chats.append(chat)
    one, other = chats
    steps.says(twilio, one, "Yes")
    assert (steps.standing(one), steps.standing(other)) == (Standing.OPTED_IN, Standing.INVITED)
    # when
    steps.says(twilio, other, "Yes")
    steps.says(twilio, one, "Stop")
    # then
    assert (steps.standing(one), steps.standing(other)) == (Standing.OPTED_OUT, Standing.OPTED_IN)
    assert [message.body for message in one.messages.filter(direction="in")] == ["Yes", "Stop"]
    assert [message.body for message in other.messages.filter(direction="in")] == ["Yes"]


@pytest.mark.requirement("O11")
def test_who_was_typing_while_new_words_came_has_agreed_to_those_she_saw(a: Builders, client: Client) -> None:
    # given
    company = forms.company_with(a, "separated")
    ada = a.user(company=company, is_company_admin=True)
    job = forms.job_of(company)
    posted = forms.answers(job, Purpose.SMS, Purpose.PRIVACY, phone=new_number())
    seen = consent_texts.current(company, Purpose.SMS, "en")
    consent_texts.publish(company, Purpose.SMS, "en", "New words.", by=ada)
    # when
    assert client.post(job.form_url(), posted).status_code == 302
    # then
    (event,) = forms.ledger(company)
    assert event.text == seen
    assert event.words == seen.words


@pytest.mark.requirement("O11")
def test_words_of_the_day_before_yesterday_are_shown_anew(a: Builders, client: Client) -> None:
    # given a page that lay open while two versions came
    company = forms.company_with(a, "separated")
    ada = a.user(company=company, is_company_admin=True)
    long_ago = timezone.now() - timedelta(days=9)
    old, newer = (
        company.consent_texts.create(
            purpose="sms", language="en", version=n, words=f"Version {n}", published_at=at, published_by=ada
        )
        for n, at in ((1, long_ago), (2, long_ago + timedelta(days=7)))
    )
    stranger = forms.texts_for(forms.company_with(a, "separated"), Purpose.SMS)[0]
    job = forms.job_of(company)
    for claimed in (str(old.pk), str(stranger.pk), "", "x", "9" * 30):
        # when
        answer = forms.send(client, job, Purpose.SMS, Purpose.PRIVACY, phone=new_number(), text_sms=claimed)
        # then
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "These words have changed" in page
        assert "Version 2" in page
        assert f'value="{newer.pk}"' in page
    assert forms.ledger(company) == []


@pytest.mark.requirement("O11")
def test_a_company_with_another_name_has_another_version_of_the_platforms_words(a: Builders) -> None:
    # given somebody has seen the platform's words
    company = a.company(name="Fir Labs")
    first = consent_texts.current(company, Purpose.SMS, "en")
    # when the company is renamed
    company.name = "Larch Labs"
    company.save()
    # then its forms name it rightly, and what was seen stays
    second = consent_texts.current(company, Purpose.SMS, "en")
    assert (first.version, second.version) == (1, 2)
    assert "Larch Labs" in second.words
    assert "Fir Labs" in ConsentText.objects.get(pk=first.pk).words
    assert consent_texts.current(company, Purpose.SMS, "en") == second


def test_who_applies_again_has_not_withdrawn_any_more(a: Builders) -> None:
    company = forms.company_with(a, "separated")
    job = forms.job_of(company)
    first = forms.apply(job, email="anna@example.com")
    records.set_withdrawn(first.record, is_withdrawn=True)
    second = forms.apply(job, email="ANNA@example.com")
    assert second.record == first.record
    assert Application.objects.get(pk=first.record.pk).withdrawn_at is None


def test_a_double_click_is_one_application_and_one_receipt(a: Builders, client: Client) -> None:
    company = forms.company_with(a, "separated")
    job = forms.job_of(company)
    posted = forms.answers(job, Purpose.SMS, Purpose.PRIVACY, phone=new_number())
    first, second = client.post(job.form_url(), posted), client.post(job.form_url(), posted)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(forms.mails_to(posted["email"])) == 1
    # but after the Back button she may say something else
    third = client.post(job.form_url(), {**posted, "agree_whatsapp": "on"})
    assert third.headers["Location"] != first.headers["Location"]
    assert [event.consent.channel for event in forms.ledger(company)] == ["sms", "sms", "whatsapp"]


def test_the_receipt_shows_what_this_form_said_and_for_a_day(a: Builders, client: Client) -> None:
    # given
    company = forms.company_with(a, "single")
    number = "+49 30 123487007"
    answer = forms.send(client, forms.job_of(company), Purpose.SINGLE, phone=number, email="anna@example.com")
    # when
    receipt = client.get(answer.headers["Location"])
    # then
    page = receipt.content.decode()
    assert "Message and data rates may apply." in page
    assert number in page
    assert "Reply STOP" in page
    assert receipt.headers["Cache-Control"] == "no-store"
    (mail,) = forms.mails_to("anna@example.com")
    for line in consent_texts.current(company, Purpose.SINGLE, "en").words.splitlines():
        assert line in mail.body
    # when a day has passed
    Submission.objects.filter(company=company).update(at=timezone.now() - timedelta(days=2))
    assert client.get(answer.headers["Location"]).status_code == 410
    assert number not in client.get(answer.headers["Location"]).content.decode()


def test_a_receipt_carries_no_words_of_whoever_filled_the_form_in(a: Builders) -> None:
    forms.apply(forms.job_of(forms.company_with(a, "separated")), name="Win at evil.example", email="v@example.com")
    (mail,) = forms.mails_to("v@example.com")
    assert "evil" not in mail.subject + mail.body


def test_a_closed_job_says_so_and_an_unknown_one_is_nowhere(a: Builders, client: Client) -> None:
    company = forms.company_with(a, "separated")
    job = forms.job_of(company, closed_at=timezone.now())
    for answer in (client.get(job.form_url()), forms.send(client, job, Purpose.PRIVACY)):
        assert answer.status_code == 410
        assert "takes no more applications" in answer.content.decode()
    assert client.get(reverse("apply", args=["no-such-job"])).status_code == 404
    assert not Submission.objects.exists()


def test_a_description_is_text_with_headings_and_lists_and_never_html(a: Builders, client: Client) -> None:
    words = "We pick <b>tomatoes</b>.\nAnd bulbs.\n\nWhat you will do:\n- Own a gripper\n\n- Write\n\nCome!"
    job = forms.job_of(forms.company_with(a, "separated"), description=words)
    page = client.get(job.form_url()).content.decode()
    prose = page.split('class="prose">', 1)[1].split("</article>", 1)[0]
    assert "We pick &lt;b&gt;tomatoes&lt;/b&gt;.<br>And bulbs." in prose
    assert "<h2>What you will do</h2>" in prose
    assert "<ul><li>Own a gripper</li><li>Write</li></ul>" in prose
    assert "<p>Come!</p>" in prose


@pytest.mark.requirement("P1", "P2")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("+49 30 23125 014", "Germany"),
        ("+46 7 1334 8475", "Sweden"),
        ("+1 613 555 0160", "Canada"),
        ("+49 30", "+49 30 123487007"),
        ("030 1234567", "The international code is missing."),
        ("+44 CALL", "letter “C”"),
        ("", "+33 93 376 1346"),
    ],
)
def test_the_hint_follows_what_is_typed_and_stands_in_no_address(client: Client, typed: str, said: str) -> None:
    answer = client.post(reverse("phone-hint"), {"phone": typed, "home": "FR"})
    assert said in answer.content.decode()
    assert client.get(reverse("phone-hint")).status_code == 405
