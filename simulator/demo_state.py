"""What has happened before the demo begins: WhatsApp's approved invitation, and a talk with Liam."""

import sqlite3

from simulator import demo
from simulator.addresses import PREFIX
from simulator.database import transaction
from simulator.messages import MessageStore
from simulator.templates import Template, TemplateStore


def seed_template(templates: TemplateStore, *, now: float) -> None:
    """The platform's invitation, approved; one that is there already stays as it is."""
    if templates.get(demo.INVITATION_SID):
        return
    templates.put(
        Template(
            sid=demo.INVITATION_SID,
            name="smartrecruiters_invitation_en",
            language="en",
            body=demo.INVITATION,
            examples='{"1": "Northwind Robotics", "2": "Field Robotics Engineer"}',
            category="UTILITY",
            status="approved",
            rejection_reason="",
            approved_at=now,
            created=now,
            updated=now,
        )
    )


def seed_talk(db: sqlite3.Connection, messages: MessageStore, *, now: float) -> None:
    """Liam has written 40 minutes ago, so his window is open here as it is in the product, which seeds the same.

    Both messages lie on the phone, but are gone from the API: who lists them there would take them for new ones.
    """
    platform = PREFIX + demo.e164(demo.WHATSAPP_SENDER[0])
    liam = PREFIX + demo.LIAM
    with transaction(db):
        for said in demo.SAID_TO_LIAM:
            messages.add(
                direction="inbound" if said.is_persons else "outbound-api",
                sender=liam if said.is_persons else platform,
                recipient=platform if said.is_persons else liam,
                text=said.body,
                status="received" if said.is_persons else "read",
                now=now - said.minutes_ago * 60,
                sid=said.sid,
                on_phone=not said.is_persons,
            )
            messages.delete(said.sid)
            if said.is_persons:
                messages.answered(said.sid, status=200, error="")
        messages.mark_seen(phones=[liam], sender=platform)
