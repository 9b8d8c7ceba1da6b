"""Imports: who comes in, who is known, what is flagged; and whatever is killed, each row counts once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from accounts import work
from accounts.models import AuditAction, AuditEntry, Company, User
from candidates import consents
from candidates.consent_rules import Standing
from candidates.imports import people, reading, runs
from candidates.models import Application, Candidate, Community, Import, Job, Prospect
from inbox.models import Conversation
from tests.builders import Builders, new_number


@pytest.fixture
def maya(a: Builders) -> User:
    return a.user(company=a.company(has_smartcrm=True))


def company_of(user: User) -> Company:
    assert user.company
    return user.company


def job_of(maya: User) -> Job:
    job = Job.objects.create(company=company_of(maya), title="Field Engineer")
    job.team.add(maya)
    return job


def looked_at(maya: User, text: str, group: Job | Community | None = None) -> Import:
    file = SimpleUploadedFile("people.csv", text.encode())
    return runs.take_in(file, group=group or job_of(maya), by=maya)


def started(maya: User, text: str, group: Job | Community | None = None) -> Import:
    source = looked_at(maya, text, group)
    assert runs.start(source, by=maya) == ""
    return source


def imported(maya: User, text: str, group: Job | Community | None = None) -> Import:
    source = started(maya, text, group)
    runs.run(source.pk)
    source.refresh_from_db()
    assert source.state == Import.State.DONE
    return source


def counts(source: Import) -> tuple[int, int, int, int]:
    source.refresh_from_db()
    assert source.added + source.known + source.bad == source.done_rows
    return source.added, source.known, source.flagged, source.bad


def remarks(source: Import) -> list[tuple[int, bool, str]]:
    return list(source.problems.values_list("line", "is_bad", "reason"))


@pytest.mark.requirement("P1", "O15")
def test_good_rows_come_in_bad_ones_are_listed_and_a_bad_number_is_flagged(maya: User) -> None:
    # given
    text = (
        "Name,Email,Phone\n"
        "Anna Bauer,anna@example.com,+49 30 123487007\n"
        "Jack Wilson,jack@example.com,0412-CALL-JACK\n"
        ",nobody@example.com,\n"
        "Grace Turner,,\n"
        "Liam Tremblay,liam at example,+1 613 555 0160\n"
        '"Quote\nClarke",olivia@example.com,+44 1632 960947\n'
        "Too,many,cells,here\n"
    )
    # when
    source = imported(maya, text)
    # then
    assert counts(source) == (3, 0, 1, 4)
    assert [name for name, *_ in sorted(Candidate.objects.values_list("name", "phone"))] == [
        "Anna Bauer",
        "Jack Wilson",
        "Quote Clarke",
    ]
    jack = Candidate.objects.get(name="Jack Wilson")
    assert (jack.phone_typed, jack.phone) == ("0412-CALL-JACK", "")
    assert [(line, is_bad) for line, is_bad, _reason in remarks(source)] == [
        (3, False),
        (4, True),
        (5, True),
        (6, True),
        (9, True),
    ]
    flagged = remarks(source)[0][2]
    assert flagged.startswith("0412-CALL-JACK contains the letter “C”")
    assert Application.objects.filter(job=source.job).count() == 3
    # and nobody agreed to anything
    anna = Candidate.objects.get(name="Anna Bauer")
    standing = consents.standing_of(company_id=anna.company_id, channel="sms", address=anna.phone)
    assert standing == Standing.NOTHING
    # and the file is forgotten
    assert bytes(Import.objects.get(pk=source.pk).content) == b""


@pytest.mark.requirement("F2", "Q3")
def test_a_community_gets_prospects(maya: User) -> None:
    community = Community.objects.create(company=company_of(maya), name="Alumni")
    community.team.add(maya)
    source = imported(maya, "Vorname;Nachname;E-Mail\nFelix;Gruber;felix@example.com\n", community)
    assert counts(source) == (1, 0, 0, 0)
    assert Prospect.objects.get().candidate.name == "Felix Gruber"


def test_the_same_file_again_adds_nothing(maya: User) -> None:
    number = new_number()
    text = f"Name,Email,Phone\nAnna,anna@example.com,{number}\nBen,,{new_number()}\nJack,,0412-CALL\n"
    job = job_of(maya)
    assert counts(imported(maya, text, job)) == (3, 0, 1, 0)
    assert counts(imported(maya, text, job)) == (0, 3, 1, 0)
    assert Candidate.objects.count() == Application.objects.count() == 3


def test_known_people_are_not_overwritten_and_what_they_lack_is_filled_in(a: Builders, maya: User) -> None:
    # given
    company = company_of(maya)
    anna = a.person(company, name="Anna Bauer", phone="+49 30 123487007")
    grace = a.person(company, name="Grace Turner", phone="")
    open_page = a.conversation(team=[maya], person=grace)
    numberless = Candidate.objects.create(
        company=company, name="Ben Osei", phone_typed="+1 415 123 4567", phone="+14151234567"
    )
    text = (
        "Name,Email,Phone\n"
        f"Anna B.,{anna.email.upper()},+49 30 999999999\n"
        f"Grace Turner,{grace.email},+1 613 555 0160\n"
        "ben  osei,ben@example.com,+1 (415) 123-4567\n"
    )
    # when
    source = imported(maya, text)
    # then
    assert counts(source) == (3, 0, 0, 0)
    for person in (anna, grace, numberless):
        person.refresh_from_db()
    assert (anna.name, anna.phone) == ("Anna Bauer", "+4930123487007")
    assert grace.phone == "+16135550160"
    assert Conversation.objects.get(pk=open_page.pk).version > open_page.version
    assert numberless.email == "ben@example.com"
    assert Candidate.objects.count() == 3
    assert remarks(source) == [
        (
            2,
            False,
            "Kept the name on record; the file has another one. Kept the number on record; the file has another one.",
        )
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_doubles_in_one_file_are_one_person_whatever_their_order(maya: User, order: int) -> None:
    number = new_number()
    rows = [f"Anna Bauer,anna@example.com,{number}", f"anna bauer,,{number}"]
    source = imported(maya, "\n".join(["Name,Email,Phone", *rows[::order], "Anna Bauer,ANNA@example.com,"]))
    assert counts(source) == (1, 2, 0, 0)
    person = Candidate.objects.get()
    assert (person.email.lower(), person.phone) == ("anna@example.com", number)


def test_two_people_with_one_number_stay_two(maya: User) -> None:
    number = new_number()
    source = imported(maya, f"Name,Email,Phone\nAnna,anna@example.com,{number}\nBen,ben@example.com,{number}\n")
    assert counts(source) == (2, 0, 0, 0)


@pytest.mark.requirement("A4")
def test_an_email_at_another_company_is_another_person(a: Builders, maya: User) -> None:
    theirs = a.person(a.company())
    assert counts(imported(maya, f"Name,Email\nAnna,{theirs.email}\n")) == (1, 0, 0, 0)
    assert Candidate.objects.filter(email=theirs.email).count() == 2


def test_the_trail_says_who_imported_how_much_and_nothing_of_people(maya: User) -> None:
    imported(maya, "Name,Email\nAnna,anna@example.com\n,x@example.com\n")
    entries = AuditEntry.objects.filter(action=AuditAction.IMPORTED, by=maya).order_by("pk")
    assert [entry.words for entry in entries] == [
        "people into Field Engineer: 2 rows, started",
        "people into Field Engineer: 1 added, 0 known already, 0 with a flagged number, 1 not imported",
    ]


def many_rows(count: int, who: str = "person") -> str:
    good = (f"Person {n},{who}{n}@example.com,+4930{n:09d}" for n in range(count))
    return "\n".join(["Name,Email,Phone", *good, ",,", "Bad,nowhere,", ""])


def test_a_chunk_asks_as_often_for_many_rows_as_for_few(maya: User) -> None:
    def queries(rows: int) -> int:
        source = started(maya, many_rows(rows, who=f"one-of-{rows}-"))
        with CaptureQueriesContext(connection) as context:
            runs.run(source.pk)
        return len(context)

    assert queries(300) == queries(3) < 25


STEPS: dict[str, tuple[Any, str]] = {
    "before anything is written": (people, "ids_by_email"),
    "when people are stored": (people, "_store_filled"),
    "when records are stored": (people, "_store_records"),
    "when the last chunk is finished": (runs, "_finish"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("is_after", [False, True])
def test_a_worker_that_dies_leaves_nothing_half_done(
    maya: User, monkeypatch: pytest.MonkeyPatch, step: str, is_after: bool
) -> None:
    # given a worker that dies in the second chunk
    monkeypatch.setattr(runs, "CHUNK", 4)
    source = started(maya, many_rows(10))
    room, name = STEPS[step]
    original: Callable[..., Any] = getattr(room, name)
    calls = []

    def dies(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        is_time = len(calls) > 2 or step == "when the last chunk is finished"
        result = original(*args, **kwargs) if is_after or not is_time else None
        if is_time:
            raise OperationalError("killed")
        return result

    monkeypatch.setattr(room, name, dies)
    with pytest.raises(OperationalError):
        runs.run(source.pk)
    # then what is there is what is counted
    source.refresh_from_db()
    assert source.state == Import.State.RUNNING
    assert source.done_rows % 4 == 0
    assert Candidate.objects.count() == Application.objects.count() == source.added
    # when another worker goes on
    monkeypatch.setattr(room, name, original)
    runs.run(source.pk)
    # then each row counted once
    assert counts(source) == (10, 0, 0, 1)
    assert source.state == Import.State.DONE
    assert source.problems.count() == 1
    # and once more changes nothing
    runs.run(source.pk)
    assert counts(source) == (10, 0, 0, 1)


def test_the_sweeper_asks_for_an_import_that_nobody_goes_on_with(
    maya: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(work, "ask", lambda _task, pk: asked.append(pk))
    source = started(maya, "Name,Email\nAnna,anna@example.com\n")
    asked.clear()
    just_now = source.made_at
    assert runs.ask_for_waiting_imports(just_now) == 0
    later = just_now + settings.ASK_AGAIN_AFTER * 2
    assert runs.ask_for_waiting_imports(later) == 1
    assert asked == [source.pk]
    assert runs.ask_for_waiting_imports(later) == 0


def test_what_can_never_work_stops_and_can_be_tried_again(maya: User, monkeypatch: pytest.MonkeyPatch) -> None:
    source = started(maya, "Name,Email\nAnna,anna@example.com\n")
    with monkeypatch.context() as broken:
        broken.setattr(people, "write", lambda *_: 1 / 0)
        runs.run(source.pk)
    source.refresh_from_db()
    assert source.state == Import.State.FAILED
    assert runs.start(source, by=maya) == ""
    runs.run(source.pk)
    assert counts(source) == (1, 0, 0, 0)


def test_a_file_that_was_only_looked_at_is_forgotten_after_a_week(maya: User) -> None:
    source = looked_at(maya, "Name,Email\nAnna,anna@example.com\n")
    assert runs.forget_unstarted(source.made_at + runs.KEPT_UNSTARTED / 2) == 0
    assert runs.forget_unstarted(source.made_at + runs.KEPT_UNSTARTED) == 1


def test_nothing_is_read_without_a_column_for_the_name(maya: User) -> None:
    source = looked_at(maya, "Jméno,Email\nAnna,anna@example.com\n")
    assert runs.start(source, by=maya) == "Choose the column that holds the name."
    runs.choose_columns(source, {reading.Field.NAME: 0, reading.Field.EMAIL: 1})
    assert runs.start(source, by=maya) == ""
