"""A claim judges by what is so when it has its locks, and asks for it in few statements: each text pays for them."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Company, User
from channels_sms.models import SenderNumber
from inbox import delivery
from inbox.models import Conversation, Message
from inbox.outcomes import Accepted, Reason
from tests import steps
from tests.builders import Builders

CLAIM, RECORD = 8, 3
"""Where it waits, the consent's lock, the conversation's, all that it is judged by, the way by SMS, the attempt, what
the thread shows, the slot. Then: the lock, where the attempt stands, its way forward."""


def statements(context: CaptureQueriesContext) -> list[str]:
    """Without the bounds of transactions."""
    return [each["sql"] for each in context.captured_queries if "SAVEPOINT" not in each["sql"]]


@pytest.mark.parametrize("per_second", [None, 1.0])
def test_a_claim_and_its_outcome_take_few_statements(a: Builders, per_second: float | None) -> None:
    # given a text in a long thread, of a team of many
    company = a.company()
    SenderNumber.objects.update(per_second=per_second)
    maya, *others = (a.user(company=company) for _ in range(6))
    chat = a.conversation(team=[maya, *others])
    for _ in range(3):
        steps.hand_over(steps.write(chat, maya), Accepted(steps.new_sid(), "delivered"))
        SenderNumber.objects.update(next_slot_at="2026-01-01T00:00Z")
    message = steps.write(chat, maya)
    # when
    with CaptureQueriesContext(connection) as claiming:
        attempt = steps.claim(message)
    with CaptureQueriesContext(connection) as recording:
        delivery.record_outcome(attempt, Accepted(steps.new_sid(), "queued"))
    # then
    assert (len(statements(claiming)), len(statements(recording))) == (CLAIM, RECORD)


Change = Callable[[User, Conversation], object]


def nothing(author: User, chat: Conversation) -> None:
    """As it was."""


def leaves_the_team(author: User, chat: Conversation) -> None:
    chat.record.group.team.remove(author)


def is_closed(author: User, chat: Conversation) -> None:
    User.objects.filter(pk=author.pk).update(is_active=False)


def changes_company(author: User, chat: Conversation) -> None:
    User.objects.filter(pk=author.pk).update(company=Company.objects.create(name="Another"))


def smartcrm_ends(author: User, chat: Conversation) -> None:
    Company.objects.filter(pk=chat.company_id).update(has_smartcrm=False)


@pytest.mark.requirement("A2", "A4", "F2")
@pytest.mark.parametrize("kind", ["application", "prospect"])
@pytest.mark.parametrize("change", [nothing, leaves_the_team, is_closed, changes_company, smartcrm_ends])
def test_who_sees_the_conversation_no_more_sends_no_more(a: Builders, change: Change, kind: str) -> None:
    """A claim has the rule of `visible_to` by hand; this holds the two together."""
    # given a text waits
    maya = a.user(company=a.company(has_smartcrm=True))
    chat = a.conversation(team=[maya])
    if kind == "prospect":
        made = Conversation.objects.create(company=chat.company, prospect=a.prospect(chat.person, [maya]))
        chat = Conversation.objects.with_record().get(pk=made.pk)
    message = steps.write(chat, maya)
    # when
    change(maya, chat)
    is_seen = Conversation.objects.visible_to(User.objects.get(pk=maya.pk)).filter(pk=chat.pk).exists()
    attempt = delivery.claim(message.pk)
    # then
    assert (attempt is not None) == is_seen
    assert Message.objects.get(pk=message.pk).refusal == ("" if is_seen else Reason.NOT_ON_TEAM)
