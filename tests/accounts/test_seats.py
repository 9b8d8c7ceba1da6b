"""Seats in use never exceed seats bought: whoever asks, at whatever instant, by whatever door (S2, I8)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import companies, seats, users
from accounts.models import AuditAction, AuditEntry, Company, Seat, User
from tests.builders import Builders

T = TypeVar("T")
ROUNDS = 200


class TwoAdmins:
    """Two threads with a connection each, which do what they are told at the same instant."""

    def __init__(self) -> None:
        self.pool, self.barrier = ThreadPoolExecutor(2), Barrier(2)

    def do(self, one: Callable[[], T], other: Callable[[], T]) -> list[T]:
        return list(self.pool.map(self._together, (one, other)))

    def _together(self, action: Callable[[], T]) -> T:
        self.barrier.wait()
        return action()

    def leave(self) -> None:
        self.do(*2 * (lambda: connection.close(),))  # each thread's own
        self.pool.shutdown()


@pytest.fixture
def both() -> Iterator[TwoAdmins]:
    admins = TwoAdmins()
    yield admins
    admins.leave()


def give(user: User, by: User) -> str:
    try:
        return "given" if seats.give(user, by=by) else "had one"
    except (seats.SeatsFull, seats.NotAUser):
        return "refused"


def in_use(company: Company) -> int:
    """As the table of seats has it, which the counter must agree with."""
    company.refresh_from_db()
    count = Seat.objects.filter(company=company).count()
    assert company.seats_in_use == count
    return count


@pytest.mark.requirement("S2", "I8")
@pytest.mark.django_db(transaction=True)
def test_two_admins_who_assign_the_last_seat_at_the_same_instant(a: Builders, both: TwoAdmins) -> None:
    """Two hundred times: one gets it, the other is told why not; never one too many."""
    company = a.company(seats_bought=1, sender_countries=())
    admins = [a.user(company=company, seat=False, is_company_admin=True) for _ in range(2)]
    wanting = [a.user(company=company, seat=False) for _ in range(2)]
    for _round in range(ROUNDS):
        said = both.do(lambda: give(wanting[0], admins[0]), lambda: give(wanting[1], admins[1]))
        assert sorted(said) == ["given", "refused"]
        assert in_use(company) == 1
        for user in wanting:
            seats.take(user, by=None)
        assert in_use(company) == 0
    given = AuditEntry.objects.filter(company=company, action=AuditAction.SEAT_GIVEN)
    assert given.count() == ROUNDS, "who was refused left no trace of having given"


@pytest.mark.requirement("S2", "I8")
@pytest.mark.django_db(transaction=True)
def test_a_seat_is_given_while_the_operator_sells_fewer(a: Builders, both: TwoAdmins) -> None:
    company = a.company(seats_bought=1, sender_countries=())
    maya = a.user(company=company, seat=False)

    def sell_none() -> str:
        mine = Company.objects.get(pk=company.pk)
        mine.seats_bought = 0
        try:
            return "saved" if companies.save(mine, fields=["seats_bought"], by=maya) else "same"
        except companies.TooFewSeats:
            return "refused"

    for _round in range(40):
        outcome = both.do(lambda: give(maya, maya), sell_none)
        assert outcome in (["given", "refused"], ["refused", "saved"])
        assert in_use(company) <= company.seats_bought
        seats.take(maya, by=None)
        Company.objects.filter(pk=company.pk).update(seats_bought=1)


@pytest.mark.requirement("I8")
@pytest.mark.django_db(transaction=True)
def test_a_seat_is_given_while_the_user_is_deactivated(a: Builders, both: TwoAdmins) -> None:
    company = a.company(seats_bought=1, sender_countries=())
    maya = a.user(company=company, seat=False)

    def deactivate() -> str:
        users.deactivate(User.objects.get(pk=maya.pk), by=None)
        return "closed"

    for _round in range(20):
        both.do(lambda: give(maya, maya), deactivate)
        assert in_use(company) == 0, "nobody who is deactivated holds a seat"
        users.reactivate(User.objects.get(pk=maya.pk), by=None)


@pytest.mark.requirement("I8")
def test_the_database_itself_refuses_one_too_many(a: Builders) -> None:
    company = a.company(seats_bought=1)
    first, second = a.user(company=company), a.user(company=company, seat=False)
    elsewhere = a.user()
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(company=company, user=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.bulk_create([Seat(company=company, user=second)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(user=elsewhere).update(company=company)
    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(pk=company.pk).update(seats_bought=0)
    first.delete()
    assert in_use(company) == 0


@pytest.mark.requirement("S2")
def test_the_sentence_says_how_many_and_whose_seat_could_be_freed(a: Builders) -> None:
    company = a.company(seats_bought=1)
    a.user(company=company, name="Peter Novak")
    maya = a.user(company=company, seat=False)
    with pytest.raises(seats.SeatsFull) as full:
        seats.give(maya, by=None)
    assert str(full.value) == (
        "Not saved: the one SmartMessage seat is in use. Clear the SmartMessage box of someone who no longer texts, "
        "then save again. Peter Novak hasn't sent a text yet."
    )
    none = a.user(company=a.company(seats_bought=0), seat=False)
    with pytest.raises(seats.SeatsFull, match="has no SmartMessage seats"):
        seats.give(none, by=None)
