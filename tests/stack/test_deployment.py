"""What goes to a real host says the same as the code: compose file, proxy, image, roles. No container engine needed."""

import os
import re
import shutil
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
import redis
import yaml

from smartmessage.stack.data import DataDir
from smartmessage.stack.embedded import EmbeddedPostgres, find_redis_server
from smartmessage.stack.ports import LOOPBACK, free_port
from smartmessage.stack.processes import PREPARE, Ports, commands
from smartmessage.stack.supervisor import ROOT
from tests.stack.looking import eventually

COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("prepare", "web", "live", "worker", "sweeper")
CADDYFILE = ROOT / "deploy" / "Caddyfile"


def test_every_command_is_that_of_the_process_list() -> None:
    expected = commands(Ports(web=8000, live=8001), host="0.0.0.0")
    expected["prepare"] = PREPARE
    assert {name: tuple(SERVICES[name]["command"]) for name in OURS} == {name: expected[name] for name in OURS}


@pytest.mark.parametrize("service", OURS)
def test_every_setting_is_known_to_the_settings(service: str) -> None:
    settings = (ROOT / "smartmessage" / "settings.py").read_text()
    unknown = [name for name in SERVICES[service]["environment"] if f'"{name}"' not in settings]
    assert unknown == []


def test_every_value_to_fill_in_has_its_line_in_the_example() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE_TEXT))
    offered = set(re.findall(r"^(\w+)=", (ROOT / "deploy" / "env.example").read_text(), flags=re.MULTILINE))
    assert asked == offered


def test_secrets_come_from_the_environment_only() -> None:
    secret = re.compile(r"(KEY|TOKEN|PASSWORD)$")
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if secret.search(name):
                assert re.fullmatch(r"\$\{\w+:[?-][^}]*\}", value), f"{name} has a value of its own"


def test_only_the_proxy_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_services_restart_and_tell_their_health(name: str) -> None:
    service = SERVICES[name]
    if name == "prepare":  # ends when it is done; the others wait for that
        assert service["restart"] == "no"
        waiting = [other for other in OURS if other != "prepare"]
        assert all(
            SERVICES[other]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
            for other in waiting
        )
        return
    assert service["restart"] == "unless-stopped"
    assert name == "proxy" or service["healthcheck"]["test"]


def test_what_must_survive_has_a_volume() -> None:
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())}
    assert set(COMPOSE["volumes"]) <= mounted


def test_mounted_and_copied_files_exist() -> None:
    mounted = re.findall(r"- (\./[^:]+):", COMPOSE_TEXT)
    copied = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert [path for path in mounted + copied if not (ROOT / path).exists()] == []


def test_the_image_contains_every_room_that_is_installed() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    settings = (ROOT / "smartmessage" / "settings.py").read_text()
    installed = re.search(r"INSTALLED_APPS = \[(.*?)\]", settings, flags=re.DOTALL)
    assert installed
    rooms = {name for name in re.findall(r'"(\w+)"', installed[1]) if (ROOT / name).is_dir()}
    assert rooms
    assert rooms <= let_in


def test_the_health_check_looks_where_the_processes_leave_their_sign() -> None:
    key = re.compile(r'f"(smartmessage:alive:\{kind\}:\{socket.gethostname\(\)\}:)')
    looked_for = key.search((ROOT / "deploy" / "alive.py").read_text())
    left = key.search((ROOT / "smartmessage" / "heartbeats.py").read_text())
    assert looked_for
    assert left


def test_the_lock_files_agree() -> None:
    """The test's environment also runs the demo, and production installs what was tested."""
    pins = {name: _pins(name) for name in ("production", "demo", "test")}
    assert pins["production"].items() <= pins["demo"].items() <= pins["test"].items()


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, flags=re.MULTILINE))


def test_the_role_script_makes_what_the_product_connects_as(data_dir: DataDir) -> None:
    server = EmbeddedPostgres(data_dir, fast=True)
    server.start()
    with psycopg.connect(server._url("postgres", "postgres"), autocommit=True) as admin:
        for statement in (
            "DROP DATABASE smartmessage",
            "DROP ROLE smartmessage_owner",
            "DROP ROLE smartmessage_app",
        ):
            admin.execute(statement)
    environment = {
        "PATH": f"{Path(server.program.command[0]).parent}:{os.environ['PATH']}",
        "PGHOST": LOOPBACK,
        "PGPORT": str(server.port),
        "PGPASSWORD": server.data_dir.secret("postgres"),
        "POSTGRES_USER": "postgres",
        "OWNER_DB_PASSWORD": "it's the owner's",
        "APP_DB_PASSWORD": "the product's",
    }
    subprocess.run([ROOT / "deploy" / "postgres-roles.sh"], env=environment, check=True)
    for role, password in (("smartmessage_owner", "it's the owner's"), ("smartmessage_app", "the product's")):
        with psycopg.connect(
            host=LOOPBACK, port=server.port, user=role, password=password, dbname="smartmessage"
        ) as there:
            row = there.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'smartmessage'")
            assert row.fetchone() == ("smartmessage_owner",)
    server.stop()


def test_the_redis_command_asks_for_the_password(tmp_path: Path) -> None:
    """The very command of the compose file, its entrypoint replaced by one that only starts the program."""
    port = free_port()
    entrypoint = tmp_path / "docker-entrypoint.sh"
    entrypoint.write_text(f'#!/bin/sh\nshift\nexec {find_redis_server()} "$@" --port {port} --bind {LOOPBACK}\n')
    entrypoint.chmod(0o755)
    command = [part.replace("$$", "$") for part in SERVICES["redis"]["command"]]
    server = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "REDIS_PASSWORD": "the-password"},
        stdout=subprocess.DEVNULL,
    )
    try:
        client = redis.Redis(port=port, password="the-password")
        eventually(lambda: _pongs(client))
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).ping()
    finally:
        server.terminate()
        assert server.wait(10) == 0


def _pongs(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


class StandIn(BaseHTTPRequestHandler):
    """Plays web and live: says who it is, takes bodies, and sends a second event only when the test says so."""

    protocol_version = "HTTP/1.1"
    go_on = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/live/events":
            self._stream()
        else:
            self._answer(f"page {self.headers['X-Forwarded-Proto']} {self.headers['Host']}".encode())

    def do_POST(self) -> None:
        self._answer(str(len(self.rfile.read(int(self.headers["Content-Length"])))).encode())

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"data: first\n\n")
        self.wfile.flush()
        if self.go_on.wait(20):
            self.wfile.write(b"data: second\n\n")
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """The proxy hangs up on a body that is too large; no news."""


@contextmanager
def stand_in() -> Iterator[str]:
    server = QuietServer((LOOPBACK, free_port()), StandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"{LOOPBACK}:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def caddy() -> str:
    found = shutil.which("caddy")
    if found is None and os.environ.get("CI"):
        pytest.fail("CI must have caddy.")
    return found or pytest.skip("caddy is not installed")


@pytest.fixture
def origin(caddy: str, tmp_path: Path) -> Iterator[str]:
    """The real proxy with our configuration, in front of two stand-ins."""
    address = f"http://{LOOPBACK}:{free_port()}"
    with stand_in() as web, stand_in() as live:
        proxy = subprocess.Popen(
            [caddy, "run", "--config", CADDYFILE, "--adapter", "caddyfile"],
            env={"HOME": str(tmp_path), "SITE_ADDRESS": address, "WEB_UPSTREAM": web, "LIVE_UPSTREAM": live},
            stderr=subprocess.DEVNULL,
        )
        try:
            eventually(lambda: _loads(address))
            yield address
        finally:
            proxy.terminate()
            proxy.wait()


def _loads(address: str) -> bool:
    try:
        return bool(urllib.request.urlopen(address).status == 200)
    except OSError:
        return False


def test_the_proxy_s_configuration_is_valid(caddy: str) -> None:
    subprocess.run(
        [caddy, "validate", "--config", CADDYFILE, "--adapter", "caddyfile"],
        env={**os.environ, "SITE_ADDRESS": "texts.example"},
        check=True,
        capture_output=True,
    )


def test_pages_and_events_come_through_one_origin_and_events_at_once(origin: str) -> None:
    # given
    StandIn.go_on.clear()
    page = urllib.request.urlopen(f"{origin}/inbox/").read().decode()
    assert page == f"page http {origin.removeprefix('http://')}"
    # when
    with urllib.request.urlopen(f"{origin}/live/events", timeout=10) as events:
        # then the first event is there while the second isn't even sent
        assert events.headers["Content-Type"] == "text/event-stream"
        assert events.readline() == b"data: first\n"
        StandIn.go_on.set()
        assert events.read() == b"\ndata: second\n\n"


def test_the_proxy_believes_no_visitor_who_says_that_he_came_by_https(origin: str) -> None:
    request = urllib.request.Request(origin, headers={"X-Forwarded-Proto": "https"})
    assert urllib.request.urlopen(request).read().startswith(b"page http ")


def test_a_webhook_s_body_passes_and_a_huge_one_does_not(origin: str) -> None:
    def post(size: int, path: str = "/webhooks/twilio/sms/") -> bytes:
        return cast(bytes, urllib.request.urlopen(f"{origin}{path}", data=b"x" * size).read())

    assert post(100_000) == b"100000"
    with pytest.raises(urllib.error.URLError):
        post(4_000_000)
    assert post(10_000_000, "/jobs/x/apply/") == b"10000000"
    with pytest.raises(urllib.error.URLError):
        post(20_000_000, "/jobs/x/apply/")
    assert post(40_000_000, "/webhooks/email/mailgun/inbound_mime/") == b"40000000"
    with pytest.raises(urllib.error.URLError):
        post(70_000_000, "/webhooks/email/mailgun/inbound_mime/")
