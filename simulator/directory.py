"""Who has which number: our sending numbers, the phones we play, and who has stopped whom."""

import sqlite3
from dataclasses import dataclass

from simulator import demo
from simulator.database import transaction


@dataclass(frozen=True)
class Number:
    """A sending number of the account. Without URLs of its own it uses the account's inbound URL."""

    number: str
    label: str
    service: str | None = None
    sms_url: str | None = None
    fallback_url: str | None = None


@dataclass(frozen=True)
class Phone:
    """A phone that the page plays; `typed` is the number as people write it."""

    number: str
    name: str
    typed: str
    landline: int = 0


class Directory:
    """Numbers, phones and opt-outs. A new file starts with the demo's."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        if not self.numbers():
            self.seed()

    def seed(self) -> None:
        """The demo's numbers and people; what is already there keeps its name."""
        with transaction(self._db):
            for typed, label in demo.SENDING_NUMBERS:
                self._db.execute(
                    "INSERT OR IGNORE INTO numbers VALUES (?, ?, NULL, NULL, NULL)", (demo.e164(typed), label)
                )
            for typed, name in demo.PEOPLE:
                phone = demo.e164(typed)
                self._db.execute("INSERT OR IGNORE INTO phones VALUES (?, ?, ?, 0)", (phone, name, typed))

    def add_number(self, number: Number) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO numbers VALUES (?, ?, ?, ?, ?)",
            (number.number, number.label, number.service, number.sms_url, number.fallback_url),
        )

    def remove_number(self, number: str) -> None:
        self._db.execute("DELETE FROM numbers WHERE number = ?", (number,))

    def numbers(self) -> list[Number]:
        return [Number(*row) for row in self._db.execute("SELECT * FROM numbers ORDER BY rowid")]

    def number(self, number: str) -> Number | None:
        row = self._db.execute("SELECT * FROM numbers WHERE number = ?", (number,)).fetchone()
        return Number(*row) if row else None

    def pool(self, service: str) -> list[str]:
        """The numbers of a messaging service; empty for one that does not exist."""
        rows = self._db.execute("SELECT number FROM numbers WHERE service = ? ORDER BY rowid", (service,))
        return [number for (number,) in rows]

    def add_phone(self, phone: Phone) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO phones VALUES (?, ?, ?, ?)",
            (phone.number, phone.name, phone.typed, phone.landline),
        )

    def phones(self) -> list[Phone]:
        return [Phone(*row) for row in self._db.execute("SELECT * FROM phones ORDER BY rowid")]

    def is_landline(self, number: str) -> bool:
        row = self._db.execute("SELECT landline FROM phones WHERE number = ?", (number,)).fetchone()
        return bool(row and row[0])

    def opt_out(self, *, person: str, sender: str, now: float) -> bool:
        """Block this person for this sender, and for its pool. False: she was blocked already."""
        added = [
            self._db.execute("INSERT OR IGNORE INTO optouts VALUES (?, ?, ?)", (person, each, now)).rowcount
            for each in self._scope(sender)
        ]
        return any(added)

    def opt_in(self, *, person: str, sender: str) -> bool:
        """Lift it again. False: there was nothing to lift."""
        lifted = [
            self._db.execute("DELETE FROM optouts WHERE person = ? AND sender = ?", (person, each)).rowcount
            for each in self._scope(sender)
        ]
        return any(lifted)

    def has_opted_out(self, *, person: str, sender: str) -> bool:
        row = self._db.execute("SELECT 1 FROM optouts WHERE person = ? AND sender = ?", (person, sender))
        return row.fetchone() is not None

    def opt_outs(self) -> list[tuple[str, str, float]]:
        return self._db.execute("SELECT person, sender, since FROM optouts ORDER BY since").fetchall()

    def forget(self, numbers: list[str] | None = None) -> None:
        """Drop the opt-outs of these phones; of all, with the phones and numbers that were added since."""
        if numbers is not None:
            self._db.executemany("DELETE FROM optouts WHERE person = ?", [(each,) for each in numbers])
            return
        self._db.execute("DELETE FROM optouts")
        self._db.execute("DELETE FROM numbers")
        self._db.execute("DELETE FROM phones")
        self.seed()

    def _scope(self, sender: str) -> list[str]:
        """Twilio's scope of an opt-out: the pair alone, or all numbers of the sender's service."""
        known = self.number(sender)
        return self.pool(known.service) if known and known.service else [sender]
