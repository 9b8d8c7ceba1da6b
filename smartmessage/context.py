"""What every page shows: the company, the tray's count, where live events come from. Asked only where it is shown."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from inbox import tray


def page(request: HttpRequest) -> dict[str, Any]:
    context: dict[str, Any] = {"live_url": f"{settings.LIVE_URL}/live/events"}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.company_id:
        bell = SimpleLazyObject(partial(tray.bell, user))
        context["unread_notices"] = SimpleLazyObject(lambda: bell.count)
        context["notice_settings"] = SimpleLazyObject(lambda: bell.settings)
    return context
