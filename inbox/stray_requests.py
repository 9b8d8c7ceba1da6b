"""A request to stop that fits no conversation holds texts all the same, while it lies in the tray (O9, I7).

It holds for every company that a STOP in its place would count for, as far as that knows the phone: the company whose
number it came to, or all that it may be meant for (W5). Attached, the hold goes along, and that team decides. Given to
one of several companies, it holds at the others no more. The person's own START or STOP ends it as any other.
"""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from candidates.models import Consent
from inbox import channels, holds
from inbox.holds import Asked
from inbox.models import HoldOutcome, Kind, Message, OptOutHold, UnmatchedReply


def asked_by(body: str, *, companies: Iterable[int], channel: str, kind: Kind, sender: str) -> list[Asked]:
    """What a text in the tray asks of these companies; nothing of one that never heard of the phone.

    It takes the locks of consents, so call it before any conversation is locked.
    """
    if not holds.is_question(body, channel=channel, kind=kind):
        return []
    found = []
    for company_id in sorted(set(companies)):
        names = channels.get(channel).names_of(company_id, sender)
        if Consent.objects.filter(company=company_id, channel=channel, address__in=names).exists():
            found.append(holds.asked_of(company_id, body, channel=channel, sender=sender))
    return [asked for asked in found if asked]


def go_along(reply: UnmatchedReply, message: Message) -> None:
    """The reply was attached, as this message: its hold is the message's now, with whatever became of it meanwhile."""
    hold = OptOutHold.objects.filter(reply=reply, company=message.conversation.company_id).first()
    if hold is None:
        return
    OptOutHold.objects.filter(message=message).delete()  # the same request, read once more
    hold.reply, hold.message = None, message
    hold.save(update_fields=["reply", "message"])


def end_elsewhere(reply: UnmatchedReply, *, by: User) -> None:
    """It is known for which company the reply was meant."""
    others = OptOutHold.objects.open().filter(reply=reply).exclude(company=reply.company_id)
    found = list(others.select_related("message", "reply"))
    holds.resolve(found, HoldOutcome.ELSEWHERE, at=timezone.now(), locked=(), by_id=by.pk)
