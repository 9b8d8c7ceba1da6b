"""Asking a worker. The promise is the row in PostgreSQL; the wake-up through Redis is only a kindness."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

DELIVER = "inbox.deliver_message"


def ask_for_delivery(message_id: int) -> None:
    """Once this transaction is committed, ask for a hand-over. If Redis is away the sweeper asks again."""
    transaction.on_commit(lambda: _ask(message_id), robust=True)


def _ask(message_id: int) -> None:
    try:
        current_app.send_task(DELIVER, args=[message_id], retry=False)
    except OperationalError:
        logger.warning("delivery of message %s not asked for: Redis is away; the sweeper will ask", message_id)
