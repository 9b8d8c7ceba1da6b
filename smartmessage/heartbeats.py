"""Signs of life of the processes that nobody calls, kept in Redis for some seconds."""

import logging
import os
import socket
import threading
from functools import cache

import redis
from celery.signals import worker_ready
from django.conf import settings

logger = logging.getLogger(__name__)

KINDS = ("worker", "sweeper", "live")
BEATS_EVERY_SECONDS = 3
SECONDS_UNTIL_GONE = 30  # longer than a call to a provider that hangs


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)


def key(kind: str) -> str:
    return f"smartmessage:alive:{kind}:{socket.gethostname()}:{os.getpid()}"


def beat(kind: str) -> None:
    """Say that a process of this kind is alive."""
    try:
        _redis().set(key(kind), 1, ex=SECONDS_UNTIL_GONE)
    except redis.RedisError:
        logger.warning("heartbeat lost: Redis is away")


def alive() -> dict[str, bool]:
    """Which kinds of process gave a sign of life lately. Raises redis.RedisError if Redis is away."""
    return {kind: any(_redis().scan_iter(f"smartmessage:alive:{kind}:*", count=1000)) for kind in KINDS}


@worker_ready.connect(weak=False)
def _worker_beats(**_kwargs: object) -> None:
    def beat_on() -> None:
        while True:
            beat("worker")
            pause.wait(BEATS_EVERY_SECONDS)

    pause = threading.Event()
    threading.Thread(target=beat_on, name="heartbeat", daemon=True).start()
