"""The field for an invitation's words, with what WhatsApp would refuse said beside it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from channels_whatsapp import rules

FLAWS = {
    "line break": _("Write it on one line, with single blanks: WhatsApp takes no line breaks."),
    "brace": _("A brace has no partner. Write {company} and {about}, each in its two braces."),
    "unknown place": _("Only {company} and {about} can be filled in."),
    "missing place": _("Name both {company} and {about}: the person must know who writes, and why."),
    "edge": _("WhatsApp takes no words that begin or end with {company} or {about}. Put a word there."),
    "adjacent": _("Put a word between {company} and {about}: WhatsApp takes no two places side by side."),
    "too long": _("Too long: with both places filled in WhatsApp takes 1024 characters."),
}


class WordsField(forms.CharField):
    widget = forms.Textarea

    def clean(self, value: Any) -> str:
        words: str = super().clean(value)
        try:
            rules.check_words(words)
        except rules.Flaw as flaw:
            raise ValidationError(FLAWS[flaw.key]) from flaw
        return words
