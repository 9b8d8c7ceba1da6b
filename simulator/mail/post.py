"""Mail comes and goes: what lies in the product's outbox arrives, and what people write is put in the post."""

import asyncio
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import islice

from simulator.database import transaction
from simulator.journal import Line
from simulator.mail import automatic
from simulator.mail.mailgun import Authentication, signed, traces
from simulator.mail.reading import addresses_in, parse
from simulator.mail.store import Kind, Mail, Mailbox
from simulator.mail.writing import Letter, written
from simulator.world import World

LOOK_EVERY = 0.25  # seconds between two looks into the outbox
BATCH = 20  # mails that are taken in before others get their turn: some 60 ms


@dataclass(frozen=True)
class Sending:
    """How a mail is sent. `sender`: for the envelope; None: as the From says. `signature`: the webhook's.

    `authentication` is what the receiving server found out about it; None: it writes nothing on the mail.
    """

    kind: Kind = "sent"
    sender: str | None = None
    signature: str = "good"
    authentication: Authentication | None = "pass"


async def watch(world: World) -> None:
    """For ever: what the product sends arrives by itself."""
    while True:
        found = 0
        with suppress(OSError):  # the folder is the product's, which may make it anew
            found = collect(world, most=BATCH)
        await asyncio.sleep(0 if found == BATCH else LOOK_EVERY)


def collect(world: World, *, most: int | None = None) -> int:
    """All that lies in the outbox now, or the first of it. One mail that can't be read holds up no other: the journal
    has it. Returns how many there were."""
    taken = 0
    for taken, found in enumerate(islice(world.outbox.new(), most), start=1):  # noqa: B007
        try:
            with transaction(world.db):
                arrive(world, found.raw)
                world.outbox.take(found)
        except Exception as problem:
            world.outbox.take(found)
            line = Line("error", "mail not readable", f"{found.file}, byte {found.end}", body=repr(problem))
            world.journal.write(line, now=world.preferences.now())
    if taken:
        world.postman.wake()
        world.live.changed()
    return taken


def arrive(world: World, raw: bytes) -> None:
    """A mail comes to each of its recipients: into the mailbox, or back if there is none; one who is away says so."""
    message = parse(raw)
    now = world.preferences.now()
    for address in addresses_in(message, "To", "Cc", "Bcc"):
        mailbox = world.mails.mailbox(address)
        kind: Kind = "returned" if mailbox.bounces else "received"
        world.mails.add(message, raw, mailbox=address, kind=kind, now=now)
        if mailbox.bounces:
            _return(world, mailbox, message, raw)
        elif mailbox.out_of_office and automatic.may_be_answered(message):
            _tell_absence(world, mailbox, message)


def send(world: World, letter: Letter, how: Sending) -> Mail:
    """Put a person's mail into her mailbox as sent, and in the post. Raises ValueError for one that can't be."""
    return send_raw(world, written(letter, now=world.preferences.now()).as_bytes(), how)


def send_raw(world: World, raw: bytes, how: Sending, *, mailbox: str = "", recipient: str = "") -> Mail:
    """The same for a mail that is written already. `mailbox` is where it lies, `recipient` whom it is posted to;
    without them it is as the From and the To say."""
    message = parse(raw)
    owner = (mailbox or next(iter(addresses_in(message, "From")), "")).lower()
    to = recipient or next(iter(addresses_in(message, "To")), "")
    if not owner or not to:
        raise ValueError("A mail has an address in From and in To.")
    envelope = signed(to, sender=owner if how.sender is None else how.sender, mode=how.signature, now=time.time())
    now = world.preferences.now()
    if how.authentication is not None:
        raw = traces(envelope, message, authentication=how.authentication, now=now) + raw
    mail = world.mails.add(message, raw, mailbox=owner, kind=how.kind, now=now, envelope=envelope)
    world.postman.wake()
    world.live.changed()
    return mail


def _return(world: World, mailbox: Mailbox, message: EmailMessage, raw: bytes) -> None:
    to = automatic.return_address(message)
    if not to:
        return
    message_id = f"<{uuid.uuid4()}@mail.{mailbox.address.rpartition('@')[2]}>"
    report = automatic.bounce(mailbox, raw, to=to, message_id=message_id, now=world.preferences.now())
    send_raw(world, report, Sending("bounce", sender=""), mailbox=mailbox.address)


def _tell_absence(world: World, mailbox: Mailbox, message: EmailMessage) -> None:
    sender = next(iter(addresses_in(message, "From")), "")
    if world.mails.is_first_from(sender, to=mailbox.address):
        send(world, automatic.out_of_office(mailbox, message), Sending("out_of_office", sender=""))
