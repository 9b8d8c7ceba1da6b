"""The 24-hour window and the invitation's words, as rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.consent_rules import Standing
from channels_whatsapp import rules, templates
from inbox.outcomes import Reason

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
W3 = (
    "SmartRecruiters would like to reach you on behalf of Northwind Robotics about Field Engineer. Since the team can "
    "only reach you within a day of your last message, please reply to continue receiving updates. Ignore to no "
    "longer receive updates."
)


def facts(**known: object) -> rules.Facts:
    usual = {"phone_typed": "+1", "address": "+14155550142", "sender": "+14155550199", "standing": "first consent"}
    return rules.Facts(**{**usual, **known})  # type: ignore[arg-type]


@pytest.mark.requirement("W1", "W2")
@pytest.mark.parametrize(
    ("ago", "is_open"),
    [
        (timedelta(0), True),
        (timedelta(hours=23, minutes=57, seconds=59), True),
        (timedelta(hours=23, minutes=58), False),
        (timedelta(hours=24), False),
    ],
)
def test_the_window_is_open_for_23_hours_and_58_minutes(ago: timedelta, is_open: bool) -> None:
    assert rules.window(NOW - ago, now=NOW).is_open is is_open
    assert not rules.window(None, now=NOW).is_open


def test_a_naive_time_is_our_mistake() -> None:
    with pytest.raises(TypeError):
        rules.window(datetime(2026, 11, 25, 12), now=NOW)  # noqa: DTZ001 - that is the point


@pytest.mark.requirement("O2", "O12", "W1", "W2", "F6")
@given(
    standing=st.sampled_from(list(Standing)),
    heard=st.one_of(st.none(), st.integers(0, 60 * 60)),
    invited=st.one_of(st.none(), st.integers(0, 60 * 60)),
)
def test_free_text_goes_if_and_only_if_the_window_is_open_and_nobody_opted_out(
    standing: Standing, heard: int | None, invited: int | None
) -> None:
    """`heard`, `invited`: minutes ago."""

    def ago(minutes: int | None) -> datetime | None:
        return None if minutes is None else NOW - timedelta(minutes=minutes)

    known = facts(standing=standing, last_heard=ago(heard), invited_at=ago(invited))
    reason = rules.lock_reason(known, now=NOW)
    is_open = heard is not None and heard < 24 * 60 - 2
    assert (reason is None) == (is_open and standing != Standing.OPTED_OUT)
    if reason in {Reason.WINDOW_CLOSED, Reason.AWAITING_REPLY}:
        assert rules.has_consent(standing), "an invitation is offered only to who agreed"


@pytest.mark.requirement("W2")
def test_what_whatsapp_itself_refused_shuts_the_window_until_she_writes_again() -> None:
    heard = NOW - timedelta(hours=2)
    refused = facts(last_heard=heard, refused_at=NOW - timedelta(hours=1))
    assert rules.lock_reason(refused, now=NOW) == Reason.WINDOW_CLOSED
    assert rules.lock_reason(facts(last_heard=NOW, refused_at=NOW - timedelta(hours=1)), now=NOW) is None


@pytest.mark.requirement("W3", "W4")
def test_the_invitation_says_what_the_requirements_say() -> None:
    body = templates.usual_words()
    rules.check_words(body)
    assert rules.filled_in(body, company="Northwind Robotics", about="Field Engineer") == W3
    words, names = rules.numbered(body)
    assert words.startswith("SmartRecruiters would like to reach you on behalf of {{1}} about {{2}}. Since")
    assert names == ["company", "about"]
    assert rules.variables(body, company=" North\nwind ", about="x" * 300) == {"1": "North wind", "2": "x" * 254 + "…"}


@pytest.mark.requirement("W4")
@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("{company} writes about {about} now", "edge"),
        ("We write for {company} about {about}", "edge"),
        ("For {company}{about} we write", "adjacent"),
        ("For {company}\nabout {about} we write", "line break"),
        ("For {company} about {job} we write", "unknown place"),
        ("For {company} we write", "missing place"),
        ("For {company about {about} we write", "brace"),
        ("For {company} about {about} we write " + "x" * 600, "too long"),
    ],
)
def test_words_that_whatsapp_would_refuse_are_refused_here(body: str, key: str) -> None:
    with pytest.raises(rules.Flaw) as flaw:
        rules.check_words(body)
    assert flaw.value.key == key


@pytest.mark.requirement("O10")
@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("whatsapp:+14155550142", "+14155550142"),
        ("whatsapp:US.1349120865", "US.1349120865"),
        ("whatsapp:US.ENT.1349", "US.ENT.1349"),
        ("whatsapp:", ""),
        ("whatsapp:AMZN", ""),
        ("", ""),
    ],
)
def test_an_address_is_a_number_or_a_user_id(text: str, address: str) -> None:
    assert rules.from_wire(text) == address
