"""What a text was that reads like a request to stop: an opt-out, or none. A person of the team says so, once (O9)."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from candidates import consents
from candidates.consent_rules import EventKind, Source, Standing
from candidates.models import Consent, ConsentEvent
from inbox import channels, holds, receiving
from inbox.models import Conversation, HoldOutcome, Message, OptOutHold
from inbox.outcomes import Reason, Refused, Sent

Decision = Callable[[OptOutHold, list[Consent], set[int], User], Refused | None]


@transaction.atomic
def opt_out(*, message_id: int, by: User) -> Sent | Refused:
    """The person asked to stop, and is opted out, with her own sentence as the proof. Only she lifts it (O13).

    Everybody on the team may do that, with a seat or without: a request to stop waits for no licence. It counts
    also where a colleague has released the texts before, by mistake or in the same moment.
    """
    return _decide(message_id, by, _opt_out)


@transaction.atomic
def release(*, message_id: int, by: User) -> Sent | Refused:
    """It was no request to stop, and texts may go again; the ledger keeps who said so. Who may text may say it (A3)."""
    return _decide(message_id, by, _release)


def _decide(message_id: int, by: User, decision: Decision) -> Sent | Refused:
    visible = Conversation.objects.visible_to(by).values("pk")
    held = OptOutHold.objects.filter(message__conversation__in=visible).select_related("message", "resolved_by")
    hold = held.filter(message=message_id).first()
    if hold is None or hold.message is None:
        return Refused(Reason.NOT_ON_TEAM)
    ledger = consents.all_locked(company_id=hold.company_id, channel=hold.channel, addresses=hold.addresses)
    concerned = channels.get(hold.channel).conversations_of(hold.company_id, hold.addresses)
    concerned |= {hold.message.conversation_id}
    receiving.lock_conversations(concerned)
    hold = held.filter(message=message_id).first()  # as it is now that nobody else decides; it may have been moved away
    if hold is None:
        return Refused(Reason.NOT_ON_TEAM)
    refusal = decision(hold, ledger, concerned, by)
    return refusal or Sent(_message_of(hold))


def _opt_out(hold: OptOutHold, ledger: list[Consent], concerned: set[int], by: User) -> Refused | None:
    if hold.outcome in {HoldOutcome.OPTED_OUT, HoldOutcome.LIFTED}:
        return _decided(hold)
    now = timezone.now()
    events = [
        _enter(consent, EventKind.OPTED_OUT, hold, by, at=now)
        for consent in ledger
        if consent.standing != Standing.OPTED_OUT
    ]
    if hold.outcome == HoldOutcome.RELEASED:
        OptOutHold.objects.filter(pk=hold.pk).update(outcome="", resolved_at=None, resolved_by=None)
    holds.resolve([hold], HoldOutcome.OPTED_OUT, at=now, locked=concerned, by_id=by.pk)
    for event in events[:1]:
        receiving.announce_consent(
            event, channel=hold.channel, conversation_ids=concerned, heard_in=_message_of(hold).conversation_id
        )
    return None


def _release(hold: OptOutHold, ledger: list[Consent], concerned: set[int], by: User) -> Refused | None:
    if not by.has_seat():
        return Refused(
            Reason.NO_SEAT,
            _("Texting needs a SmartMessage seat, and so does releasing texts; your admin can give you one."),
        )
    if hold.outcome:
        return _decided(hold)
    now = timezone.now()
    for consent in ledger:
        _enter(consent, EventKind.RELEASED, hold, by, at=now)
    holds.resolve([hold], HoldOutcome.RELEASED, at=now, locked=concerned, by_id=by.pk)
    receiving.refresh_pages(concerned)
    return None


def _enter(consent: Consent, kind: EventKind, hold: OptOutHold, by: User, *, at: datetime) -> ConsentEvent:
    message = _message_of(hold)
    return consents.record(
        consent,
        kind,
        words=message.body,
        source=Source.USER,
        details={
            "message": message.pk,
            "conversation": message.conversation_id,
            "message_sid": message.provider_id,
            "our_number": message.recipient,
            "read_as": hold.phrase,
        },
        by_user=by,
        at=at,
    )


def _message_of(hold: OptOutHold) -> Message:
    assert hold.message is not None  # only a stray reply's hold has none, and nobody decides about that
    return hold.message


def _decided(hold: OptOutHold) -> Refused:
    """Somebody was faster: who, when, and what it means."""
    at = date_format(timezone.localtime(hold.resolved_at), "H:i") if hold.resolved_at else ""
    names = {"name": hold.resolved_by.name if hold.resolved_by else "", "time": at}
    match hold.outcome:
        case HoldOutcome.LIFTED:
            said = _("The person took it back at %(time)s, so texts may go. Nothing was changed.")
        case HoldOutcome.RELEASED:
            said = _("%(name)s has released the texts at %(time)s. Nothing was changed.")
        case _opted_out if hold.resolved_by:
            said = _("%(name)s has recorded the opt-out at %(time)s. Only the person can lift it.")
        case _opted_out:
            said = _("The person opted out at %(time)s. Only the person can lift it.")
    return Refused(Reason.DECIDED, said % names)
