"""Words beside the boxes: versions, languages, and which of them a form believes (O1, O11)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from candidates.models import Purpose
from candidates.public import consent_texts, visitors
from tests.builders import Builders
from tests.candidates import form_steps as forms


@pytest.mark.parametrize(
    ("accepted", "offered", "spoken"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", ["en", "de"], "de"),
        ("fr,nl;q=0.5", ["en", "nl"], "nl"),
        ("fr", ["de", "en"], "de"),
        ("", ["de"], "de"),
        ("pt-BR", ["en", "pt-BR"], "pt-BR"),
        ("de;q=0.1,en;q=0.2", ["de", "en"], "en"),
        ("nonsense;;q=x", ["sv"], "sv"),
        ("de", [], "en"),
    ],
)
def test_the_browsers_language_where_the_forms_speak_it(accepted: str, offered: list[str], spoken: str) -> None:
    assert visitors.language(accepted, offered) == spoken


@pytest.mark.requirement("O11")
def test_each_text_is_shown_and_recorded_in_its_own_language(a: Builders, client: Client) -> None:
    # given a translation of one text, but not of the other
    company = forms.company_with(a, "separated", texts_by_whatsapp=False, languages=["en", "de"])
    ada = a.user(company=company, is_company_admin=True)
    german = consent_texts.publish(company, Purpose.SMS, "de", "Ja, bitte per SMS.\nSTOP beendet es.", by=ada)
    job = forms.job_of(company)
    # when
    page = client.get(job.form_url(), headers={"Accept-Language": "de-DE,de;q=0.9"}).content.decode()
    # then
    assert '<label for="id_agree_sms" lang="de">Ja, bitte per SMS.</label>' in page
    assert '<label for="id_agree_privacy" lang="en">' in page
    # when she sends it
    forms.send(client, job, Purpose.SMS, Purpose.PRIVACY, phone="+49 30 123487007", text_sms=str(german.pk))
    # then
    (event,) = forms.ledger(company)
    assert (event.text, event.words) == (german, german.words)
    # and who reads English gets English
    assert "Ja, bitte" not in client.get(job.form_url()).content.decode()


@pytest.mark.requirement("O11")
def test_versions_are_believed_for_a_day_after_they_were_replaced(a: Builders) -> None:
    company = forms.company_with(a, "separated")
    now = timezone.now()
    made = [
        company.consent_texts.create(
            purpose="sms", language="en", version=n, words=f"Version {n}", published_at=now - timedelta(hours=hours)
        )
        for n, hours in ((1, 500), (2, 100), (3, 20), (4, 1))
    ]

    def believed(pk: int) -> bool:
        return consent_texts.believed(company, Purpose.SMS, str(pk), now=now) is not None

    assert [believed(text.pk) for text in made] == [False, True, True, True]
    assert consent_texts.believed(company, Purpose.WHATSAPP, str(made[3].pk), now=now) is None
    assert consent_texts.believed(forms.company_with(a, "single"), Purpose.SMS, str(made[3].pk), now=now) is None


def test_a_policy_that_has_an_address_is_linked_in_the_words(a: Builders, client: Client) -> None:
    url = "https://northwind.example/privacy"
    job = forms.job_of(forms.company_with(a, "single", privacy_policy_url=url))
    page = client.get(job.form_url()).content.decode()
    assert f'I agree to the <a href="{url}" target="_blank" rel="noopener">privacy policy</a>, and to receive' in page
