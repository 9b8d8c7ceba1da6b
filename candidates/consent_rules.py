"""Consent as rules: what an event does to the present standing, and what a keyword means in it."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from candidates.keywords import Keyword


class Standing(TextChoices):
    """Where an address stands on a channel (O14's states)."""

    NOTHING = "nothing", _("Nothing yet")
    FIRST_CONSENT = "first consent", _("First consent only")
    INVITED = "invited", _("Invited")
    OPTED_IN = "opted in", _("Opted in")
    OPTED_OUT = "opted out", _("Opted out")


class EventKind(TextChoices):
    FIRST_CONSENT = "first consent", _("Agreed to texts")
    INVITED = "invited", _("Invitation")
    OPTED_IN = "opted in", _("Opted in")
    OPTED_OUT = "opted out", _("Opted out")
    WITHDRAWN = "withdrawn", _("Took the consent back")
    RELEASED = "released", _("Read as no request to stop")


class Source(TextChoices):
    """From where a change of consent came (O11, O13)."""

    FORM = "form", _("form")
    USER = "user", _("user")
    MESSAGE = "message", _("message from the person")
    PROVIDER = "provider", _("reported by the carrier")


def after(standing: Standing, event: EventKind) -> Standing:
    """The standing once the event is recorded. No form, invitation or user lifts an opt-out (O13).

    Whether a keyword is an event at all is for `effect_of` to say; an event of kind OPTED_IN is one that the
    person's own phone gave.
    """
    match event:
        case EventKind.OPTED_IN:
            return Standing.OPTED_IN
        case EventKind.OPTED_OUT:
            return Standing.OPTED_OUT
        case EventKind.FIRST_CONSENT:
            return Standing.FIRST_CONSENT if standing == Standing.NOTHING else standing
        case EventKind.WITHDRAWN:
            closes = standing in {Standing.OPTED_IN, Standing.OPTED_OUT}
            return Standing.OPTED_OUT if closes else Standing.NOTHING
        case EventKind.INVITED:
            return Standing.INVITED if standing == Standing.FIRST_CONSENT else standing
        case EventKind.RELEASED:
            return standing  # a user's judgement of what was said, kept as a proof; it opens and closes nothing
    raise ValueError(event)


def replay(events: Iterable[EventKind]) -> Standing:
    """The standing that a ledger gives, from its first event on (I6)."""
    standing = Standing.NOTHING
    for event in events:
        standing = after(standing, event)
    return standing


def effect_of(keyword: Keyword | None, standing: Standing) -> EventKind | None:
    """What a text from the person does to consent (O14); None: it is an ordinary message."""
    match keyword, standing:
        case Keyword.STOP, Standing.OPTED_OUT:
            return None  # already out; said twice is said once
        case Keyword.STOP, _:
            return EventKind.OPTED_OUT
        case Keyword.START, Standing.OPTED_IN:
            return None
        case Keyword.START, _:
            return EventKind.OPTED_IN
        case Keyword.YES, Standing.INVITED:
            return EventKind.OPTED_IN
    return None
