"""The Messages tab with a full page of entries, a second, beside a bare view that answers as many bytes."""

from inbox.models import Direction, Kind, Message
from inbox.rules import Status
from inbox.thread import PAGE
from tests.bench import load
from tests.bench.figures import Rates, in_turns
from tests.bench.scene import Scene, chat, cookie_of, text_of
from tests.builders import Builders

PAGES, CONNECTIONS, ROUNDS = 200, 8, 3


def measure(scene: Scene) -> Rates:
    figure = Rates("page of 50 entries", "bare Django view, as many bytes")
    long = chat(Builders(), scene.team)
    text = text_of(long, scene.team[0])
    for number in range(PAGE - 1):
        mine = {"status": Status.DELIVERED} if number % 2 else {"status": Status.RECEIVED, "direction": Direction.IN}
        Message.objects.create(**{**text, **mine, "kind": Kind.TEXT})
    ours = load.get(scene.stack.ports.web, long.conversation.record.messages_url(), cookie=cookie_of(scene.team[0]))
    bare = load.get(scene.bare_port, "/page/")
    return in_turns(
        figure,
        rounds=ROUNDS,
        product=lambda: rate(scene.stack.ports.web, ours),
        baseline=lambda: rate(scene.bare_port, bare),
    )


def rate(port: int, request: bytes) -> float:
    answers = load.send(port, [request] * PAGES, connections=CONNECTIONS)
    assert set(answers.statuses) == {200}, answers.statuses
    return answers.a_second
