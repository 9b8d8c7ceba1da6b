"""The provider's process, for stories: started, told whom it knows, and stopped."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx

SECRET = "the-provider's-own-word"
ROOT = Path(__file__).parents[2]


@dataclass
class Provider:
    """A company's identity provider at an address of this machine."""

    url: str

    @property
    def issuer(self) -> str:
        return f"{self.url}/o"

    def add_client(self, client_id: str, redirect_uri: str, *, name: str = "SmartMessage") -> None:
        self._control("clients", client_id=client_id, secret=SECRET, redirect_uri=redirect_uri, name=name)

    def add_person(self, username: str, email: str, *, verified: bool = True) -> str:
        """Somebody who can sign in there; her subject."""
        told = {"username": username, "email": email, "password": SECRET, "verified": verified}
        return str(self._control("people", **told)["subject"])

    def _control(self, what: str, **told: object) -> dict[str, object]:
        answer = httpx.post(f"{self.url}/control/{what}/", json=told, timeout=30)
        answer.raise_for_status()
        known: dict[str, object] = answer.json()
        return known

    def way_back(self, authorize_url: str, username: str) -> str:
        """Sign in at the provider as somebody; the address to which it then sends her browser."""
        with httpx.Client(timeout=30) as browser:
            page = browser.get(authorize_url)
            assert page.status_code == 302, page.text
            if "/sign-in/" in page.headers["Location"]:
                form = browser.get(urljoin(self.url, page.headers["Location"]))
                found = re.search(r'name="next" value="([^"]*)"', form.text)
                assert found is not None
                onward = found[1].replace("&amp;", "&")
                page = browser.post(
                    f"{self.url}/sign-in/", data={"username": username, "password": SECRET, "next": onward}
                )
                page = browser.get(urljoin(self.url, page.headers["Location"]))
            return str(page.headers["Location"])


@contextmanager
def running_provider() -> Iterator[Provider]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="smartmessage-provider-") as folder:
        known = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.identity_provider", str(port), folder],
                cwd=ROOT,
                env=known,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            provider = Provider(f"http://127.0.0.1:{port}")
            _wait_for(provider, process, Path(folder, "log"))
            yield provider
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(provider: Provider, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{provider.issuer}/.well-known/openid-configuration").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())
