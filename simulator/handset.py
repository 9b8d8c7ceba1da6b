"""The page that plays the people's phones: what it shows, and what can be done on it."""

import html
import json
import re
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from simulator.directory import Phone
from simulator.inbound import Text, receive
from simulator.jsonapi import RefusedError, body_of, json_endpoint, needed
from simulator.messages import Message, iso
from simulator.numbering import shortened, spaced
from simulator.rules import Rule
from simulator.validation import E164
from simulator.world import World

PAGE = (Path(__file__).parent / "static" / "handset.html").read_text()
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
    "; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
TEXTS_SHOWN = 200  # on one phone, the newest
STRANGERS_SHOWN = 40  # phones that nobody named, the most recently used
LINES_SHOWN = 14
HUES = 8

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


async def page(request: Request) -> Response:
    world: World = request.app.state.world
    product = html.escape(world.environment.public_base_url, quote=True)
    return HTMLResponse(PAGE.replace("{product_url}", product), headers=SECURITY)


async def events(request: Request) -> Response:
    world: World = request.app.state.world
    return StreamingResponse(world.live.stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def state(world: World, request: Request) -> object:
    """All that the page shows; the phones whose texts it wants are named in the query."""
    known = {phone.number: phone for phone in world.directory.phones()}
    activity = world.messages.activity()
    ours = {each.number for each in world.directory.numbers()}
    strangers = sorted(set(activity) - set(known) - ours, key=lambda number: -activity[number][1])
    listed = [*known.values(), *(Phone(each, "", spaced(each)) for each in strangers[:STRANGERS_SHOWN])]
    return {
        "phones": [_phone(each, i, *activity.get(each.number, (0, None))) for i, each in enumerate(listed)],
        "numbers": [
            {"number": each.number, "typed": spaced(each.number), "label": each.label}
            for each in world.directory.numbers()
        ],
        "open": {number: _open(world, number) for number in request.query_params.getlist("phone")},
        "wire": [_wire(line) for line in _latest_lines(world)],
    }


async def send(world: World, request: Request) -> object:
    """The person texts. Answers when the product has, or when it hasn't in time."""
    body = await body_of(request, "phone", "to", "body")
    text = needed(body, "body")
    received = await receive(world, Text(sender=needed(body, "phone"), recipient=needed(body, "to"), body=text))
    return {"sid": received.sid}


async def seen(world: World, request: Request) -> object:
    """The person looks at a conversation."""
    body = await body_of(request, "phone", "sender")
    if world.messages.mark_seen(phone=needed(body, "phone"), sender=needed(body, "sender")):
        world.live.changed()
    return {}


async def choose_fate(world: World, request: Request) -> object:
    """What happens to the next text to this phone: a rule that is spent by one text."""
    body = await body_of(request, "phone", "fate", "late", "twice", "wrong")
    number = needed(body, "phone")
    former = world.rules.tagged(_tag(number))
    if former:
        world.rules.remove(former.id)
    spec = _rule_for(body)
    if spec:
        world.rules.add({"to": number, "times": 1, **spec}, tag=_tag(number), note=json.dumps(body))
    world.live.changed()
    return _fate(world.rules.tagged(_tag(number)))


async def add_phone(world: World, request: Request) -> object:
    body = await body_of(request, "name", "number")
    typed = needed(body, "number").strip()
    number = re.sub(r"[\s()\-.]", "", typed)
    if not E164.fullmatch(number):
        raise RefusedError("Write the international code first, then digits, for example +44 1632 960947.")
    world.directory.add_phone(Phone(number, str(body.get("name") or "").strip(), " ".join(typed.split())))
    world.live.changed()
    return {"number": number}


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


def _tag(number: str) -> str:
    return f"handset {number}"


def _fate(rule: Rule | None) -> dict[str, Any]:
    """What is chosen for the next text; a spent rule is back to delivering."""
    usual = {"fate": "deliver", "late": False, "twice": False, "wrong": False}
    return usual if rule is None or rule.is_spent else {**usual, **json.loads(rule.note)}


def _phone(phone: Phone, index: int, unread: int, last: float | None) -> dict[str, Any]:
    words = phone.name.split()
    return {
        "number": phone.number,
        "typed": phone.typed,
        "name": phone.name,
        "initials": "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper(),
        "hue": (index * 3 + 6) % HUES + 1,
        "unread": unread,
        "last_at": iso(last),
    }


def _open(world: World, number: str) -> dict[str, Any]:
    """One phone's conversations, each with one of our numbers, the most recent first."""
    threads: dict[str, list[Message]] = {}
    for each in world.messages.of_phone(number, limit=TEXTS_SHOWN):
        is_theirs = each.sender == number
        if is_theirs or each.arrived is not None:
            threads.setdefault(each.recipient if is_theirs else each.sender or "", []).append(each)
    newest_first = sorted(threads.items(), key=lambda thread: max(map(_on_phone, thread[1])), reverse=True)
    shown = [_thread(world, number, ours, texts) for ours, texts in newest_first]
    return {"threads": shown, "fate": _fate(world.rules.tagged(_tag(number)))}


def _thread(world: World, number: str, ours: str, texts: list[Message]) -> dict[str, Any]:
    known = world.directory.number(ours)
    ordered = sorted(texts, key=_on_phone)
    return {
        "sender": ours,
        "typed": spaced(ours),
        "label": known.label if known else "",
        "unread": sum(1 for each in texts if each.arrived is not None and not each.seen),
        "blocked": world.directory.has_opted_out(person=number, sender=ours),
        "last_at": iso(ordered[-1].arrived or ordered[-1].created),
        "texts": [_text(each, number) for each in ordered],
    }


def _on_phone(message: Message) -> tuple[float, int]:
    """Where it stands on the phone: by the time it came to lie there, and of one instant by its number."""
    return message.arrived or message.created, message.id


def _text(message: Message, number: str) -> dict[str, Any]:
    is_mine = message.sender == number
    return {
        "sid": message.sid,
        "mine": is_mine,
        "body": message.text,
        "at": iso(message.created if is_mine else message.arrived),
        "state": _own_state(message) if is_mine else "",
        "note": _own_note(message) if is_mine else "",
    }


def _own_state(message: Message) -> str:
    if message.hook_status is None and message.hook_error is None:
        return "sending"
    return "delivered" if 200 <= (message.hook_status or 0) < 300 else "failed"


def _own_note(message: Message) -> str:
    """How the product took the person's own text."""
    match _own_state(message):
        case "sending":
            return "Sending"
        case "delivered":
            return "Delivered"
    if message.hook_status is None:
        return "Not delivered: the product did not answer"
    return f"Not delivered: the product answered {message.hook_status}"


def _latest_lines(world: World) -> list[dict[str, Any]]:
    """Without the error log, which says again what the webhook's own line shows in red."""
    return world.journal.read(limit=LINES_SHOWN, newest=True, without="error")


def _wire(line: dict[str, Any]) -> dict[str, Any]:
    """One line of what went over the wire, with numbers cut to their end."""
    what = line["what"]
    if what == "reply":
        what = f"reply from {shortened(line['from'] or '')}"
    if line["fault"]:
        what += f", {line['fault']}"
    status = line["status"]
    is_lost = line["kind"] == "request" and line["fault"] in ("reset", "hold")
    return {
        "id": line["id"],
        "at": line["at"],
        "what": what,
        "status": "lost" if is_lost else (status or "none"),
        "bad": is_lost or status is None or status >= 400 or line["kind"] == "violation",
    }


ROUTES = [
    Route("/", page),
    Route("/events", events),
    Route("/handset/state", json_endpoint(state)),
    Route("/handset/text", json_endpoint(send), methods=["POST"]),
    Route("/handset/seen", json_endpoint(seen), methods=["POST"]),
    Route("/handset/fate", json_endpoint(choose_fate), methods=["POST"]),
    Route("/handset/phones", json_endpoint(add_phone), methods=["POST"]),
]
