"""The relay with 16 texts in flight and 100 ms of the provider's latency, beside a bare loop of the `twilio` client."""

import json
import subprocess
import sys
import urllib.request

from django.db import transaction

from inbox import worker
from inbox.models import DeliveryAttempt, Message
from inbox.rules import AttemptStatus, Status
from smartmessage.stack.programs import is_true_within
from smartmessage.stack.supervisor import ROOT
from tests.bench.figures import Rates, in_turns
from tests.bench.scene import Scene, text_of

TEXTS, ROUNDS = 240, 5


def measure(scene: Scene, provider: str) -> Rates:
    figure = Rates("relay, 16 in flight, 100 ms", "bare loop of the twilio client", aim=0.9)
    return in_turns(
        figure, rounds=ROUNDS, product=lambda: by_worker(scene, provider), baseline=lambda: by_loop(provider)
    )


def by_worker(scene: Scene, provider: str) -> float:
    """The product's own worker hands over what is queued, each text in a conversation of its own."""
    texts = [Message(**text_of(chat, scene.team[0]), status=Status.QUEUED) for chat in scene.chats[:TEXTS]]
    with transaction.atomic():
        for message in Message.objects.bulk_create(texts):
            worker.ask_for_delivery(message.pk)
    ids = [message.pk for message in texts]
    taken = DeliveryAttempt.objects.filter(message__in=ids, provider_id__startswith="SM", status=AttemptStatus.QUEUED)
    assert is_true_within(120, lambda: taken.count() == len(ids)), f"{taken.count()} of {len(ids)} texts are taken"
    return rate(provider)


def by_loop(provider: str) -> float:
    subprocess.run([sys.executable, "-m", "tests.bench.loop", provider, str(TEXTS)], cwd=ROOT, check=True)
    return rate(provider)


def rate(provider: str) -> float:
    """Texts a second, between the first and the last that came to the provider; each of them came once."""
    with urllib.request.urlopen(f"{provider}/arrivals") as answer:
        arrivals = json.load(answer)
    times, recipients = [float(at) for at, _to in arrivals], [to for _at, to in arrivals]
    assert len(times) == TEXTS == len(set(recipients)), f"{len(times)} texts came, to {len(set(recipients))} phones"
    return (TEXTS - 1) / (max(times) - min(times))
