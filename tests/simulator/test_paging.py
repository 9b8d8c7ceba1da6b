"""The list: newest first, by pages that are followed and never computed, and Twilio's filters."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.simulator.stage import ACCOUNT, ANNA, MARCUS, OTHER_OF_OURS, OURS, TOKEN, Simulator, until

LIST = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


def get(simulator: Simulator, path: str = LIST, **query: str) -> httpx.Response:
    return simulator.http.get(path, params=query or None, auth=(ACCOUNT, TOKEN))


def test_the_library_follows_the_pages(simulator: Simulator) -> None:
    # given
    sids = [simulator.send(body=f"Text {number}") for number in range(7)]
    # when
    listed = simulator.twilio.messages.list(to=ANNA, page_size=3)
    # then
    assert [each.sid for each in listed] == sids[::-1]


def test_the_envelope_is_twilios(simulator: Simulator) -> None:
    # given
    sids = [simulator.send() for _ in range(5)]
    # when
    first = get(simulator, To=ANNA, PageSize="2").json()
    second = get(simulator, first["next_page_uri"]).json()
    third = get(simulator, second["next_page_uri"]).json()
    back = get(simulator, third["previous_page_uri"]).json()
    # then
    assert set(first) == {
        "messages", "page", "page_size", "start", "end", "uri", "first_page_uri", "next_page_uri", "previous_page_uri",
    }  # fmt: skip
    assert [each["sid"] for page in (first, second, third) for each in page["messages"]] == sids[::-1]
    assert (first["previous_page_uri"], third["next_page_uri"]) == (None, None)
    assert (second["page"], second["start"], second["end"]) == (1, 2, 3)
    assert [each["sid"] for each in back["messages"]] == [each["sid"] for each in second["messages"]]


def test_a_page_stays_what_it_was_while_texts_arrive(simulator: Simulator) -> None:
    # given a reader on the first page
    sids = [simulator.send() for _ in range(3)]
    first = get(simulator, PageSize="2").json()
    # when
    simulator.send()
    # then
    assert [each["sid"] for each in get(simulator, first["next_page_uri"]).json()["messages"]] == sids[:1]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"PageSize": "1001"}, 20007),
        ({"PageSize": "0"}, 20007),
        ({"Page": "1"}, 21481),
        ({"Page": "1", "PageToken": "PASM" + "0" * 32}, 21481),
        ({"Page": "1", "PageToken": "nonsense"}, 21481),
        ({"DateSent": "yesterday"}, 20001),
    ],
)
def test_a_bad_page_is_refused(simulator: Simulator, query: dict[str, str], code: int) -> None:
    answer = get(simulator, **query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_filters_by_address(simulator: Simulator) -> None:
    # given
    to_anna = simulator.send(ANNA, OURS)
    to_marcus = simulator.send(MARCUS, OTHER_OF_OURS)
    # then
    assert [each.sid for each in simulator.twilio.messages.list(to=ANNA)] == [to_anna]
    assert [each.sid for each in simulator.twilio.messages.list(from_=OTHER_OF_OURS)] == [to_marcus]


def test_filters_by_day_and_by_second_include_what_they_name(simulator: Simulator) -> None:
    # given one sent now, and one that is not sent
    sent = simulator.send()
    simulator.rule(outcome={"status": "queued"})
    simulator.send()
    until(lambda: simulator.status(sent) == "delivered", "the delivered text")
    (stamp,) = [each.date_sent for each in simulator.twilio.messages.list() if each.sid == sent]
    assert stamp is not None
    today, tomorrow = stamp.date(), stamp.date() + timedelta(days=1)
    # then
    messages = simulator.twilio.messages
    assert [each.sid for each in messages.list(date_sent=today)] == [sent]
    assert [each.sid for each in messages.list(date_sent_after=today)] == [sent]
    assert [each.sid for each in messages.list(date_sent_before=today)] == [sent]
    assert messages.list(date_sent_after=tomorrow) == []
    moment = datetime.fromtimestamp(stamp.timestamp(), UTC)
    assert [each.sid for each in messages.list(date_sent_after=moment)] == [sent]
    assert messages.list(date_sent_before=moment - timedelta(seconds=1)) == []


def test_the_list_can_fail_too(simulator: Simulator) -> None:
    simulator.rule(on="list", answer={"type": "html", "status": 503})
    assert get(simulator).status_code == 503
    assert get(simulator).status_code == 200
