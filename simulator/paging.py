"""The list of messages: Twilio's filters, and pages that are found by token and never by number."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from simulator.messages import API_VERSION, Message, MessageStore
from simulator.refusals import Refusal

DEFAULT_SIZE, LARGEST_SIZE = 50, 1000
DATE_FILTERS = ("DateSent", "DateSent<", "DateSent>")
Query = Mapping[str, list[str]]
Condition = tuple[str, object]


@dataclass(frozen=True)
class Page:
    """Where a page begins: `PA` and a sid is what follows that message, `PB` what precedes it."""

    size: int
    number: int
    token: str

    @property
    def looks_back(self) -> bool:
        return self.token.startswith("PB")


def message_page(store: MessageStore, query: Query, *, account_sid: str) -> dict[str, Any] | Refusal:
    """One page, newest first, in Twilio's envelope. A text that was not sent yet is found by no date."""
    page = _read_page(query)
    if isinstance(page, Refusal):
        return page
    try:
        conditions = [("deleted = ?", 0), *_filters(query)]
    except ValueError as problem:
        return Refusal(20001, str(problem))
    if page.token:
        anchor = store.get(page.token[2:])
        if anchor is None:
            return Refusal(21481)
        conditions.append(("id > ?" if page.looks_back else "id < ?", anchor.id))
    found = store.select(where=conditions, limit=page.size + 1, newest=not page.looks_back)
    rows, has_more = found[: page.size], len(found) > page.size
    if page.looks_back:
        rows.reverse()
        has_more = True
    return _envelope(rows, page, has_more=has_more, query=query, account_sid=account_sid)


def _read_page(query: Query) -> Page | Refusal:
    size, number, token = _first(query, "PageSize"), _first(query, "Page"), _first(query, "PageToken")
    if size and not (size.isdecimal() and 1 <= int(size) <= LARGEST_SIZE):
        return Refusal(20007)
    if number and not number.isdecimal():
        return Refusal(21481)
    if bool(token) != bool(number and int(number)) and not token.startswith("PB"):
        return Refusal(21481)  # a page that was computed, not followed
    if token and not re.fullmatch(r"P[AB](SM|MM)[0-9a-f]{32}", token):
        return Refusal(21481)
    return Page(size=int(size or DEFAULT_SIZE), number=int(number or 0), token=token)


def _filters(query: Query) -> Iterator[Condition]:
    """Raises ValueError for a date that is none."""
    if _first(query, "To"):
        yield "recipient = ?", _first(query, "To")
    if _first(query, "From"):
        yield "sender = ?", _first(query, "From")
    for name in DATE_FILTERS:
        if _first(query, name):
            yield from _sent(name, _first(query, name))


def _sent(name: str, text: str) -> Iterator[Condition]:
    """All three include what they name: a day (GMT), or for `<` and `>` also a second of it.

    Midnight is a day too, because that is how the library writes a date.
    """
    begin = datetime.fromisoformat(text.replace("Z", "+00:00"))
    begin = begin.replace(tzinfo=begin.tzinfo or UTC)
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    is_day = begin == midnight or name == "DateSent"
    begin, end = (midnight, midnight + timedelta(days=1)) if is_day else (begin, begin + timedelta(seconds=1))
    if name != "DateSent<":
        yield "sent >= ?", begin.timestamp()
    if name != "DateSent>":
        yield "sent < ?", end.timestamp()


def _envelope(rows: list[Message], page: Page, *, has_more: bool, query: Query, account_sid: str) -> dict[str, Any]:
    path = f"/{API_VERSION}/Accounts/{account_sid}/Messages.json"
    kept = [(name, _first(query, name)) for name in ("To", "From", *DATE_FILTERS) if _first(query, name)]

    def uri(number: int, token: str = "") -> str:
        paging = [("PageSize", str(page.size)), ("Page", str(number))]
        return f"{path}?{urlencode([*kept, *paging, *([('PageToken', token)] if token else [])])}"

    start = page.number * page.size
    return {
        "messages": [each.as_api(account_sid) for each in rows],
        "page": page.number,
        "page_size": page.size,
        "start": start,
        "end": start + max(len(rows) - 1, 0),
        "uri": uri(page.number, page.token),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(page.number - 1, f"PB{rows[0].sid}") if page.number and rows else None,
        "next_page_uri": uri(page.number + 1, f"PA{rows[-1].sid}") if has_more and rows else None,
    }


def _first(query: Query, name: str) -> str:
    return query.get(name, [""])[0]
