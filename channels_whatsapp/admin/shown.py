"""How an invitation is shown to a company's admin: its state in words, its preview, what helps."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import languages
from accounts.models import Company
from candidates.models import Community, Job
from channels_whatsapp import refusals, rules, templates
from channels_whatsapp.models import Template, TemplateState


@dataclass(frozen=True)
class Standing:
    """A state for people: its glyph, what it means, and what the admin can do."""

    glyph: str
    tone: str
    meaning: Promise
    advice: Promise | str = ""


NOT_YET = gettext_lazy("WhatsApp hasn't got these words yet, so they can't be sent.")
READ_FIRST = gettext_lazy("Read the preview, then hand it in.")
STANDINGS = {
    TemplateState.DRAFT: Standing("pencil", "", NOT_YET, READ_FIRST),
    TemplateState.UNSUBMITTED: Standing("pencil", "", NOT_YET, READ_FIRST),
    TemplateState.RECEIVED: Standing("clock", "wait", gettext_lazy("WhatsApp has it, and judges it before long.")),
    TemplateState.PENDING: Standing(
        "hourglass",
        "wait",
        gettext_lazy("WhatsApp judges it now: in minutes as a rule, at times in two days."),
        gettext_lazy("We ask how it stands every five minutes; nobody has to wait here."),
    ),
    TemplateState.APPROVED: Standing("check", "", gettext_lazy("People can be invited with it.")),
    TemplateState.REJECTED: Standing(
        "alert-circle",
        "bad",
        gettext_lazy("WhatsApp refused these words, so they can't be sent."),
        gettext_lazy("Change them, then hand them in."),
    ),
    TemplateState.PAUSED: Standing(
        "alert",
        "warn",
        gettext_lazy("Too many people blocked or reported it, so WhatsApp holds it back for a while."),
        gettext_lazy("The pause ends by itself. If it comes back, change the words."),
    ),
    TemplateState.DISABLED: Standing(
        "ban",
        "bad",
        gettext_lazy("WhatsApp doesn't take these words any more."),
        gettext_lazy("Write other words, then hand them in."),
    ),
}
NEEDS_SOMEBODY = (TemplateState.REJECTED, TemplateState.PAUSED, TemplateState.DISABLED)


@dataclass(frozen=True)
class Invitation:
    """A template as the settings show it. `meaning`: WhatsApp's own word for its reason as a sentence, if it is one;
    `instead`: who is invited how while it can't be sent."""

    template: Template
    language: str
    standing: Standing
    preview: str
    meaning: str
    instead: str
    may_be_handed_in: bool


def invitation(template: Template, company: Company, *, example: str) -> Invitation:
    state = TemplateState(template.state)
    return Invitation(
        template=template,
        language=languages.name_of(template.language),
        standing=STANDINGS[state],
        preview=preview(template.body, company, example=example),
        meaning=refusals.in_words(template.problem),
        instead="" if state == TemplateState.APPROVED else instead_of(template, company),
        may_be_handed_in=templates.may_be_handed_in(template, now=timezone.now()),
    )


def preview(body: str, company: Company, *, example: str) -> str:
    """The words as they will arrive."""
    return rules.filled_in(body, company=company.name, about=example)


def example_of(company: Company) -> str:
    """A title for the preview: of the newest open job, else of any job or community that the company has."""
    job = Job.objects.filter(company=company).order_by("-closed_at", "-made_at").first()  # open: NULL, so first
    return str(job or Community.objects.filter(company=company).first() or _("Field Engineer"))


def instead_of(template: Template, company: Company) -> str:
    """Who is invited how while this one can't be sent, in a sentence."""
    other = templates.instead_of(template, company)
    if other is None:
        return _("No other invitation is approved, so nobody can be invited by WhatsApp meanwhile.")
    words = {"language": languages.name_of(template.language), "other": languages.name_of(other.language)}
    return _("Meanwhile people who speak %(language)s get the invitation in %(other)s.") % words
