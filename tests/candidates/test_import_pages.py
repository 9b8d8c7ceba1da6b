"""The pages of an import: for the team, and nobody else."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditAction, AuditEntry, User
from candidates.imports import runs
from candidates.models import Community, Import, Job
from tests.builders import Builders

TEXT = "Who,Email,Phone\nAnna Bauer,anna@example.com,+49 30 123487007\n=1+1,,\nJack,,0412-CALL-JACK\n"


@pytest.fixture
def maya(a: Builders) -> User:
    return a.user(company=a.company(has_smartcrm=True), seat=False)


@pytest.fixture
def job(maya: User) -> Job:
    assert maya.company
    job = Job.objects.create(company=maya.company, title="Field Engineer")
    job.team.add(maya)
    return job


def upload(client: Client, user: User, group: Job | Community, content: bytes) -> Any:
    client.force_login(user)
    name = "job-import" if isinstance(group, Job) else "community-import"
    return client.post(reverse(name, args=[group.pk]), {"file": SimpleUploadedFile("people.csv", content)})


def test_a_file_is_looked_at_its_columns_chosen_and_then_imported(maya: User, job: Job, client: Client) -> None:
    # given a file whose name column is called something else
    address = upload(client, maya, job, TEXT.encode()).url
    page = client.get(address).content.decode()
    assert "Choose the column that holds the name." in page
    assert "Importing gives no consent." in page
    # when it is read otherwise
    start = reverse("import-start", args=[Import.objects.get().pk])
    columns = {"name": "0", "email": "1", "phone": "2"}
    assert client.post(start, columns | {"do": "look"})["Location"] == address
    page = client.get(address).content.decode()
    # then
    assert "+49 30 123487007" in page
    assert "There is neither an email nor a phone number." in page
    assert "0412-CALL-JACK contains the letter" in page
    assert Import.objects.get().state == Import.State.PREVIEW
    # when it is imported, by a double click
    for _click in range(2):
        assert client.post(start, columns | {"do": "start"})["Location"] == address
    assert AuditEntry.objects.filter(action=AuditAction.IMPORTED).count() == 1
    assert "0 of 3 rows" in client.get(address).content.decode()
    runs.run(Import.objects.get().pk)
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "data-progress" not in fragment
    assert "<html" not in fragment
    assert "0412-CALL-JACK contains the letter" in fragment


def test_the_problems_are_a_file_that_no_spreadsheet_calculates(maya: User, job: Job, client: Client) -> None:
    upload(client, maya, job, TEXT.replace("Who", "Name").encode())
    source = Import.objects.get()
    runs.start(source, by=maya)
    runs.run(source.pk)
    text = client.get(reverse("import-problems", args=[source.pk])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Line", "Imported", "Reason", "Row"]
    assert [(line, is_in, row) for line, is_in, _reason, row in rows[1:]] == [
        ("3", "no", "'=1+1, , "),
        ("4", "yes", "Jack, , 0412-CALL-JACK"),
    ]
    assert AuditEntry.objects.filter(action=AuditAction.EXPORTED, by=maya).count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty"),
        (b"PK\x03\x04xlsx", "Save it as CSV"),
        (b"anna,anna@example.com\n", "The first line doesn&#x27;t say what the columns hold"),
        (b"Name,Email\n", "no people below it"),
    ],
)
def test_a_file_that_can_t_be_read_says_why(maya: User, job: Job, client: Client, content: bytes, words: str) -> None:
    answer = upload(client, maya, job, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_a_closed_job_takes_nobody_in(maya: User, job: Job, client: Client) -> None:
    upload(client, maya, job, b"Name,Email\nAnna,a@example.com\n")
    Job.objects.update(closed_at=timezone.now())
    assert upload(client, maya, job, b"Name,Email\nAnna,a@example.com\n").status_code == 422
    answer = client.post(reverse("import-start", args=[Import.objects.get().pk]), {"name": 0, "email": 1})
    assert answer.status_code == 422
    assert "It was closed meanwhile" in answer.content.decode()


@pytest.mark.requirement("A4", "F2")
def test_who_is_not_on_the_team_finds_nothing(a: Builders, maya: User, job: Job, client: Client) -> None:
    upload(client, maya, job, TEXT.encode())
    assert maya.company
    community = Community.objects.create(company=maya.company, name="Alumni")
    community.team.add(maya)
    of_community = upload(client, maya, community, TEXT.encode()).url
    places = [
        ("get", reverse("job-import", args=[job.pk])),
        ("post", reverse("job-import", args=[job.pk])),
        ("get", reverse("community-import", args=[community.pk])),
        *((("get", reverse("import", args=[each.pk]))) for each in Import.objects.all()),
        *((("post", reverse("import-start", args=[each.pk]))) for each in Import.objects.all()),
        *((("get", reverse("import-problems", args=[each.pk]))) for each in Import.objects.all()),
    ]
    for stranger in (a.user(company=maya.company), a.user()):
        client.force_login(stranger)
        assert {getattr(client, method)(address).status_code for method, address in places} == {404}
    # and without SmartCRM a community's import is gone for everybody
    maya.company.has_smartcrm = False
    maya.company.save()
    client.force_login(maya)
    assert client.get(of_community).status_code == 404
