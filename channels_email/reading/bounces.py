"""Reports that a mail didn't arrive, arrives later, or did arrive (RFC 3464, 8098); and bounces older than any RFC."""

import re
from collections.abc import Collection
from email.message import Message

from flufl.bounce import all_failures

from channels_email.reading.charsets import clean, one_line
from channels_email.reading.headers import (
    BARE_ADDRESS,
    Headers,
    addresses,
    message_ids,
    normal_address,
    pairs,
    read_headers,
)
from channels_email.reading.mail import Bounce, BouncedRecipient, Kind, Problem
from channels_email.reading.structure import Part

MOST_BYTES = 256 * 1024
MOST_RECIPIENTS = 100
MOST_OF_DIAGNOSTIC = 500
MOST_OF_LINE = 500
MOST_OF_TEXT = 32 * 1024
STATUS = {"message/delivery-status", "message/global-delivery-status"}
RECEIPTS = {"message/disposition-notification", "message/global-disposition-notification"}
ORIGINALS = {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"}
CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d(?=[ \-#])")
ORIGINAL_ID = re.compile(r"^[> \t]*message-id:\s{0,9}(<[^<>\s]{1,997}>)", re.IGNORECASE | re.MULTILINE)
SENDERS = {"mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon"}
SUBJECTS = re.compile(
    r"(?:undeliver(?:able|ed)|delivery (?:status notification|failure|has failed)|failure notice|returned mail|"
    r"mail delivery (?:failed|failure|system)|delivery notification|warning: |unzustellbar|nicht zugestellt|"
    r"non remis|onbestelbaar|no se puede entregar)",
    re.IGNORECASE,
)
COPY = re.compile(r"^-{2,}.*(?:copy|original|returned|below this line).*$", re.IGNORECASE | re.MULTILINE)


def report_of(whole: Part, text: str, problems: set[Problem]) -> tuple[Kind, Bounce | None] | None:
    """What a delivery report says; None for a mail that is none. `text`: the mail's words, history and all."""
    parts = list(whole.walk())
    if status := next((part for part in parts if part.content_type in STATUS), None):
        recipients, kind = _told(status.content[:MOST_BYTES], problems)
        return kind, Bounce(recipients, _original_id(whole, parts, text))
    if whole.content_type == "multipart/report" and any(part.content_type in RECEIPTS for part in parts):
        return Kind.RECEIPT, None
    if _is_from_a_server(whole.headers):
        temporary, failed = _guessed(whole.headers, text)
        if failed or temporary:
            kind = Kind.BOUNCE if failed else Kind.DELAYED
            return kind, Bounce(failed or temporary, _original_id(whole, parts, text))
    return None


def _told(block: bytes, problems: set[Problem]) -> tuple[tuple[BouncedRecipient, ...], Kind]:
    """The recipients that the report is about, and what it says of them at worst."""
    found: dict[str, list[BouncedRecipient]] = {}
    for fields in list(pairs(block, problems))[: MOST_RECIPIENTS + 1]:
        recipient = fields.get("final-recipient") or fields.get("original-recipient")
        if not recipient:
            continue
        address = normal_address(recipient.rpartition(";")[2].strip())
        diagnostic = one_line(
            fields.get("diagnostic-code").partition(";")[2] or fields.get("diagnostic-code"), most=500
        )
        action = fields.get("action").split("(")[0].strip().lower() or "failed"
        found.setdefault(action, []).append(
            BouncedRecipient(address, _status(fields.get("status"), diagnostic), diagnostic)
        )
    for action, kind in (("failed", Kind.BOUNCE), ("delayed", Kind.DELAYED)):
        if action in found:
            return tuple(found[action]), kind
    return tuple(each for told in found.values() for each in told), Kind.RECEIPT if found else Kind.BOUNCE


def _status(told: str, diagnostic: str) -> str:
    """The status code; where it only says "failed" (5.0.0), a clearer one that the other server gave."""
    own, other = CODE.search(told), CODE.search(diagnostic)
    if own and not (own[1].endswith(".0.0") and other and other[1][0] == own[1][0]):
        return own[1]
    return other[1] if other else ""


def _is_from_a_server(headers: Headers) -> bool:
    if headers.has("x-failed-recipients"):
        return True
    senders = {address.partition("@")[0].lower() for _, address in addresses(headers.all("from"), set())}
    names = {value.strip().strip("<>").lower() for value in headers.all("from")}
    is_nobody = headers.has("return-path") and headers.get("return-path").strip() in {"<>", ""}
    subject = headers.text("subject")
    return bool((senders | names) & SENDERS) or (is_nobody and SUBJECTS.match(subject) is not None)


def _guessed(headers: Headers, text: str) -> tuple[tuple[BouncedRecipient, ...], tuple[BouncedRecipient, ...]]:
    """Whom a report in prose is about: put off, and given up."""
    words = "\n".join(line[:MOST_OF_LINE] for line in clean(text)[:MOST_OF_TEXT].split("\n"))
    put_off, given_up = _found_by_phrases(headers, words)
    named = BARE_ADDRESS.findall(headers.get("x-failed-recipients"))
    said = COPY.split(words, maxsplit=1)[0]
    failed = {address.decode("ascii", "replace") for address in given_up} | set(named)
    return _with_reasons({address.decode("ascii", "replace") for address in put_off}, said), _with_reasons(failed, said)


def _found_by_phrases(headers: Headers, text: str) -> tuple[Collection[bytes], Collection[bytes]]:
    """The addresses that the library finds by the phrases of some thirty mail programs: put off, given up."""
    message = Message()
    senders = addresses(headers.all("from"), set())
    message["from"] = senders[0][1] if senders else "mailer-daemon@localhost"  # it takes for granted that there is one
    message["subject"] = headers.text("subject")
    message.set_payload(text.encode("ascii", "replace").decode("ascii"))
    try:
        return all_failures(message)
    except (ValueError, IndexError, AttributeError, TypeError, KeyError):
        return (), ()


def _with_reasons(found: set[str], text: str) -> tuple[BouncedRecipient, ...]:
    """Each address with the reason that stands below it in the text."""
    told = []
    for address in sorted(filter(None, map(normal_address, found)))[:MOST_RECIPIENTS]:
        after = text.partition(address)[2] or text
        reason = one_line(after.strip("<>: \n")[:MOST_OF_DIAGNOSTIC], most=MOST_OF_DIAGNOSTIC)
        code, reply = CODE.search(reason), REPLY_CODE.search(reason)
        status = code[1] if code else f"{reply[1]}.0.0" if reply else ""
        told.append(BouncedRecipient(address, status, reason))
    return tuple(told)


def _original_id(whole: Part, parts: list[Part], text: str) -> str:
    """The Message-ID of the mail that the report is about."""
    for part in parts:
        if part.content_type in ORIGINALS and part is not whole:
            headers, _, _ = read_headers(part.content, 0, min(len(part.content), MOST_BYTES), set())
            if ids := message_ids(headers.all("message-id")):
                return ids[0]
    if quoted := ORIGINAL_ID.search(text[:MOST_BYTES]):
        return quoted[1]
    answered = message_ids(whole.headers.all("in-reply-to")) or message_ids(whole.headers.all("references"))[-1:]
    return answered[0] if answered else ""
