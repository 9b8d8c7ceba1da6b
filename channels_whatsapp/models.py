"""WhatsApp's senders and templates, and the names by which WhatsApp knows one person."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from candidates.models import Candidate
from inbox.paced import Paced


class WhatsAppSender(Paced):
    """A number of ours on WhatsApp. Without a company it is the platform's own and relays for all (W3, W5)."""

    company = models.OneToOneField(
        Company, models.PROTECT, null=True, blank=True, related_name="whatsapp_sender", verbose_name=_("company")
    )

    class Meta:
        verbose_name = _("WhatsApp sender")
        constraints = [
            *Paced.Meta.constraints,
            models.UniqueConstraint(
                name="one_shared_sender", fields=["company"], condition=Q(company=None), nulls_distinct=False
            ),
        ]

    @property
    def is_shared(self) -> bool:
        return self.company_id is None


class TemplateState(models.TextChoices):
    """WhatsApp's word for how it judged a template; `draft` is ours, for one that Twilio doesn't know yet."""

    DRAFT = "draft", _("Not submitted")
    UNSUBMITTED = "unsubmitted", _("Not submitted")
    RECEIVED = "received", _("Received by WhatsApp")
    PENDING = "pending", _("Waiting for WhatsApp")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    PAUSED = "paused", _("Paused by WhatsApp")
    DISABLED = "disabled", _("Disabled by WhatsApp")


class Template(models.Model):
    """The invitation in one language, as WhatsApp approves it (W3, W4): its words with {company} and {about}.

    `problem` is what WhatsApp or Twilio said of it last, for the admin.
    """

    sender = models.ForeignKey(WhatsAppSender, models.CASCADE, related_name="templates", verbose_name=_("sender"))
    language = models.CharField(_("language"), max_length=8)
    body = models.TextField(_("words"))
    content_sid = models.CharField(_("content id"), max_length=34, blank=True, help_text=_("Twilio's, with HX"))
    state = models.CharField(_("state"), max_length=12, choices=TemplateState, default=TemplateState.DRAFT)
    problem = models.TextField(_("what WhatsApp says"), blank=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True, help_text=_("When Twilio was last asked for its state"))

    class Meta:
        verbose_name = _("WhatsApp invitation")
        ordering = ["sender", "language"]
        constraints = [
            models.UniqueConstraint(fields=["sender", "language"], name="one_invitation_per_language"),
            models.UniqueConstraint(
                fields=["content_sid"], name="one_template_per_content_id", condition=~Q(content_sid="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.language}"


class Alias(models.Model):
    """A name by which WhatsApp knows a person to a sender: a number, or a user id where no number is shown.

    Names that were seen together in one message carry the same `person` and are one address for consent (O10, O12).
    """

    sender = models.ForeignKey(WhatsAppSender, models.CASCADE, related_name="aliases")
    address = models.CharField(max_length=160)
    person = models.UUIDField()
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = _("aliases")
        constraints = [models.UniqueConstraint(fields=["sender", "address"], name="one_person_per_alias")]
        indexes = [models.Index(fields=["person"], name="aliases_of_a_person")]

    def __str__(self) -> str:
        return self.address


class KnownAddress(models.Model):
    """The WhatsApp user id of a candidate who shows no number; an admin said whose it is (O10)."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    candidate = models.OneToOneField(Candidate, models.CASCADE, related_name="whatsapp_address")
    address = models.CharField(max_length=160)
    known_since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["company", "address"], name="candidate_by_user_id")]

    def __str__(self) -> str:
        return self.address
