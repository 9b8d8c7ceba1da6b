"""The tests' settings, with a clock that a story moves while the processes run.

Each process reads anew how many seconds it is ahead, from the file named by SECONDS_AHEAD_FILE. The product reads the
time by Django's `timezone.now`, and sign-in by `time.time`; settings are loaded before any model, whose defaults keep
the function that they find. What only measures how long something takes (pauses, deadlines, Redis' expiry) doesn't
move.
"""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from tests.any_hour.settings import *  # noqa: F403

_file = Path(os.environ["SECONDS_AHEAD_FILE"])
_time, _now = time.time, timezone.now


def _seconds_ahead() -> float:
    return float(_file.read_text())


def _moved_time() -> float:
    return _time() + _seconds_ahead()


def _moved_now() -> datetime:
    return _now() + timedelta(seconds=_seconds_ahead())


time.time = _moved_time
timezone.now = _moved_now
