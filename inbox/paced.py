"""What a sender keeps of its pace; a channel's own senders have it as columns."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Paced(models.Model):
    """A sender of ours that hands over so many a second, as its provider allows (twilio.md §11).

    `per_second` counts what the provider counts: segments of SMS, whole messages elsewhere; None hands over as fast as
    texts come. `next_slot_at`: when the next text may leave; in the past for one that is idle.
    """

    number = models.CharField(_("number"), max_length=16, unique=True, help_text="E.164")
    per_second = models.FloatField(
        _("texts a second"),
        null=True,
        blank=True,
        help_text=_("By segments on SMS. Empty: as fast as they come; the provider queues them."),
    )
    next_slot_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(app_label)s_pace_is_above_zero", condition=models.Q(per_second__gt=0))
        ]

    def __str__(self) -> str:
        return self.number
