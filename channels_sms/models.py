"""The pool of sending numbers, and the routes that keep each conversation on one of them (Q6)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from inbox.models import Conversation
from inbox.paced import Paced


class SenderNumber(Paced):
    """One of our numbers, statically assigned to a company for as long as history refers to it (Q6, Q9).

    `wish` is what the company asked for, an area or a region; the country follows from the number. A retired one
    takes no new route: its conversations go on from another number with their next text, and replies to it arrive
    where they did.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="sender_numbers")
    country = models.CharField(_("country"), max_length=2)
    wish = models.CharField(_("wish for area or region"), max_length=120, blank=True)
    retired_at = models.DateTimeField(_("out of use since"), null=True, blank=True, editable=False)


class Route(models.Model):
    """Our number and theirs, kept for a conversation as long as it lives, so that every reply finds it.

    `blocked_at`: the carrier refuses this pair, although the person opted in by way of another number (O13).
    `left_at`: the conversation writes from another number since this one was retired; replies still come by it.
    `released_at`: the pair is free for another conversation, and a reply by it fits none.
    """

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="sms_routes")
    sender_number = models.ForeignKey(SenderNumber, models.PROTECT, related_name="routes")
    address = models.CharField(max_length=16)
    made_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="live_route_belongs_to_one_conversation",
                fields=["sender_number", "address"],
                condition=Q(released_at=None),
            ),
            models.UniqueConstraint(
                name="conversation_keeps_one_sender_per_address",
                fields=["conversation", "address"],
                condition=Q(released_at=None, left_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender_number_id} {self.conversation_id}"
