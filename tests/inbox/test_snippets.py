"""Snippets: whose they are, what they become in a message, and that none goes with a hole in it."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from inbox import placeholders, sending
from inbox.models import Conversation
from inbox.outcomes import Reason, Refused
from inbox.snippets import actions, filling
from inbox.snippets.models import Audience, Snippet
from tests import steps
from tests.builders import Builders


def a_snippet(author: User, body: str = "Hi {first_name}", **fields: Any) -> Snippet:
    known: dict[str, Any] = {"title": "Hello", "company": author.company, **fields}
    return Snippet.objects.create(author=author, body=body, **known)


def of_team(author: User, chat: Conversation, **fields: Any) -> Snippet:
    assert chat.application
    return a_snippet(author, audience=Audience.TEAM, job=chat.application.job, **fields)


def offered(user: User, chat: Conversation) -> list[str]:
    return [offer.text or offer.problem for offer in filling.offers(user, chat)]


def test_its_places_are_filled_for_this_person_and_this_job(a: Builders) -> None:
    maya = a.user(company=a.company(name="Northwind"), booking_link="https://example.com/maya")
    chat = a.conversation(team=[maya])
    a_snippet(maya, "Hi {first_name}, {sender} of {company} about {job}: {booking_link}")
    assert offered(maya, chat) == ["Hi Anna, Maya Chen of Northwind about Field Engineer: https://example.com/maya"]


def test_what_is_not_known_is_said_and_not_filled(a: Builders) -> None:
    maya = a.user()
    a_snippet(maya, "Book a time: {booking_link}")
    [offer] = filling.offers(maya, a.conversation(team=[maya]))
    assert offer.problem.startswith("You have no booking link yet. Add it under Manage snippets")


@pytest.mark.requirement("A4")
def test_who_sees_it_depends_on_whom_it_is_shared_with(a: Builders) -> None:
    # given Maya and Priya are on one team, Carl is on another, and Sam is at another company
    company = a.company()
    maya, priya, carl = (a.user(company=company, name=name) for name in ("Maya Chen", "Priya Nair", "Carl Colleague"))
    sam = a.user(name="Sam Stranger")
    chat, carls = a.conversation(team=[maya, priya]), a.conversation(team=[carl, priya])
    own, teams = a_snippet(maya, title="own"), of_team(maya, chat, title="team's")
    everybodys = a_snippet(maya, audience=Audience.COMPANY, title="company's")

    def seen_by(user: User) -> set[Snippet]:
        return set(Snippet.objects.visible_to(user))

    # then each sees hers
    assert seen_by(maya) == {own, teams, everybodys}
    assert seen_by(priya) == {teams, everybodys}
    assert seen_by(carl) == {everybodys}
    assert seen_by(sam) == set()
    # and a team's is offered in its own conversations only
    assert {offer.snippet for offer in filling.offers(priya, chat)} == {teams, everybodys}
    assert {offer.snippet for offer in filling.offers(priya, carls)} == {everybodys}
    # and who leaves the team loses it, as does who is gone
    assert chat.application
    chat.application.job.team.remove(priya)
    assert seen_by(priya) == {everybodys}
    User.objects.filter(pk=maya.pk).update(is_active=False)
    assert seen_by(User.objects.get(pk=maya.pk)) == set()


@pytest.mark.requirement("A4", "F2")
def test_a_communitys_snippet_is_its_teams(a: Builders) -> None:
    company = a.company(has_smartcrm=True)
    maya = a.user(company=company)
    prospect = a.prospect(a.person(company), [maya])
    chat = Conversation.objects.create(company=company, prospect=prospect)
    snippet = a_snippet(maya, "About {job}", audience=Audience.TEAM, community=prospect.community)
    assert offered(maya, chat) == ["About Alumni"]
    company.has_smartcrm = False
    company.save()
    assert snippet not in Snippet.objects.visible_to(maya)


@pytest.mark.requirement("A4")
def test_who_may_change_it(a: Builders, client: Client) -> None:
    company = a.company()
    maya, priya, carl = (a.user(company=company, name=name) for name in ("Maya Chen", "Priya Nair", "Carl Colleague"))
    dana = a.user(company=company, is_company_admin=True, name="Dana Ortiz")
    chat = a.conversation(team=[maya, priya])
    own, teams = a_snippet(maya), of_team(maya, chat)
    everybodys = a_snippet(dana, audience=Audience.COMPANY)
    may = {(own, maya), (teams, maya), (teams, priya), (everybodys, dana)}
    for snippet in (own, teams, everybodys):
        for user in (maya, priya, carl, dana):
            client.force_login(user)
            known = 200 if (snippet, user) in may else 404
            assert client.get(reverse("snippet", args=[snippet.pk])).status_code == known, (snippet.audience, user)
            fields = {"title": "New", "body": "Hi", "shared_with": "personal", "preview": "yes"}
            assert client.post(reverse("snippet", args=[snippet.pk]), fields).status_code == known
            if known == 404:
                assert client.post(reverse("delete-snippet", args=[snippet.pk])).status_code == 404
    assert not Snippet.objects.exclude(deleted_at=None).exists()


@pytest.mark.requirement("A4")
def test_nobody_shares_with_a_team_that_isnt_hers_nor_with_the_company_without_being_its_admin(
    a: Builders, client: Client
) -> None:
    maya, sam = a.user(), a.user(name="Sam Stranger")
    theirs = a.conversation(team=[sam]).application
    assert theirs
    client.force_login(maya)
    for choice in (f"job:{theirs.job_id}", "company", "community:1"):
        answer = client.post(reverse("new-snippet"), {"title": "T", "body": "Hi", "shared_with": choice})
        assert answer.status_code == 422
    assert not Snippet.objects.exists()


def test_it_is_written_previewed_and_saved(a: Builders, client: Client) -> None:
    maya = a.user(booking_link="https://example.com/maya")
    chat = a.conversation(team=[maya])
    assert chat.application
    client.force_login(maya)
    fields = {
        "title": "Book",
        "body": "Hi {first_name}, about {job}: {booking_link}",
        "shared_with": f"job:{chat.application.job_id}",
    }
    # a look at it stores nothing
    page = client.post(reverse("new-snippet"), fields | {"preview": "yes"}).content.decode()
    assert "Hi Anna, about Field Engineer: https://example.com/maya" in page
    assert "as an SMS 1 segment" in page
    assert not Snippet.objects.exists()
    # and then it is the team's
    assert client.post(reverse("new-snippet"), fields).status_code == 302
    snippet = Snippet.objects.get()
    assert (snippet.audience, snippet.job_id) == (Audience.TEAM, chat.application.job_id)


def test_a_place_that_cannot_be_filled_is_refused_when_it_is_saved(a: Builders, client: Client) -> None:
    client.force_login(a.user())
    fields = {"title": "T", "body": "Hi {firstnam}", "shared_with": "personal"}
    answer = client.post(reverse("new-snippet"), fields)
    assert answer.status_code == 422
    assert "Did you mean {first_name}?" in answer.content.decode()


def test_deleting_can_be_undone_for_a_day(a: Builders, client: Client) -> None:
    maya = a.user()
    snippet, old = a_snippet(maya), a_snippet(maya, deleted_at=timezone.now() - 2 * actions.MAY_COME_BACK_FOR)
    client.force_login(maya)
    page = client.post(reverse("delete-snippet", args=[snippet.pk]), follow=True).content.decode()
    assert "“Hello” is deleted." in page
    assert offered(maya, a.conversation(team=[maya])) == []
    assert not Snippet.objects.filter(pk=old.pk).exists()
    client.post(reverse("restore-snippet", args=[snippet.pk]))
    assert offered(maya, a.conversation(team=[maya])) == ["Hi Anna"]


def test_the_database_knows_whose_it_is(a: Builders) -> None:
    maya = a.user()
    with pytest.raises(IntegrityError, match="a_teams_snippet_has_one_team"), transaction.atomic():
        a_snippet(maya, audience=Audience.TEAM)
    chat = a.conversation(team=[maya])
    assert chat.application
    with pytest.raises(IntegrityError, match="a_teams_snippet_has_one_team"), transaction.atomic():
        a_snippet(maya, job=chat.application.job)


# --- never sent with a hole ---


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("Hi {first_name}", "{first_name} is"),
        ("Hi {{first_name}} and {{ 1 }}", "{{first_name}}, {{ 1 }} are"),
        ("Hi {{anything at all}}", "{{anything at all}} is"),
        ("Hi {First Name}, {sender", "{First Name}, {sender are"),
    ],
)
def test_a_text_with_an_open_place_is_refused_and_names_it(a: Builders, body: str, named: str) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    for channel in ("sms", "email"):
        outcome = steps.try_to_write(chat, maya, body, channel=channel)
        assert isinstance(outcome, Refused)
        assert outcome.reason == Reason.UNFILLED
        assert outcome.sentence == f"{named} not filled in, and nothing was sent. Write what belongs there, then send."
    assert not chat.messages.exists()


@pytest.mark.parametrize("body", ["a {brace} of mine", "{}", "{ x: 1 }", "}{", "the first_name is Anna"])
def test_other_braces_are_somebodys_own(body: str) -> None:
    assert placeholders.left_open(body) == ""


# --- without JavaScript ---


def test_a_plain_page_puts_it_behind_what_is_typed(a: Builders, client: Client) -> None:
    # given Maya has typed something, in a company without SmartMessage
    maya = a.user(company=a.company(has_smartmessage=False), seat=False)
    chat = a.conversation(team=[maya], sms="nothing")
    snippet, url = a_snippet(maya), reverse("choose-snippet", args=[chat.pk, "email"])
    client.force_login(maya)
    draft = sending.draft_of(maya, chat, "email")
    # when she asks for her snippets, then what she typed is kept
    page = client.post(url, {"body": "Good morning.", "token": draft.token, "shown": "email"}, follow=True)
    assert "Use “Hello”" in page.content.decode()
    # and choosing leads back to it
    answer = client.post(url, {"snippet": snippet.pk, "shown": "email"})
    assert answer.headers["Location"] == f"{chat.record.emails_url()}#body"
    assert sending.draft_of(maya, chat, "email").body == "Good morning.\nHi Anna"


def test_the_booking_link_is_an_address(a: Builders, client: Client) -> None:
    maya = a.user()
    client.force_login(maya)
    assert client.post(reverse("snippets"), {"booking_link": "javascript:alert(1)"}).status_code == 422
    assert client.post(reverse("snippets"), {"booking_link": "https://example.com/maya?d=30"}).status_code == 302
    maya.refresh_from_db()
    assert maya.booking_link == "https://example.com/maya?d=30"
