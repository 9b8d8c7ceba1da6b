"""Switches that the control API changes while the process runs; they survive a restart."""

import json
import random
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from simulator.database import transaction


@dataclass(frozen=True)
class Preferences:
    """Times are milliseconds unless the name says otherwise."""

    sent_after_ms: int = 150
    delivered_after_ms: int = 300
    retry_pause_ms: int = 500
    advanced_opt_out: bool = False
    yes_is_answered: bool = False
    test_account: bool = False
    any_sender: bool = False
    local_callbacks: bool = True
    max_concurrent: int | None = None
    parts_per_second: int | None = None
    closed_countries: tuple[str, ...] = ()
    extra_params: Mapping[str, str] = field(default_factory=dict)
    inbound_url: str | None = None
    seed: int | None = None
    window_refusal: str = "later"
    read_after_ms: int | None = None
    approval_after_ms: int | None = 2000
    whatsapp_inbound_url: str | None = None
    mail_inbound_url: str | None = None
    mail_retry_pauses_ms: tuple[int, ...] = (2_000, 10_000, 60_000, 300_000, 900_000, 3_600_000)
    clock_ahead_s: float = 0.0


CHOICES = {"window_refusal": ("later", "at once")}
ITEMS: Mapping[str, type] = {"mail_retry_pauses_ms": int}  # what is in a list, where it isn't texts
MAY_BE_NULL = frozenset({"approval_after_ms"})  # beside those whose default is null


class PreferenceStore:
    """The current preferences, the movable clock and the seeded dice that depend on them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.current = _from_json(Preferences(), dict(self._stored()))
        self.dice = random.Random(self.current.seed)

    def now(self) -> float:
        """Seconds since 1970, moved by what the control API added: all times and delays follow it."""
        return time.time() + self.current.clock_ahead_s

    def change(self, values: Mapping[str, Any]) -> Preferences:
        """Set some of them. Raises ValueError for an unknown name or a value of the wrong type."""
        self.current = _from_json(self.current, values)
        with transaction(self._db):
            for name in values:
                stored = json.dumps(asdict(self.current)[name])
                self._db.execute("INSERT OR REPLACE INTO preferences VALUES (?, ?)", (name, stored))
        if "seed" in values:
            self.dice = random.Random(self.current.seed)
        return self.current

    def reset(self) -> None:
        self._db.execute("DELETE FROM preferences")
        self.current = Preferences()
        self.dice = random.Random()

    def _stored(self) -> list[tuple[str, Any]]:
        rows = self._db.execute("SELECT name, value FROM preferences").fetchall()
        return [(name, json.loads(value)) for name, value in rows]


def _from_json(base: Preferences, values: Mapping[str, Any]) -> Preferences:
    kinds = {each.name: type(getattr(Preferences(), each.name)) for each in fields(Preferences)}
    for name, value in values.items():
        if name not in kinds:
            raise ValueError(f"There is no setting called {name!r}; there are {', '.join(sorted(kinds))}.")
        if value is None and name in MAY_BE_NULL:
            continue
        if not _fits(value, kinds[name], item=ITEMS.get(name, str)) or value not in CHOICES.get(name, (value,)):
            raise ValueError(f"{value!r} does not fit the setting {name!r}.")
    changed: dict[str, Any] = {name: tuple(value) if kinds[name] is tuple else value for name, value in values.items()}
    return replace(base, **changed)


def _fits(value: object, kind: type, *, item: type) -> bool:
    """`item` is the type of what is in a list."""
    if kind is type(None):  # a setting whose default is "none" takes a number or a text
        return value is None or (isinstance(value, int | str) and not isinstance(value, bool))
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if kind is tuple:
        return isinstance(value, list | tuple) and all(_fits(each, item, item=item) for each in value)
    return isinstance(value, kind)
