"""Inviting many at once in the browser; and many workers at one run."""

import threading
from collections import Counter
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from playwright.sync_api import expect

from accounts.models import User
from candidates.models import Application, Job
from inbox.invitations import runs
from inbox.models import Conversation, Kind, Message
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations


def arrived_once(simulator: Simulator, chat: Conversation) -> bool:
    return len(simulator.received(chat.person.phone)) == 1


def applicants(a: Builders, job: Job, count: int, *, sms: str = "first consent") -> list[Conversation]:
    """People who applied for one job, and where each stands."""
    chats = []
    for n in range(count):
        person = a.person(job.company, name=f"{sms.split()[0].title()} Person{n}")
        application = Application.objects.create(candidate=person, job=job)
        a.consent(job.company, person.phone, sms)
        chats.append(Conversation.objects.create(company=job.company, application=application))
    return chats


def job_of(maya: User) -> Job:
    assert maya.company
    job = Job.objects.create(company=maya.company, title="Field Engineer")
    job.team.add(maya)
    return job


@pytest.mark.requirement("O3", "O4", "Q1")
def test_a_recruiter_invites_those_who_can_be_invited(a: Builders, site: Site, simulator: Simulator) -> None:
    # given a job with people who agreed on the form, one who opted out, and one who never agreed
    maya = a.user()
    job = job_of(maya)
    ready = applicants(a, job, 3)
    applicants(a, job, 1, sms="opted out")
    applicants(a, job, 1, sms="nothing")
    page = site.page_of(maya)
    page.goto(job.get_absolute_url())

    # when she chooses all of them
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Invite to SMS").click()

    # then she sees the words, who gets them, and who doesn't and why
    expect(page.get_by_role("heading", name="Invite 3 people to SMS")).to_be_visible()
    expect(page.get_by_text("would like to text you about Field Engineer. Reply YES")).to_be_visible()
    skipped = page.get_by_role("region", name="2 people are skipped")
    expect(skipped.get_by_role("listitem").filter(has_text="Opted Person0")).to_contain_text("opted out of SMS")
    expect(skipped.get_by_role("link", name="Nothing Person0")).to_be_visible()
    assert violations(page) == []
    assert not simulator.received(ready[0].person.phone)

    # when she sends, then each phone gets one, and the page gets there by itself
    page.get_by_role("button", name="Send 3 invitations").click()
    expect(page.get_by_role("heading", name="3 people invited", exact=True)).to_be_visible()
    for chat in ready:
        until(partial(arrived_once, simulator, chat))
    assert violations(page) == []

    # and her name leads to the conversation, which waits for the answer
    page.get_by_role("link", name="First Person0").click()
    expect(page.locator("#writing")).to_contain_text(
        "Your invite has been sent but the candidate has not yet opted-in."
    )


@pytest.mark.requirement("A3")
def test_a_reader_is_told_why_she_can_t_invite(a: Builders, site: Site) -> None:
    jonas = a.user(seat=False, name="Jonas Weber")
    job = job_of(jonas)
    applicants(a, job, 1)
    page = site.page_of(jonas, java_script_enabled=False)
    page.goto(job.get_absolute_url())
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Invite to SMS").click()
    expect(page.get_by_role("alert")).to_contain_text("Texting needs a SmartMessage seat")


@pytest.mark.requirement("O10")
def test_many_workers_at_one_run_invite_each_phone_once(a: Builders, simulator: Simulator) -> None:
    # given ten people, each with an application for two jobs
    company = a.company(sender_countries=["US", "US"])
    maya = a.user(company=company)
    first = applicants(a, job_of(maya), 10)
    other = job_of(maya)
    second = [
        Conversation.objects.create(
            company=company, application=Application.objects.create(candidate=chat.person, job=other)
        )
        for chat in first
    ]
    chats = Conversation.objects.with_record().filter(pk__in=[chat.pk for chat in (*first, *second)])
    run = runs.start(list(chats), by=maya, channel_key="sms", token=uuid4())
    barrier = threading.Barrier(4)

    def work() -> None:
        try:
            barrier.wait()
            runs.invite(run.pk)
        finally:
            connection.close()

    # when
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: not run.items.filter(state="waiting").exists())

    # then
    assert Counter(run.items.values_list("state", flat=True)) == {"invited": 10, "skipped": 10}
    assert Message.objects.filter(kind=Kind.INVITATION, conversation__in=chats).count() == 10
    for chat in first:
        until(partial(arrived_once, simulator, chat))
    until(lambda: type(run).objects.get(pk=run.pk).finished_at)
