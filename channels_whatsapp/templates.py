"""The invitation as templates: which one goes out, and how WhatsApp judges them (W3, W4)."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditAction, Company, User
from channels_whatsapp import rules
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
ABOUT_TEMPLATES = {63013, 63016, 63021, 63027, 63028, 63049, 21654, 21655, 21656, *STATE_OF_CODE}


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


def text_for(template: Template, conversation: Conversation) -> str:
    """The invitation as it will arrive."""
    return rules.filled_in(template.body, company=conversation.company.name, about=conversation.record.title)


def values_for(template: Template, conversation: Conversation) -> dict[str, str]:
    return rules.variables(template.body, company=conversation.company.name, about=conversation.record.title)


@transaction.atomic
def save(template: Template, *, by: User) -> None:
    """Store an admin's words. Other words than those that WhatsApp judged are another template: a draft again."""
    before = Template.objects.select_for_update().filter(pk=template.pk).first()
    if before and (before.body, before.language) != (template.body, template.language):
        template.content_sid, template.state, template.problem = "", TemplateState.DRAFT, ""
    if before and before.content_sid != template.content_sid and template.content_sid:
        template.state, template.asked_at = TemplateState.PENDING, None  # asked for at the next sweep
    template.changed_at = timezone.now()
    template.save()
    _tell_trail(template, _("WhatsApp invitation in %(language)s"), by=by)


def submit(template: Template, *, by: User) -> None:
    """Hand a draft in at Twilio and file it with WhatsApp as UTILITY. Raises CannotBeFiled.

    Twilio has no idempotency here: its id is stored before the filing, so that a second try files the same one.
    """
    name = f"invitation_{template.language.lower().replace('-', '_')}_{template.pk}"
    words, names = rules.numbered(template.body)
    examples = {str(number): {"company": "Acme", "about": "Engineer"}[each] for number, each in enumerate(names, 1)}
    try:
        if not template.content_sid:
            template.content_sid = content.create(name=name, language=template.language, body=words, examples=examples)
            template.save(update_fields=["content_sid"])
        _note(template, content.ask_for_approval(template.content_sid, name=name))
    except content.NotAnswered as error:
        Template.objects.filter(pk=template.pk).update(problem=str(error)[:2000])
        raise CannotBeFiled(_("Not filed. Twilio says: %(words)s") % {"words": error}) from error
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
            ask(template)
        except content.NotAnswered:
            logger.warning("the state of template %s can't be asked for; tried again later", template.pk)
            Template.objects.filter(pk=template.pk).update(asked_at=now)
            break
    return len(due)


def refused(content_sid: str, code: int) -> None:
    """WhatsApp refused a message because of its template: the admin finds it here in detail."""
    if code not in ABOUT_TEMPLATES or not content_sid:
        return
    template = Template.objects.filter(content_sid=content_sid).first()
    if template is None:
        return
    template.problem = _("A message with it was refused (code %(code)d).") % {"code": code}
    template.state = STATE_OF_CODE.get(code, TemplateState(template.state))
    template.changed_at = timezone.now()
    template.save(update_fields=["problem", "state", "changed_at"])


def _note(template: Template, approval: content.Approval) -> None:
    template.state = TemplateState(approval.state) if approval.state in TemplateState else TemplateState.PENDING
    if approval.reason or template.state == TemplateState.APPROVED:
        template.problem = approval.reason
    template.asked_at = timezone.now()
    template.save(update_fields=["state", "problem", "asked_at"])


def _tell_trail(template: Template, words: str, *, by: User) -> None:
    """In the trail of the company whose sender it is; the platform's own has none."""
    sender: WhatsAppSender = template.sender
    company: Company | None = sender.company
    if company is not None:
        audit.record(company, AuditAction.TEMPLATE_CHANGED, by=by, words=words % {"language": template.language})
