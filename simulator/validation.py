"""What POST Messages refuses at once, in the order of its looking. Pure: form and facts in, verdict out."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from simulator.addresses import bare, is_user_id, is_whatsapp
from simulator.environment import LOOPBACK_HOSTS
from simulator.optouts import is_toll_free
from simulator.refusals import Refusal
from simulator.segments import utf16_units

E164 = re.compile(r"\+[1-9]\d{6,14}")
SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
LONGEST_QUEUE = 36_000  # seconds that a sender's queue may hold; also how long a text waits unless told
LONGEST = 1600  # UTF-16 units; Twilio doesn't say which unit it counts, and this is the strictest

MAGIC_SENDERS = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MAGIC_SENDER = "+15005550006"
MAGIC_RECIPIENTS = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}


class Facts(Protocol):
    """What the account knows when it looks at a form."""

    @property
    def test_account(self) -> bool: ...
    @property
    def local_callbacks(self) -> bool: ...
    @property
    def closed_countries(self) -> Sequence[str]: ...
    @property
    def product_host(self) -> str: ...
    @property
    def refuses_at_once(self) -> bool: ...

    def owns(self, sender: str) -> bool: ...
    def pool(self, service: str, *, to: str) -> list[str]: ...
    def has_template(self, sid: str) -> bool: ...
    def is_approved(self, sid: str) -> bool: ...
    def window_is_open(self, *, person: str, sender: str) -> bool: ...
    def is_landline(self, number: str) -> bool: ...
    def has_opted_out(self, *, person: str, sender: str) -> bool: ...
    def queue_length(self, sender: str) -> float: ...


@dataclass(frozen=True)
class Order:
    """The parameters of POST Messages that we look at; all others are ignored, as Twilio ignores them."""

    to: str
    sender: str
    body: str
    service: str
    status_callback: str
    media: tuple[str, ...]
    content_sid: str
    content_variables: str
    validity: str

    @property
    def longest_wait(self) -> int:
        """Seconds that the text may wait in the sender's queue."""
        return int(self.validity) if self.validity.isdecimal() else LONGEST_QUEUE

    @property
    def callback(self) -> str | None:
        return self.status_callback or None


def read_order(form: Mapping[str, Sequence[str]]) -> Order:
    def one(name: str) -> str:
        return form.get(name, [""])[0]

    return Order(
        to=one("To").strip(),
        sender=one("From").strip(),
        body=one("Body"),
        service=one("MessagingServiceSid"),
        status_callback=one("StatusCallback"),
        media=tuple(form.get("MediaUrl", [])),
        content_sid=one("ContentSid"),
        content_variables=one("ContentVariables"),
        validity=one("ValidityPeriod"),
    )


def refusal(order: Order, facts: Facts) -> Refusal | None:
    """The first reason not to take this text over; None: it is taken."""
    checks: tuple[Callable[[Order, Facts], Refusal | None], ...] = (
        _parties, _content, _callback, _addresses, _magic, _sender, _destination, _consent, _window, _queue,
    )  # fmt: skip
    for check in checks:
        found = check(order, facts)
        if found:
            return found
    return None


def _parties(order: Order, facts: Facts) -> Refusal | None:
    if not order.to:
        return Refusal(21604)
    return None if order.sender or order.service else Refusal(21603)


def _content(order: Order, facts: Facts) -> Refusal | None:
    if not order.body.strip() and not order.media and not order.content_sid:
        return Refusal(21602)
    if utf16_units(order.body) > LONGEST:
        return Refusal(21617)
    if order.content_variables and not order.content_sid:
        return Refusal(21654)
    if not _is_json_object_of_texts(order.content_variables or "{}"):
        return Refusal(21656)
    is_known = not order.content_sid or facts.has_template(order.content_sid)
    return None if is_known else Refusal(21655, order.content_sid)


def _callback(order: Order, facts: Facts) -> Refusal | None:
    """A public host name without an underscore; this machine and the product's host count by switch."""
    if not order.status_callback:
        return None
    try:
        parts = urlsplit(order.status_callback)
        host = parts.hostname or ""
    except ValueError:
        return Refusal(21609, order.status_callback)
    is_local = host in LOOPBACK_HOSTS or host == facts.product_host
    is_allowed = facts.local_callbacks if is_local else HOST.fullmatch(host) is not None
    is_good = parts.scheme in ("http", "https") and is_allowed and "_" not in host
    return None if is_good else Refusal(21609, order.status_callback)


def _addresses(order: Order, facts: Facts) -> Refusal | None:
    """Both of one channel; on WhatsApp a user id may stand in the place of the recipient's number."""
    is_person = is_whatsapp(order.to) and is_user_id(order.to)
    if not is_person and not E164.fullmatch(bare(order.to)):
        return Refusal(21211, order.to)
    if order.sender and not SENDER.fullmatch(bare(order.sender)):
        return Refusal(21212, order.sender)
    if order.sender and is_whatsapp(order.to) != is_whatsapp(order.sender):
        return Refusal(21910)
    return None


def _magic(order: Order, facts: Facts) -> Refusal | None:
    """Twilio's test numbers: the recipients answer their error always, the senders on a test account."""
    if facts.test_account and order.sender != MAGIC_SENDER:
        return Refusal(MAGIC_SENDERS.get(order.sender, 21606), order.sender)
    code = MAGIC_RECIPIENTS.get(order.to)
    return Refusal(code, order.to) if code else None


def _sender(order: Order, facts: Facts) -> Refusal | None:
    if order.service and not SERVICE.fullmatch(order.service):
        return Refusal(21701, order.service)
    if not order.sender:
        return None if facts.pool(order.service, to=order.to) else Refusal(21703)
    if is_whatsapp(order.sender) and not facts.owns(order.sender):
        return Refusal(63007)
    if not facts.test_account and not facts.owns(order.sender):
        return Refusal(21606, order.sender)
    return Refusal(21211, order.to) if order.sender == order.to else None


def _destination(order: Order, facts: Facts) -> Refusal | None:
    if any(order.to.startswith(code) for code in facts.closed_countries):
        return Refusal(21408, order.to)
    return Refusal(21614, order.to) if facts.is_landline(order.to) else None


def _consent(order: Order, facts: Facts) -> Refusal | None:
    """A stopped pair is refused at once; a toll-free sender, or a service, tells it only later."""
    if not order.sender or is_toll_free(order.sender):
        return None
    return Refusal(21610) if facts.has_opted_out(person=order.to, sender=order.sender) else None


def _window(order: Order, facts: Facts) -> Refusal | None:
    """Twilio mostly takes what comes too late and fails it later; some accounts see it refused."""
    if not facts.refuses_at_once or not is_whatsapp(order.to) or facts.is_approved(order.content_sid):
        return None
    senders = [order.sender] if order.sender else facts.pool(order.service, to=order.to)
    return None if facts.window_is_open(person=order.to, sender=senders[0]) else Refusal(63016)


def _queue(order: Order, facts: Facts) -> Refusal | None:
    is_full = order.sender and facts.queue_length(order.sender) > LONGEST_QUEUE
    return Refusal(21611, order.sender) if is_full else None


def _is_json_object_of_texts(text: str) -> bool:
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and all(isinstance(each, str) for each in found.values())
