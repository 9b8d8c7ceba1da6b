"""The one thing that is offered below a failed text. The channel says what may help; here is what of it can be done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from accounts.models import User
from inbox import channels, problems
from inbox.channels import EMAIL, Failure, Locked, NextStep, Reach, Reachable, Remedy
from inbox.models import Conversation, Kind, Message

SENT_AGAIN_AS = "sent_again_as"
"""Under which a message's `handover` keeps the id of the one that took its words to a new address."""


@dataclass(frozen=True)
class Facts:
    """What the rule judges by.

    `reaches`: of the company's channels in their order. `may_text`: the user holds a seat. `has_new_address`: the
    person's address on this channel isn't any more the one that the text went to. `tries`: how often it was tried.
    """

    channel: str
    reaches: Mapping[str, Reach]
    may_text: bool = True
    is_text: bool = True
    has_new_address: bool = False
    tries: int = 1
    admins_know: bool = False


@dataclass(frozen=True)
class Offer:
    """`channel`: the one to use, of a step that leads to another one. `told_at`: when the admins were told of it."""

    step: NextStep | None
    channel: str = ""
    told_at: datetime | None = None


def next_step(failure: Failure, facts: Facts) -> Offer:
    """The best of a failure's steps that is possible; else another way to the person; else her contact data.

    Sources: issue "the truth about delivery"; twilio.md §10, whose column "do" is the order of a failure's steps.
    """
    if facts.has_new_address:
        return _to_new_address(facts)
    tried_enough = facts.tries >= failure.tries and len(failure.steps) > 1
    wanted = [step for step in failure.steps if not (step == NextStep.TRY_AGAIN and tried_enough)]
    if failure.may_retry:
        wanted.append(NextStep.TRY_AGAIN)
    return next(_possible([*wanted, *ELSEWHERE, NextStep.EDIT_CONTACT], facts), Offer(None))


ELSEWHERE = (NextStep.OTHER_CHANNEL, NextStep.WRITE_EMAIL)


def _to_new_address(facts: Facts) -> Offer:
    """The number or address was mended: the same words to the new one, once the person can be reached there."""
    own = facts.reaches.get(facts.channel)
    if facts.is_text and isinstance(own, Reachable) and may_write_on(facts.channel, facts):
        return Offer(NextStep.SEND_TO_NEW_ADDRESS)
    return next(_possible([NextStep.INVITE, *ELSEWHERE], facts), Offer(None))


def _possible(steps: list[NextStep], facts: Facts) -> Iterator[Offer]:
    for step in steps:
        match step:
            case NextStep.TRY_AGAIN if may_try_again(facts):
                yield Offer(step)
            case NextStep.EDIT_TEXT if _is_open(facts) and facts.is_text:
                yield Offer(step, facts.channel)
            case NextStep.INVITE if _may_invite(facts):
                yield Offer(step, facts.channel)
            case NextStep.OTHER_CHANNEL if other := _other_channel(facts):
                yield Offer(step, other)
            case NextStep.WRITE_EMAIL if facts.channel != EMAIL and isinstance(facts.reaches.get(EMAIL), Reachable):
                yield Offer(step, EMAIL)
            case NextStep.TELL_ADMIN if not facts.admins_know:
                yield Offer(step)
            case NextStep.EDIT_CONTACT:
                yield Offer(step)


def _other_channel(facts: Facts) -> str:
    """Another text channel on which the person is reached, or may be invited; empty if there is none."""
    for key, reach in facts.reaches.items():
        if key in {facts.channel, EMAIL} or not facts.may_text:
            continue
        if isinstance(reach, Reachable) or Remedy.INVITE in reach.remedies:
            return key
    return ""


def may_try_again(facts: Facts) -> bool:
    """The same message once more: a text where texting is open, an invitation where one may go."""
    return _is_open(facts) if facts.is_text else _may_invite(facts)


def _is_open(facts: Facts) -> bool:
    return isinstance(facts.reaches.get(facts.channel), Reachable) and may_write_on(facts.channel, facts)


def _may_invite(facts: Facts) -> bool:
    own = facts.reaches.get(facts.channel)
    return isinstance(own, Locked) and Remedy.INVITE in own.remedies and facts.may_text


def may_write_on(channel: str, facts: Facts) -> bool:
    return facts.may_text or not channels.get(channel).needs_seat


class Page:
    """What a page knows for the failed texts on it; asked for at most once, and only where there is one."""

    def __init__(self, user: User, conversation: Conversation, reaches: Mapping[str, Reach]) -> None:
        self.user, self.conversation, self.reaches = user, conversation, reaches

    @cached_property
    def may_text(self) -> bool:
        return hasattr(self.user, "seat")

    def may_send_again(self, message: Message) -> bool:
        """Whether this user's Send again would be taken: judged on the message's own channel, whichever is open."""
        if message.recipient != channels.get(message.channel).address(self.conversation):
            return False
        return may_try_again(self._facts_of(message))

    @cached_property
    def told(self) -> dict[tuple[str, int], datetime]:
        return problems.told(self.conversation.company_id)

    def offer(self, message: Message, failure: Failure) -> Offer:
        if SENT_AGAIN_AS in message.handover:
            return Offer(None)
        can_be_told = NextStep.TELL_ADMIN in failure.steps
        told_at = self.told.get((message.channel, failure.code or 0)) if can_be_told else None
        facts = replace(
            self._facts_of(message),
            has_new_address=message.recipient != channels.get(message.channel).address(self.conversation),
            tries=len(message.all_attempts()),
            admins_know=told_at is not None,
        )
        found = next_step(failure, facts)
        return Offer(found.step, found.channel, told_at)

    def _facts_of(self, message: Message) -> Facts:
        is_text = message.kind == Kind.TEXT
        return Facts(channel=message.channel, reaches=self.reaches, may_text=self.may_text, is_text=is_text)
