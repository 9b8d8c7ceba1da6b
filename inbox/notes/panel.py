"""The composer of notes, which stands in the place of a channel's."""

from dataclasses import dataclass

from accounts.models import User
from inbox import sending
from inbox.models import ComposerDraft, Conversation
from inbox.notes.actions import MOST_CHARACTERS
from inbox.querysets import NOTES
from inbox.writing import Drafts


@dataclass
class NotePanel:
    draft: ComposerDraft
    problem: str = ""
    typed: str | None = None
    most: int = MOST_CHARACTERS

    @property
    def text(self) -> str:
        return self.draft.body if self.typed is None else self.typed


def panel(user: User, conversation: Conversation, drafts: Drafts | None) -> NotePanel:
    """With what the user has typed; `drafts`: hers, where they are known."""
    if drafts is None:
        return NotePanel(sending.draft_of(user, conversation, NOTES))
    return NotePanel(drafts.get(NOTES) or sending.first_draft(user, conversation, NOTES))
