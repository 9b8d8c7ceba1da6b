"""A whole run: the company, the plan, the rows slice by slice, then the indexes. One transaction, or nothing."""

import random
from collections.abc import Callable
from contextlib import nullcontext

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Company
from smartmessage.generation import company, indexes, plan, rows

SLICE = 50_000  # messages
SETTINGS = """
SET temp_buffers = '256MB';
SET LOCAL work_mem = '128MB';
SET LOCAL maintenance_work_mem = '512MB';
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_nestloop = off"""  # the plan's tables have no statistics, and all joins are of many with many
TIDY = [*rows.LARGE, "candidates_job", "candidates_community", "candidates_job_team", "candidates_community_team"]

Say = Callable[[str, int], None]  # what is being done, and how many messages are written


def generate(*, name: str, messages: int, recruiters: int, seed: int, say: Say) -> Company:
    """A company with so many messages. Several can be made, each under a name of its own.

    Where it adds much to what is there, the large tables' indexes are built at the end, and the tables are held until
    then; so stop the product, or its pages wait.
    """
    now = timezone.now().replace(microsecond=0)
    chance = random.Random(seed)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        say("Recruiters, jobs and people", 0)
        made = company.make(name, recruiters=recruiters, chance=chance, now=now)
        first = {each: _last_id(table) for each, table in plan.FIRST_IDS.items()}
        values = rows.values_of(made, seed=seed, now=now, first=first)
        plan.draw_up(values, messages=messages, seed=seed, company_id=made.company.pk)
        rows.make_teams(values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # what waits forbids to alter
        with indexes.set_aside(rows.LARGE) if _is_much(messages) else nullcontext():
            for start, end in rows.slices(SLICE):
                say("Messages", start)
                rows.make_slice(values, start=start, end=end)
            say("Indexes", messages)
        for table in plan.FIRST_IDS.values():
            _take_ids(table)
        plan.forget()
    return made.company


def tidy() -> None:
    """Tell PostgreSQL what the tables are like by now, and which of their pages all may see."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TIDY)}")


def _is_much(messages: int) -> bool:
    """Whether there will be at least a quarter more messages than there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT FROM inbox_message LIMIT %s) known", [messages * 4 + 1])
        return bool(cursor.fetchone()[0] <= messages * 4)


def _last_id(table: str) -> int:
    """The last id that was given away in a table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)", [table])
        return int(cursor.fetchone()[0] or 0)


def _take_ids(table: str) -> None:
    """Have the next row of a table get an id that is free."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
