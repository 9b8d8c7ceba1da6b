"""What becomes of a message that we send to WhatsApp: refused later, read, or silently held back by a block."""

import json
from typing import Any

from simulator.messages import Message
from simulator.templates import Template, fault_of_use
from simulator.validation import Order
from simulator.world import World


def text_of(template: Template, order: Order) -> str:
    """What lies on the phone: the template's words with its values."""
    return template.filled(json.loads(order.content_variables or "{}"))


def whatsapp_outcome(world: World, stored: Message, order: Order) -> dict[str, Any]:
    """An outcome as a rule's, or an empty one for what is delivered. Twilio looks first, then WhatsApp.

    A template that failed a check never leaves Twilio; what WhatsApp itself refuses is `undelivered`. One without
    approval (unsubmitted, received, pending) is no more than free text.
    """
    now = world.preferences.now()
    sender = stored.sender or world.directory.pool(stored.service_sid or "", to=stored.recipient)[0]
    template = world.templates.get(order.content_sid) if order.content_sid else None
    if template:
        values = json.loads(order.content_variables or "{}")
        code = fault_of_use(template, values, recipient=stored.recipient, now=now)
        if code:
            return {"status": "undelivered" if code == 63049 else "failed", "code": code}
    is_free_text = template is None or template.status_at(now) != "approved"
    if is_free_text and not world.facts().window_is_open(person=stored.recipient, sender=sender):
        return {"status": "undelivered", "code": 63016}
    if not world.directory.phone_at(stored.recipient).whatsapp:
        return {"status": "undelivered", "code": 63003}
    return {"status": "sent"} if world.blocks.is_blocked(person=stored.recipient, sender=sender) else {}


def read_after_ms(world: World, stored: Message) -> float | None:
    """How long after its delivery it is read by itself; None: only when the person looks at it, or never."""
    tells = stored.is_whatsapp and world.directory.phone_at(stored.recipient).read_receipts
    return world.preferences.current.read_after_ms if tells else None


def look_at(world: World, *, person: str, sender: str) -> bool:
    """The person looks at a conversation: what was new in it is read, where her phone tells. False: nothing was new.

    A phone tells nothing with its read receipts off, or to a business that it has blocked.
    """
    phone = world.directory.phone_at(person)
    new = world.messages.mark_seen(phones=world.directory.addresses(person), sender=sender)
    if phone.read_receipts and not world.blocks.is_blocked(person=person, sender=sender):
        for each in new:
            if each.is_whatsapp and each.status == "delivered":
                world.delivery.read(each)
    return bool(new)
