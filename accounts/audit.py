"""The audit trail: who did what, when. Added to within the transaction of what it tells of (S1, A5)."""

from collections.abc import Iterable

from accounts.models import AuditAction, AuditEntry, Company, User


def record(
    company: Company | int, action: AuditAction, *, by: User | None, about: User | None = None, words: str = ""
) -> AuditEntry:
    """Enter one thing that `by` did. `words`: to what, as people call it; never a number, an email or a message."""
    company_id = company if isinstance(company, int) else company.pk
    return AuditEntry.objects.create(company_id=company_id, action=action, by=by, about=about, words=words)


def record_each(
    company: Company, action: AuditAction, *, by: User | None, about: Iterable[User], words: str = ""
) -> None:
    """Enter the same thing about each of several users."""
    AuditEntry.objects.bulk_create(
        [AuditEntry(company=company, action=action, by=by, about=user, words=words) for user in about]
    )
