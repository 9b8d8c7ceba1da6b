"""The control API's part for WhatsApp alone: blocks, templates, and looking at a conversation. See the README."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from simulator.addresses import is_whatsapp
from simulator.jsonapi import RefusedError, body_of, json_endpoint, needed
from simulator.messages import iso, new_sid
from simulator.templates import CATEGORIES, STATUSES, Template, places
from simulator.whatsapp_out import look_at
from simulator.world import World


async def blocks(world: World, request: Request) -> object:
    """Who has blocked which of our WhatsApp senders; POST blocks or unblocks."""
    if request.method == "POST":
        body = await body_of(request, "person", "sender", "blocked")
        set_block(world, needed(body, "person"), needed(body, "sender"), is_blocked=body.get("blocked", True))
    return {
        "blocks": [
            {"person": person, "sender": sender, "since": iso(since)} for person, sender, since in world.blocks.all()
        ]
    }


def set_block(world: World, person: str, sender: str, *, is_blocked: bool) -> None:
    if not is_whatsapp(sender):
        raise RefusedError("Only a WhatsApp sender can be blocked.")
    if is_blocked:
        world.blocks.block(person=person, sender=sender, now=world.preferences.now())
    else:
        world.blocks.unblock(person=person, sender=sender)
    world.live.changed()


async def seen(world: World, request: Request) -> object:
    """The person looks at the conversation with one of our senders."""
    body = await body_of(request, "person", "sender")
    was_new = look_at(world, person=needed(body, "person"), sender=needed(body, "sender"))
    if was_new:
        world.live.changed()
    return {"seen": was_new}


async def templates(world: World, request: Request) -> object:
    """All templates; POST makes one with exactly this sid, or gives a known one another state."""
    if request.method == "POST":
        body = await body_of(request, "sid", "language", "body", "category", "status", "rejection_reason", "name")
        return _shown(world, world.templates.put(_wanted(world, body)))
    return {"templates": [_shown(world, each) for each in world.templates.all()]}


def _wanted(world: World, body: dict[str, Any]) -> Template:
    now = world.preferences.now()
    if body.get("status", "approved") not in STATUSES:
        raise RefusedError(f"`status` is one of {STATUSES}.")
    if body.get("category", "UTILITY") not in CATEGORIES:
        raise RefusedError(f"`category` is one of {CATEGORIES}.")
    known = world.templates.get(body.get("sid") or "")
    changes = {name: value for name, value in body.items() if name != "sid"}
    if known:
        changes.setdefault("status", known.status_at(now))
        return replace(known, **changes, approved_at=None, updated=now)
    words = needed(body, "body")
    return replace(
        Template(
            sid=body.get("sid") or new_sid("HX"),
            name="template",
            language="en",
            body=words,
            examples="{}",
            category="UTILITY",
            status="approved",
            rejection_reason="",
            approved_at=None,
            created=now,
            updated=now,
        ),
        **changes,
    )


def _shown(world: World, template: Template) -> dict[str, Any]:
    return {
        "sid": template.sid,
        "name": template.name,
        "language": template.language,
        "body": template.body,
        "places": places(template.body),
        "category": template.category,
        "status": template.status_at(world.preferences.now()),
        "rejection_reason": template.rejection_reason,
    }


ROUTES = [
    Route("/control/blocks", json_endpoint(blocks), methods=["GET", "POST"]),
    Route("/control/seen", json_endpoint(seen), methods=["POST"]),
    Route("/control/templates", json_endpoint(templates), methods=["GET", "POST"]),
]
