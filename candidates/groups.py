"""Jobs and communities as an admin manages them: their texts, their teams, open or closed (A5)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, changes
from accounts.models import AuditAction, User
from candidates.models import Community, Job

Group = Job | Community


@transaction.atomic
def save(group: Group, *, team: Iterable[User], by: User) -> None:
    """Store a new job or community, or what was changed about it, and who is on its team."""
    is_new = group.pk is None
    before = None if is_new else type(group).objects.select_for_update().get(pk=group.pk)
    group.save()
    if before is None:
        _tell_trail(group, _("%(title)s, new") % {"title": group.title}, by=by)
    elif any(getattr(before, name) != getattr(group, name) for name in _written(group)):
        _tell_trail(group, group.title, by=by)
    set_team(group, team, by=by)
    if before is not None and before.title != group.title:
        changes.tell(group.team.values_list("pk", flat=True))


@transaction.atomic
def set_team(group: Group, users: Iterable[User], *, by: User) -> None:
    """Have exactly these users of the company on the team; who comes or goes sees it at once (A2, A5).

    Somebody who is deactivated may stay on it, and is nobody's to add.
    """
    type(group).objects.select_for_update().get(pk=group.pk)  # two admins at once: one after the other
    wanted = {user.pk: user for user in users if user.company_id == group.company_id}
    present = {user.pk: user for user in group.team.all()}
    joined = [user for pk, user in wanted.items() if pk not in present and user.is_active]
    left = [user for pk, user in present.items() if pk not in wanted]
    group.team.add(*joined)
    group.team.remove(*left)
    audit.record_each(group.company, AuditAction.TEAM_JOINED, by=by, about=joined, words=group.title)
    audit.record_each(group.company, AuditAction.TEAM_LEFT, by=by, about=left, words=group.title)
    if joined or left:
        changes.tell(user.pk for user in (*joined, *left))


@transaction.atomic
def close(group: Group, *, by: User) -> None:
    """Take no more applications, or let nobody join any more; threads stay as they are (A1)."""
    _set_closed(group, is_closed=True, by=by)


@transaction.atomic
def reopen(group: Group, *, by: User) -> None:
    _set_closed(group, is_closed=False, by=by)


def _set_closed(group: Group, *, is_closed: bool, by: User) -> None:
    present = type(group).objects.select_for_update().get(pk=group.pk)
    if bool(present.closed_at) == is_closed:
        return
    group.closed_at = timezone.now() if is_closed else None
    group.save(update_fields=["closed_at"])
    words = _("%(title)s, closed") if is_closed else _("%(title)s, open again")
    _tell_trail(group, words % {"title": group.title}, by=by)
    changes.tell(group.team.values_list("pk", flat=True))


def _written(group: Group) -> tuple[str, ...]:
    return ("title", "location", "description") if isinstance(group, Job) else ("name", "description")


def _tell_trail(group: Group, words: str, *, by: User) -> None:
    action = AuditAction.JOB_CHANGED if isinstance(group, Job) else AuditAction.COMMUNITY_CHANGED
    audit.record(group.company_id, action, by=by, words=words)
