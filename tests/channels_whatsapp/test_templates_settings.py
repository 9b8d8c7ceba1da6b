"""Settings / Admin, WhatsApp: what an admin sees of her company's invitations, and words them (W3, W4, A5, S4)."""

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.models import Company, User
from candidates.models import Job
from channels_whatsapp import templates
from channels_whatsapp.models import Template, TemplateState, WhatsAppSender
from tests.builders import Builders
from tests.channels_whatsapp.invitation_steps import DUTCH, PAGE, FakeTwilio, change, fresh, page, trail

# --- who sees what ---


@pytest.mark.requirement("F4", "A4")
def test_without_whatsapp_there_is_no_such_page(company: Company, draft: Template, ada: User, client: Client) -> None:
    assert PAGE in page(client, "/settings/")
    Company.objects.filter(pk=company.pk).update(texts_by_whatsapp=False)
    assert PAGE not in page(client, "/settings/")
    for path in (PAGE, f"{PAGE}add/", change(draft), f"{PAGE}{draft.pk}/do/"):
        assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)


@pytest.mark.requirement("A4", "A5")
def test_only_the_companys_admin_finds_it(a: Builders, company: Company, draft: Template, client: Client) -> None:
    client.force_login(a.user(company=company))
    for path in (PAGE, f"{PAGE}add/", change(draft)):
        assert client.get(path).status_code == 404
    assert client.post(f"{PAGE}{draft.pk}/do/", {"what": "submit"}).status_code == 404


@pytest.mark.requirement("S4", "A4")
def test_another_companys_invitation_is_not_there(
    a: Builders, sender: WhatsAppSender, ada: User, client: Client, twilio_content: FakeTwilio
) -> None:
    other = a.company(texts_by_whatsapp=True, name="Alder Clinics")
    theirs = a.whatsapp_template(a.whatsapp_sender(other), "sv", state=TemplateState.DRAFT, body="Alder: " + DUTCH)
    html = page(client)
    assert "Swedish" not in html
    assert "Alder" not in html
    answers = [
        client.get(change(theirs)),
        client.post(change(theirs), {"body": DUTCH}),
        *(client.post(f"{PAGE}{theirs.pk}/do/", {"what": what}) for what in ("submit", "ask")),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert fresh(theirs).body.startswith("Alder: ")
    assert not twilio_content.made
    assert not twilio_content.filed


@pytest.mark.requirement("W3", "W5", "A5")
def test_on_the_platforms_sender_the_invitations_are_read_and_kept_by_the_operator(
    a: Builders, company: Company, ada: User, client: Client
) -> None:
    # given the platform's own sender, and what WhatsApp said of it when another company wrote
    shared = a.whatsapp_sender()
    Job.objects.create(company=company, title="Welder")
    known = Template.objects.get(sender=shared, language="en")
    Template.objects.filter(pk=known.pk).update(problem="A message with it was refused.")
    # then it is read with this company's name, and what that sender means is said
    html = page(client)
    assert "You write from the platform's number" in html
    assert "Your texts therefore begin with “Noordwind: ”" in html
    assert "SmartRecruiters would like to reach you on behalf of Noordwind about Welder." in html
    assert "Approved" in html
    # and nothing can be done with it, nor is there more of it than that
    assert "The platform's operator keeps the invitations" in html
    assert not any(each in html for each in ("Add invitation", "Ask how it stands", "was refused", known.content_sid))
    for path in (f"{PAGE}add/", change(known), f"{PAGE}{known.pk}/do/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"what": "ask", "body": DUTCH, "language": "nl"}).status_code == 404
    # with a number of its own, it is that one's page
    a.whatsapp_sender(company)
    assert "You write from your own number" in page(client)


@pytest.mark.requirement("W4")
def test_a_company_without_any_sender_is_told_who_connects_one(ada: User, client: Client) -> None:
    assert "No number on WhatsApp yet" in page(client)
    assert client.get(f"{PAGE}add/").status_code == 404


# --- what an invitation shows ---


@pytest.mark.requirement("W3", "W4")
def test_it_shows_how_each_invitation_arrives_and_how_it_stands(
    a: Builders, company: Company, sender: WhatsAppSender, draft: Template, ada: User, client: Client
) -> None:
    Job.objects.create(company=company, title="Lasser", closed_at=timezone.now())
    Job.objects.create(company=company, title="Welder")
    approved = Template.objects.get(sender=sender, language="en")
    html = page(client)
    assert "would like to reach you on behalf of Noordwind about Welder. Since" in html
    assert "Noordwind schrijft u namens Noordwind over Welder. Antwoord" in html
    assert approved.content_sid in html
    assert "none until it is handed in" in html
    for state in TemplateState:
        Template.objects.filter(pk=draft.pk).update(state=state)
        html = page(client)
        assert str(state.label) in html
        is_used = state == TemplateState.APPROVED
        assert ("Meanwhile people who speak Dutch get the invitation in English." in html) != is_used


@pytest.mark.requirement("W4")
def test_where_nothing_is_approved_it_says_what_that_means(
    sender: WhatsAppSender, draft: Template, ada: User, client: Client
) -> None:
    assert "No invitation is approved." not in page(client)
    Template.objects.filter(sender=sender, language="en").update(state=TemplateState.PAUSED)
    html = page(client)
    assert "No invitation is approved." in html
    assert "No other invitation is approved, so nobody can be invited by WhatsApp meanwhile." in html
    assert '<span class="count">1' in page(client, "/settings/"), "it is counted in the sidebar"


# --- words ---


@pytest.mark.requirement("W3", "W4", "A5")
def test_an_admin_adds_an_invitation_and_reads_it_as_it_will_arrive(
    company: Company, sender: WhatsAppSender, ada: User, client: Client
) -> None:
    # given the usual words to begin with, and what the places mean
    html = page(client, f"{PAGE}add/")
    assert "on behalf of {company} about {about}" in html
    assert "{company} becomes your company's name, {about} the title of the job or the name of the community." in html
    assert 'value="en"' not in html, "there is one in English already"
    # when
    html = page(client, f"{PAGE}add/", language="nl", body=DUTCH)
    # then
    assert "Saved. Read the preview, then hand it in." in html
    assert "Noordwind schrijft u namens Noordwind over Field Engineer." in html
    made = Template.objects.get(sender=sender, language="nl")
    assert (made.body, made.state, made.content_sid) == (DUTCH, TemplateState.DRAFT, "")
    assert trail(company) == ["WhatsApp invitation in Dutch"]
    # and saved again as it is, nothing was done
    assert "Nothing was changed." in page(client, change(made), language="nl", body=DUTCH)
    assert len(trail(company)) == 1


@pytest.mark.requirement("W4")
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("Wij schrijven namens {company}.\nHet gaat om {about}, antwoord.", "WhatsApp takes no line breaks."),
        ("Wij schrijven namens {company over {about}, antwoord.", "A brace has no partner."),
        ("Wij schrijven namens {firma} over {about}, antwoord.", "Only {company} and {about} can be filled in."),
        ("Wij schrijven namens {company}, antwoord.", "Name both {company} and {about}"),
        ("Wij schrijven namens {company} over {about}", "no words that begin or end with"),
        ("Wij schrijven namens {company} {about}, antwoord.", "Put a word between {company} and {about}"),
        (f"Wij schrijven {'heel ' * 120}graag namens {{company}} over {{about}}, antwoord.", "Too long"),
        ("", "Fill this in."),
    ],
)
def test_words_that_whatsapp_would_refuse_are_refused_beside_the_field_and_kept(
    sender: WhatsAppSender, ada: User, client: Client, body: str, sentence: str
) -> None:
    for then in ("", "look", "hand in"):
        html = page(client, f"{PAGE}add/", language="nl", body=body, then=then)
        assert sentence in html.split('id="id_body_error"')[1].split("</div>")[0]
        assert " ".join(body.split()) in html
        assert 'value="nl" selected' in html
    assert not Template.objects.filter(sender=sender, language="nl").exists()


@pytest.mark.requirement("W4")
def test_there_is_one_invitation_in_each_language(
    sender: WhatsAppSender, ada: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = "There is an invitation in this language."
    assert refused in page(client, f"{PAGE}add/", language="en", body=DUTCH)

    # and where a colleague is faster by a moment, the same is said
    def too_late(*args: object, **kwargs: object) -> bool:
        raise IntegrityError

    monkeypatch.setattr(templates, "save", too_late)
    html = page(client, f"{PAGE}add/", language="nl", body=DUTCH)
    assert refused in html
    assert DUTCH in html
    assert Template.objects.filter(sender=sender).count() == 1


@pytest.mark.requirement("W3", "W4")
def test_the_operator_keeps_the_platforms_with_the_same_rules(
    a: Builders, client: Client, twilio_content: FakeTwilio
) -> None:
    shared, operator = a.whatsapp_sender(), User.objects.create_superuser("o@platform.example", "x", name="Olga")
    client.force_login(operator)
    path, typed = "/admin/channels_whatsapp/template/", {"sender": str(shared.pk), "language": "nl", "content_sid": ""}
    assert "no words that begin or end with" in page(client, f"{path}add/", **typed, body="{company} over {about}, ja")
    page(client, f"{path}add/", **typed, body=DUTCH)
    made = Template.objects.get(sender=shared, language="nl")
    answer = client.post(path, {"action": "submit", "_selected_action": [made.pk]}, follow=True)
    assert "WhatsApp judges it now." in answer.content.decode()
    assert fresh(made).state == TemplateState.PENDING
    # and an id that is taken away leaves words that can't be sent
    page(client, f"{path}{made.pk}/change/", **typed, body=DUTCH)
    assert (fresh(made).state, made.content_sid) == (TemplateState.DRAFT, "")


# --- changing what is approved ---


@pytest.mark.requirement("W3", "W4", "A5")
def test_who_changes_an_approved_one_is_told_before_and_it_is_handed_in_at_once(
    a: Builders, company: Company, sender: WhatsAppSender, ada: User, client: Client, twilio_content: FakeTwilio
) -> None:
    dutch = a.whatsapp_template(sender, "nl", body=DUTCH)
    old_sid = dutch.content_sid
    # then the page says what saving does, and what goes out meanwhile
    html = page(client, change(dutch))
    assert "Other words are judged anew." in html
    assert "Meanwhile people who speak Dutch get the invitation in English." in html
    assert 'name="language"' not in html, "WhatsApp knows it by its language"
    # when she only looks, then nothing is stored and what she typed is shown as it would arrive
    new = f"Beste, {DUTCH}"
    html = page(client, change(dutch), body=new, then="look")
    assert "Not saved yet." in html
    assert "Beste, Noordwind schrijft u namens Noordwind over" in html
    assert (fresh(dutch).body, dutch.state) == (DUTCH, TemplateState.APPROVED)
    # when she saves it as it is, then it stays approved
    assert "nothing was handed in" in page(client, change(dutch), body=DUTCH)
    assert fresh(dutch).state == TemplateState.APPROVED
    # when she saves other words, then WhatsApp judges them under another name
    assert "The invitation in Dutch was handed in." in page(client, change(dutch), body=new)
    assert (fresh(dutch).body, dutch.state) == (new, TemplateState.PENDING)
    ((sid, name),) = twilio_content.filed
    assert sid == dutch.content_sid != old_sid
    assert name == f"invitation_{sid.lower()}", "WhatsApp has the old words under the old name for good"
    assert trail(company) == ["WhatsApp invitation in Dutch handed in", "WhatsApp invitation in Dutch"]


@pytest.mark.requirement("W4")
def test_the_last_approved_one_says_that_nobody_can_be_invited_meanwhile(
    sender: WhatsAppSender, ada: User, client: Client
) -> None:
    english = Template.objects.get(sender=sender, language="en")
    assert "so nobody can be invited by WhatsApp meanwhile" in page(client, change(english))
