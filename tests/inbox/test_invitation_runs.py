"""Inviting many at once: the preview says who gets it, each is judged anew, and nobody is invited twice."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import work
from accounts.models import Seat, User
from inbox import sending, worker
from inbox.invitations import choosing, runs
from inbox.models import Conversation, InvitationRun, InvitationRunItem, Kind, Message
from tests import steps
from tests.builders import Builders
from tests.conftest import Twilio


@pytest.fixture
def maya(a: Builders) -> User:
    return a.user(company=a.company(sender_countries=["US", "GB"], has_smartcrm=True))


def people(a: Builders, maya: User, count: int, *, sms: str = "first consent") -> list[Conversation]:
    return [a.conversation(team=[maya], sms=sms, name=f"Person {n}") for n in range(count)]


def keys(*chats: Conversation) -> list[str]:
    return [choosing.key_of(chat.record) for chat in chats]


def asked(maya: User, *chats: Conversation, token: UUID | None = None) -> InvitationRun:
    return runs.start(chats, by=maya, channel_key="sms", token=token or uuid4())


def outcomes(run: InvitationRun) -> list[tuple[str, str]]:
    return list(run.items.order_by("pk").values_list("state", "reason"))


def invitations(*chats: Conversation) -> int:
    return Message.objects.filter(kind=Kind.INVITATION, conversation__in=chats).count()


@pytest.mark.requirement("O3", "O4", "O16", "P1")
def test_the_preview_says_who_is_skipped_in_the_words_of_the_lock(a: Builders, maya: User, client: Client) -> None:
    # given
    ready, again, opted_in, out, never = (
        a.conversation(team=[maya], sms=sms, name=f"{sms.title()} Person")
        for sms in ("first consent", "invited", "opted in", "opted out", "nothing")
    )
    tired = a.conversation(team=[maya], sms="first consent", name="Tired Person")
    for _ in range(3):
        steps.invite(tired, maya)
    no_number = a.conversation(team=[maya], name="No Number", phone="")
    flagged = a.conversation(team=[maya], name="Jack Wilson", phone="0412-CALL-JACK")
    everybody = [ready, again, opted_in, out, never, tired, no_number, flagged]
    # when
    choice = choosing.judge(choosing.chosen_conversations(maya, keys(*everybody)), "sms")
    # then
    assert [chat.pk for chats in choice.going.values() for chat in chats] == [ready.pk, again.pk]
    reasons = {each.conversation.pk: each.reason for each in choice.skipped}
    assert reasons[opted_in.pk] == "No invitation is needed: texting is open."
    assert reasons[out.pk].startswith("Opted opted out of SMS. SMS to Opted is closed.")
    assert "nothing to confirm by invitation" in reasons[never.pk]
    assert "The next invite is possible on" in reasons[tired.pk]
    assert reasons[no_number.pk].startswith("No phone number.")
    assert "0412-CALL-JACK contains the letter “C”" in reasons[flagged.pk]
    # and each is what the single invitation answers, too
    for chat in everybody:
        alone = steps.try_to_invite(chat, maya)
        assert getattr(alone, "sentence", None) == reasons.get(chat.pk)


def test_the_preview_asks_as_often_for_fifty_people_as_for_five(a: Builders, maya: User) -> None:
    def queries(count: int) -> int:
        chosen = keys(*people(a, maya, count))
        with CaptureQueriesContext(connection) as context:
            assert choosing.judge(choosing.chosen_conversations(maya, chosen), "sms").count == count
        return len(context)

    assert queries(50) == queries(5)


@pytest.mark.requirement("O3")
def test_each_gets_one_invitation(a: Builders, maya: User) -> None:
    chats = people(a, maya, 3)
    run = asked(maya, *chats)
    runs.invite(run.pk)
    runs.invite(run.pk)
    run.refresh_from_db()
    assert run.finished_at
    assert outcomes(run) == [("invited", "")] * 3
    assert [invitations(chat) for chat in chats] == [1, 1, 1]
    assert {steps.standing(chat) for chat in chats} == {"invited"}


def test_a_repeated_click_is_the_same_run(a: Builders, maya: User) -> None:
    chats, token = people(a, maya, 2), uuid4()
    assert asked(maya, *chats, token=token) == asked(maya, *chats, token=token)
    assert InvitationRunItem.objects.count() == 2
    with pytest.raises(Http404):
        asked(a.user(company=maya.company), *chats, token=token)


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_a_worker_that_dies_anywhere_invites_nobody_twice(
    a: Builders, maya: User, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    # given a worker that dies at the second person
    chats = people(a, maya, 3)
    run = asked(maya, *chats)
    calls = []

    def dies(original: Any, *, first: bool) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            calls.append(1)
            result = original(*args, **kwargs) if not first or len(calls) != 2 else None
            if len(calls) == 2:
                raise OperationalError("killed")
            return result

        return call

    with monkeypatch.context() as mortal:
        if moment == "after":
            mortal.setattr(InvitationRunItem, "save", dies(InvitationRunItem.save, first=False))
        else:
            mortal.setattr(sending, "send_invitation", dies(sending.send_invitation, first=moment == "before"))
        with pytest.raises(OperationalError):
            runs.invite(run.pk)
    run.refresh_from_db()
    assert run.finished_at is None
    # when
    runs.invite(run.pk)
    # then
    assert [invitations(chat) for chat in chats] == [1, 1, 1]
    assert outcomes(run) == [("invited", "")] * 3


def test_an_invitation_that_was_sent_and_not_noted_is_not_sent_again(a: Builders, maya: User) -> None:
    [chat] = people(a, maya, 1)
    run = asked(maya, chat)
    token = run.items.get().token
    sending.send_invitation(conversation_id=chat.pk, author=maya, channel_key="sms", client_token=token)
    runs.invite(run.pk)
    assert invitations(chat) == 1
    assert outcomes(run) == [("invited", "")]


@pytest.mark.requirement("A3", "S3")
def test_a_seat_that_is_taken_meanwhile_skips_the_rest(a: Builders, maya: User) -> None:
    chats = people(a, maya, 3)
    run = asked(maya, *chats)
    runs.invite_next(run.pk)
    Seat.objects.filter(user=maya).delete()
    runs.invite(run.pk)
    assert [state for state, _reason in outcomes(run)] == ["invited", "skipped", "skipped"]
    assert outcomes(run)[1][1].startswith("You can read, but not send. Texting needs a SmartMessage seat")
    assert invitations(*chats) == 1


@pytest.mark.requirement("O6", "O13")
def test_who_opts_out_meanwhile_is_skipped(a: Builders, maya: User, twilio: Twilio) -> None:
    chats = people(a, maya, 2)
    run = asked(maya, *chats)
    steps.says(twilio, chats[1], "Stop")
    runs.invite(run.pk)
    assert [state for state, _reason in outcomes(run)] == ["invited", "skipped"]
    assert "opted out of SMS" in outcomes(run)[1][1]


@pytest.mark.requirement("O10", "Q1")
def test_two_records_with_one_phone_are_one_invitation(a: Builders, maya: User) -> None:
    # given one person with two applications
    first = a.conversation(team=[maya], sms="first consent")
    other = Conversation.objects.create(
        company=first.company, application=a.application(first.person, [maya], title="Controls Technician")
    )
    # then the preview skips the second
    choice = choosing.judge(choosing.chosen_conversations(maya, keys(first, other)), "sms")
    assert choice.count == 1
    assert choice.skipped[0].reason.startswith("Same phone as Anna Bauer, Field Engineer.")
    # and so does the run, whatever was posted
    run = asked(maya, first, other)
    runs.invite(run.pk)
    assert invitations(first, other) == 1
    assert outcomes(run) == [
        ("invited", ""),
        ("skipped", "Invited a moment ago through Field Engineer. One invitation is enough."),
    ]


@pytest.mark.requirement("A4")
def test_a_run_names_nobody_whom_a_colleague_invited_elsewhere(a: Builders, maya: User) -> None:
    # given Priya's record of the same phone, which Maya may not see, and a run that is about to begin
    priya = a.user(company=maya.company, name="Priya Nair")
    mine = a.conversation(team=[maya], sms="first consent")
    hers = Conversation.objects.create(
        company=mine.company, application=a.application(mine.person, [priya], title="Secret Project")
    )
    run = asked(maya, mine)
    # when Priya invites first
    steps.invite(hers, priya)
    runs.invite(run.pk)
    # then
    assert outcomes(run) == [("skipped", "Invited a moment ago. One invitation is enough.")]


def test_the_sweeper_asks_for_a_run_that_nobody_goes_on_with(
    a: Builders, maya: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    run = asked(maya, *people(a, maya, 1))
    calls: list[tuple[str, int]] = []
    monkeypatch.setattr(work, "ask", lambda task, pk: calls.append((task, pk)))
    assert runs.ask_for_waiting_runs(run.asked_at) == 0
    assert runs.ask_for_waiting_runs(run.asked_at + settings.ASK_AGAIN_AFTER) == 1
    runs.invite(run.pk)
    assert runs.ask_for_waiting_runs(run.asked_at + settings.ASK_AGAIN_AFTER * 9) == 0
    assert [pk for task, pk in calls if task == worker.INVITE] == [run.pk]


def preview(client: Client, user: User, *records: str) -> Any:
    client.force_login(user)
    return client.post(reverse("invite-many"), {"record": records})


@pytest.mark.requirement("A3")
def test_a_reader_without_a_seat_is_told_why_not(a: Builders, maya: User, client: Client) -> None:
    jonas = a.user(company=maya.company, seat=False, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas], sms="first consent")
    answer = preview(client, jonas, *keys(chat))
    assert answer.status_code == 403
    assert "Texting needs a SmartMessage seat" in answer.content.decode()
    answer = client.post(reverse("invite-many-start"), {"record": keys(chat), "token": uuid4(), "channel": "sms"})
    assert answer.status_code == 403
    assert not InvitationRun.objects.exists()


@pytest.mark.requirement("A4")
def test_a_stranger_s_records_are_not_there(a: Builders, maya: User, client: Client) -> None:
    mine, theirs = people(a, maya, 1)[0], a.conversation(team=[a.user()], sms="first consent", name="Secret Person")
    answer = preview(client, maya, *keys(mine, theirs), "application-999999", "nonsense", "prospect-x")
    assert "Person 0" in answer.content.decode()
    assert "Secret" not in answer.content.decode()
    assert preview(client, maya, *keys(theirs)).status_code == 404
    run = asked(maya, mine)
    client.force_login(a.user(company=maya.company))
    assert client.get(reverse("invitation-run", args=[run.pk])).status_code == 404


@pytest.mark.requirement("A4")
def test_a_run_forgets_whom_its_user_may_no_longer_see(a: Builders, maya: User, client: Client) -> None:
    chats = people(a, maya, 2)
    run = asked(maya, *chats)
    chats[1].record.group.team.clear()
    client.force_login(maya)
    page = client.get(reverse("invitation-run", args=[run.pk])).content.decode()
    assert "Person 0" in page
    assert "Person 1" not in page


def test_five_hundred_at_most_and_somebody_at_least(a: Builders, maya: User, client: Client) -> None:
    answer = preview(client, maya, *(f"application-{n}" for n in range(501)))
    assert answer.status_code == 422
    assert "at most 500 can be invited at once" in answer.content.decode()
    answer = preview(client, maya)
    assert answer.status_code == 422
    assert "Nobody was chosen" in answer.content.decode()


@pytest.mark.requirement("O3")
def test_who_withdrew_or_whose_job_is_closed_is_skipped_and_told_why(a: Builders) -> None:
    maya = a.user()
    gone, closed, here = (a.conversation(team=[maya], sms="first consent") for _ in range(3))
    assert gone.application
    assert closed.application
    gone.application.withdrawn_at = closed.application.job.closed_at = timezone.now()
    gone.application.save()
    closed.application.job.save()
    keys = [choosing.key_of(chat.record) for chat in (gone, closed, here)]
    choice = choosing.judge(choosing.chosen_conversations(maya, keys), "sms")
    assert [each.reason for each in choice.skipped] == ["Anna has withdrawn.", "Field Engineer is closed."]
    assert choice.count == 1
