"""A community's join form: the same form without a CV, for SmartCRM subscribers only (F2, O15)."""

import pytest
from django.test import Client
from django.utils import timezone

from candidates.models import Candidate, Prospect, Purpose
from tests.builders import Builders, new_number
from tests.candidates import form_steps as forms


@pytest.mark.requirement("O15", "F2")
def test_who_joins_is_a_prospect_with_first_consent(a: Builders, client: Client) -> None:
    # given she has applied for a job before
    company = forms.company_with(a, "single")
    number = new_number()
    forms.apply(forms.job_of(company), email="nina@example.com", name="Nina Huber", phone=number)
    community = forms.community_of(company, description="Come back one day.")
    page = client.get(community.form_url()).content.decode()
    assert 'type="file"' not in page
    assert "Come back one day." in page
    # when
    answer = forms.send(client, community, Purpose.SINGLE, email="Nina@example.com", name="Nina Huber", phone=number)
    # then
    assert answer.status_code == 302
    nina = Candidate.objects.get(company=company)
    prospect = Prospect.objects.get(candidate=nina)
    (event,) = forms.ledger(company)
    assert event.details["form"] == "join"
    assert event.details["community"] == prospect.community_id
    assert event.consent.address == number


@pytest.mark.requirement("F2")
def test_without_smartcrm_there_is_no_such_page(a: Builders, client: Client) -> None:
    community = forms.community_of(forms.company_with(a, "single", has_smartcrm=False))
    assert client.get(community.form_url()).status_code == 404
    assert forms.send(client, community, Purpose.SINGLE).status_code == 404


def test_a_closed_community_says_so(a: Builders, client: Client) -> None:
    community = forms.community_of(forms.company_with(a, "single"), closed_at=timezone.now())
    answer = client.get(community.form_url())
    assert answer.status_code == 410
    assert "Nobody can join here any more" in answer.content.decode()
