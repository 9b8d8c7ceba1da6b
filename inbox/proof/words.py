"""What a proof of consent says of itself: how anybody checks it, and what its words stand for."""

from django.utils.translation import gettext as _

from candidates.consent_rules import EventKind, Source, Standing


def how_to_check() -> list[str]:
    """Step by step, for who has this file, the published keys and any tool for SHA-256 and Ed25519."""
    return [
        _(
            "The event: the SHA-256 of the salt's bytes followed by the content's characters is the digest. The "
            "content holds, in this order: the number of the consent, what happened, when, the words, the source, the "
            "details, the numbers of the user, of the consent text and of the company, the channel, the address. "
            "Events from before company and address were covered end after the user or the text."
        ),
        _(
            "The seal that holds it: among its digests, at the event's position (counted from 0), stands the event's "
            "digest. The SHA-256 of all its digests' bytes, one after the other, is its root."
        ),
        _(
            "The chain: the SHA-256 of the bytes of the link before, followed by "
            '{"company":…,"events":…,"number":…,"root":"…","sealed_at":"…"} without blanks, is the link. Each seal '
            "names the link of the one before it; the first of all names 32 zero bytes."
        ),
        _(
            "The signature: Ed25519, by the public key that the seal names, over the words “SmartMessage consent "
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
