"""CVs: what is taken, where it is kept, who gets it, and what becomes of files that nobody sent off."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Cv, Purpose, Submission
from candidates.public import cvs
from tests.builders import Builders
from tests.candidates import form_steps as forms


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def archive(**entries: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return made.getvalue()


DOCX = archive(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
ODT = archive(**{"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (forms.PDF, "pdf"),
        (b"\n\n" + forms.PDF, "pdf"),
        (b"{\\rtf1 Anna}", "rtf"),
        (OLE + "WordDocument".encode("utf-16-le"), "doc"),
        (DOCX, "docx"),
        (ODT, "odt"),
        ("Anna Weiß\tEngineer\r\n".encode(), "txt"),
        ("Anna Weiß".encode("cp1252"), "txt"),
    ],
)
def test_a_file_is_what_its_content_is(content: bytes, kind: str) -> None:
    assert cvs.kind_of(content) == kind
    assert cvs.shown_name("..\\..\\My CV.exe", kind) == f"My CV.{kind}"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00 a program",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        OLE + "Workbook".encode("utf-16-le"),
        archive(**{"a.txt": b"x"}),
        archive(**{"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b"x"}),
        b"PK\x03\x04 broken",
        b"text with a zero \x00",
    ],
)
def test_other_files_are_refused_whatever_their_name(a: Builders, client: Client, content: bytes) -> None:
    job = forms.job_of(forms.company_with(a, "separated"))
    answer = forms.send(client, job, Purpose.PRIVACY, cv=forms.a_file("cv.pdf", content))
    assert answer.status_code == 422
    assert "Choose a PDF, DOC, DOCX, ODT, RTF or TXT file" in answer.content.decode()
    assert not Cv.objects.exists()
    assert not Submission.objects.exists()


def test_names_can_not_deceive() -> None:
    assert cvs.shown_name("cv\u202efdp.exe", "pdf") == "cvfdp.pdf"
    assert cvs.shown_name("/etc/passwd", "txt") == "passwd.txt"
    assert cvs.shown_name('a"\r\nSet-Cookie: x.pdf', "pdf") == 'a"Set-Cookie: x.pdf'
    assert cvs.shown_name("", "pdf") == "cv.pdf"
    assert len(cvs.shown_name("x" * 500, "docx")) <= 120


def test_a_file_that_is_too_big_is_not_kept_and_the_form_loses_nothing(
    a: Builders, client: Client, files: Path
) -> None:
    job = forms.job_of(forms.company_with(a, "separated"))
    big = forms.PDF + bytes(cvs.MOST_BYTES)
    answer = forms.send(client, job, Purpose.PRIVACY, name="After The File", cv=forms.a_file("cv.pdf", big))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "bigger than 5 MB" in page
    assert "After The File" in page
    assert not Cv.objects.exists()
    fits = forms.a_file("cv.pdf", forms.PDF + b" " * (cvs.MOST_BYTES - len(forms.PDF)))
    assert forms.send(client, job, Purpose.PRIVACY, cv=fits).status_code == 302


def test_a_file_is_chosen_once_even_if_the_form_is_refused(a: Builders, client: Client) -> None:
    # given
    company = forms.company_with(a, "separated")
    job = forms.job_of(company)
    page = forms.send(client, job, Purpose.PRIVACY, email="no", cv=forms.a_file()).content.decode()
    assert "<b>resume.pdf</b> is attached" in page
    kept = page.split('name="cv_kept" value="', 1)[1].split('"', 1)[0]
    # another company's form can't take it
    elsewhere = forms.job_of(forms.company_with(a, "separated"))
    forms.send(client, elsewhere, Purpose.PRIVACY, cv_kept=kept)
    assert Cv.objects.get().application is None
    # nor does a form that took it off again
    forms.send(client, job, Purpose.PRIVACY, cv_kept=kept, cv_remove="on")
    assert Cv.objects.get().application is None
    # when
    forms.send(client, job, Purpose.PRIVACY, cv_kept=kept, email="anna@example.com")
    # then
    cv = Cv.objects.get()
    assert cv.application is not None
    assert cv.application.candidate.email == "anna@example.com"
    # and it is taken once
    forms.send(client, job, Purpose.PRIVACY, cv_kept=kept, email="other@example.com")
    assert Cv.objects.get().application == cv.application


@pytest.mark.requirement("A4")
def test_a_cv_is_for_the_team_and_is_only_saved(a: Builders, client: Client, files: Path) -> None:
    # given
    company = forms.company_with(a, "separated")
    maya, leo, stranger = a.user(company=company, seat=False), a.user(company=company), a.user()
    job = forms.job_of(company)
    job.team.add(maya)
    forms.send(client, job, Purpose.PRIVACY, cv=forms.a_file("Résumé.pdf"))
    cv = Cv.objects.get()
    assert [path.name for path in files.rglob("*") if path.is_file()] == [str(cv.uuid)]
    shown = render_to_string("candidates/_cvs.html", {"record": cv.application})
    assert f'<a href="{reverse("cv", args=[cv.uuid])}" download>Résumé.pdf</a>' in shown
    # when
    client.force_login(maya)
    answer = client.get(reverse("cv", args=[cv.uuid]))
    # then
    assert b"".join(answer.streaming_content) == forms.PDF  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for other in (leo, stranger):
        client.force_login(other)
        assert client.get(reverse("cv", args=[cv.uuid])).status_code == 404
    assert client.get(reverse("cv", args=[uuid4()])).status_code == 404
    client.logout()
    assert client.get(reverse("cv", args=[cv.uuid])).status_code == 302


def test_files_that_no_form_took_are_gone_after_a_day(a: Builders, files: Path) -> None:
    # given
    company = forms.company_with(a, "separated")
    new, old, killed, taken = (cvs.keep(company, SimpleUploadedFile("cv.pdf", forms.PDF)) for _ in range(4))
    forms.apply(forms.job_of(company), cv=taken)
    (files / f"cvs/{killed.uuid}").unlink()  # killed between the row and its file
    long_ago = timezone.now() - timedelta(days=1, minutes=1)
    Cv.objects.exclude(pk=new.pk).update(uploaded_at=long_ago)
    # when
    assert cvs.sweep(timezone.now()) == 2
    # then
    assert set(Cv.objects.all()) == {new, taken}
    assert {path.name for path in files.rglob("*") if path.is_file()} == {str(new.uuid), str(taken.uuid)}
    assert not (files / f"cvs/{old.uuid}").exists()
    assert cvs.sweep(timezone.now()) == 0
