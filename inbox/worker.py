"""What the inbox asks workers for, by name, so that actions never import tasks."""

from accounts import work

DELIVER = "inbox.deliver_message"
INVITE = "inbox.invite_many"
SEND_SCHEDULED = "inbox.send_scheduled"


def ask_for_scheduled(conversation_id: int) -> None:
    """Once this transaction is committed, ask for what is due in a conversation."""
    work.ask(SEND_SCHEDULED, conversation_id)


def ask_for_delivery(message_id: int) -> None:
    """Once this transaction is committed, ask for a hand-over."""
    work.ask(DELIVER, message_id)
