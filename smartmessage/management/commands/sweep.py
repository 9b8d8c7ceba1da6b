"""The sweeper: one process that looks for what is due and calls the same actions as everybody else."""

import logging
import signal
import threading
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
from channels_sms.reconciling import fetch_missed_texts
from channels_whatsapp import templates
from channels_whatsapp.reconciling import fetch_missed_messages
from inbox import digests, pauses, scheduling, sweeps
from inbox.invitations import runs as invitations
from smartmessage import heartbeats
from twilio_gateway import webhooks

logger = logging.getLogger("smartmessage.sweep")

LOCK = 0x5377656570  # the advisory lock's number: one sweeper at a time
RECONCILE_EVERY = timedelta(hours=1)
EVERY_MINUTE = timedelta(minutes=1)


class Command(BaseCommand):
    help = "Looks for what was left behind, for as long as it runs. Only one at a time does the work."

    def handle(self, *args: object, **options: object) -> None:
        self.stop = threading.Event()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        self.is_the_one = threading.Event()
        self.reconciled_at: datetime | None = None
        self.minute_began_at: datetime | None = None
        prompt = threading.Thread(target=self._look_at_the_clock, name="due", daemon=True)
        prompt.start()
        while not self.stop.is_set():
            try:
                if self._holds_lock():
                    self.is_the_one.set()
                    self.sweep_once(timezone.now())
                    heartbeats.beat("sweeper")
                else:
                    self.is_the_one.clear()
            except DatabaseError:
                logger.warning("the database is away; trying again")
                connection.close()
            self.stop.wait(settings.SWEEP_EVERY.total_seconds())
            if not prompt.is_alive() and not self.stop.is_set():
                raise SystemExit(1)  # its own words are in the log; who supervises starts both anew

    def _look_at_the_clock(self) -> None:
        """What has its second is looked for apart from what may take a while, such as asking the provider.

        Two processes that do it at once, for a moment, after the database was away, do no harm.
        """
        while not self.stop.is_set():
            try:
                if self.is_the_one.is_set():
                    scheduling.ask_for_due(timezone.now())
                    sweeps.ask_for_waiting_texts(timezone.now())
            except DatabaseError:
                connection.close()
            except Exception:
                logger.exception("the search for what is due ended")
                return
            self.stop.wait(settings.SWEEP_EVERY.total_seconds())

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stop.set()

    def _holds_lock(self) -> bool:
        """Session-wide: taken again after a reconnect, held by nobody once this process is gone."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
                " AND (classid::bigint << 32 | objid::bigint) = %s",
                [LOCK],
            )
            if cursor.fetchone()[0]:
                return True
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
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
            mail_requests.let_go(now)
            fetch_missed_texts(now)
            fetch_missed_messages(now)
