"""Nobody waits for the other in a circle: consent, person, record, conversations by their ids (docs/decisions/0002).

Each story is two who need the same rows. A third holds one of them, until both wait; the first to wait has it first. In
a circle PostgreSQL ends one of the two, which is a failed request of a candidate or of a colleague.
"""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connections, transaction
from django.db.models import Model

from accounts.models import Company, User
from candidates import contact, proposals, records
from candidates.imports import people
from candidates.imports.rules import Person
from candidates.models import Candidate, ContactProposal, Import, Purpose
from candidates.public import links, submissions
from channels_sms import opt_outs
from channels_sms.receiving import InboundSms, receive_sms
from channels_whatsapp.receiving import receive_whatsapp
from inbox import unmatched
from inbox.invitations import runs
from inbox.models import Conversation, UnmatchedReply
from tests import steps
from tests.builders import Builders, new_number
from tests.candidates import form_steps as forms
from tests.flows.conftest import until
from tests.flows.faults import HeldRow


def both_go_through(row: Model, first: Callable[[], object], second: Callable[[], object]) -> None:
    """Both, once they wait for this row or for each other, end well."""
    held, failures = HeldRow(row), list[Exception]()

    def run(action: Callable[[], object]) -> None:
        try:
            action()
        except Exception as problem:
            failures.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[action]) for action in (first, second)]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        until(lambda number=number: len(held.waiting()) == number or failures)  # type: ignore[misc]
    held.let_go()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []


@pytest.fixture
def company(a: Builders) -> Company:
    return forms.company_with(a, "separated", sender_countries=("US", "US"))


@pytest.fixture
def maya(a: Builders, company: Company) -> User:
    return a.user(company=company)


def texts_stop(chat: Conversation) -> None:
    stop = InboundSms(chat.person.phone, steps.our_number(chat), "STOP", steps.new_sid(), "", [])
    with transaction.atomic():
        receive_sms(stop, reference=stop.message_sid)


def with_same_phone(a: Builders, maya: User) -> tuple[Conversation, Conversation]:
    """Two people who share a phone; the second one's conversation is the younger."""
    low = a.conversation(team=[maya])
    return low, a.conversation(team=[maya], phone=low.person.phone_typed, name="Otto Bauer")


@pytest.mark.requirement("O13", "I2")
def test_a_form_and_a_stop_by_whatsapp_of_two_who_share_a_phone(a: Builders, company: Company, maya: User) -> None:
    low, high = with_same_phone(a, maya)
    ours = a.whatsapp_sender(company).number
    form = forms.filled(company, Purpose.SMS, phone=high.person.phone, email=high.person.email)

    @transaction.atomic
    def stops() -> None:
        phone = low.person.phone
        stop = {"From": f"whatsapp:{phone}", "To": f"whatsapp:{ours}", "Body": "Stop", "MessageSid": steps.new_sid()}
        receive_whatsapp(stop, reference="")

    both_go_through(low, stops, lambda: submissions.submit(high.record.group, form))


@pytest.mark.requirement("O13")
def test_a_change_of_name_and_what_the_carrier_says_of_the_younger_conversation(a: Builders, maya: User) -> None:
    low = a.conversation(team=[maya])
    high = a.conversation(team=[maya], person=low.person)
    refused = steps.refused_attempt(high, maya)
    both_go_through(
        low, lambda: contact.change_name(low.person, "Anna Berg"), lambda: opt_outs.reported_by_carrier(refused)
    )


@pytest.mark.requirement("O15")
def test_who_applies_again_while_a_colleague_asks_for_consent(a: Builders, company: Company, maya: User) -> None:
    chat = a.conversation(team=[maya], sms="nothing")
    records.set_withdrawn(chat.record, is_withdrawn=True)
    form = forms.filled(company, Purpose.SMS, phone=chat.person.phone, email=chat.person.email)
    both_go_through(
        chat,
        lambda: submissions.submit(chat.record.group, form),
        lambda: links.ask_for_consent(chat.record, by=maya),
    )
    chat.record.refresh_from_db()
    assert chat.record.withdrawn_at is None


@pytest.mark.requirement("P3")
def test_the_same_form_again_while_a_colleague_takes_its_number_over(a: Builders, company: Company, maya: User) -> None:
    chat = a.conversation(team=[maya])
    form = forms.filled(company, Purpose.SMS, phone=new_number(), email=chat.person.email)
    submissions.submit(chat.record.group, form)
    proposal = ContactProposal.objects.get(candidate=chat.person, field="phone")
    both_go_through(
        Candidate.objects.get(pk=chat.person.pk),
        lambda: submissions.submit(chat.record.group, form),
        lambda: proposals.decide(proposal.pk, user=maya, accept=True),
    )


@pytest.mark.requirement("I2")
def test_an_import_that_fills_in_emails_and_a_stop_of_two_who_share_a_phone(
    a: Builders, company: Company, maya: User
) -> None:
    phone = new_number()
    elder, younger = (a.person(company, name=name, phone=phone) for name in ("Anna Bauer", "Otto Bauer"))
    Candidate.objects.filter(pk__in=[elder.pk, younger.pk]).update(email="")
    low, high = a.conversation(team=[maya], person=younger), a.conversation(team=[maya], person=elder)
    source = Import(company=company, job=low.record.group, by=maya)  # type: ignore[misc]
    rows = [
        (line, Person(each.name, f"{uuid.uuid4().hex}@example.com", phone, phone))
        for line, each in enumerate((elder, younger), start=1)
    ]

    @transaction.atomic
    def imports() -> None:
        people.write(source, rows)

    steps.our_number(high)
    both_go_through(low, lambda: texts_stop(high), imports)


@pytest.mark.requirement("I7")
def test_a_reply_is_attached_to_somebody_whom_an_import_completes(a: Builders, company: Company, maya: User) -> None:
    chat = a.conversation(team=[maya], phone="")
    reply = UnmatchedReply.objects.create(
        company=company,
        channel="whatsapp",
        sender=f"US.{uuid.uuid4().int}",
        recipient=a.whatsapp_sender(company).number,
        body="Hi",
        provider_id=steps.new_sid(),
    )
    source = Import(company=company, job=chat.record.group, by=maya)  # type: ignore[misc]
    row = Person(chat.person.name, chat.person.email, number := new_number(), number)

    @transaction.atomic
    def imports() -> None:
        people.write(source, [(1, row)])

    both_go_through(chat, lambda: unmatched.attach(reply, chat, by=maya), imports)


@pytest.mark.requirement("O6", "I2")
def test_a_stop_and_an_invitation_of_many_that_has_two_records_of_one_person(a: Builders, maya: User) -> None:
    low = a.conversation(team=[maya])
    high = a.conversation(team=[maya], person=low.person)
    both_go_through(
        low,
        lambda: texts_stop(high),
        lambda: runs.start([high, low], by=maya, channel_key="sms", token=uuid.uuid4()),
    )
