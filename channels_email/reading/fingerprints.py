"""What makes two deliveries the same mail.

A Message-ID alone doesn't: some mails have none, and some programs give the same one to different mails, of which the
second would be lost. Bytes alone don't either: a mail to two of our addresses, or delivered again, comes with other
trace headers, other line ends, sometimes other boundaries and encodings. So the fingerprint is made of what the author
made: Message-ID, sender, date, subject, and the decoded content of each part. Without a Message-ID the first server's
`Received` counts too, so that somebody who writes the same two words twice is heard twice.

One mail to two conversations has one fingerprint: what is stored once, is stored once in each conversation. The
leading number is raised when the recipe changes; stored ones keep theirs.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

from channels_email.reading.headers import Headers
from channels_email.reading.structure import Part

RECIPE = "1"
ORIGIN = ("message-id", "from", "date", "subject")
CHUNK = 1 << 20
BLANKS = re.compile(r"\s+")


def fingerprint(whole: Part) -> str:
    """At most 66 characters."""
    digest = sha256()
    for piece in _pieces(whole):
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return f"{RECIPE}:{digest.hexdigest()}"


def _pieces(whole: Part) -> Iterator[bytes]:
    for name in ORIGIN:
        yield BLANKS.sub(" ", whole.headers.get(name)).encode("utf-8", "replace")
    if not whole.headers.get("message-id"):
        yield _first_server(whole.headers)
    for part in whole.walk():
        if not part.children:
            yield part.content_type.encode()
            yield _digest(part)


def _first_server(headers: Headers) -> bytes:
    received = headers.all("received")
    return BLANKS.sub(" ", received[-1]).encode("utf-8", "replace") if received else b""


def _digest(part: Part) -> bytes:
    """Without its kind of line ends, and without those at its end, for servers change both in what comes as text."""
    if part.encoding == "base64" and not part.content_type.startswith(("text/", "message/")):
        return sha256(part.content).digest()
    digest = sha256()
    content = memoryview(part.content)[: len(part.content.rstrip(b"\r\n \t"))]
    for start in range(0, len(content), CHUNK):
        digest.update(bytes(content[start : start + CHUNK]).replace(b"\r", b""))
    return digest.digest()
