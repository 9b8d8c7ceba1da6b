"""The ledger can only be added to; the database itself refuses the rest (O11, I6)."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from psycopg import sql

from accounts.models import User
from candidates import consents, ledger_rules
from candidates.consent_rules import EventKind, Source, Standing, after, effect_of, replay
from candidates.keywords import Keyword
from candidates.models import ConsentEvent
from smartmessage.management.commands.prepare_database import grant_rights
from tests import steps
from tests.builders import Builders, new_number

LEDGER = "candidates_consentevent"
ADDED_TO = {
    LEDGER,
    "candidates_consent",
    "candidates_consenttext",
    "candidates_seal",
    "candidates_sealedevent",
    "accounts_auditentry",
}


def is_refused(statement: str) -> bool:
    """Whether the database refuses a statement, with the code that it has for missing rights."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a TRUNCATE has to wait for them
            cursor.execute(statement)
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", "") == "42501"
    return False


@pytest.mark.requirement("O11")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE candidates_consentevent SET words = 'yes'",
        "UPDATE candidates_consentevent SET digest = digest",
        "DELETE FROM candidates_consentevent",
        "TRUNCATE candidates_consentevent CASCADE",
        "TRUNCATE candidates_consent CASCADE",
    ],
)
def test_the_tables_owner_is_refused(a: Builders, statement: str) -> None:
    # given
    chat = a.conversation(team=[a.user()], sms="opted in")
    before = list(steps.consent_of(chat).events.values_list("pk", "words", "digest"))
    # then
    assert is_refused(statement)
    assert list(steps.consent_of(chat).events.values_list("pk", "words", "digest")) == before


@pytest.mark.requirement("O11")
def test_the_orm_is_refused_too(a: Builders) -> None:
    chat = a.conversation(team=[a.user()], sms="opted in")
    event = steps.consent_of(chat).events.first()
    assert event
    event.words = "never said"
    for attempt in (event.save, event.delete, ConsentEvent.objects.all().delete):
        with pytest.raises(DatabaseError, match=r"can only be added to|protected"), transaction.atomic():
            attempt()


@pytest.fixture
def role(db: None) -> str:
    """The application's role, with the rights that `prepare_database` gives it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
        name = urlsplit(settings.DATABASE_URL).username
        if name in {None, owner}:
            cursor.execute(
                "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolname <> current_user"
            )
            found = cursor.fetchall()
            assert len(found) == 1, "one role beside the owner: the application's"
            name = found[0][0]
    assert name
    grant_rights(name)
    return str(name)


def has_right(role: str, right: str, table: str = LEDGER) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
        return bool(cursor.fetchone()[0])


@pytest.mark.requirement("O11")
def test_the_applications_role_may_only_add(role: str) -> None:
    rights = {
        right for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER") if has_right(role, right)
    }
    assert rights == {"SELECT", "INSERT"}
    assert not has_right(role, "DELETE", "candidates_consent")
    assert not has_right(role, "TRUNCATE", "candidates_consent")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.column_privileges"
            " WHERE grantee = %s AND table_name = %s AND privilege_type = 'UPDATE'",
            [role, LEDGER],
        )
        assert cursor.fetchone()[0] == 0, "nor any of its columns"


@pytest.mark.requirement("O11")
def test_the_applications_role_can_not_get_around_it(role: str) -> None:
    """It owns nothing, is nobody's member, makes nothing, and can't switch triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", [role])
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT pg_has_role(%s, current_user, 'MEMBER')", [role])
        assert cursor.fetchone()[0] is False
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [role])
        assert cursor.fetchone()[0] is False
        cursor.execute("SELECT has_parameter_privilege(%s, 'session_replication_role', 'SET')", [role])
        assert cursor.fetchone()[0] is False
        cursor.execute("SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        assert cursor.fetchone()[0] is False


@pytest.mark.requirement("O11")
def test_the_role_has_what_the_application_needs(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
    assert "inbox_message" in tables
    for table in tables:
        if table not in ADDED_TO:
            assert all(has_right(role, right, table) for right in ("SELECT", "INSERT", "UPDATE", "DELETE")), table


def test_the_rights_are_given_to_a_role_of_any_name(a: Builders) -> None:
    """A name is quoted, so none of it is read as SQL: here there is no such role, and nothing else happens."""
    with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
        grant_rights('nobody"; DROP TABLE inbox_message; --')
    assert sql.Identifier("x")


def content_of(event: ConsentEvent) -> list[object]:
    at = event.at.isoformat()
    consent = event.consent
    said = [event.consent_id, event.kind, at, event.words, event.source, event.details, event.by_user_id, event.text_id]
    return [*said, consent.company_id, consent.channel, consent.address]


@pytest.mark.requirement("O11")
def test_the_digest_proves_what_was_said(a: Builders) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    steps.invite(chat, maya)
    events = list(ConsentEvent.objects.filter(consent=steps.consent_of(chat)))
    assert [event.by_user for event in events] == [None, maya]
    for event in events:
        # when what the database holds is digested anew
        content = content_of(event)
        salt = bytes(event.salt)
        # then
        assert ledger_rules.digest(salt, content) == bytes(event.digest)
        for index in range(len(content)):
            forged = [*content[:index], "forged", *content[index + 1 :]]
            assert ledger_rules.digest(salt, forged) != bytes(event.digest)
    assert len({bytes(event.salt) for event in events}) == len(events)


@pytest.mark.requirement("O11")
@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80))
def test_the_digest_verifies_whatever_the_words(a: Builders, words: str) -> None:
    company = a.company()
    with transaction.atomic():
        consent = consents.locked(company_id=company.pk, channel="sms", address=new_number())
        made = consents.record(consent, EventKind.OPTED_OUT, words=words, source=Source.MESSAGE, details={"w": words})
    event = ConsentEvent.objects.get(pk=made.pk)
    assert event.words == words
    assert ledger_rules.digest(bytes(event.salt), content_of(event)) == bytes(event.digest)


@pytest.mark.requirement("O11", "O3")
def test_an_invitation_says_who_sent_it_and_from_where(a: Builders) -> None:
    maya: User = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    message = steps.invite(chat, maya)
    event = steps.consent_of(chat).events.get(kind=EventKind.INVITED)
    assert (event.words, event.by_user, event.source) == (message.body, maya, Source.USER)
    assert event.details == {"message": message.pk, "our_number": message.sender}


KINDS = st.sampled_from(EventKind)


@pytest.mark.requirement("I6", "O13")
@given(events=st.lists(KINDS), later=st.lists(st.sampled_from([EventKind.FIRST_CONSENT, EventKind.INVITED])))
def test_after_an_opt_out_only_an_opt_in_counts(events: list[EventKind], later: list[EventKind]) -> None:
    assert replay([*events, EventKind.OPTED_OUT, *later]) == Standing.OPTED_OUT
    assert replay([*events, EventKind.OPTED_OUT, *later, EventKind.OPTED_IN]) == Standing.OPTED_IN


@pytest.mark.requirement("I6")
@given(events=st.lists(KINDS), more=st.lists(KINDS))
def test_a_replay_may_be_interrupted(events: list[EventKind], more: list[EventKind]) -> None:
    standing = replay(events)
    for event in more:
        standing = after(standing, event)
    assert standing == replay([*events, *more])


@pytest.mark.requirement("O14")
@given(standing=st.sampled_from(Standing), keyword=st.sampled_from([None, Keyword.HELP]))
def test_what_is_no_consent_keyword_has_no_effect(standing: Standing, keyword: Keyword | None) -> None:
    assert effect_of(keyword, standing) is None


@pytest.mark.requirement("I6", "O14")
@given(standing=st.sampled_from(Standing), keyword=st.sampled_from(Keyword))
def test_an_effect_always_changes_something(standing: Standing, keyword: Keyword) -> None:
    if effect := effect_of(keyword, standing):
        assert after(standing, effect) != standing
