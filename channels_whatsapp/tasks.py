"""Doorways for Celery: an id comes in, an action is called."""

from celery import shared_task

from channels_whatsapp import measuring


@shared_task(name=measuring.MEASURE, acks_late=True, ignore_result=True)
def measure_attachments(message_id: int) -> None:
    measuring.measure_attachments(message_id)
