"""The public forms: what a person types, the boxes beside it, and what is said where something is missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from candidates import phone_numbers
from candidates.models import ConsentText, Cv, Purpose
from candidates.phone_numbers import PhoneNumber
from candidates.public import consent_texts, cvs
from candidates.public.consent_texts import Box
from candidates.public.submissions import Filled

REWORDED = _("These words have changed since you opened the form. Please read them again.")
POLICY = re.compile(r"privacy policy", re.IGNORECASE)


@dataclass(frozen=True)
class ShownBox:
    """A box with what is wrong with it. `policy`: the words in its label that lead to the privacy policy."""

    box: Box
    errors: list[str]
    before: str
    policy: str
    after: str

    @property
    def id(self) -> str:
        return f"id_{self.box.name}"


class BoxesForm(forms.Form):
    """The number and the consent boxes, which every public form has."""

    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)

    def __init__(
        self, data: Mapping[str, Any] | None, *, company: Company, language: str, now: datetime, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.company, self.language = company, language
        self.number: PhoneNumber | None = None
        self.boxes: list[Box] = []
        self.reworded: set[str] = set()
        for purpose in consent_texts.purposes_of(company):
            self._add_box(purpose, data or {}, now)

    def _add_box(self, purpose: Purpose, data: Mapping[str, Any], now: datetime) -> None:
        """The words that she saw stay beside the box; where they are too old, the new ones, not ticked."""
        box = Box(purpose, consent_texts.current(self.company, purpose, self.language))
        seen = consent_texts.believed(self.company, purpose, str(data.get(box.text_name, "")), now=now)
        if seen:
            box = Box(purpose, seen, is_ticked=bool(data.get(box.name)))
        elif data.get(box.name):
            self.reworded.add(box.name)
        self.boxes.append(box)
        self.fields[box.name] = forms.BooleanField(label=box.label, required=False)

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed:
            try:
                self.number = phone_numbers.parse(typed, home_country=self.company.country)
            except phone_numbers.BadNumber as bad:
                raise ValidationError(bad.sentence()) from bad
        return typed

    def clean(self) -> None:
        for box in self.boxes:
            if box.name in self.reworded:
                self.add_error(box.name, REWORDED)
            elif box.is_needed and not box.is_ticked:
                self.add_error(box.name, _("Please tick this box. Without it the form can't be taken."))
        wants_texts = any(box.is_ticked and box.gives_channel and not box.is_needed for box in self.boxes)
        if wants_texts and "phone" not in self.errors and not self.number:
            self.add_error("phone", _("To text you we need your number. Add it, or clear the boxes for texts."))

    def example(self) -> str:
        """A number as the company's country writes it."""
        return phone_numbers.example(self.company.country)

    def agreed(self) -> list[ConsentText]:
        return [box.text for box in self.boxes if box.is_ticked]

    def channel_boxes(self) -> list[ShownBox]:
        """The boxes that are a free choice."""
        return [self._shown(box) for box in self.boxes if not box.is_needed]

    def needed_boxes(self) -> list[ShownBox]:
        return [self._shown(box) for box in self.boxes if box.is_needed]

    def is_single(self) -> bool:
        """One box for everything: who wants no texts leaves the number out (O1)."""
        return any(box.purpose == Purpose.SINGLE for box in self.boxes)

    def problems(self) -> list[tuple[str, str, str]]:
        """For the summary above the form: id of the field, its name, and the sentence."""
        return [
            (str(self[name].id_for_label), str(self[name].label).split(".")[0], str(error))
            for name in self.fields
            for error in self.errors.get(name, [])
        ]

    def _shown(self, box: Box) -> ShownBox:
        found = POLICY.search(box.label) if self.company.privacy_policy_url else None
        start, end = found.span() if found else (len(box.label), len(box.label))
        errors = [str(error) for error in self.errors.get(box.name, [])]
        return ShownBox(box, errors, box.label[:start], box.label[start:end], box.label[end:])


class PersonForm(BoxesForm):
    """Who joins a community, or applies: name and email besides."""

    name = forms.CharField(label=_("Name"), max_length=120, error_messages={"required": _("Please write your name.")})
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        error_messages={
            "required": _("Please write your email address: the answer comes there."),
            "invalid": _("This is not an email address. It looks like anna@example.com."),
        },
    )
    cv_kept: Cv | None = None
    field_order = ("name", "email", "phone", "cv")

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def filled(self, *, ip: str | None, form_id: UUID | None) -> Filled:
        return Filled(
            name=self.cleaned_data["name"],
            email=self.cleaned_data["email"],
            phone=self.number,
            agreed=self.agreed(),
            ip=ip,
            language=self.language,
            form_id=form_id,
            cv=self.cv_kept,
        )


class ApplicationForm(PersonForm):
    """With a CV. A file that is fine is kept even where something else isn't, so that it is chosen once only."""

    cv = forms.FileField(label=_("CV"), required=False, allow_empty_file=True)

    def __init__(self, data: Mapping[str, Any] | None, *, was_too_big: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        self.was_too_big = was_too_big
        if data and not data.get("cv_remove"):
            self.cv_kept = cvs.kept(self.company, str(data.get("cv_kept", "")))

    def clean_cv(self) -> None:
        upload: UploadedFile[bytes] | None = self.cleaned_data["cv"]
        if self.was_too_big:
            raise ValidationError(_("This file is bigger than 5 MB. Choose a smaller one, or apply without."))
        if upload is None:
            return
        try:
            self.cv_kept = cvs.keep(self.company, upload)
        except cvs.NotACv as problem:
            sentence = _("We can't open this file. Choose a PDF, DOC, DOCX, ODT, RTF or TXT file, or apply without.")
            raise ValidationError(sentence) from problem

    def cv_reference(self) -> str:
        return cvs.reference(self.cv_kept) if self.cv_kept else ""


class AgreeForm(BoxesForm):
    """Who came by a consent link: there is nothing to do here but to agree to something."""

    def clean(self) -> None:
        super().clean()
        wants_texts = any(box.is_ticked and box.gives_channel for box in self.boxes)
        free = [box for box in self.boxes if box.gives_channel and not box.is_needed]
        if free and not wants_texts:
            self.add_error(free[0].name, _("Tick what you agree to. If it is nothing, simply close this page."))
        if "phone" not in self.errors and not self.number and self.is_single():
            self.add_error("phone", _("To text you we need your number."))

    def filled(self, *, ip: str | None, email: str) -> Filled:
        return Filled(name="", email=email, phone=self.number, agreed=self.agreed(), ip=ip, language=self.language)
