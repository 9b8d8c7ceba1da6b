"""Which hours a company may choose as good ones for texts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HoursPreset(TextChoices):
    """Which hours are good for a text, by the recipient's clock (V1)."""

    ADVICE = "advice", _("8:00 to 21:00, not on weekends and public holidays")
    STRICT = "strict", _("9:00 to 20:00, never on Sundays and public holidays")
