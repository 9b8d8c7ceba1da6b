"""A failure of the account through the real processes: sending pauses, resumes by itself, and every text arrives once.

"Once" is judged by the provider: its journal of requests, and the texts on the person's phone.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from inbox.models import Message, Notice, SendingPause
from inbox.rules import Status
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until
from tests.flows.faults import all_settled, texting

REFUSED = {"type": "error", "code": 20003}


class Account:
    """The platform's account at the stand-in, which takes nothing until it is mended."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator, self.rules = simulator, list[int]()

    def breaks(self) -> None:
        self.rules = [self._rule(on="list"), self._rule(on="create")]

    def is_mended(self) -> None:
        for rule in self.rules:
            self.simulator.control("DELETE", f"rules/{rule}")
        self.rules = []

    def _rule(self, **rule: Any) -> int:
        return int(self.simulator.control("POST", "rules", answer=REFUSED, times=None, **rule)["id"])


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Account]:
    broken = Account(simulator)
    yield broken
    broken.is_mended()
    until(lambda: not is_paused(), why="sending doesn't go on")
    SendingPause.objects.all().delete()  # the next trouble isn't the same one


def is_paused() -> bool:
    return SendingPause.objects.filter(ended_at=None).exists()


@pytest.mark.requirement("I1", "I9", "N2")
def test_texts_wait_while_the_account_takes_nothing_whoever_is_killed(
    a: Builders, site: Site, stack: Stack, simulator: Simulator, account: Account
) -> None:
    # given a page that is open, and an account whose credentials are refused
    chats = texting(a, simulator, how_many=4)
    user, watched = chats[0].user, chats[0].conversation
    user.is_company_admin = True
    user.save()
    page = site.open(user, watched)
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    account.breaks()

    # when texts are written, before and while sending is paused, and what works on them is killed
    sent = [chat.send("one") for chat in chats]
    until(is_paused)
    sent += [chat.send("two") for chat in chats]
    for name in ("worker", "sweeper"):
        stack.kill(name)
        stack.start(name)
    until(lambda: SendingPause.objects.get(ended_at=None).probes >= 2, why="nobody probes")

    # then they wait, the page says so without a reload, and so does the health page; nobody is told of a failed text
    waiting = set(Message.objects.filter(pk__in=[each.pk for each in sent]).values_list("status", flat=True))
    assert waiting == {Status.QUEUED}
    expect(page.locator("#paused")).to_contain_text("Texting has been paused since")
    health = httpx.get(f"{stack.url}/healthz")
    assert (health.status_code, health.json()["sending"]) == (503, "paused: an account takes nothing")
    assert not Notice.objects.filter(message__in=sent).exists()
    refused = [chat.handed_over() for chat in chats]
    assert all(words in ([], ["one"]) for words in refused), "none is handed over in vain again and again"

    # and what is written now is accepted
    page.get_by_role("textbox", name="Message").fill("three")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("log").get_by_role("article").last).to_contain_text("Queued")

    # when it is mended, and an admin has it tried at once
    account.is_mended()
    page.get_by_role("button", name="Try now").click()
    until(lambda: not is_paused())
    stack.kill("worker")
    stack.start("worker")

    # then everything arrives once and in order, and the page says nothing of a pause any more
    all_settled(sent)
    until(lambda: chats[0].received() == ["one", "two", "three"])
    lost_on_the_way = Message.objects.filter(pk__in=[each.pk for each in sent], status=Status.UNKNOWN)
    for chat in chats[1:]:
        expected = [
            each for each in ("one", "two") if not lost_on_the_way.filter(conversation=chat.conversation, body=each)
        ]
        assert [each for each in chat.received() if each in expected] == expected
        assert len(chat.received()) == len(set(chat.received()))
    expect(page.locator("#paused")).to_be_hidden()


@pytest.mark.requirement("I1")
@pytest.mark.parametrize("code", [20003, 20005, 20008, 20404])
def test_each_code_of_the_account_pauses_and_fails_no_text(
    a: Builders, simulator: Simulator, account: Account, code: int
) -> None:
    [chat] = texting(a, simulator)
    chat.fault(on="create", times=1, answer={"type": "error", "code": code})
    message = chat.send("See you on Monday?")
    all_settled([message])
    assert chat.statuses() == {"See you on Monday?": Status.DELIVERED}
    assert chat.handed_over() == ["See you on Monday?"] * 2
    assert chat.received() == ["See you on Monday?"]
    assert SendingPause.objects.get().code == code
