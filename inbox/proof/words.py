"""What a proof of consent says of itself: how anybody checks it, and what its words stand for."""

from typing import Any

from django.utils.translation import gettext as _

from accounts import languages
from candidates.consent_rules import EventKind, Source, Standing
from candidates.models import Purpose, SubmissionKind
from inbox.models import HoldOutcome
from inbox.rules import Status


def how_to_check() -> list[str]:
    """Step by step, for who has this file, the published keys and any tool for SHA-256 and Ed25519."""
    return [
        _(
            "How it is written: a salt, digest, root or link is bytes in hexadecimal digits, two for each; a signature "
            "or key is bytes in Base64; a public key is the 32 bytes of RFC 8032, and its name is the first 16 digits "
            "of their SHA-256. Of characters the bytes are those of ASCII. Positions are counted from 0."
        ),
        _(
            "The event: the SHA-256 of the salt's bytes, followed by the content's characters, is the digest. The "
            "content is a list in JSON: the number of the consent, what happened, when, the words, the source, the "
            "details, the numbers of the user, of the consent text and of the company, the channel, the address. What "
            "stands beside it in this file must say the same. An event from before company and address were covered "
            "ends after the user or the text."
        ),
        _(
            "The seal that holds it: among its digests, at the event's position, stands the event's digest. The "
            "SHA-256 of all its digests' bytes, one after the other, is its root."
        ),
        _(
            "The chain: the SHA-256 of the bytes of the link before, followed by the characters "
            '{"company":…,"events":…,"number":…,"root":"…","sealed_at":"…"} without blanks, is the link. The company '
            "is its number, as it stands at the top; the rest is as the seal has it. Each seal names the link of the "
            "one before it; the first of all names 32 zero bytes."
        ),
        _(
            "The signature: Ed25519, by the public key that the seal names, over the characters “SmartMessage consent "
            "ledger seal”, a line end (one byte, 10) and the link's 32 bytes. Compare the keys here with those that "
            "are published."
        ),
        _(
            "A content that was erased, as the law demands it, is missing here with its salt; its digest still "
            "stands in its seal. A seal proves that an event was there when it was sealed and was not changed since."
        ),
    ]


def standing(key: str) -> str:
    return str(Standing(key).label) if key in Standing.values else key


def kind(key: str) -> str:
    return str(EventKind(key).label) if key in EventKind.values else key


def source(key: str) -> str:
    return str(Source(key).label) if key in Source.values else key


def message_status(key: str) -> str:
    return str(Status(key).label) if key in Status.values else key


def outcome(key: str) -> str:
    """What a request to stop was taken for; empty while nobody has decided."""
    return str(HoldOutcome(key).label) if key in HoldOutcome.values else _("not decided yet")


def form(key: str) -> str:
    return str(SubmissionKind(key).label) if key in SubmissionKind.values else key


def box(text: dict[str, Any]) -> str:
    """Which words stood beside a box: their box, language and version."""
    purpose = str(Purpose(text["box"]).label) if text["box"] in Purpose.values else text["box"]
    facts = {"box": purpose, "language": languages.name_of(text["language"]), "version": text["version"]}
    return _("%(box)s, %(language)s, version %(version)s") % facts
