"""Requests to addresses that a customer typed: only to public ones, only briefly, only for little."""

import ipaddress
import time
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

PAUSE_SECONDS, WHOLE_SECONDS = 5, 10
MOST_BYTES = 1_000_000


class Unreachable(requests.RequestException):
    """The address didn't answer as it should; or it isn't one that we call."""


class PublicConnection(HTTPSConnection):
    """Looks at whom it reached rather than at a name's answer, which may differ the next time it is asked."""

    def _new_conn(self) -> Any:
        reached = super()._new_conn()
        if not ipaddress.ip_address(reached.getpeername()[0]).is_global:
            reached.close()
            raise NewConnectionError(self, "not a public address")
        return reached


class PublicPool(HTTPSConnectionPool):
    ConnectionCls = PublicConnection


class PublicAdapter(HTTPAdapter):
    """https to the outside world. Nothing of our own network can be asked through it."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": PublicPool}


class CarefulSession(requests.Session):
    """A session for a customer's addresses: no redirects, no proxy from the environment, and an end to it."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        if not settings.DEMO:  # the demo's provider may be on this machine
            self.adapters.clear()
            self.mount("https://", PublicAdapter())

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        deadline = time.monotonic() + WHOLE_SECONDS
        response = super().request(
            *args, **{**kwargs, "timeout": PAUSE_SECONDS, "stream": True, "allow_redirects": False}
        )
        body = b""
        for piece in response.iter_content(65_536):
            body += piece
            if len(body) > MOST_BYTES or time.monotonic() > deadline:
                response.close()
                raise Unreachable("too much, or too slow")
        response._content = body
        return response
