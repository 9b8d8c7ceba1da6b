"""Finds a Chrome or Chromium for the browser tests, or gets one, and prints its path.

In this order: CHROME; the PATH; Playwright's own, downloaded if need be; as root on Debian, the system's package.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
DOWNLOAD_PATIENCE = 180  # seconds; a network without that host may just hang
PACKAGE_PATIENCE = 900
WAITS = ("-o", "DPkg::Lock::Timeout=600")  # for another installation to end
HELP = """No Chrome or Chromium for the browser tests, and none could be installed.
  Debian:  apt-get install -y chromium     (as root, this is done by itself)
  others:  install Chrome or Chromium, or set CHROME to its executable"""


def main() -> int:
    browser = find_or_install()
    if browser is None:
        print(HELP, file=sys.stderr)
        return 1
    print(browser)
    return 0


def find_or_install() -> str | None:
    if chosen := os.environ.get("CHROME"):
        return chosen if works(chosen) else None
    if found := find():
        return found
    download_with_playwright()
    if found := find():
        return found
    install_with_apt()
    return find()


def find() -> str | None:
    return next(filter(works, candidates()), None)


def candidates() -> Iterator[str]:
    """Everything that may be a browser here, by the order of preference."""
    yield from filter(None, map(shutil.which, NAMES))
    if MAC.exists():
        yield str(MAC)
    yield from filter(None, [playwrights_own()])


def works(browser: str) -> bool:
    """Whether it starts: a name on the PATH may be a stub that only advertises a package."""
    try:
        return subprocess.run([browser, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def playwrights_own() -> str | None:
    """Where Playwright's Chromium is, or would be."""
    from playwright.sync_api import sync_playwright  # a test's dependency, and slow to load

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def download_with_playwright() -> None:
    say("No browser here; asking Playwright for its Chromium …")
    attempt([sys.executable, "-m", "playwright", "install", "chromium"], patience=DOWNLOAD_PATIENCE)


def install_with_apt() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say("That did not work; installing Debian's chromium …")
    attempt(["apt-get", "update", "-q"], patience=PACKAGE_PATIENCE)
    attempt(
        ["apt-get", "install", *WAITS, "-y", "-q", "--no-install-recommends", "chromium"], patience=PACKAGE_PATIENCE
    )


def attempt(command: list[str], *, patience: float) -> None:
    """Run a command whose failure only means that the next way is tried. Its output goes to stderr."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        say(f"No answer within {patience:.0f} seconds: {' '.join(command)}")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
