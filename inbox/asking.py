"""Several questions to the database in one statement, for what every page of a conversation asks."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Rows = list[dict[str, Any]]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Question:
    """A statement, whose columns all have names, with its values by name.

    Values of one name are the same in all questions that are asked together. `first`: what is done before, as the inner
    part of a WITH: it may change rows, and the statement reads what it returns; the others don't see it yet.
    """

    sql: str
    values: Mapping[str, Any]
    first: str = ""


def ask(*questions: Question) -> list[Rows]:
    """The answers, each as its rows by the columns' names. Times come as JSON has them: text in ISO 8601."""
    if not questions:
        return []
    values: dict[str, Any] = {}
    for question in questions:
        for name, value in question.values.items():
            assert values.setdefault(name, value) == value, f"two questions mean something else by {name}"
    first = ", ".join(question.first for question in questions if question.first)
    parts = [f"ARRAY(SELECT row_to_json(row)::text FROM ({each.sql}) row)" for each in questions]  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(f"{f'WITH {first} ' if first else ''}SELECT {', '.join(parts)}", values)
        return [[json.loads(row) for row in rows] for rows in cursor.fetchone()]


def rows_of(queryset: "QuerySet[Any, Any]", name: str) -> Question:
    """What a queryset asks that reads the columns of one table; `name` is what its values' names begin with."""
    sql, given = queryset.query.sql_with_params()
    values = {f"{name}_{number}": value for number, value in enumerate(given)}
    names = iter(values)
    return Question(re.sub(r"%([s%])", lambda each: f"%({next(names)})s" if each[1] == "s" else "%%", sql), values)


def instances(model: type[M], rows: Iterable[Mapping[str, Any]]) -> list[M]:
    """The rows of `rows_of` as what a queryset would have given."""
    return [instance(model, row) for row in rows]


def instance(model: type[M], row: Mapping[str, Any], prefix: str = "") -> M:
    """An object by the columns whose names begin so; Django loads the others when somebody looks at them."""
    fields = [field for field in model._meta.concrete_fields if f"{prefix}{field.column}" in row]
    values = [field.to_python(row[f"{prefix}{field.column}"]) for field in fields]
    return model.from_db("default", [field.attname for field in fields], values)
