"""Doorways for Celery: an id comes in, an action is called."""

from celery import shared_task

from inbox import delivery, scheduling, worker
from inbox.invitations import runs


@shared_task(name=worker.DELIVER, acks_late=True, ignore_result=True)
def deliver_message(message_id: int) -> None:
    delivery.deliver_message(message_id)


@shared_task(name=worker.INVITE, acks_late=True, ignore_result=True)
def invite_many(run_id: int) -> None:
    runs.invite(run_id)


@shared_task(name=worker.SEND_SCHEDULED, acks_late=True, ignore_result=True)
def send_scheduled(conversation_id: int) -> None:
    scheduling.send_due(conversation_id)
