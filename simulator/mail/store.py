"""The mailboxes and the mails in them: what came, what their owners sent, and what is still to be posted."""

import json
import sqlite3
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import EmailMessage
from itertools import count
from typing import Any, Literal

from simulator import demo
from simulator.database import transaction
from simulator.mail.reading import File, files_of, header, ids_in, own_words, text_of, written_at

Kind = Literal["received", "returned", "sent", "forged", "out_of_office", "bounce"]
COLUMNS = """id, mailbox, kind, at, message_id, thread, sender, recipient, subject, text, files, seen, envelope, due,
    attempts, hook_status, hook_error"""


@dataclass(frozen=True)
class Envelope:
    """How a person's mail goes to the product. `sender` is empty for what must never be answered, as a bounce is.

    Mailgun signs the time and a token once for a mail: every attempt to post it has the same ones.
    """

    sender: str
    recipient: str
    signature: str = "good"
    token: str = ""
    timestamp: int = 0


@dataclass(frozen=True)
class Mailbox:
    """`phone` is the number of the phone on which it is shown too; the switches are those of the page."""

    address: str
    name: str = ""
    phone: str | None = None
    out_of_office: int = 0
    bounces: int = 0

    def switched(self, switches: Mapping[str, object]) -> "Mailbox":
        """With these switches set; one that isn't named stays."""
        away = switches.get("out_of_office", self.out_of_office)
        gone = switches.get("bounces", self.bounces)
        return replace(self, out_of_office=int(bool(away)), bounces=int(bool(gone)))

    @property
    def title(self) -> str:
        return self.name or self.address


@dataclass(frozen=True)
class Mail:
    """One mail in one mailbox. `text` is what its writer wrote, without what is quoted below it.

    A `returned` one came to a mailbox that bounces, so nobody has it. What is not received is the owner's own; `due`
    is when it is posted (again), by the simulator's clock, and `hook_status` how the product answered last.
    """

    id: int
    mailbox: str
    kind: Kind
    at: float
    message_id: str
    thread: str
    sender: str
    recipient: str
    subject: str
    text: str
    files: str
    seen: int
    envelope: str
    due: float | None
    attempts: int
    hook_status: int | None
    hook_error: str | None

    @property
    def is_own(self) -> bool:
        return self.kind not in ("received", "returned")

    @property
    def posting(self) -> Envelope:
        return Envelope(**json.loads(self.envelope))

    @property
    def attachments(self) -> list[File]:
        return [File(**each) for each in json.loads(self.files)]


class MailStore:
    """`version` changes with every change, so that a page knows when to look again."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._versions = count(time.time_ns())
        self.version = next(self._versions)
        if not self.mailboxes():
            self.seed()

    def changed(self) -> None:
        self.version = next(self._versions)

    def seed(self) -> None:
        """The demo's people; what is already there stays as it is."""
        phones = {name: demo.e164(typed) for typed, name in demo.PEOPLE}
        with transaction(self._db):
            for name in [*phones, *demo.MAIL_ONLY]:
                self._db.execute(
                    "INSERT OR IGNORE INTO mailboxes VALUES (?, ?, ?, 0, 0)",
                    (demo.address_of(name), name, phones.get(name)),
                )

    # --- mailboxes ---

    def mailbox(self, address: str) -> Mailbox:
        """The one with this address, whether or not anything ever came to it."""
        row = self._db.execute("SELECT * FROM mailboxes WHERE address = ?", (address.lower(),)).fetchone()
        return Mailbox(*row) if row else Mailbox(address.lower())

    def put_mailbox(self, mailbox: Mailbox) -> None:
        """Add or change it. Who is put on leave anew tells every sender anew."""
        if mailbox.out_of_office and not self.mailbox(mailbox.address).out_of_office:
            self._db.execute("DELETE FROM told_of_absence WHERE mailbox = ?", (mailbox.address,))
        self._db.execute(
            """INSERT INTO mailboxes VALUES (?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET name = excluded.name,
                phone = excluded.phone, out_of_office = excluded.out_of_office, bounces = excluded.bounces""",
            (mailbox.address, mailbox.name, mailbox.phone, mailbox.out_of_office, mailbox.bounces),
        )
        self.changed()

    def mailboxes(self) -> list[Mailbox]:
        return [Mailbox(*row) for row in self._db.execute("SELECT * FROM mailboxes ORDER BY rowid")]

    def of_phone(self, number: str) -> Mailbox | None:
        row = self._db.execute("SELECT * FROM mailboxes WHERE phone = ? ORDER BY rowid", (number,)).fetchone()
        return Mailbox(*row) if row else None

    def activity(self) -> dict[str, tuple[int, float]]:
        """By mailbox: how many mails are new, and when the last one came or went."""
        rows = self._db.execute("SELECT mailbox, sum(NOT seen), max(at) FROM mails GROUP BY mailbox")
        return {address: (new, at) for address, new, at in rows}

    def is_first_from(self, sender: str, *, to: str) -> bool:
        """Whether this sender was not yet told that the mailbox's owner is away; from now on she was."""
        told = self._db.execute("INSERT OR IGNORE INTO told_of_absence VALUES (?, ?)", (to, sender))
        return told.rowcount == 1

    # --- mails ---

    def add(
        self,
        message: EmailMessage,
        raw: bytes,
        *,
        mailbox: str,
        kind: Kind,
        now: float,
        envelope: Envelope | None = None,
    ) -> Mail:
        """Put it into the mailbox, which is made if need be. With an envelope it is due to be posted."""
        is_own = kind not in ("received", "returned")
        message_id = next(iter(ids_in(message, "Message-ID")), f"<{uuid.uuid4()}@nowhere.invalid>")
        references = [*ids_in(message, "References"), *ids_in(message, "In-Reply-To")]
        files = [vars(each) for each in files_of(message)]
        with transaction(self._db):
            self._db.execute("INSERT OR IGNORE INTO mailboxes VALUES (?, '', NULL, 0, 0)", (mailbox,))
            mail_id = self._db.execute(
                """INSERT INTO mails (mailbox, kind, at, message_id, thread, sender, recipient, subject, text, files,
                    seen, envelope, due, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (mailbox, kind, now if is_own else written_at(message) or now, message_id,
                 self._thread(mailbox, references, message_id), header(message, "From"),
                 header(message, "To"), header(message, "Subject"), own_words(text_of(message))[0],
                 json.dumps(files), int(kind != "received"), json.dumps(vars(envelope) if envelope else {}),
                 now if envelope else None, raw),
            ).lastrowid  # fmt: skip
        self.changed()
        (mail,) = self._select("WHERE id = ?", mail_id)
        return mail

    def get(self, mail_id: int) -> Mail | None:
        return next(iter(self._select("WHERE id = ?", mail_id)), None)

    def raw(self, mail_id: int) -> bytes:
        """The whole mail as it was written. Raises LookupError for one that isn't there."""
        row = self._db.execute("SELECT raw FROM mails WHERE id = ?", (mail_id,)).fetchone()
        if row is None:
            raise LookupError(f"There is no mail {mail_id}.")
        return bytes(row[0])

    def of_mailbox(self, address: str) -> list[Mail]:
        """All of one mailbox, the oldest first."""
        return self._select("WHERE mailbox = ? ORDER BY id", address)

    def of_thread(self, mail: Mail) -> list[Mail]:
        """The conversation that a mail belongs to, the oldest first."""
        return self._select("WHERE mailbox = ? AND thread = ? ORDER BY id", mail.mailbox, mail.thread)

    def arrived(self, *, limit: int) -> list[Mail]:
        """What came, to whomever, the newest first."""
        return self._select("WHERE kind IN ('received', 'returned') ORDER BY id DESC LIMIT ?", limit)

    def mark_seen(self, mails: list[Mail]) -> bool:
        """The owner reads these. False: nothing was new."""
        new = [(mail.id,) for mail in mails if not mail.seen]
        self._db.executemany("UPDATE mails SET seen = 1 WHERE id = ?", new)
        if new:
            self.changed()
        return bool(new)

    # --- on the way to the product ---

    def due(self, *, now: float) -> list[Mail]:
        return self._select("WHERE due <= ? ORDER BY due, id", now)

    def next_due(self) -> float | None:
        found: float | None = self._db.execute("SELECT min(due) FROM mails").fetchone()[0]
        return found

    def note(self, mail: Mail, *, status: int | None, error: str, due: float | None) -> Mail:
        """How the product answered, and when it is asked again."""
        self._db.execute(
            "UPDATE mails SET hook_status = ?, hook_error = ?, attempts = attempts + 1, due = ? WHERE id = ?",
            (status, error, due, mail.id),
        )
        self.changed()
        return replace(mail, hook_status=status, hook_error=error, attempts=mail.attempts + 1, due=due)

    # --- what was read of the product's files ---

    def consumed(self) -> dict[str, int]:
        """By file name, how many of its bytes are in the mailboxes."""
        return dict(self._db.execute("SELECT name, consumed FROM mail_files").fetchall())

    def consume(self, name: str, end: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO mail_files VALUES (?, ?)", (name, end))

    def forget(self, addresses: list[str] | None = None) -> None:
        """Empty these mailboxes and reset their switches; or all, and drop those that the demo doesn't have.

        The product's files stay read: what was forgotten does not come back.
        """
        if addresses is None:
            for table in ("mails", "told_of_absence", "mailboxes"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
            self.seed()
        for address in addresses or []:
            self._db.execute("DELETE FROM mails WHERE mailbox = ?", (address.lower(),))
            self.put_mailbox(self.mailbox(address).switched({"out_of_office": False, "bounces": False}))
        self.changed()

    def _select(self, clause: str, *values: Any) -> list[Mail]:
        return [Mail(*row) for row in self._db.execute(f"SELECT {COLUMNS} FROM mails {clause}", values)]  # noqa: S608 - ours

    def _thread(self, mailbox: str, references: list[str], message_id: str) -> str:
        """The conversation of a mail: that of one it refers to and that lies here, else one that it begins."""
        for reference in reversed(references):
            row = self._db.execute(
                "SELECT thread FROM mails WHERE mailbox = ? AND message_id = ? LIMIT 1", (mailbox, reference)
            ).fetchone()
            if row:
                thread: str = row[0]
                return thread
        return next(iter(references), message_id)
