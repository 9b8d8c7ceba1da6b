"""Robots are slowed down, people aren't: one more click, never a riddle, never a silent drop."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from candidates.models import Cv, Job, Purpose, Submission
from candidates.public import robots
from tests.builders import Builders
from tests.candidates import form_steps as forms


@pytest.fixture
def job(a: Builders) -> Job:
    return forms.job_of(forms.company_with(a, "separated"))


def stamp_on(page: str) -> str:
    return page.split('name="stamp" value="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize("suspicious", ["trap", "fast", "no stamp", "another form's stamp"])
def test_who_looks_like_a_robot_is_asked_for_one_more_click_and_loses_nothing(
    a: Builders, job: Job, client: Client, suspicious: str
) -> None:
    # given
    other = forms.job_of(job.company)
    fields = {
        "trap": {robots.TRAP: "https://casino.example"},
        "fast": {"stamp": robots.stamp(job.slug)},
        "no stamp": {"stamp": ""},
        "another form's stamp": {"stamp": forms.old_stamp(other)},
    }[suspicious]
    # when
    answer = forms.send(client, job, Purpose.PRIVACY, name="Quick Typist", cv=forms.a_file(), **fields)
    # then
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "One more click" in page
    assert "Quick Typist" in page
    assert "resume.pdf" in page
    assert page.count("checked") == 1
    assert not Submission.objects.exists()
    # when the click is made at once
    kept = page.split('name="cv_kept" value="', 1)[1].split('"', 1)[0]
    again = forms.send(client, job, Purpose.PRIVACY, stamp=stamp_on(page), cv_kept=kept)
    # then
    assert again.status_code == 302
    assert Cv.objects.get().application is not None


def test_correcting_a_mistake_quickly_is_no_robots_sign(job: Job, client: Client) -> None:
    page = forms.send(client, job, Purpose.PRIVACY, name="").content.decode()
    assert forms.send(client, job, Purpose.PRIVACY, stamp=stamp_on(page)).status_code == 302


def test_a_stamp_ends_after_a_day(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = robots.stamp(job.slug)
    assert robots.read(fresh, job.slug) is not None
    tomorrow = (timezone.now() + timedelta(days=1, minutes=1)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: tomorrow)
    assert robots.read(fresh, job.slug) is None
    assert robots.read(fresh + "x", job.slug) is None


def test_a_job_fair_gets_in_and_a_flood_is_told_when_to_come_back(job: Job, client: Client) -> None:
    # given
    cache.clear()
    for _ in range(30):
        assert client.post(job.form_url(), forms.answers(job, Purpose.PRIVACY)).status_code == 302
    # when
    answer = client.post(job.form_url(), forms.answers(job, Purpose.PRIVACY, name="Number Thirty-One"))
    # then
    page = answer.content.decode()
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "600"
    assert "10 minutes" in page
    assert "Number Thirty-One" in page
    assert Submission.objects.count() == 30


def test_a_flood_of_files_is_not_kept(job: Job, client: Client) -> None:
    cache.clear()
    answers = [
        client.post(job.form_url(), forms.answers(job, name="", cv=forms.a_file())).status_code for _ in range(121)
    ]
    assert answers[-1] == 429
    assert answers.count(422) == 120
    assert Cv.objects.count() == 120


def test_a_form_from_another_site_is_not_taken_and_keeps_what_was_typed(job: Job) -> None:
    cache.clear()
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(job.form_url(), forms.answers(job, Purpose.PRIVACY, name="Over There"))
    assert answer.status_code == 403
    assert "Over There" in answer.content.decode()
    assert not Submission.objects.exists()
    # and with the page's own token it is
    page = strict.get(job.form_url()).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
    own = forms.answers(job, Purpose.PRIVACY, csrfmiddlewaretoken=token)
    assert strict.post(job.form_url(), own).status_code == 302
