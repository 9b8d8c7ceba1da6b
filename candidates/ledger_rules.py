"""The ledger's proof as rules: what an event's digest covers, how each seal rests on the one before, what is signed.

    digest  SHA-256 of an event's salt and its content. The digest stays where the law has the content erased
    root    SHA-256 of the digests of the events that a seal holds, one after the other
    link    SHA-256 of the link before, the root and what else the seal says: who changes one changes all that follow
    signature   Ed25519 over the link, by a key that is not in the database

An independent reader needs no more than this page: `docs/decisions/0015` says it in words.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FIRST = bytes(32)
"""The link that a company's first seal rests on."""
SIGNED = b"SmartMessage consent ledger seal\n"
"""Stands before the link in what is signed, so that the signature means this and nothing else."""


def canonical(content: Any) -> bytes:
    """JSON in the one way that has a digest: keys in order, no blanks, ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def digest(salt: bytes, content: list[Any]) -> bytes:
    return hashlib.sha256(salt + canonical(content)).digest()


def moment(at: datetime) -> str:
    """A time as it stands in what is digested: UTC, ISO 8601."""
    return at.astimezone(UTC).isoformat()


def root(digests: Iterable[bytes]) -> bytes:
    return hashlib.sha256(b"".join(digests)).digest()


def link(before: bytes, *, company: int, number: int, events: int, root: bytes, sealed_at: datetime) -> bytes:
    """What a seal says, in one hash. `number` counts a company's seals from 1; `events`, how many this one holds."""
    said = {
        "company": company,
        "number": number,
        "events": events,
        "root": root.hex(),
        "sealed_at": moment(sealed_at),
    }
    return hashlib.sha256(before + canonical(said)).digest()


def sign(link: bytes, key: Ed25519PrivateKey) -> bytes:
    return key.sign(SIGNED + link)


def is_signed(link: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(signature, SIGNED + link)
    except InvalidSignature:
        return False
    return True


def name_of(key: Ed25519PublicKey) -> str:
    """By what a seal says which key signed it: the beginning of the public key's SHA-256."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
