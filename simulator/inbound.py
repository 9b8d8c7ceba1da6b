"""A person texts or writes by WhatsApp: it is stored, Twilio's keywords act, the product's webhook is called."""

import asyncio
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl

from simulator.addresses import is_whatsapp
from simulator.database import transaction
from simulator.journal import Line
from simulator.messages import API_VERSION, Message, new_sid
from simulator.numbering import country
from simulator.optouts import Keyword, keyword
from simulator.segments import segments
from simulator.signing import Params, Signature
from simulator.webhooks import Answer, Hook
from simulator.whatsapp_form import whatsapp_form
from simulator.whatsapp_parts import Parts
from simulator.world import World

WRONG_ANSWER = {"violation": "a plain text answer is a text to the person", "error": "answer not usable"}


@dataclass(frozen=True)
class Text:
    """What the person sends, and how its webhook is to be sent.

    `sid` of a message that exists sends its webhook again and stores nothing. `raw` replaces the form's
    bytes. `body` None leaves the parameter out, as a text with nothing but a picture may; on WhatsApp it is empty.
    `parts` are WhatsApp's alone.
    """

    sender: str
    recipient: str
    body: str | None
    sid: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    omit: tuple[str, ...] = ()
    times: int = 1
    is_parallel: bool = False
    signature: Signature = "good"
    raw: bytes | None = None
    parts: Parts = field(default_factory=Parts)

    @property
    def is_whatsapp(self) -> bool:
        return is_whatsapp(self.recipient)

    def __post_init__(self) -> None:
        """Raises ValueError for what no network could carry."""
        if is_whatsapp(self.sender) != is_whatsapp(self.recipient):
            raise ValueError("`from` and `to` are of one channel.")
        if self.parts != Parts() and not is_whatsapp(self.recipient):
            raise ValueError("Only a WhatsApp message has such parts.")


@dataclass(frozen=True)
class Received:
    sid: str
    answers: list[Answer]


async def receive(world: World, text: Text) -> Received:
    """Store the text, call the product, and note how it answered."""
    message, verdict = _store(world, text)
    hook = _hook(world, text, message, verdict)
    if text.is_parallel:
        answers = list(await asyncio.gather(*(world.caller.call(hook) for _ in range(text.times))))
    else:
        answers = [await world.caller.call(hook) for _ in range(text.times)]
    for answer in answers:
        _note(world, message, answer)
    world.live.changed()
    return Received(message.sid, answers)


def _store(world: World, text: Text) -> tuple[Message, Keyword | None]:
    known = world.messages.get(text.sid) if text.sid else None
    if known:
        return known, None
    now = world.preferences.now()
    with transaction(world.db):
        message = world.messages.add(
            direction="inbound",
            sender=world.directory.phone_at(text.sender).whatsapp_address if text.is_whatsapp else text.sender,
            recipient=text.recipient,
            text=text.parts.own_text if text.body is None else text.body,
            status="received",
            now=now,
            sid=text.sid,
            num_media=len(text.parts.media),
            parts=text.parts.as_json(),
        )
        verdict = None if text.is_whatsapp else _act_on_keyword(world, message)
    world.live.changed()
    return message, verdict


def _act_on_keyword(world: World, message: Message) -> Keyword | None:
    """Twilio blocks or lifts before it calls us, and its reply goes out without a callback."""
    person, ours = message.sender or "", message.recipient
    verdict = keyword(
        message.text,
        sender=ours,
        is_blocked=world.directory.has_opted_out(person=person, sender=ours),
        yes_is_answered=world.preferences.current.yes_is_answered,
    )
    if verdict is None:
        return None
    if verdict.blocks:
        world.directory.opt_out(person=person, sender=ours, now=message.created)
    if verdict.lifts:
        world.directory.opt_in(person=person, sender=ours)
    if verdict.reply:
        text_to_person(world, message, verdict.reply)
    return verdict


def text_to_person(world: World, message: Message, body: str) -> None:
    """An automatic answer to her text: on her phone at once, in the list as `outbound-reply`."""
    world.messages.add(
        direction="outbound-reply",
        sender=message.recipient,
        recipient=message.sender or "",
        text=body,
        status="delivered",
        now=world.preferences.now(),
        on_phone=True,
    )


def form(world: World, text: Text, message: Message, verdict: Keyword | None) -> Params:
    """The complete recorded parameter set, with what was to be added and without what was to be left out."""
    values = _whatsapp_form(world, text, message) if text.is_whatsapp else _sms_form(world, text, message)
    number = world.directory.number(text.recipient)
    if number and number.service:
        values["MessagingServiceSid"] = number.service
    if verdict and world.preferences.current.advanced_opt_out:
        values["OptOutType"] = verdict.kind
    values |= {**world.preferences.current.extra_params, **text.extra}
    return [(name, value) for name, value in values.items() if name not in text.omit]


def _whatsapp_form(world: World, text: Text, message: Message) -> dict[str, str]:
    answered = Parts.of(message).reply_to
    return whatsapp_form(
        message,
        world.directory.phone_at(text.sender),
        account_sid=world.environment.account_sid,
        own_url=world.environment.own_url,
        answered=world.messages.get(answered) if answered else None,
    )


def _sms_form(world: World, text: Text, message: Message) -> dict[str, str]:
    """The geography comes from the number plan and is mostly empty."""
    here, there = country(text.recipient), country(text.sender)
    values = {
        "ToCountry": here, "ToState": "", "SmsMessageSid": message.sid, "NumMedia": "0", "ToCity": "",
        "FromZip": "", "SmsSid": message.sid, "FromState": "", "SmsStatus": "received", "FromCity": "",
        "Body": message.text, "FromCountry": there, "To": text.recipient, "ToZip": "",
        "NumSegments": str(segments(message.text)), "MessageSid": message.sid,
        "AccountSid": world.environment.account_sid, "From": text.sender, "ApiVersion": API_VERSION,
    }  # fmt: skip
    if text.body is None:
        del values["Body"]
    return values


def _hook(world: World, text: Text, message: Message, verdict: Keyword | None) -> Hook:
    number = world.directory.number(text.recipient)
    params = form(world, text, message, verdict)
    if text.raw is not None:
        params = parse_qsl(text.raw.decode("utf-8", "replace"), keep_blank_values=True)
    return Hook(
        what="reply",
        url=(number and number.sms_url) or default_url(world, text.recipient),
        fallback=number.fallback_url if number else None,
        params=params,
        signature=text.signature,
        raw=text.raw,
        token=new_sid(""),
        sid=message.sid,
        sender=message.sender,
        recipient=text.recipient,
    )


def default_url(world: World, recipient: str) -> str:
    """Where a message goes to a sender that has no URL of its own."""
    settings, environment = world.preferences.current, world.environment
    if is_whatsapp(recipient):
        return settings.whatsapp_inbound_url or environment.whatsapp_inbound_url
    return settings.inbound_url or environment.inbound_url


def _note(world: World, message: Message, answer: Answer) -> None:
    """Keep the answer, and text to the person what it would make Twilio text to her.

    An answer in plain text is such a text, and never what the product meant: it is a violation.
    """
    world.messages.answered(message.sid, status=answer.status, error=answer.error)
    if not answer.is_good or not answer.body.strip():
        return
    if answer.content_type.startswith("text/plain"):
        _write(world, message, answer, kind="violation", code=None)
        text_to_person(world, message, answer.body)
    elif "xml" in answer.content_type:
        for body in _replies(world, message, answer):
            text_to_person(world, message, body)
    else:
        _write(world, message, answer, kind="error", code=12300)


def _replies(world: World, message: Message, answer: Answer) -> list[str]:
    """The texts that a TwiML answer asks for; not XML is error 12100."""
    try:
        root = ElementTree.fromstring(answer.body)  # noqa: S314 - the product's own answer
    except ElementTree.ParseError:
        _write(world, message, answer, kind="error", code=12100)
        return []
    return ["".join(each.itertext()).strip() for each in root.iter("Message")]


def _write(
    world: World, message: Message, answer: Answer, *, kind: Literal["violation", "error"], code: int | None
) -> None:
    world.journal.write(
        Line(
            kind=kind,
            what=WRONG_ANSWER[kind],
            url=default_url(world, message.recipient),
            status=answer.status,
            sid=message.sid,
            sender=message.sender,
            recipient=message.recipient,
            error_code=code,
            content_type=answer.content_type,
            body=answer.body,
        ),
        now=world.preferences.now(),
    )
