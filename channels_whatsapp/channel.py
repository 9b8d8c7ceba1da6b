"""WhatsApp as a channel of the inbox. The thinking is in `rules`, what is known in `facts`, the wire in the gateway."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import requests
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from twilio.base.exceptions import TwilioException

from accounts.models import ConsentStyle
from candidates import phone_numbers
from candidates.consent_rules import Standing
from candidates.public import links
from channels_whatsapp import aliases, facts, locks, receiving, refusals, rules, senders, templates
from channels_whatsapp.facts import Known
from channels_whatsapp.models import KnownAddress, Template, TemplateState, WhatsAppSender
from inbox.asking import Question, Rows
from inbox.channels import Failure, Letter, Locked, NextStep, Reach, Reachable, invitation_in
from inbox.models import Conversation, DeliveryAttempt, Kind, Message, UnmatchedReply
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
from inbox.rules import next_allowed_at
from twilio_gateway import client, error_codes, status_callbacks


class WhatsAppChannel:
    key, label, icon = facts.KEY, "WhatsApp", "whatsapp"
    characters, needs_seat, has_segments = rules.CHARACTERS, True, False
    account = client.ACCOUNT

    def account_works(self) -> bool:
        return client.takes_requests()

    def senders(self) -> QuerySet[WhatsAppSender]:
        return WhatsAppSender.objects.all()

    def weight(self, body: str) -> int:
        return 1

    def address(self, conversation: Conversation) -> str:
        return facts.addresses_of([conversation])[conversation.pk]

    def reachability(self, conversation: Conversation) -> Reach:
        return self.reachabilities([conversation])[conversation.pk]

    def question(self, conversations: Sequence[Conversation]) -> Question:
        return facts.question(conversations)

    def reachabilities(self, conversations: Sequence[Conversation], answer: Rows | None = None) -> dict[int, Reach]:
        known = facts.known_of(conversations, answer)
        now = timezone.now()
        reasons = {pk: rules.lock_reason(each.facts, now=now) for pk, each in known.items()}
        invitations = facts.unanswered_invitations(
            [each for each in conversations if reasons[each.pk] in facts.INVITED_NEXT]
        )
        found: dict[int, Reach] = {}
        for each in conversations:
            earlier = invitations[each.company_id, known[each.pk].facts.address]
            next_at = next_allowed_at(earlier, most=settings.INVITATIONS_PER_WEEK, within=rules.WEEK, now=now)
            found[each.pk] = _reach(each, known[each.pk], next_invitation=next_at if next_at > now else None)
        return found

    def worded(self, conversation: Conversation, body: str) -> str:
        sender = senders.sender_of(conversation.company_id)
        prefix = rules.prefix_of(conversation.company.name) if sender and sender.is_shared else ""
        return f"{prefix}{body}" if body.strip() else body

    def compose(self, conversation: Conversation, body: str, *, subject: str = "") -> Draft | Refused:
        known = facts.known_of([conversation])[conversation.pk]
        reach = _reach(conversation, known, next_invitation=None)
        if isinstance(reach, Locked):
            return Refused(reach.reason, f"{reach.title}. {reach.text}")
        return Draft(body=body, sender=known.facts.sender, recipient=known.facts.address)

    def invitation(self, conversation: Conversation) -> Draft | Refused:
        invited = invitation_in(self.reachability(conversation))
        if isinstance(invited, Refused):
            return invited
        known = facts.known_of([conversation])[conversation.pk]
        assert known.template is not None  # its words were just shown
        handover: dict[str, object] = {
            "content_sid": known.template.content_sid,
            "variables": templates.values_for(known.template, conversation),
        }
        return Draft(invited, sender=known.facts.sender, recipient=known.facts.address, handover=handover)

    def refusal(self, message: Message, standing: Standing) -> Reason | None:
        conversation = message.conversation
        if self.address(conversation) != message.recipient:
            return Reason.NUMBER_CHANGED
        sender = senders.sender_of(conversation.company_id)
        if sender is None or sender.number != message.sender:
            return Reason.NO_SENDER
        heard = facts.last_heard(conversation.pk, sender=message.sender)
        refused = facts.refused_at(conversation.pk, sender=message.sender)
        judged = rules.Facts(
            phone_typed="",
            address=message.recipient,
            sender=message.sender,
            standing=standing,
            last_heard=heard,
            refused_at=refused,
        )
        content_sid = message.handover.get("content_sid", "")
        return rules.may_be_handed_over(
            is_invitation=message.kind == Kind.INVITATION,
            standing=standing,
            is_open=rules.open_window(judged, now=timezone.now()).is_open,
            is_approved=Template.objects.filter(content_sid=content_sid, state=TemplateState.APPROVED).exists(),
        )

    def deliver(self, attempt: DeliveryAttempt) -> Outcome:
        message, is_invitation = attempt.message, attempt.message.kind == Kind.INVITATION
        content: str | client.Template = message.body
        if is_invitation:
            content = client.Template(message.handover["content_sid"], message.handover["variables"])
        answer = client.send(
            sender=rules.to_wire(message.sender),
            recipient=rules.to_wire(message.recipient),
            content=content,
            status_callback=status_callbacks.address_for(attempt.uuid),
            validity=rules.INVITATION_VALID_FOR if is_invitation else rules.VALID_FOR,
        )
        return client.sort_answer(
            answer, taken=Accepted, no=Rejected, not_now=TryLater, account=AccountProblem, no_answer=Unknown
        )

    def trace(self, attempt: DeliveryAttempt) -> Outcome:
        message = attempt.message
        try:
            alike = client.likely_traces(
                sender=rules.to_wire(message.sender),
                recipient=rules.to_wire(message.recipient),
                body=message.body,
                around=attempt.claimed_at,
                within=client.SAME_TEXT_WITHIN + settings.CALL_DEADLINE,
                is_template=message.kind == Kind.INVITATION,
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
        sentence, steps = row.sentence, tuple(NextStep(each) for each in row.helps)
        if row.code == facts.WINDOW_IS_SHUT and attempt.message.kind == Kind.INVITATION:
            sentence, steps = refusals.NOT_TAKEN, (NextStep.TELL_ADMIN,)
        may_retry = row.may_retry or row.code == facts.WINDOW_IS_SHUT
        return Failure(
            sentence,
            steps,
            may_retry=may_retry,
            code=row.code,
            tries=row.tries,
            is_of_account=row.is_of_the_account,
        )

    def letters_question(self, messages: Sequence[Message]) -> None:
        """A text is its words."""

    def letters(self, messages: Sequence[Message], answer: Rows | None = None) -> dict[int, Letter]:
        return {}

    def names_of(self, company_id: int, address: str) -> set[str]:
        sender = senders.sender_of(company_id)
        return receiving.names_at(company_id, aliases.addresses_of(sender, address) if sender else [address])

    def conversations_of(self, company_id: int, addresses: Iterable[str]) -> set[int]:
        return receiving.conversations_of(company_id, addresses)

    def known_as(self, conversation: Conversation, address: str) -> None:
        if not rules.is_number(address) and rules.from_wire(address):
            KnownAddress.objects.update_or_create(
                candidate=conversation.person, defaults={"company": conversation.company, "address": address}
            )

    def attached(self, reply: UnmatchedReply, message: Message) -> None:
        """A text is all in the message."""

    def refused_by_provider(self, attempt: DeliveryAttempt) -> None:
        if attempt.message.kind == Kind.INVITATION and attempt.error_code:
            templates.refused(attempt.message.handover.get("content_sid", ""), attempt.error_code)


def _reach(conversation: Conversation, known: Known, *, next_invitation: datetime | None) -> Reach:
    now, person = timezone.now(), conversation.person
    reason = rules.lock_reason(known.facts, now=now)
    if reason is None:
        return _open(conversation, known)
    case = locks.Case(
        person=person,
        facts=known.facts,
        invitation=templates.text_for(known.template, conversation) if known.template else "",
        next_invitation=next_invitation,
        asked=links.asked(conversation.record) if reason == Reason.NO_CONSENT else None,
        is_candidate=conversation.application_id is not None,
        box_only=conversation.company.consent_style == ConsentStyle.SINGLE,
    )
    return locks.locked(reason, case)


def _open(conversation: Conversation, known: Known) -> Reachable:
    assert known.sender is not None  # the rules would have locked it
    agreed = rules.has_consent(known.facts.standing)
    sender = phone_numbers.display(known.sender.number)
    silent = known.facts.silent_since
    return Reachable(
        sender=known.sender.number,
        label=_("Opted in") if agreed else _("May be answered"),
        detail=_("From %(sender)s") % {"sender": sender}
        if agreed
        else _("No consent: only answers, until the 24 hours are over"),
        is_opted_in=agreed,
        open_until=rules.open_window(known.facts, now=timezone.now()).closes_at,
        prefix=rules.prefix_of(conversation.company.name) if known.sender.is_shared else "",
        hint=locks.no_sign_since(conversation.person.first_name, silent) if silent else "",
    )
