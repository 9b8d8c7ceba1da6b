"""Lists and search of people; what changes on a record, and what stays."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from candidates import people, proposals, records
from candidates.models import Application, Candidate, Job, Submission, SubmissionKind
from inbox.models import Conversation
from tests import steps
from tests.builders import Builders


def names(user: User, words: str = "", **more: object) -> list[str]:
    rows, _has_more = people.page_of_records(user, words=words, **more)  # type: ignore[arg-type]
    return [row.record.candidate.name for row in rows]


@pytest.mark.requirement("A4")
def test_a_search_finds_people_of_ones_own_teams_only(a: Builders) -> None:
    # given three people of the same name
    company = a.company()
    maya, priya = a.user(company=company), a.user(company=company, name="Priya Nair")
    a.conversation(team=[maya], person=a.person(company, name="Anna Bauer"))
    a.conversation(team=[priya], person=a.person(company, name="Anna Baur"))
    stranger = a.user()
    a.conversation(team=[stranger], name="Anna Bauernfeind")
    # then each user finds her own
    assert names(maya, "bau") == ["Anna Bauer"]
    assert names(priya, "Anna") == ["Anna Baur"]
    assert names(stranger, "ANNA b") == ["Anna Bauernfeind"]
    assert names(maya, "Nair") == []


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("anna", True),
        ("BAUER anna", True),
        ("weiss@example", True),
        ("+49 30 1234", True),
        ("(30) 123-487", True),
        ("007", True),
        ("07", False),  # two digits would find half of everybody
        ("anna 30 123487007", False),  # words and numbers at once are words
        ("%", False),
        ("_nna", False),
        ("", True),
    ],
)
def test_a_person_is_found_by_what_one_remembers(a: Builders, words: str, is_found: bool) -> None:
    maya = a.user()
    assert maya.company
    person = a.person(maya.company, name="Anna Bauer", phone="+49 30 123487007")
    Candidate.objects.filter(pk=person.pk).update(email="a.weiss@example.com")
    a.conversation(team=[maya], person=person, sms="nothing")
    assert bool(names(maya, words)) is is_found


def test_the_most_recent_message_comes_first_and_pages_follow_each_other(a: Builders) -> None:
    # given more people than a page has, each with a message of another time, and one who applied just now
    maya = a.user()
    assert maya.company
    job = Job.objects.create(company=maya.company, title="Field Engineer")
    job.team.set([maya])
    now = timezone.now()
    for n in range(people.PAGE + 5):
        application = Application.objects.create(candidate=a.person(maya.company, name=f"P{n:02}", phone=""), job=job)
        at = now - timedelta(days=n + 1)
        Application.objects.filter(pk=application.pk).update(since=at - timedelta(days=300 - n))
        Conversation.objects.create(company=maya.company, application=application, last_message_at=at)
    Application.objects.create(candidate=a.person(maya.company, name="New", phone=""), job=job)
    # when
    first, more = people.page_of_records(maya)
    second, no_more = people.page_of_records(maya, number=2)
    # then
    shown = [row.record.candidate.name for row in (*first, *second)]
    assert shown == ["New", *(f"P{n:02}" for n in range(people.PAGE + 5))]
    assert (len(first), more, no_more) == (people.PAGE, True, False)
    assert names(maya, group=job)[0] == "New"


def test_a_list_says_where_sms_stands(a: Builders) -> None:
    maya = a.user()
    assert maya.company
    for standing in ("nothing", "first consent", "invited", "opted in", "opted out"):
        a.conversation(team=[maya], sms=standing)
    a.conversation(team=[maya], person=a.person(maya.company, phone=""))
    a.conversation(team=[maya], person=a.person(maya.company, phone="0412-CALL-JACK"))
    said = [row.sms for row in people.page_of_records(maya)[0]]
    assert said[::-1] == [
        "No consent",
        "Not invited",
        "Invited",
        "Opted in",
        "Opted out",
        "No number",
        "Fix number",
    ]


@pytest.mark.requirement("A4")
def test_what_is_not_ones_own_takes_as_many_questions_as_what_is_not_there(a: Builders, client: Client) -> None:
    """The same answer takes the same way, so its time tells nothing either."""
    stranger, chat = a.user(), a.conversation(team=[a.user()])
    client.force_login(stranger)

    def asked(path: str) -> list[str]:
        with CaptureQueriesContext(connection) as context:
            assert client.get(path).status_code == 404
        return [query["sql"].split("WHERE")[0] for query in context.captured_queries]

    job = chat.record.group
    for there, nowhere in (
        (chat.record.messages_url(), reverse("application-messages", args=[10**9])),
        (job.get_absolute_url(), reverse("job", args=[10**9])),
        (reverse("since", args=[chat.pk, "sms"]), reverse("since", args=[10**9, "sms"])),
    ):
        asked(nowhere)  # the first look makes what a page makes once
        assert asked(there) == asked(nowhere)


@pytest.mark.requirement("A1")
def test_a_withdrawn_application_keeps_its_thread(a: Builders, client: Client) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    steps.write(chat, maya, "See you on Thursday")
    client.force_login(maya)
    for said, is_withdrawn in (("yes", True), ("yes", True), ("no", False)):
        answer = client.post(chat.record.withdraw_url(), {"withdrawn": said})
        assert answer.status_code == 302
        assert bool(Application.objects.get(pk=chat.record.pk).withdrawn_at) is is_withdrawn
    client.post(chat.record.withdraw_url(), {"withdrawn": "yes"})
    Job.objects.filter(pk=chat.record.group.pk).update(closed_at=timezone.now())
    page = client.get(chat.record.messages_url()).content.decode()
    assert "See you on Thursday" in page
    assert "Withdrawn" in page
    assert "Closed" in page


def propose(a: Builders, chat: Conversation, **said: str) -> None:
    assert chat.application
    submission = Submission.objects.create(
        company=chat.company, kind=SubmissionKind.APPLICATION, application=chat.application, language="en"
    )
    proposals.propose(chat.person, submission, **{"name": "", "phone_typed": "", **said})


@pytest.mark.requirement("P3")
def test_the_team_decides_what_a_form_proposed(a: Builders, client: Client) -> None:
    # given a form said another number and the same name in other letters
    maya = a.user()
    chat = a.conversation(team=[maya], name="Anna Bauer")
    before = chat.person.phone
    propose(a, chat, name="anna bauer", phone_typed="+49 30 123487007")
    propose(a, chat, phone_typed="+49 30 123487007")
    client.force_login(maya)
    page = client.get(chat.record.messages_url()).content.decode()
    # then there is one proposal, and nothing has changed
    (proposal,) = chat.person.open_proposals()
    assert "another number" in page
    assert Candidate.objects.get(pk=chat.person.pk).phone == before
    # when she takes it over
    client.post(reverse("proposal", args=[proposal.pk]), {"accept": "yes", "back": "https://evil.example/"})
    # then it is the record's, without the old number's consent
    person = Candidate.objects.get(pk=chat.person.pk)
    assert person.phone == "+4930123487007"
    assert not person.open_proposals().exists()
    chat.person.phone = person.phone
    assert steps.standing(chat) == "nothing"
    # and a second click changes nothing
    assert proposals.decide(proposal.pk, user=maya, accept=False) is None


@pytest.mark.requirement("A4", "P3")
def test_a_stranger_decides_nothing(a: Builders, client: Client) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    propose(a, chat, name="Anna Weiss")
    (proposal,) = chat.person.open_proposals()
    client.force_login(a.user(company=maya.company, name="Priya Nair"))
    assert client.post(reverse("proposal", args=[proposal.pk]), {"accept": "yes"}).status_code == 404
    assert chat.person.open_proposals().count() == 1


def test_an_email_that_another_record_has_is_refused_and_nothing_is_lost(a: Builders, client: Client) -> None:
    maya = a.user()
    assert maya.company
    other = a.person(maya.company, name="Anna Weiss")
    chat = a.conversation(team=[maya])
    client.force_login(maya)
    answer = client.post(chat.record.contact_url(), {"phone": "+49 30 123487007", "email": other.email.upper()})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "+49 30 123487007" in page
    assert "Another record" in page
    assert Candidate.objects.get(pk=chat.person.pk).phone == chat.person.phone


def test_the_first_record_that_one_may_see_is_found(a: Builders) -> None:
    maya, priya = a.user(), a.user(name="Priya Nair")
    chat = a.conversation(team=[maya])
    assert records.first_visible_of(maya, chat.person) == chat.record
    assert records.first_visible_of(priya, chat.person) is None
