"""A request to stop, through the real processes: against texts in flight, and before the eyes of the team (O9).

How "claimed after the request's commit" is judged: as in `test_races`, for a hold takes its time (`placed_at`) while it
has the consent's lock alone, and a claim takes its own while it shares that lock.
"""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from playwright.sync_api import expect

from accounts.models import User
from candidates.consent_rules import EventKind, Source, Standing
from inbox import deciding
from inbox.models import DeliveryAttempt, HoldOutcome, Message, OptOutHold
from inbox.outcomes import Reason, Sent
from inbox.rules import Status
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, attempt_of, until, violations
from tests.flows.faults import Texting, all_settled, at_once, handovers, texting

ASKS = "Thanks, but please stop texting me"


@pytest.mark.requirement("I2", "I5", "O9")
def test_no_text_is_claimed_after_a_request_to_stop(a: Builders, simulator: Simulator) -> None:
    # given conversations in which two texts are written while the person asks to be left alone
    dice = random.Random(907)
    chats = texting(a, simulator, how_many=40)

    def race(chat: Texting) -> None:
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(write_two, chat)
            time.sleep(dice.uniform(0, 0.15))
            assert chat.says(ASKS)["answers"][0]["status"] == 200
            writing.result()

    # when
    at_once(race, chats, threads=4)
    company = chats[0].conversation.company
    sent = Message.objects.filter(conversation__company=company, direction="out")
    until(lambda: not sent.filter(status=Status.QUEUED).exists(), within=90)
    # then every request holds, and nothing was claimed after it
    placed = dict(OptOutHold.objects.filter(company=company).values_list("message__sender", "placed_at"))
    assert len(placed) == len(chats)
    attempts = list(DeliveryAttempt.objects.filter(message__conversation__company=company).select_related("message"))
    assert [each for each in attempts if each.claimed_at >= placed[each.message.recipient]] == []
    # and each claim was handed over once, and what was refused says why
    until(lambda: not DeliveryAttempt.objects.filter(message__in=sent, status="claimed").exists())
    requests = Counter(attempt_of(line) for line in handovers(simulator, sender=chats[0].ours))
    assert requests == Counter(str(attempt.uuid) for attempt in attempts)
    canceled = sent.filter(status=Status.CANCELED)
    assert set(canceled.values_list("refusal", flat=True)) <= {Reason.HELD}
    assert sent.count() == canceled.count() + len(attempts)


def write_two(chat: Texting) -> None:
    for body in ("first", "second"):
        chat.try_to_send(body)
    connections.close_all()


@pytest.mark.requirement("O9", "O11")
def test_of_two_who_decide_at_once_one_is_heard_and_an_opt_out_counts(a: Builders, simulator: Simulator) -> None:
    # given
    chats = texting(a, simulator, how_many=12)
    tom = a.user(company=chats[0].user.company, name="Tom Reed")
    for chat in chats:
        chat.conversation.record.group.team.add(tom)
        chat.says(ASKS)
    holds = list(OptOutHold.objects.filter(company=chats[0].conversation.company))
    # when one opts out and the other releases, in the same moment
    decisions = [
        (hold.message_id, user, opts_out) for hold in holds for user, opts_out in ((tom, True), (chats[0].user, False))
    ]

    def decide(decision: tuple[int, User, bool]) -> bool:
        pk, user, opts_out = decision
        action = deciding.opt_out if opts_out else deciding.release
        outcome = action(message_id=pk, by=user)
        connections.close_all()
        return isinstance(outcome, Sent)

    outcomes = dict(zip(decisions, at_once(decide, decisions, threads=6), strict=True))
    # then whoever came first, the opt-out stands, recorded once
    assert all(done for (_pk, _user, opts_out), done in outcomes.items() if opts_out)
    for chat in chats:
        assert chat.consent.standing == Standing.OPTED_OUT
        said = chat.consent.events.filter(source=Source.USER, by_user=tom, kind=EventKind.OPTED_OUT)
        assert [event.words for event in said] == [ASKS]
    for hold in OptOutHold.objects.filter(pk__in=[hold.pk for hold in holds]):
        assert (hold.outcome, hold.resolved_by) == (HoldOutcome.OPTED_OUT, tom)


@pytest.mark.requirement("O9", "O11", "N2")
def test_the_team_sees_it_and_decides(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya and Tom, who have the conversation open
    [chat] = texting(a, simulator)
    tom = a.user(company=chat.user.company, name="Tom Reed", seat=False)
    chat.conversation.record.group.team.add(tom)
    maya_sees = site.open(chat.user, chat.conversation)
    tom_sees = site.open(tom, chat.conversation, viewport={"width": 390, "height": 844}, color_scheme="dark")
    expect(maya_sees.get_by_role("textbox", name="Message")).to_be_visible()

    # when Anna writes what reads like a request to stop
    chat.says("I can't stop smiling! But honestly: please don't text me any more")
    # then it is marked, and texting is locked, before their eyes
    expect(maya_sees.locator("mark")).to_contain_text("don't text me")
    expect(maya_sees.get_by_role("heading", name="Anna may have asked you to stop")).to_be_visible()
    for page in (maya_sees, tom_sees):
        expect(page.get_by_role("group", name="Reads like a request to stop")).to_be_visible()
        assert violations(page) == []
    # and without a seat there is but the way that opens nothing
    expect(tom_sees.get_by_role("button", name="It isn’t one: release")).to_have_count(0)

    # when Maya releases the texts, with the keyboard
    maya_sees.get_by_role("button", name="Opt Anna out").focus()
    maya_sees.keyboard.press("Tab")
    expect(maya_sees.get_by_role("button", name="It isn’t one: release")).to_be_focused()
    maya_sees.keyboard.press("Enter")
    # then she writes on, and both see who said so
    expect(maya_sees.get_by_role("textbox", name="Message")).to_be_visible()
    for page in (maya_sees, tom_sees):
        expect(page.get_by_role("log")).to_contain_text("Maya Chen released the texts")
    all_settled([chat.send("Sorry, one last question")])

    # when Tom says that it was one, on his phone
    tom_sees.get_by_role("button", name="It was: opt Anna out").click()
    # then the window is shut for Maya too, with the proof beside it
    expect(maya_sees.get_by_role("heading", name="Anna opted out of SMS")).to_be_visible()
    expect(maya_sees.get_by_role("log")).to_contain_text("Tom Reed opted Anna out of SMS, as Anna asked.")
    assert violations(maya_sees) == []
    assert chat.consent.standing == Standing.OPTED_OUT
    # and only Anna opens it again
    chat.says("START")
    expect(maya_sees.get_by_role("textbox", name="Message")).to_be_visible()


@pytest.mark.requirement("O9")
def test_without_javascript_both_buttons_work(a: Builders, site: Site, simulator: Simulator) -> None:
    # given
    one, other = texting(a, simulator, how_many=2)
    for chat in (one, other):
        chat.says(ASKS)
    page = site.page_of(one.user, java_script_enabled=False)
    # when
    page.goto(one.conversation.record.messages_url())
    page.get_by_role("button", name="It isn’t one: release").click()
    # then
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    # when
    page.goto(other.conversation.record.messages_url())
    page.get_by_role("button", name="Opt Anna out").click()
    # then
    expect(page.get_by_role("heading", name="Anna opted out of SMS")).to_be_visible()
    assert (one.consent.standing, other.consent.standing) == (Standing.OPTED_IN, Standing.OPTED_OUT)
