"""Ports on loopback: which are free, and who says so."""

import random
import socket

LOOPBACK = "127.0.0.1"

# Below the range that systems give to outgoing connections. In that range a client that keeps asking for a server
# that is down can be given the server's own port, connects to itself, and the server cannot come back.
CANDIDATES = range(20_000, 32_000)

_given: set[int] = set()


def free_port() -> int:
    """A port that nobody listens on, and that this process hasn't been given before."""
    for port in random.sample(CANDIDATES, k=500):
        if port not in _given and is_free(port):
            _given.add(port)
            return port
    raise RuntimeError(f"No free port between {CANDIDATES.start} and {CANDIDATES.stop}.")


def is_free(port: int, *, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
