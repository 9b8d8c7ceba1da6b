"""The invitation as templates: which one goes out, and how WhatsApp judges them (W3, W4)."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, languages
from accounts.models import AuditAction, Company, User
from channels_whatsapp import refusals, rules
from channels_whatsapp.models import Template, TemplateState, WhatsAppSender
from inbox.models import Conversation
from twilio_gateway import content

logger = logging.getLogger(__name__)

INVITATION = (  # W3, to the letter; the platform's name is literal, for a template may not begin with a place
    "{platform} would like to reach you on behalf of {{company}} about {{about}}. Since the team can only reach you "
    "within a day of your last message, please reply to continue receiving updates. "
    "Ignore to no longer receive updates."
)
UNDER_WAY = (TemplateState.UNSUBMITTED, TemplateState.RECEIVED, TemplateState.PENDING)
ASKS_EVERY, ASKS_APPROVED_EVERY = timedelta(minutes=5), timedelta(hours=6)
STATE_OF_CODE = {
    63040: TemplateState.REJECTED,
    63041: TemplateState.PAUSED,
    63042: TemplateState.DISABLED,
}
"""What WhatsApp's refusal of a message says of its template."""
HANDING_IN = timedelta(minutes=2)  # longer than its two calls to Twilio can take


class CannotBeFiled(Exception):
    """A template can't be handed in for approval; the text says why."""


def usual_words() -> str:
    """The invitation of the requirements, with the platform's name in it."""
    return INVITATION.format(platform=settings.PLATFORM_NAME)


def approved(sender_ids: Iterable[int]) -> dict[int, dict[str, Template]]:
    """The approved templates of each sender by language, in one query."""
    found: dict[int, dict[str, Template]] = {}
    for template in Template.objects.filter(sender__in=set(sender_ids), state=TemplateState.APPROVED).order_by("pk"):
        found.setdefault(template.sender_id, {})[template.language] = template
    return found


def choose(by_language: dict[str, Template], wanted: Sequence[str]) -> Template | None:
    """The template in the first of these languages that has one; else any; None where nothing is approved.

    A region is part of a language only where nothing else fits: "de-AT" finds "de".
    """
    for language in wanted:
        for each in (language, language.split("-")[0]):
            if each in by_language:
                return by_language[each]
    return next(iter(by_language.values()), None)


def instead_of(template: Template, company: Company) -> Template | None:
    """What invites those who speak this template's language while it can't be sent; None: nothing does."""
    others = approved([template.sender_id]).get(template.sender_id, {})
    others.pop(template.language, None)
    return choose(others, [*company.languages, "en"])


def text_for(template: Template, conversation: Conversation) -> str:
    """The invitation as it will arrive."""
    return rules.filled_in(template.body, company=conversation.company.name, about=conversation.record.title)


def values_for(template: Template, conversation: Conversation) -> dict[str, str]:
    return rules.variables(template.body, company=conversation.company.name, about=conversation.record.title)


@transaction.atomic
def save(template: Template, *, by: User) -> bool:
    """Store an admin's words. False: nothing was changed.

    Other words than those that WhatsApp judged are another template: a draft again.
    """
    before = Template.objects.select_for_update().filter(pk=template.pk).first()
    if before is None:
        pass
    elif (before.body, before.language) != (template.body, template.language):
        template.content_sid, template.state, template.problem = "", TemplateState.DRAFT, ""
    elif before.content_sid != template.content_sid:
        template.state = TemplateState.PENDING if template.content_sid else TemplateState.DRAFT
        template.asked_at = None  # asked for at the next sweep
    elif before.sender_id == template.sender_id:
        return False
    template.changed_at = timezone.now()
    template.save()
    _tell_trail(template, _("WhatsApp invitation in %(language)s"), by=by)
    return True


def may_be_handed_in(template: Template, *, now: datetime) -> bool:
    """Whether WhatsApp hasn't got these words yet. What it has judged is filed anew with other words only: Twilio
    files a content id once (92009)."""
    was_left_behind = not template.content_sid and template.asked_at and template.asked_at < now - HANDING_IN
    return template.state in {TemplateState.DRAFT, TemplateState.UNSUBMITTED} or bool(was_left_behind)


def submit(template: Template, *, by: User) -> None:
    """Hand words in at Twilio and file them with WhatsApp as UTILITY. Raises CannotBeFiled.

    Twilio has no idempotency here. So only one of several clicks does it, and Twilio's id is stored before the filing,
    for a second try to file the same one. Words that were changed meanwhile stay a draft.
    """
    _take(template)
    try:
        if not template.content_sid:
            sid = _created(template)
            if not _same_words(template).update(content_sid=sid):
                raise CannotBeFiled(
                    _("Not handed in: somebody changed the words meanwhile. Read them, then try again.")
                )
            template.content_sid = sid
        approval = content.ask_for_approval(template.content_sid, name=f"invitation_{template.content_sid.lower()}")
    except content.NotAnswered as error:
        left = TemplateState.UNSUBMITTED if template.content_sid else TemplateState.DRAFT
        _same_words(template).update(state=left, problem=str(error)[:2000])
        raise CannotBeFiled(_("Not handed in. Twilio says: %(words)s") % {"words": error}) from error
    _note(template, approval)
    _tell_trail(template, _("WhatsApp invitation in %(language)s handed in"), by=by)


def ask(template: Template) -> None:
    """Ask Twilio how the template stands, and write it down. Raises content.NotAnswered."""
    _note(template, content.approval_of(template.content_sid))


def ask_for_states(now: datetime) -> int:
    """For the sweeper: those under way every few minutes, the judged ones now and then. Returns how many."""
    known = Template.objects.exclude(content_sid="")
    due = [
        template
        for template in known
        if template.asked_at is None
        or now - template.asked_at > (ASKS_EVERY if template.state in UNDER_WAY else ASKS_APPROVED_EVERY)
    ]
    for template in due:
        try:
            _note(template, content.approval_of(template.content_sid), keeps_problem=True)
        except content.NotAnswered:
            logger.warning("the state of template %s can't be asked for; tried again later", template.pk)
            Template.objects.filter(pk=template.pk).update(asked_at=now)
            break
    return len(due)


def refused(content_sid: str, code: int) -> None:
    """WhatsApp refused a message because of its template: the admin finds it here in detail."""
    if code not in refusals.HELPS or not content_sid:
        return
    now = timezone.now()
    known: dict[str, Any] = {"problem": refusals.of_message(code, at=now), "changed_at": now}
    if code in STATE_OF_CODE:
        known["state"] = STATE_OF_CODE[code]
    elif code == refusals.NOT_APPROVED_THERE:
        known["asked_at"] = None  # asked for at the next sweep
    Template.objects.filter(content_sid=content_sid).update(**known)


def _take(template: Template) -> None:
    """Into the hands of this click alone, until it is filed or its time is over; with the words that are stored."""
    now = timezone.now()
    free = Q(state__in=(TemplateState.DRAFT, TemplateState.UNSUBMITTED))
    left_behind = Q(content_sid="", asked_at__lt=now - HANDING_IN)
    mine = Template.objects.filter(free | left_behind, pk=template.pk)
    taken = mine.update(state=TemplateState.PENDING, asked_at=now)
    template.refresh_from_db()
    if not taken:
        raise CannotBeFiled(_("WhatsApp has these words already. To have it judge anew, change them first."))


def _same_words(template: Template) -> QuerySet[Template]:
    """The template's row, unless somebody has changed its words since."""
    return Template.objects.filter(
        pk=template.pk, body=template.body, language=template.language, content_sid=template.content_sid
    )


def _created(template: Template) -> str:
    """Make it at Twilio; its content id."""
    words, names = rules.numbered(template.body)
    examples = {str(number): {"company": "Acme", "about": "Engineer"}[each] for number, each in enumerate(names, 1)}
    name = f"invitation_{template.language}_{template.pk}"
    language = rules.to_wire_language(template.language)
    return content.create(name=name, language=language, body=words, examples=examples)


def _note(template: Template, approval: content.Approval, *, keeps_problem: bool = False) -> None:
    """Write down how these words were judged; nothing of words that were saved since.

    `keeps_problem`: what is known of a refused message stays until WhatsApp judges otherwise or an admin has asked.
    """
    known: dict[str, Any] = {"state": TemplateState.PENDING, "asked_at": timezone.now(), "problem": approval.reason}
    if approval.state in TemplateState:
        known["state"] = TemplateState(approval.state)
    if known["state"] != template.state:
        known["changed_at"] = known["asked_at"]
    elif keeps_problem and not approval.reason:
        del known["problem"]
    for name, value in known.items():
        setattr(template, name, value)
    Template.objects.filter(pk=template.pk, content_sid=template.content_sid).update(**known)


def _tell_trail(template: Template, words: str, *, by: User) -> None:
    """In the trail of the company whose sender it is; the platform's own has none."""
    sender: WhatsAppSender = template.sender
    company: Company | None = sender.company
    if company is not None:
        named = words % {"language": languages.name_of(template.language)}
        audit.record(company, AuditAction.TEMPLATE_CHANGED, by=by, words=named)
