"""A record, as its pages ask for it."""

from django.http import Http404

from accounts.models import User
from candidates.models import Application, Prospect, Record

KINDS: dict[str, type[Application] | type[Prospect]] = {"application": Application, "prospect": Prospect}


def visible_record(user: User, kind: str, pk: int) -> Record:
    """The record, if the user is on its team; else the same 404 as for one that doesn't exist (A4)."""
    record: Record | None = KINDS[kind].objects.visible_to(user).with_person().filter(pk=pk).first()
    if record is None:
        raise Http404
    return record
