"""The product's settings, in a world where it is always a good time for a text."""

from smartmessage.settings import *  # noqa: F403
from smartmessage.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.any_hour"]
