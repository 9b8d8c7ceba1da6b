"""User Management: who may send, who manages, and that nobody reaches beyond his own company (S1-S4)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import seats
from accounts.models import AuditAction, AuditEntry, Company, User
from tests.builders import Builders

LIST = "/settings/accounts/user/"


def page_of(user: User) -> str:
    return f"{LIST}{user.pk}/change/"


def fresh(user: User) -> User:
    """As she is stored now."""
    return User.objects.get(pk=user.pk)


def form_of(user: User, **typed: str) -> dict[str, str]:
    """Edit User as it comes, with what was typed over it."""
    seat = {"has_seat": "on"} if user.has_seat() else {}
    role = "admin" if user.is_company_admin else "member"
    return {"name": user.name, "email": user.email, "role": role, **seat, **typed}


@pytest.fixture
def company(a: Builders) -> Company:
    return a.company(seats_bought=2)


@pytest.fixture
def ada(a: Builders, company: Company, client: Client) -> User:
    """The company's admin, signed in."""
    ada = a.user(company=company, name="Ada Novak", seat=False, is_company_admin=True)
    client.force_login(ada)
    return ada


@pytest.mark.requirement("S1")
def test_an_admin_gives_a_seat_and_takes_it_again(a: Builders, company: Company, ada: User, client: Client) -> None:
    maya = a.user(company=company, seat=False)
    # when the box is checked and saved, then she has a seat, and the list says so
    answer = client.post(page_of(maya), form_of(maya, has_seat="on"), follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "Saved: Maya Chen." in answer.content.decode()
    assert "1 of 2 in use" in answer.content.decode()
    assert maya.has_seat()
    # when it is cleared, then she has none
    typed = form_of(maya)
    del typed["has_seat"]
    client.post(page_of(maya), typed)
    assert not maya.has_seat()
    # and the trail tells who did what
    entries = AuditEntry.objects.filter(company=company).values_list("by", "action", "about")
    assert list(entries) == [
        (ada.pk, AuditAction.SEAT_TAKEN, maya.pk),
        (ada.pk, AuditAction.SEAT_GIVEN, maya.pk),
    ]


@pytest.mark.requirement("S2")
def test_one_seat_too_many_is_refused_and_nothing_typed_is_lost(
    a: Builders, company: Company, ada: User, client: Client
) -> None:
    # given both seats are in use
    a.user(company=company, name="Peter Novak"), a.user(company=company, name="Priya Nair")
    maya = a.user(company=company, seat=False)
    # when a third is asked for, with a new name in the same form
    answer = client.post(page_of(maya), form_of(maya, name="Maya Chen-Lind", has_seat="on"))
    # then the sentence says how many are in use and how to free one
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "all 2 SmartMessage seats are in use" in html
    assert "Peter Novak hasn&#x27;t sent a text yet." in html
    assert f'href="{LIST}?seat=yes"' in html
    # and what was typed is still there, and nothing of it is stored
    assert 'value="Maya Chen-Lind"' in html
    assert answer.context["adminform"].form["has_seat"].value() is True
    assert (fresh(maya).name, maya.has_seat()) == ("Maya Chen", False)
    assert not AuditEntry.objects.filter(about=maya).exists()


@pytest.mark.requirement("S4")
def test_other_companies_users_are_nowhere(a: Builders, company: Company, ada: User, client: Client) -> None:
    # given a user of another company
    other = a.user(name="Otto Other", seat=False)
    assert "Otto Other" not in client.get(LIST, {"q": "Otto"}).content.decode()
    # then each way to her answers as if she weren't there, and nothing happens to her
    for path in (page_of(other), f"{LIST}{other.pk}/do/", f"{LIST}99999999/change/"):
        for answer in (client.get(path), client.post(path, form_of(other, has_seat="on", what="deactivate"))):
            assert answer.status_code == 404
    client.post(LIST, {"action": "give_seats", "index": "0", "_selected_action": [other.pk]})
    client.post(f"{LIST}reassign/", {"step": "move", "to": [other.pk]})
    assert not other.has_seat()
    # nor is her email told of
    maya = a.user(company=company, seat=False)
    html = client.post(page_of(maya), form_of(maya, email=other.email.upper())).content.decode()
    assert "This email can&#x27;t be used here." in html
    assert "Otto" not in html


@pytest.mark.requirement("S4")
def test_the_last_admin_stays(a: Builders, company: Company, ada: User, client: Client) -> None:
    # given an admin who was invited and has not come yet
    invited = a.user(company=company, name="Ida Invited", seat=False, is_company_admin=True)
    invited.set_unusable_password()
    invited.save()
    # then Ada can't leave the company without anybody
    assert "is the only admin" in client.post(page_of(ada), form_of(ada, role="member")).content.decode()
    said = client.post(f"{LIST}{ada.pk}/do/", {"what": "deactivate"}, follow=True).content.decode()
    assert "is the only admin" in said
    assert fresh(ada).is_active
    assert fresh(ada).is_company_admin
    # until somebody else can
    second = a.user(company=company, name="Bea Second", seat=False)
    client.post(page_of(second), form_of(second, role="admin"))
    client.post(page_of(ada), form_of(ada, role="member"))
    assert not fresh(ada).is_company_admin
    assert [entry.words for entry in AuditEntry.objects.filter(action=AuditAction.USER_CHANGED)] == [
        "role: Member",
        "role: Admin",
    ]
    assert client.get(LIST).status_code == 404


def test_who_is_deactivated_frees_the_seat_and_comes_back_without(
    a: Builders, company: Company, ada: User, client: Client
) -> None:
    maya = a.user(company=company)
    client.post(f"{LIST}{maya.pk}/do/", {"what": "deactivate"})
    assert not fresh(maya).is_active
    assert not maya.has_seat()
    # no seat for who can't sign in, by whatever form
    assert "has_seat" not in client.get(page_of(maya)).content.decode()
    client.post(page_of(maya), form_of(maya, has_seat="on"))
    client.post(LIST, {"action": "give_seats", "index": "0", "_selected_action": [maya.pk]})
    assert not maya.has_seat()
    client.post(f"{LIST}{maya.pk}/do/", {"what": "reactivate"})
    assert fresh(maya).is_active
    assert not maya.has_seat()


@pytest.mark.requirement("S2", "S3")
def test_many_seats_are_given_and_taken_at_once_or_not_at_all(
    a: Builders, company: Company, ada: User, client: Client
) -> None:
    # given two seats and three who want one
    three = [a.user(company=company, seat=False, name=f"User {n}") for n in range(3)]
    asked = {"action": "give_seats", "index": "0", "_selected_action": [user.pk for user in three]}
    answer = client.post(LIST, asked)
    html = answer.content.decode()
    assert "Not saved: 3 seats are needed and 2 are free (0 of 2 in use)." in html
    assert html.count("checked") == 3, "what was chosen stays chosen"
    assert not any(user.has_seat() for user in three)
    # when two are chosen
    client.post(LIST, {**asked, "_selected_action": [three[0].pk, three[1].pk]})
    assert [user.has_seat() for user in three] == [True, True, False]
    # and when one gives the seat to the third, in one go
    moved = {"step": "move", "from": [three[0].pk], "to": [three[2].pk]}
    assert client.post(f"{LIST}reassign/", moved).status_code == 302
    assert [user.has_seat() for user in three] == [False, True, True]


@pytest.mark.requirement("S2")
def test_seats_move_all_or_not_at_all(a: Builders, company: Company, ada: User, client: Client) -> None:
    holders = [a.user(company=company, name=f"Holder {n}") for n in range(2)]
    wanting = [a.user(company=company, seat=False, name=f"Wanting {n}") for n in range(2)]
    moved = {"step": "move", "from": [holders[0].pk], "to": [user.pk for user in wanting]}
    html = client.post(f"{LIST}reassign/", moved).content.decode()
    assert "Not saved: 2 seats are needed and 1 is free" in html
    assert html.count("checked") == 2
    assert [user.has_seat() for user in (*holders, *wanting)] == [True, True, False, False]


@pytest.mark.requirement("S2")
def test_two_hundred_seats_move_in_a_few_questions_to_the_database(a: Builders) -> None:
    # given
    company = a.company(seats_bought=200)
    admin = a.user(company=company, seat=False, is_company_admin=True)
    ids = [
        user.pk
        for user in User.objects.bulk_create(
            User(email=f"user{n}.{company.pk}@example.com", name=f"User {n}", company=company) for n in range(200)
        )
    ]
    # when
    with CaptureQueriesContext(connection) as asked:
        moved = seats.reassign(company.pk, give_to=ids, by=admin)
    # then
    assert len(moved.given) == 200
    assert len(asked) < 12
    company.refresh_from_db()
    assert company.seats_in_use == 200
    assert AuditEntry.objects.filter(company=company, action=AuditAction.SEAT_GIVEN, by=admin).count() == 200


def test_the_list_asks_as_often_for_thirty_users_as_for_two(
    a: Builders, company: Company, ada: User, client: Client
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).status_code == 200
        return len(asked)

    a.user(company=company)
    questions()
    few = questions()
    for n in range(30):
        a.user(company=company, seat=False, name=f"User {n}")
    assert questions() == few


def test_the_list_is_searched_filtered_and_sorted(a: Builders, company: Company, ada: User, client: Client) -> None:
    a.user(company=company), a.user(company=company, seat=False, name="Jonas Weber")

    def names(**query: str) -> list[str]:
        answer = client.get(LIST, query)
        return [user.name for user in answer.context["cl"].result_list]

    assert names() == ["Ada Novak", "Jonas Weber", "Maya Chen"]
    assert names(seat="yes") == ["Maya Chen"]
    assert names(seat="no") == ["Ada Novak", "Jonas Weber"]
    assert names(state="admin") == ["Ada Novak"]
    assert names(q="weber") == ["Jonas Weber"]
    assert names(o="-1") == ["Maya Chen", "Jonas Weber", "Ada Novak"]
    # and the way back from a user leads to the list as it was
    assert f"{LIST}?seat=no" in client.get(f"{page_of(ada)}?seat=no").content.decode()


@pytest.mark.parametrize("address", ["password_change/", "autocomplete/", "jsi18n/", "r/1/1/", "logout/", "accounts/"])
def test_nothing_else_of_djangos_administration_is_there(ada: User, client: Client, address: str) -> None:
    assert client.get(f"/settings/{address}").status_code == 404
    assert client.get(f"{page_of(ada)[:-7]}delete/").status_code == 404
    assert client.get(f"{page_of(ada)[:-7]}history/").status_code == 404


@pytest.mark.parametrize("lookup", ["password__startswith", "sessions_ended", "company__name", "seat__given_at"])
def test_no_column_is_guessed_by_filtering(ada: User, client: Client, lookup: str) -> None:
    assert client.get(LIST, {lookup: "m"}).status_code == 400


@pytest.mark.requirement("S4", "A4")
def test_who_is_no_admin_finds_nothing(a: Builders, company: Company, client: Client) -> None:
    maya = a.user(company=company)
    for path in ("/settings/", LIST, page_of(maya)):
        client.logout()
        assert client.get(path).headers["location"].startswith(reverse("account_login"))
        assert client.post(path).status_code == 401
        client.force_login(maya)
        assert client.get(path).status_code == client.post(path).status_code == 404


@pytest.mark.requirement("Q3")
def test_a_company_without_smartmessage_edits_and_invites_users_too(a: Builders, client: Client) -> None:
    quill = a.company(has_smartmessage=False, seats_bought=0)
    client.force_login(a.user(company=quill, name="Quincy Quill", seat=False, is_company_admin=True))
    sam = a.user(company=quill, name="Sam Okafor", seat=False)
    # when the admin opens and saves a user, then there is no box, and nothing fails
    html = client.get(page_of(sam)).content.decode()
    assert "Sam Okafor" in html
    assert "has_seat" not in html
    assert "Reads only" not in html
    assert "Give a seat" not in html
    client.post(page_of(sam), form_of(sam, name="Samuel Okafor", has_seat="on"))
    assert fresh(sam).name == "Samuel Okafor"
    assert not fresh(sam).has_seat()
    # and others can be invited
    assert client.get(f"{LIST}add/").status_code == 200
    client.post(f"{LIST}add/", {"name": "Rosa Klein", "email": "rosa@quill.example", "role": "member"})
    assert User.objects.filter(company=quill, email="rosa@quill.example").exists()
