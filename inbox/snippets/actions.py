"""Saving and deleting snippets. What is deleted can be had back for a day."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from candidates.models import Community, Job
from inbox.snippets.models import Audience, Snippet

MAY_COME_BACK_FOR = timedelta(days=1)


def save(
    snippet: Snippet, *, by: User, title: str, body: str, audience: Audience, team: Job | Community | None = None
) -> None:
    """Store what the form says. Whoever makes a shared snippet personal keeps it as her own."""
    if audience == Audience.PERSONAL:
        snippet.author = by
    snippet.title, snippet.body, snippet.audience = title, body, audience
    snippet.job = team if isinstance(team, Job) else None
    snippet.community = team if isinstance(team, Community) else None
    snippet.changed_at = timezone.now()
    snippet.save()


@transaction.atomic
def delete(snippet: Snippet) -> None:
    """Out of every list at once; what was deleted more than a day ago goes for good."""
    now = timezone.now()
    Snippet.objects.filter(company_id=snippet.company_id, deleted_at__lt=now - MAY_COME_BACK_FOR).delete()
    Snippet.objects.filter(pk=snippet.pk, deleted_at=None).update(deleted_at=now)


def restore(snippet: Snippet) -> None:
    Snippet.objects.filter(pk=snippet.pk).update(deleted_at=None)
