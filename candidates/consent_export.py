"""The company's consent ledger as CSV: one row an event, for a lawyer or an auditor (O11, A5)."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates import phone_numbers
from candidates.models import ConsentEvent

AT_ONCE = 2000  # rows held in memory
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """What csv.writer writes to: the line comes back instead of being kept."""

    def write(self, line: str) -> str:
        return line


def lines(events: QuerySet[ConsentEvent]) -> Iterator[str]:
    """The file, line by line, in constant memory whatever its length."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(_head())  # the mark by which spreadsheets know UTF-8
    for event in events.select_related("consent", "text", "by_user").iterator(chunk_size=AT_ONCE):
        yield writer.writerow([safe(cell) for cell in _cells(event)])


def _head() -> list[str]:
    return [
        _("When (UTC)"),
        _("Address"),
        _("Channel"),
        _("What"),
        _("Source"),
        _("Words"),
        _("Text version"),
        _("Details"),
        _("By whom"),
        _("Standing now"),
    ]


def _cells(event: ConsentEvent) -> list[str]:
    consent = event.consent
    return [
        event.at.isoformat(timespec="seconds"),
        consent.address,
        consent.channel,
        str(event.get_kind_display()),
        str(event.get_source_display()),
        event.words,
        str(event.text) if event.text else "",
        json.dumps(event.details, ensure_ascii=False, sort_keys=True) if event.details else "",
        event.by_user.name if event.by_user else "",
        str(consent.get_standing_display()),
    ]


def safe(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula. A phone number is a plus and digits, and stays as it is."""
    text = str(cell)
    if text.startswith(BEGINS_A_FORMULA) and not phone_numbers.is_e164(text):
        return f"'{text}"
    return text
