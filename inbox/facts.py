"""What a page of a conversation must know of its channels before it shows anything, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass

from inbox import asking, channels, ledger
from inbox.asking import Question, Rows
from inbox.ledger import Line
from inbox.models import Conversation


@dataclass(frozen=True)
class Facts:
    """The answers to the channels' questions, by their keys; and what the ledger holds, the newest first (O11)."""

    answers: Mapping[str, Rows]
    ledger: list[Line]


def of(conversation: Conversation) -> Facts:
    return ask(conversation)[0]


def ask(conversation: Conversation, *more: Question) -> tuple[Facts, list[Rows]]:
    """The facts, and the answers to what else a page asks with them."""
    keys = channels.of(conversation.company)
    set_up = {key: channel for key, channel in channels.registered().items() if key in keys}
    questions = [each.question([conversation]) for each in set_up.values()]
    held, *answers = asking.ask(ledger.question(conversation), *questions, *more)
    return Facts(dict(zip(set_up, answers, strict=False)), ledger.read(held)), answers[len(set_up) :]
