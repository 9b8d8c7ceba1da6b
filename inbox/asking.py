"""Several questions to the database in one statement, for what every page of a conversation asks of each channel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """A statement, whose columns all have names, with its values by name.

    Values of one name are the same in all questions that are asked together.
    """

    sql: str
    values: Mapping[str, Any]


def ask(*questions: Question) -> list[Rows]:
    """The answers, each as its rows by the columns' names. Times come as JSON has them: text in ISO 8601."""
    if not questions:
        return []
    values: dict[str, Any] = {}
    for question in questions:
        for name, value in question.values.items():
            assert values.setdefault(name, value) == value, f"two questions mean something else by {name}"
    parts = [f"ARRAY(SELECT row_to_json(row)::text FROM ({each.sql}) row)" for each in questions]  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return [[json.loads(row) for row in rows] for rows in cursor.fetchone()]
