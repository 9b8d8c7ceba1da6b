"""One HTTP request and its answer over a connection of its own.

Leaner than a general client, because under load two callbacks follow every text; and exact about the one
thing that matters for retries: whether there was a connection at all.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

import h11

LARGEST_ANSWER = 1_000_000  # bytes; Twilio reads 64 kB of TwiML


class NoConnectionError(Exception):
    """Nothing was sent."""


class NoAnswerError(Exception):
    """It was sent, and what the other side has done with it is unknown."""


@dataclass(frozen=True)
class Response:
    status: int
    content_type: str
    location: str
    body: str


async def exchange(
    method: str, url: str, *, body: bytes, headers: Mapping[str, str], connect_s: float, read_s: float
) -> Response:
    """Send and read; raises NoConnectionError or NoAnswerError. The times are for connecting and for all the rest."""
    parts = urlsplit(url)
    connection = h11.Connection(h11.CLIENT)
    head = _head(connection, method, parts, headers=headers, length=len(body))
    reader, writer = await _connect(parts, connect_s)
    try:
        async with asyncio.timeout(read_s):
            writer.write(head + body)
            return await _read(reader, connection)
    except (OSError, TimeoutError, h11.RemoteProtocolError) as problem:
        raise NoAnswerError(str(problem) or type(problem).__name__) from problem
    finally:
        writer.close()


def redirection(response: Response, url: str) -> str | None:
    """Where a 301, 302, 303 or 307 points to; None for an answer that points nowhere."""
    is_moved = response.status in (301, 302, 303, 307, 308) and response.location
    return urljoin(url, response.location) if is_moved else None


def _head(
    connection: h11.Connection, method: str, parts: SplitResult, *, headers: Mapping[str, str], length: int
) -> bytes:
    lines = {"Host": parts.netloc.rpartition("@")[2], "Connection": "close", **headers}
    if method == "POST":
        lines["Content-Length"] = str(length)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        return connection.send(h11.Request(method=method, target=target, headers=list(lines.items()))) or b""
    except (h11.LocalProtocolError, UnicodeError) as problem:
        raise NoConnectionError(f"not a URL that can be called: {problem}") from problem


async def _connect(parts: SplitResult, limit: float) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    context = ssl.create_default_context() if parts.scheme == "https" else None
    try:
        async with asyncio.timeout(limit):
            port = parts.port or (443 if context else 80)
            return await asyncio.open_connection(parts.hostname, port, ssl=context)
    except (OSError, TimeoutError, ValueError) as problem:
        raise NoConnectionError(str(problem) or type(problem).__name__) from problem


async def _read(reader: asyncio.StreamReader, connection: h11.Connection) -> Response:
    status, headers, body = 0, dict[bytes, bytes](), bytearray()
    while True:
        match connection.next_event():
            case h11.NEED_DATA:
                connection.receive_data(await reader.read(65536))
            case h11.Response() as response:
                status, headers = response.status_code, dict(response.headers)
            case h11.Data() as data if len(body) < LARGEST_ANSWER:
                body += data.data
            case h11.EndOfMessage() | h11.ConnectionClosed() | h11.PAUSED:
                break
    return Response(
        status=status,
        content_type=headers.get(b"content-type", b"").decode("latin-1"),
        location=headers.get(b"location", b"").decode("latin-1"),
        body=body.decode("utf-8", "replace"),
    )
