"""The page that plays the people's phones: what it shows, and what can be done on it."""

import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from simulator.addresses import PREFIX, is_whatsapp
from simulator.directory import Phone
from simulator.handset_view import fate_chosen, page_state, tag
from simulator.inbound import Text, receive
from simulator.jsonapi import RefusedError, body_of, json_endpoint, needed
from simulator.mail.store import Mailbox
from simulator.validation import E164
from simulator.whatsapp_control import set_block
from simulator.whatsapp_out import look_at
from simulator.whatsapp_parts import Parts
from simulator.world import World

PAGE = (Path(__file__).parent / "static" / "handset.html").read_text()
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
    "; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

FATES: dict[str, dict[str, Any]] = {
    "deliver": {},
    "30003": {"outcome": {"status": "undelivered", "code": 30003}},
    "30005": {"outcome": {"status": "undelivered", "code": 30005}},
    "30006": {"outcome": {"status": "undelivered", "code": 30006}},
    "30007": {"outcome": {"status": "undelivered", "code": 30007}},
    # taken and delivered, but the sender learns neither at once: only by asking
    "unknown": {"answer": {"type": "reset", "taken": True}, "callbacks": {"drop": True}},
}
LATE_MS = 30_000
ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")


async def page(request: Request) -> Response:
    world: World = request.app.state.world
    product = html.escape(world.environment.public_base_url, quote=True)
    return HTMLResponse(PAGE.replace("{product_url}", product), headers=SECURITY)


async def events(request: Request) -> Response:
    world: World = request.app.state.world
    return StreamingResponse(world.live.stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def state(world: World, request: Request) -> object:
    """All that the page shows; the phones whose texts it wants are named in the query."""
    return page_state(world, request.query_params.getlist("phone"))


async def send(world: World, request: Request) -> object:
    """The person texts. Answers when the product has, or when it hasn't in time."""
    body = await body_of(request, "phone", "to", "body", "reply_to", "media", "location")
    number, ours = needed(body, "phone"), needed(body, "to")
    parts = Parts.read(body)
    if world.blocks.is_blocked(person=number, sender=ours):
        raise RefusedError("This business is blocked. Unblock it to write.", 409)
    if not is_whatsapp(ours):
        received = await receive(world, Text(sender=number, recipient=ours, body=needed(body, "body")))
        return {"sid": received.sid}
    if not world.directory.phone_at(number).whatsapp:
        raise RefusedError("This phone is not on WhatsApp.", 409)
    words = str(body.get("body") or "") if parts.media or parts.location else needed(body, "body")
    received = await receive(world, Text(sender=PREFIX + number, recipient=ours, body=words, parts=parts))
    return {"sid": received.sid}


async def seen(world: World, request: Request) -> object:
    """The person looks at a conversation."""
    body = await body_of(request, "phone", "sender")
    if look_at(world, person=needed(body, "phone"), sender=needed(body, "sender")):
        world.live.changed()
    return {}


async def block(world: World, request: Request) -> object:
    """The person blocks a business on WhatsApp, or lifts it."""
    body = await body_of(request, "phone", "sender", "blocked")
    set_block(world, needed(body, "phone"), needed(body, "sender"), is_blocked=bool(body.get("blocked")))
    return {}


async def receipts(world: World, request: Request) -> object:
    """The person switches her read receipts on or off."""
    body = await body_of(request, "phone", "read_receipts")
    phone = world.directory.phone_at(needed(body, "phone"))
    world.directory.add_phone(replace(phone, read_receipts=int(bool(body.get("read_receipts")))))
    world.live.changed()
    return {}


async def choose_fate(world: World, request: Request) -> object:
    """What happens to the next text to this phone: a rule that is spent by one text."""
    body = await body_of(request, "phone", "fate", "late", "twice", "wrong")
    number = needed(body, "phone")
    former = world.rules.tagged(tag(number))
    if former:
        world.rules.remove(former.id)
    spec = _rule_for(body)
    if spec:
        addresses = world.directory.addresses(number)
        world.rules.add({"to": addresses, "times": 1, **spec}, tag=tag(number), note=json.dumps(body))
    world.live.changed()
    return fate_chosen(world.rules.tagged(tag(number)))


async def add_phone(world: World, request: Request) -> object:
    """A phone, a mailbox, or a phone with a mailbox; `number` is what the page knows it by."""
    body = await body_of(request, "name", "number", "email")
    name, email = (str(body.get(each) or "").strip() for each in ("name", "email"))
    if email and not ADDRESS.fullmatch(email):
        raise RefusedError("Write a mail address like kim@example.com.")
    typed = str(body.get("number") or "").strip() if email else needed(body, "number").strip()
    number = re.sub(r"[\s()\-.]", "", typed)
    if typed and not E164.fullmatch(number):
        raise RefusedError("Write the international code first, then digits, for example +44 1632 960947.")
    if typed:
        world.directory.add_phone(Phone(number, name, " ".join(typed.split())))
    if email:
        world.mails.put_mailbox(Mailbox(email.lower(), name or email, number or None))
    world.live.changed()
    return {"number": number or email.lower()}


def _rule_for(wishes: dict[str, Any]) -> dict[str, Any]:
    """The rule that does what is ticked; empty if everything is as usual. A late callback does come."""
    chosen = FATES.get(wishes.get("fate", "deliver"))
    if chosen is None:
        raise RefusedError("There is no such fate.")
    callbacks: dict[str, Any] = dict(chosen.get("callbacks", {}))
    if wishes.get("late"):
        callbacks = {"delay_ms": LATE_MS}
    if wishes.get("twice"):
        callbacks |= {"times": 2, "order": "reversed"}
    if wishes.get("wrong"):
        callbacks |= {"signature": "wrong"}
    return {**chosen, **({"callbacks": callbacks} if callbacks else {})}


ROUTES = [
    Route("/", page),
    Route("/events", events),
    Route("/handset/state", json_endpoint(state)),
    Route("/handset/text", json_endpoint(send), methods=["POST"]),
    Route("/handset/seen", json_endpoint(seen), methods=["POST"]),
    Route("/handset/block", json_endpoint(block), methods=["POST"]),
    Route("/handset/receipts", json_endpoint(receipts), methods=["POST"]),
    Route("/handset/fate", json_endpoint(choose_fate), methods=["POST"]),
    Route("/handset/phones", json_endpoint(add_phone), methods=["POST"]),
]
