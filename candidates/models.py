"""People and the records that a text belongs to, and the consent that a person gave."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from candidates.consent_rules import EventKind, Source, Standing
from candidates.querysets import RecordQuerySet

if TYPE_CHECKING:
    from django.db.models.fields.related import ForeignKey


class Candidate(models.Model):
    """The human we text. The number is kept as typed, and as E.164 where it could be read (P1)."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="candidates")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("email"), blank=True)
    phone_typed = models.CharField(_("phone"), max_length=60, blank=True)
    phone = models.CharField("E.164", max_length=16, blank=True)

    class Meta:
        indexes = [models.Index(fields=["company", "phone"], name="candidate_by_number")]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]


class Job(models.Model):
    company = models.ForeignKey(Company, models.CASCADE, related_name="jobs")
    title = models.CharField(_("title"), max_length=120)
    team = models.ManyToManyField(User, related_name="jobs", verbose_name=_("hiring team"))

    def __str__(self) -> str:
        return self.title


class Community(models.Model):
    """A company's pool of people, for SmartCRM subscribers (F2)."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="communities")
    name = models.CharField(_("name"), max_length=120)
    team = models.ManyToManyField(User, related_name="communities", verbose_name=_("sourcing team"))

    class Meta:
        verbose_name_plural = _("communities")

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """What an application and a prospect have in common: a person, a team, a title, a page."""

    kind: ClassVar[str]

    candidate: "ForeignKey[Candidate]"
    since = models.DateTimeField(default=timezone.now)

    objects: ClassVar[RecordQuerySet] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.candidate}, {self.title}"

    def get_absolute_url(self) -> str:
        return reverse(f"{self.kind}-profile", args=[self.pk])

    @property
    def title(self) -> str:
        """The job's title, or the community's name."""
        raise NotImplementedError

    @property
    def team(self) -> "models.QuerySet[User]":
        """The hiring team or the sourcing team (A2)."""
        raise NotImplementedError

    def messages_url(self) -> str:
        return reverse(f"{self.kind}-messages", args=[self.pk])

    def emails_url(self) -> str:
        return reverse(f"{self.kind}-emails", args=[self.pk])

    def contact_url(self) -> str:
        return reverse(f"{self.kind}-contact", args=[self.pk])


class Application(Record):
    """One candidate for one job."""

    kind = "application"

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="applications")
    job = models.ForeignKey(Job, models.CASCADE, related_name="applications")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidate", "job"], name="one_application_per_job")]

    @property
    def title(self) -> str:
        return self.job.title

    @property
    def team(self) -> "models.QuerySet[User]":
        return self.job.team.filter(is_active=True)


class Prospect(Record):
    """One person in one community."""

    kind = "prospect"

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="prospects")
    community = models.ForeignKey(Community, models.CASCADE, related_name="prospects")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidate", "community"], name="one_prospect_per_community")]

    @property
    def title(self) -> str:
        return self.community.name

    @property
    def team(self) -> "models.QuerySet[User]":
        return self.community.team.filter(is_active=True)


class Consent(models.Model):
    """The present consent of one address on one channel to one company, derived from its events (O10, I6).

    Its row is also the lock that a STOP and a hand-over compete for (I2).
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=160)
    standing = models.CharField(max_length=16, choices=Standing, default=Standing.NOTHING)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "channel", "address"], name="one_consent_per_address")
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.channel} {self.standing}"


class ConsentEvent(models.Model):
    """One change of a consent, for good (O11). The database refuses to change or delete a row.

    `digest` is SHA-256 over the salt and the content, so that the content can be erased where the law
    demands it, and what was there can still be proved by whoever holds it.
    """

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=EventKind)
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField(blank=True, help_text=_("What was seen or said, to the letter"))
    source = models.CharField(max_length=12, choices=Source)
    details = models.JSONField(default=dict, help_text=_("From where: IP address, message id, our number"))
    by_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["consent", "id"], name="events_of_a_consent")]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.kind}"
