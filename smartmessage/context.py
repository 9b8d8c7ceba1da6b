"""What every page shows: the company, the tray's count, where live events come from."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from inbox.models import Notice


def page(request: HttpRequest) -> dict[str, Any]:
    context: dict[str, Any] = {"live_url": f"{settings.LIVE_URL}/live/events"}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.company_id:
        context["unread_notices"] = Notice.objects.visible_to(user).unread().count()
    return context
