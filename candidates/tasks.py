"""Doorways for Celery: an id comes in, an action is called."""

from celery import shared_task

from candidates.imports import runs


@shared_task(name=runs.RUN, acks_late=True, ignore_result=True)
def import_people(import_id: int) -> None:
    runs.run(import_id)
