"""The control API: how tests and the demo make the simulator do what a real network would. See the README."""

import asyncio
import base64
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from simulator.addresses import bare, is_user_id, is_whatsapp
from simulator.delivery import Step
from simulator.directory import Number, Phone
from simulator.inbound import Text, receive
from simulator.journal import KINDS
from simulator.jsonapi import RefusedError, answer_json, body_of, json_endpoint, needed
from simulator.mail.post import collect
from simulator.messages import Message, iso, new_sid
from simulator.numbering import spaced
from simulator.rules import Rule
from simulator.signing import SIGNATURES, Signature
from simulator.whatsapp_parts import KEYS as PARTS
from simulator.whatsapp_parts import Parts
from simulator.world import World

PHONE_OPTIONS = ("whatsapp", "read_receipts", "user_id", "number_withheld", "wa_id")


async def health(world: World, request: Request) -> object:
    return {"status": "ok", "account_sid": world.environment.account_sid, "now": iso(world.preferences.now())}


async def reset(world: World, request: Request) -> object:
    """Forget everything, or what concerns some phones."""
    body = await body_of(request, "scope")
    collect(world)  # what was sent before this belongs to what is forgotten
    scope = body.get("scope")
    if scope is None:
        world.reset(None)
        return {"reset": "all"}
    if not scope or set(scope) - {"numbers", "mailboxes"}:
        raise RefusedError("`scope` has `numbers`, `mailboxes` or both.")
    world.reset(scope.get("numbers", []), mailboxes=scope.get("mailboxes", []))
    return {"reset": [*scope.get("numbers", []), *scope.get("mailboxes", [])]}


async def inbound(world: World, request: Request) -> object:
    """The person texts: stored, keywords act, webhooks go out now, their answers come back."""
    body = await body_of(
        request,
        *PARTS,
        "from",
        "to",
        "body",
        "sid",
        "extra",
        "omit",
        "times",
        "parallel",
        "signature",
        "raw_body_base64",
    )
    raw = body.get("raw_body_base64")
    received = await receive(
        world,
        Text(
            sender=needed(body, "from"),
            recipient=needed(body, "to"),
            body=body.get("body"),
            sid=body.get("sid"),
            extra=body.get("extra", {}),
            omit=tuple(body.get("omit", ())),
            times=int(body.get("times", 1)),
            is_parallel=bool(body.get("parallel", False)),
            signature=_signature(body),
            raw=base64.b64decode(raw) if raw is not None else None,
            parts=Parts.read(body),
        ),
    )
    return {"sid": received.sid, "answers": [answer_json(each) for each in received.answers]}


async def callback(world: World, request: Request) -> object:
    """Send a status callback about a known message; with a delay it is only planned."""
    body = await body_of(
        request, "message_sid", "status", "error_code", "times", "delay_ms", "signature", "extra", "parallel"
    )
    message = _known(world, needed(body, "message_sid"))
    if not message.status_callback:
        raise RefusedError("This message has no StatusCallback.", 409)
    step = Step(
        after_ms=body.get("delay_ms", 0),
        status=needed(body, "status"),
        error_code=body.get("error_code"),
        moves=False,
        calls=True,
        signature=_signature(body),
        extra=body.get("extra"),
        token=new_sid(""),
    )
    times = range(int(body.get("times", 1)))
    if step.after_ms:
        world.delivery.add(message, [step for _ in times])
        return {"planned": len(times), "answers": []}
    if body.get("parallel"):
        answers = await asyncio.gather(*(world.delivery.call_now(message, step) for _ in times))
    else:
        answers = [await world.delivery.call_now(message, step) for _ in times]
    return {"planned": 0, "answers": [answer_json(each) for each in answers]}


async def rules(world: World, request: Request) -> object:
    match request.method:
        case "POST":
            return _rule(world, world.rules.add(await body_of(request)))
        case "DELETE":
            gone = world.rules.forget()
            released = sum(world.holds.release(rule_id) for rule_id in gone)
            return {"removed": len(gone), "released": released}
    return {"rules": [_rule(world, each) for each in world.rules.all()]}


async def remove_rule(world: World, request: Request) -> object:
    rule_id = int(request.path_params["rule_id"])
    world.rules.remove(rule_id)
    return {"released": world.holds.release(rule_id)}


async def release(world: World, request: Request) -> object:
    """Let the held answers of one rule go, or of all."""
    return {"released": world.holds.release((await body_of(request, "rule")).get("rule"))}


async def flush(world: World, request: Request) -> object:
    """Do now, in order, all that is still to happen to a message."""
    sid = needed(await body_of(request, "message_sid"), "message_sid")
    await world.delivery.flush(sid)
    return _known(world, sid).as_control()


async def clock(world: World, request: Request) -> object:
    """Move the clock forward: what falls due by then happens now."""
    seconds = float((await body_of(request, "advance_s")).get("advance_s", 0))
    world.preferences.change({"clock_ahead_s": world.preferences.current.clock_ahead_s + seconds})
    world.delivery.wake()
    world.postman.wake()
    world.live.changed()
    return {"now": iso(world.preferences.now())}


async def phone(world: World, request: Request) -> object:
    """Everything about one phone: what arrived, what the person sent, and all texts with their statuses."""
    number = request.path_params["number"]
    known = world.directory.whatsapp_addresses(number) if is_whatsapp(number) else [number]
    texts = world.messages.of_phone(*known, limit=-1)
    theirs = [each.as_control() for each in texts if each.sender in known]
    arrived = sorted((each for each in texts if each.arrived is not None), key=lambda each: each.arrived or 0)
    return {
        "number": number,
        "received": [each.as_control() for each in arrived],
        "sent": theirs,
        "messages": [each.as_control() for each in texts],
        "opted_out_of": [ours for person, ours, _ in world.directory.opt_outs() if person == number],
    }


async def phones(world: World, request: Request) -> object:
    if request.method == "POST":
        body = await body_of(request, "number", "name", "landline", *PHONE_OPTIONS)
        number = bare(needed(body, "number"))
        world.directory.add_phone(
            Phone(
                number,
                body.get("name") or spaced(number),
                spaced(number),
                int(body.get("landline", False)),
                int(body.get("whatsapp", True)),
                int(body.get("read_receipts", True)),
                _user_id(body),
                int(body.get("number_withheld", False)),
                body.get("wa_id"),
            )
        )
        world.live.changed()
    return {"phones": [asdict(each) for each in world.directory.phones()]}


async def messages(world: World, request: Request) -> object:
    """The messages, oldest first, by either address or by sid."""
    columns = {
        "to": "recipient",
        "from": "sender",
        "sid": "sid",
        "direction": "direction",
        "status": "status",
    }
    where = [(f"{columns[name]} = ?", value) for name, value in request.query_params.items() if name in columns]
    found = world.messages.select(where=where, limit=-1, newest=False)
    return {"messages": [each.as_control() for each in found]}


async def numbers(world: World, request: Request) -> object:
    """The account's sending numbers; POST adds or changes one, DELETE takes one away."""
    if request.method == "POST":
        body = await body_of(request, "number", "label", "service", "sms_url", "fallback_url")
        world.directory.add_number(Number(needed(body, "number"), body.get("label", ""), body.get("service"),
                                          body.get("sms_url"), body.get("fallback_url")))  # fmt: skip
    if request.method == "DELETE":
        world.directory.remove_number(needed(await body_of(request, "number"), "number"))
    return {"numbers": [asdict(each) for each in world.directory.numbers()]}


async def optouts(world: World, request: Request) -> object:
    """Twilio's own blocks; POST sets or lifts one without any text."""
    if request.method == "POST":
        body = await body_of(request, "person", "sender", "opted_out")
        person, sender = needed(body, "person"), needed(body, "sender")
        if body.get("opted_out", True):
            world.directory.opt_out(person=person, sender=sender, now=world.preferences.now())
        else:
            world.directory.opt_in(person=person, sender=sender)
    return {
        "optouts": [
            {"person": person, "sender": sender, "since": iso(since)}
            for person, sender, since in world.directory.opt_outs()
        ]
    }


async def settings(world: World, request: Request) -> object:
    if request.method == "POST":
        world.preferences.change(await body_of(request))
        world.delivery.wake()
        world.postman.wake()
    return asdict(world.preferences.current)


async def journal(world: World, request: Request) -> object:
    """Lines after `since` (an id); `next` is what to ask with the next time."""
    query = request.query_params
    if query.get("kind") not in (None, *KINDS):
        raise RefusedError(f"`kind` is one of {KINDS}.")
    lines = world.journal.read(
        since=int(query.get("since", 0)),
        kind=query.get("kind"),
        to=query.get("to"),
        sender=query.get("from"),
        sid=query.get("sid"),
        limit=int(query.get("limit", 10_000)),
    )
    return {"lines": lines, "next": lines[-1]["id"] if lines else int(query.get("since", 0))}


async def violations(world: World, request: Request) -> object:
    query = request.query_params
    found = world.journal.read(kind="violation", since=int(query.get("since", 0)), sender=query.get("from"))
    return {"violations": found}


def _user_id(body: dict[str, Any]) -> str | None:
    user_id: str | None = body.get("user_id")
    if body.get("number_withheld") and not user_id:
        raise RefusedError("Who withholds the number is known by a `user_id`.")
    if user_id is not None and not is_user_id(user_id):
        raise RefusedError("`user_id` is two capital letters, a dot, letters and digits.")
    return user_id


def _signature(body: dict[str, Any]) -> Signature:
    mode: Signature = body.get("signature", "good")
    if mode not in SIGNATURES:
        raise RefusedError(f"`signature` is one of {SIGNATURES}.")
    return mode


def _known(world: World, sid: str) -> Message:
    message = world.messages.get(sid)
    if message is None:
        raise RefusedError(f"There is no message {sid}.", 404)
    return message


def _rule(world: World, rule: Rule) -> dict[str, Any]:
    return {**rule.as_json(), "held": world.holds.count(rule.id)}


ROUTES = [
    Route("/control/health", json_endpoint(health)),
    Route("/control/reset", json_endpoint(reset), methods=["POST"]),
    Route("/control/inbound", json_endpoint(inbound), methods=["POST"]),
    Route("/control/callback", json_endpoint(callback), methods=["POST"]),
    Route("/control/rules", json_endpoint(rules), methods=["GET", "POST", "DELETE"]),
    Route("/control/rules/{rule_id:int}", json_endpoint(remove_rule), methods=["DELETE"]),
    Route("/control/release", json_endpoint(release), methods=["POST"]),
    Route("/control/flush", json_endpoint(flush), methods=["POST"]),
    Route("/control/clock", json_endpoint(clock), methods=["POST"]),
    Route("/control/phones", json_endpoint(phones), methods=["GET", "POST"]),
    Route("/control/phones/{number}", json_endpoint(phone)),
    Route("/control/messages", json_endpoint(messages)),
    Route("/control/numbers", json_endpoint(numbers), methods=["GET", "POST", "DELETE"]),
    Route("/control/optouts", json_endpoint(optouts), methods=["GET", "POST"]),
    Route("/control/settings", json_endpoint(settings), methods=["GET", "POST"]),
    Route("/control/journal", json_endpoint(journal)),
    Route("/control/violations", json_endpoint(violations)),
]
