"""What went over the wire, line by line: requests that came in, webhooks that went out, what was wrong."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator.messages import iso

Kind = Literal["request", "webhook", "error", "violation"]
KINDS: tuple[Kind, ...] = ("request", "webhook", "error", "violation")
LONGEST_BODY = 2000  # characters of an answer that are kept


@dataclass(frozen=True)
class Line:
    """`status` is the HTTP status of the answer: ours to a request, the product's to a webhook.

    None: there was none. A request whose answer was withheld by a fault keeps the status that it would have
    had, and names the fault.
    """

    kind: Kind
    what: str
    url: str
    params: Mapping[str, object] = field(default_factory=dict)
    status: int | None = None
    latency_ms: float | None = None
    sid: str | None = None
    sender: str | None = None
    recipient: str | None = None
    fault: str | None = None
    error_code: int | None = None
    content_type: str | None = None
    body: str | None = None


class Journal:
    """Append-only, except for a reset."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def write(self, line: Line, *, now: float) -> None:
        self._db.execute(
            """INSERT INTO journal (at, kind, what, url, params, status, latency_ms, sid, sender, recipient,
                fault, error_code, content_type, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (now, line.kind, line.what, line.url, json.dumps(dict(line.params)), line.status, line.latency_ms,
             line.sid, line.sender, line.recipient, line.fault, line.error_code, line.content_type,
             None if line.body is None else line.body[:LONGEST_BODY]),
        )  # fmt: skip

    def read(
        self,
        *,
        since: int = 0,
        kind: str | None = None,
        without: str | None = None,
        to: str | None = None,
        sender: str | None = None,
        sid: str | None = None,
        limit: int = 10_000,
        newest: bool = False,
    ) -> list[dict[str, Any]]:
        """Lines with an id above `since`, oldest first, or the newest first if asked."""
        wanted = {"kind": kind, "recipient": to, "sender": sender, "sid": sid}
        given = {column: value for column, value in wanted.items() if value is not None}
        clause = "".join(f" AND {column} = ?" for column in given)
        clause += " AND kind != ?" if without else ""
        order = "DESC" if newest else "ASC"
        cursor = self._db.execute(
            f"SELECT * FROM journal WHERE id > ?{clause} ORDER BY id {order} LIMIT ?",  # noqa: S608 - ours, values are bound
            [since, *given.values(), *([without] if without else []), limit],
        )
        names = [column[0] for column in cursor.description]
        return [_as_json(dict(zip(names, row, strict=True))) for row in cursor]

    def forget(self, numbers: list[str] | None = None) -> None:
        if numbers is None:
            self._db.execute("DELETE FROM journal")
        for number in numbers or []:
            self._db.execute("DELETE FROM journal WHERE recipient = ? OR sender = ?", (number, number))


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    row["at"] = iso(row["at"])
    row["params"] = json.loads(row["params"])
    row["from"], row["to"] = row.pop("sender"), row.pop("recipient")
    return row
