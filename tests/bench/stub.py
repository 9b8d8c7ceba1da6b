"""A provider that takes every text after 100 ms and writes down when each came: `python -m tests.bench.stub PORT`.

`GET /arrivals` answers with the times since the last such question, and forgets them.
"""

import asyncio
import json
import sys
import time
import uuid
from urllib.parse import parse_qs

from smartmessage.stack.ports import LOOPBACK

LATENCY = 0.1  # seconds
arrivals: list[tuple[float, str]] = []


class Provider(asyncio.Protocol):
    """One connection, kept open; one request at a time on it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
        if not end or len(body) < length:
            return
        self.received = b""
        if head.startswith(b"GET /arrivals "):
            self.answer(b"200 OK", arrivals)
            arrivals.clear()
        else:
            fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            arrivals.append((time.perf_counter(), fields["To"]))
            taken = {"sid": f"SM{uuid.uuid4().hex}", "status": "queued", "to": fields["To"], "body": fields["Body"]}
            asyncio.get_running_loop().call_later(LATENCY, self.answer, b"201 CREATED", taken)

    def answer(self, status: bytes, content: object) -> None:
        body = json.dumps(content).encode()
        head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        if not self.transport.is_closing():
            self.transport.write(head + body)


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Provider, LOOPBACK, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
