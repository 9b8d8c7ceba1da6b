"""A failure of the account: sending pauses and resumes; no text is lost, and none goes out twice (I1, I2, I9)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from twilio.base.exceptions import TwilioRestException

from accounts import work
from accounts.models import OutgoingMail, User
from inbox import delivery, pauses, sweeps
from inbox.models import Message, Notice, SendingPause
from inbox.outcomes import Accepted, AccountProblem, Reason, TryLater
from inbox.rules import GIVES_UP_AFTER, AttemptStatus, Status
from tests import steps
from tests.builders import Builders
from tests.conftest import Twilio
from twilio_gateway import client as gateway


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> "Account":
    return Account(monkeypatch)


class Account:
    """The platform's account at the provider: mended, or not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_mended, self.asked = False, 0
        monkeypatch.setattr(gateway, "takes_requests", self.takes_requests)

    def takes_requests(self) -> bool:
        self.asked += 1
        return self.is_mended


def anew(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def probe_is_due() -> None:
    SendingPause.objects.update(probe_at=timezone.now() - timedelta(seconds=1))
    pauses.sweep(timezone.now())


@pytest.mark.requirement("I1", "I9")
def test_the_texts_wait_and_go_out_once_and_in_order_when_it_is_mended(a: Builders, account: Account) -> None:
    # given two texts, of which the first meets a refusal of the account
    maya = a.user()
    chat = a.conversation(team=[maya])
    first, second = steps.write(chat, maya, "one"), steps.write(chat, maya, "two")
    attempt = steps.hand_over(first, AccountProblem(20003))

    # then it waits again, and so does everything on this account, also what is written now
    assert anew(first).status == Status.QUEUED
    assert (attempt.status, attempt.error_code) == (AttemptStatus.RELEASED, 20003)
    other = steps.write(a.conversation(team=[maya]), maya)
    assert [delivery.claim(each.pk) for each in (first, second, other)] == [None, None, None]
    later = timezone.now() + timedelta(hours=5)
    assert sweeps.ask_for_waiting_texts(later) == 0, "nobody is asked in vain"
    assert sweeps.oldest_unclaimed(later) == timedelta(0), "they wait for the account, not for a worker"
    assert not Notice.objects.exists(), "it is nobody's failed text"

    # when a probe is answered
    probe_is_due()
    assert delivery.claim(first.pk) is None, "not yet"
    account.is_mended = True
    probe_is_due()

    # then each goes out once, the first one first
    assert delivery.claim(second.pk) is None
    steps.hand_over(first, Accepted(steps.new_sid(), "sent"))
    steps.hand_over(second, Accepted(steps.new_sid(), "sent"))
    assert [anew(each).attempts.count() for each in (first, second)] == [2, 1]
    assert delivery.claim(first.pk) is None


@pytest.mark.requirement("I2", "O6")
def test_a_stop_during_the_pause_wins(a: Builders, account: Account, twilio: Twilio) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    message = steps.write(chat, maya)
    steps.hand_over(message, AccountProblem(20003))
    steps.says(twilio, chat, "Stop")
    account.is_mended = True
    probe_is_due()
    assert delivery.claim(message.pk) is None
    assert (anew(message).status, anew(message).refusal) == (Status.CANCELED, Reason.OPTED_OUT)


@pytest.mark.requirement("I1")
def test_a_pause_of_days_fails_no_text(a: Builders, account: Account) -> None:
    """An hour of tries in vain fails a text; what the account is to blame for is none of them."""
    maya = a.user()
    message = steps.write(a.conversation(team=[maya]), maya)
    attempt = steps.hand_over(message, AccountProblem(20003))
    account.is_mended = True
    probe_is_due()
    attempt.claimed_at -= GIVES_UP_AFTER * 48
    attempt.save()
    steps.hand_over(message, TryLater())
    assert anew(message).status == Status.QUEUED


def test_many_texts_that_meet_it_pause_once_and_tell_the_operator_once(a: Builders, account: Account) -> None:
    # given
    operator = User.objects.create_superuser("operator@platform.example", "x", name="Operator")
    maya = a.user()
    attempts = [steps.claim(steps.write(a.conversation(team=[maya]), maya)) for _ in range(3)]
    # when workers had all of them in their hands
    for attempt in attempts:
        delivery.record_outcome(attempt, AccountProblem(20003))
    # then
    pause = SendingPause.objects.get()
    assert (set(pause.channels), pause.code) == ({"sms", "whatsapp"}, 20003)
    assert [mail.to for mail in OutgoingMail.objects.all()] == [operator.email]
    assert "code 20003" in OutgoingMail.objects.get().body
    # and where a probe is answered, but the next text still refused, it is the same trouble
    account.is_mended = True
    probe_is_due()
    steps.hand_over(attempts[0].message, AccountProblem(20003))
    assert SendingPause.objects.get().ended_at is None
    assert OutgoingMail.objects.count() == 1
    # unless that is long ago
    SendingPause.objects.update(ended_at=timezone.now() - timedelta(days=1))
    steps.hand_over(attempts[0].message, AccountProblem(20003))
    assert SendingPause.objects.count() == OutgoingMail.objects.count() == 2


def test_probes_come_at_growing_pauses(a: Builders, account: Account) -> None:
    maya = a.user()
    steps.hand_over(steps.write(a.conversation(team=[maya]), maya), AccountProblem(None))
    waits = []
    for _ in range(7):
        now = SendingPause.objects.get().probe_at
        pauses.sweep(now - timedelta(milliseconds=1))
        pauses.sweep(now)
        waits.append((SendingPause.objects.get().probe_at - now).total_seconds())
    assert account.asked == 7
    assert waits == [60, 120, 240, 480, 600, 600, 600]


def test_where_it_lasts_the_admins_of_companies_whose_texts_wait_are_told_once(a: Builders, account: Account) -> None:
    maya = a.user()
    admin = a.user(company=maya.company, seat=False, name="Ada Novak", is_company_admin=True)
    a.user(company=a.company(), name="Not Concerned", is_company_admin=True)
    steps.hand_over(steps.write(a.conversation(team=[maya]), maya), AccountProblem(20003))
    SendingPause.objects.update(probe_at=timezone.now() + timedelta(days=1))
    pauses.sweep(timezone.now())
    assert not OutgoingMail.objects.exists(), "a short one needs no mail"
    for _ in range(2):
        pauses.sweep(timezone.now() + pauses.COMPANIES_ARE_TOLD_AFTER)
    mail = OutgoingMail.objects.get()
    assert mail.to == admin.email
    assert "20003" not in mail.body, "the account is the platform's: its details are the operator's"


def test_the_page_says_so_and_an_admin_has_it_tried_at_once(a: Builders, client: Client, account: Account) -> None:
    # given a team with an admin on it
    maya = a.user()
    admin = a.user(company=maya.company, name="Ada Novak", is_company_admin=True)
    chat = a.conversation(team=[maya, admin])
    url = chat.record.messages_url()
    client.force_login(maya)
    message = steps.write(chat, maya)
    client.get(url)
    with CaptureQueriesContext(connection) as before:
        assert "Texting is paused" not in client.get(url).content.decode()
    steps.hand_over(message, AccountProblem(20003))
    # then
    with CaptureQueriesContext(connection) as during:
        page = client.get(url).content.decode()
    assert "Texting has been paused since" in page
    assert "Try now" not in page
    assert len(during) == len(before) + 1, "one question more, and only while it is paused"
    assert "Texting is paused" not in client.get(chat.record.emails_url()).content.decode()
    # and
    press = reverse("try-now", args=[chat.pk, "sms"])
    assert client.post(press).status_code == 404
    client.force_login(admin)
    assert "Try now" in client.get(url).content.decode()
    assert client.post(press).status_code == 302
    assert SendingPause.objects.get().probe_at <= timezone.now()


def test_health_says_it(a: Builders, client: Client, account: Account) -> None:
    maya = a.user()
    steps.hand_over(steps.write(a.conversation(team=[maya]), maya), AccountProblem(20003))
    state = client.get("/healthz").json()
    assert state["sending"] == "paused: an account takes nothing"
    assert [(each["account"], each["code"]) for each in state["paused"]] == [("twilio", 20003)]


@pytest.mark.requirement("I1")
def test_what_is_unknown_is_not_given_up_while_the_provider_cannot_be_asked(a: Builders, account: Account) -> None:
    maya = a.user()
    unknown = steps.claim(steps.write(a.conversation(team=[maya]), maya))
    delivery.mark_unknown(unknown.pk)
    steps.hand_over(steps.write(a.conversation(team=[maya]), maya), AccountProblem(20003))
    assert sweeps.trace_unknown_texts(timezone.now() + timedelta(hours=1)) == 0
    unknown.refresh_from_db()
    assert not unknown.given_up


@pytest.mark.parametrize(
    ("status", "code", "is_account"),
    [
        (401, 20003, True),
        (401, 401, True),
        (402, 402, True),
        (403, 20005, True),
        (404, 20404, True),
        (400, 21408, False),
        (403, 21408, False),
        (400, 21610, False),
    ],
)
def test_a_no_to_the_account_is_told_from_a_no_to_a_text(status: int, code: int, is_account: bool) -> None:
    class Refusing:
        def result(self, timeout: float) -> object:
            raise TwilioRestException(status, "/Messages.json", code=code)

    answer = gateway._sorted(Refusing())  # type: ignore[arg-type]
    assert isinstance(answer, gateway.AccountRefused if is_account else gateway.No)
    assert answer.code == (None if status == code else code)


@pytest.mark.requirement("I1")
def test_an_account_that_is_suspended_later_pauses_too_but_sends_nothing_again_by_itself(
    a: Builders, account: Account
) -> None:
    """30002 is told of a text that the provider had taken: to send that one again is a person's click."""
    maya = a.user()
    taken, waiting = (steps.write(a.conversation(team=[maya]), maya) for _ in range(2))
    attempt = steps.hand_over(taken, Accepted(steps.new_sid(), "queued"))
    delivery.report_status(attempt_uuid=attempt.uuid, provider_id="", word="failed", error_code=30002)
    assert anew(taken).status == Status.FAILED
    assert SendingPause.objects.get().code == 30002
    assert delivery.claim(waiting.pk) is None
    account.is_mended = True
    probe_is_due()
    assert steps.claim(waiting)
    assert delivery.claim(taken.pk) is None
    # and the same report, come again, pauses nothing again
    delivery.report_status(attempt_uuid=attempt.uuid, provider_id="", word="failed", error_code=30002)
    assert SendingPause.objects.get().ended_at


def test_what_waits_is_asked_for_once_it_goes_on(
    a: Builders,
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    maya = a.user()
    message = steps.write(a.conversation(team=[maya]), maya)
    steps.hand_over(message, AccountProblem(20003))
    account.is_mended = True
    probe_is_due()
    asked: list[int] = []
    monkeypatch.setattr(work, "_ask", lambda _task, pk: asked.append(pk))
    with django_capture_on_commit_callbacks(execute=True):
        sweeps.ask_for_waiting_texts(timezone.now() + timedelta(seconds=10))
    assert asked == [message.pk]


@pytest.mark.requirement("A5")
def test_an_admin_who_is_on_no_team_sees_the_pause_in_settings_and_has_it_tried(
    a: Builders, account: Account, client: Client
) -> None:
    # given a pause, and the admins of a company that texts and of one that doesn't
    ada = a.user(seat=False, name="Ada Novak", is_company_admin=True)
    other = a.company(texts_by_sms=False, has_smartmessage=False, sender_countries=[])
    quincy = a.user(company=other, seat=False, name="Quincy Quill", is_company_admin=True)
    pauses.begin("twilio", code=20003)
    page = reverse("settings:inbox_problemreport_changelist")
    client.force_login(quincy)
    assert "Texting has been paused" not in client.get(page).content.decode()
    client.force_login(ada)
    # when she looks, and clicks
    assert "Texting has been paused since" in client.get(page).content.decode()
    assert client.get(reverse("settings:inbox_problemreport_try")).status_code == 302
    assert SendingPause.objects.get().probe_at > timezone.now()
    response = client.post(reverse("settings:inbox_problemreport_try"), follow=True)
    # then the sweeper asks at once
    assert "It is tried now." in response.content.decode()
    assert SendingPause.objects.get().probe_at <= timezone.now()
