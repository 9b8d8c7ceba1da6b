"""Who has which number: our sending numbers, the phones we play, and who has stopped whom."""

import sqlite3
from dataclasses import dataclass

from simulator import demo
from simulator.addresses import PREFIX, bare, is_user_id, is_whatsapp
from simulator.database import transaction


@dataclass(frozen=True)
class Number:
    """A sender of the account; one for WhatsApp begins with `whatsapp:`. Without URLs it uses the account's."""

    number: str
    label: str
    service: str | None = None
    sms_url: str | None = None
    fallback_url: str | None = None


@dataclass(frozen=True)
class Phone:
    """A phone that the page plays; `typed` is the number as people write it.

    `user_id` is what WhatsApp tells a business beside the number, or, where it is withheld, in its place.
    `wa_id` are WhatsApp's own digits where they differ from the number.
    """

    number: str
    name: str
    typed: str
    landline: int = 0
    whatsapp: int = 1
    read_receipts: int = 1
    user_id: str | None = None
    number_withheld: int = 0
    wa_id: str | None = None

    @property
    def whatsapp_address(self) -> str:
        """What WhatsApp gives as the sender of what this person writes."""
        return PREFIX + (self.user_id if self.number_withheld and self.user_id else self.number)


class Directory:
    """Numbers, phones and opt-outs. A new file starts with the demo's."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        if not self.numbers():
            self.seed()

    def seed(self) -> None:
        """The demo's numbers and people; what is already there keeps its name."""
        with transaction(self._db):
            senders = [(demo.e164(typed), label) for typed, label in demo.SENDING_NUMBERS]
            typed, label = demo.WHATSAPP_SENDER
            for number, name in [*senders, (PREFIX + demo.e164(typed), label)]:
                self._db.execute("INSERT OR IGNORE INTO numbers VALUES (?, ?, NULL, NULL, NULL)", (number, name))
            for typed, name in demo.PEOPLE:
                self._db.execute(
                    "INSERT OR IGNORE INTO phones (number, name, typed) VALUES (?, ?, ?)",
                    (demo.e164(typed), name, typed),
                )

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

    def pool(self, service: str, *, to: str = "") -> list[str]:
        """The senders of a messaging service on the recipient's channel; empty for one that does not exist."""
        rows = self._db.execute("SELECT number FROM numbers WHERE service = ? ORDER BY rowid", (service,))
        return [number for (number,) in rows if is_whatsapp(number) == is_whatsapp(to)]

    def add_phone(self, phone: Phone) -> None:
        """Add it, or give a known one these properties."""
        self._db.execute(
            """INSERT INTO phones VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (number) DO UPDATE SET name = excluded.name, typed = excluded.typed,
                landline = excluded.landline, whatsapp = excluded.whatsapp, read_receipts = excluded.read_receipts,
                user_id = excluded.user_id, number_withheld = excluded.number_withheld, wa_id = excluded.wa_id""",
            (phone.number, phone.name, phone.typed, phone.landline, phone.whatsapp, phone.read_receipts,
             phone.user_id, phone.number_withheld, phone.wa_id),
        )  # fmt: skip

    def phones(self) -> list[Phone]:
        return [Phone(*row) for row in self._db.execute("SELECT * FROM phones ORDER BY rowid")]

    def phone_at(self, address: str) -> Phone:
        """The phone that has this number, or whose owner has this user id at WhatsApp; else a nameless one."""
        column = "user_id" if is_user_id(address) else "number"
        query = f"SELECT * FROM phones WHERE {column} = ?"  # noqa: S608 - one of two words of ours
        row = self._db.execute(query, (bare(address),)).fetchone()
        if row:
            return Phone(*row)
        return Phone(bare(address), "", bare(address), user_id=bare(address) if is_user_id(address) else None)

    def whatsapp_addresses(self, address: str) -> list[str]:
        """By which this phone is known at WhatsApp: the number's, and the user id's if there is one."""
        phone = self.phone_at(address)
        return list(dict.fromkeys(PREFIX + each for each in (phone.number, phone.user_id) if each))

    def addresses(self, address: str) -> list[str]:
        """All that reach this phone: its number for texts, and what it is known by at WhatsApp."""
        return [self.phone_at(address).number, *self.whatsapp_addresses(address)]

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
