"""The words beside a consent box: versioned, never changed, in the languages of the company's forms (O1, O2, O11)."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditAction, Company, ConsentStyle, User
from candidates.models import ConsentText, Purpose

DEFAULTS = {  # what a company's first version says, until its admin publishes another one
    Purpose.SINGLE: (
        "I agree to the privacy policy, and to receive text messages (SMS) from {company} about my application at the "
        "number above. Message and data rates may apply. Reply STOP to end texts at any time."
    ),
    Purpose.PRIVACY: "I have read the privacy policy and agree to it.",
    Purpose.SMS: (
        "I agree to receive text messages (SMS) from {company} about my application. "
        "Message and data rates may apply. Reply STOP to end them."
    ),
    Purpose.WHATSAPP: (
        "I agree to receive WhatsApp messages from {company} about my application. "
        "Reply STOP, or use “Block Business” in WhatsApp, to end them."
    ),
}


def purposes_of(company: Company) -> list[Purpose]:
    """The boxes that the company's forms show, in their order (O1, O2, F4).

    A single box asks for SMS only; it never gives WhatsApp consent. A channel that the company hasn't got isn't
    asked for.
    """
    channels = company.texting_channels()
    if company.consent_style == ConsentStyle.SINGLE:
        return [Purpose.SINGLE] if "sms" in channels else [Purpose.PRIVACY]
    boxes = {"sms": Purpose.SMS, "whatsapp": Purpose.WHATSAPP}
    return [*(boxes[key] for key in channels), Purpose.PRIVACY]


def current(company: Company, purpose: Purpose, language: str) -> ConsentText:
    """The newest words in that language, else in the first language of the company that has any.

    A company that never published a text has the platform's, as its version 1, in English.
    """
    newest = ConsentText.objects.filter(company=company, purpose=purpose).order_by("-version")
    for wanted in (language, *company.languages):
        if text := newest.filter(language=wanted).first():
            return text
    words = DEFAULTS[purpose].format(company=company.name)
    text, _made = ConsentText.objects.get_or_create(
        company=company, purpose=purpose, language=settings.LANGUAGE_CODE, version=1, defaults={"words": words}
    )
    return text


@transaction.atomic
def publish(company: Company, purpose: Purpose, language: str, words: str, *, by: User) -> ConsentText:
    """Put new words beside a box, from now on; what people agreed to before stays as they read it."""
    Company.objects.select_for_update().get(pk=company.pk)
    if not ConsentText.objects.filter(company=company, purpose=purpose).exists():
        current(company, purpose, language)  # the platform's words were version 1
    newest = ConsentText.objects.filter(company=company, purpose=purpose, language=language).first()
    version = newest.version + 1 if newest else 1
    text = ConsentText.objects.create(
        company=company, purpose=purpose, language=language, version=version, words=words, published_by=by
    )
    about = _("%(box)s, %(language)s, version %(version)s") % {
        "box": purpose.label,
        "language": language,
        "version": version,
    }
    audit.record(company, AuditAction.CONSENT_TEXT, by=by, words=about)
    return text
