"""What a snippet becomes in a conversation: its places filled by the server, or the reason why it can't be."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from inbox.models import Conversation
from inbox.placeholders import Holes, Place, fill, problem
from inbox.snippets.models import Snippet


@dataclass(frozen=True)
class Offer:
    """A snippet as it would stand in the message; `problem` in words where a place stays open."""

    snippet: Snippet
    text: str
    problem: str = ""


def offers(user: User, conversation: Conversation) -> list[Offer]:
    """What this user can choose here, by title."""
    found = Snippet.objects.visible_to(user).offered_in(conversation).select_related("job", "community")
    values = values_in(conversation, user)
    return [offer(snippet, values) for snippet in found]


def offer(snippet: Snippet, values: Mapping[Place, str]) -> Offer:
    filled = fill(snippet.body, values)
    return Offer(snippet, snippet.body, problem(filled)) if isinstance(filled, Holes) else Offer(snippet, filled)


def values_in(conversation: Conversation, user: User) -> dict[Place, str]:
    """What the places stand for in a message of this user."""
    first_name, job = conversation.person.first_name, conversation.record.title
    return _of_user(user, company=conversation.company.name) | {Place.FIRST_NAME: first_name, Place.JOB: job}


def example_values(user: User, team: object = None) -> dict[Place, str]:
    """The same for a person who doesn't exist, to show what a snippet looks like."""
    company = user.company.name if user.company else ""
    return _of_user(user, company=company) | {
        Place.FIRST_NAME: _("Anna"),
        Place.JOB: str(team or _("Field Engineer")),
    }


def _of_user(user: User, *, company: str) -> dict[Place, str]:
    return {Place.COMPANY: company, Place.SENDER: user.name, Place.BOOKING_LINK: user.booking_link}
