"""Webhooks as they came. Nothing that came with a valid signature is ever dropped."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WebhookKind(models.TextChoices):
    SMS = "sms", _("SMS from a person")
    WHATSAPP = "whatsapp", _("WhatsApp from a person")
    STATUS = "status", _("delivery status")


class WebhookState(models.TextChoices):
    DONE = "done", _("understood")
    FAILED = "failed", _("failed, will be tried again")
    ASIDE = "aside", _("kept aside for the operator")


class WebhookRequest(models.Model):
    """One signed request of Twilio's, stored once however often it comes (I3).

    `key` is what makes a repeat the same: the message sid of a text, the attempt, sid and status of a callback.
    `parameters` are decoded and without NUL characters; `raw` is the body to the byte.
    """

    kind = models.CharField(max_length=8, choices=WebhookKind)
    key = models.CharField(max_length=200)
    parameters = models.JSONField()
    query = models.CharField(max_length=400, blank=True)
    raw = models.BinaryField()
    state = models.CharField(max_length=8, choices=WebhookState, default=WebhookState.DONE)
    problem = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    received_at = models.DateTimeField(default=timezone.now)
    try_again_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["WebhookRequest"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="webhook_once_per_key")]
        indexes = [
            models.Index(fields=["try_again_at"], condition=models.Q(state="failed"), name="sweep_failed_webhooks")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
