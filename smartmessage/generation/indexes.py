"""Indexes and foreign keys that are built once at the end, which takes a fraction of keeping them row by row."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conname"""
INDEXES = """
SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid), unique_.conname,
       index.indrelid::regclass::text, pg_get_constraintdef(unique_.oid)
FROM pg_index index
LEFT JOIN pg_constraint unique_ ON unique_.conindid = index.indexrelid AND unique_.contype = 'u'
WHERE index.indrelid = ANY(%s::regclass[]) AND NOT index.indisprimary ORDER BY 1"""


@contextmanager
def set_aside(tables: Sequence[str]) -> Iterator[None]:
    """Without these tables' indexes and foreign keys, but for primary keys; at the end they are there again.

    Part of a transaction, which holds the tables for itself: nobody ever sees them without.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS, [list(tables)])
        foreign_keys = cursor.fetchall()
        cursor.execute(INDEXES, [list(tables)])
        indexes = cursor.fetchall()
        for table, name, _definition in foreign_keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for index, _definition, constraint, table, _constraint in indexes:
            cursor.execute(
                f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"' if constraint else f"DROP INDEX {index}"
            )
    yield
    with connection.cursor() as cursor:
        for _index, definition, constraint, table, constraint_definition in indexes:
            made = f'ALTER TABLE {table} ADD CONSTRAINT "{constraint}" {constraint_definition}'
            cursor.execute(made if constraint else definition)
        for table, name, definition in foreign_keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
