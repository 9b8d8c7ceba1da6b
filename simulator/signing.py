"""How Twilio signs what it sends: the receiver recomputes it from the URL and the form."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

Signature = Literal["good", "wrong", "missing", "port", "sha256"]
SIGNATURES: tuple[Signature, ...] = ("good", "wrong", "missing", "port", "sha256")
Params = list[tuple[str, str]]


def signature(*, url: str, params: Iterable[tuple[str, str]], token: str, digest: str = "sha1") -> str:
    """Base64 of the HMAC over the URL as called, without its fragment, and the sorted form.

    Names in byte order; of a repeated name every distinct value once, in order. Empty values count as the
    name alone. Nothing is trimmed and nothing separates the parts.
    """
    signed = url.partition("#")[0] + "".join(name + value for name, value in sorted(set(params)))
    mac = hmac.new(token.encode(), signed.encode("utf-8", "surrogateescape"), getattr(hashlib, digest))
    return base64.b64encode(mac.digest()).decode()


def signature_headers(*, url: str, params: Params, token: str, mode: Signature) -> dict[str, str]:
    """The headers that carry the signature, correct or spoilt as `mode` asks.

    `port` signs the other spelling of the URL (with its default port, or without the given one), which a
    receiver has to accept; `sha256` is the newer algorithm, announced by its own header.
    """
    match mode:
        case "missing":
            return {}
        case "wrong":
            return {"X-Twilio-Signature": signature(url=url, params=params, token=f"not {token}")}
        case "port":
            return {"X-Twilio-Signature": signature(url=_other_port(url), params=params, token=token)}
        case "sha256":
            return {
                "X-Twilio-Signature": signature(url=url, params=params, token=token, digest="sha256"),
                "X-Twilio-Webhooks-Signature-Settings": "key=default,algorithm=HMAC_SHA256",
            }
        case "good":
            return {"X-Twilio-Signature": signature(url=url, params=params, token=token)}


def _other_port(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.port is None:
        host += ":443" if parts.scheme == "https" else ":80"
    return urlunsplit(parts._replace(netloc=host))
