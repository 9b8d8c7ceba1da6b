"""What a user may write into a snippet, and whom she may share it with."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from candidates.models import Community, Job
from inbox.placeholders import Holes, problem, unknown
from inbox.rules import normalised
from inbox.snippets.models import Audience, Snippet

MOST_CHARACTERS = 5000  # of a snippet: an email may be longer than a text


class SnippetForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=80)
    body = forms.CharField(label=_("Text"), max_length=MOST_CHARACTERS, widget=forms.Textarea)
    shared_with = forms.ChoiceField(label=_("Who can use it"))

    def __init__(self, data: QueryDict | None, *, user: User, snippet: Snippet) -> None:
        initial = {"title": snippet.title, "body": snippet.body, "shared_with": _choice_of(snippet)}
        super().__init__(data, initial=initial)
        self.teams: dict[str, Job | Community] = {
            **{f"job:{job.pk}": job for job in Job.objects.visible_to(user).order_by("title")},
            **{f"community:{each.pk}": each for each in Community.objects.visible_to(user).order_by("name")},
        }
        everybody = [Audience.COMPANY] if user.is_company_admin else []
        self.fields["shared_with"].choices = [  # type: ignore[attr-defined]  # a ChoiceField, as declared
            *[(each.value, each.label) for each in (Audience.PERSONAL, *everybody)],
            *[(key, str(team)) for key, team in self.teams.items()],
        ]

    def clean_body(self) -> str:
        body = normalised(self.cleaned_data["body"])
        if strange := unknown(body):
            raise forms.ValidationError(problem(Holes(unknown=strange)))
        return body

    def chosen(self) -> dict[str, Any]:
        """What `actions.save` takes; of a valid form."""
        choice = self.cleaned_data["shared_with"]
        team = self.teams.get(choice)
        audience = Audience.TEAM if team else Audience(choice)
        return {
            "title": self.cleaned_data["title"],
            "body": self.cleaned_data["body"],
            "audience": audience,
            "team": team,
        }


class BookingLinkForm(forms.Form):
    booking_link = forms.URLField(
        label=_("Your booking link"),
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("This is no web address. Copy it from your calendar's page, https:// included.")},
    )


def _choice_of(snippet: Snippet) -> str:
    if snippet.job_id:
        return f"job:{snippet.job_id}"
    return f"community:{snippet.community_id}" if snippet.community_id else snippet.audience
