"""When a user was last here, give or take five minutes. Known for digests alone: of what came while she was away."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User

WRITTEN_EVERY = timedelta(minutes=5)


def note(user: User) -> None:
    """She looks at a page of ours now. Nothing that a page does by itself counts."""
    now = timezone.now()
    if user.last_seen_at is None or now - user.last_seen_at > WRITTEN_EVERY:
        User.objects.filter(pk=user.pk).update(last_seen_at=now)
