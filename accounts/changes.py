"""What rooms above want to be told of: that something about users changed which their open pages show."""

from collections.abc import Callable, Iterable

Listener = Callable[[Iterable[int]], None]
_listeners: list[Listener] = []


def when_users_changed(listener: Listener) -> None:
    """Have a room told, within the same transaction, whose seat, team, company or account changed, by ids."""
    _listeners.append(listener)


def tell(user_ids: Iterable[int]) -> None:
    """Open pages of these users look again at what they may (S3)."""
    ids = sorted(set(user_ids))
    for listener in _listeners:
        listener(ids)
