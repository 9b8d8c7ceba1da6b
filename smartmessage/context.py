"""What every page shows: the company, the tray's count, where live events come from."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from inbox import notices

MOST_COUNTED = 100  # more than 99 unread notices are shown as "99+"


def page(request: HttpRequest) -> dict[str, Any]:
    context: dict[str, Any] = {"live_url": f"{settings.LIVE_URL}/live/events"}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.company_id:
        context["unread_notices"] = notices.unread_count(user, most=MOST_COUNTED)
    return context
