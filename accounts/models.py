"""Companies, their users, and the seats that let a user send."""

import secrets
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.hours import HoursPreset


def english_only() -> list[str]:
    return ["en"]


class ConsentStyle(models.TextChoices):
    """How the application form asks for consent (O1, O2)."""

    SINGLE = "single", _("One box")
    SEPARATED = "separated", _("A box for each channel")


class Company(models.Model):
    """A customer of the platform. Every query starts from the company of the signed-in user.

    `seats_in_use` is counted by the database itself, which also refuses more than were bought (I8).
    `languages` are those of its public forms; the first one is spoken where none fits the visitor.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"), default=english_only)
    country = models.CharField(
        _("country"), max_length=2, default="US", help_text=_("Whose phone numbers are shown as examples")
    )
    privacy_policy_url = models.URLField(_("privacy policy"), blank=True)
    has_smartrecruit = models.BooleanField("SmartRecruit", default=True)
    has_smartmessage = models.BooleanField("SmartMessage", default=False)
    has_smartcrm = models.BooleanField("SmartCRM", default=False)
    texts_by_sms = models.BooleanField(_("texts by SMS"), default=False)
    texts_by_whatsapp = models.BooleanField(_("texts by WhatsApp"), default=False)
    consent_style = models.CharField(
        _("consent boxes"), max_length=12, choices=ConsentStyle, default=ConsentStyle.SEPARATED
    )
    seats_bought = models.PositiveIntegerField(_("SmartMessage seats bought"), default=0)
    seats_in_use = models.PositiveIntegerField(default=0, editable=False)
    hours_preset = models.CharField(
        _("good hours for texts"), max_length=6, choices=HoursPreset, default=HoursPreset.ADVICE
    )
    hours_are_wall = models.BooleanField(_("no text leaves at other hours"), default=False)
    own_hours = models.JSONField(
        _("own hours of a country"), default=dict, editable=False, help_text=_("In place of the shipped ones")
    )
    demands_second_factor = models.BooleanField(_("everybody signs in with a second factor"), default=False)

    class Meta:
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(
                name="seats_in_use_never_exceed_seats_bought", condition=Q(seats_in_use__lte=F("seats_bought"))
            )
        ]

    def __str__(self) -> str:
        return self.name

    def texting_channels(self) -> list[str]:
        """The keys of the text channels that this company has, in the order in which they are shown (F4, Q3)."""
        if not self.has_smartmessage:
            return []
        switches = {"sms": self.texts_by_sms, "whatsapp": self.texts_by_whatsapp}
        return [key for key, is_on in switches.items() if is_on]


MOST_UNDO_SECONDS = 30


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The platform's operator: an account of no company."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account of a company; without a company it is the platform operator's."""

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="users")
    is_company_admin = models.BooleanField(_("company admin"), default=False)
    is_staff = models.BooleanField(_("platform operator"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)
    booking_link = models.URLField(
        _("booking link"), max_length=300, blank=True, help_text=_("Where people book a time with this user")
    )
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False, help_text=_("Give or take five minutes"))
    undo_seconds = models.PositiveSmallIntegerField(
        default=5, db_default=5, editable=False, help_text=_("For which a message waits before it goes out")
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_email_whatever_its_case"),
            models.CheckConstraint(
                condition=Q(undo_seconds__lte=MOST_UNDO_SECONDS), name="a_message_waits_half_a_minute_at_most"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session carries and is compared with; ending a user's sessions changes it."""
        known = f"{self.password} {self.sessions_ended}"
        return salted_hmac("accounts.models.User.sessions", known, secret=secret, algorithm="sha256").hexdigest()

    @property
    def grace(self) -> timedelta:
        """How long a message of hers waits before it goes out, so that she can take it back."""
        return timedelta(seconds=self.undo_seconds)

    def has_seat(self) -> bool:
        """Whether this user may send texts at this moment (A3, S3); asked anew each time."""
        return Seat.objects.filter(user_id=self.pk).exists()


class Seat(models.Model):
    """The paid right to send texts (A3). Whoever has no row here reads, and does not send."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="seats")
    user = models.OneToOneField(User, models.CASCADE, related_name="seat")
    given_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id}"


class AuditAction(models.TextChoices):
    """What an administrator, or the operator, did."""

    SEAT_GIVEN = "seat given", _("gave a SmartMessage seat to")
    SEAT_TAKEN = "seat taken", _("took the SmartMessage seat from")
    USER_INVITED = "user invited", _("invited")
    USER_CHANGED = "user changed", _("changed")
    USER_DEACTIVATED = "user deactivated", _("deactivated")
    USER_REACTIVATED = "user reactivated", _("reactivated")
    TEAM_JOINED = "team joined", _("added to a team")
    TEAM_LEFT = "team left", _("removed from a team")
    JOB_CHANGED = "job changed", _("changed a job")
    COMMUNITY_CHANGED = "community changed", _("changed a community")
    CONSENT_TEXT = "consent text", _("published a consent text")
    COMPANY_CHANGED = "company changed", _("changed the company")
    NUMBER_CHANGED = "number changed", _("changed the sending numbers")
    TEMPLATE_CHANGED = "template changed", _("changed an invitation")
    SIGN_IN_CHANGED = "sign-in changed", _("changed how people sign in")
    ROUTE_RELEASED = "route released", _("released a sending number of")
    REPLY_ATTACHED = "reply attached", _("attached an unmatched reply")
    EXPORTED = "exported", _("exported")
    IMPORTED = "imported", _("imported")


class AuditEntry(models.Model):
    """Who did what when, for good: the database refuses to change or delete a row (S1, A5).

    `words` say it in the language of that moment, with names as they were then.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="audit_entries")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=20, choices=AuditAction)
    about = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = _("audit trail")
        indexes = [
            models.Index(fields=["company", "-id"], name="trail_of_a_company"),
            models.Index(fields=["about", "-id"], name="trail_about_a_user"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class OutgoingMail(models.Model):
    """A mail of the platform's own: an invitation, a receipt, a digest. The row is the truth; a worker sends it.

    `body` and `headers` are forgotten once it went out: they may hold a link that lets somebody in.
    """

    to = models.EmailField()
    subject = models.CharField(max_length=255)
    body = models.TextField()
    headers = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, given_up=False), name="sweep_outgoing_mail")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


def new_provider_key() -> str:
    return secrets.token_urlsafe(12)


class IdentityProvider(models.Model):
    """A company's own way to sign its people in, by OpenID Connect.

    `key` names it in addresses and links, and tells a stranger nothing. Links from its subjects to our users are
    allauth's SocialAccount rows with this key as their provider.
    """

    company = models.OneToOneField(Company, models.CASCADE, related_name="identity_provider")
    key = models.CharField(max_length=32, unique=True, default=new_provider_key, editable=False)
    server_url = models.URLField(_("address of the provider"))
    client_id = models.CharField(_("client id"), max_length=191)
    sealed_secret = models.TextField(editable=False)
    is_required = models.BooleanField(_("everybody signs in there"), default=False)

    def __str__(self) -> str:
        return self.key


class SignInDomain(models.Model):
    """An email domain whose people sign in through their company's provider. One company's alone."""

    provider = models.ForeignKey(IdentityProvider, models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.name
