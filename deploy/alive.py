"""A container's health check: `python deploy/alive.py web`, `live`, `worker` or `sweeper`. Exit code 0: alive.

Web and live answer a request. Worker and sweeper have no port: they leave a sign of life in Redis every few seconds.
"""

import os
import socket
import sys
import urllib.request

import redis

PAGES = {"web": "http://127.0.0.1:8000/livez", "live": "http://127.0.0.1:8001/live/healthz"}


def answers(url: str) -> bool:
    """Asked under the product's own name, since Django serves no other."""
    request = urllib.request.Request(url, headers={"Host": os.environ["ALLOWED_HOSTS"].split(",")[0]})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return bool(answer.status == 200)


def left_a_sign(kind: str) -> bool:
    """The key is that of smartmessage/heartbeats.py, for this container."""
    with redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5) as client:
        return any(client.scan_iter(f"smartmessage:alive:{kind}:{socket.gethostname()}:*", count=1000))


if __name__ == "__main__":
    kind = sys.argv[1]
    sys.exit(not (answers(PAGES[kind]) if kind in PAGES else left_a_sign(kind)))
