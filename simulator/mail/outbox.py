"""The product's outbox: a folder of files, each with some mails, as Django's file backend writes them."""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator.mail.store import MailStore

END = re.compile(rb"^-{79}\r?\n(?=[!-9;-~]+:|\Z)", re.MULTILINE)  # a line of dashes, and a header or nothing after it
GROWING = 10.0  # seconds after its last change, in which a file may get another mail or the rest of one
SETTLING_NS = 1_000_000_000  # a folder changed within this second may change again without its time saying so


@dataclass(frozen=True)
class Found:
    """A mail, and how much of its file is known with it."""

    file: str
    end: int
    raw: bytes


class Outbox:
    """Finds what is new. A look costs one `stat`, and one more for each file that may still grow."""

    def __init__(self, folder: Path, mails: MailStore) -> None:
        self._folder = folder
        self._mails = mails
        self._known = mails.consumed()
        self._listed_at: int | None = None  # the folder's time when its list was complete; None: not looked at yet
        self._unread: set[str] = set()
        self._growing: set[str] = set()

    def new(self) -> Iterator[Found]:
        """The mails that are complete and weren't taken yet, in the order of their writing. One may stop anywhere."""
        self._unread.update(self._listed())
        for name in sorted(self._unread | self._growing):
            yield from self._read(name)
            self._unread.discard(name)

    def take(self, found: Found) -> None:
        """It is in the mailboxes, and is never found again."""
        self._mails.consume(found.file, found.end)
        self._known[found.file] = found.end

    def _listed(self) -> list[str]:
        """The names of files never read, if the folder has changed; at the first look also of those that grew since."""
        try:
            changed_at = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            return []
        if changed_at == self._listed_at:
            return []
        is_first, is_settled = self._listed_at is None, time.time_ns() - changed_at > SETTLING_NS
        self._listed_at = changed_at if is_settled else 0
        with os.scandir(self._folder) as entries:
            files = [entry for entry in entries if entry.name.endswith(".log")]
        return [
            file.name
            for file in files
            if file.name not in self._known or (is_first and file.stat().st_size > self._known[file.name])
        ]

    def _read(self, name: str) -> Iterator[Found]:
        start, begin = self._known.get(name, 0), 0
        try:
            about = (self._folder / name).stat()
            content = _from(self._folder / name, start) if about.st_size > start else b""
        except FileNotFoundError:
            self._growing.discard(name)
            return
        for end in END.finditer(content):
            yield Found(name, start + end.end(), content[begin : end.start()])
            begin = end.end()
        self._known.setdefault(name, 0)
        if time.time() - about.st_mtime < GROWING:
            self._growing.add(name)
        else:
            self._growing.discard(name)


def _from(path: Path, start: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read()
