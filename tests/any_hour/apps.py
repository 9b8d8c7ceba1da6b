"""Changes the world once Django knows its models, unless a story wants the hours to count."""

import os

from django.apps import AppConfig


class AnyHour(AppConfig):
    name = "tests.any_hour"

    def ready(self) -> None:
        from inbox import right_time
        from tests.any_hour import judging

        if not os.environ.get("HOURS_COUNT"):
            right_time.judged = judging.judged
