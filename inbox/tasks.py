"""Doorways for Celery: an id comes in, an action is called."""

from celery import shared_task

from inbox import delivery, worker


@shared_task(name=worker.DELIVER, acks_late=True, ignore_result=True)
def deliver_message(message_id: int) -> None:
    delivery.deliver_message(message_id)
