"""The judgement that never finds an hour bad."""

from dataclasses import replace
from datetime import datetime

from inbox import right_time
from inbox.models import Conversation
from inbox.right_time import RightTime

real = right_time.judged


def judged(conversation: Conversation, moment: datetime) -> RightTime:
    """The real one, without what speaks against the hour."""
    return replace(real(conversation, moment), objection=None, next_good_time=None, changes_at=None)
