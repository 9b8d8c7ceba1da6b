"""Made-up data at scale is as the product itself would have left it, and stands where nobody is real."""

import random
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F
from django.test import Client
from django.urls import reverse

from accounts.models import Company, User
from candidates import consents, phone_numbers
from candidates.consent_rules import EventKind, replay
from candidates.models import Application, Candidate, Consent, ConsentEvent, Prospect
from channels_email.composing import subject_of
from inbox import search, standing
from inbox.models import Conversation, ConversationMark, DeliveryAttempt, Direction, Message, Notice, SearchDocument
from inbox.rules import RANKS, SHOWN_AS, AttemptStatus
from smartmessage.generation import run
from tests import steps
from tests.builders import Builders

Generate = Callable[..., Company]


@pytest.fixture
def generate(db: None) -> Generate:
    def made(messages: int = 5_000, *, name: str = "Halcyon Staffing", recruiters: int = 8, seed: int = 1) -> Company:
        return run.generate(name=name, messages=messages, recruiters=recruiters, seed=seed, say=lambda *_: None)

    return made


def test_there_are_exactly_so_many_messages_in_conversations_of_two_to_two_hundred(generate: Generate) -> None:
    company = generate(5_000)
    lengths = Counter(Message.objects.values_list("conversation", flat=True)).values()
    assert sum(lengths) == 5_000
    assert max(lengths) <= 200
    assert 6 < sum(lengths) / len(lengths) < 15
    assert len(lengths) == company.conversations.count() == SearchDocument.objects.count()
    assert {"sms", "whatsapp", "email"} == set(Message.objects.values_list("channel", flat=True))


def test_a_few_recruiters_have_most_of_the_conversations(generate: Generate) -> None:
    company = generate(20_000, recruiters=30)
    seen = sorted((Conversation.objects.visible_to(user).count() for user in company.users.all()), reverse=True)
    assert seen[0] > 0.2 * company.conversations.count()
    assert seen[0] > 4 * seen[len(seen) // 2] > 0


def test_what_the_inbox_lists_is_what_counting_anew_finds(generate: Generate) -> None:
    generate()
    opted_out = set(Message.objects.filter(kind="opted out").values_list("conversation", flat=True))
    sample = Conversation.objects.filter(pk__in=[*Conversation.objects.values_list("pk", flat=True)[:80], *opted_out])
    before = {row["id"]: row for row in sample.values()}
    for pk in before:
        standing.count_anew(pk)
    after = {row["id"]: row for row in sample.values()}
    assert opted_out  # these wait for no reply, whoever spoke last
    assert not any(before[pk]["needs_reply"] for pk in opted_out)
    differing = {pk for pk in before if before[pk] != after[pk]}
    assert differing <= opted_out


def test_every_message_carries_the_version_that_made_it(generate: Generate) -> None:
    generate()
    newest = Conversation.objects.annotate(count=Count("messages"), newest=F("last_message__version"))
    assert not newest.exclude(version=F("count")).exists()
    assert not Message.objects.filter(version__gt=F("conversation__version")).exists()
    in_order = Message.objects.order_by("conversation", "pk").values_list("conversation", "version", "created_at")
    rows = list(in_order)
    for (one, version, at), (other, next_version, next_at) in pairwise(rows):
        assert one != other or (version + 1 == next_version and at.replace(microsecond=0) <= next_at)


def test_a_message_that_went_out_has_an_attempt_in_the_state_that_it_shows(generate: Generate) -> None:
    generate()
    out = Message.objects.filter(direction=Direction.OUT).annotate(tries=Count("attempts"))
    assert set(out.values_list("tries", flat=True)) == {1}
    assert DeliveryAttempt.objects.count() == out.count()
    for status, rank, shown in DeliveryAttempt.objects.values_list("status", "rank", "message__status").distinct():
        assert RANKS[AttemptStatus(status)] == rank
        assert SHOWN_AS[AttemptStatus(status)] == shown


def test_search_documents_hold_the_words_that_the_product_would_have_found(generate: Generate) -> None:
    generate(2_000)
    sample = random.Random(1).sample(list(SearchDocument.objects.values_list("pk", flat=True)), 20)
    for pk in sample:
        before = SearchDocument.objects.get(pk=pk).words
        SearchDocument.objects.filter(pk=pk).delete()
        said = Message.objects.filter(conversation=pk).exclude(direction=Direction.NOTE).select_related("letter")
        search.add(pk, *(each.body for each in said), *{subject_of(each) for each in said if each.channel == "email"})
        assert SearchDocument.objects.get(pk=pk).words == before


def test_the_ledger_gives_the_consent_that_stands_and_its_digests_are_right(generate: Generate) -> None:
    generate(2_000)
    assert Consent.objects.count() == Candidate.objects.count()
    for consent in Consent.objects.prefetch_related("events"):
        assert replay(EventKind(event.kind) for event in consent.events.all()) == consent.standing
    for event in ConsentEvent.objects.all():
        assert consents.is_as_written(event)


def test_who_wrote_took_part_and_was_on_the_team(generate: Generate) -> None:
    generate()
    wrote = set(Message.objects.filter(direction=Direction.OUT).values_list("author", "conversation"))
    took_part = ConversationMark.objects.filter(took_part=True).values_list("user", "conversation")
    assert wrote == set(took_part)
    of_jobs = Application.objects.values_list("conversation", "job__team")
    of_communities = Prospect.objects.values_list("conversation", "community__team")
    assert {(user, chat) for chat, user in [*of_jobs, *of_communities]} >= wrote
    assert not Notice.objects.exclude(conversation__marks__user=F("user")).exists()


def test_numbers_can_be_read_and_nobody_else_has_them(generate: Generate, a: Builders) -> None:
    ours = a.company(sender_countries=["US", "DE", "GB"])
    a.person(ours)
    generate(1_000, name="Much")
    generate(200, name="Little beside it")
    phones = list(Candidate.objects.values_list("phone", flat=True))
    assert len(phones) == len(set(phones))
    assert all(phone_numbers.parse(phone).e164 == phone for phone in phones)
    assert {phone_numbers.country_of(phone) for phone in phones} == {"US", "GB", "DE"}


def test_the_same_seed_gives_the_same_conversations(generate: Generate) -> None:
    said = []
    for name, seed in (("One", 1), ("Other", 1), ("Third", 2)):
        company = generate(1_000, name=name, seed=seed)
        texts = Message.objects.filter(conversation__company=company).exclude(kind="invitation").order_by("pk")
        said.append(list(texts.values_list("direction", "channel", "status", "body")))
    assert said[0] == said[1] != said[2]


def test_the_product_goes_on_from_there(generate: Generate, client: Client) -> None:
    # given
    company = generate()
    maya = company.users.order_by("pk").first()
    assert maya
    client.force_login(maya)
    visible = Conversation.objects.visible_to(maya).with_record()
    # when
    chats = [
        visible.filter(last_channel=channel, last_message__kind="text").order_by("-last_message_at").first()
        for channel in ("sms", "whatsapp", "email")
    ]
    # then the Inbox and each thread opens, and one takes another text
    assert client.get(reverse("inbox")).status_code == 200
    for chat in chats:
        assert chat
        assert chat.last_message
        page = client.get(reverse("conversation", args=[chat.pk]))
        assert page.status_code == 200
        assert chat.last_message.body in page.content.decode()
    sms = chats[0]
    assert sms
    text = steps.write(sms, maya, "One more")
    assert Conversation.objects.get(pk=sms.pk).last_message == text


@pytest.mark.django_db(transaction=True)
def test_the_command_says_how_many_and_who_signs_in(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate_messages", messages=1_000, company="Halcyon Staffing")
    said = capsys.readouterr()
    assert "1,000 messages in " in said.out
    assert "recruiter1@halcyon-staffing.example" in said.out
    assert "Indexes …" in said.err
    user = User.objects.get(email="recruiter1@halcyon-staffing.example")
    assert user.check_password("smartmessage-demo")
    with connection.cursor() as cursor:  # what was set aside is there again
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated")
        assert cursor.fetchone()[0] == 0
    with pytest.raises(CommandError, match="already"):
        call_command("generate_messages", messages=1_000, company="Halcyon Staffing")


def test_the_command_refuses_where_people_are_real(settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="--even-in-production"):
        call_command("generate_messages", messages=1_000)
