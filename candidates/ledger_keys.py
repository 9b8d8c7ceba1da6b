"""The keys of the ledger's seals: one signs, from the environment; the public ones are to read with."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from candidates.ledger_rules import name_of


def signing_key() -> Ed25519PrivateKey:
    """Raises ValueError where the setting isn't 32 bytes in hexadecimal digits."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.CONSENT_SIGNING_KEY))


def public_keys() -> dict[str, Ed25519PublicKey]:
    """By their names: the present one, and those of keys that signed before it was changed."""
    former = [Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)) for key in settings.CONSENT_FORMER_PUBLIC_KEYS]
    return {name_of(key): key for key in (*former, signing_key().public_key())}
