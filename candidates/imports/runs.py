"""An import: taken in, looked at, started, read in by a worker. Whatever is killed, each row counts once.

Rows are read in chunks. A chunk is one transaction that writes people, records, problems and how far it came, with
the import's row held: a second worker leaves it alone, and a repeated one finds it done.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts import audit, work
from accounts.models import AuditAction, User
from candidates.imports import people
from candidates.imports.reading import MOST_BYTES, Columns, Row, Table, Unreadable, as_utf8, recognized
from candidates.imports.rules import Bad, Person, missing, person_of
from candidates.models import Community, Import, ImportProblem, Job

logger = logging.getLogger(__name__)

RUN = "candidates.import_people"
CHUNK = 500
LOCK = 0x496D706F  # the advisory lock's first number; its second one is the company
BATCH = 100
KEPT_UNSTARTED = timedelta(days=7)
State = Import.State


def visible_to(user: User) -> "QuerySet[Import]":
    """Imports into jobs and communities whose team the user is on (A4, F2). The file itself is left where it is."""
    jobs, communities = Job.objects.visible_to(user), Community.objects.visible_to(user)
    mine = Q(job__in=jobs.values("pk")) | Q(community__in=communities.values("pk"))
    found = Import.objects.filter(mine).defer("content")
    return found.select_related("job", "community", "company", "by")


def visible_import(user: User, pk: int) -> Import:
    """The import, if the user is on the team; else the same 404 as for one that doesn't exist (A4)."""
    source = visible_to(user).filter(pk=pk).first()
    if source is None:
        raise Http404
    return source


def group_of(source: Import) -> Job | Community:
    group = source.job or source.community
    assert group is not None
    return group


def take_in(file: "UploadedFile[Any]", *, group: Job | Community, by: User) -> Import:
    """Keep a file to be looked at, or raise Unreadable."""
    if file.size is None or file.size > MOST_BYTES:
        raise Unreadable(Unreadable.Reason.TOO_BIG)
    content = as_utf8(file.read())
    table = Table(content)
    columns = recognized(table.header)
    if not columns:
        raise Unreadable(Unreadable.Reason.NO_HEADER)
    total = table.count_rest()
    if not total:
        raise Unreadable(Unreadable.Reason.ONLY_HEADER)
    return Import.objects.create(
        company_id=group.company_id,
        job=group if isinstance(group, Job) else None,
        community=group if isinstance(group, Community) else None,
        by=by,
        name=Truncator(file.name or "").chars(120),
        content=content,
        columns=columns,
        total_rows=total,
    )


def choose_columns(source: Import, columns: Columns) -> None:
    """Read other columns from now on; only while nothing has been read in."""
    Import.objects.filter(pk=source.pk, state=State.PREVIEW).update(columns=columns)
    source.columns = columns


def first_rows(source: Import, count: int) -> list[tuple[Row, Person | Bad]]:
    """The first rows as they will be read."""
    table = Table(bytes(source.content))
    return [(row, _person(source, table, row)) for row in table.take(count)]


@transaction.atomic
def start(source: Import, *, by: User) -> str:
    """Have the rows read in, or go on after a failure. Started twice it runs once. Returns why not, or nothing."""
    if sentence := missing(source.columns):
        return sentence
    if group_of(source).closed_at:
        return _("It was closed meanwhile, and takes nobody in. Your admin can open it again.")
    now = timezone.now()
    waiting = Import.objects.filter(pk=source.pk, state__in=[State.PREVIEW, State.FAILED])
    if waiting.update(state=State.RUNNING, by=by, asked_at=now):
        _note(source, _("people into %(title)s: %(total)s rows, started"), by=by)
        work.ask(RUN, source.pk)
    return ""


def run(import_id: int) -> None:
    """Read in what is left of an import. Call it as often as you like, from as many workers."""
    source = Import.objects.filter(pk=import_id, state=State.RUNNING).first()
    if source is None:
        return
    try:
        table = Table(bytes(source.content))
        while take_chunk(import_id, table):
            pass
    except (OperationalError, InterfaceError, IntegrityError):
        raise  # the database was away, or somebody came between: the sweeper asks again
    except Exception as error:  # what failed once would fail for ever; its words may hold a person's data
        logger.error("import %s failed: %s", import_id, type(error).__name__)
        Import.objects.filter(pk=import_id, state=State.RUNNING).update(state=State.FAILED)


@transaction.atomic
def take_chunk(import_id: int, table: Table) -> bool:
    """Read in the next rows. False: that were the last ones, or another worker has the import in hands."""
    running = Import.objects.filter(pk=import_id, state=State.RUNNING)
    source = (
        running.select_for_update(skip_locked=True, of=("self",))
        .select_related("job", "community", "company", "by")
        .defer("content")
        .first()
    )
    if source is None:
        return False
    _hold_company(source.company_id)
    table.skip_to(source.done_rows)
    rows = table.take(CHUNK)
    _write(source, table, rows)
    source.done_rows += len(rows)
    source.asked_at = timezone.now()
    if len(rows) < CHUNK:
        _finish(source)
    source.save(update_fields=["done_rows", "added", "known", "flagged", "bad", "asked_at", "state", "finished_at"])
    return source.state == State.RUNNING


def ask_for_waiting_imports(now: datetime) -> int:
    """For the sweeper: imports that no worker goes on with. Returns how many were asked for."""
    waiting = Import.objects.filter(state=State.RUNNING, asked_at__lte=now - settings.ASK_AGAIN_AFTER)
    ids = list(waiting.order_by("asked_at").values_list("pk", flat=True)[:BATCH])
    Import.objects.filter(pk__in=ids).update(asked_at=now)
    for import_id in ids:
        work.ask(RUN, import_id)
    return len(ids)


def forget_unstarted(now: datetime) -> int:
    """For the sweeper: files that were looked at and never imported hold people's data for nothing."""
    old = Import.objects.filter(state=State.PREVIEW, made_at__lte=now - KEPT_UNSTARTED)
    return old.defer("content").delete()[0]


def _write(source: Import, table: Table, rows: list[Row]) -> None:
    """Store what these rows say, and count it."""
    read = [(row, _person(source, table, row)) for row in rows]
    bad = [(row, found.reason) for row, found in read if isinstance(found, Bad)]
    matches = people.write(source, [(row.line, found) for row, found in read if isinstance(found, Person)])
    by_line = {row.line: row for row in rows}
    remarks = ((by_line[match.line], " ".join(filter(None, [match.person.flaw, *match.notes]))) for match in matches)
    ImportProblem.objects.bulk_create(
        [_problem(source, row, reason, is_bad=True) for row, reason in bad]
        + [_problem(source, row, remark, is_bad=False) for row, remark in remarks if remark]
    )
    source.bad += len(bad)
    source.added += sum(match.is_added for match in matches)
    source.known += sum(not match.is_added for match in matches)
    source.flagged += sum(bool(match.person.flaw) for match in matches)


def _person(source: Import, table: Table, row: Row) -> Person | Bad:
    return person_of(row, source.columns, width=len(table.header), home_country=source.company.country)


def _problem(source: Import, row: Row, reason: str, *, is_bad: bool) -> ImportProblem:
    """`row`: as it was written, on one line, for people to find it again."""
    as_written = Truncator(", ".join(" ".join(cell.split()) for cell in row.cells)).chars(255)
    return ImportProblem(
        source=source, line=row.line, is_bad=is_bad, reason=Truncator(reason).chars(255), row=as_written
    )


def _finish(source: Import) -> None:
    """All rows are read in. The file isn't needed any more, and it is full of people's data."""
    source.state, source.finished_at, source.content = State.DONE, timezone.now(), b""
    source.save(update_fields=["content"])
    words = _(
        "people into %(title)s: %(added)s added, %(known)s known already, %(flagged)s with a flagged number, "
        "%(bad)s not imported"
    )
    _note(source, words, by=source.by)


def _note(source: Import, words: str, *, by: User) -> None:
    counts = {name: getattr(source, name) for name in ("added", "known", "flagged", "bad")}
    facts = {"title": group_of(source).title, "total": source.total_rows, **counts}
    audit.record(source.company_id, AuditAction.IMPORTED, by=by, words=words % facts)


def _hold_company(company_id: int) -> None:
    """One import of a company at a time: people without an email are known by a look, not by a constraint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [LOCK, company_id])
