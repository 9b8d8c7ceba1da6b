"""Open pages of many users at once: for what changes for a company or for all, and concerns no single conversation."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from inbox import live

LOOKED_IN_WITHIN = timedelta(days=1)  # nobody else has a page open


def look_again(users: "QuerySet[User]") -> None:
    """Have each open page of these users look at what it shows, once this transaction is committed; not all at once."""
    seen = users.filter(is_active=True, last_seen_at__gt=timezone.now() - LOOKED_IN_WITHIN)
    live.signal_users(seen.values_list("pk", flat=True))
