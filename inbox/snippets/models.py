"""Texts for reuse: a user's own, a team's, or the whole company's."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from candidates.models import Community, Job

if TYPE_CHECKING:
    from inbox.models import Conversation


class Audience(models.TextChoices):
    """Who finds a snippet. Its author alone, who is on a team, or everybody at the company."""

    PERSONAL = "personal", _("Only you")
    TEAM = "team", _("A team")
    COMPANY = "company", _("Everybody at your company")


class SnippetQuerySet(models.QuerySet["Snippet"]):
    def visible_to(self, user: User) -> Self:
        """The user's own, those of her teams, and her company's, also what was deleted a moment ago (A4)."""
        if user.company_id is None or not user.is_active:
            return self.none()
        of_teams = Q(job__in=Job.objects.visible_to(user)) | Q(community__in=Community.objects.visible_to(user))
        own = Q(audience=Audience.PERSONAL, author=user)
        return self.filter(own | of_teams | Q(audience=Audience.COMPANY), company_id=user.company_id)

    def editable_by(self, user: User) -> Self:
        """Of the visible ones: her own and her teams'; the company's for its admins."""
        visible = self.visible_to(user)
        return visible if user.is_company_admin else visible.exclude(audience=Audience.COMPANY)

    def kept(self) -> Self:
        """Those that nobody deleted."""
        return self.filter(deleted_at=None)

    def offered_in(self, conversation: "Conversation") -> Self:
        """Those that fit there: another team's snippet is about another job."""
        of_others = Q(audience=Audience.TEAM) & ~Q(
            job=conversation.application.job_id if conversation.application else None,
            community=conversation.prospect.community_id if conversation.prospect else None,
        )
        return self.kept().exclude(of_others)


class Snippet(models.Model):
    """A text with places in braces, such as {first_name}, which are filled when it is chosen."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="snippets")
    author = models.ForeignKey(User, models.PROTECT, related_name="snippets")
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.PERSONAL)
    job = models.ForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="snippets")
    community = models.ForeignKey(Community, models.CASCADE, null=True, blank=True, related_name="snippets")
    title = models.CharField(max_length=80)
    body = models.TextField()
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text=_("It can be had back for a day"))

    objects: ClassVar[SnippetQuerySet] = SnippetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_teams_snippet_has_one_team_and_no_other_has_any",
                condition=Q(audience=Audience.TEAM, job__isnull=False, community=None)
                | Q(audience=Audience.TEAM, job=None, community__isnull=False)
                | Q(audience__in=[Audience.PERSONAL, Audience.COMPANY], job=None, community=None),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def team(self) -> Job | Community | None:
        return self.job or self.community

    @property
    def shared_with(self) -> str:
        """In words, for whoever may see it."""
        return str(self.team or Audience(self.audience).label)
