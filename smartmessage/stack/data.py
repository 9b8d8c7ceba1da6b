"""The folder that holds a stack's data: whose it is, who uses it now, and the secrets that are made once."""

import fcntl
import os
import secrets
from pathlib import Path
from typing import IO

MARK = ".smartmessage"  # says that the folder is ours; `make reset` empties no other


class InUseError(RuntimeError):
    """Another process works in this folder."""


class DataDir:
    """One folder, used by one process at a time. The system gives the lock back when that process dies, however."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._lock: IO[str] | None = None

    def claim(self) -> None:
        """Make the folder ours. Raises InUseError, naming the process that has it."""
        if self._lock is not None:
            return
        self.path.mkdir(parents=True, exist_ok=True)
        lock = (self.path / MARK).open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise InUseError(
                f"{self.path} is in use by process {lock.read().strip() or '?'}; stop that first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def is_free(self) -> bool:
        """Whether nobody has it."""
        try:
            self.claim()
        except InUseError:
            return False
        self.release()
        return True

    def release(self) -> None:
        """Let others have it. Closing gives the lock back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def secret(self, name: str) -> str:
        """A random secret that only its owner can read: made at the first call, the same ever after."""
        file = self.path / "secrets" / name
        if not file.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = file.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            draft.rename(file)  # all of it or nothing, should we be killed here
        return file.read_text()
