"""Faults by rule: which requests a rule is for, how often it applies, and what then happens."""

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANSWERS = ("error", "busy", "html", "hold", "reset", "slow")
OUTCOMES = ("queued", "sent", "delivered", "read", "undelivered", "failed")
CALLS = ("create", "fetch", "list")
KEYS = {
    "": {"on", "to", "from", "body", "nth", "times", "chance", "answer", "outcome", "callbacks"},
    "answer": {"type", "code", "status", "retry_after", "taken", "seconds", "ms", "when"},
    "outcome": {"status", "code", "after_ms"},
    "callbacks": {"delay_ms", "times", "order", "drop", "early", "signature", "extra"},
}


@dataclass(frozen=True)
class Rule:
    """`spec` is the rule as it was posted; see the README for its words."""

    id: int
    tag: str
    note: str
    spec: Mapping[str, Any]
    seen: int
    applied: int

    def part(self, name: str) -> Mapping[str, Any]:
        """What it says about `answer`, `outcome` or `callbacks`; empty if nothing."""
        part: Mapping[str, Any] = self.spec.get(name) or {}
        return part

    def matches(self, call: str, *, to: str, sender: str, body: str) -> bool:
        spec = self.spec
        return (
            spec.get("on", "create") == call
            and to in self.recipients(to)
            and spec.get("from", sender) == sender
            and ("body" not in spec or re.search(spec["body"], body) is not None)
        )

    def recipients(self, anybody: str = "") -> list[str]:
        """Whom it is for: one address, or several as the handset page has it; else `anybody`."""
        named = self.spec.get("to", anybody)
        return named if isinstance(named, list) else [named]

    @property
    def is_spent(self) -> bool:
        times = self.spec.get("times", 1)
        return times is not None and self.applied >= times

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            **self.spec,
            "seen": self.seen,
            "applied": self.applied,
            "spent": self.is_spent,
        }


class RuleBook:
    """The rules in order of their making; the first live one that matches applies, alone."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, spec: Mapping[str, Any], *, tag: str = "", note: str = "") -> Rule:
        """Raises ValueError for a rule that could not work."""
        check(spec)
        row = self._db.execute(
            "INSERT INTO rules (tag, note, spec) VALUES (?, ?, ?) RETURNING *", (tag, note, json.dumps(spec))
        ).fetchone()
        return _rule(row)

    def pick(self, call: str, *, to: str, sender: str, body: str, dice: float) -> Rule | None:
        """Count this request on each live rule that it matches, and spend the first whose turn it is.

        `dice` is a random number from 0 to 1, for rules that apply by chance.
        """
        picked = None
        for rule in self.all():
            if rule.is_spent or not rule.matches(call, to=to, sender=sender, body=body):
                continue
            seen = rule.seen + 1
            due = seen >= rule.spec.get("nth", 1) and dice < rule.spec.get("chance", 1)
            uses = picked is None and due
            self._db.execute(
                "UPDATE rules SET seen = ?, applied = applied + ? WHERE id = ?", (seen, int(uses), rule.id)
            )
            if uses:
                picked = rule
        return picked

    def all(self) -> list[Rule]:
        return [_rule(row) for row in self._db.execute("SELECT * FROM rules ORDER BY id")]

    def tagged(self, tag: str) -> Rule | None:
        row = self._db.execute("SELECT * FROM rules WHERE tag = ?", (tag,)).fetchone()
        return _rule(row) if row else None

    def remove(self, rule_id: int) -> None:
        self._db.execute("DELETE FROM rules WHERE id = ?", (rule_id,))

    def forget(self, numbers: list[str] | None = None) -> list[int]:
        """Remove all rules, or those for these phones; returns their ids."""
        gone = [rule.id for rule in self.all() if numbers is None or set(rule.recipients()) & set(numbers)]
        for rule_id in gone:
            self.remove(rule_id)
        return gone


def check(spec: Mapping[str, Any]) -> None:
    """Refuse a misspelt rule at once: one that silently does nothing would make its test pass."""
    for part, known in KEYS.items():
        given = set(spec) if part == "" else set(spec.get(part) or {})
        if given - known:
            raise ValueError(f"Unknown in a rule{' under ' + part if part else ''}: {sorted(given - known)}.")
    if not any(spec.get(part) for part in ("answer", "outcome", "callbacks")):
        raise ValueError("A rule needs an answer, an outcome or callbacks.")
    _check_choices(spec)
    _check_values(spec)


def _check_choices(spec: Mapping[str, Any]) -> None:
    answer, outcome = spec.get("answer") or {}, spec.get("outcome") or {}
    if spec.get("on", "create") not in CALLS:
        raise ValueError(f"`on` is one of {CALLS}.")
    if answer and answer.get("type") not in ANSWERS:
        raise ValueError(f"`answer.type` is one of {ANSWERS}.")
    if outcome.get("status", "delivered") not in OUTCOMES:
        raise ValueError(f"`outcome.status` is one of {OUTCOMES}.")


def _check_values(spec: Mapping[str, Any]) -> None:
    for name in ("nth", "times", "chance"):
        if not isinstance(spec.get(name) or 1, int | float):
            raise ValueError(f"`{name}` is a number.")
    if len((spec.get("outcome") or {}).get("after_ms", (0, 0))) != 2:
        raise ValueError("`outcome.after_ms` is two times: until sent, and until done.")
    try:
        re.compile(spec.get("body", ""))
    except re.error as problem:
        raise ValueError(f"`body` is not a regular expression: {problem}.") from problem


def _rule(row: tuple[Any, ...]) -> Rule:
    rule_id, tag, note, spec, seen, applied = row
    return Rule(id=rule_id, tag=tag, note=note, spec=json.loads(spec), seen=seen, applied=applied)
