"""The Celery application. Redis carries work; what must not be lost is in PostgreSQL, and the sweeper asks again."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartmessage.settings")

app = Celery("smartmessage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
