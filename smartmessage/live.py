"""The live process: event streams, and nothing else.

A stream belongs to a signed-in user and carries ids and versions only. One Redis subscription serves all
streams; while it waits, the process holds no database connection.
"""

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartmessage.settings")
django.setup()

import redis.asyncio  # noqa: E402
from asgiref.sync import sync_to_async  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import close_old_connections, connection  # noqa: E402
from django.http.cookie import parse_cookie  # noqa: E402

from accounts import second_factor  # noqa: E402
from accounts.models import User  # noqa: E402
from inbox.live import REDIS_CHANNEL  # noqa: E402
from smartmessage import heartbeats  # noqa: E402

logger = logging.getLogger("smartmessage.live")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

SAYS_SOMETHING_EVERY_SECONDS = 15  # so that proxies keep the stream, and a dead client is noticed
CHECKS_SESSION_EVERY = 4  # of these pauses
MOST_WAITING_EVENTS = 200  # for one stream; a slower reader is told to look at everything
LOOK_AT_EVERYTHING = b"event: resync\ndata: {}\n\n"
LOOK_AT_YOUR_ACCOUNT = b"event: account\n"
ORIGIN = settings.PUBLIC_BASE_URL


class Streams:
    """The open streams of each user, fed by one Redis subscription."""

    def __init__(self) -> None:
        self.queues: dict[int, set[asyncio.Queue[bytes]]] = {}
        self.reader: asyncio.Task[None] | None = None

    def open(self, user_id: int) -> asyncio.Queue[bytes]:
        if self.reader is None or self.reader.done():
            self.reader = asyncio.create_task(self.read_for_ever())
        queue: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING_EVENTS)
        self.queues.setdefault(user_id, set()).add(queue)
        return queue

    def close(self, user_id: int, queue: "asyncio.Queue[bytes]") -> None:
        self.queues[user_id].discard(queue)
        if not self.queues[user_id]:
            del self.queues[user_id]

    def tell(self, user_id: int, event: bytes) -> None:
        for queue in self.queues.get(user_id, ()):
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                event = LOOK_AT_EVERYTHING
            queue.put_nowait(event)

    async def read_for_ever(self) -> None:
        """Read the one subscription; after each loss of Redis every page is asked to look again."""
        while True:
            try:
                async for event in subscription():
                    self.pass_on(event)
            except (redis.RedisError, OSError):
                logger.warning("Redis is away; trying again")
                await asyncio.sleep(0.5)

    def pass_on(self, event: dict[str, Any] | None) -> None:
        if event is None:  # subscribed anew: what was missed, nobody knows
            for user_id in list(self.queues):
                self.tell(user_id, LOOK_AT_EVERYTHING)
            return
        if event["users"]:
            data = json.dumps({"id": event["conversation"], "version": event["version"]})
            for user_id in event["users"]:
                self.tell(user_id, f"event: conversation\ndata: {data}\n\n".encode())
        data = json.dumps({"within": event.get("within", 0)})
        for user_id in event.get("changed", ()):
            self.tell(user_id, LOOK_AT_YOUR_ACCOUNT + f"data: {data}\n\n".encode())
        data = json.dumps({"id": event["conversation"]})
        for user_id in event["noticed"]:
            self.tell(user_id, f"event: tray\ndata: {data}\n\n".encode())
        for user_id in event.get("present", ()):
            self.tell(user_id, f"event: presence\ndata: {data}\n\n".encode())


async def subscription() -> AsyncIterator[dict[str, Any] | None]:
    """Live signals as they come; None each time the subscription begins."""
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL, health_check_interval=10)
    try:
        async with client.pubsub() as pubsub:
            await pubsub.subscribe(REDIS_CHANNEL)
            async for message in pubsub.listen():
                yield None if message["type"] == "subscribe" else json.loads(message["data"])
    finally:
        await client.aclose()


streams = Streams()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["path"] == "/live/healthz":
        await answer(send, 200, b"ok")
    elif scope["path"] == "/live/events" and scope["method"] == "GET":
        await serve_events(scope, receive, send)
    else:
        await answer(send, 404, b"")


async def lifespan(receive: Receive, send: Send) -> None:
    beating = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            beating = asyncio.create_task(beat_for_ever())
            await send({"type": "lifespan.startup.complete"})
        else:
            if beating:
                beating.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def beat_for_ever() -> None:
    while True:
        await asyncio.to_thread(heartbeats.beat, "live")
        await asyncio.sleep(heartbeats.BEATS_EVERY_SECONDS)


async def serve_events(scope: Scope, receive: Receive, send: Send) -> None:
    """One user's stream, until she leaves, signs out or is deactivated."""
    cookie = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    session_key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
    user_id = await user_of(session_key)
    if user_id is None:
        await answer(send, 401, b"")
        return
    queue = streams.open(user_id)
    gone = asyncio.ensure_future(until_gone(receive))
    try:
        await start_stream(send)
        pauses = 0
        while not gone.done():
            event = await next_event(queue, gone)
            if event is None:
                pauses += 1
                if pauses % CHECKS_SESSION_EVERY == 0 and await user_of(session_key) != user_id:
                    break
                event = b": still here\n\n"
            elif event.startswith(LOOK_AT_YOUR_ACCOUNT) and await user_of(session_key) != user_id:
                break  # signed out or deactivated: the page finds out when it asks
            await send({"type": "http.response.body", "body": event, "more_body": True})
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        streams.close(user_id, queue)


async def start_stream(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"access-control-allow-origin", ORIGIN.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin, Cookie"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"retry: 2000\n: hello\n\n", "more_body": True})


async def next_event(queue: "asyncio.Queue[bytes]", gone: "asyncio.Future[None]") -> bytes | None:
    """The next event, or None after a pause without one, or as soon as the client is gone."""
    getting: asyncio.Future[bytes] = asyncio.ensure_future(queue.get())
    waiting: set[asyncio.Future[Any]] = {getting, gone}
    done, _pending = await asyncio.wait(
        waiting, timeout=SAYS_SOMETHING_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED
    )
    if getting in done:
        return getting.result()
    getting.cancel()
    return None


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def answer(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain"),
        (b"access-control-allow-origin", ORIGIN.encode()),
        (b"access-control-allow-credentials", b"true"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@sync_to_async(thread_sensitive=True)
def user_of(session_key: str) -> int | None:
    """Whose session this is, if it still holds and the user is active. Leaves no database connection behind."""
    close_old_connections()
    try:
        session = SessionStore(session_key or None)
        user_id = session.get(SESSION_KEY) if session_key else None
        user = User.objects.select_related("company").filter(pk=user_id, is_active=True).first() if user_id else None
        if user is None or session.get("_auth_user_hash") != user.get_session_auth_hash():
            return None
        if second_factor.is_owed(user):
            return None
        return user.pk
    finally:
        connection.close()
