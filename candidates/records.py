"""A record, as its pages ask for it."""

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from candidates import contact
from candidates.models import Application, Candidate, Prospect, Record

KINDS: dict[str, type[Application] | type[Prospect]] = {"application": Application, "prospect": Prospect}


def visible_record(user: User, kind: str, pk: int) -> Record:
    """The record, if the user is on its team; else the same 404 as for one that doesn't exist (A4)."""
    record: Record | None = KINDS[kind].objects.visible_to(user).with_person().filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def first_visible_of(user: User, candidate: Candidate) -> Record | None:
    """A record of this person whose team the user is on, the oldest if there are several; None if there is none."""
    for kind in KINDS.values():
        if record := kind.objects.visible_to(user).with_person().filter(candidate=candidate).order_by("pk").first():
            found: Record = record
            return found
    return None


@transaction.atomic
def set_withdrawn(record: Record, *, is_withdrawn: bool) -> None:
    """Note that the person took the application back or left the community, or undo that. The thread stays (A1)."""
    if note_withdrawn(record, is_withdrawn=is_withdrawn):
        contact.tell(record.candidate)


def note_withdrawn(record: Record, *, is_withdrawn: bool) -> bool:
    """The same, where the caller tells of it. False: it is so already."""
    if is_withdrawn == bool(record.withdrawn_at):
        return False
    record.withdrawn_at = timezone.now() if is_withdrawn else None
    record.save(update_fields=["withdrawn_at"])
    return True
