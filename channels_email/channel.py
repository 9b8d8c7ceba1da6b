"""Email as a channel of the inbox. The thinking is in `rules`, the wire in `handing_over`."""

from collections.abc import Iterable, Sequence

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.consent_rules import Standing
from channels_email import addresses, bounces, composing, failures, handing_over, letters, receiving, rules
from inbox import search
from inbox.asking import Question, Rows, ask
from inbox.channels import EMAIL, Failure, Letter, Locked, NextStep, Reach, Reachable
from inbox.models import Conversation, DeliveryAttempt, Message, UnmatchedReply
from inbox.outcomes import Draft, Outcome, Reason, Refused, Unknown


class EmailChannel:
    key, icon, characters, needs_seat, has_segments = EMAIL, "mail", rules.CHARACTERS, False, False
    label = gettext_lazy("Email")
    account = EMAIL

    def account_works(self) -> bool:
        """A mail server that takes nothing says so to each mail, which then waits by itself."""
        return True

    def senders(self) -> None:
        """Mail keeps no pace here; the mail service has its own."""

    def weight(self, body: str) -> int:
        return 1

    def address(self, conversation: Conversation) -> str:
        return conversation.person.email

    def reachability(self, conversation: Conversation) -> Reach:
        return self.reachabilities([conversation])[conversation.pk]

    def question(self, conversations: Sequence[Conversation]) -> Question:
        return bounces.question(conversations)

    def reachabilities(self, conversations: Sequence[Conversation], answer: Rows | None = None) -> dict[int, Reach]:
        bounced = bounces.of(ask(self.question(conversations))[0] if answer is None else answer)
        found: dict[int, Reach] = {}
        for each in conversations:
            address = each.person.email
            back = bounced.get((each.company_id, address.lower()))
            locked = rules.locked(name=each.person.first_name, address=address, bounced=back)
            found[each.pk] = locked or self._open(each)
        return found

    def worded(self, conversation: Conversation, body: str) -> str:
        return body

    def compose(self, conversation: Conversation, body: str, *, subject: str = "") -> Draft | Refused:
        reach = self.reachability(conversation)
        if isinstance(reach, Locked):
            return Refused(reach.reason, f"{reach.title}. {reach.text}")
        subject = rules.one_line(subject) or str(reach.subject)
        addresses.reply_address(conversation)
        search.add(conversation.pk, subject)
        return Draft(body=body, sender=reach.sender, recipient=conversation.person.email, handover={"subject": subject})

    def invitation(self, conversation: Conversation) -> Draft | Refused:
        return Refused(Reason.OPTED_IN, _("Email needs no invitation. Write to the person right away."))

    def refusal(self, message: Message, standing: Standing) -> Reason | None:
        conversation = message.conversation
        if message.recipient.lower() != conversation.person.email.lower():
            return Reason.ADDRESS_CHANGED
        reach = self.reachability(conversation)
        return reach.reason if isinstance(reach, Locked) else None

    def deliver(self, attempt: DeliveryAttempt) -> Outcome:
        return handing_over.hand_over(composing.mail_of(attempt), reference=str(attempt.uuid))

    def trace(self, attempt: DeliveryAttempt) -> Outcome:
        """A mail server can't be asked what it took; a provider's report or a returned mail may settle it."""
        return Unknown("mail leaves no trace")

    def status_of(self, attempt: DeliveryAttempt) -> Unknown:
        return Unknown("mail leaves no trace")

    def failure(self, attempt: DeliveryAttempt) -> Failure:
        cause = failures.explain(attempt.error_code)
        steps = (NextStep.EDIT_CONTACT,) if cause.is_address else (NextStep.TRY_AGAIN, NextStep.OTHER_CHANNEL)
        return Failure(cause.sentence, steps, may_retry=cause.may_retry, code=None)

    def letters_question(self, messages: Sequence[Message]) -> Question | None:
        return letters.question(messages)

    def letters(self, messages: Sequence[Message], answer: Rows | None = None) -> dict[int, Letter]:
        return letters.shown(messages, answer)

    def names_of(self, company_id: int, address: str) -> set[str]:
        return {address}

    def conversations_of(self, company_id: int, addresses: Iterable[str]) -> set[int]:
        return set()  # consent to texts, which these are for, isn't given to an email address

    def known_as(self, conversation: Conversation, address: str) -> None:
        """An address is changed with Edit Contact Info; what is sent from another one is shown with it."""

    def attached(self, reply: UnmatchedReply, message: Message) -> None:
        receiving.bring_along(reply, message)

    def refused_by_provider(self, attempt: DeliveryAttempt) -> None:
        if failures.is_for_good(attempt.error_code):
            bounces.note(attempt)

    def _open(self, conversation: Conversation) -> Reachable:
        return Reachable(
            sender=addresses.sender_address(),
            label=_("Has an address"),
            detail=conversation.person.email,
            is_opted_in=False,  # email needs no consent, so there is none that a check mark could stand for (F5)
            subject=lazy(_subject_of, str)(conversation),  # asked for only where somebody writes
        )


def _subject_of(conversation: Conversation) -> str:
    """The subject that fits: an answer to the last letter, or the first one."""
    last = composing.last_subject([conversation.pk]).get(conversation.pk, "")
    first = rules.first_subject(title=conversation.record.title, company=conversation.company.name)
    return rules.answered_subject(last) or first
