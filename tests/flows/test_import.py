"""Importing people in the browser, and by many workers at once."""

import re
import threading
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from playwright.sync_api import expect

from accounts.models import User
from candidates.imports import runs
from candidates.models import Application, Candidate, Import, Job
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Site, until, violations


def job_of(maya: User) -> Job:
    assert maya.company
    job = Job.objects.create(company=maya.company, title="Field Engineer")
    job.team.add(maya)
    return job


def started(maya: User, job: Job, text: str) -> Import:
    source = runs.take_in(SimpleUploadedFile("people.csv", text.encode()), group=job, by=maya)
    assert runs.start(source, by=maya) == ""
    return source


@pytest.mark.requirement("P1", "O15")
def test_a_recruiter_imports_a_list(a: Builders, site: Site, tmp_path: Path) -> None:
    # given a list as a German spreadsheet saves it, with one row that is bad and one number that is
    maya = a.user()
    job = job_of(maya)
    rows = [f"Person {n};person{n}@example.com;+49 30 {123400000 + n}" for n in range(1200)]
    rows[3], rows[5] = "Jürgen Groß;juergen@example.com;0412-CALL-JACK", "Nobody;;"
    file = tmp_path / "Bewerber.csv"
    file.write_bytes("\r\n".join(["Name;E-Mail;Handy", *rows, ""]).encode("cp1252"))
    page = site.page_of(maya)

    # when she chooses it on the job's page
    page.goto(job.get_absolute_url())
    page.get_by_role("link", name="Import").click()
    assert violations(page) == []
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at the file").click()

    # then she sees how it will be read, and that nobody can be texted by it
    expect(page.get_by_role("heading", name="Import 1,200 rows")).to_be_visible()
    expect(page.get_by_role("row", name="5 Jürgen Groß")).to_contain_text("contains the letter “C”")
    expect(page.get_by_role("row", name="7 Not imported")).to_contain_text("neither an email nor a phone number")
    expect(page.get_by_text("Importing gives no consent.")).to_be_visible()
    assert violations(page) == []

    # when she starts, then the page gets there by itself
    page.get_by_role("button", name="Import 1,200 rows").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    expect(page.locator(".tally dd")).to_have_text(["1,199", "0", "1", "1"])
    expect(page.get_by_role("row", name="7 No")).to_contain_text("neither an email nor a phone number")
    expect(page.get_by_role("status")).to_have_text("The import is done.")
    assert violations(page) == []

    # and the people are there, with nothing to send to them
    page.get_by_role("link", name="Open the job").click()
    expect(page.get_by_text("1,199 applications")).to_be_visible()
    expect(page.get_by_role("row", name="No consent").first).to_be_visible()


def test_an_import_works_without_javascript(a: Builders, site: Site, tmp_path: Path) -> None:
    maya = a.user()
    job = job_of(maya)
    file = tmp_path / "people.csv"
    file.write_text("Who,Email\nAnna,anna@example.com\n")
    page = site.page_of(maya, java_script_enabled=False)
    page.goto(f"/jobs/{job.pk}/import/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_label("Name", exact=True).select_option(label="1: Who")
    page.get_by_role("button", name="Read it so").click()
    expect(page.get_by_role("cell", name="Anna", exact=True)).to_be_visible()
    page.get_by_role("button", name="Import 1 row").click()
    expect(page.get_by_role("heading", name=re.compile("Importing…|Imported"))).to_be_visible()
    until(lambda: Import.objects.get(job=job).state == Import.State.DONE)
    page.reload()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()


def test_a_worker_that_is_killed_is_replaced_and_nobody_comes_in_twice(a: Builders, stack: Stack) -> None:
    maya = a.user()
    job = job_of(maya)
    rows = "\n".join(["Name,Phone", *(f"Person {n},+4930{n:09d}" for n in range(6000))])
    source = started(maya, job, rows)
    until(lambda: Import.objects.defer("content").get(pk=source.pk).done_rows >= 500)
    stack.kill("worker")
    stack.start("worker")
    until(lambda: Import.objects.defer("content").get(pk=source.pk).state == Import.State.DONE, within=90)
    source.refresh_from_db()
    assert (source.added, source.known, source.bad) == (6000, 0, 0)
    assert Application.objects.filter(job=job).count() == 6000
    assert Candidate.objects.filter(company=maya.company).count() == 6000


def test_many_workers_at_once_do_each_row_once(a: Builders, monkeypatch: pytest.MonkeyPatch) -> None:
    # given two imports of the same people, who have no email, and four workers besides the stack's own
    monkeypatch.setattr(runs, "CHUNK", 3)
    maya = a.user()
    job = job_of(maya)
    rows = "\n".join(["Name,Phone", *(f"Person {n},+4930{n:09d}" for n in range(40))])
    sources = [runs.take_in(SimpleUploadedFile("people.csv", rows.encode()), group=job, by=maya) for _ in range(2)]
    Import.objects.filter(job=job).update(state=Import.State.RUNNING)
    barrier = threading.Barrier(4)

    def work(import_id: int) -> None:
        try:
            barrier.wait()
            runs.run(import_id)
        finally:
            connection.close()

    # when
    threads = [threading.Thread(target=work, args=(source.pk,)) for source in sources * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = Import.objects.filter(job=job, state=Import.State.DONE)
    until(lambda: done.count() == 2)  # whoever was turned away left it to the other, or to the sweeper

    # then
    assert sum(done.values_list("added", flat=True)) == sum(done.values_list("known", flat=True)) == 40
    assert Candidate.objects.filter(company=maya.company).count() == 40
    assert Application.objects.filter(job=job).count() == 40
