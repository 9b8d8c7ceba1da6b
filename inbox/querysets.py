"""The only door to conversations and messages: what a user may see, and where she may write."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from candidates.models import Application, Prospect

if TYPE_CHECKING:
    from accounts.models import User
    from candidates.models import Candidate
    from inbox.models import Conversation, DeliveryAttempt, Message, Notice  # noqa: F401 - named in the bases below


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: "User") -> Self:
        """Conversations on records whose team the user is on; reading needs no seat (A2, A4)."""
        applications = Application.objects.visible_to(user).values("pk")
        prospects = Prospect.objects.visible_to(user).values("pk")
        return self.filter(Q(application__in=applications) | Q(prospect__in=prospects), company_id=user.company_id)

    def of_people(self, people: "Iterable[Candidate]") -> Self:
        """The conversations of all records of these people."""
        people = list(people)
        return self.filter(Q(application__candidate__in=people) | Q(prospect__candidate__in=people))

    def locked(self) -> Self:
        """Held until the transaction ends. Whoever locks the consent too does that first.

        Without its key: who only stores a row that refers to a conversation needn't wait, in whatever order.
        """
        return self.select_for_update(of=("self",), no_key=True)

    def with_record(self) -> Self:
        return self.select_related(
            "company", "application__candidate", "application__job", "prospect__candidate", "prospect__community"
        )


class MessageQuerySet(models.QuerySet["Message"]):
    def shown_on(self, channel: str) -> Self:
        """A channel's part of the thread, with what a page shows of each message."""
        return (
            self.filter(channel=channel)
            .select_related("author", "consent_event", "reply_to__author")
            .prefetch_related("attempts")
        )


class AttemptQuerySet(models.QuerySet["DeliveryAttempt"]):
    def known_ids(self, provider_ids: Iterable[str]) -> set[str]:
        """Those of the provider's ids that belong to an attempt of ours."""
        found = self.filter(provider_id__in=[each for each in provider_ids if each])
        return set(found.values_list("provider_id", flat=True))


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: "User") -> Self:
        """The user's own notices of conversations that she may still see (N1)."""
        from inbox.models import Conversation  # the model needs this queryset first

        seen = Conversation.objects.visible_to(user).values("pk")
        return self.filter(user_id=user.pk, conversation__in=seen)

    def unread(self) -> Self:
        return self.filter(read_at=None)
