"""The parts of the simulator, put together once for each process."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from simulator import window
from simulator.blocks import BlockList
from simulator.database import open_database, take_first_time, transaction
from simulator.delivery import Delivery
from simulator.demo_state import seed_talk, seed_template
from simulator.directory import Directory
from simulator.environment import Environment
from simulator.journal import Journal
from simulator.live import Live
from simulator.mail.outbox import Outbox
from simulator.mail.postman import Postman
from simulator.mail.store import MailStore
from simulator.messages import MessageStore
from simulator.preferences import PreferenceStore
from simulator.rules import RuleBook
from simulator.templates import TemplateStore
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
    refuses_at_once: bool
    messages: MessageStore
    templates: TemplateStore
    now: float

    def owns(self, sender: str) -> bool:
        return self.any_sender or self.directory.number(sender) is not None

    def pool(self, service: str, *, to: str) -> list[str]:
        return self.directory.pool(service, to=to)

    def is_landline(self, number: str) -> bool:
        return self.directory.is_landline(number)

    def has_opted_out(self, *, person: str, sender: str) -> bool:
        return self.directory.has_opted_out(person=person, sender=sender)

    def queue_length(self, sender: str) -> float:
        return self.delivery.queue_length(sender)

    def has_template(self, sid: str) -> bool:
        return self.templates.get(sid) is not None

    def is_approved(self, sid: str) -> bool:
        template = self.templates.get(sid)
        return template is not None and template.status_at(self.now) == "approved"

    def window_is_open(self, *, person: str, sender: str) -> bool:
        known = self.directory.whatsapp_addresses(person)
        return window.is_open(self.messages.last_inbound(known, to=sender), self.now)


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
        self.blocks = BlockList(self.db, self.directory)
        self.templates = TemplateStore(self.db)
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
            blocks=self.blocks,
            caller=self.caller,
            live=self.live,
        )
        self.mails = MailStore(self.db)
        self.outbox = Outbox(environment.mail_dir, self.mails)
        self.postman = Postman(
            environment=environment,
            preferences=self.preferences,
            mails=self.mails,
            journal=self.journal,
            live=self.live,
        )
        self.in_flight = 0  # REST requests that are being answered right now
        self._begin_the_demo()

    def _begin_the_demo(self) -> None:
        """What has happened before it, in a file that is new, or new to WhatsApp."""
        now = self.preferences.now()
        with transaction(self.db):
            if not take_first_time(self.db):
                return
            self.directory.seed()
            seed_template(self.templates, now=now)
            seed_talk(self.db, self.messages, now=now)

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
            refuses_at_once=now.window_refusal == "at once",
            messages=self.messages,
            templates=self.templates,
            now=self.preferences.now(),
        )

    def reset(self, numbers: list[str] | None, mailboxes: Sequence[str] = ()) -> None:
        """Forget everything, or what concerns these phones (their messages, opt-outs, blocks, rules, journal lines)
        and mailboxes.

        All addresses of a phone are meant, whichever of them is named.
        """
        with transaction(self.db):
            sids = None
            if numbers is not None:
                numbers = sorted({each for number in numbers for each in self.directory.addresses(number)})
                sids = [each.sid for each in self.messages.of_phone(*numbers, limit=-1)]
            self.delivery.forget(sids)
            self.messages.forget(numbers)
            self.blocks.forget(numbers)
            self.directory.forget(numbers)
            self.mails.forget(None if numbers is None else list(mailboxes))
            self.journal.forget(None if numbers is None else [*numbers, *mailboxes])
            for rule_id in self.rules.forget(numbers):
                self.holds.release(rule_id)
            if numbers is None:
                self.preferences.reset()
                self.templates.forget()
                seed_template(self.templates, now=self.preferences.now())
        self.delivery.wake()
        self.live.changed()

    async def close(self) -> None:
        await self.delivery.close()
        await self.postman.close()
        self.db.close()
