"""Settings / Admin: jobs, teams, consent, numbers and the trail of one company, and of no other (S4, A5)."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import audit
from accounts.models import AuditAction, AuditEntry, Company, ConsentStyle, User
from accounts.sites import company_site
from candidates import consent_export, consents
from candidates.consent_rules import EventKind, Source
from candidates.models import Community, ConsentEvent, ConsentText, Job, Purpose
from candidates.public import consent_texts
from channels_sms import routes
from inbox.models import UnmatchedReply
from tests.builders import Builders, new_number

JOBS, COMMUNITIES = "/settings/candidates/job/", "/settings/candidates/community/"
TEXTS, LEDGER = "/settings/candidates/consenttext/", "/settings/candidates/consentevent/"
COMPANY, TRAIL = "/settings/accounts/company/", "/settings/accounts/auditentry/"


@pytest.fixture
def company(a: Builders) -> Company:
    return a.company(has_smartcrm=True, texts_by_whatsapp=True, languages=["en", "de"])


@pytest.fixture
def ada(a: Builders, company: Company, client: Client) -> User:
    """The company's admin, signed in."""
    ada = a.user(company=company, name="Ada Novak", seat=False, is_company_admin=True)
    client.force_login(ada)
    return ada


def trail(company: Company) -> list[tuple[str, int | None, str]]:
    """What was done, newest first: what, about whom, in which words."""
    return list(company.audit_entries.values_list("action", "about", "words"))


# --- jobs, communities, teams ---


@pytest.mark.requirement("A5")
def test_an_admin_makes_a_job_with_its_team_and_sees_none_of_its_records(
    a: Builders, company: Company, ada: User, client: Client
) -> None:
    maya, jonas = a.user(company=company), a.user(company=company, name="Jonas Weber")
    # when
    typed = {"title": "Welder", "location": "Kiel", "description": "Steel\n- and tin", "team": [maya.pk, ada.pk]}
    client.post(f"{JOBS}add/", typed)
    # then
    job = Job.objects.get(company=company)
    assert (job.title, job.location, set(job.team.all())) == ("Welder", "Kiel", {maya, ada})
    assert set(trail(company)) == {
        (AuditAction.JOB_CHANGED, None, "Welder, new"),
        (AuditAction.TEAM_JOINED, maya.pk, "Welder"),
        (AuditAction.TEAM_JOINED, ada.pk, "Welder"),
    }
    # when somebody comes and somebody goes, and the admin leaves it himself
    client.post(f"{JOBS}{job.pk}/change/", {**typed, "team": [jonas.pk]})
    assert list(job.team.all()) == [jonas]
    assert set(trail(company)[:3]) == {
        (AuditAction.TEAM_LEFT, maya.pk, "Welder"),
        (AuditAction.TEAM_LEFT, ada.pk, "Welder"),
        (AuditAction.TEAM_JOINED, jonas.pk, "Welder"),
    }
    # then managing it shows nobody who applied
    person = a.person(company, name="Anna Bauer")
    person.applications.create(job=job)
    for path in (JOBS, f"{JOBS}{job.pk}/change/", TRAIL, "/settings/"):
        assert "Anna Bauer" not in client.get(path).content.decode()


@pytest.mark.requirement("A2", "A5")
def test_open_pages_of_who_joins_or_leaves_look_again(
    a: Builders, company: Company, ada: User, client: Client, told: Callable[[], set[int]]
) -> None:
    maya, jonas = a.user(company=company), a.user(company=company, name="Jonas Weber")
    job = Job.objects.create(company=company, title="Welder")
    job.team.set([maya])
    client.post(f"{JOBS}{job.pk}/change/", {"title": "Welder", "team": [jonas.pk]})
    assert told() == {maya.pk, jonas.pk}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[int]]:
    """Whose open pages were told to look again."""
    heard: set[int] = set()
    monkeypatch.setattr("accounts.changes._listeners", [lambda ids: heard.update(ids)])
    return lambda: heard


@pytest.mark.requirement("S4")
def test_nobody_of_another_company_gets_onto_a_team(a: Builders, company: Company, ada: User, client: Client) -> None:
    other = a.user(name="Otto Other")
    answer = client.post(f"{JOBS}add/", {"title": "Welder", "team": [other.pk]})
    assert "Otto" not in answer.content.decode()
    assert not Job.objects.filter(company=company).exists()
    assert 'value="Welder"' in answer.content.decode(), "what was typed stays"


@pytest.mark.requirement("A1")
def test_a_job_is_closed_and_opened_again(a: Builders, company: Company, ada: User, client: Client) -> None:
    job = Job.objects.create(company=company, title="Welder")
    for what, is_closed in (("close", True), ("close", True), ("reopen", False)):
        assert client.post(f"{JOBS}{job.pk}/do/", {"what": what}).status_code == 302
        job.refresh_from_db()
        assert bool(job.closed_at) == is_closed
    assert [words for _action, _about, words in trail(company)] == ["Welder, open again", "Welder, closed"]


@pytest.mark.requirement("F2")
def test_without_smartcrm_there_are_no_communities(company: Company, ada: User, client: Client) -> None:
    assert "Communities" in client.get(JOBS).content.decode()
    client.post(f"{COMMUNITIES}add/", {"name": "Alumni"})
    alumni = Community.objects.get(company=company)
    Company.objects.filter(pk=company.pk).update(has_smartcrm=False)
    assert COMMUNITIES not in client.get(JOBS).content.decode()
    for path in (COMMUNITIES, f"{COMMUNITIES}add/", f"{COMMUNITIES}{alumni.pk}/change/"):
        assert client.get(path).status_code == 404


# --- consent ---


@pytest.mark.requirement("O11", "A5")
def test_new_words_are_a_new_version_and_the_old_ones_stay(company: Company, ada: User, client: Client) -> None:
    old = consent_texts.current(company, Purpose.SMS, "de")
    html = client.get(f"{TEXTS}add/", {"purpose": "sms", "language": "de"}).content.decode()
    assert "Reply STOP to end them." in html, "the present words are the draft"
    # when
    client.post(f"{TEXTS}add/", {"purpose": "sms", "language": "de", "words": "Ich stimme zu."})
    # then
    new = consent_texts.current(company, Purpose.SMS, "de")
    assert (new.words, new.version, new.published_by) == ("Ich stimme zu.", 1, ada)
    for text in (old, new):
        assert text.words.splitlines()[0] in client.get(f"{TEXTS}{text.pk}/change/").content.decode()
        assert client.post(f"{TEXTS}{text.pk}/change/", {"words": "x"}).status_code == 404
    assert trail(company)[0] == (AuditAction.CONSENT_TEXT, None, "SMS, de, version 1")
    # and only for boxes and languages that the company's forms have
    for typed in ({"purpose": "single", "language": "en"}, {"purpose": "sms", "language": "fr"}):
        assert client.post(f"{TEXTS}add/", {**typed, "words": "x"}).status_code == 200
    assert ConsentText.objects.filter(company=company, words="x").count() == 0


@pytest.mark.requirement("O2")
def test_who_has_the_single_box_and_whatsapp_is_told(company: Company, ada: User, client: Client) -> None:
    words = "The single box can't give WhatsApp consent."
    assert words not in client.get(TEXTS).content.decode()
    Company.objects.filter(pk=company.pk).update(consent_style=ConsentStyle.SINGLE)
    for path in (TEXTS, COMPANY, "/settings/"):
        assert words in client.get(path).content.decode()


@pytest.mark.requirement("A5", "O11")
def test_the_ledger_is_found_by_a_number_however_it_is_written(
    a: Builders, company: Company, ada: User, client: Client
) -> None:
    a.consent(company, "+14151234567", "opted in"), a.consent(company, "+4930123487007", "invited")

    def found(**query: str) -> set[str]:
        rows = client.get(LEDGER, query).context["cl"].result_list
        return {event.consent.address for event in rows}

    assert found() == {"+14151234567", "+4930123487007"}
    for typed in ("+1 (415) 123-4567", "+14151234567", "4151234"):
        assert found(q=typed) == {"+14151234567"}
    assert found(q="nobody") == set()
    assert found(kind="opted in") == {"+14151234567"}
    # and one event tells all that is known, and links to the others of its address
    event = ConsentEvent.objects.filter(consent__address="+14151234567").first()
    assert event
    html = client.get(f"{LEDGER}{event.pk}/change/").content.decode()
    assert html.count("/change/") >= 2
    assert "now: Opted in" in html


@pytest.mark.requirement("O11")
def test_an_event_tells_its_details_in_words(a: Builders, company: Company, ada: User, client: Client) -> None:
    consent = a.consent(company, "+14151234567", "opted in")
    details = {"form": "application", "ip": "198.51.100.7", "language": "de", "our_number": "+14155550100"}
    event = consents.record(consent, EventKind.FIRST_CONSENT, words="Yes", source=Source.FORM, details=details)
    html = client.get(f"{LEDGER}{event.pk}/change/").content.decode()
    for name, value in [
        ("Form", "Application form"),
        ("IP address", "198.51.100.7"),
        ("Language", "German"),
        ("Our number", "+1 415 555 0100"),
        ("Source", "Form"),
    ]:
        assert f"<dt>{name}</dt><dd>{value}</dd>" in html
    assert "+1 415 123 4567 · SMS" in html


@pytest.mark.requirement("A5")
def test_the_ledger_is_exported_and_the_trail_tells_of_it(
    a: Builders, company: Company, ada: User, client: Client
) -> None:
    a.consent(company, "+14151234567", "opted in")
    a.consent(a.company(), "+14157654321", "opted in")  # another company's
    answer = client.post(f"{LEDGER}export/?kind=opted+in")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert [row[1] for row in rows[1:]] == ["+14151234567"]
    assert trail(company) == [(AuditAction.EXPORTED, None, "1 consent event")]
    assert client.get(f"{LEDGER}export/").status_code == 404


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+SUM(1)", "'+SUM(1)"),
        ("-1+1", "'-1+1"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("+14151234567", "+14151234567"),
        ("Yes", "Yes"),
        ("a=b", "a=b"),
    ],
)
def test_no_cell_is_a_formula(cell: str, written: str) -> None:
    assert consent_export.safe(cell) == written


# --- the company ---


def facts(company: Company, **typed: str | list[str]) -> dict[str, str | list[str]]:
    known: dict[str, str | list[str]] = {
        "name": company.name,
        "time_zone": company.time_zone,
        "country": company.country,
        "first_language": company.languages[0],
        "other_languages": company.languages[1:],
        "privacy_policy_url": company.privacy_policy_url,
    }
    return {**known, **typed}


@pytest.mark.requirement("A5")
def test_an_admin_says_what_her_company_is_and_not_what_it_bought(
    a: Builders, company: Company, ada: User, client: Client
) -> None:
    typed = facts(company, time_zone="Europe/Berlin", first_language="de", other_languages=["en", "de", "sv"])
    client.post(COMPANY, {**typed, "seats_bought": "1000", "has_smartmessage": ""})
    company.refresh_from_db()
    assert (company.time_zone, company.languages) == ("Europe/Berlin", ["de", "en", "sv"])
    assert (company.seats_bought, company.has_smartmessage) == (50, True)
    assert trail(company) == [(AuditAction.COMPANY_CHANGED, None, "time zone, languages")]
    # another company's name can't be taken, and the sentence tells of nobody
    answer = client.post(COMPANY, facts(company, name=a.company(name="Alder Clinics").name))
    assert "This name can&#x27;t be used." in answer.content.decode()


@pytest.mark.requirement("A5")
def test_the_trail_is_searched_by_name_and_by_kind(a: Builders, company: Company, ada: User, client: Client) -> None:
    maya = a.user(company=company)
    audit.record(company, AuditAction.SEAT_GIVEN, by=ada, about=maya)
    audit.record(company, AuditAction.JOB_CHANGED, by=maya, words="Welder")
    audit.record(a.company(), AuditAction.SEAT_TAKEN, by=None, words="elsewhere")

    def found(**query: str) -> list[str]:
        return [entry.action for entry in client.get(TRAIL, query).context["cl"].result_list]

    assert found() == [AuditAction.JOB_CHANGED, AuditAction.SEAT_GIVEN]
    assert found(q="Maya") == [AuditAction.JOB_CHANGED, AuditAction.SEAT_GIVEN]
    assert found(q="Ada") == [AuditAction.SEAT_GIVEN]
    assert found(what="job changed") == [AuditAction.JOB_CHANGED]
    assert found(q="elsewhere") == []


# --- every page, and every other company ---


@pytest.mark.requirement("S4", "A4")
def test_another_companys_ids_answer_like_none_at_every_address(
    a: Builders, company: Company, ada: User, client: Client
) -> None:
    # given one row of each kind at another company, and none here
    other = a.user(name="Otto Other", is_company_admin=True, company=a.company(has_smartcrm=True))
    theirs = other.company
    assert theirs
    a.consent(theirs, new_number(), "opted in")
    chat = a.conversation(team=[other])
    route = routes.reserve(chat, chat.person.phone)
    assert route
    reply = UnmatchedReply.objects.create(
        company=theirs, channel="sms", sender=new_number(), recipient=new_number(), body="Hi", provider_id="SMx"
    )
    rows = {
        "user": other.pk,
        "job": Job.objects.create(company=theirs, title="Welder").pk,
        "community": Community.objects.create(company=theirs, name="Alumni").pk,
        "consenttext": consent_texts.current(theirs, Purpose.SMS, "en").pk,
        "consentevent": ConsentEvent.objects.filter(consent__company=theirs).latest("pk").pk,
        "unmatchedreply": reply.pk,
        "template": a.whatsapp_template(a.whatsapp_sender(theirs), "de").pk,
        "route": route.pk,
    }
    asked = set()
    for model, page in company_site._registry.items():
        for url in page.get_urls():
            if "object_id" not in str(url.pattern):
                continue
            name = model._meta.model_name or ""
            asked.add(name)
            for pk in (rows[name], 10**12):
                path = reverse(f"settings:{url.name}", args=[pk])
                for answer in (client.get(path), client.post(path, {"what": "close", "title": "x", "name": "x"})):
                    assert answer.status_code == 404, path
                    assert "Otto" not in answer.content.decode()
    assert asked >= rows.keys()
    assert not AuditEntry.objects.filter(company=theirs).exists()


@pytest.mark.requirement("A5")
def test_every_link_of_the_sidebar_opens(a: Builders, company: Company, ada: User, client: Client) -> None:
    page = client.get("/settings/")
    entries = [entry for group in page.context["navigation"] for entry in group.entries]
    assert {"User Management", "Audit trail", "Jobs", "Communities", "Consent events"} <= {e.label for e in entries}
    for entry in entries:
        html = client.get(entry.url).content.decode()
        assert f'<h1 id="title">{entry.label}</h1>' in html, entry.url
        assert html.count('aria-current="page"') == 1
        assert "jquery" not in html
