"""Calls the product the way Twilio does: a signed form, a time limit, the retries that the URL asks for."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from simulator.environment import Environment
from simulator.exchange import NoAnswerError, NoConnectionError, Response, exchange, redirection
from simulator.journal import Journal, Line
from simulator.messages import new_sid
from simulator.preferences import PreferenceStore
from simulator.signing import Params, Signature, signature_headers

MOST_REDIRECTS = 5
RETRY_REASONS = frozenset({"4xx", "5xx", "ct", "rt", "all"})
Failure = Literal["", "ct", "rt", "4xx", "5xx"]


@dataclass(frozen=True)
class Overrides:
    """Twilio's connection overrides, which stand in the URL's fragment and are neither sent nor signed.

    Times in milliseconds; `total` is for all attempts together. By default one more attempt is made, and
    only if there was no connection.
    """

    retries: int = 1
    reasons: frozenset[str] = frozenset({"ct"})
    connect: int = 5000
    read: int = 15000
    total: int = 15000


@dataclass(frozen=True)
class Hook:
    """One webhook to send; `raw` are exact bytes to send in place of the encoded form."""

    what: str
    url: str
    params: Params
    signature: Signature = "good"
    raw: bytes | None = None
    token: str = ""
    sid: str | None = None
    sender: str | None = None
    recipient: str | None = None
    fallback: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came back from the last attempt; without an HTTP answer `status` is None and `error` says why."""

    status: int | None
    content_type: str = ""
    body: str = ""
    latency_ms: float = 0.0
    error: str = ""
    failure: Failure = ""
    attempts: int = 1

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def read_overrides(fragment: str) -> tuple[Overrides, bool]:
    """The overrides, and whether they were valid: an invalid policy is ignored (error 11243)."""
    given = dict(parse_qsl(fragment))
    reasons = frozenset(given.get("rp", "ct").split(","))
    try:
        wanted = Overrides(
            retries=_within(given.get("rc", "1"), 0, 5),
            reasons=reasons,
            connect=_within(given.get("ct", "5000"), 100, 10_000),
            read=_within(given.get("rt", "15000"), 100, 15_000),
            total=_within(given.get("tt", "15000"), 100, 15_000),
        )
    except ValueError:
        return Overrides(), False
    return (wanted, True) if reasons <= RETRY_REASONS else (replace(wanted, reasons=frozenset({"ct"})), False)


class Caller:
    """Sends webhooks and writes each attempt into the journal."""

    def __init__(self, environment: Environment, preferences: PreferenceStore, journal: Journal) -> None:
        self._environment = environment
        self._preferences = preferences
        self._journal = journal

    async def call(self, hook: Hook) -> Answer:
        """Send it, with its retries and its fallback; a failure is logged like in Twilio's error log."""
        hook = replace(hook, token=hook.token or new_sid(""))
        url, _, fragment = hook.url.partition("#")
        if not self._environment.may_call(url):
            return self._log(hook, Answer(None, error="not called: outside of this machine", failure="ct"))
        overrides, is_valid = read_overrides(fragment)
        if not is_valid:
            self._write(hook, kind="error", error_code=11243)
        answer = await self._attempts(replace(hook, url=url), overrides)
        if answer.is_good:
            return answer
        self._log(hook, answer)
        if hook.fallback is None:
            return answer
        problem = [("ErrorCode", str(error_code(answer))), ("ErrorUrl", url)]
        return await self.call(
            replace(hook, url=hook.fallback, fallback=None, params=[*hook.params, *problem], raw=None)
        )

    async def _attempts(self, hook: Hook, overrides: Overrides) -> Answer:
        deadline = asyncio.get_running_loop().time() + overrides.total / 1000
        pause = self._preferences.current.retry_pause_ms / 1000
        attempt = 1
        while True:
            answer = replace(await self._attempt(hook, overrides, deadline), attempts=attempt)
            wanted = "all" in overrides.reasons or answer.failure in overrides.reasons
            too_late = asyncio.get_running_loop().time() + pause >= deadline
            if not answer.failure or not wanted or attempt > overrides.retries or too_late:
                return answer
            attempt += 1
            await asyncio.sleep(pause)

    async def _attempt(self, hook: Hook, overrides: Overrides, deadline: float) -> Answer:
        body = urlencode(hook.params).encode() if hook.raw is None else hook.raw
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": hook.token,
            **signature_headers(
                url=hook.url, params=hook.params, token=self._environment.auth_token, mode=hook.signature
            ),
        }
        started = time.perf_counter()
        try:
            async with asyncio.timeout_at(deadline):
                answer = _answer(await self._exchange(hook.url, body, headers, overrides))
        except NoConnectionError as problem:
            answer = Answer(None, error=str(problem), failure="ct")
        except (NoAnswerError, TimeoutError) as problem:
            answer = Answer(None, error=str(problem) or "no answer in time", failure="rt")
        answer = replace(answer, latency_ms=round((time.perf_counter() - started) * 1000, 1))
        self._write(hook, kind="webhook", answer=answer)
        return answer

    async def _exchange(self, url: str, body: bytes, headers: Mapping[str, str], overrides: Overrides) -> Response:
        """Twilio follows redirects, a 301 or 302 as GET without the form; we do on the product's own host."""
        connect_s, read_s = overrides.connect / 1000, overrides.read / 1000
        response = await exchange("POST", url, body=body, headers=headers, connect_s=connect_s, read_s=read_s)
        for _ in range(MOST_REDIRECTS):
            following = redirection(response, url)
            if following is None or not self._environment.may_call(following):
                break
            url = following
            response = await exchange("GET", url, body=b"", headers={}, connect_s=connect_s, read_s=read_s)
        return response

    def _log(self, hook: Hook, answer: Answer) -> Answer:
        self._write(hook, kind="error", answer=answer, error_code=error_code(answer))
        return answer

    def _write(
        self,
        hook: Hook,
        *,
        kind: Literal["webhook", "error"],
        answer: Answer | None = None,
        error_code: int | None = None,
    ) -> None:
        line = Line(
            kind=kind,
            what=hook.what,
            url=hook.url,
            params=dict(hook.params),
            sid=hook.sid,
            sender=hook.sender,
            recipient=hook.recipient,
            error_code=error_code,
            fault=None if hook.signature == "good" else f"signature {hook.signature}",
        )
        if answer is not None:
            line = replace(
                line,
                status=answer.status,
                latency_ms=answer.latency_ms,
                content_type=answer.content_type,
                body=answer.body or answer.error,
            )
        self._journal.write(line, now=self._preferences.now())


def error_code(answer: Answer) -> int:
    """The line in Twilio's error log: 11205 without a connection, else 11200."""
    return 11205 if answer.failure == "ct" else 11200


def _answer(response: Response) -> Answer:
    failures: dict[int, Failure] = {4: "4xx", 5: "5xx"}
    return Answer(
        status=response.status,
        content_type=response.content_type,
        body=response.body,
        failure=failures.get(response.status // 100, ""),
    )


def _within(text: str, lowest: int, highest: int) -> int:
    """Raises ValueError for what is not a number in that range."""
    number = int(text)
    if not lowest <= number <= highest:
        raise ValueError(f"{number} is not within {lowest} and {highest}")
    return number
