"""How the control API and the handset page's own calls read and answer JSON."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.webhooks import Answer
from simulator.world import World

Endpoint = Callable[[World, Request], Awaitable[object]]


class RefusedError(Exception):
    """What was asked can't be done; the text says why."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


def json_endpoint(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Answer what the endpoint returns as JSON; its refusals and mistaken values with their reason.

    A page of another origin may not call: a browser would let it, since nobody signs in here.
    """

    async def serve(request: Request) -> Response:
        if is_of_another_site(request):
            return JSONResponse({"error": "Another site may not call this."}, status_code=403)
        try:
            return JSONResponse(await endpoint(request.app.state.world, request))
        except RefusedError as refusal:
            return JSONResponse({"error": str(refusal)}, status_code=refusal.status)
        except (ValueError, TypeError, KeyError) as problem:
            return JSONResponse({"error": f"{type(problem).__name__}: {problem}"}, status_code=400)

    return serve


def is_of_another_site(request: Request) -> bool:
    origin = request.headers.get("origin")
    return bool(origin) and urlsplit(origin).netloc != request.headers.get("host")


def answer_json(answer: Answer) -> dict[str, Any]:
    """A webhook's last attempt; `error` is empty if it was answered."""
    return {name: value for name, value in asdict(answer).items() if name != "failure"}


async def body_of(request: Request, *known: str) -> dict[str, Any]:
    """The JSON object that was posted; none is an empty one. An unknown key is refused, not overlooked."""
    raw = await request.body()
    body = json.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise RefusedError("The body must be a JSON object.")
    if known and set(body) - set(known):
        raise RefusedError(f"Unknown: {sorted(set(body) - set(known))}; known: {list(known)}.")
    return body


def needed(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise RefusedError(f"{name!r} is missing.")
    return value
