"""Posts to the product what people mailed, and again for as long as it doesn't take it."""

import asyncio
import time
from contextlib import suppress
from dataclasses import replace

from simulator.environment import Environment
from simulator.exchange import NoAnswerError, NoConnectionError, exchange
from simulator.journal import Journal, Line
from simulator.live import Live
from simulator.mail.mailgun import form
from simulator.mail.reading import parse
from simulator.mail.store import Mail, MailStore
from simulator.preferences import PreferenceStore
from simulator.webhooks import Answer

REFUSED = 406  # the one answer but success after which Mailgun doesn't ask again
CONNECT_S, READ_S = 5.0, 15.0
POSTS_AT_ONCE = 16


class Postman:
    """Every mail that is due is a row, so that none is lost by a crash; one under way then is posted twice."""

    def __init__(
        self,
        *,
        environment: Environment,
        preferences: PreferenceStore,
        mails: MailStore,
        journal: Journal,
        live: Live,
    ) -> None:
        self._environment = environment
        self._preferences = preferences
        self._mails = mails
        self._journal = journal
        self._live = live
        self._bell = asyncio.Event()
        self._in_hand: set[int] = set()  # the numbers of the mails that are being posted
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(POSTS_AT_ONCE)

    def wake(self) -> None:
        """Something is due earlier than it was."""
        self._bell.set()

    async def run(self) -> None:
        """For ever: post what is due."""
        while True:
            self._bell.clear()
            now = self._preferences.now()
            for mail in self._mails.due(now=now):
                if mail.id not in self._in_hand:
                    self._in_hand.add(mail.id)
                    task = asyncio.create_task(self._post_due(mail))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
            ahead = [each for each in [self._mails.next_due()] if each is not None and each > now]
            try:
                await asyncio.wait_for(self._bell.wait(), min((each - now for each in ahead), default=None))
            except TimeoutError:
                continue

    async def close(self) -> None:
        """Stop posting. What was under way stays due, and is posted again after the next start."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def post(self, mail: Mail, *, times: int = 1, is_parallel: bool = False) -> list[Answer]:
        """Post it now, so many times, and note the last answer; what isn't taken is posted again later.

        Raises LookupError for a mail that is gone.
        """
        self._in_hand.add(mail.id)
        try:
            raw = self._mails.raw(mail.id)
            if is_parallel:
                answers = list(await asyncio.gather(*(self._attempt(mail, raw) for _ in range(times))))
            else:
                answers = [await self._attempt(mail, raw) for _ in range(times)]
            self._note(mail, answers[-1])
            return answers
        finally:
            self._in_hand.discard(mail.id)
            self.wake()

    async def _post_due(self, mail: Mail) -> None:
        async with self._slots:
            with suppress(LookupError):  # a reset was quicker
                await self.post(mail)

    async def _attempt(self, mail: Mail, raw: bytes) -> Answer:
        url = self._preferences.current.mail_inbound_url or self._environment.mail_inbound_url
        if not self._environment.may_call(url):
            return self._log(mail, url, len(raw), Answer(None, error="not called: outside of this machine"))
        content_type, body = form(mail.posting, parse(raw), raw, secret=self._environment.mail_secret)
        headers = {"Content-Type": content_type, "User-Agent": "Go-http-client/2.0"}
        started = time.perf_counter()
        try:
            response = await exchange("POST", url, body=body, headers=headers, connect_s=CONNECT_S, read_s=READ_S)
            answer = Answer(response.status, response.content_type, response.body)
        except NoConnectionError as problem:
            answer = Answer(None, error=str(problem))
        except NoAnswerError as problem:
            answer = Answer(None, error=str(problem) or "no answer in time")
        answer = replace(answer, latency_ms=round((time.perf_counter() - started) * 1000, 1))
        return self._log(mail, url, len(raw), replace(answer, attempts=mail.attempts + 1))

    def _note(self, mail: Mail, answer: Answer) -> None:
        """A mail with a spoilt signature isn't Mailgun's, so nobody would send it again."""
        pauses = self._preferences.current.mail_retry_pauses_ms
        is_over = answer.is_good or answer.status == REFUSED or mail.posting.signature != "good"
        is_given_up = not is_over and mail.attempts >= len(pauses)
        due = None if is_over or is_given_up else self._preferences.now() + pauses[mail.attempts] / 1000
        self._mails.note(mail, status=answer.status, error=answer.error, due=due)
        if is_given_up:
            self._write(mail, Line("error", "mail given up", "", status=answer.status, body=answer.error))
        self._live.changed()

    def _log(self, mail: Mail, url: str, size: int, answer: Answer) -> Answer:
        envelope = mail.posting
        line = Line(
            kind="webhook",
            what="mail",
            url=url,
            params={**vars(envelope), "message_id": mail.message_id, "bytes": size},
            status=answer.status,
            latency_ms=answer.latency_ms,
            fault=None if envelope.signature == "good" else f"signature {envelope.signature}",
            content_type=answer.content_type,
            body=answer.body or answer.error,
        )
        self._write(mail, line)
        return answer

    def _write(self, mail: Mail, line: Line) -> None:
        line = replace(line, sid=mail.message_id, sender=mail.mailbox, recipient=mail.posting.recipient)
        self._journal.write(line, now=self._preferences.now())
