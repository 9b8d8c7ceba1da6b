"""People and the records that a text belongs to, and the consent that a person gave."""

import secrets
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from candidates.consent_rules import EventKind, Source, Standing
from candidates.querysets import GroupQuerySet, RecordQuerySet

if TYPE_CHECKING:
    from django.db.models.fields.related import ForeignKey


class Candidate(models.Model):
    """The human we text. The number is kept as typed, and as E.164 where it could be read (P1)."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="candidates")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("email"), blank=True)
    phone_typed = models.CharField(_("phone"), max_length=60, blank=True)
    phone = models.CharField("E.164", max_length=16, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, help_text=_("Where the person is, if somebody knows it")
    )

    class Meta:
        indexes = [models.Index(fields=["company", "phone"], name="candidate_by_number")]
        constraints = [
            models.UniqueConstraint(
                "company", Lower("email"), condition=~Q(email=""), name="one_candidate_per_email_at_a_company"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    def open_proposals(self) -> "models.QuerySet[ContactProposal]":
        """What forms said differently and nobody has decided (P3)."""
        return self.proposals.filter(decided_at=None).order_by("pk")


def new_slug(model: "type[Job] | type[Community]", title: str) -> str:
    """An address for a public form: its title, with something added where another form has it already."""
    slug = slugify(title)[:120] or "form"
    return f"{slug}-{secrets.token_hex(4)}" if model.objects.filter(slug=slug).exists() else slug


class Job(models.Model):
    """What people apply for. `slug` is its public form's address; a closed job takes no applications."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="jobs")
    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(max_length=140, unique=True, editable=False)
    location = models.CharField(_("location"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    team = models.ManyToManyField(User, related_name="jobs", verbose_name=_("hiring team"), blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects: ClassVar[GroupQuerySet] = GroupQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or new_slug(Job, self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    def form_url(self) -> str:
        return reverse("apply", args=[self.slug])


class Community(models.Model):
    """A company's pool of people, for SmartCRM subscribers (F2)."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="communities")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=140, unique=True, editable=False)
    description = models.TextField(_("description"), blank=True)
    team = models.ManyToManyField(User, related_name="communities", verbose_name=_("sourcing team"), blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects: ClassVar[GroupQuerySet] = GroupQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = _("communities")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or new_slug(Community, self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("community", args=[self.pk])

    @property
    def title(self) -> str:
        return self.name

    def form_url(self) -> str:
        return reverse("join", args=[self.slug])


class Record(models.Model):
    """What an application and a prospect have in common: a person, a team, a title, a page."""

    kind: ClassVar[str]

    candidate: "ForeignKey[Candidate]"
    since = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RecordQuerySet] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.candidate}, {self.title}"

    def get_absolute_url(self) -> str:
        return reverse(f"{self.kind}-profile", args=[self.pk])

    @property
    def group(self) -> "Job | Community":
        """The job, or the community."""
        raise NotImplementedError

    @property
    def team_key(self) -> int:
        """Whose team it is, as one number: the job's id, or minus the community's."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        """The job's title, or the community's name."""
        return self.group.title

    @property
    def team(self) -> "models.QuerySet[User]":
        """The hiring team or the sourcing team (A2)."""
        return self.group.team.filter(is_active=True)

    def messages_url(self) -> str:
        return reverse(f"{self.kind}-messages", args=[self.pk])

    def emails_url(self) -> str:
        return reverse(f"{self.kind}-emails", args=[self.pk])

    def withdraw_url(self) -> str:
        return reverse(f"{self.kind}-withdraw", args=[self.pk])

    def contact_url(self) -> str:
        return reverse(f"{self.kind}-contact", args=[self.pk])


class Application(Record):
    """One candidate for one job."""

    kind = "application"

    candidate = models.ForeignKey(Candidate, models.CASCADE, db_index=False, related_name="applications")
    job = models.ForeignKey(Job, models.CASCADE, related_name="applications")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidate", "job"], name="one_application_per_job")]

    @property
    def group(self) -> Job:
        return self.job

    @property
    def team_key(self) -> int:
        return self.job_id


class Prospect(Record):
    """One person in one community."""

    kind = "prospect"

    candidate = models.ForeignKey(Candidate, models.CASCADE, db_index=False, related_name="prospects")
    community = models.ForeignKey(Community, models.CASCADE, related_name="prospects")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidate", "community"], name="one_prospect_per_community")]

    @property
    def group(self) -> Community:
        return self.community

    @property
    def team_key(self) -> int:
        return -self.community_id


class Purpose(models.TextChoices):
    """What a box on a public form asks for (O1, O2)."""

    SINGLE = "single", _("The one box: privacy policy, and SMS")
    PRIVACY = "privacy", _("Privacy policy")
    SMS = "sms", _("SMS")
    WHATSAPP = "whatsapp", _("WhatsApp")


class ConsentText(models.Model):
    """One version of the words beside a box, to the letter. Never changed: the ledger refers to it (O11)."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="consent_texts")
    purpose = models.CharField(_("box"), max_length=12, choices=Purpose)
    language = models.CharField(_("language"), max_length=8)
    version = models.PositiveIntegerField(_("version"))
    words = models.TextField(_("words"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["purpose", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["company", "purpose", "language", "version"], name="one_text_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.language} {self.version}"


class SubmissionKind(models.TextChoices):
    APPLICATION = "application", _("application form")
    JOIN = "join", _("join form")
    LINK = "link", _("consent link")


class Submission(models.Model):
    """A public form as it was sent: what was typed, from where, when. What the ledger's events point back to."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="submissions")
    kind = models.CharField(max_length=12, choices=SubmissionKind)
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="submissions")
    prospect = models.ForeignKey(Prospect, models.PROTECT, null=True, related_name="submissions")
    at = models.DateTimeField(default=timezone.now)
    ip = models.GenericIPAddressField(null=True)
    language = models.CharField(max_length=8)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone_typed = models.CharField(max_length=60, blank=True)
    texts = models.ManyToManyField(
        ConsentText, related_name="+", help_text=_("The boxes that were ticked, in the versions that were seen")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="submission_has_exactly_one_record",
                condition=Q(application=None, prospect__isnull=False) | Q(application__isnull=False, prospect=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"

    @property
    def record(self) -> Record:
        record = self.application or self.prospect
        assert record is not None  # the database's own constraint
        return record


def place_of_cv(cv: "Cv", name: str) -> str:
    """Where a file is kept: nothing of its own name, which a stranger chose."""
    return f"cvs/{cv.uuid}"


class Cv(models.Model):
    """A file that came with an application. Without one it waits for a form that was refused to be sent again."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, null=True, related_name="cvs")
    file = models.FileField(upload_to=place_of_cv)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["uploaded_at"], condition=Q(application=None), name="sweep_cvs")]

    def __str__(self) -> str:
        return f"{self.uuid}"


class ContactProposal(models.Model):
    """What a public form said differently from the record: for the team to take over or not (P3)."""

    class Field(models.TextChoices):
        NAME = "name", _("Name")
        PHONE = "phone", _("Phone")

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="proposals")
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="+")
    field = models.CharField(max_length=8, choices=Field)
    value = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    is_accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "field", "value"], condition=Q(decided_at=None), name="one_open_proposal_per_value"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class ConsentLink(models.Model):
    """A single-use link by which a person agrees, sent by a team member (O15). Only its digest is kept."""

    digest = models.BinaryField(max_length=32, unique=True)
    application = models.ForeignKey(Application, models.CASCADE, null=True, related_name="consent_links")
    prospect = models.ForeignKey(Prospect, models.CASCADE, null=True, related_name="consent_links")
    email = models.EmailField()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def record(self) -> Record:
        record = self.application or self.prospect
        assert record is not None
        return record


class Import(models.Model):
    """A file of people for a job or a community; read row by row by a worker, from `done_rows` on.

    Counts are of rows: `added` new records, `known` that were there already, `flagged` with a number that can't
    receive texts (they are imported all the same, P1), `bad` that could not be read.
    """

    class State(models.TextChoices):
        PREVIEW = "preview", _("to be looked at")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    company = models.ForeignKey(Company, models.CASCADE, related_name="imports")
    job = models.ForeignKey(Job, models.CASCADE, null=True, related_name="imports")
    community = models.ForeignKey(Community, models.CASCADE, null=True, related_name="imports")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    columns = models.JSONField(default=dict, help_text=_("Which column holds what"))
    state = models.CharField(max_length=8, choices=State, default=State.PREVIEW)
    made_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    total_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    flagged = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="running"), name="sweep_imports")]

    def __str__(self) -> str:
        return self.name


class ImportProblem(models.Model):
    """A row that was not imported, or was with a flagged number: its line in the file, and why."""

    source = models.ForeignKey(Import, models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField()
    is_bad = models.BooleanField()
    reason = models.CharField(max_length=255)
    row = models.CharField(max_length=255)

    class Meta:
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["source", "line"], name="problems_of_an_import")]

    def __str__(self) -> str:
        return f"{self.line}"


class Consent(models.Model):
    """The present consent of one address on one channel to one company, derived from its events (O10, I6).

    Its row is also the lock that a STOP and a hand-over compete for (I2).
    """

    company = models.ForeignKey(Company, models.CASCADE, db_index=False, related_name="consents")
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

    consent = models.ForeignKey(Consent, models.PROTECT, db_index=False, related_name="events")
    kind = models.CharField(max_length=16, choices=EventKind)
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField(blank=True, help_text=_("What was seen or said, to the letter"))
    source = models.CharField(max_length=12, choices=Source)
    details = models.JSONField(default=dict, help_text=_("From where: IP address, message id, our number"))
    by_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.ForeignKey(
        ConsentText, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("The version that was seen")
    )
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)
    digest_form = models.PositiveSmallIntegerField(
        default=2, db_default=1, help_text=_("What the digest covers: from the second on also company and address")
    )

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["consent", "id"], name="events_of_a_consent")]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.kind}"


class EventToSeal(models.Model):
    """An event that no seal holds yet. The database puts it here as it stores the event, whoever does that."""

    event = models.OneToOneField(ConsentEvent, models.PROTECT, primary_key=True, related_name="waiting")

    def __str__(self) -> str:
        return f"{self.event_id}"


class Seal(models.Model):
    """A link of a company's chain over its consent events, signed; for good, like the events (O11)."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField(help_text=_("In the company's chain, from 1 on"))
    events = models.PositiveIntegerField(help_text=_("How many it holds"))
    root = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()
    link = models.BinaryField(max_length=32)
    key = models.CharField(max_length=16, help_text=_("The name of the key that signed it"))
    signature = models.BinaryField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_chain_per_company")]

    def __str__(self) -> str:
        return f"{self.company_id} {self.number}"


class SealedEvent(models.Model):
    """In which seal an event is, and where in it, from 0 on."""

    event = models.OneToOneField(ConsentEvent, models.PROTECT, primary_key=True, related_name="sealed")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="sealed", db_index=False)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="one_event_per_place_in_a_seal")]

    def __str__(self) -> str:
        return f"{self.event_id}"
