"""Asking a worker. The promise is a row in PostgreSQL; the wake-up through Redis is only a kindness."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ask(task: str, pk: int) -> None:
    """Once this transaction is committed, ask for a task by its name. If Redis is away the sweeper asks again."""
    transaction.on_commit(lambda: _ask(task, pk), robust=True)


def _ask(task: str, pk: int) -> None:
    try:
        current_app.send_task(task, args=[pk], retry=False)
    except OperationalError:
        logger.warning("%s of %s not asked for: Redis is away; the sweeper will ask", task, pk)
