"""What a text from a person does to consent, from the signed webhook to the database (O6, O7, O9, O10, O14)."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing, replay
from candidates.contact import change_contact
from candidates.models import ConsentEvent
from channels_sms import opt_outs
from inbox.models import Conversation, Direction
from inbox.outcomes import Reason, Refused
from tests import steps
from tests.builders import HISTORY, Builders
from tests.conftest import Twilio

KEPT = None
TABLE: dict[str, dict[str, Standing | None]] = {  # O14, cell by cell: what a word does in a state
    "nothing": {"Yes": KEPT, "Start": Standing.OPTED_IN, "Stop": Standing.OPTED_OUT},
    "first consent": {"Yes": KEPT, "Start": Standing.OPTED_IN, "Stop": Standing.OPTED_OUT},
    "invited": {"Yes": Standing.OPTED_IN, "Start": Standing.OPTED_IN, "Stop": Standing.OPTED_OUT},
    "opted in": {"Yes": KEPT, "Start": KEPT, "Stop": Standing.OPTED_OUT},
    "opted out": {"Yes": KEPT, "Start": Standing.OPTED_IN, "Stop": KEPT},
}
CELLS = [
    pytest.param(state, word, becomes, id=f"{state}-{word}")
    for state, row in TABLE.items()
    for word, becomes in row.items()
]


@pytest.mark.requirement("O3", "O6", "O7", "O11", "O14")
@pytest.mark.parametrize(("state", "word", "becomes"), CELLS)
def test_a_keyword_does_what_the_table_says(
    a: Builders, twilio: Twilio, state: str, word: str, becomes: Standing | None
) -> None:
    # given
    chat = a.conversation(team=[a.user()], sms=state)
    sid = steps.new_sid()
    # when
    assert steps.says(twilio, chat, word, sid=sid) == 200
    # then
    assert steps.standing(chat) == (becomes or state)
    said = ConsentEvent.objects.filter(consent__address=chat.person.phone)[len(HISTORY[state]) :]
    if becomes:
        assert [(event.kind, event.words, event.source) for event in said] == [(becomes, word, Source.MESSAGE)]
        assert said[0].details == {"message_sid": sid, "our_number": steps.our_number(chat)}
    else:
        assert list(said) == []
    # and it is in the thread as a message, with a note where it changed something
    thread = [(message.direction, message.body) for message in chat.messages.order_by("pk")]
    assert thread == [(Direction.IN, word), *([(Direction.NOTE, word)] if becomes else [])]


@pytest.mark.requirement("O14")
@pytest.mark.parametrize("state", HISTORY)
@pytest.mark.parametrize("text", ["Hello", "Help", "Oui", "", "Yes, but please stop sending me jobs in Berlin"])
def test_anything_else_is_an_ordinary_message(a: Builders, twilio: Twilio, state: str, text: str) -> None:
    chat = a.conversation(team=[a.user()], sms=state)
    steps.says(twilio, chat, text)
    assert steps.standing(chat) == state
    assert [message.body for message in chat.messages.all()] == [text]


@pytest.mark.requirement("O9")
@pytest.mark.parametrize("text", ["  yes! ", "YES.", "“Yes”", "yes\n", "\u200byes", "'Yes!'"])
def test_a_yes_in_disguise_answers_the_invitation(a: Builders, twilio: Twilio, text: str) -> None:
    chat = a.conversation(team=[a.user()], sms="invited")
    steps.says(twilio, chat, text)
    assert steps.standing(chat) == Standing.OPTED_IN
    assert consents_words(chat)[-1] == text, "the ledger keeps what was said to the letter (O11)"


@pytest.mark.requirement("O9", "O6")
@pytest.mark.parametrize(
    "text", ["STOP.", " stop ", "“Stop!”", "Opt out", "opt\u2011out", "UNSUBSCRIBE", "arrêt", "STOPP"]
)
def test_a_stop_in_disguise_locks(a: Builders, twilio: Twilio, text: str) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya], sms="opted in")
    steps.says(twilio, chat, text)
    assert steps.standing(chat) == Standing.OPTED_OUT
    refused = steps.try_to_write(chat, maya)
    assert isinstance(refused, Refused)
    assert refused.reason == Reason.OPTED_OUT


@pytest.mark.requirement("O9")
@pytest.mark.parametrize(
    "text", ["Stop. Thank you", "STOP this terrible bill", "please stop", "yes please", "start Monday?", "stop it"]
)
def test_a_sentence_with_a_keyword_in_it_changes_nothing(a: Builders, twilio: Twilio, text: str) -> None:
    for state in ("invited", "opted in", "opted out"):
        chat = a.conversation(team=[a.user()], sms=state)
        steps.says(twilio, chat, text)
        assert steps.standing(chat) == state


STEPS = ("Yes", "Start", "Stop", "hello", "first consent", "invitation", "carrier says 21610", "number saved again")


def expected_after(state: Standing, step: str, *, invitations: int) -> Standing:
    """O14 and O13 once more, written for this test alone."""
    match step:
        case "Yes" | "Start" | "Stop":
            return TABLE[state.value][step] or state
        case "first consent" if state == Standing.NOTHING:
            return Standing.FIRST_CONSENT
        case "invitation" if state == Standing.FIRST_CONSENT and invitations < 3:
            return Standing.INVITED
        case "carrier says 21610":
            return Standing.OPTED_OUT
    return state


@pytest.mark.requirement("I6", "O11", "O13", "O14")
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(st.sampled_from(STEPS), max_size=9))
def test_the_ledger_replayed_gives_the_present_consent(a: Builders, twilio: Twilio, story: list[str]) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], sms="nothing")
    steps.our_number(chat)
    expected, invitations = Standing.NOTHING, 0
    for step in story:
        # when
        expected = expected_after(expected, step, invitations=invitations)
        invitations += take(step, chat, maya, twilio)
        # then
        events = ConsentEvent.objects.filter(consent__address=chat.person.phone)
        replayed = replay(EventKind(kind) for kind in events.values_list("kind", flat=True))
        assert replayed == steps.standing(chat) == expected, story


def take(step: str, chat: Conversation, user: User, twilio: Twilio) -> int:
    """One step of a story; 1 if it was an invitation that went."""
    match step:
        case "first consent":
            consent = consents.locked(company_id=chat.company_id, channel="sms", address=chat.person.phone)
            consents.record(consent, EventKind.FIRST_CONSENT, words="I agree", source=Source.FORM, details={})
        case "invitation":
            return int(not isinstance(steps.try_to_invite(chat, user), Refused))
        case "carrier says 21610":
            opt_outs.reported_by_carrier(steps.refused_attempt(chat, user))
        case "number saved again":
            change_contact(chat.person, phone_typed=chat.person.phone_typed, email="")
        case words:
            steps.says(twilio, chat, words)
    return 0


def consents_words(chat: Conversation) -> list[str]:
    return list(steps.consent_of(chat).events.values_list("words", flat=True))
