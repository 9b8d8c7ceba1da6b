"""Installs the packages of a lock file into a virtual environment. Killed half-way, it is simply run again.

The environment is current when its stamp, written last, names the lock file's digest, the Python and the place.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("VENV") or ROOT / ".venv").absolute()
PYTHON = VENV / "bin" / "python"
CONTAINS = {"demo": ("demo",), "test": ("test", "demo")}  # the test's lock file has all of the demo's packages


def main(wanted: str) -> None:
    with lock_file(wanted).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once: the second waits, and finds it done
        if is_current(wanted):
            return
        make_environment()
        install(wanted)


def is_current(wanted: str) -> bool:
    stamp = VENV / f"installed-{wanted}"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == digest(wanted)


def digest(name: str) -> str:
    """What an environment depends on: the packages, this Python, and where it stands (its scripts name the place)."""
    return (
        hashlib.sha256(lock_file(name).read_bytes()).hexdigest()
        + f" {sys.version_info.major}.{sys.version_info.minor} {VENV}\n"
    )


def lock_file(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def make_environment() -> None:
    """A virtual environment with pip: the one that is there if it is whole, stands where it was made, and works."""
    if is_usable():
        return
    say(f"Making a Python environment in {VENV} …")
    if VENV.exists():
        shutil.rmtree(VENV)
    see_to_ensurepip()
    run(sys.executable, "-m", "venv", str(VENV))
    (VENV / "made-for").write_text(made_for())


def is_usable() -> bool:
    place, unfinished = VENV / "made-for", VENV / "unfinished"
    if not PYTHON.exists() or unfinished.exists() or (place.exists() and place.read_text() != made_for()):
        return False
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def made_for() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor} {VENV}\n"


def see_to_ensurepip() -> None:
    """Debian keeps it in a package of its own."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"This Python cannot make virtual environments. Install that part and run the same command again:\n"
            f"  Debian, Ubuntu:  sudo apt-get install -y {package}"
        )
    say(f"Installing {package} …")
    run("apt-get", "update", "-q")
    run("apt-get", "install", "-o", "DPkg::Lock::Timeout=600", "-y", "-q", "--no-install-recommends", package)


def install(wanted: str) -> None:
    say(f"Installing the packages of requirements/{wanted}.txt (a few minutes the first time) …")
    (VENV / "unfinished").touch()  # a package may be there in part if we are killed now: then all is made anew
    run(
        *(str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"),
        *("--require-hashes", "-r", str(lock_file(wanted))),
    )
    (VENV / "unfinished").unlink()
    for name in CONTAINS[wanted]:
        (VENV / f"installed-{name}").write_text(digest(name))
    say("The environment is ready.")


def run(*command: str) -> None:
    """Run a command, its output shown. Ends us with its exit code if it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, env=environment, check=False)
    if done.returncode:
        sys.exit(f"\nThis failed: {' '.join(command)}\nOnce its cause is gone, simply run the same command again.")


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
