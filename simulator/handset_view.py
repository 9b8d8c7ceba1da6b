"""What the page with the phones is given to show."""

import json
from typing import Any

from simulator.addresses import bare, is_whatsapp
from simulator.directory import Phone
from simulator.mail.store import Mailbox
from simulator.messages import Message, iso
from simulator.numbering import shortened, spaced
from simulator.rules import Rule
from simulator.whatsapp_parts import Parts
from simulator.world import World

TEXTS_SHOWN = 200  # on one phone, the newest
STRANGERS_SHOWN = 40  # phones that nobody named, the most recently used
LINES_SHOWN = 14
HUES = 8


def page_state(world: World, opened: list[str]) -> dict[str, Any]:
    """All phones, our senders and the wire; of the phones in `opened` also their conversations.

    Who has a mailbox and no phone is listed too, by the address.
    """
    known = {phone.number: phone for phone in world.directory.phones()}
    activity = _activity(world, list(known.values()))
    senders = world.directory.numbers()
    ours = {bare(each.number) for each in senders}
    strangers = sorted(set(activity) - set(known) - ours, key=lambda number: -activity[number][1])
    mails, new_mails = _mailboxes(world), world.mails.activity()
    without_phone = [Phone(each.address, each.name, each.address) for each in mails.values() if not each.phone]
    listed = [
        *known.values(),
        *without_phone,
        *(Phone(each, "", spaced(each)) for each in strangers[:STRANGERS_SHOWN]),
    ]
    return {
        "phones": [
            _phone(each, i, activity.get(each.number), _mail(mails.get(each.number), new_mails))
            for i, each in enumerate(listed)
        ],
        "mail_version": str(world.mails.version),
        "numbers": [
            {"number": each.number, "typed": spaced(each.number), "label": each.label, "channel": channel(each.number)}
            for each in senders
        ],
        "open": {number: _open(world, number) for number in opened},
        "wire": [_wire(line) for line in _latest_lines(world)],
        "clock_ahead_s": world.preferences.current.clock_ahead_s,
    }


def channel(address: str) -> str:
    return "whatsapp" if is_whatsapp(address) else "sms"


def _activity(world: World, known: list[Phone]) -> dict[str, tuple[int, float]]:
    """By phone, over all its addresses: how many messages are new to it, and when the last one came or went."""
    owners = {phone.user_id: phone.number for phone in known if phone.user_id}
    found: dict[str, tuple[int, float]] = {}
    for address, (new, at) in world.messages.activity().items():
        number = owners.get(bare(address), bare(address))
        former_new, former_at = found.get(number, (0, 0.0))
        found[number] = (former_new + new, max(former_at, at))
    return found


def _mailboxes(world: World) -> dict[str, Mailbox]:
    """By the number of the phone that shows it; without one by the address, if it has a name."""
    boxes = world.mails.mailboxes()
    return {each.phone or each.address: each for each in boxes if each.phone or each.name}


def _mail(mailbox: Mailbox | None, activity: dict[str, tuple[int, float]]) -> dict[str, Any] | None:
    if mailbox is None:
        return None
    unread, last = activity.get(mailbox.address, (0, None))
    return {"address": mailbox.address, "unread": unread, "last_at": iso(last)}


def tag(number: str) -> str:
    return f"handset {number}"


def fate_chosen(rule: Rule | None) -> dict[str, Any]:
    """What is chosen for the next text; a spent rule is back to delivering."""
    usual = {"fate": "deliver", "late": False, "twice": False, "wrong": False}
    return usual if rule is None or rule.is_spent else {**usual, **json.loads(rule.note)}


def _phone(phone: Phone, index: int, texts: tuple[int, float] | None, mail: dict[str, Any] | None) -> dict[str, Any]:
    """One phone's line in the list; its mail counts as its texts do."""
    words = phone.name.split()
    new_texts, last = texts or (0, None)
    last_at = max(filter(None, [iso(last), mail and mail["last_at"]]), default=None)
    return {
        "number": phone.number,
        "typed": phone.typed,
        "name": phone.name,
        "initials": "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper(),
        "hue": (index * 3 + 6) % HUES + 1,
        "unread": new_texts + (mail["unread"] if mail else 0),
        "new_texts": new_texts,
        "last_at": last_at,
        "has_texts": "@" not in phone.number,
        "mail": mail,
        "whatsapp": bool(phone.whatsapp),
        "read_receipts": bool(phone.read_receipts),
    }


def _open(world: World, number: str) -> dict[str, Any]:
    """One phone's conversations, each with one of our numbers, the most recent first."""
    threads: dict[str, list[Message]] = {}
    addresses = world.directory.addresses(number)
    for each in world.messages.of_phone(*addresses, limit=TEXTS_SHOWN):
        is_theirs = each.sender in addresses
        if is_theirs or each.arrived is not None:
            threads.setdefault(each.recipient if is_theirs else each.sender or "", []).append(each)
    newest_first = sorted(threads.items(), key=lambda thread: max(map(_on_phone, thread[1])), reverse=True)
    shown = [_thread(world, number, ours, texts) for ours, texts in newest_first]
    return {"threads": shown, "fate": fate_chosen(world.rules.tagged(tag(number)))}


def _thread(world: World, number: str, ours: str, texts: list[Message]) -> dict[str, Any]:
    known = world.directory.number(ours)
    ordered = sorted(texts, key=_on_phone)
    answered_at = max((_on_phone(each) for each in texts if each.direction != "inbound"), default=None)
    by_sid = {each.sid: each for each in texts}
    return {
        "sender": ours,
        "channel": channel(ours),
        "typed": spaced(ours),
        "label": known.label if known else "",
        "unread": sum(1 for each in texts if each.arrived is not None and not each.seen),
        "stopped": world.directory.has_opted_out(person=number, sender=ours),
        "blocked": world.blocks.is_blocked(person=number, sender=ours),
        "last_at": iso(ordered[-1].arrived or ordered[-1].created),
        "texts": [_text(each, by_sid, answered_at) for each in ordered],
    }


def _on_phone(message: Message) -> tuple[float, int]:
    """Where it stands on the phone: by the time it came to lie there, and of one instant by its number."""
    return message.arrived or message.created, message.id


def _text(message: Message, others: dict[str, Message], answered_at: tuple[float, int] | None) -> dict[str, Any]:
    """One message, with the one that it quotes; `answered_at` is where our last one stands."""
    is_mine = message.direction == "inbound"
    parts = Parts.of(message)
    quoted = others.get(parts.reply_to or "")
    state = _own_state(message, answered_at) if is_mine else ""
    return {
        "sid": message.sid,
        "mine": is_mine,
        "body": message.text,
        "at": iso(message.created if is_mine else message.arrived),
        "state": state,
        "note": _own_note(message, state) if is_mine else "",
        "quote": {"mine": quoted.direction == "inbound", "body": quoted.text} if quoted else None,
        "media": [{"kind": parts.kind, "type": each.content_type, "bytes": each.size} for each in parts.media],
        "location": parts.location,
    }


def _own_state(message: Message, answered_at: tuple[float, int] | None) -> str:
    """A WhatsApp message that was answered since was surely read; of an SMS nobody learns that."""
    if message.hook_status is None and message.hook_error is None:
        return "sending"
    if not 200 <= (message.hook_status or 0) < 300:
        return "failed"
    is_read = message.is_whatsapp and answered_at is not None and answered_at > _on_phone(message)
    return "read" if is_read else "delivered"


def _own_note(message: Message, state: str) -> str:
    """How the product took the person's own text."""
    if state != "failed":
        return state.capitalize()
    if message.hook_status is None:
        return "Not delivered: the product did not answer"
    return f"Not delivered: the product answered {message.hook_status}"


def _latest_lines(world: World) -> list[dict[str, Any]]:
    """Without the error log, which says again what the webhook's own line shows in red."""
    return world.journal.read(limit=LINES_SHOWN, newest=True, without="error")


def _wire(line: dict[str, Any]) -> dict[str, Any]:
    """One line of what went over the wire, with numbers cut to their end."""
    what = line["what"]
    if what == "mail":
        what = f"mail from {line['from']}"
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
