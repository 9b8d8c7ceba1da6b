"""Invitations on their way to WhatsApp and back: handed in once, judged, refused, and explained to the admin (W4)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Company, User
from channels_whatsapp import refusals, templates
from channels_whatsapp.models import Template, TemplateState, WhatsAppSender
from inbox import channels
from inbox.channels import NextStep
from inbox.outcomes import Rejected
from tests import steps
from tests.builders import Builders
from tests.channels_whatsapp import steps as wa
from tests.channels_whatsapp.invitation_steps import DUTCH, PAGE, FakeTwilio, do, fresh, page, trail
from twilio_gateway.content import Approval

# --- handing in ---


@pytest.mark.requirement("W4", "A5")
def test_a_draft_is_handed_in_once(
    company: Company, draft: Template, ada: User, client: Client, twilio_content: FakeTwilio
) -> None:
    # given a second click that comes while the first is under way
    def second_click() -> None:
        with pytest.raises(templates.CannotBeFiled):
            templates.submit(Template.objects.get(pk=draft.pk), by=ada)

    twilio_content.meanwhile = second_click
    # when
    html = do(client, draft, "submit")
    # then Twilio has it once, as numbered places with an example each, and WhatsApp is judging
    assert "The invitation in Dutch was handed in. WhatsApp judges it now." in html
    (made,) = twilio_content.made
    assert made["body"] == DUTCH.replace("{company}", "{{1}}").replace("{about}", "{{2}}")
    assert (made["language"], made["examples"]) == ("nl", {"1": "Acme", "2": "Engineer"})
    assert [sid for sid, _name in twilio_content.filed] == [fresh(draft).content_sid]
    assert draft.state == TemplateState.PENDING
    assert trail(company) == ["WhatsApp invitation in Dutch handed in"]
    # and what WhatsApp has is not handed in again
    assert "WhatsApp has these words already." in do(client, draft, "submit")
    assert len(twilio_content.filed) == 1


@pytest.mark.requirement("W4")
def test_saving_and_handing_in_are_one_click_too(
    sender: WhatsAppSender, ada: User, client: Client, twilio_content: FakeTwilio
) -> None:
    page(client, f"{PAGE}add/", language="nl", body=DUTCH, then="hand in")
    assert Template.objects.get(sender=sender, language="nl").state == TemplateState.PENDING
    assert len(twilio_content.filed) == 1


@pytest.mark.requirement("W4")
def test_what_twilio_refuses_is_told_and_a_second_try_files_the_same_one(
    company: Company, draft: Template, ada: User, client: Client, twilio_content: FakeTwilio
) -> None:
    # given Twilio can't be reached
    twilio_content.noes = ["Twilio did not answer."]
    assert "Not handed in. Twilio says: Twilio did not answer." in do(client, draft, "submit")
    assert (fresh(draft).state, draft.content_sid) == (TemplateState.DRAFT, "")
    # given it makes the template, and refuses to file it
    twilio_content.noes = ["", "Unable to create record: no WhatsApp account"]
    assert "no WhatsApp account" in do(client, draft, "submit")
    assert (fresh(draft).state, bool(draft.content_sid)) == (TemplateState.UNSUBMITTED, True)
    assert "no WhatsApp account" in page(client), "it stays there to be read"
    assert trail(company) == []
    # when it is tried again, then the one that was made is filed
    do(client, draft, "submit")
    assert len(twilio_content.made) == 2
    assert twilio_content.filed[-1][0] == fresh(draft).content_sid
    assert (draft.state, draft.problem) == (TemplateState.PENDING, "")


@pytest.mark.requirement("W4")
def test_words_that_change_while_they_are_handed_in_stay_a_draft(
    draft: Template, ada: User, client: Client, twilio_content: FakeTwilio
) -> None:
    def somebody_rewords() -> None:
        other = Template.objects.get(pk=draft.pk)
        other.body = f"Beste, {DUTCH}"
        templates.save(other, by=ada)

    twilio_content.meanwhile = somebody_rewords
    assert "somebody changed the words meanwhile" in do(client, draft, "submit")
    assert (fresh(draft).state, draft.content_sid) == (TemplateState.DRAFT, "")
    assert draft.body.startswith("Beste")
    assert twilio_content.filed == []


@pytest.mark.requirement("W4")
def test_what_a_crash_left_behind_can_be_handed_in_again(
    draft: Template, ada: User, client: Client, twilio_content: FakeTwilio
) -> None:
    just_now, long_ago = timezone.now(), timezone.now() - timedelta(minutes=3)
    Template.objects.filter(pk=draft.pk).update(state=TemplateState.PENDING, asked_at=just_now)
    assert "WhatsApp has these words already." in do(client, draft, "submit")
    Template.objects.filter(pk=draft.pk).update(asked_at=long_ago)
    assert "was handed in" in do(client, draft, "submit")


# --- what WhatsApp says ---


@pytest.mark.requirement("W4")
def test_how_it_stands_is_asked_and_a_refusal_told_in_words(
    a: Builders, sender: WhatsAppSender, ada: User, client: Client, twilio_content: FakeTwilio
) -> None:
    dutch = a.whatsapp_template(sender, "nl", body=DUTCH, state=TemplateState.PENDING)
    twilio_content.verdict = Approval("rejected", "INVALID_FORMAT")
    html = do(client, dutch, "ask")
    assert "The invitation in Dutch: Rejected." in html
    assert "WhatsApp can't read the places to fill in" in html
    assert "INVALID_FORMAT" in html
    twilio_content.verdict = Approval("approved", "")
    assert "The invitation in Dutch: Approved." in do(client, dutch, "ask")
    assert "INVALID_FORMAT" not in page(client)
    twilio_content.noes = ["Twilio did not answer."]
    assert "WhatsApp can't be asked about Dutch now: Twilio did not answer." in do(client, dutch, "ask")
    assert fresh(dutch).state == TemplateState.APPROVED


@pytest.mark.requirement("W4")
def test_what_twilio_has_never_seen_cannot_be_asked_about(draft: Template, ada: User, client: Client) -> None:
    assert client.post(f"{PAGE}{draft.pk}/do/", {"what": "ask"}).status_code == 404


@pytest.mark.requirement("W4")
@pytest.mark.parametrize("code", refusals.HELPS)
def test_a_refused_message_is_explained_with_what_helps(
    sender: WhatsAppSender, ada: User, client: Client, code: int
) -> None:
    english = Template.objects.get(sender=sender, language="en")
    templates.refused(english.content_sid, code)
    said = fresh(english).problem
    assert str(refusals.HELPS[code]) in said
    assert f"(Code {code})" in said
    assert "could not be delivered" not in said, "the code is in the catalogue"
    assert said in page(client)


@pytest.mark.requirement("W4")
def test_a_refusal_stays_to_be_read_until_whatsapp_judges_otherwise_or_the_admin_asks(
    a: Builders, sender: WhatsAppSender, ada: User, client: Client, twilio_content: FakeTwilio
) -> None:
    english = Template.objects.get(sender=sender, language="en")
    twilio_content.verdict = Approval("approved", "")
    templates.ask_for_states(timezone.now())
    assert templates.ask_for_states(timezone.now()) == 0, "asked a moment ago"
    # given WhatsApp took an invitation for free text: it is asked at the next sweep
    templates.refused(english.content_sid, 63016)
    assert templates.ask_for_states(timezone.now()) == 1
    assert "63016" in fresh(english).problem
    # when the admin asks, then what is true now is what counts
    do(client, english, "ask")
    assert fresh(english).problem == ""
    # and so it is where a pause is over
    templates.refused(english.content_sid, 63041)
    assert fresh(english).state == TemplateState.PAUSED
    templates.ask_for_states(timezone.now() + timedelta(hours=7))
    assert (fresh(english).state, english.problem) == (TemplateState.APPROVED, "")


@pytest.mark.requirement("W4", "I5")
def test_a_verdict_on_the_old_words_says_nothing_of_new_ones(
    a: Builders, sender: WhatsAppSender, ada: User, twilio_content: FakeTwilio
) -> None:
    dutch = a.whatsapp_template(sender, "nl", body=DUTCH, state=TemplateState.PENDING)
    twilio_content.verdict = Approval("approved", "")

    def somebody_rewords() -> None:
        other = Template.objects.get(pk=dutch.pk)
        other.body = f"Beste, {DUTCH}"
        templates.save(other, by=ada)

    twilio_content.meanwhile = somebody_rewords
    templates.ask(dutch)
    assert (fresh(dutch).state, dutch.content_sid) == (TemplateState.DRAFT, "")


@pytest.mark.requirement("W4")
def test_the_recruiter_reads_of_a_refused_invitation_in_plain_words(
    a: Builders, company: Company, sender: WhatsAppSender
) -> None:
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya])
    attempt = steps.hand_over(wa.invite(chat, maya, delivered=False), Rejected(63016))
    failure = channels.get("whatsapp").failure(attempt)
    assert failure.sentence == refusals.NOT_TAKEN
    assert failure.steps == (NextStep.TELL_ADMIN,)
    assert failure.may_retry
