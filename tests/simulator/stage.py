"""What the simulator's tests play with: the real process, a product that records, a way to wait."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote

import httpx
from twilio.rest import Client

ACCOUNT, TOKEN = "ACdec0de00000000000000000000000001", "demo-auth-token"
OURS, OTHER_OF_OURS = "+14155550100", "+14155550101"
ANNA, MARCUS = "+4930123487007", "+14151234567"
PLATFORM = "whatsapp:+14155550199"
INVITATION = "HXdec0de00000000000000000000000001"
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
PATIENCE = 15.0  # seconds; never slept, only the longest wait for a condition

Found = TypeVar("Found")


def until(look: Callable[[], Found], what: str) -> Found:
    """The first true answer of `look`; fails with `what` was awaited."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"In {PATIENCE} seconds there was never: {what}")


@dataclass
class Heard:
    """A request that the product got."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw.decode(), keep_blank_values=True))


@dataclass
class Product:
    """The product's side: an HTTP server that records what it hears, and answers as it is told."""

    port: int
    heard: list[Heard] = field(default_factory=list)
    status: int = 200
    content_type: str = "text/xml"
    body: str = EMPTY_TWIML
    statuses: list[int] = field(default_factory=list)  # for the next requests, before `status` counts
    gate: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def forget(self) -> None:
        self.heard.clear()
        self.statuses.clear()
        self.status, self.content_type, self.body = 200, "text/xml", EMPTY_TWIML
        self.gate.set()

    def about(self, sid: str) -> list[Heard]:
        return [each for each in list(self.heard) if each.form.get("MessageSid") == sid]

    def statuses_of(self, sid: str) -> list[str]:
        """The statuses that were called back, in order of arrival."""
        return [each.form["MessageStatus"] for each in self.about(sid) if "MessageStatus" in each.form]


@contextmanager
def running_product() -> Iterator[Product]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            product.heard.append(Heard(self.command, self.path, dict(self.headers), raw))
            product.gate.wait(PATIENCE)
            self.send_response(product.statuses.pop(0) if product.statuses else product.status)
            self.send_header("Content-Type", product.content_type)
            self.end_headers()
            self.wfile.write(product.body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 256

        def handle_error(self, request: object, client_address: object) -> None:
            """Quiet: a simulator that was killed has hung up."""

    server = Server(("127.0.0.1", 0), Handler)
    product = Product(server.server_port)
    product.gate.set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield product
    server.shutdown()
    server.server_close()


class Simulator:
    """The process, and the ways to talk to it."""

    def __init__(self, data_dir: Path, product_url: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **os.environ,
            "SIMULATOR_PORT": str(self.port),
            "DATA_DIR": str(data_dir),
            "PUBLIC_BASE_URL": product_url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
        }
        self.http = httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False)
        self.twilio = Client(ACCOUNT, TOKEN)
        self.twilio.api.base_url = self.twilio.content.base_url = self.url
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "simulator"], env=self._environment)
        until(self.is_up, "a simulator that answers")

    def is_up(self) -> bool:
        try:
            return self.http.get("/control/health").is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """As the operating system does when it has had enough."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> float:
        """Ask it to end; returns the seconds that it took."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(PATIENCE)
        return time.monotonic() - began

    @property
    def mail_dir(self) -> Path:
        """Where the product puts the mails that it sends."""
        return Path(self._environment["DATA_DIR"]) / "mail"

    def control(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.http.post(f"/control/{path}", json=body)
        assert answer.is_success, answer.text
        result: dict[str, Any] = answer.json()
        return result

    def look(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self.http.get(f"/control/{path}", params=query)
        assert answer.is_success, answer.text
        result: dict[str, Any] = answer.json()
        return result

    def rule(self, **spec: Any) -> int:
        rule_id: int = self.control("rules", **spec)["id"]
        return rule_id

    def phone(self, number: str) -> dict[str, Any]:
        return self.look(f"phones/{quote(number)}")

    def arrived(self, number: str) -> list[str]:
        """The texts that lie on a phone, in order of arrival."""
        return [each["body"] for each in self.phone(number)["received"]]

    def post(self, **form: str) -> httpx.Response:
        """POST Messages, raw; a parameter given as None is left out."""
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        return self.http.post(path, data=form, auth=(ACCOUNT, TOKEN))

    def send(self, to: str = ANNA, sender: str = OURS, body: str = "Hello Anna", **form: str) -> str:
        """A text that must be taken; returns its sid."""
        answer = self.post(To=to, From=sender, Body=body, **form)
        assert answer.status_code == 201, answer.text
        sid: str = answer.json()["sid"]
        return sid

    def write(self, person: str, body: str | None = "Hello", **more: Any) -> str:
        """The person writes to the platform by WhatsApp; returns the message's sid."""
        sid: str = self.control("inbound", **{"from": f"whatsapp:{person}", "to": PLATFORM, "body": body, **more})[
            "sid"
        ]
        return sid

    def whatsapp(self, person: str, body: str = "Hello Anna", **form: str) -> str:
        """We write to the person by WhatsApp, and it must be taken; returns its sid."""
        return self.send(to=f"whatsapp:{person}", sender=PLATFORM, body=body, **form)

    def invite(self, person: str, sid: str = INVITATION, variables: str = '{"1": "Acme", "2": "Chemist"}') -> str:
        """We send a template."""
        answer = self.post(To=f"whatsapp:{person}", From=PLATFORM, ContentSid=sid, ContentVariables=variables)
        assert answer.status_code == 201, answer.text
        taken: str = answer.json()["sid"]
        return taken

    def message(self, sid: str) -> dict[str, Any]:
        found: dict[str, Any] = self.look("messages", sid=sid)["messages"][0]
        return found

    def status(self, sid: str) -> str:
        status: str = self.look("messages", sid=sid)["messages"][0]["status"]
        return status


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
