"""Many people at once: who would get the invitation now, who would not and why. The channel judges, as for one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import User
from candidates.models import Record
from candidates.records import KINDS
from inbox import channels, holds
from inbox.models import Conversation
from inbox.outcomes import Refused

MOST = 500


@dataclass(frozen=True)
class Skipped:
    """Somebody who gets none, and why."""

    conversation: Conversation
    reason: str


@dataclass(frozen=True)
class Choice:
    """`going` are those who get it, by the words that each will read."""

    going: dict[str, list[Conversation]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(conversations) for conversations in self.going.values())


def key_of(record: Record) -> str:
    """What a check box says of a record: its kind and number."""
    return f"{record.kind}-{record.pk}"


def chosen_conversations(user: User, keys: Iterable[str]) -> list[Conversation]:
    """The conversations of those chosen records that the user may see, in the order chosen; made where missing.

    A record that she may not see isn't there, as everywhere (A4).
    """
    wanted = list(dict.fromkeys(keys))
    found: dict[str, Conversation] = {}
    for kind, model in KINDS.items():
        pks = [int(text) for text in _numbers(wanted, kind)]
        visible = model.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True)
        for conversation in _conversations(user, kind, list(visible)):
            found[key_of(conversation.record)] = conversation
    return [found[key] for key in wanted if key in found]


def judge(conversations: Sequence[Conversation], channel_key: str) -> Choice:
    """Who gets the invitation on this channel, and who doesn't. Of several records with one phone, the first."""
    channel = channels.get(channel_key)
    reaches = holds.reaches(channel_key, conversations)
    choice, invited = Choice(), dict[str, Conversation]()
    for conversation in conversations:
        outcome, address = channels.invitation_in(reaches[conversation.pk]), channel.address(conversation)
        if conversation.record.withdrawn_at or conversation.record.group.closed_at:
            choice.skipped.append(Skipped(conversation, _is_over(conversation)))
        elif isinstance(outcome, Refused):
            choice.skipped.append(Skipped(conversation, outcome.sentence))
        elif address in invited:
            choice.skipped.append(Skipped(conversation, _same_phone(invited[address])))
        else:
            choice.going.setdefault(outcome, []).append(conversation)
            invited[address] = conversation
    return choice


def _numbers(keys: Iterable[str], kind: str) -> Iterable[str]:
    for key in keys:
        found_kind, _dash, number = key.partition("-")
        if found_kind == kind and number.isascii() and number.isdigit() and len(number) < 18:
            yield number


def _conversations(user: User, kind: str, record_ids: Sequence[int]) -> Iterable[Conversation]:
    assert user.company_id is not None  # she sees records
    of_records = Conversation.objects.filter(**{f"{kind}__in": record_ids})
    there = set(of_records.values_list(f"{kind}_id", flat=True))
    records = KINDS[kind].objects.filter(pk__in=[pk for pk in record_ids if pk not in there])
    missing = [
        Conversation(company_id=user.company_id, team_key=record.team_key, **{kind: record}) for record in records
    ]
    Conversation.objects.bulk_create(missing, ignore_conflicts=True)
    return of_records.with_record()


def _is_over(conversation: Conversation) -> str:
    """Who withdrew, or whose job is closed, is not invited with many others; to invite one alone is a choice."""
    if conversation.record.withdrawn_at:
        return _("%(name)s has withdrawn.") % {"name": conversation.person.first_name}
    return _("%(title)s is closed.") % {"title": conversation.record.title}


def _same_phone(other: Conversation) -> str:
    words = _("Same phone as %(name)s, %(title)s. One invitation is enough: the answer counts for both.")
    return words % {"name": other.person.name, "title": other.record.title}
