"""The parts of the simulator, put together once for each process."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from simulator.database import open_database, transaction
from simulator.delivery import Delivery
from simulator.directory import Directory
from simulator.environment import Environment
from simulator.journal import Journal
from simulator.live import Live
from simulator.messages import MessageStore
from simulator.preferences import PreferenceStore
from simulator.rules import RuleBook
from simulator.webhooks import Caller


@dataclass(frozen=True)
class AccountFacts:
    """What `validation` may ask about the account."""

    directory: Directory
    delivery: Delivery
    test_account: bool
    local_callbacks: bool
    any_sender: bool
    closed_countries: tuple[str, ...]
    product_host: str

    def owns(self, sender: str) -> bool:
        return self.any_sender or self.directory.number(sender) is not None

    def pool(self, service: str) -> list[str]:
        return self.directory.pool(service)

    def is_landline(self, number: str) -> bool:
        return self.directory.is_landline(number)

    def has_opted_out(self, *, person: str, sender: str) -> bool:
        return self.directory.has_opted_out(person=person, sender=sender)

    def queue_length(self, sender: str) -> float:
        return self.delivery.queue_length(sender)


@dataclass
class Holds:
    """Answers that are held back, by the rule that holds them."""

    waiting: dict[int, set[asyncio.Event]] = field(default_factory=dict)

    async def wait(self, rule_id: int, seconds: float | None) -> None:
        """Until released, or at the latest after that time."""
        bell = asyncio.Event()
        self.waiting.setdefault(rule_id, set()).add(bell)
        try:
            await asyncio.wait_for(bell.wait(), seconds)
        except TimeoutError:
            return
        finally:
            self.waiting[rule_id].discard(bell)

    def count(self, rule_id: int) -> int:
        return len(self.waiting.get(rule_id, ()))

    def release(self, rule_id: int | None = None) -> int:
        """Let the held answers of a rule go, or all; returns how many there were."""
        chosen = self.waiting.values() if rule_id is None else [self.waiting.get(rule_id, set())]
        bells = [bell for group in chosen for bell in group if not bell.is_set()]
        for bell in bells:
            bell.set()
        return len(bells)


class World:
    """Everything that a request may need. Made within the running event loop, closed with it."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.db = open_database(environment.data_dir)
        self.preferences = PreferenceStore(self.db)
        self.messages = MessageStore(self.db)
        self.directory = Directory(self.db)
        self.journal = Journal(self.db)
        self.rules = RuleBook(self.db)
        self.live = Live()
        self.holds = Holds()
        self.caller = Caller(environment, self.preferences, self.journal)
        self.delivery = Delivery(
            db=self.db,
            environment=environment,
            preferences=self.preferences,
            messages=self.messages,
            directory=self.directory,
            caller=self.caller,
            live=self.live,
        )
        self.in_flight = 0  # REST requests that are being answered right now

    def facts(self) -> AccountFacts:
        now = self.preferences.current
        return AccountFacts(
            directory=self.directory,
            delivery=self.delivery,
            test_account=now.test_account,
            local_callbacks=now.local_callbacks,
            any_sender=now.any_sender,
            closed_countries=now.closed_countries,
            product_host=urlsplit(self.environment.public_base_url).hostname or "",
        )

    def reset(self, numbers: list[str] | None) -> None:
        """Forget everything, or what concerns these phones (their texts, opt-outs, rules, journal lines)."""
        with transaction(self.db):
            sids = None
            if numbers is not None:
                sids = [each.sid for number in numbers for each in self.messages.of_phone(number, limit=-1)]
            self.delivery.forget(sids)
            self.messages.forget(numbers)
            self.directory.forget(numbers)
            self.journal.forget(numbers)
            for rule_id in self.rules.forget(numbers):
                self.holds.release(rule_id)
            if numbers is None:
                self.preferences.reset()
        self.delivery.wake()
        self.live.changed()

    async def close(self) -> None:
        await self.delivery.close()
        self.db.close()
