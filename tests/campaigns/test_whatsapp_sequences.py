"""A thousand conversations on WhatsApp, as chance has them: free text goes if and only if the window is open.

Twilio's part is played by the stand-in's own rule, which knows nothing of ours: it must never have to refuse.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_whatsapp import rules
from inbox import delivery
from inbox.models import Conversation, Kind, Message
from inbox.outcomes import Reason, Refused, Sent
from inbox.rules import Status
from simulator.window import is_open
from tests import steps
from tests.builders import Builders
from tests.channels_whatsapp import steps as wa
from tests.conftest import Twilio
from twilio_gateway import client as gateway

HOURS = st.sampled_from([0.1, 1, 3, 11, 12.1, 23, 23.9, 23.97, 24, 25, 30])
STEPS = st.one_of(
    st.sampled_from(["hears", "texts", "texts", "invites", "hands over"]), st.tuples(st.just("time"), HOURS)
)


@dataclass
class World:
    """The clock that all share, and what the stand-in saw."""

    now: datetime = field(default_factory=timezone.now)
    heard: float | None = None
    arrived: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def send(self, *, content: str | gateway.Template, **_rest: object) -> gateway.Answer:
        """Twilio takes what may go, by WhatsApp's rule as the stand-in keeps it."""
        if isinstance(content, str) and not is_open(self.heard, self.now.timestamp()):
            self.refused.append(content)
            return gateway.No(63016)
        self.arrived.append(content if isinstance(content, str) else content.content_sid)
        return gateway.Taken(steps.new_sid(), "sent")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    shared = World()
    monkeypatch.setattr(timezone, "now", lambda: shared.now)
    monkeypatch.setattr(gateway, "send", shared.send)
    return shared


@pytest.mark.requirement("W1", "W2", "I5")
@settings(max_examples=1000, suppress_health_check=list(HealthCheck))
@given(sequence=st.lists(STEPS, min_size=2, max_size=9))
def test_free_text_goes_if_and_only_if_the_window_is_open(
    a: Builders, twilio: Twilio, world: World, sequence: list[Any]
) -> None:
    with transaction.atomic():
        live_through(a, twilio, world, sequence)
        transaction.set_rollback(True)  # the next sequence begins anew


def live_through(a: Builders, twilio: Twilio, world: World, sequence: list[Any]) -> None:
    world.now, world.heard = timezone.now(), None
    world.arrived.clear()
    a.whatsapp_sender()
    maya = a.user(company=a.company(texts_by_whatsapp=True))
    chat = a.whatsapp_conversation(team=[maya])
    heard: datetime | None = None
    is_known = False  # whether a message of hers would find its conversation
    for step in sequence:
        match step:
            case ("time", hours):
                world.now += timedelta(hours=hours)
            case "hears":
                wa.says(twilio, chat, "Hello")
                world.heard = world.now.timestamp()
                heard = world.now if is_known else heard
            case "texts":
                outcome = wa.try_to_write(chat, maya)
                may = heard is not None and world.now - heard < rules.WINDOW
                assert isinstance(outcome, Sent) == may, (outcome, heard)
            case "invites":
                outcome = wa.try_to_invite(chat, maya)
                if isinstance(outcome, Refused):
                    assert outcome.reason in {Reason.OPTED_IN, Reason.INVITED_TOO_OFTEN}
            case "hands over":
                is_known |= hand_over_all(chat)
    assert world.refused == []
    assert not chat.messages.filter(status=Status.FAILED).exists()
    late = chat.messages.filter(status=Status.CANCELED)
    assert set(late.values_list("refusal", flat=True)) <= {Reason.WINDOW_CLOSED}


def hand_over_all(chat: Conversation) -> bool:
    """A worker takes what waits, in order; whether an invitation arrived."""
    for message in Message.objects.filter(conversation=chat, status=Status.QUEUED).order_by("pk"):
        delivery.deliver_message(message.pk)
    return chat.messages.filter(kind=Kind.INVITATION, status=Status.SENT).exists()
