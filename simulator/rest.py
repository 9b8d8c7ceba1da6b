"""Twilio's REST API for messages, as far as texting needs it."""

import base64
import binascii
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.database import transaction
from simulator.delivery import fate, with_callbacks
from simulator.faults import Call, Done, as_response, refused, respond, write
from simulator.messages import API_VERSION, Message, new_sid
from simulator.optouts import is_toll_free
from simulator.paging import message_page
from simulator.refusals import Refusal
from simulator.validation import Order, read_order, refusal
from simulator.whatsapp_out import read_after_ms, text_of, whatsapp_outcome
from simulator.whatsapp_parts import Parts
from simulator.world import World

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
Endpoint = Callable[[World, Request], Awaitable[Response]]


async def messages(world: World, request: Request) -> Response:
    """POST takes a text over; GET lists."""
    if request.method == "POST":
        return await _create(world, request)
    if request.method == "GET":
        return await _list(world, request)
    return _answer(world, Call(request, {}), refused(Refusal(20004)))


async def message(world: World, request: Request) -> Response:
    """GET fetches one, POST redacts or cancels it, DELETE takes it out of the list."""
    form = _parse(await request.body()) if request.method == "POST" else {}
    found = world.messages.get(request.path_params["sid"])
    to, sender = (found.recipient, found.sender or "") if found else ("", "")
    rule = None
    if request.method == "GET":
        rule = world.rules.pick("fetch", to=to, sender=sender, body="", dice=world.preferences.dice.random())
    call = Call(request, form, rule)
    return await respond(world, call, lambda: _one(world, call, found))


async def medium(world: World, request: Request) -> Response:
    """The bytes of what came with a person's WhatsApp message; HEAD tells type and length alone."""
    found = world.messages.get(request.path_params["sid"])
    media = Parts.of(found).media if found and not found.deleted else ()
    for each in media:
        if each.sid == request.path_params["medium"]:
            write(world, Call(request, {}), status=200, sid=request.path_params["sid"])
            return Response(each.content(), media_type=each.content_type)
    return _answer(world, Call(request, {}), refused(Refusal(20404, request.url.path)))


async def nothing_here(world: World, request: Request) -> Response:
    code = 20008 if world.preferences.current.test_account else 20404
    return _answer(world, Call(request, {}), refused(Refusal(code, request.url.path)))


def authenticated(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Let in who has the account's credentials, and count who is being served."""

    async def serve(request: Request) -> Response:
        world: World = request.app.state.world
        problem = _stranger(world, request)
        if problem:
            return _answer(world, Call(request, {}), refused(problem))
        world.in_flight += 1
        try:
            return await endpoint(world, request)
        finally:
            world.in_flight -= 1

    return serve


ROUTES = [
    Route(f"/{API_VERSION}/Accounts/{{account}}/Messages.json", authenticated(messages), methods=METHODS),
    Route(f"/{API_VERSION}/Accounts/{{account}}/Messages/{{sid}}.json", authenticated(message), methods=METHODS),
    Route(f"/{API_VERSION}/Accounts/{{account}}/Messages/{{sid}}/Media/{{medium}}", authenticated(medium)),
    Route(f"/{API_VERSION}/{{rest:path}}", authenticated(nothing_here), methods=METHODS),
]


def _stranger(world: World, request: Request) -> Refusal | None:
    """Wrong credentials first; then an account in the path that is not theirs."""
    environment = world.environment
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return Refusal(20003)
    wanted = f"{environment.account_sid}:{environment.auth_token}".encode()
    if scheme.lower() != "basic" or not secrets.compare_digest(given, wanted):
        return Refusal(20003)
    if request.path_params.get("account", environment.account_sid) != environment.account_sid:
        return Refusal(20404, request.url.path)
    return None


async def _create(world: World, request: Request) -> Response:
    form = _parse(await request.body())
    order = read_order(form)
    dice = world.preferences.dice.random()
    rule = world.rules.pick("create", to=order.to, sender=order.sender, body=order.body, dice=dice)
    call = Call(request, form, rule)
    return await respond(world, call, lambda: _take_over(world, call, order))


async def _list(world: World, request: Request) -> Response:
    query = _parse(request.url.query.encode())
    call = Call(request, query)
    dice = world.preferences.dice.random()
    rule = world.rules.pick("list", to=call.param("To"), sender=call.param("From"), body="", dice=dice)
    call = Call(request, query, rule)

    def process() -> Done:
        found = message_page(world.messages, query, account_sid=world.environment.account_sid)
        return _written(world, call, refused(found) if isinstance(found, Refusal) else Done(200, found))

    return await respond(world, call, process)


def _take_over(world: World, call: Call, order: Order) -> Done:
    """Refuse it, or store it with all that will become of it: committed before anybody is told."""
    problem = refusal(order, world.facts())
    if problem:
        return _written(world, call, refused(problem))
    if world.preferences.current.test_account:
        return _written(world, call, _pretended(world, order))
    now = world.preferences.now()
    template = world.templates.get(order.content_sid) if order.content_sid else None
    with transaction(world.db):
        stored = world.messages.add(
            direction="outbound-api",
            sender=order.sender or None,
            recipient=order.to,
            text=text_of(template, order) if template else order.body,
            status="queued" if order.sender else "accepted",
            now=now,
            num_media=len(order.media),
            service_sid=order.service or None,
            status_callback=order.callback,
            content_sid=order.content_sid or None,
        )
        _plan(world, call, stored, order)
        return _written(world, call, Done(201, stored.as_api(world.environment.account_sid), stored.sid))


def _plan(world: World, call: Call, stored: Message, order: Order) -> None:
    """Statuses and callbacks as the rule wants them; without a rule, as the queue and the person have it."""
    preferences = world.preferences.current
    outcome = call.rule.part("outcome") if call.rule else {}
    wait_ms = 0.0
    if preferences.parts_per_second and stored.sender:
        own = stored.num_segments / preferences.parts_per_second
        wait_ms = (world.delivery.queue_length(stored.sender) + own) * 1000
    if wait_ms > order.longest_wait * 1000:
        outcome = {"status": "failed", "code": 30036, "after_ms": [order.longest_wait * 1000] * 2}
    usual = whatsapp_outcome(world, stored, order) if stored.is_whatsapp else _blocked(world, stored)
    steps = fate(
        outcome or usual,
        sent_ms=max(wait_ms, preferences.sent_after_ms),
        done_ms=max(wait_ms, preferences.sent_after_ms)
        + max(0, preferences.delivered_after_ms - preferences.sent_after_ms),
        by_service=stored.sender is None,
        read_ms=read_after_ms(world, stored),
    )
    world.delivery.add(stored, with_callbacks(steps, call.rule.part("callbacks") if call.rule else {}))


def _blocked(world: World, stored: Message) -> dict[str, object]:
    """Where an opt-out shows only after the 201: behind a toll-free number, and behind a service."""
    sender = stored.sender or world.directory.pool(stored.service_sid or "", to=stored.recipient)[0]
    if not world.directory.has_opted_out(person=stored.recipient, sender=sender):
        return {}
    if is_toll_free(sender):
        return {"status": "undelivered", "code": 30004}
    return {"status": "failed", "code": 21610}


def _pretended(world: World, order: Order) -> Done:
    """A test account gets its 201, and nothing is stored, sent or called back."""
    now = world.preferences.now()
    unsent = Message(
        id=0, sid=new_sid("SM"), direction="outbound-api", sender=order.sender, recipient=order.to,
        text=order.body, body=order.body, status="queued", error_code=None, num_segments=1, num_media=0,
        service_sid=None, status_callback=None, created=now, sent=None, updated=now, arrived=None, seen=0,
        hook_status=None, hook_error=None, deleted=0,
    )  # fmt: skip
    return Done(201, unsent.as_api(world.environment.account_sid))


def _one(world: World, call: Call, found: Message | None) -> Done:
    if world.preferences.current.test_account:
        return _written(world, call, refused(Refusal(20008)))
    if found is None or found.deleted:
        return _written(world, call, refused(Refusal(20404, call.request.url.path)))
    match call.request.method:
        case "GET":
            return _written(world, call, _shown(world, found))
        case "POST":
            return _written(world, call, _changed(world, call, found))
        case "DELETE" if _is_under_way(found):
            return _written(world, call, refused(Refusal(20009)))
        case "DELETE":
            world.messages.delete(found.sid)
            return _written(world, call, Done(204, None, found.sid))
    return _written(world, call, refused(Refusal(20004)))


def _changed(world: World, call: Call, found: Message) -> Done:
    """An empty Body redacts. Nothing here is scheduled, so there is nothing that could be cancelled."""
    if "Status" in call.params:
        return refused(Refusal(30409))
    if call.params.get("Body") != [""]:
        return refused(Refusal(20001, "Body"))
    if _is_under_way(found):
        return refused(Refusal(20009))
    return _shown(world, world.messages.redact(found.sid, now=world.preferences.now()) or found)


def _is_under_way(found: Message) -> bool:
    return found.status in ("accepted", "queued", "sending")


def _shown(world: World, found: Message) -> Done:
    return Done(200, found.as_api(world.environment.account_sid, single=True), found.sid)


def _answer(world: World, call: Call, done: Done) -> Response:
    return as_response(_written(world, call, done))


def _written(world: World, call: Call, done: Done) -> Done:
    code = (done.body or {}).get("code") if done.status >= 400 else None
    write(world, call, status=done.status, sid=done.sid, code=code)
    return done


def _parse(raw: bytes) -> dict[str, list[str]]:
    return parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True)
