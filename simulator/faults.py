"""Answers that go wrong on purpose: slow, lost, refused, or a gateway's HTML, with the text taken or not."""

import asyncio
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from simulator.journal import Line
from simulator.refusals import Refusal
from simulator.rules import Rule
from simulator.world import World

GATEWAY_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"
TAKEN_BY_DEFAULT = {"hold": True, "reset": True, "html": False}


@dataclass(frozen=True)
class Call:
    """One REST request after authentication, and the rule that applies to it, if any."""

    request: Request
    params: Mapping[str, list[str]]
    rule: Rule | None = None

    def param(self, name: str) -> str:
        return self.params.get(name, [""])[0]

    @property
    def fault(self) -> Mapping[str, Any]:
        return self.rule.part("answer") if self.rule else {}

    @property
    def fault_name(self) -> str | None:
        name: str | None = self.fault.get("type")
        return name


@dataclass(frozen=True)
class Done:
    """What the request has led to; `body` None is an empty answer."""

    status: int
    body: Mapping[str, Any] | None
    sid: str | None = None


def refused(refusal: Refusal) -> Done:
    return Done(refusal.http_status, refusal.as_json())


async def respond(world: World, call: Call, process: Callable[[], Done]) -> Response:
    """Do what was asked, unless a rule or the limit of concurrent requests has it otherwise."""
    limit = world.preferences.current.max_concurrent
    if limit is not None and world.in_flight > limit:
        return _busy(world, call, retry_after=None)
    fault = call.fault
    match call.fault_name:
        case "busy":
            return _busy(world, call, retry_after=fault.get("retry_after"))
        case "error":
            return _refuse(world, call)
        case "slow" if fault.get("when", "after") == "before":
            await asyncio.sleep(fault.get("ms", 1000) / 1000)
            return as_response(await _take(world, call, process))
    if not fault.get("taken", TAKEN_BY_DEFAULT.get(call.fault_name or "", True)):
        write(world, call, status=None)
        return await _spoil(world, call, None)
    return await _spoil(world, call, await _take(world, call, process))


def as_response(done: Done) -> Response:
    if done.body is None:
        return Response(status_code=done.status)
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if done.status == 401 else None
    return JSONResponse(done.body, status_code=done.status, headers=headers)


def write(world: World, call: Call, *, status: int | None, sid: str | None = None, code: int | None = None) -> None:
    """One journal line for the request; a withheld answer keeps the status it would have had."""
    url = call.request.url
    world.journal.write(
        Line(
            kind="request",
            what=f"{call.request.method} {url.path.rpartition('/')[2]}",
            url=f"{url.path}?{url.query}" if url.query else url.path,
            params={name: values[0] if len(values) == 1 else values for name, values in call.params.items()},
            status=status,
            sid=sid,
            sender=call.param("From") or None,
            recipient=call.param("To") or None,
            fault=call.fault_name,
            error_code=code,
        ),
        now=world.preferences.now(),
    )
    world.live.changed()


async def _take(world: World, call: Call, process: Callable[[], Done]) -> Done:
    """Process it; a rule may want its callbacks to be there before the answer is."""
    done = process()
    if call.rule and call.rule.part("callbacks").get("early") and done.sid:
        await world.delivery.flush(done.sid)
    return done


async def _spoil(world: World, call: Call, done: Done | None) -> Response:
    """Answer, or fail to. `done` None: nothing was taken, so there is nothing good to answer."""
    fault = call.fault
    match call.fault_name:
        case "html":
            status = fault.get("status", 502)
            return HTMLResponse(GATEWAY_PAGE.replace("{0}", f"{status} Bad Gateway"), status_code=status)
        case "hold" if call.rule:
            await _hold(world, call.request, call.rule, fault.get("seconds"))
        case "reset":
            return await _cut(call.request)
        case "slow":
            await asyncio.sleep(fault.get("ms", 1000) / 1000)
    return as_response(done) if done else await _cut(call.request)


async def _hold(world: World, request: Request, rule: Rule, seconds: float | None) -> None:
    """Keep the client waiting until it is released or gives up."""
    waits = [
        asyncio.ensure_future(world.holds.wait(rule.id, seconds)),
        asyncio.ensure_future(request.receive()),  # the body has been read, so this is the disconnection
    ]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()


async def _cut(request: Request) -> Response:
    """Reset the connection: the client learns nothing, as if the network had failed."""
    transport: asyncio.Transport = request.scope["state"]["transport"]
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    while not await request.is_disconnected():
        await asyncio.sleep(0.001)
    return Response(status_code=500)  # for the framework; nobody is there to read it


def _busy(world: World, call: Call, *, retry_after: int | None) -> Response:
    """Too many requests at once: never processed, always safe to repeat."""
    write(world, call, status=429, code=20429)
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse(Refusal(20429).as_json(), status_code=429, headers=headers)


def _refuse(world: World, call: Call) -> Response:
    refusal = Refusal(call.fault.get("code", 21211), call.param("To"))
    status = call.fault.get("status", refusal.http_status)
    write(world, call, status=status, code=refusal.code)
    return as_response(Done(status, {**refusal.as_json(), "status": status}))
