"""How a worker consumes: it outlives a Redis that goes away while it has work in its hands."""

from celery.worker.consumer import Consumer


class PatientConsumer(Consumer):
    """Gives nothing back through a connection that is lost; the sweeper asks again.

    Celery 5.7 closes that connection twice. The second time kombu wants to give back what was taken from it, finds no
    client, and the worker ends with an AttributeError.
    """

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        if self.task_consumer:
            self.task_consumer.channel.do_restore = False
        super().on_connection_error_after_connected(exc)
