"""Whether a sender may be forged, from what our own mail server found (RFC 8601, RFC 7489).

Everybody can write an Authentication-Results header. Believed is only the topmost that bears a name that the caller
trusts, and only of servers that take such headers of others away (RFC 8601, 5): one below it may have come with the
mail.
"""

import re
from collections.abc import Collection

from channels_email.reading.headers import BARE_ADDRESS, Headers, addresses
from channels_email.reading.mail import Mark, Problem, Trust, TrustReason, Verdict

COMMENT = re.compile(r"\([^()]{0,500}\)")
RESULT = re.compile(r"\s*([a-z][a-z0-9-]{0,30})(?:/\d+)?\s*=\s*([a-z]{1,20})\b", re.IGNORECASE)
PROPERTY = re.compile(r"\b(header\.d|header\.i|smtp\.mailfrom|header\.from)\s*=\s*\"?([^\s;\"]{1,320})", re.IGNORECASE)

Result = tuple[str, str, dict[str, str]]  # method, result, properties


def trust_of(headers: Headers, trusted: Collection[str], problems: set[Problem]) -> Trust:
    """The verdict on the sender that From names. `trusted`: the authserv-ids of our own mail servers."""
    senders = addresses(headers.all("from"), problems)
    marks = _marks(headers, senders, problems)
    if not senders:
        return Trust(Verdict.UNKNOWN, TrustReason.NO_SENDER, marks)
    results = _results(headers, trusted)
    if results is None:
        return Trust(Verdict.UNKNOWN, TrustReason.NOT_CHECKED, marks)
    verdict, reason = _judge(results, senders[0][1].rpartition("@")[2])
    if Mark.SEVERAL_SENDERS in marks and verdict == Verdict.PASS:
        verdict, reason = Verdict.UNKNOWN, TrustReason.SEVERAL_SENDERS
    return Trust(verdict, reason, marks)


def _results(headers: Headers, trusted: Collection[str]) -> list[Result] | None:
    """What the topmost trusted header says; None: there is none."""
    names = {name.lower() for name in trusted}
    for value in headers.all("authentication-results"):
        for _ in range(3):  # comments may be nested
            value = COMMENT.sub(" ", value)
        server, *results = value.split(";")
        if (server.split() or [""])[0].strip('"').lower() in names:
            return [result for text in results[:50] if (result := _result(text))]
    return None


def _result(text: str) -> Result | None:
    found = RESULT.match(text)
    if not found:
        return None
    properties = {name.lower(): value.lower() for name, value in PROPERTY.findall(text)}
    return found[1].lower(), found[2].lower(), properties


def _judge(results: list[Result], domain: str) -> tuple[Verdict, TrustReason]:
    """DMARC decides where it was asked. Without it a signature, or a server, of the sender's domain proves him.

    Whoever is proved must be the sender that we show: programs differ in how they read an odd From.
    """
    said = {(method, result) for method, result, _ in results}
    if ("dmarc", "fail") in said or ("compauth", "fail") in said:
        return Verdict.FAIL, TrustReason.DMARC_FAIL
    for method, result, properties in results:
        if result != "pass":
            continue
        if method == "dmarc" and _is_of(properties.get("header.from", domain), domain):
            return Verdict.PASS, TrustReason.DMARC_PASS
        if method == "dkim" and _is_of(properties.get("header.d") or properties.get("header.i", ""), domain):
            return Verdict.PASS, TrustReason.DKIM_PASS
        if method == "spf" and _is_of(properties.get("smtp.mailfrom", ""), domain):
            return Verdict.PASS, TrustReason.SPF_PASS
    if ("spf", "fail") in said:
        return Verdict.FAIL, TrustReason.SPF_FAIL
    return Verdict.UNKNOWN, TrustReason.NO_PROOF


def _is_of(identity: str, domain: str) -> bool:
    """Whether who was proved is the sender's domain, or one above it. One below it isn't: others may own it."""
    proved = identity.rpartition("@")[2].strip(".")
    return "." in proved and (domain == proved or domain.endswith(f".{proved}"))


def _marks(headers: Headers, senders: list[tuple[str, str]], problems: set[Problem]) -> tuple[Mark, ...]:
    marks = []
    if len({address.lower() for _, address in senders}) > 1 or len(headers.all("from")) > 1:
        marks.append(Mark.SEVERAL_SENDERS)
    if any(_shows_another(name, address) for name, address in senders):
        marks.append(Mark.NAME_IS_OTHER_ADDRESS)
    domains = {address.rpartition("@")[2] for _, address in senders}
    replies = {address.rpartition("@")[2] for _, address in addresses(headers.all("reply-to"), problems)}
    if senders and replies - domains:
        marks.append(Mark.REPLY_ELSEWHERE)
    return tuple(marks)


def _shows_another(name: str, address: str) -> bool:
    shown = BARE_ADDRESS.search(name)
    return shown is not None and shown[0].strip(".").lower() != address.lower()
