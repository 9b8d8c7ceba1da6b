"""Tells open pages that something has changed; what, they ask for themselves."""

import asyncio
from collections.abc import AsyncIterator

SHORTEST_PAUSE = 0.1  # seconds between two signals, so that a burst is one
HEARTBEAT = 15.0  # seconds; lets a dead connection be noticed


class Live:
    """A counter that grows with every change, and a way to wait for it."""

    def __init__(self) -> None:
        self.version = 0
        self._is_closed = False
        self._waiting: set[asyncio.Event] = set()

    def changed(self) -> None:
        self.version += 1
        for bell in self._waiting:
            bell.set()

    def close(self) -> None:
        """End every stream, so that the process can stop at once."""
        self._is_closed = True
        self.changed()

    async def stream(self) -> AsyncIterator[str]:
        """Server-sent events: the version now, and again after each change."""
        bell = asyncio.Event()
        bell.set()
        self._waiting.add(bell)
        try:
            while not self._is_closed:
                try:
                    await asyncio.wait_for(bell.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                bell.clear()
                yield f"event: changed\ndata: {self.version}\n\n"
                await asyncio.sleep(SHORTEST_PAUSE)
        finally:
            self._waiting.discard(bell)
