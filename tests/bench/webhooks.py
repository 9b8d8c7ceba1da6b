"""From a webhook to its commit, beside a bare Django view with the same signature check and one insert."""

from inbox.models import Message
from tests.bench import load
from tests.bench.figures import Rates, in_turns
from tests.bench.scene import Scene

TEXTS, CONNECTIONS, ROUNDS = 1_200, 16, 7


def measure(scene: Scene) -> Rates:
    before = Message.objects.filter(direction="in").count()
    figure = Rates("webhook to commit", "bare Django, one insert", aim=0.6)
    ours, bare = scene.stack.ports.web, scene.bare_port
    in_turns(figure, rounds=ROUNDS, product=lambda: rate(scene, ours), baseline=lambda: rate(scene, bare))
    stored = Message.objects.filter(direction="in").count() - before
    sent = TEXTS * (len(figure.product_a_second) + 1)
    assert stored == sent, f"{stored} texts are stored, and {sent} were sent"
    return figure


def rate(scene: Scene, port: int) -> float:
    answers = load.send(port, scene.webhooks(port, TEXTS), connections=CONNECTIONS)
    assert set(answers.statuses) == {200}, answers.statuses
    return answers.a_second
