"""WhatsApp's "Block Business": the person no longer hears from it, and nobody is told."""

import sqlite3

from simulator.directory import Directory


class BlockList:
    """Who has blocked which of our WhatsApp senders; a person is known by the number of her phone."""

    def __init__(self, db: sqlite3.Connection, directory: Directory) -> None:
        self._db = db
        self._directory = directory

    def block(self, *, person: str, sender: str, now: float) -> None:
        phone = self._directory.phone_at(person).number
        self._db.execute("INSERT OR IGNORE INTO blocks VALUES (?, ?, ?)", (phone, sender, now))

    def unblock(self, *, person: str, sender: str) -> None:
        phone = self._directory.phone_at(person).number
        self._db.execute("DELETE FROM blocks WHERE person = ? AND sender = ?", (phone, sender))

    def is_blocked(self, *, person: str, sender: str) -> bool:
        phone = self._directory.phone_at(person).number
        row = self._db.execute("SELECT 1 FROM blocks WHERE person = ? AND sender = ?", (phone, sender))
        return row.fetchone() is not None

    def all(self) -> list[tuple[str, str, float]]:
        return self._db.execute("SELECT person, sender, since FROM blocks ORDER BY since, rowid").fetchall()

    def forget(self, numbers: list[str] | None = None) -> None:
        """All of them, or those of these phones."""
        if numbers is None:
            self._db.execute("DELETE FROM blocks")
        self._db.executemany("DELETE FROM blocks WHERE person = ?", [(each,) for each in numbers or []])
