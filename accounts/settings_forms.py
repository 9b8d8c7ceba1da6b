"""Forms of Settings / Admin: what an action refuses comes back as the same form, with its reason."""

from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _


class Refused(Exception):
    """What was asked for can't be done; the sentence is for the field named, or for the form as a whole."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


class SettingsForm(forms.ModelForm):
    """Everything typed stays, each error is tied to its field, and the first one has the focus."""

    refusal: ClassVar[Refused | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill this in.")
            plain = isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect)
            if not plain:
                field.widget.attrs.setdefault("class", "input")

    @property
    def errors(self) -> ErrorDict:
        """Also moves the focus to the first field that is wrong."""
        errors = super().errors
        first = next((name for name in self.fields if name in errors), None)
        if first is not None:
            self.fields[first].widget.attrs["autofocus"] = True
        return errors

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            self.add_error(self.refusal.field, self.refusal.sentence)
        return cleaned
