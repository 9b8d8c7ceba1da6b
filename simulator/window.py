"""WhatsApp's window: for how long after a person's message a business may write freely."""

SECONDS = 24 * 60 * 60


def is_open(last_inbound: float | None, now: float) -> bool:
    """Whether free text may go to this person from this sender; both are seconds since 1970.

    None: the person has never written to it. At the 24th hour's end it is shut.
    """
    return last_inbound is not None and now < last_inbound + SECONDS
