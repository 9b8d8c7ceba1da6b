"""The words beside a consent box: versioned, never changed, in the languages of the company's forms (O1, O2, O11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditAction, Company, ConsentStyle, User
from candidates.models import ConsentText, Purpose

STILL_BELIEVED = timedelta(days=1)  # how long a form may lie open while new words are published
CHANNELS = {Purpose.SINGLE: "sms", Purpose.SMS: "sms", Purpose.WHATSAPP: "whatsapp"}  # O2: one box, never WhatsApp
NEEDED = {Purpose.SINGLE, Purpose.PRIVACY}  # without these a form isn't taken

DEFAULTS = {  # what a company's first version says, until its admin publishes another one
    Purpose.SINGLE: (
        "I agree to the privacy policy, and to receive text messages (SMS) from {company} about my application or "
        "other jobs there, at the number above.\nMessage and data rates may apply. Reply STOP to end texts at any time."
    ),
    Purpose.PRIVACY: "I have read the privacy policy and agree to it.",
    Purpose.SMS: (
        "I agree to receive text messages (SMS) from {company} about my application or other jobs there.\n"
        "Message and data rates may apply. Reply STOP to end them."
    ),
    Purpose.WHATSAPP: (
        "I agree to receive WhatsApp messages from {company} about my application or other jobs there.\n"
        "Reply STOP, or use “Block Business” in WhatsApp, to end them."
    ),
}


@dataclass(frozen=True)
class Box:
    """A box as a form shows it. The first line of its words is the label; further lines stand smaller beneath."""

    purpose: Purpose
    text: ConsentText
    is_ticked: bool = False

    @property
    def name(self) -> str:
        """Of its check box; the version that was shown goes back beside it, as `text_…`."""
        return f"agree_{self.purpose.value}"

    @property
    def text_name(self) -> str:
        return f"text_{self.purpose.value}"

    @property
    def is_needed(self) -> bool:
        return self.purpose in NEEDED

    @property
    def gives_channel(self) -> bool:
        return self.purpose in CHANNELS

    @property
    def label(self) -> str:
        return self.text.words.split("\n", 1)[0]

    @property
    def small(self) -> str:
        return self.text.words.partition("\n")[2]


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


def channels_agreed(texts: Iterable[ConsentText]) -> dict[str, ConsentText]:
    """The channels that ticked boxes give, each with the words that gave it, in the order of locking (O1, O2)."""
    given = {CHANNELS[Purpose(text.purpose)]: text for text in texts if text.purpose in CHANNELS}
    return dict(sorted(given.items()))


def current(company: Company, purpose: Purpose, language: str) -> ConsentText:
    """The newest words in that language, else in the first language of the company that has any.

    A company that never published a text has the platform's, as its version 1, in English; under another name the
    company has another version of it.
    """
    text = _newest(company, purpose, language, until=timezone.now())
    words = DEFAULTS[purpose].format(company=company.name)
    if text and (text.published_by_id or text.words == words):
        return text
    text, _made = ConsentText.objects.get_or_create(
        company=company,
        purpose=purpose,
        language=settings.LANGUAGE_CODE,
        version=text.version + 1 if text else 1,
        defaults={"words": words},
    )
    return text


def believed(company: Company, purpose: Purpose, pk: str, *, now: datetime) -> ConsentText | None:
    """The version that a form says it showed, if this company's forms showed it within the last day; else None.

    So a person who was typing while new words were published has agreed to those that she saw.
    """
    if not (pk.isascii() and pk.isdigit() and len(pk) < 18):
        return None
    text = ConsentText.objects.filter(company=company, purpose=purpose, pk=int(pk)).first()
    if text is None or text.published_at >= now - STILL_BELIEVED:
        return text
    shown_since_yesterday = [
        _newest(company, purpose, language, until=until)
        for language in company.languages
        for until in (now - STILL_BELIEVED, now)
    ]
    return text if text in shown_since_yesterday else None


def _newest(company: Company, purpose: Purpose, language: str, *, until: datetime) -> ConsentText | None:
    """What `current` said at that time, of all that was ever published."""
    published = ConsentText.objects.filter(company=company, purpose=purpose, published_at__lte=until)
    for wanted in (language, *company.languages, settings.LANGUAGE_CODE):
        if text := published.filter(language=wanted).order_by("-version").first():
            return text
    return None


@transaction.atomic
def publish(company: Company, purpose: Purpose, language: str, words: str, *, by: User) -> ConsentText:
    """Put new words beside a box, from now on; what people agreed to before stays as they read it."""
    Company.objects.select_for_update().get(pk=company.pk)
    if not ConsentText.objects.filter(company=company, purpose=purpose).exists():
        current(company, purpose, language)  # the platform's words were version 1
    newest = ConsentText.objects.filter(company=company, purpose=purpose, language=language).first()
    version = newest.version + 1 if newest else 1
    text = ConsentText.objects.create(
        company=company,
        purpose=purpose,
        language=language,
        version=version,
        words="\n".join(words.splitlines()),
        published_by=by,
    )
    about = _("%(box)s, %(language)s, version %(version)s") % {
        "box": purpose.label,
        "language": language,
        "version": version,
    }
    audit.record(company, AuditAction.CONSENT_TEXT, by=by, words=about)
    return text
