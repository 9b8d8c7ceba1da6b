"""Companies, their users, and the seats that let a user send."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ConsentStyle(models.TextChoices):
    """How the application form asks for consent (O1, O2)."""

    SINGLE = "single", _("One box")
    SEPARATED = "separated", _("A box for each channel")


class Company(models.Model):
    """A customer of the platform. Every query starts from the company of the signed-in user."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    has_smartrecruit = models.BooleanField("SmartRecruit", default=True)
    has_smartmessage = models.BooleanField("SmartMessage", default=False)
    has_smartcrm = models.BooleanField("SmartCRM", default=False)
    texts_by_sms = models.BooleanField(_("texts by SMS"), default=False)
    texts_by_whatsapp = models.BooleanField(_("texts by WhatsApp"), default=False)
    consent_style = models.CharField(
        _("consent boxes"), max_length=12, choices=ConsentStyle, default=ConsentStyle.SEPARATED
    )
    seats_bought = models.PositiveIntegerField(_("SmartMessage seats bought"), default=0)

    class Meta:
        verbose_name_plural = _("companies")

    def __str__(self) -> str:
        return self.name

    def texting_channels(self) -> list[str]:
        """The keys of the text channels that this company has, in the order in which they are shown (F4, Q3)."""
        if not self.has_smartmessage:
            return []
        switches = {"sms": self.texts_by_sms, "whatsapp": self.texts_by_whatsapp}
        return [key for key, is_on in switches.items() if is_on]


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

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email_whatever_its_case")]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

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
