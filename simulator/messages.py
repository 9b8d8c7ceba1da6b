"""The messages: what was taken over, what became of it, and what lies on the phones."""

import json
import sqlite3
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Literal

from simulator.addresses import is_whatsapp
from simulator.refusals import failure_words
from simulator.segments import segments

API_VERSION = "2010-04-01"
Direction = Literal["inbound", "outbound-api", "outbound-reply"]


@dataclass(frozen=True)
class Message:
    """One row. Times are seconds since 1970 by the simulator's clock.

    `text` is what was written; `body` what the API tells, which can be redacted. `arrived` is when an
    outgoing text was on the phone, and None as long as (or if) it is not. `hook_status` and `hook_error` say
    how the product answered the webhook of a person's own text. `parts` is what WhatsApp tells beside the text of a
    person's own message, as JSON; `whatsapp_inbound` reads it.
    """

    id: int
    sid: str
    direction: Direction
    sender: str | None
    recipient: str
    text: str
    body: str
    status: str
    error_code: int | None
    num_segments: int
    num_media: int
    service_sid: str | None
    status_callback: str | None
    created: float
    sent: float | None
    updated: float
    arrived: float | None
    seen: int
    hook_status: int | None
    hook_error: str | None
    deleted: int
    content_sid: str | None = None
    parts: str = "{}"

    @property
    def is_whatsapp(self) -> bool:
        return is_whatsapp(self.recipient)

    def as_api(self, account_sid: str, *, single: bool = False) -> dict[str, Any]:
        """The 20 keys of Twilio's message resource; a fetched single one also names its feedback."""
        base = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{self.sid}"
        parts = {"media": f"{base}/Media.json"}
        if single:
            parts["feedback"] = f"{base}/Feedback.json"
        return {
            "account_sid": account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": rfc2822(self.created),
            "date_sent": rfc2822(self.sent),
            "date_updated": rfc2822(self.updated),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": failure_words(self.error_code),
            "from": self.sender,
            "messaging_service_sid": self.service_sid,
            "num_media": str(self.num_media),
            "num_segments": str(self.num_segments if self.sender else 0),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": parts,
            "to": self.recipient,
            "uri": f"{base}.json",
        }

    def as_control(self) -> dict[str, Any]:
        """The row for tests and for the handset page: the text as written, times with milliseconds."""
        return {
            "sid": self.sid,
            "direction": self.direction,
            "from": self.sender,
            "to": self.recipient,
            "body": self.text,
            "status": self.status,
            "error_code": self.error_code,
            "num_segments": self.num_segments,
            "messaging_service_sid": self.service_sid,
            "status_callback": self.status_callback,
            "content_sid": self.content_sid,
            "reply_to": json.loads(self.parts).get("reply_to"),
            "created_at": iso(self.created),
            "sent_at": iso(self.sent),
            "arrived_at": iso(self.arrived),
            "arrived": self.arrived is not None,
            "webhook_status": self.hook_status,
            "webhook_error": self.hook_error,
            "deleted": bool(self.deleted),
        }


class MessageStore:
    """The only door to the rows of messages."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(
        self,
        *,
        direction: Direction,
        sender: str | None,
        recipient: str,
        text: str,
        status: str,
        now: float,
        sid: str | None = None,
        num_media: int = 0,
        service_sid: str | None = None,
        status_callback: str | None = None,
        on_phone: bool = False,
        content_sid: str | None = None,
        parts: Mapping[str, Any] | None = None,
    ) -> Message:
        """Store a new one. A text of the person's own, or an automatic reply, is sent at once."""
        sent = None if direction == "outbound-api" else now
        sid = sid or new_sid("MM" if num_media else "SM")
        row = self._db.execute(
            """INSERT INTO messages (sid, direction, sender, recipient, text, body, status, num_segments,
                num_media, service_sid, status_callback, created, sent, updated, arrived, content_sid, parts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *""",
            (sid, direction, sender, recipient, text, text, status, 1 if is_whatsapp(recipient) else segments(text),
             num_media, service_sid, status_callback, now, sent, now, now if on_phone else None, content_sid,
             json.dumps(dict(parts or {}))),
        ).fetchone()  # fmt: skip
        return Message(*row)

    def move(self, sid: str, *, status: str, error_code: int | None, now: float) -> Message | None:
        """Give it its next status; `delivered` puts it on the phone. None: it was forgotten meanwhile.

        What was read is on the phone as well, and is no longer new there.
        """
        row = self._db.execute(
            """UPDATE messages SET status = :status, error_code = coalesce(:code, error_code), updated = :now,
                sent = CASE WHEN :status IN ('sent', 'delivered', 'read') THEN coalesce(sent, :now) ELSE sent END,
                arrived = CASE WHEN :status IN ('delivered', 'read') THEN coalesce(arrived, :now) ELSE arrived END,
                seen = CASE WHEN :status = 'read' THEN 1 ELSE seen END
            WHERE sid = :sid RETURNING *""",
            {"status": status, "code": error_code, "now": now, "sid": sid},
        ).fetchone()
        return Message(*row) if row else None

    def choose_sender(self, sid: str, sender: str) -> None:
        """A messaging service has picked the number that this one goes out from."""
        self._db.execute("UPDATE messages SET sender = ? WHERE sid = ?", (sender, sid))

    def answered(self, sid: str, *, status: int | None, error: str) -> None:
        """How the product took a person's text; an earlier success stands."""
        self._db.execute(
            """UPDATE messages SET hook_status = ?, hook_error = ?
            WHERE sid = ? AND NOT coalesce(hook_status BETWEEN 200 AND 299, 0)""",
            (status, error, sid),
        )

    def redact(self, sid: str, *, now: float) -> Message | None:
        row = self._db.execute(
            "UPDATE messages SET body = '', updated = ? WHERE sid = ? RETURNING *", (now, sid)
        ).fetchone()
        return Message(*row) if row else None

    def delete(self, sid: str) -> None:
        """Gone from the API; a text that lies on a phone stays there."""
        self._db.execute("UPDATE messages SET deleted = 1 WHERE sid = ?", (sid,))

    def get(self, sid: str) -> Message | None:
        row = self._db.execute("SELECT * FROM messages WHERE sid = ?", (sid,)).fetchone()
        return Message(*row) if row else None

    def select(self, *, where: Iterable[tuple[str, object]], limit: int, newest: bool = True) -> list[Message]:
        """Rows that meet every condition, an SQL text with one `?` and its value, in order of arrival."""
        conditions = list(where)
        clause = " AND ".join(text for text, _ in conditions) or "1"
        order = "DESC" if newest else "ASC"
        rows = self._db.execute(
            f"SELECT * FROM messages WHERE {clause} ORDER BY id {order} LIMIT ?",  # noqa: S608 - ours, values are bound
            [*(value for _, value in conditions), limit],
        )
        return [Message(*row) for row in rows]

    def of_phone(self, *addresses: str, limit: int = 1000) -> list[Message]:
        """The newest messages to and from these addresses of one phone, oldest first, with those that never arrived."""
        marks = _marks(addresses)
        rows = self._db.execute(
            f"SELECT * FROM messages WHERE recipient IN {marks} OR sender IN {marks} ORDER BY id DESC LIMIT ?",  # noqa: S608
            (*addresses, *addresses, limit),
        )
        return [Message(*row) for row in rows][::-1]

    def last_inbound(self, addresses: Iterable[str], *, to: str) -> float | None:
        """When the person with these addresses last wrote to this sender of ours; None: never."""
        known = list(addresses)
        (last,) = self._db.execute(
            f"""SELECT max(created) FROM messages
            WHERE direction = 'inbound' AND recipient = ? AND sender IN {_marks(known)}""",  # noqa: S608
            (to, *known),
        ).fetchone()
        return None if last is None else float(last)

    def mark_seen(self, *, phones: Iterable[str], sender: str) -> list[Message]:
        """The person has looked at this conversation; returns what was new in it. `phones`: her addresses."""
        known = list(phones)
        rows = self._db.execute(
            f"""UPDATE messages SET seen = 1
            WHERE recipient IN {_marks(known)} AND sender = ? AND seen = 0 AND arrived IS NOT NULL RETURNING *""",  # noqa: S608
            (*known, sender),
        ).fetchall()
        return [Message(*row) for row in rows]

    def activity(self) -> dict[str, tuple[int, float]]:
        """For each address that got or sent a text: how many it has not looked at, and the last one's time."""
        rows = self._db.execute(
            """SELECT phone, sum(new), max(at) FROM (
                SELECT recipient AS phone, 1 - seen AS new, arrived AS at FROM messages
                WHERE direction != 'inbound' AND arrived IS NOT NULL
                UNION ALL SELECT sender, 0, created FROM messages WHERE direction = 'inbound')
            GROUP BY phone"""
        )
        return {phone: (new, at) for phone, new, at in rows}

    def forget(self, numbers: list[str] | None = None) -> None:
        """All of them, or those from and to these phones."""
        if numbers is None:
            self._db.execute("DELETE FROM messages")
        for number in numbers or []:
            self._db.execute("DELETE FROM messages WHERE recipient = ? OR sender = ?", (number, number))


def _marks(values: Iterable[str]) -> str:
    """As many question marks as there are values, for SQL's IN."""
    return f"({', '.join('?' for _ in values)})"


def new_sid(kind: str) -> str:
    return kind + uuid.uuid4().hex


def rfc2822(moment: float | None) -> str | None:
    return None if moment is None else format_datetime(datetime.fromtimestamp(moment, UTC))


def iso(moment: float | None) -> str | None:
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
