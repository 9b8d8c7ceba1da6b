"""What the inbox asks workers for, by name, so that actions never import tasks."""

from accounts import work

DELIVER = "inbox.deliver_message"
INVITE = "inbox.invite_many"


def ask_for_delivery(message_id: int) -> None:
    """Once this transaction is committed, ask for a hand-over."""
    work.ask(DELIVER, message_id)
