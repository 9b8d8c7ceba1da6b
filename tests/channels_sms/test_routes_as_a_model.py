"""Pools, removals, releases, replies in any order: every reply finds its conversation or a tray, never another (I7).

The model keeps who wrote last by which pair of numbers, without asking the code that is tested.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.models import Company, User
from channels_sms import pool, releasing
from channels_sms.models import Route, SenderNumber
from channels_sms.releasing import UNUSED_FOR
from inbox import delivery
from inbox.models import Conversation, Direction, Message, UnmatchedReply
from inbox.outcomes import Refused, Sent
from inbox.rules import AttemptStatus, Status
from tests import steps
from tests.builders import Builders, new_number
from tests.conftest import Twilio

COUNTRIES = ("US", "DE")
WHICH, ANY = st.integers(0, 1), st.integers(0, 11)
MOST_NUMBERS, MOST_CHATS = 3, 4
Pair = tuple[str, str]  # our number and theirs


@dataclass
class Side:
    """A company as the model sees it: its people's phones, its chats, and to whom each pair belongs."""

    company: Company
    maya: User
    chats: list[Conversation] = field(default_factory=list)
    owners: dict[Pair, int] = field(default_factory=dict)
    in_use: dict[str, bool] = field(default_factory=dict)


class Routing(RuleBasedStateMachine):
    """Two companies that text the same phones; what they do is drawn, and checked after each step."""

    def __init__(self, twilio: Twilio) -> None:
        super().__init__()
        self.twilio = twilio
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.a = Builders()
        self.operator = User.objects.create_superuser("operator@platform.example", "x", name="Operator")
        self.phones = [new_number("US"), new_number("DE")]
        self.sides = [self._company(), self._company()]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def _company(self) -> Side:
        """Two numbers, and two records of people with the same phone, so that there is something to quarrel about."""
        company = self.a.company(sender_countries=[])
        side = Side(company, self.a.user(company=company))
        for country in COUNTRIES:
            self._buy(side, country)
        for _ in range(2):
            self._meet(side, self.phones[0])
        return side

    def _buy(self, side: Side, country: str) -> None:
        side.in_use[self.a.sender_number(side.company, country).number] = True

    def _meet(self, side: Side, phone: str) -> None:
        side.chats.append(self.a.conversation(team=[side.maya], person=self.a.person(side.company, phone=phone)))

    @precondition(lambda self: any(len(side.in_use) < MOST_NUMBERS for side in self.sides))
    @rule(country=st.sampled_from(COUNTRIES))
    def buy(self, country: str) -> None:
        self._buy(min(self.sides, key=lambda side: len(side.in_use)), country)

    @precondition(lambda self: any(len(side.chats) < MOST_CHATS for side in self.sides))
    @rule(which=WHICH)
    def meet(self, which: int) -> None:
        """A new record of a person with one of the two phones."""
        self._meet(min(self.sides, key=lambda side: len(side.chats)), self.phones[which])

    @rule(at=WHICH, choice=ANY)
    def write(self, at: int, choice: int) -> None:
        """A text leaves, or is refused where no number is free; its sender then is this conversation's."""
        side = self.sides[at]
        chat = side.chats[choice % len(side.chats)]
        phone = chat.person.phone
        free = [ours for ours, in_use in side.in_use.items() if in_use and self._may_use(side, (ours, phone), chat)]
        outcome = steps.try_to_write(Conversation.objects.with_record().get(pk=chat.pk), side.maya)
        assert isinstance(outcome, Sent if free else Refused), outcome
        if isinstance(outcome, Sent):
            assert outcome.message.sender in free
            before = self._last_sender(chat, but=outcome.message)
            if before and before in free and self._is_current(side, before, chat):
                assert outcome.message.sender == before  # sticky, while it is in use
            side.owners[outcome.message.sender, phone] = chat.pk

    def _may_use(self, side: Side, pair: Pair, chat: Conversation) -> bool:
        return side.owners.get(pair, chat.pk) == chat.pk

    def _is_current(self, side: Side, ours: str, chat: Conversation) -> bool:
        return side.owners.get((ours, chat.person.phone)) == chat.pk

    def _last_sender(self, chat: Conversation, *, but: Message) -> str:
        sent = chat.messages.filter(direction=Direction.OUT).exclude(pk=but.pk).order_by("-pk")
        return sent.values_list("sender", flat=True).first() or ""

    @rule(at=WHICH, choice=ANY)
    def retire_or_bring_back(self, at: int, choice: int) -> None:
        """The number of a conversation, if there is one: that is where something changes."""
        side = self.sides[at]
        known = sorted({ours for ours, _phone in side.owners}) or sorted(side.in_use)
        ours = known[choice % len(known)]
        change: Callable[..., bool] = pool.retire if side.in_use[ours] else pool.bring_back
        assert change(SenderNumber.objects.get(number=ours), by=self.operator)
        side.in_use[ours] = not side.in_use[ours]

    @rule(at=WHICH)
    def hand_over(self, at: int) -> None:
        """Workers take what waits; a text whose number was retired meanwhile leaves from another one, or not at all."""
        side = self.sides[at]
        waiting = Message.objects.filter(conversation__company=side.company, status=Status.QUEUED).order_by("pk")
        for message in waiting.select_related("conversation"):
            attempt = delivery.claim(message.pk)
            if attempt is None:
                continue
            sender = attempt.message.sender
            assert side.in_use[sender]
            assert self._may_use(side, (sender, message.recipient), message.conversation)
            side.owners[sender, message.recipient] = message.conversation_id
            delivery.apply_status(attempt, AttemptStatus.SENT)

    @rule(at=WHICH, choice=ANY)
    def release(self, at: int, choice: int) -> None:
        """An admin gives a pair up."""
        side = self.sides[at]
        if side.owners:
            ours, phone = sorted(side.owners)[choice % len(side.owners)]
            route = Route.objects.get(sender_number__number=ours, address=phone, released_at=None)
            assert releasing.release(route, by=side.maya)
            del side.owners[ours, phone]

    @rule(at=WHICH, choice=ANY, days=st.sampled_from([179, 179, 181]))
    def close_and_wait(self, at: int, choice: int, days: int) -> None:
        """A record is closed; so many days later what nobody used is given up."""
        side = self.sides[at]
        chat = side.chats[choice % len(side.chats)]
        chat.record.group.closed_at = timezone.now()
        chat.record.group.save()
        long_ago = timezone.now() - timedelta(days=days)
        Route.objects.filter(conversation=chat).update(made_at=long_ago)
        Conversation.objects.filter(pk=chat.pk).update(last_message_at=long_ago)
        releasing.release_unused(timezone.now())
        if timedelta(days=days) > UNUSED_FOR:
            side.owners = {pair: owner for pair, owner in side.owners.items() if owner != chat.pk}
        Conversation.objects.filter(pk=chat.pk).update(last_message_at=timezone.now())
        chat.record.group.closed_at = None
        chat.record.group.save()

    @rule(at=WHICH, choice=ANY)
    def reply(self, at: int, choice: int) -> None:
        """A person texts one of our numbers, in use or not: one by which she was texted, or any other."""
        side, sid = self.sides[at], steps.new_sid()
        pairs = [*sorted(side.owners), (sorted(side.in_use)[choice % len(side.in_use)], self.phones[choice % 2])]
        ours, phone = pairs[choice % len(pairs)]
        assert self.twilio.text(sender=phone, recipient=ours, body="Hello", sid=sid) == 200
        heard = Message.objects.filter(provider_id=sid).first()
        owner = side.owners.get((ours, phone))
        assert (heard.conversation_id if heard else None) == owner
        if owner is None:
            assert UnmatchedReply.objects.get(provider_id=sid).company == side.company

    @invariant()
    def each_pair_has_one_owner(self) -> None:
        live = Route.objects.filter(released_at=None).values_list("sender_number__number", "address", "conversation")
        found = {(ours, phone): owner for ours, phone, owner in live}
        known: dict[Pair, int] = {}
        for side in self.sides:
            known |= side.owners
        assert found == known


@pytest.mark.requirement("Q6", "I7")
@pytest.mark.django_db
def test_every_reply_finds_its_conversation_or_a_tray(client: Client) -> None:
    few: Any = hypothesis_settings(
        max_examples=25,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    machine: Any = partial(Routing, Twilio(client))
    run_state_machine_as_test(machine, settings=few)
