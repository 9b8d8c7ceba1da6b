"""Settings / Admin, Sending hours: what the admin keeps as data (V1)."""

from typing import Any

import pytest
from django.test import Client

from accounts.hours import HoursPreset
from accounts.models import AuditEntry, Company, User
from inbox import own_hours
from inbox.hours_admin import STATES
from inbox.sending_hours import Policy, in_words, on_each_kind_of_day, shipped, spans_from
from tests.builders import Builders

PAGE = "/settings/inbox/sendinghours/"


def admin_of(a: Builders, client: Client, **company: Any) -> User:
    admin = a.user(company=a.company(**company), name="Ada Novak", is_company_admin=True)
    client.force_login(admin)
    return admin


def stored(admin: User) -> Company:
    assert admin.company_id
    return Company.objects.get(pk=admin.company_id)


@pytest.mark.requirement("V1")
def test_the_page_shows_every_rule_with_what_it_comes_to_and_its_source(a: Builders, client: Client) -> None:
    admin_of(a, client)
    page = client.get(PAGE).content.decode()
    for rule in shipped().values():
        assert rule.source.split(",")[0] in page
    assert "United States: Florida" in page
    assert "10:00-13:00, 14:00-20:00" in page


@pytest.mark.requirement("V1")
def test_the_admin_chooses_the_preset_and_the_wall_and_the_trail_tells(a: Builders, client: Client) -> None:
    # given
    admin = admin_of(a, client)
    # when
    answer = client.post(PAGE, {"preset": "strict", "are_wall": "yes"})
    # then
    assert answer.status_code == 302
    assert Policy.of(stored(admin)) == Policy(HoursPreset.STRICT, True)
    assert "good hours for texts" in AuditEntry.objects.latest("pk").words
    # and the other way
    client.post(PAGE, {"preset": "advice", "are_wall": "no"})
    assert Policy.of(stored(admin)) == Policy()


@pytest.mark.requirement("V1")
def test_own_hours_of_a_country_take_the_place_of_the_shipped_ones(a: Builders, client: Client) -> None:
    # given
    admin = admin_of(a, client)
    # when
    client.post(f"{PAGE}FR/", {"weekdays": "9:00-20:00", "saturday": "never", "sunday": "", "holidays": ""})
    # then
    rule = Policy.of(stored(admin)).own["FR"]
    assert in_words(rule.days["weekdays"]) == "9:00-20:00"
    assert rule.days["saturday"] == ()
    assert "sunday" not in rule.days
    assert "Your company" in client.get(PAGE).content.decode()
    # when they are given up
    client.post(f"{PAGE}FR/", {"do": "shipped"})
    # then
    assert stored(admin).own_hours == {}


@pytest.mark.requirement("V1")
def test_hours_that_cannot_be_read_come_back_with_what_was_typed(a: Builders, client: Client) -> None:
    admin = admin_of(a, client)
    page = client.post(f"{PAGE}DE/", {"weekdays": "from nine", "saturday": "never"}).content.decode()
    assert "These hours can&#x27;t be read." in page
    assert 'value="from nine"' in page
    assert stored(admin).own_hours == {}


@pytest.mark.requirement("V1")
def test_two_admins_change_two_countries_and_both_changes_stay(a: Builders, client: Client) -> None:
    admin = admin_of(a, client)
    assert admin.company_id
    own_hours.keep(admin.company_id, "FR", {"weekdays": "9:00-20:00"}, by=admin)
    own_hours.keep(admin.company_id, "DE", {"weekdays": "10:00-18:00"}, by=admin)
    assert stored(admin).own_hours.keys() == {"FR", "DE"}


@pytest.mark.requirement("V1")
def test_the_table_says_what_is_good_and_not_just_what_the_law_allows() -> None:
    strict, texas = Policy(HoursPreset.STRICT), shipped()["US-TX"]
    words = {kind: in_words(spans) for kind, spans in on_each_kind_of_day(strict, texas).items()}
    assert words == {"weekdays": "9:00-20:00", "saturday": "9:00-20:00", "sunday": "never", "holidays": "never"}
    assert in_words(on_each_kind_of_day(Policy(), texas)["saturday"]) == "never"
    assert spans_from(in_words(shipped()["FR"].days["weekdays"])) == shipped()["FR"].days["weekdays"]


@pytest.mark.requirement("S4", "V1")
@pytest.mark.parametrize("key", ["ZZ", "US-XX", "fr"])
def test_there_are_no_hours_of_places_that_do_not_exist(a: Builders, client: Client, key: str) -> None:
    admin_of(a, client)
    assert client.get(f"{PAGE}{key}/").status_code == 404
    assert client.get(f"{PAGE}country/?key={key}")["Location"] == PAGE


@pytest.mark.requirement("S4", "V1")
def test_only_an_admin_of_a_company_that_texts_has_the_page(a: Builders, client: Client) -> None:
    client.force_login(a.user())
    assert client.get(PAGE).status_code == 404
    admin_of(a, client, has_smartmessage=False)
    assert client.get(PAGE).status_code == 404


def test_each_state_that_has_hours_has_a_name() -> None:
    assert STATES.keys() == {key for key in shipped() if "-" in key}
