"""Places in snippets: filled, or refused; never sent with a hole in them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.placeholders import Holes, Place, fill, places, problem, unknown

ANNA = {
    Place.FIRST_NAME: "Anna",
    Place.JOB: "Field Robotics Engineer",
    Place.COMPANY: "Northwind Robotics",
    Place.SENDER: "Maya Chen",
    Place.BOOKING_LINK: "https://example.com/maya?d=30",
}
BRACELESS = st.text(st.characters(exclude_characters="{}", codec="utf-8"), max_size=40)


def test_each_place_is_filled() -> None:
    text = "Hi {first_name}, {sender} of {company} here about {job}.\r\nWhen? {booking_link} Bye {first_name}!"
    assert fill(text, ANNA) == (
        "Hi Anna, Maya Chen of Northwind Robotics here about Field Robotics Engineer.\r\n"
        "When? https://example.com/maya?d=30 Bye Anna!"
    )
    assert places(text) == (Place.FIRST_NAME, Place.SENDER, Place.COMPANY, Place.JOB, Place.BOOKING_LINK)


@pytest.mark.parametrize("typed", ["{First Name}", "{ first_name }", "{FIRST-NAME}", "{firstname}", "{{first_name}}"])
def test_people_may_write_a_place_as_they_like(typed: str) -> None:
    assert fill(f"Hi {typed}!", ANNA) == "Hi Anna!"


@pytest.mark.parametrize("value", ["", "  ", "\u00a0", None])
def test_a_place_without_a_value_is_a_hole(value: str | None) -> None:
    values: dict[Place, str] = {place: text for place, text in ANNA.items() if place != Place.BOOKING_LINK}
    if value is not None:
        values[Place.BOOKING_LINK] = value
    holes = fill("{first_name}: {booking_link} or {Booking link}", values)
    assert holes == Holes(empty=(Place.BOOKING_LINK,))
    assert problem(holes) == ("You have no booking link yet. Add it under Manage snippets, then this one can be used.")


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("Hi {salary}, {salary} {date/time}", ("{salary}", "{date/time}")),
        ("Hi {}", ("{}",)),
        ("Hi {{1}}", ("{{1}}",)),
        ("Hi {...}, see you on {when?}", ("{...}", "{when?}")),
        ("Hi {first_name", ("{first_name",)),
        ("Hi first_name}!", ("first_name}",)),
        ("Hi {{ sender", ("{{ sender",)),
    ],
)
def test_what_else_stands_in_braces_is_refused(text: str, strange: tuple[str, ...]) -> None:
    assert unknown(text) == strange
    assert fill(text, ANNA) == Holes(unknown=strange)


@pytest.mark.parametrize("text", ["", "no braces", "a } and a {", "}{", "{" + "x" * 60 + "}", "{one\ntwo}", "the job"])
def test_a_stray_brace_is_just_a_character(text: str) -> None:
    assert unknown(text) == ()
    assert fill(text, {}) == text


def test_a_slip_of_the_finger_is_named_with_what_was_meant() -> None:
    holes = fill("Hi {frist_name}, {salary}?", ANNA)
    assert isinstance(holes, Holes)
    assert problem(holes) == (
        "{frist_name} can't be filled. Did you mean {first_name}? "
        "{salary} can't be filled. These can: {first_name}, {job}, {company}, {sender}, {booking_link}."
    )


def test_several_holes_are_named_together() -> None:
    holes = fill("{first_name} {job} {x9}", {})
    assert holes == Holes(empty=(Place.FIRST_NAME, Place.JOB), unknown=("{x9}",))
    assert isinstance(holes, Holes)
    assert problem(holes).endswith(
        "Nothing is known here for {first_name} (the person's first name), {job} (the job or community), "
        "so this one can't be used. Choose another snippet."
    )


@given(st.lists(st.tuples(BRACELESS, st.sampled_from(Place))), BRACELESS, st.data())
def test_nothing_but_the_places_changes(pieces: list[tuple[str, Place]], end: str, data: st.DataObject) -> None:
    values = {place: data.draw(st.text(min_size=1).filter(str.strip), label=place) for place in Place}
    text = "".join(f"{before}{{{place.value}}}" for before, place in pieces) + end
    assert fill(text, values) == "".join(before + values[place] for before, place in pieces) + end


@given(st.sampled_from(Place), st.sampled_from(["{job}", "{{sender}}", "{first_name", "\\1", "\\g<0>", "%(x)s", "{0}"]))
def test_a_value_is_not_filled_again(place: Place, value: str) -> None:
    assert fill(f"a {{{place.value}}} b", {place: value}) == f"a {value} b"


@given(st.text(st.sampled_from("{}_ \nfirst_namejobx"), max_size=60) | st.text())
def test_what_is_filled_has_no_hole(text: str) -> None:
    result = fill(text, dict.fromkeys(Place, "word"))
    if isinstance(result, Holes):
        assert result.unknown == unknown(text) != ()
        assert problem(result)
    else:
        assert not re.search(r"\{(first_name|job|company|sender|booking_link)\b|\b(first_name|job)\}", result)
