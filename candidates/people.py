"""Lists of people: each row is a record that the user may see, with where texting stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from candidates.consent_rules import Standing
from candidates.models import Application, Candidate, Community, Consent, Job, Prospect, Record, Submission

PAGE = 50
MOST_GROUPS = 10  # in a search
DIGITS_TO_FIND_A_NUMBER = 3

SAID = {  # where SMS stands, in a list's few words
    Standing.NOTHING: gettext_lazy("No consent"),
    Standing.FIRST_CONSENT: gettext_lazy("Not invited"),
    Standing.INVITED: gettext_lazy("Invited"),
    Standing.OPTED_IN: gettext_lazy("Opted in"),
    Standing.OPTED_OUT: gettext_lazy("Opted out"),
}


@dataclass(frozen=True)
class Row:
    """A record in a list. `sms` is where SMS stands, empty where the company doesn't text by SMS."""

    record: Record
    sms: str
    last_message_at: Any

    @property
    def key(self) -> str:
        """What a check box of this row says: kind and number."""
        return f"{self.record.kind}-{self.record.pk}"


def page_of_records(
    user: User, *, number: int = 1, words: str = "", group: Job | Community | None = None
) -> tuple[list[Row], bool]:
    """A page of the records that the user may see, the most recent message first; and whether more follow.

    `words` are looked for in name, email and number; `group` keeps to one job or community.
    """
    kinds: Iterable[type[Record]] = (Application, Prospect)
    if group is not None:
        kinds = (Application,) if isinstance(group, Job) else (Prospect,)
    wanted = number * PAGE + 1
    found: list[Any] = []
    for kind in kinds:
        records = kind.objects.visible_to(user).with_person()
        if group is not None:
            records = records.filter(**{"job" if isinstance(group, Job) else "community": group})
        if words:
            records = records.filter(_matches(words))
        found += _by_recency(records)[:wanted]
    found.sort(key=lambda record: (record.recent_at, record.pk), reverse=True)
    shown = list(islice(found, (number - 1) * PAGE, number * PAGE))
    texts = bool(user.company and "sms" in user.company.texting_channels())
    return [_row(record, texts=texts) for record in shown], len(found) > number * PAGE


def groups_called(user: User, words: str) -> Sequence[Job | Community]:
    """Jobs and communities of the user's teams whose title has these words."""
    jobs = Job.objects.visible_to(user).filter(title__icontains=words).order_by("title")
    communities = Community.objects.visible_to(user).filter(name__icontains=words).order_by("name")
    return [*jobs[:MOST_GROUPS], *communities[:MOST_GROUPS]]


def _matches(words: str) -> Q:
    """Each word in name or email; or the digits of a number."""
    matches = Q()
    for word in words.split():
        matches &= Q(candidate__name__icontains=word) | Q(candidate__email__icontains=word)
    digits = "".join(character for character in words if character in "0123456789")
    if len(digits) >= DIGITS_TO_FIND_A_NUMBER and not any(character.isalpha() for character in words):
        matches |= Q(candidate__phone__contains=digits)
    return matches


def _by_recency(records: "QuerySet[Any]") -> "QuerySet[Any]":
    """The conversation belongs to a room above; it is known here by the name of its relation only."""
    consents = Consent.objects.filter(
        company=OuterRef("candidate__company"), channel="sms", address=OuterRef("candidate__phone")
    )
    annotated: QuerySet[Any] = records.annotate(
        last_message_at=F("conversation__last_message_at"),
        recent_at=Coalesce("conversation__last_message_at", "since"),
        standing=Subquery(consents.values("standing")[:1]),
    )
    return annotated.order_by("-recent_at", "-pk")


def _row(record: Any, *, texts: bool) -> Row:
    sms = _sms(record.candidate, record.standing) if texts else ""
    return Row(record, sms=sms, last_message_at=record.last_message_at)


def _sms(person: Candidate, standing: str | None) -> str:
    if not person.phone:
        return _("Fix number") if person.phone_typed else _("No number")
    return str(SAID[Standing(standing or Standing.NOTHING)])


def languages_of(candidate_ids: Iterable[int]) -> dict[int, list[str]]:
    """The languages in which these people filled in our forms, the latest first, in one query."""
    ids = list(candidate_ids)
    found: dict[int, list[str]] = {}
    filled = Submission.objects.filter(Q(application__candidate__in=ids) | Q(prospect__candidate__in=ids))
    person = Coalesce("application__candidate", "prospect__candidate")
    for candidate_id, language in filled.order_by("-pk").values_list(person, "language"):
        spoken = found.setdefault(candidate_id, [])
        if language and language not in spoken:
            spoken.append(language)
    return found
