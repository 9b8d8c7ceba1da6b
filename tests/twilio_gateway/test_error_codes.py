"""The catalogue of error codes, tested as data (N1; lesson 10)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twilio_gateway.error_codes import CATALOGUE, CONNECTION_FAILED, Kind, Remedy, explain

PERMANENT = """
20003 20005 20008 20404 21211 21212 21408 21602 21603 21604 21606 21608 21609 21610 21612 21614 21617 21654 21655 21656
21910 30002 30004 30005 30006 30007 30010 30018 30024 30032 30033 30034 30035 30038 30453
63001 63003 63005 63006 63007 63008 63013 63014 63015 63016 63020 63021 63022 63024 63026 63027 63028 63032
63033 63040 63041 63042 63051
"""
TRANSIENT = """
11200 11205 14107 20429 21611 30001 30003 30008 30017 30022 30023 30027 30036 30410 30450 30500
63009 63010 63012 63017 63018 63038
"""
EITHER = "30039 63049"
WANTED = {
    int(code): kind
    for codes, kind in ((PERMANENT, Kind.PERMANENT), (TRANSIENT, Kind.TRANSIENT), (EITHER, Kind.UNKNOWN))
    for code in codes.split()
}


@pytest.mark.requirement("N1")
@pytest.mark.parametrize(("code", "kind"), WANTED.items())
def test_each_code_that_we_know_of_has_its_row(code: int, kind: Kind) -> None:
    row = explain(code)
    assert (row.code, row.kind) == (code, kind)
    assert CATALOGUE[code] == row


def test_no_code_is_in_two_rows_and_none_is_there_that_the_list_lacks() -> None:
    assert CATALOGUE.keys() == WANTED.keys()


@pytest.mark.requirement("N1")
@pytest.mark.parametrize("code", WANTED)
def test_a_sentence_is_plain_words(code: int) -> None:
    sentence = str(explain(code).sentence)
    assert re.fullmatch(r"[A-Z][^.!?]+\.", sentence), "one sentence with a period, so that it fits into a notice"
    assert not re.search(r"\d", sentence)
    assert not re.search(r"\b(he|she|his|her|him|error|oops|webhook|API|HTTP|10DLC)\b", sentence, re.IGNORECASE)


def test_codes_with_one_sentence_are_the_same_to_the_recruiter() -> None:
    told: dict[str, object] = {}
    for row in CATALOGUE.values():
        assert told.setdefault(str(row.sentence), (row.kind, row.helps)) == (row.kind, row.helps)
    assert len(told) == 57


@pytest.mark.requirement("N1")
@pytest.mark.parametrize(
    ("code", "sentence", "helps"),
    [
        (30003, "The phone is off or out of reach.", (Remedy.RETRY, Remedy.EDIT_NUMBER, Remedy.WRITE_EMAIL)),
        (30005, "This number doesn't exist any more.", (Remedy.EDIT_NUMBER,)),
        (30007, "The carrier refused the text.", (Remedy.EDIT_TEXT, Remedy.ASK_ADMIN)),
    ],
)
def test_the_common_failures_say_what_the_design_says(code: int, sentence: str, helps: tuple[Remedy, ...]) -> None:
    assert (str(explain(code).sentence), explain(code).helps) == (sentence, helps)


@pytest.mark.requirement("N1")
@given(st.integers().filter(lambda code: code not in WANTED))
def test_an_unknown_code_has_the_default_row(code: int) -> None:
    row = explain(code)
    assert str(row.sentence) == f"The message could not be delivered (code {code})."
    assert (row.code, row.kind) == (code, Kind.UNKNOWN)
    assert not row.means_opt_out
    assert not row.repeats_by_itself


@pytest.mark.requirement("N1")
def test_a_failure_without_a_code_is_told_without_one() -> None:
    row = explain(None)
    assert str(row.sentence) == "The message could not be delivered."
    assert (row.code, row.kind, row.repeats_by_itself) == (None, Kind.UNKNOWN, False)


@pytest.mark.requirement("O13")
def test_one_code_alone_is_the_providers_word_for_an_opt_out() -> None:
    assert [code for code, row in CATALOGUE.items() if row.means_opt_out] == [21610]
    assert not CONNECTION_FAILED.means_opt_out


@pytest.mark.requirement("I1")
def test_only_what_was_certainly_not_taken_repeats_by_itself() -> None:
    assert [code for code, row in CATALOGUE.items() if row.repeats_by_itself] == [20429]
    assert CONNECTION_FAILED.repeats_by_itself


@pytest.mark.requirement("I1")
@pytest.mark.parametrize("code", [code for code, kind in WANTED.items() if kind == Kind.PERMANENT])
def test_what_cannot_succeed_is_not_offered_again(code: int) -> None:
    assert Remedy.RETRY not in explain(code).helps


@pytest.mark.requirement("N1")
@pytest.mark.parametrize(
    ("code", "may_retry"),
    [(30003, True), (30005, False), (30034, True), (63016, False), (None, True)],
)
def test_a_click_sends_again_what_could_arrive_or_what_an_admin_can_mend(code: int | None, may_retry: bool) -> None:
    assert explain(code).may_retry == may_retry


def test_the_account_is_told_from_the_text() -> None:
    """What no text is to blame for, and every text would meet."""
    assert [code for code, row in CATALOGUE.items() if row.is_of_the_account] == [20003, 20005, 20008, 20404, 30002]
