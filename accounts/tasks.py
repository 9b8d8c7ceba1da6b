"""Doorways for Celery: an id comes in, an action is called."""

from celery import shared_task

from accounts import mail


@shared_task(name=mail.SEND, acks_late=True, ignore_result=True)
def send_mail(mail_id: int) -> None:
    mail.send(mail_id)
