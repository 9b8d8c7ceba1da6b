"""The only door to records: what a user may see."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from accounts.models import User


class GroupQuerySet(models.QuerySet[Any]):
    """Jobs and communities: what records belong to, and whose team reads them."""

    def visible_to(self, user: "User") -> Self:
        """Those whose team the user is on, at her company; communities for SmartCRM subscribers only (A4, F2)."""
        if user.company_id is None or not user.is_active:
            return self.none()
        allowed = Q(company_id=user.company_id)
        if self.model._meta.model_name == "community":
            allowed &= Q(company__has_smartcrm=True)
        on_team = self.model.team.through.objects.filter(
            user_id=user.pk, **{f"{self.model._meta.model_name}_id": OuterRef("pk")}
        )
        return self.filter(allowed, Exists(on_team))


class RecordQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> Self:
        """Records whose team the user is on, at her company; reading needs no seat (A2, A4).

        Prospects exist for companies with SmartCRM only (F2). An inactive user sees nothing.
        """
        if user.company_id is None or not user.is_active:
            return self.none()
        kind = self.model.kind
        group = "job" if kind == "application" else "community"
        group_model = self.model._meta.get_field(group).related_model
        on_team = group_model.team.through.objects.filter(user_id=user.pk, **{f"{group}_id": OuterRef(f"{group}_id")})
        allowed = Q(candidate__company_id=user.company_id)
        if kind == "prospect":
            allowed &= Q(candidate__company__has_smartcrm=True)
        return self.filter(allowed, Exists(on_team))

    def with_person(self) -> Self:
        """With what a page shows of each record, in one query."""
        group = "job" if self.model.kind == "application" else "community"
        return self.select_related("candidate__company", group)
