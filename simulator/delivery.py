"""What becomes of a text after it was taken over: its statuses, in time, and the callbacks about them."""

import asyncio
import heapq
import json
import random
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from simulator.blocks import BlockList
from simulator.channel_fields import channel_fields
from simulator.database import transaction
from simulator.directory import Directory
from simulator.environment import Environment
from simulator.live import Live
from simulator.messages import API_VERSION, Message, MessageStore, new_sid
from simulator.preferences import PreferenceStore
from simulator.signing import Params, Signature
from simulator.webhooks import Answer, Caller, Hook

CALLBACKS_AT_ONCE = 64
GAP_MS = 30  # between callbacks whose order a rule has turned round


@dataclass(frozen=True)
class Step:
    """A change of status, a callback about one, or (usually) both at once. `after_ms` counts from the 201."""

    after_ms: float
    status: str
    error_code: int | None = None
    moves: bool = True
    calls: bool = False
    signature: Signature = "good"
    extra: Mapping[str, str] | None = None
    token: str = ""


@dataclass(frozen=True)
class DueStep:
    """A step as stored."""

    id: int
    due: float
    sid: str
    status: str
    error_code: int | None
    moves: int
    calls: int
    signature: Signature
    extra: str
    token: str


def fate(
    outcome: Mapping[str, Any], *, sent_ms: float, done_ms: float, by_service: bool, read_ms: float | None = None
) -> list[Step]:
    """The statuses that a text goes through after its first one, which gets no callback.

    `outcome` is a rule's: its last status, the code of a failure, and its own times if it has any. `read_ms` is how
    long after its delivery a WhatsApp message is read by itself; None: when the person looks at it.
    """
    sent_ms, done_ms = outcome.get("after_ms", (sent_ms, done_ms))
    code = outcome.get("code")
    queued = [Step(0, "queued")] if by_service else []
    match outcome.get("status", "undelivered" if code else "delivered"):
        case "queued":
            return queued
        case "sent":
            return [*queued, Step(sent_ms, "sent")]
        case "failed":
            return [*queued, Step(sent_ms, "failed", code)]
        case "undelivered":
            return [*queued, Step(sent_ms, "sent"), Step(done_ms, "undelivered", code)]
        case "read":
            return [*queued, Step(sent_ms, "sent"), Step(done_ms, "delivered"), Step(done_ms + (read_ms or 0), "read")]
        case _:
            read = [] if read_ms is None else [Step(done_ms + read_ms, "read")]
            return [*queued, Step(sent_ms, "sent"), Step(done_ms, "delivered"), *read]


def with_callbacks(steps: list[Step], wishes: Mapping[str, Any]) -> list[Step]:
    """Add the callbacks about these steps: each with its step, unless a rule wishes otherwise."""
    called = [replace(step, calls=True, token=new_sid("")) for step in steps]
    if not wishes:
        return called
    dropped = wishes.get("drop", False)
    kept = [each for each in called if dropped is not True and each.status not in (dropped or [])]
    late = [
        replace(
            each,
            moves=False,
            after_ms=each.after_ms + wishes.get("delay_ms", 0),
            signature=wishes.get("signature", "good"),
            extra=wishes.get("extra"),
        )
        for each in kept
        for _ in range(wishes.get("times", 1))
    ]
    if wishes.get("order") == "reversed" and late:
        end = max(each.after_ms for each in late)
        late = [replace(each, after_ms=end + GAP_MS * i) for i, each in enumerate(reversed(late))]
    return [*steps, *late]


def callback_params(
    message: Message, step: DueStep, *, account_sid: str, dice: random.Random, extra: Mapping[str, str]
) -> Params:
    """The form of a status callback; the carrier's own time comes only with some, to the minute, zoneless."""
    params: Params = [
        ("AccountSid", account_sid),
        ("ApiVersion", API_VERSION),
        ("MessageSid", message.sid),
        ("SmsSid", message.sid),
        ("MessageStatus", step.status),
        ("SmsStatus", step.status),
        ("From", message.sender or ""),
        ("To", message.recipient),
    ]
    if message.service_sid:
        params.append(("MessagingServiceSid", message.service_sid))
    if step.error_code and step.status in ("failed", "undelivered"):
        params.append(("ErrorCode", str(step.error_code)))
    if message.is_whatsapp:
        params += channel_fields(message, status=step.status, error_code=step.error_code)
    elif step.status in ("delivered", "undelivered") and dice.random() < 0.5:
        params.append(("RawDlrDoneDate", datetime.fromtimestamp(step.due, UTC).strftime("%y%m%d%H%M")))
    return [*params, *extra.items(), *json.loads(step.extra).items()]


class Delivery:
    """Keeps the steps, which survive a restart, and takes each when its time has come.

    A step is forgotten only after its callback was sent: after a crash a callback comes twice, not never.
    """

    def __init__(
        self,
        *,
        db: sqlite3.Connection,
        environment: Environment,
        preferences: PreferenceStore,
        messages: MessageStore,
        directory: Directory,
        blocks: BlockList,
        caller: Caller,
        live: Live,
    ) -> None:
        self._db = db
        self._environment = environment
        self._preferences = preferences
        self._messages = messages
        self._directory = directory
        self._blocks = blocks
        self._caller = caller
        self._live = live
        self._due = [(due, step_id) for due, step_id in db.execute("SELECT due, id FROM steps")]
        heapq.heapify(self._due)
        self._bell = asyncio.Event()
        self._places = asyncio.Semaphore(CALLBACKS_AT_ONCE)
        self._calling: dict[str, asyncio.Task[None]] = {}  # by message: its latest callback
        self._in_hand: set[int] = set()  # ids of steps that somebody is taking, until their callback is answered

    def add(self, message: Message, steps: list[Step]) -> None:
        """Store the steps of a message; they start at once."""
        now = self._preferences.now()
        for step in steps:
            due = now + step.after_ms / 1000
            (step_id,) = self._db.execute(
                """INSERT INTO steps (due, sid, status, error_code, moves, calls, signature, extra, token)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
                (due, message.sid, step.status, step.error_code, step.moves,
                 step.calls and message.status_callback is not None, step.signature,
                 json.dumps(dict(step.extra or {})), step.token),
            ).fetchone()  # fmt: skip
            heapq.heappush(self._due, (due, step_id))
        self.wake()

    def read(self, message: Message) -> None:
        """The person has looked at a WhatsApp message, before it was to be read by itself, if it was."""
        self._db.execute("DELETE FROM steps WHERE sid = ? AND status = 'read'", (message.sid,))
        self.add(message, with_callbacks([Step(0, "read")], {}))

    def queue_length(self, sender: str) -> float:
        """Seconds until the last text in this sender's queue has left; 0 where no rate is set."""
        if self._preferences.current.parts_per_second is None:
            return 0.0
        (last,) = self._db.execute(
            """SELECT max(due) FROM steps JOIN messages USING (sid)
            WHERE sender = ? AND moves AND steps.status IN ('sent', 'failed')""",
            (sender,),
        ).fetchone()
        return max(0.0, (last or 0.0) - self._preferences.now())

    def wake(self) -> None:
        """Look at the clock again: it was moved, or something new is due."""
        self._bell.set()

    async def run(self) -> None:
        """Take steps as they fall due, for ever."""
        while True:
            self._bell.clear()
            now = self._preferences.now()
            with transaction(self._db):
                while self._due and self._due[0][0] <= now:
                    self._start(heapq.heappop(self._due)[1])
            wait = self._due[0][0] - now if self._due else None
            try:
                await asyncio.wait_for(self._bell.wait(), wait)
            except TimeoutError:
                continue

    async def close(self) -> None:
        """Stop calling. What was under way stays stored, and is called again after the next start."""
        tasks = list(self._calling.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def flush(self, sid: str) -> None:
        """Take all the steps of one message now, in order, and wait for the answers to their callbacks."""
        rows = self._db.execute("SELECT * FROM steps WHERE sid = ? ORDER BY due, id", (sid,)).fetchall()
        steps = [step for step in (DueStep(*row) for row in rows) if step.id not in self._in_hand]
        self._in_hand |= {step.id for step in steps}
        if sid in self._calling:
            await self._calling[sid]
        for step in steps:
            if self._move(step):
                await self._call(step)

    def forget(self, sids: list[str] | None = None) -> None:
        """Drop what is still to come, of all messages or of these."""
        if sids is None:
            self._db.execute("DELETE FROM steps")
        self._db.executemany("DELETE FROM steps WHERE sid = ?", [(sid,) for sid in sids or []])

    async def call_now(self, message: Message, step: Step) -> Answer:
        """Send a callback that the control API asked for; the message itself stays as it is."""
        now = DueStep(
            id=0,
            due=self._preferences.now(),
            sid=message.sid,
            status=step.status,
            error_code=step.error_code,
            moves=0,
            calls=1,
            signature=step.signature,
            extra=json.dumps(dict(step.extra or {})),
            token=step.token,
        )
        return await self._caller.call(self._hook(message, now))

    def _start(self, step_id: int) -> None:
        row = self._db.execute("SELECT * FROM steps WHERE id = ?", (step_id,)).fetchone()
        if row is None or step_id in self._in_hand:
            return  # it was forgotten, or is being flushed
        self._in_hand.add(step_id)
        step = DueStep(*row)
        if self._move(step):
            self._calling[step.sid] = asyncio.create_task(self._call_in_turn(step, self._calling.get(step.sid)))

    async def _call_in_turn(self, step: DueStep, before: asyncio.Task[None] | None) -> None:
        """One callback of a message after the other: disorder comes from rules, never by chance."""
        if before:
            await before
        await self._call(step)
        if self._calling.get(step.sid) is asyncio.current_task():
            del self._calling[step.sid]

    def _move(self, step: DueStep) -> bool:
        """Change the status if the step does; True if a callback has to follow."""
        with transaction(self._db):
            if self._is_held_back(step):
                self._drop(step)
                return False
            if step.moves:
                self._choose_sender(step)
                self._messages.move(
                    step.sid, status=step.status, error_code=step.error_code, now=self._preferences.now()
                )
                self._live.changed()
            if step.calls:
                self._db.execute("UPDATE steps SET moves = 0 WHERE id = ?", (step.id,))
            else:
                self._drop(step)
        return bool(step.calls)

    def _is_held_back(self, step: DueStep) -> bool:
        """Whether the person has blocked the sender, so that the message never comes to lie on the phone, or is read.

        The callback about one that lay there before is still sent, however late.
        """
        if step.status not in ("delivered", "read"):
            return False
        message = self._messages.get(step.sid)
        if message is None or not message.is_whatsapp or (message.arrived is not None and not step.moves):
            return False
        if step.moves and step.status == "read" and message.arrived is None:
            return True
        return self._blocks.is_blocked(person=message.recipient, sender=message.sender or "")

    def _choose_sender(self, step: DueStep) -> None:
        message = self._messages.get(step.sid)
        if message and message.sender is None and message.service_sid:
            pool = self._directory.pool(message.service_sid, to=message.recipient)
            self._messages.choose_sender(step.sid, pool[0])

    async def _call(self, step: DueStep) -> None:
        message = self._messages.get(step.sid)
        if message is not None and message.status_callback:
            async with self._places:
                await self._caller.call(self._hook(message, step))
        self._drop(step)
        self._live.changed()

    def _drop(self, step: DueStep) -> None:
        self._in_hand.discard(step.id)
        self._db.execute("DELETE FROM steps WHERE id = ?", (step.id,))

    def _hook(self, message: Message, step: DueStep) -> Hook:
        params = callback_params(
            message,
            step,
            account_sid=self._environment.account_sid,
            dice=self._preferences.dice,
            extra=self._preferences.current.extra_params,
        )
        return Hook(
            what=f"status {step.status}",
            url=message.status_callback or "",
            params=params,
            signature=step.signature,
            token=step.token,
            sid=message.sid,
            sender=message.sender,
            recipient=message.recipient,
        )
