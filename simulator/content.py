"""Twilio's Content API: templates are made, filed with WhatsApp, and asked how they stand. JSON both ways."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.faults import Call, Done, refused, respond, write
from simulator.messages import new_sid
from simulator.refusals import Refusal
from simulator.rest import METHODS, authenticated, nothing_here
from simulator.templates import CATEGORIES, Template, fault_of_words
from simulator.world import World

DEFAULT_SIZE, LARGEST_SIZE = 50, 500
APPROVAL_NAME = re.compile(r"[a-z0-9_]{1,512}")
DECIDED = ("unsubmitted", "rejected")  # what can be filed, or filed again


async def contents(world: World, request: Request) -> Response:
    """POST makes a template; GET lists them, the oldest first."""
    if request.method == "POST":
        body = await _json(request)
        return await _answer(world, request, lambda: _create(world, request, body))
    return await _answer(world, request, lambda: _list(world, request))


async def content(world: World, request: Request) -> Response:
    return await _answer(world, request, lambda: _shown(world, request, _found(world, request)))


async def file_approval(world: World, request: Request) -> Response:
    """Ask WhatsApp to approve a template; it decides after `approval_after_ms`."""
    body = await _json(request)
    return await _answer(world, request, lambda: _file(world, request, body))


async def approval(world: World, request: Request) -> Response:
    return await _answer(world, request, lambda: _approval(world, request))


async def _answer(world: World, request: Request, process: Callable[[], Done]) -> Response:
    """Do it as the REST API does: with its limit of requests at once, and a line in the journal."""
    query = {name: [value] for name, value in request.query_params.items()}
    call = Call(request, query)

    def written() -> Done:
        is_test = world.preferences.current.test_account
        done = refused(Refusal(20008)) if is_test else process()
        write(world, call, status=done.status, sid=done.sid, code=(done.body or {}).get("code"))
        return done

    return await respond(world, call, written)


def _create(world: World, request: Request, body: dict[str, Any] | None) -> Done:
    words = _words(body) if body is not None else None
    examples = (body or {}).get("variables") or {}
    if body is None or words is None or not isinstance(body.get("language"), str) or not isinstance(examples, dict):
        return _wrong("A template needs a language and types with a twilio/text that has a body.")
    fault = fault_of_words(words)
    if fault:
        return _wrong(fault)
    now = world.preferences.now()
    made = world.templates.put(
        Template(
            sid=new_sid("HX"),
            name=str(body.get("friendly_name") or ""),
            language=body["language"],
            body=words,
            examples=json.dumps(examples),
            category="",
            status="unsubmitted",
            rejection_reason="",
            approved_at=None,
            created=now,
            updated=now,
        )
    )
    return Done(201, made.as_api(world.environment.account_sid, str(request.base_url)), made.sid)


def _list(world: World, request: Request) -> Done:
    query, base = request.query_params, f"{request.base_url}v1/Content"
    size, page = query.get("PageSize", str(DEFAULT_SIZE)), query.get("Page", "0")
    if not size.isdecimal() or not 1 <= int(size) <= LARGEST_SIZE or not page.isdecimal():
        return refused(Refusal(20007))
    every, start = world.templates.all(), int(page) * int(size)

    def url(number: int) -> str:
        return f"{base}?PageSize={size}&Page={number}"

    meta = {
        "key": "contents",
        "page": int(page),
        "page_size": int(size),
        "first_page_url": url(0),
        "previous_page_url": url(int(page) - 1) if int(page) else None,
        "url": url(int(page)),
        "next_page_url": url(int(page) + 1) if start + int(size) < len(every) else None,
    }
    account = world.environment.account_sid
    shown = [each.as_api(account, str(request.base_url)) for each in every[start : start + int(size)]]
    return Done(200, {"meta": meta, "contents": shown})


def _shown(world: World, request: Request, found: Template | None) -> Done:
    if found is None:
        return refused(Refusal(20404, request.url.path))
    return Done(200, found.as_api(world.environment.account_sid, str(request.base_url)), found.sid)


def _file(world: World, request: Request, body: dict[str, Any] | None) -> Done:
    found = _found(world, request)
    if found is None:
        return refused(Refusal(20404, request.url.path))
    name, category = str((body or {}).get("name") or ""), str((body or {}).get("category") or "")
    if not APPROVAL_NAME.fullmatch(name):
        return _wrong("The name has small letters, digits and underscores only.")
    if category not in CATEGORIES:
        return _wrong(f"The category is one of {', '.join(CATEGORIES)}.")
    now, pause = world.preferences.now(), world.preferences.current.approval_after_ms
    if found.status_at(now) not in DECIDED:
        return _wrong("The template is filed already.")
    filed = world.templates.put(
        replace(
            found,
            name=name,
            category=category,
            status="pending",
            rejection_reason="",
            approved_at=None if pause is None else now + pause / 1000,
            updated=now,
        )
    )
    return Done(201, filed.approval(now), filed.sid)


def _approval(world: World, request: Request) -> Done:
    found = _found(world, request)
    if found is None:
        return refused(Refusal(20404, request.url.path))
    verdict = {"type": "whatsapp", **found.approval(world.preferences.now())}
    answer = {
        "sid": found.sid,
        "account_sid": world.environment.account_sid,
        "whatsapp": verdict,
        "url": f"{request.base_url}v1/Content/{found.sid}/ApprovalRequests",
    }
    return Done(200, answer, found.sid)


def _found(world: World, request: Request) -> Template | None:
    return world.templates.get(request.path_params["sid"])


def _words(body: dict[str, Any]) -> str | None:
    """The body of the one kind of template that is simulated; None: there is none."""
    types = body.get("types")
    text = types.get("twilio/text") if isinstance(types, dict) else None
    words = text.get("body") if isinstance(text, dict) else None
    return words if isinstance(words, str) else None


def _wrong(reason: str) -> Done:
    return refused(Refusal(20001, reason))


async def _json(request: Request) -> dict[str, Any] | None:
    """The object that was posted; None for anything else."""
    try:
        found = json.loads(await request.body())
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


ROUTES = [
    Route("/v1/Content", authenticated(contents), methods=["GET", "POST"]),
    Route("/v1/Content/{sid}", authenticated(content)),
    Route("/v1/Content/{sid}/ApprovalRequests", authenticated(approval)),
    Route("/v1/Content/{sid}/ApprovalRequests/whatsapp", authenticated(file_approval), methods=["POST"]),
    Route("/v1/{rest:path}", authenticated(nothing_here), methods=METHODS),
]
