"""Phone numbers: read once at the edge, kept as E.164, shown with spaces (P1, P2).

A number is accepted when it is *possible*: the calling code exists and the count of digits fits it. We don't
ask whether it is *valid*, in service or a mobile; only the carrier knows, and several of the source's own
examples are not valid.

Sources: P1, P2, Q9; lessons 22 and 23; ITU-T E.164 (at most 15 digits); metadata of libphonenumber.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import phonenumbers
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

OFFERED = {  # Q9; the names and examples are the source's own table
    "US": (_("United States"), "+1 415 123 4567"),
    "CA": (_("Canada"), "+1 613 555 0160"),
    "GB": (_("Great Britain"), "+44 1632 960947"),
    "FR": (_("France"), "+33 93 376 1346"),
    "DE": (_("Germany"), "+49 30 123487007"),
    "AT": (_("Austria"), "+43 6 1234 5678"),
    "NL": (_("Netherlands"), "+31 6 1234 5678"),
    "SE": (_("Sweden"), "+46 7 1334 8475"),
    "AU": (_("Australia"), "+61 2 1234 5637"),
}
ANYWHERE = "US"  # whose example we show when nothing says where the number is from
NOT_IN_ISO_3166 = {"AC": _("Ascension Island"), "TA": _("Tristan da Cunha"), "XK": _("Kosovo")}

# Contact apps copy these along with a number: soft hyphen, zero-width characters, marks of writing direction.
UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
MINUS_SIGN = "\u2212"  # typed as a dash, but Unicode calls it mathematics


class Reason(models.TextChoices):
    """Why a number was refused; each label is the sentence, with its blanks to fill."""

    LETTER = "letter", _("{number} contains the letter “{character}”.")
    SYMBOL = "symbol", _("{number} contains “{character}”.")
    HIDDEN = "hidden", _("{number} contains a hidden character.")
    PLUS_INSIDE = "plus_inside", _("{number} has a “+” after its beginning.")
    MISSING_CODE = "missing_code", _("{number} has no international code.")
    UNKNOWN_CODE = "unknown_code", _("{number} has an international code that doesn't exist.")
    TOO_FEW_DIGITS = "too_few_digits", _("{number} has too few digits.")
    TOO_MANY_DIGITS = "too_many_digits", _("{number} has too many digits.")
    WRONG_COUNT = "wrong_count", _("{number} has the wrong number of digits.")


WRONG_LENGTHS = {
    ValidationResult.TOO_SHORT: Reason.TOO_FEW_DIGITS,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: Reason.TOO_FEW_DIGITS,  # the area code was left out
    ValidationResult.TOO_LONG: Reason.TOO_MANY_DIGITS,
    ValidationResult.INVALID_LENGTH: Reason.WRONG_COUNT,  # between two lengths of that country
    ValidationResult.INVALID_COUNTRY_CODE: Reason.UNKNOWN_CODE,
}
UNREADABLE = {
    NumberParseException.INVALID_COUNTRY_CODE: Reason.UNKNOWN_CODE,
    NumberParseException.TOO_LONG: Reason.TOO_MANY_DIGITS,
}  # everything else that can't be read after our own checks is too short


@dataclass(frozen=True)
class PhoneNumber:
    """A number that was accepted: `e164` to compare and send to, `typed` to show what was written.

    `country` is ISO 3166 (two capitals; XK for Kosovo), or empty for a number of no country, such as +800.
    """

    e164: str
    country: str
    typed: str


class BadNumber(ValueError):
    """A number that can't receive texts, with the sentences that say why and show how it's done.

    The exception's own text holds the reason and never the number, so that it may go to a log.
    """

    def __init__(self, typed: str, *, reason: Reason, country: str, character: str = "") -> None:
        super().__init__(reason.value)
        self.typed, self.reason, self.country, self.character = typed, reason, country, character

    @property
    def example(self) -> str:
        return example(self.country)

    def sentence(self) -> str:
        """For the form in which it was typed: the number stands right above, so it isn't repeated."""
        if self.reason is Reason.MISSING_CODE:
            return self._missing_code()
        return self._says(gettext("The number"))

    def sentence_on_record(self) -> str:
        """For the record that got the number by import: begins with the number as it was written."""
        return self._says(self.typed.strip())

    def _missing_code(self) -> str:
        if _bare(self.typed).startswith("00"):
            flaw = gettext("The international code is missing: it begins with “+”, not with “00”.")
        else:
            flaw = gettext("The international code is missing.")
        advice = gettext("For {country}, write it like {example}.")
        return f"{flaw} {advice.format(country=country_name(self.country), example=self.example)}"

    def _says(self, number: str) -> str:
        flaw = str(self.reason.label).format(number=number, character=self.character)
        advice = gettext("Write the international code first, then digits, for example {example} ({country}).")
        return f"{flaw} {advice.format(country=country_name(self.country), example=self.example)}"


@dataclass(frozen=True)
class _Flaw:
    reason: Reason
    character: str = ""


def parse(typed: str, *, home_country: str | None = None) -> PhoneNumber:
    """Read a number as a person wrote it, or raise BadNumber.

    Spaces, dashes and parentheses may stand anywhere. A trunk zero behind the country's code is dropped as
    phonenumbers does it: "+44 (0)7700 900100" is +447700900100. "00" doesn't stand for "+": a guess can reach
    a stranger in another country (lesson 22). `home_country` (ISO, of the company or the job) only chooses
    the example for a number without a code; it never completes a number. Source: P1, P2.
    """
    bare = _bare(typed)
    found = _flaw_in_writing(bare) or _e164(bare)
    if isinstance(found, _Flaw):
        country = _country_meant(bare, home_country)
        raise BadNumber(typed, reason=found.reason, country=country, character=found.character)
    return PhoneNumber(e164=found, country=country_of(found), typed=typed)


def is_e164(text: str) -> bool:
    """Whether an address is a phone number: a text may also come from a short code or a word (lesson 23)."""
    return re.fullmatch(r"\+[1-9][0-9]{6,14}", text) is not None


def display(e164: str) -> str:
    """International format with spaces, "+46 71 334 84 75"; what is not E.164 comes back as it is."""
    number = _known(e164)
    if number is None:
        return e164
    grouped = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    # The United States have dashes there, New Caledonia has dots, which P1 refuses
    return re.sub(r"[^+0-9]+", " ", grouped)


def country_of(e164: str) -> str:
    """ISO code of the number's country, or empty where there is none: short codes, words, +800, +883.

    Numbers that are only possible may have no region for phonenumbers; then the calling code speaks, and for
    +1 the area code, because the United States share it with Canada and the Caribbean (P2).
    """
    number = _known(e164)
    if number is None:
        return ""
    region = phonenumbers.region_code_for_number(number)
    if region is None and number.country_code == 1:
        region = _country_of_area_code(str(number.national_number)[:3])
    if region is None:
        region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return region if region in phonenumbers.SUPPORTED_REGIONS else ""


def country_name(region: str) -> str:
    """In the reader's language if translated, else English; "another country" for a number of no country."""
    if region in OFFERED:
        return str(OFFERED[region][0])
    if region in NOT_IN_ISO_3166:
        return str(NOT_IN_ISO_3166[region])
    return gettext(_names().get(region, "another country"))


def example(region: str) -> str:
    """A number to imitate: the source's own for the countries that we offer, else a mobile of the country."""
    if region in OFFERED:
        return OFFERED[region][1]
    number = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    if number is None:
        return OFFERED[ANYWHERE][1]
    return display(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _bare(typed: str) -> str:
    """The same without what P1 permits between digits: any kind of blank or dash, and parentheses."""
    return "".join(c for c in UNSEEN.sub("", typed) if not _is_separator(c))


def _is_separator(character: str) -> bool:
    return character.isspace() or character in "()" + MINUS_SIGN or unicodedata.category(character) == "Pd"


def _flaw_in_writing(bare: str) -> _Flaw | None:
    """The first character that doesn't belong there, and whether the code comes first."""
    for character in bare:
        if character not in "+0123456789":  # other scripts' digits too: the reader must recognize what she checks
            return _flaw_of(character)
    if not bare.startswith("+"):
        return _Flaw(Reason.MISSING_CODE)
    if "+" in bare[1:]:
        return _Flaw(Reason.PLUS_INSIDE)
    return None


def _flaw_of(character: str) -> _Flaw:
    if character.isalpha():
        return _Flaw(Reason.LETTER, character)
    shows_nothing_alone = unicodedata.category(character).startswith("M")  # accents, the frame of an emoji digit
    if shows_nothing_alone or not character.isprintable():
        return _Flaw(Reason.HIDDEN)
    return _Flaw(Reason.SYMBOL, character)


def _e164(bare: str) -> str | _Flaw:
    """Count the digits. `bare` is a plus and ASCII digits."""
    try:
        number = phonenumbers.parse(bare)
    except NumberParseException as error:
        return _Flaw(UNREADABLE.get(error.error_type, Reason.TOO_FEW_DIGITS))
    length = phonenumbers.is_possible_number_with_reason(number)
    if length != ValidationResult.IS_POSSIBLE:
        return _Flaw(WRONG_LENGTHS[length])
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if is_e164(e164):
        # One trunk zero is dropped. A second one would be dropped at the next reading, and the number change
        return e164 if phonenumbers.parse(e164) == number else _Flaw(Reason.TOO_MANY_DIGITS)
    # phonenumbers thinks 17 digits possible in Germany and 6 in Austria; E.164 and the carrier don't
    return _Flaw(Reason.TOO_MANY_DIGITS if len(e164) > len("+") + 15 else Reason.TOO_FEW_DIGITS)


def _known(e164: str) -> phonenumbers.PhoneNumber | None:
    if not is_e164(e164):
        return None
    try:
        return phonenumbers.parse(e164)
    except NumberParseException:
        return None


def _country_meant(bare: str, home_country: str | None) -> str:
    """The country whose example helps: by the calling code if one can be seen, else home, else anywhere."""
    digits = re.search(r"(?:^00|\+)([1-9][0-9]{0,3})", bare)
    if digits:
        region = _country_of_calling_code(digits[1])
        if region in phonenumbers.SUPPORTED_REGIONS:
            return region
    return home_country if home_country in phonenumbers.SUPPORTED_REGIONS else ANYWHERE


def _country_of_calling_code(digits: str) -> str:
    """`digits`: the first one to four of the number. Empty if no calling code begins so."""
    if digits.startswith("1"):
        return _country_of_area_code(digits[1:]) or ANYWHERE
    codes = (int(digits[:length]) for length in (2, 3))  # no calling code is the beginning of another one
    known = (code for code in codes if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    code = next(known, None)
    return phonenumbers.region_code_for_country_code(code) if code else ""


def _country_of_area_code(area: str) -> str | None:
    """Country of a +1 area code, for example CA of 613; None if nobody has it.

    phonenumbers publishes no table of them, but knows the region of a number that is valid there.
    """
    if not re.fullmatch(r"[2-9][0-9]{2}", area):
        return None
    valid_anywhere = "2345678"
    return phonenumbers.region_code_for_number(phonenumbers.parse(f"+1{area}{valid_anywhere}"))


@cache
def _names() -> dict[str, str]:
    """English names from the tz database. phonenumbers.geocoder has them too, but costs 98 MB a process."""
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))


def flaw_of(typed: str) -> str:
    """Why a number on a record can't be used, as its page says it (P1)."""
    try:
        parse(typed)
    except BadNumber as bad:
        return bad.sentence_on_record()
    return gettext("Save it again to use it.")
