"""SMS as a channel of the inbox. The thinking is in `rules`, the wire in `twilio_gateway`."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import requests
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from twilio.base.exceptions import TwilioException

from candidates import consents, phone_numbers
from candidates.consent_rules import Standing
from candidates.public import links
from channels_sms import opt_outs, routes, rules
from channels_sms.locks import locked
from inbox.channels import Failure, Locked, Reach, Reachable, invitation_in
from inbox.models import Conversation, DeliveryAttempt, Direction, Kind, Message
from inbox.outcomes import Accepted, Draft, Outcome, Reason, Refused, Rejected, TryLater, Unknown
from inbox.rules import FAILED_STATUSES
from twilio_gateway import client, error_codes

logger = logging.getLogger(__name__)

SAME_TEXT_WITHIN = timedelta(minutes=1)  # with the deadline less than a later text waits: it is never taken for this


class SmsChannel:
    key, label, icon, characters = "sms", "SMS", "sms", rules.CHARACTERS

    def address(self, conversation: Conversation) -> str:
        return conversation.person.phone

    def reachability(self, conversation: Conversation) -> Reach:
        return self.reachabilities([conversation])[conversation.pk]

    def reachabilities(self, conversations: Sequence[Conversation]) -> dict[int, Reach]:
        facts = _facts(conversations)
        locked = [each for each in conversations if rules.lock_reason(facts[each.pk])]
        invitations = _invitations(locked)
        return {
            each.pk: self._reach(each, facts[each.pk], invitations[each.company_id, each.person.phone])
            for each in conversations
        }

    def compose(self, conversation: Conversation, body: str) -> Draft | Refused:
        reach = self.reachability(conversation)
        if isinstance(reach, Locked):
            return Refused(reach.reason, f"{reach.title}. {reach.text}")
        return self._draft(conversation, body)

    def invitation(self, conversation: Conversation) -> Draft | Refused:
        invited = invitation_in(self.reachability(conversation))
        return invited if isinstance(invited, Refused) else self._draft(conversation, invited)

    def refusal(self, message: Message, standing: Standing) -> Reason | None:
        if message.conversation.person.phone != message.recipient:
            return Reason.NUMBER_CHANGED
        route = routes.live_route(message.conversation, message.recipient)
        if route is None or route.sender_number.number != message.sender:
            return Reason.NO_SENDER
        if route.blocked_at:
            return Reason.SENDER_BLOCKED
        return rules.may_be_handed_over(is_invitation=message.kind == Kind.INVITATION, standing=standing)

    def deliver(self, attempt: DeliveryAttempt) -> Outcome:
        message = attempt.message
        answer = client.send_sms(
            sender=message.sender,
            recipient=message.recipient,
            body=message.body,
            status_callback=_callback_url(attempt),
            validity=rules.INVITATION_VALID_FOR if message.kind == Kind.INVITATION else rules.VALID_FOR,
        )
        match answer:
            case client.Taken(sid, status):
                return Accepted(sid, status)
            case client.No(code):
                return Rejected(code)
            case client.NotNow(pause):
                return TryLater(pause)
            case client.NoAnswer(why):
                return Unknown(why)

    def trace(self, attempt: DeliveryAttempt) -> Outcome:
        """One text of ours, with these words, made around the hand-over, that no other attempt is known for.

        Words and time are only a likeness; the callback with the attempt's UUID is the certain link (twilio.md §2).
        """
        message = attempt.message
        try:
            listed = client.newest_messages(sender=message.sender, recipient=message.recipient)
        except (TwilioException, requests.RequestException):
            return TryLater()
        alike = [
            row
            for row in listed
            if row.direction == "outbound-api"
            and row.body.split() == message.body.split()
            and abs(row.created_at - attempt.claimed_at) < SAME_TEXT_WITHIN + settings.CALL_DEADLINE
        ]
        known = set(
            DeliveryAttempt.objects.filter(provider_id__in=[row.sid for row in alike]).values_list(
                "provider_id", flat=True
            )
        )
        oldest_first = sorted((row for row in alike if row.sid not in known), key=lambda row: row.created_at)
        return Accepted(oldest_first[0].sid, oldest_first[0].status) if oldest_first else Unknown("no trace")

    def failure(self, attempt: DeliveryAttempt) -> Failure:
        row = error_codes.explain(attempt.error_code)
        permanent = row.kind == error_codes.Kind.PERMANENT
        return Failure(
            sentence=row.sentence,
            may_retry=not permanent or error_codes.Remedy.ASK_ADMIN in row.helps,
            may_edit_number=error_codes.Remedy.EDIT_NUMBER in row.helps,
            code=attempt.error_code,
        )

    def refused_by_provider(self, attempt: DeliveryAttempt) -> None:
        if error_codes.explain(attempt.error_code).means_opt_out:
            opt_outs.reported_by_carrier(attempt)

    def _reach(self, conversation: Conversation, facts: rules.Facts, invitations: Sequence[datetime]) -> Reach:
        reason = rules.lock_reason(facts)
        if reason is None:
            sender = phone_numbers.display(facts.sender)
            country = phone_numbers.country_name(phone_numbers.country_of(facts.sender))
            detail = _("From %(sender)s, %(country)s") % {"sender": sender, "country": country}
            return Reachable(sender=facts.sender, label=_("Opted in"), detail=detail)
        now = timezone.now()
        next_at = rules.next_invitation_at(invitations, most=settings.INVITATIONS_PER_WEEK, now=now)
        return locked(
            reason,
            person=conversation.person,
            company=conversation.company.name,
            sender=facts.sender,
            invitation=_invitation_text(conversation),
            next_invitation=next_at if next_at > now else None,
            is_candidate=conversation.application_id is not None,
            asked=links.asked(conversation.record) if reason == Reason.NO_CONSENT else None,
        )

    def _draft(self, conversation: Conversation, body: str) -> Draft | Refused:
        address = self.address(conversation)
        route = routes.reserve(conversation, address)
        if route is None:
            reach = locked(Reason.NO_SENDER, person=conversation.person, company=conversation.company.name, sender="")
            return Refused(reach.reason, f"{reach.title}. {reach.text}")
        return Draft(body=body, sender=route.sender_number.number, recipient=address)


def _invitation_text(conversation: Conversation) -> str:
    return rules.invitation_text(company=conversation.company.name, about=conversation.record.title)


def _facts(conversations: Sequence[Conversation]) -> dict[int, rules.Facts]:
    """What is known of each person's way by SMS, with as many queries for many as for one."""
    kept = routes.live_routes(conversations)
    without = [each for each in conversations if each.person.phone and each.pk not in kept]
    new = routes.next_senders([(each, each.person.phone) for each in without])
    standings = consents.standings_of(
        ((each.company_id, each.person.phone) for each in conversations), channel=SmsChannel.key
    )
    facts = {}
    for each in conversations:
        person, route = each.person, kept.get(each.pk)
        sender = route.sender_number if route else new.get(each.pk)
        facts[each.pk] = rules.Facts(
            phone_typed=person.phone_typed,
            phone=person.phone,
            standing=standings[each.company_id, person.phone],
            sender=sender.number if sender else "",
            sender_blocked=bool(route and route.blocked_at),
        )
    return facts


def _invitations(conversations: Sequence[Conversation]) -> dict[tuple[int, str], list[datetime]]:
    """When these companies invited these phones in the last week; what never reached the carrier doesn't count."""
    found: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    if not conversations:
        return found
    sent = Message.objects.filter(
        conversation__company__in={each.company_id for each in conversations},
        channel=SmsChannel.key,
        direction=Direction.OUT,
        kind=Kind.INVITATION,
        recipient__in={each.person.phone for each in conversations},
        created_at__gt=timezone.now() - rules.WEEK,
    ).exclude(status__in=FAILED_STATUSES)
    for company_id, phone, at in sent.values_list("conversation__company_id", "recipient", "created_at"):
        found[company_id, phone].append(at)
    return found


def _callback_url(attempt: DeliveryAttempt) -> str:
    """Carries the attempt's UUID; the fragment asks Twilio to try again on any failure (twilio.md §3)."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('twilio-status')}?m={attempt.uuid}#rc=3&rp=all"
