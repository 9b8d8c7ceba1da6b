"""The one right next step for each failure: the rule by itself, then what its buttons do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutgoingMail, User
from candidates.contact import change_contact
from inbox import delivery, problems, repairs, sending
from inbox.channels import Failure, Locked, NextStep, Reach, Reachable, Remedy
from inbox.models import Conversation, Message, ProblemReport
from inbox.next_steps import Facts, Offer, next_step
from inbox.outcomes import Accepted, Reason, Refused, Rejected, Unknown
from inbox.rules import Status
from tests import steps
from tests.builders import Builders, new_number
from twilio_gateway.error_codes import Remedy as CarriersRemedy

OPEN = Reachable("+14155550100", "Opted in", "")
INVITABLE = Locked(Reason.NEVER_INVITED, "", "", "", remedies=(Remedy.INVITE, Remedy.WRITE_EMAIL))
SHUT = Locked(Reason.NO_CONSENT, "", "", "", remedies=(Remedy.WRITE_EMAIL,))
ALL_OPEN: dict[str, Reach] = {"sms": OPEN, "whatsapp": OPEN, "email": OPEN}
TRY, EDIT, WORDS, INVITE = NextStep.TRY_AGAIN, NextStep.EDIT_CONTACT, NextStep.EDIT_TEXT, NextStep.INVITE
OTHER, EMAIL, ADMIN = NextStep.OTHER_CHANNEL, NextStep.WRITE_EMAIL, NextStep.TELL_ADMIN


def offered(
    *wanted: NextStep, may_retry: bool = False, reaches: dict[str, Reach] | None = None, **facts: object
) -> Offer:
    known = {"channel": "sms", "reaches": ALL_OPEN | (reaches or {}), **facts}
    return next_step(Failure("No.", wanted, may_retry=may_retry, code=None), Facts(**known))  # type: ignore[arg-type]


@pytest.mark.requirement("N1")
def test_the_best_step_that_is_possible_is_offered() -> None:
    assert offered(EDIT, EMAIL) == Offer(EDIT)
    assert offered(TRY, EMAIL, may_retry=True) == Offer(TRY)
    assert offered(OTHER, EMAIL) == Offer(OTHER, "whatsapp")
    assert offered(OTHER, EMAIL, channel="whatsapp") == Offer(OTHER, "sms")
    assert offered(WORDS) == Offer(WORDS, "sms")
    assert offered(INVITE, reaches={"sms": INVITABLE}) == Offer(INVITE, "sms")


@pytest.mark.requirement("N1")
def test_another_channel_is_offered_where_the_person_is_reached_or_may_be_invited_there() -> None:
    assert offered(OTHER, reaches={"whatsapp": INVITABLE}) == Offer(OTHER, "whatsapp")
    assert offered(OTHER, reaches={"whatsapp": SHUT}) == Offer(EMAIL, "email"), "else the next best"
    assert offered(OTHER, reaches={"whatsapp": SHUT, "email": SHUT}) == Offer(EDIT), "else her contact data"


@pytest.mark.requirement("N1")
def test_after_three_tries_something_else_is_better_advice() -> None:
    assert offered(TRY, EDIT, may_retry=True, tries=2) == Offer(TRY)
    assert offered(TRY, EDIT, may_retry=True, tries=3) == Offer(EDIT)
    assert offered(TRY, may_retry=True, tries=9) == Offer(TRY), "where there is something else"


@pytest.mark.requirement("N1")
def test_once_the_admins_know_the_next_best_is_offered_and_at_last_another_try() -> None:
    assert offered(ADMIN, OTHER, may_retry=True) == Offer(ADMIN)
    assert offered(ADMIN, OTHER, may_retry=True, admins_know=True) == Offer(OTHER, "whatsapp")
    assert offered(ADMIN, may_retry=True, admins_know=True) == Offer(TRY)


@pytest.mark.requirement("A3")
def test_without_a_seat_nothing_is_offered_that_texts() -> None:
    for step in (TRY, WORDS, OTHER):
        assert offered(step, may_retry=True, may_text=False) == Offer(EMAIL, "email")
    assert offered(EDIT, may_text=False) == Offer(EDIT)
    assert offered(ADMIN, may_text=False) == Offer(ADMIN)
    assert offered(TRY, channel="email", may_retry=True, may_text=False) == Offer(TRY), "email needs no seat"


@pytest.mark.requirement("P3")
def test_an_address_that_was_mended_is_written_to_once_it_can_be() -> None:
    again = NextStep.SEND_TO_NEW_ADDRESS
    assert offered(EDIT, has_new_address=True) == Offer(again)
    assert offered(TRY, may_retry=True, has_new_address=True) == Offer(again)
    assert offered(EDIT, has_new_address=True, reaches={"sms": INVITABLE}) == Offer(INVITE, "sms")
    assert offered(EDIT, has_new_address=True, reaches={"sms": SHUT}) == Offer(OTHER, "whatsapp")
    assert offered(EDIT, has_new_address=True, is_text=False) == Offer(OTHER, "whatsapp")


def test_an_invitation_is_not_reworded_and_goes_again_where_one_may_go() -> None:
    assert offered(WORDS, ADMIN, is_text=False) == Offer(ADMIN)
    assert offered(TRY, may_retry=True, is_text=False, reaches={"sms": INVITABLE}) == Offer(TRY)
    assert offered(TRY, may_retry=True, is_text=False) == Offer(OTHER, "whatsapp"), "she has opted in by now"


def test_what_the_carriers_table_advises_is_known_here() -> None:
    assert {each.value for each in CarriersRemedy} <= {each.value for each in NextStep}


# --- what the buttons do ---


@pytest.mark.requirement("P3", "F5")
def test_what_is_offered_follows_where_the_person_is_reached(a: Builders) -> None:
    """A page that is open gets the failed text anew when the number is edited, and when she opts in with it."""
    maya = a.user()
    chat = a.conversation(team=[maya])
    message = failed(chat, maya, 30005)
    change_contact(chat.person, phone_typed=new_number(), email="anna@example.com")
    first = Message.objects.get(pk=message.pk).version
    assert first > message.version
    chat.refresh_from_db()
    assert first == chat.version


def failed(chat: Conversation, author: User, code: int | None, body: str = "See you on Monday?") -> Message:
    message = steps.write(chat, author, body)
    steps.hand_over(message, Rejected(code))
    return Message.objects.get(pk=message.pk)


def press(client: Client, user: User, name: str, *args: object) -> int:
    client.force_login(user)
    return client.post(reverse(name, args=args)).status_code


@pytest.mark.requirement("N1")
def test_the_words_are_carried_to_another_channel_and_what_was_typed_there_stays(a: Builders, client: Client) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya])
    message = failed(chat, maya, 21612)
    sending.keep_draft(maya, chat, "email", body="Dear Anna,", client_token=sending.draft_of(maya, chat, "email").token)
    # when
    assert press(client, maya, "carry", message.pk, "email") == 302
    assert press(client, maya, "carry", message.pk, "email") == 302
    # then
    assert chat.drafts.get(channel="email").body == "Dear Anna,\n\nSee you on Monday?"


def test_what_every_text_on_a_channel_begins_with_is_not_carried_along(a: Builders) -> None:
    # given WhatsApp's shared sender, where each text begins with the company's name
    company = a.company(texts_by_whatsapp=True, name="Northwind")
    maya = a.user(company=company)
    a.whatsapp_sender()
    chat = a.conversation(team=[maya])
    message = failed(chat, maya, 21612)
    Message.objects.filter(pk=message.pk).update(channel="whatsapp", body="Northwind: See you on Monday?")
    message.refresh_from_db()
    # when
    repairs.carry(message, to="sms", by=maya)
    # then
    assert chat.drafts.get(channel="sms").body == "See you on Monday?"


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("name", ["carry", "to-new-address", "tell-admin"])
def test_a_stranger_presses_nothing(a: Builders, client: Client, name: str) -> None:
    maya = a.user()
    message = failed(a.conversation(team=[maya]), maya, 21408)
    args = [message.pk, *(["email"] if name == "carry" else [])]
    for stranger in (a.user(company=maya.company), a.user()):
        assert press(client, stranger, name, *args) == 404
    assert not ProblemReport.objects.exists()


@pytest.mark.requirement("P3", "I1")
def test_after_the_number_was_edited_the_words_go_to_the_new_one_once(a: Builders, client: Client) -> None:
    # given a text to a number that doesn't exist, and the number is edited; Anna opted in with the new one
    maya = a.user()
    nora = a.user(company=maya.company)
    chat = a.conversation(team=[maya, nora])
    message = failed(chat, maya, 30005)
    old, new = message.recipient, new_number()
    change_contact(chat.person, phone_typed=new, email=chat.person.email)
    sending.locked_draft(maya, chat, "sms")
    chat.drafts.update(body="And one more thing")

    # then the old text can't go again, for it would go to the old number
    assert isinstance(sending.send_again(message_id=message.pk, author=maya), Refused)
    # nor to the new one, before she has agreed there (O10)
    refused = repairs.send_to_new_address(message.pk, by=maya)
    assert isinstance(refused, Refused)
    assert not chat.messages.filter(recipient=new).exists()

    # when she has, and two colleagues click, and click again
    a.consent(chat.company, new, "opted in")
    for user in (maya, nora, maya):
        assert press(client, user, "to-new-address", message.pk) == 302

    # then it went out once, to the new number, and the thread goes on saying what became of the first
    sent = chat.messages.get(recipient=new)
    steps.hand_over(sent, Accepted(steps.new_sid(), "delivered"))
    message.refresh_from_db()
    assert (sent.body, sent.author) == (message.body, maya)
    assert (message.status, message.recipient) == (Status.FAILED, old)
    assert chat.drafts.get(user=maya).body == "And one more thing"


@pytest.mark.requirement("N1")
def test_the_admins_are_told_once_for_each_kind_of_failure_and_day(a: Builders, client: Client) -> None:
    # given
    maya = a.user()
    admin = a.user(company=maya.company, seat=False, name="Ada Novak", is_company_admin=True)
    a.user(company=maya.company, name="Old Admin", is_company_admin=True, is_active=False)
    chat, other = a.conversation(team=[maya]), a.conversation(team=[maya])
    first, second, third = failed(chat, maya, 21408), failed(other, maya, 21408), failed(chat, maya, 30034)
    # when
    for message in (first, first, second, third):
        assert press(client, maya, "tell-admin", message.pk) == 302
    # then
    mails = OutgoingMail.objects.order_by("pk")
    assert [mail.to for mail in mails] == [admin.email, admin.email]
    assert "Texting to this country is not switched on. (The carrier's code is 21408.)" in mails[0].body
    assert "See you on Monday?" not in mails[0].body, "what was written is the team's"
    assert chat.person.name not in mails[0].body
    assert set(problems.told(chat.company_id)) == {("sms", 21408), ("sms", 30034)}
    # and their settings list it
    client.force_login(admin)
    listed = client.get("/settings/inbox/problemreport/").content.decode()
    assert "Texting to this country is not switched on." in listed
    assert "Carrier's code 30034" in listed or "Carrier&#x27;s code 30034" in listed
    client.force_login(a.user(company=a.company(), is_company_admin=True))
    assert "No problems" in client.get("/settings/inbox/problemreport/").content.decode()
    # and on the next day once more
    ProblemReport.objects.update(day=timezone.now().date() - timedelta(days=1))
    assert problems.tell_admins(first, by=maya)
    assert not problems.tell_admins(first, by=maya)


def test_where_a_company_has_no_admin_the_operator_is_told(a: Builders) -> None:
    operator = User.objects.create_superuser("operator@platform.example", "x", name="Operator")
    maya = a.user()
    assert problems.tell_admins(failed(a.conversation(team=[maya]), maya, 21408), by=maya)
    assert OutgoingMail.objects.get().to == operator.email


@pytest.mark.requirement("N1")
def test_the_page_offers_the_step_and_says_that_the_admins_know(a: Builders, client: Client) -> None:
    maya = a.user()
    a.user(company=maya.company, seat=False, name="Ada Novak", is_company_admin=True)
    chat = a.conversation(team=[maya])
    message = failed(chat, maya, 21606)
    client.force_login(maya)
    assert "Tell your admin" in client.get(chat.record.messages_url()).content.decode()
    client.post(reverse("tell-admin", args=[message.pk]))
    page = client.get(chat.record.messages_url()).content.decode()
    assert "Your admins were told on" in page
    assert "Retry" in page
    assert "Tell your admin" not in page


@pytest.mark.requirement("A3", "I1")
def test_send_again_is_offered_to_whom_it_would_obey_whichever_channel_is_open(a: Builders, client: Client) -> None:
    # given a text of which no trace was found, in the Inbox, where an email is being written
    maya = a.user()
    jonas = a.user(company=maya.company, seat=False, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas])
    message = steps.write(chat, maya)
    delivery.give_up(steps.hand_over(message, Unknown()).pk)

    def is_offered_to(user: User) -> bool:
        client.force_login(user)
        page = client.get(reverse("conversation", args=[chat.pk]), {"on": "email"}).content.decode()
        assert "Still no trace of it." in page
        return reverse("again", args=[message.pk]) in page

    # then it is offered to who may text, and not to who only reads
    assert is_offered_to(maya)
    assert not is_offered_to(jonas)
    # nor to anybody once the person has opted out
    a.consent(chat.company, chat.person.phone, "opted out")
    assert not is_offered_to(maya)
