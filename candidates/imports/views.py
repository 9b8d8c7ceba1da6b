"""Import people: choose a file, look at it, watch it being read in, see what could not be read."""

import csv
from collections.abc import Iterator

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.access import SignedInRequest, signed_in
from accounts.models import AuditAction
from candidates.imports import rules, runs
from candidates.imports.reading import SEPARATORS, Columns, Field, Table, Unreadable
from candidates.models import Community, Import, Job

PREVIEW_ROWS = 10
PROBLEMS_A_PAGE = 200
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate what begins so


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    return upload(request, Job.objects.visible_to(request.user).filter(pk=pk).first())


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def community(request: SignedInRequest, pk: int) -> HttpResponse:
    return upload(request, Community.objects.visible_to(request.user).filter(pk=pk).first())


def upload(request: SignedInRequest, group: Job | Community | None) -> HttpResponse:
    """What a file may look like; and a file, to be looked at."""
    if group is None:
        raise Http404
    problem = ""
    if request.method == "POST" and not group.closed_at:
        file = request.FILES.get("file")
        try:
            if file is not None:
                return HttpResponseRedirect(
                    reverse("import", args=[runs.take_in(file, group=group, by=request.user).pk])
                )
            problem = _("Choose a file first.")
        except Unreadable as unreadable:
            problem = unreadable.sentence
    context = {"group": group, "problem": problem, **_place(group)}
    return render(request, "imports/upload.html", context, status=422 if request.method == "POST" else 200)


@signed_in
@require_safe
def page(request: SignedInRequest, pk: int) -> HttpResponse:
    """The file as it will be read; once it was started, how far it is, and what came of it."""
    source = runs.visible_import(request.user, pk)
    if source.state == Import.State.PREVIEW:
        return preview(request, source)
    context = shown(request, source)
    response = render(request, "imports/_run.html" if request.htmx else "imports/run.html", context)
    response["Vary"], response["Cache-Control"] = "HX-Request", "no-store"
    return response


@signed_in
@require_POST
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Import; or only look at it again with other columns."""
    source = runs.visible_import(request.user, pk)
    if source.state == Import.State.PREVIEW:
        runs.choose_columns(source, chosen_columns(request, Table(bytes(source.content))))
    if request.POST.get("do") != "look" and (problem := runs.start(source, by=request.user)):
        return preview(request, source, problem=problem, status=422)
    return HttpResponseRedirect(reverse("import", args=[pk]))


@signed_in
@require_safe
def problems(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every row that could not be read as it stands, for a spreadsheet."""
    source = runs.visible_import(request.user, pk)
    words = _("what could not be imported into %(title)s") % {"title": runs.group_of(source).title}
    audit.record(source.company_id, AuditAction.EXPORTED, by=request.user, words=words)
    answer = HttpResponse(_as_csv(source), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{pk}-problems.csv"'
    return answer


def preview(request: SignedInRequest, source: Import, *, problem: str = "", status: int = 200) -> HttpResponse:
    table = Table(bytes(source.content))
    group = runs.group_of(source)
    context = {
        "source": source,
        "group": group,
        "fields": [(field, source.columns.get(field)) for field in Field],
        "header": list(enumerate(table.header)),
        "separator": SEPARATORS[table.separator],
        "rows": runs.first_rows(source, PREVIEW_ROWS),
        "problem": problem or rules.missing(source.columns),
        **_place(group),
    }
    return render(request, "imports/preview.html", context, status=status)


def shown(request: SignedInRequest, source: Import) -> dict[str, object]:
    """How far an import is; a page of its problems once it is done."""
    text = request.GET.get("page", "1")
    number = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    first = (number - 1) * PROBLEMS_A_PAGE
    found = list(source.problems.all()[first : first + PROBLEMS_A_PAGE + 1])
    group = runs.group_of(source)
    return {
        "source": source,
        "group": group,
        "is_running": source.state == Import.State.RUNNING,
        "problems": found[:PROBLEMS_A_PAGE],
        "page": number,
        "has_more": len(found) > PROBLEMS_A_PAGE,
        **_place(group),
    }


def chosen_columns(request: SignedInRequest, table: Table) -> Columns:
    """The form's choice; what names no column of the file is not chosen."""
    chosen = {str(field): request.POST.get(field, "") for field in Field}
    known = {str(number): number for number in range(len(table.header))}
    return {field: known[text] for field, text in chosen.items() if text in known}


def _place(group: Job | Community) -> dict[str, object]:
    is_job = isinstance(group, Job)
    return {"is_job": is_job, "nav": "jobs" if is_job else "communities"}


class _Echo:
    """A file that gives back what is written to it, so that csv can write into a stream."""

    def write(self, text: str) -> str:
        return text


def _as_csv(source: Import) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # by this a spreadsheet knows that it is UTF-8
    yield writer.writerow([_("Line"), _("Imported"), _("Reason"), _("Row")])
    for problem in source.problems.iterator(chunk_size=500):
        cells = [str(problem.line), _("no") if problem.is_bad else _("yes"), problem.reason, problem.row]
        yield writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
