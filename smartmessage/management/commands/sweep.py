"""The sweeper: one process that looks for what is due and calls the same actions as everybody else.

Beside its rounds, which may wait for a provider, a thread of its own gives the senders' turns several times a second.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

from django.conf import settings
from django.core.management import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts import mail
from candidates import sealing
from candidates.imports import runs as imports
from candidates.public import cvs
from channels_email import requests as mail_requests
from channels_sms import releasing
from channels_sms.reconciling import fetch_missed_texts
from channels_whatsapp import templates
from channels_whatsapp.reconciling import fetch_missed_messages
from inbox import digests, pacing, pauses, scheduling, sweeps
from inbox.invitations import runs as invitations
from inbox.notes import actions as notes
from smartmessage import heartbeats
from twilio_gateway import webhooks

logger = logging.getLogger("smartmessage.sweep")

LOCK = 0x5377656570  # the advisory lock's number: one sweeper at a time
CLOCK_LOCK = 0x5475726E73
RECONCILE_EVERY = timedelta(hours=1)
EVERY_MINUTE = timedelta(minutes=1)
LOOKS_EVERY_SECONDS = 0.2
LARGEST_SHARE = 0.5  # of the time that this may take, however much waits


class Command(BaseCommand):
    help = "Looks for what was left behind, for as long as it runs. Only one at a time does the work."

    def handle(self, *args: object, **options: object) -> None:
        self.stop = threading.Event()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        self.reconciled_at: datetime | None = None
        self.minute_began_at: datetime | None = None
        clock = threading.Thread(target=self._look_at_the_clock, name="clock")
        clock.start()
        while not self.stop.is_set():
            self._alone(LOCK, self._sweep)
            self.stop.wait(settings.SWEEP_EVERY.total_seconds())
        clock.join()

    def _sweep(self) -> None:
        self.sweep_once(timezone.now())
        heartbeats.beat("sweeper")

    def _look_at_the_clock(self) -> None:
        """What has its second is looked for apart from what may take a while, such as asking the provider.

        What can't go on ends the process, so that its supervisor begins anew.
        """
        turns = pacing.Turns()
        try:
            while not self.stop.is_set():
                began = time.monotonic()
                self._alone(CLOCK_LOCK, lambda: self._ask_for_due(turns))
                took = time.monotonic() - began
                self.stop.wait(max(LOOKS_EVERY_SECONDS, took / LARGEST_SHARE) - took)
        finally:
            self.stop.set()
            connection.close()

    def _ask_for_due(self, turns: pacing.Turns) -> None:
        now = timezone.now()
        turns.ask(now)
        scheduling.ask_for_due(now)
        sweeps.ask_for_waiting_texts(now)

    def _alone(self, lock: int, do: Callable[[], object]) -> None:
        """Do it if no other process does."""
        try:
            if self._holds(lock):
                do()
        except DatabaseError:
            logger.warning("the database is away; trying again")
            connection.close()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stop.set()

    def _holds(self, lock: int) -> bool:
        """Session-wide: taken again after a reconnect, held by nobody once this process is gone."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
                " AND (classid::bigint << 32 | objid::bigint) = %s",
                [lock],
            )
            if cursor.fetchone()[0]:
                return True
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
            return bool(cursor.fetchone()[0])

    def sweep_once(self, now: datetime) -> None:
        sweeps.expire_leases(now)
        pauses.sweep(now)
        webhooks.try_failed_again(now)
        mail_requests.try_failed_again(now)
        mail.ask_for_waiting_mail(now)
        cvs.sweep(now)
        imports.ask_for_waiting_imports(now)
        invitations.ask_for_waiting_runs(now)
        sweeps.trace_unknown_texts(now)
        templates.ask_for_states(now)
        if self.minute_began_at is None or now - self.minute_began_at > EVERY_MINUTE:
            self.minute_began_at = now
            digests.send_due(now)
            sweeps.fetch_silent_texts(now)
            sealing.seal_waiting(now)
        if self.reconciled_at is None or now - self.reconciled_at > RECONCILE_EVERY:
            self.reconciled_at = now
            imports.forget_unstarted(now)
            notes.forget_deleted(now)
            mail_requests.let_go(now)
            releasing.release_unused(now)
            fetch_missed_texts(now)
            fetch_missed_messages(now)
