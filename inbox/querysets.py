"""The only door to conversations and messages: what a user may see, and where she may write."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from candidates.models import Candidate, Community, Job

if TYPE_CHECKING:
    from accounts.models import User
    from inbox.models import Conversation, DeliveryAttempt, Message, Notice, OptOutHold  # noqa: F401 - named in the bases below

TAKEN_BACK = "taken back"  # the kind of what is left of a message that its author took back: shown nowhere
EVERYTHING = "all"  # instead of a channel's key: the whole thread, as the Inbox shows it (Q5)
NOTES = "note"  # instead of a channel's key: what the team writes to itself, which no channel sends


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: "User") -> Self:
        """Conversations on records whose team the user is on; reading needs no seat (A2, A4).

        Communities are there for SmartCRM subscribers only (F2). An inactive user sees nothing.
        """
        if user.company_id is None or not user.is_active:
            return self.none()
        jobs = Job.team.through.objects.filter(user_id=user.pk).values("job_id")
        communities = Community.team.through.objects.filter(user_id=user.pk).values(key=-F("community_id"))
        of_jobs = Q(team_key__in=jobs)
        of_communities = Q(team_key__in=communities, company__has_smartcrm=True)
        return self.filter(of_jobs | of_communities, company_id=user.company_id)

    def of_people(self, people: "Iterable[Candidate] | models.QuerySet[Candidate, Any]") -> Self:
        """The conversations of all records of these people, which are looked up at once, by index.

        One condition over both kinds of record would read every conversation there is, and so would PostgreSQL where
        it joins much else: beyond eight tables it no longer looks for the best order.
        """
        everybody = self.model.objects.order_by()
        by_application = everybody.filter(application__candidate__in=people).values("pk")
        by_prospect = everybody.filter(prospect__candidate__in=people).values("pk")
        return self.filter(pk__in=[row["pk"] for row in by_application.union(by_prospect, all=True)])

    def with_phone_of(self, person: "Candidate") -> Self:
        """The conversations of everybody whom this person's phone belongs to, herself included."""
        if not person.phone:
            return self.of_people([person])
        return self.of_people(Candidate.objects.filter(company=person.company_id, phone=person.phone))

    def locked(self) -> Self:
        """Held until the transaction ends. Whoever locks the consent too does that first.

        Without its key: who only stores a row that refers to a conversation needn't wait, in whatever order.
        """
        return self.select_for_update(of=("self",), no_key=True)

    def with_record(self) -> Self:
        """With what a page says of whom it is with.

        And with which channels are paused, and whether the company has texts on hold: so that nobody asks further.
        """
        from inbox import pauses  # these models need this queryset first
        from inbox.models import OptOutHold

        held = OptOutHold.objects.open().filter(company=OuterRef("company"))
        return self.select_related(
            "company", "application__candidate", "application__job", "prospect__candidate", "prospect__community"
        ).annotate(paused_channels=pauses.all_paused_channels(), company_has_holds=Exists(held))


class MessageQuerySet(models.QuerySet["Message"]):
    def on(self, shown: str, *, with_taken_back: bool = False) -> Self:
        """A channel's part of the thread with the team's notes, or all of it.

        `with_taken_back`: with what is left of messages that were taken back, for pages that still show them.
        """
        there = self if with_taken_back else self.exclude(kind=TAKEN_BACK)
        return there if shown == EVERYTHING else there.filter(channel__in=[shown, NOTES])

    def shown_on(self, shown: str, *, with_taken_back: bool = False) -> Self:
        """The same, with what a page shows of each message."""
        there = self.on(shown, with_taken_back=with_taken_back)
        return there.select_related("author", "consent_event__by_user", "reply_to", "hold__resolved_by")


class HoldQuerySet(models.QuerySet["OptOutHold"]):
    def open(self) -> Self:
        """Those that nobody has decided about."""
        return self.filter(outcome="")


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
