"""Robots without tormenting people: a field that nobody sees, and a stamp that says when the form was opened.

Who falls for one of them is asked for one more click; nothing is dropped, and nobody reads letters from a picture.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.http import QueryDict

TRAP = "homepage"  # people don't see it, robots fill it in
TOO_FAST = timedelta(seconds=2)
STAMP_LASTS = timedelta(days=1)


@dataclass(frozen=True)
class Stamp:
    """When and for which form a page was opened. Sent twice, it is the same submission."""

    form: str
    submission: uuid.UUID
    is_too_fast: bool
    was_asked: bool


def stamp(form: str, *, submission: uuid.UUID | None = None, asks_for_a_click: bool = False) -> str:
    """For the form's hidden field. `asks_for_a_click`: this page has the one extra step on it."""
    content = {"form": form, "uuid": str(submission or uuid.uuid4()), "asked": asks_for_a_click}
    return signing.dumps(content, salt="public form", compress=False)


def read(text: str, form: str) -> Stamp | None:
    """The stamp, if it is ours, of this form, and not older than a day."""
    try:
        content = signing.loads(text, salt="public form", max_age=STAMP_LASTS)
    except signing.BadSignature:
        return None
    if content["form"] != form:
        return None
    return Stamp(form, uuid.UUID(content["uuid"]), is_too_fast=_is_young(text), was_asked=content["asked"])


def needs_a_click(posted: QueryDict, found: Stamp | None) -> bool:
    """Whether a robot may have sent this. Whoever made the extra click has answered."""
    if found is not None and found.was_asked:
        return False
    return found is None or found.is_too_fast or bool(posted.get(TRAP))


def _is_young(text: str) -> bool:
    try:
        signing.loads(text, salt="public form", max_age=TOO_FAST)
    except signing.SignatureExpired:
        return False
    return True
