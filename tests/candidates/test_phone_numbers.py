"""Which numbers are accepted, as what, and what a refusal says (P1, P2)."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.phone_numbers import (
    OFFERED,
    BadNumber,
    PhoneNumber,
    Reason,
    country_name,
    country_of,
    display,
    example,
    is_e164,
    parse,
)

TABLE = [
    ("+1 415 123 4567", "US", "+14151234567"),
    ("+1 613 555 0160", "CA", "+16135550160"),
    ("+44 1632 960947", "GB", "+441632960947"),
    ("+33 93 376 1346", "FR", "+33933761346"),
    ("+49 30 123487007", "DE", "+4930123487007"),
    ("+43 6 1234 5678", "AT", "+43612345678"),
    ("+43 1 2345 6789", "AT", "+43123456789"),
    ("+31 6 1234 5678", "NL", "+31612345678"),
    ("+46 7 1334 8475", "SE", "+46713348475"),
    ("+61 2 1234 5637", "AU", "+61212345637"),
]
BLANKS = [" ", "  ", "\t", "\u00a0", "\u2009", "\u202f", "\u3000"]
DASHES = ["-", "\u2010", "\u2011", "\u2012", "–", "—", "\u2212"]
UNSEEN = ["\u200b", "\u202d", "\u202c", "\u2060", "\u00ad", "\ufeff"]


def refusal(typed: str, *, home_country: str | None = None) -> BadNumber:
    with pytest.raises(BadNumber) as caught:
        parse(typed, home_country=home_country)
    return caught.value


# --- accepted -----------------------------------------------------------------------------------


@pytest.mark.requirement("P2", "Q9")
@pytest.mark.parametrize(("typed", "country", "e164"), TABLE)
def test_each_number_of_the_source_is_accepted_as_typed(typed: str, country: str, e164: str) -> None:
    assert parse(typed) == PhoneNumber(e164=e164, country=country, typed=typed)


@pytest.mark.requirement("P1")
@given(data=st.data(), row=st.sampled_from(TABLE))
def test_blanks_dashes_and_parentheses_may_stand_anywhere(data: st.DataObject, row: tuple[str, str, str]) -> None:
    typed, country, e164 = row
    separators = st.lists(st.sampled_from([*BLANKS, *DASHES, *UNSEEN, "(", ")"]), max_size=3).map("".join)
    decorated = "".join(data.draw(separators) + c for c in typed) + data.draw(separators)
    number = parse(decorated)
    assert (number.e164, number.country, number.typed) == (e164, country, decorated)


@pytest.mark.requirement("P1")
@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("+44 (0)7700 900100", "+447700900100"),
        ("+44 07700 900100", "+447700900100"),
        ("+46 (0)70-174 06 21", "+46701740621"),
        ("(+49) 30 123487007", "+4930123487007"),
        ("+39 06 123 4567", "+39061234567"),  # in Italy the zero is no trunk zero and stays
        ("+1 (415) 123-4567", "+14151234567"),
    ],
)
def test_the_zero_that_is_dialled_at_home_only_is_dropped(typed: str, e164: str) -> None:
    assert parse(typed).e164 == e164


@pytest.mark.requirement("P2")
@pytest.mark.parametrize(
    ("e164", "country"),
    [
        ("+14151234567", "US"),  # only possible: no exchange begins with 1
        ("+16131234567", "CA"),
        ("+16041234567", "CA"),
        ("+18761234567", "JM"),
        ("+19991234567", "US"),  # nobody's area code: the calling code's first country
        ("+441481960000", "GG"),
        ("+77012345678", "KZ"),
        ("+390669812345", "VA"),
        ("+80012345678", ""),
        ("+883510012345678", ""),
        ("+99912345678", ""),
        ("32665", ""),
        ("SUPPORT", ""),
        ("", ""),
    ],
)
def test_the_country_comes_from_the_number_else_from_its_code(e164: str, country: str) -> None:
    assert country_of(e164) == country


@pytest.mark.requirement("P2")
@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_every_country_has_a_name_and_an_example_that_we_accept_ourselves(region: str) -> None:
    assert country_name(region) not in ("", region, "another country")
    assert parse(example(region)).country != ""


def test_a_region_that_is_none_has_a_name_and_an_example_too() -> None:
    assert country_name("") == "another country"
    assert example("") == example("US")
    assert country_name("GB") == "Great Britain"
    assert (country_name("CH"), country_name("XK")) == ("Switzerland", "Kosovo")


# --- refused ------------------------------------------------------------------------------------


@pytest.mark.requirement("P1")
@pytest.mark.parametrize(
    ("typed", "reason", "character"),
    [
        ("+46 70 174 O6 21", Reason.LETTER, "O"),
        ("tel:+46 70 174 06 21", Reason.LETTER, "t"),
        ("+1 415 123 4567 x12", Reason.LETTER, "x"),
        ("+49 30 é", Reason.LETTER, "é"),
        ("030/123487007", Reason.SYMBOL, "/"),
        ("+49.30.123487007", Reason.SYMBOL, "."),
        ("+1 415 123 4567, home", Reason.SYMBOL, ","),
        ("+1 415 123 #4567", Reason.SYMBOL, "#"),
        ("＋1 415 123 4567", Reason.SYMBOL, "＋"),
        ("+1 415 123 456７", Reason.SYMBOL, "７"),
        ("+1 415 123 456٣", Reason.SYMBOL, "٣"),
        ("+1 415 123 4567\x00", Reason.HIDDEN, ""),
        ("+1\ufe0f 415 123 4567", Reason.HIDDEN, ""),
        ("+1 415 123 4567 +1 613 555 0160", Reason.PLUS_INSIDE, ""),
        ("++1 415 123 4567", Reason.PLUS_INSIDE, ""),
        ("415 123 4567", Reason.MISSING_CODE, ""),
        ("49 30 123487007", Reason.MISSING_CODE, ""),
        ("00 49 30 123487007", Reason.MISSING_CODE, ""),
        ("", Reason.MISSING_CODE, ""),
        ("  ", Reason.MISSING_CODE, ""),
        ("+999 123 456 789", Reason.UNKNOWN_CODE, ""),
        ("+0 415 123 4567", Reason.UNKNOWN_CODE, ""),
        ("+", Reason.TOO_FEW_DIGITS, ""),
        ("+1", Reason.TOO_FEW_DIGITS, ""),
        ("+44 12", Reason.TOO_FEW_DIGITS, ""),
        ("+1 123 4567", Reason.TOO_FEW_DIGITS, ""),
        ("+43 1234", Reason.TOO_FEW_DIGITS, ""),  # possible for phonenumbers, too short for the carrier
        ("+1 415 123 45678", Reason.TOO_MANY_DIGITS, ""),
        ("+49 30 12345678901234", Reason.TOO_MANY_DIGITS, ""),  # possible for phonenumbers, 18 digits
        ("+386 00 000 000", Reason.TOO_MANY_DIGITS, ""),  # one trunk zero may be there, not two
        ("+1" + "2" * 500, Reason.TOO_MANY_DIGITS, ""),
        ("+65 812 345 678", Reason.WRONG_COUNT, ""),  # Singapore has 8, 10 and 11
    ],
)
def test_what_is_refused_and_why(typed: str, reason: Reason, character: str) -> None:
    refused = refusal(typed)
    assert (refused.reason, refused.character) == (reason, character)


@pytest.mark.requirement("P1")
@pytest.mark.parametrize(("typed", "country", "e164"), TABLE)
def test_one_digit_fewer_than_e164_allows_or_one_more_is_refused(typed: str, country: str, e164: str) -> None:
    assert refusal(e164[:5]).reason == Reason.TOO_FEW_DIGITS
    assert refusal(e164.ljust(17, "0")).reason == Reason.TOO_MANY_DIGITS


@pytest.mark.requirement("P1")
@pytest.mark.parametrize(
    ("typed", "home", "country"),
    [
        ("+46 70 174 O6 21", "DE", "SE"),  # the code that was typed wins
        ("+1 613 555 O160", None, "CA"),
        ("+1 415 555 O160", None, "US"),
        ("+1 415 123 45678", None, "US"),
        ("0049 30 123487007", "SE", "DE"),
        ("tel:+33 93 376 1346", None, "FR"),
        ("+421 9/12", None, "SK"),
        ("030 123487007", "DE", "DE"),
        ("030 123487007", None, "US"),
        ("+999 123", "AT", "AT"),
        ("+800 1234", "AT", "AT"),
        ("030 123487007", "nowhere", "US"),
        ("", "SE", "SE"),
    ],
)
def test_the_example_is_from_the_country_that_was_meant(typed: str, home: str | None, country: str) -> None:
    refused = refusal(typed, home_country=home)
    assert refused.country == country
    assert example(country) in refused.sentence()
    assert example(country) in refused.sentence_on_record()
    assert country_name(country) in refused.sentence()


@pytest.mark.requirement("P1")
@pytest.mark.parametrize("country", list(OFFERED))
def test_the_nine_examples_are_those_of_the_table(country: str) -> None:
    assert example(country) in refusal("123", home_country=country).sentence()
    assert example(country) in [typed for typed, of, _ in TABLE if of == country]


@pytest.mark.requirement("P1")
def test_the_words_at_entry() -> None:
    assert refusal("030 123487007", home_country="DE").sentence() == (
        "The international code is missing. For Germany, write it like +49 30 123487007."
    )
    assert refusal("0049 30 123487007").sentence() == (
        "The international code is missing: it begins with “+”, not with “00”. "
        "For Germany, write it like +49 30 123487007."
    )
    assert refusal("+46 70 174 O6 21").sentence() == (
        "The number contains the letter “O”. "
        "Write the international code first, then digits, for example +46 7 1334 8475 (Sweden)."
    )


@pytest.mark.requirement("P1")
@pytest.mark.parametrize(
    ("typed", "flaw"),
    [
        (" +46 70 174 O6 21", "+46 70 174 O6 21 contains the letter “O”."),
        ("+46 70/174", "+46 70/174 contains “/”."),
        ("+46 7", "+46 7 has too few digits."),
        ("+46 70 174 06 21 99 99", "+46 70 174 06 21 99 99 has too many digits."),
        ("+46 +70", "+46 +70 has a “+” after its beginning."),
        ("0046 70", "0046 70 has no international code."),
        ("+46{number} {", "+46{number} { contains “{”."),
    ],
)
def test_the_words_on_the_record(typed: str, flaw: str) -> None:
    help_ = "Write the international code first, then digits, for example +46 7 1334 8475 (Sweden)."
    assert refusal(typed).sentence_on_record() == f"{flaw} {help_}"


def test_a_refusal_may_be_logged_because_its_text_has_no_number() -> None:
    assert str(refusal("+46 70 174 O6 21")) == "letter"


# --- whatever comes -----------------------------------------------------------------------------


def _digits_like(region: str) -> st.SearchStrategy[str]:
    """A calling code and as many digits behind it as that country has, now and then one more or fewer."""
    like = example(region).replace(" ", "")
    code = f"+{phonenumbers.country_code_for_region(region)}"
    length = len(like) - len(code)
    return st.text("0123456789", min_size=length - 1, max_size=length + 1).map(lambda digits: code + digits)


ANYWHERE = st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)).flatmap(_digits_like)


def read(typed: str) -> PhoneNumber | BadNumber:
    try:
        return parse(typed)
    except BadNumber as refused:
        return refused


@pytest.mark.requirement("P1")
@given(st.text() | st.from_regex(r"\+?[0-9 ()-]{0,20}", fullmatch=True) | ANYWHERE)
def test_any_text_is_a_number_or_a_refusal_with_its_sentences(typed: str) -> None:
    match read(typed):
        case PhoneNumber(e164=e164, country=country):
            assert is_e164(e164)
            assert country == country_of(e164)
        case BadNumber() as refused:
            assert refused.sentence().endswith(".")
            assert refused.sentence_on_record().startswith(typed.strip())


@pytest.mark.requirement("P1")
@given(ANYWHERE)
def test_what_was_accepted_reads_the_same_again_from_the_database_and_from_the_page(typed: str) -> None:
    match read(typed):
        case PhoneNumber(e164=e164):
            assert parse(e164).e164 == e164
            assert parse(display(e164)).e164 == e164


@given(st.text())
def test_display_and_country_take_any_address(address: str) -> None:
    assert display(address) == address or is_e164(address)
    assert country_of(address) == "" or is_e164(address)


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+14151234567", "+1 415 123 4567"),
        ("+46713348475", "+46 71 334 84 75"),
        ("+99912345678", "+99912345678"),
        ("32665", "32665"),
        ("AMZN", "AMZN"),
    ],
)
def test_a_number_is_shown_with_spaces_and_a_word_as_it_is(e164: str, shown: str) -> None:
    assert display(e164) == shown


@pytest.mark.parametrize(
    ("address", "yes"),
    [
        ("+14151234567", True),
        ("+1234567", True),
        ("+123456789012345", True),
        ("+123456", False),
        ("+1234567890123456", False),
        ("+0151234567", False),
        ("14151234567", False),
        ("+1 4151234567", False),
        ("+14151234567\n", False),
        ("+1415123456٣", False),
        ("whatsapp:+14151234567", False),
        ("32665", False),
        ("SUPPORT", False),
        ("", False),
    ],
)
def test_an_address_of_the_provider_is_a_phone_number_or_not(address: str, yes: bool) -> None:
    """Lesson 23: a text from a short code or a word is kept, and is never parsed."""
    assert is_e164(address) is yes
