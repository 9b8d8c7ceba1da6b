"""The composition root: settings, URLs, processes, and the wiring of rooms that may not know each other."""

from smartmessage.celery import app as celery_app

__all__ = ["celery_app"]
