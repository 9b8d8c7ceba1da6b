"""SMS as a channel of the inbox. The thinking is in `rules`, the wire in `twilio_gateway`."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import requests
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from twilio.base.exceptions import TwilioException

from candidates import phone_numbers
from candidates.consent_rules import Standing
from candidates.public import links
from channels_sms import advice, opt_outs, routes, rules
from channels_sms.locks import locked
from channels_sms.models import SenderNumber
from inbox import segments
from inbox.asking import Question, Rows
from inbox.channels import Failure, Letter, Locked, NextStep, Reach, Reachable, invitation_in
from inbox.models import Conversation, DeliveryAttempt, Direction, Kind, Message, UnmatchedReply
from inbox.outcomes import (
    Accepted,
    AccountProblem,
    Draft,
    Outcome,
    Reason,
    Refused,
    Rejected,
    Reported,
    TryLater,
    Unknown,
)
from inbox.rules import FAILED_STATUSES, next_allowed_at
from twilio_gateway import client, error_codes, status_callbacks

logger = logging.getLogger(__name__)

INVITABLE = (Reason.NEVER_INVITED, Reason.INVITED)  # where an invitation is what may go


class SmsChannel:
    key, label, icon, characters, needs_seat, has_segments = "sms", "SMS", "sms", rules.CHARACTERS, True, True
    account = client.ACCOUNT

    def account_works(self) -> bool:
        return client.takes_requests()

    def senders(self) -> QuerySet[SenderNumber]:
        return SenderNumber.objects.all()

    def weight(self, body: str) -> int:
        return segments.measure(body).segments

    def address(self, conversation: Conversation) -> str:
        return conversation.person.phone

    def reachability(self, conversation: Conversation) -> Reach:
        return self.reachabilities([conversation])[conversation.pk]

    def question(self, conversations: Sequence[Conversation]) -> Question:
        return routes.question(conversations)

    def reachabilities(self, conversations: Sequence[Conversation], answer: Rows | None = None) -> dict[int, Reach]:
        facts = _facts(conversations, answer)
        invited = [each for each in conversations if rules.lock_reason(facts[each.pk]) in INVITABLE]
        invitations = _invitations(invited)
        return {
            each.pk: self._reach(each, facts[each.pk], invitations[each.company_id, each.person.phone])
            for each in conversations
        }

    def worded(self, conversation: Conversation, body: str) -> str:
        return body

    def compose(self, conversation: Conversation, body: str, *, subject: str = "") -> Draft | Refused:
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
        way = routes.way(message.conversation)
        if way.is_retired or routes.has_left(message, present=way.sender):
            _renew_sender(message)
            way = routes.way(message.conversation)
        if way.is_retired or way.sender != message.sender:
            return Reason.NO_SENDER
        if way.is_blocked:
            return Reason.SENDER_BLOCKED
        return rules.may_be_handed_over(is_invitation=message.kind == Kind.INVITATION, standing=standing)

    def deliver(self, attempt: DeliveryAttempt) -> Outcome:
        message = attempt.message
        answer = client.send(
            sender=message.sender,
            recipient=message.recipient,
            content=message.body,
            status_callback=status_callbacks.address_for(attempt.uuid),
            validity=rules.INVITATION_VALID_FOR if message.kind == Kind.INVITATION else rules.VALID_FOR,
        )
        return client.sort_answer(
            answer, taken=Accepted, no=Rejected, not_now=TryLater, account=AccountProblem, no_answer=Unknown
        )

    def trace(self, attempt: DeliveryAttempt) -> Outcome:
        message = attempt.message
        try:
            alike = client.likely_traces(
                sender=message.sender,
                recipient=message.recipient,
                body=message.body,
                around=attempt.claimed_at,
                within=client.SAME_TEXT_WITHIN + settings.CALL_DEADLINE,
            )
        except (TwilioException, requests.RequestException):
            return TryLater()
        known = DeliveryAttempt.objects.known_ids(row.sid for row in alike)
        return next((Accepted(row.sid, row.status) for row in alike if row.sid not in known), Unknown("no trace"))

    def status_of(self, attempt: DeliveryAttempt) -> Reported | Unknown | TryLater:
        try:
            found = client.fetched(attempt.provider_id)
        except (TwilioException, requests.RequestException):
            return TryLater()
        return Reported(*found) if found else Unknown("not known there")

    def failure(self, attempt: DeliveryAttempt) -> Failure:
        row = error_codes.explain(attempt.error_code)
        steps = tuple(NextStep(each) for each in row.helps)
        return Failure(
            row.sentence,
            steps,
            may_retry=row.may_retry,
            code=row.code,
            tries=row.tries,
            is_of_account=row.is_of_the_account,
        )

    def letters_question(self, messages: Sequence[Message]) -> None:
        """A text is its words."""

    def letters(self, messages: Sequence[Message], answer: Rows | None = None) -> dict[int, Letter]:
        return {}

    def names_of(self, company_id: int, address: str) -> set[str]:
        return {address}

    def conversations_of(self, company_id: int, addresses: Iterable[str]) -> set[int]:
        return set().union(*(opt_outs.conversations_of(company_id, address) for address in addresses))

    def known_as(self, conversation: Conversation, address: str) -> None:
        """A number is changed with Edit Contact Info, and consent stays with the address: nothing to remember."""

    def attached(self, reply: UnmatchedReply, message: Message) -> None:
        """A text is all in the message."""

    def refused_by_provider(self, attempt: DeliveryAttempt) -> None:
        if error_codes.explain(attempt.error_code).means_opt_out:
            opt_outs.reported_by_carrier(attempt)

    def _reach(self, conversation: Conversation, facts: rules.Facts, invitations: Sequence[datetime]) -> Reach:
        reason = rules.lock_reason(facts)
        company, name = conversation.company.name, conversation.person.first_name
        if reason is None:
            sender = phone_numbers.display(facts.sender)
            country = phone_numbers.country_name(phone_numbers.country_of(facts.sender))
            detail = _("From %(sender)s, %(country)s") % {"sender": sender, "country": country}
            on_sender = advice.on_sender(facts, company=company, name=name)
            return Reachable(sender=facts.sender, label=_("Opted in"), detail=detail, advice=on_sender)
        now = timezone.now()
        next_at = next_allowed_at(invitations, most=settings.INVITATIONS_PER_WEEK, within=rules.WEEK, now=now)
        lock = locked(
            reason,
            person=conversation.person,
            company=company,
            sender=facts.sender,
            invitation=_invitation_text(conversation),
            next_invitation=next_at if next_at > now else None,
            is_candidate=conversation.application_id is not None,
            asked=links.asked(conversation.record) if reason == Reason.NO_CONSENT else None,
        )
        return replace(lock, advice=advice.on_sender(facts, company=company, name=name)) if lock.preview else lock

    def _draft(self, conversation: Conversation, body: str) -> Draft | Refused:
        address = self.address(conversation)
        route = routes.reserve(conversation, address)
        if route is None:
            reach = locked(Reason.NO_SENDER, person=conversation.person, company=conversation.company.name, sender="")
            return Refused(reach.reason, f"{reach.title}. {reach.text}")
        return Draft(body=body, sender=route.sender_number.number, recipient=address)


def _renew_sender(message: Message) -> None:
    """Its number was retired while it waited: it goes out from the conversation's present one, if there is one."""
    route = routes.reserve(message.conversation, message.recipient)
    if route:
        message.sender = route.sender_number.number
        message.save(update_fields=["sender"])


def _invitation_text(conversation: Conversation) -> str:
    return rules.invitation_text(company=conversation.company.name, about=conversation.record.title)


def _facts(conversations: Sequence[Conversation], answer: Rows | None) -> dict[int, rules.Facts]:
    """What is known of each person's way by SMS, with as many queries for many as for one."""
    ways = routes.ways(conversations, answer)
    without = [each for each in conversations if each.person.phone and _needs_sender(ways[each.pk])]
    new = routes.next_senders([(each, each.person.phone) for each in without])
    return {
        each.pk: rules.Facts(
            phone_typed=each.person.phone_typed,
            phone=each.person.phone,
            standing=ways[each.pk].standing,
            sender=_sender(ways[each.pk], new.get(each.pk)),
            sender_blocked=ways[each.pk].is_blocked and not ways[each.pk].is_retired,
            former_sender=ways[each.pk].sender if ways[each.pk].is_retired else "",
            is_domestic=ways[each.pk].is_domestic,
        )
        for each in conversations
    }


def _needs_sender(way: routes.Way) -> bool:
    return not way.sender or way.is_retired


def _sender(way: routes.Way, new: SenderNumber | None) -> str:
    """The number that the next text comes from; nothing if there is none for it."""
    if _needs_sender(way):
        return new.number if new else ""
    return way.sender


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
