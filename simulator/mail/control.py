"""The control API's part for mail: what lies in a mailbox, its switches, and mailing to the product. See the README."""

import base64
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from simulator.jsonapi import RefusedError, answer_json, body_of, json_endpoint, needed
from simulator.mail.mailgun import AUTHENTICATIONS, MAIL_SIGNATURES
from simulator.mail.post import Sending, collect, send, send_raw
from simulator.mail.reading import MESSAGE_ID, addresses_in, header, headers, html_of, ids_in, parse, text_of
from simulator.mail.store import Mail, Mailbox
from simulator.mail.writing import Attachment, Letter, file_of
from simulator.messages import iso
from simulator.world import World


async def mailboxes(world: World, request: Request) -> object:
    collect(world)
    return {"mailboxes": [_about(world, each) for each in world.mails.mailboxes()]}


async def mailbox(world: World, request: Request) -> object:
    """Everything in one mailbox; POST sets its switches and its name."""
    collect(world)
    found = world.mails.mailbox(request.path_params["address"])
    if request.method == "POST":
        body = await body_of(request, "name", "phone", "out_of_office", "bounces")
        named = replace(found, name=body.get("name", found.name), phone=body.get("phone", found.phone))
        world.mails.put_mailbox(named.switched(body))
        world.live.changed()
        found = world.mails.mailbox(found.address)
    mails = world.mails.of_mailbox(found.address)
    return {
        **_about(world, found),
        "received": [_mail(world, each) for each in mails if each.kind == "received"],
        "returned": [_mail(world, each) for each in mails if each.kind == "returned"],
        "sent": [_mail(world, each) for each in mails if each.is_own],
    }


async def mail(world: World, request: Request) -> object:
    """A person mails: stored, the product's webhook called now, its answers come back."""
    body = await body_of(
        request, "from", "to", "subject", "text", "html", "in_reply_to", "references", "message_id", "attachments",
        "headers", "sender", "raw_base64", "times", "parallel", "signature", "authentication",
    )  # fmt: skip
    how = Sending(
        kind="forged" if body.get("authentication") == "fail" else "sent",
        sender=body.get("sender"),
        signature=_one_of(body, "signature", MAIL_SIGNATURES, "good"),
        authentication=_one_of(body, "authentication", AUTHENTICATIONS, None if "raw_base64" in body else "pass"),
    )
    if "raw_base64" in body:
        raw = base64.b64decode(body["raw_base64"])
        owner = next(iter(addresses_in(parse(f"From: {needed(body, 'from')}\n\n".encode()), "From")), "")
        sent = send_raw(world, raw, how, mailbox=owner, recipient=needed(body, "to"))
    else:
        sent = send(world, _letter(body), how)
    times, is_parallel = int(body.get("times", 1)), bool(body.get("parallel", False))
    answers = await world.postman.post(sent, times=times, is_parallel=is_parallel)
    return {"message_id": sent.message_id, "answers": [answer_json(each) for each in answers]}


def _letter(body: dict[str, Any]) -> Letter:
    references = body.get("references") or []
    return Letter(
        sender=needed(body, "from"),
        recipient=needed(body, "to"),
        subject=str(body.get("subject", "")),
        text=body.get("text"),
        html=body.get("html"),
        in_reply_to=body.get("in_reply_to") or "",
        references=tuple(MESSAGE_ID.findall(references) if isinstance(references, str) else references),
        message_id=body.get("message_id") or "",
        headers=body.get("headers") or {},
        attachments=tuple(_attachment(each) for each in body.get("attachments") or []),
    )


def _attachment(given: dict[str, Any]) -> Attachment:
    """Exact content, or so many bytes of junk."""
    name, kind = needed(given, "name"), str(given.get("content_type") or "")
    if "content_base64" in given:
        return Attachment(name, kind or "application/octet-stream", base64.b64decode(given["content_base64"]))
    return file_of(name, int(given.get("bytes", 1000)), kind)


def _one_of(body: dict[str, Any], name: str, choices: tuple[Any, ...], usual: Any) -> Any:
    value = body.get(name, usual)
    if value not in choices and value != usual:
        raise RefusedError(f"`{name}` is one of {choices}.")
    return value


def _about(world: World, found: Mailbox) -> dict[str, Any]:
    return {
        "address": found.address,
        "name": found.name,
        "phone": found.phone,
        "out_of_office": bool(found.out_of_office),
        "bounces": bool(found.bounces),
        "unread": world.mails.activity().get(found.address, (0, 0))[0],
    }


def _mail(world: World, mail: Mail) -> dict[str, Any]:
    """A mail as it is written; of an own one also how the product took it."""
    message = parse(world.mails.raw(mail.id))
    envelope = mail.posting if mail.is_own else None
    return {
        "id": mail.id,
        "kind": mail.kind,
        "at": iso(mail.at),
        "message_id": mail.message_id,
        "in_reply_to": next(iter(ids_in(message, "In-Reply-To")), ""),
        "references": ids_in(message, "References"),
        "thread": mail.thread,
        "from": mail.sender,
        "to": mail.recipient,
        "cc": header(message, "Cc"),
        "reply_to": header(message, "Reply-To"),
        "subject": mail.subject,
        "text": text_of(message),
        "html": html_of(message),
        "headers": headers(message),
        "attachments": [each.as_json() for each in mail.attachments],
        "seen": bool(mail.seen),
        "envelope": vars(envelope) if envelope else None,
        "webhook_status": mail.hook_status,
        "webhook_error": mail.hook_error,
        "attempts": mail.attempts,
        "next_attempt_at": iso(mail.due),
    }


ROUTES = [
    Route("/control/mailboxes", json_endpoint(mailboxes)),
    Route("/control/mailboxes/{address}", json_endpoint(mailbox), methods=["GET", "POST"]),
    Route("/control/mail", json_endpoint(mail), methods=["POST"]),
]
